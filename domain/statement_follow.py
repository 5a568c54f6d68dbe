"""Stage `statement`: what becomes of texts when a fact that they tell moves.

What belongs here: a new version of what is not out, a flag on what is. What never does: the words
of a correction (templates, drafted by the performer), or approving anything: a new version voids
what people approved, and says whose approvals those were.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from domain.agreed_places import as_agreed
from domain.canonical import sha256_hex
from domain.cases import CaseRegistered
from domain.dispatch import Act, Effect, causes, settles
from domain.enquiries import AgreedLineSet
from domain.errors import AndonError
from domain.fact_values import ValueKind, kept_of
from domain.facts import FactRecorded, all_facts
from domain.grading import SeverityAssessed
from domain.market_names import BETWEEN, are_markets, lists_of_markets
from domain.meetings import MeetingHeld
from domain.people import Role
from domain.publication import StatementPublished
from domain.recall_scope import ScopeSet
from domain.references import PRINTED, PRODUCTS, fact_in, in_a_line, is_marked, references
from domain.report import ReportReceived
from domain.state import Incident, Mark
from domain.state.statement import EDITABLE, Statement, Status
from domain.statement import Frame, StatementDrafted, TextDraft, drafted
from domain.statement_change import StatementFlagged, StatementRightAgain, is_about
from domain.statement_facts import LISTED, clock_of, quoted, with_names
from domain.statement_lookup import told_effect
from domain.statement_text import QuotedFact, Rendition
from domain.values import PublicText

SAID_AT_MOST: Final = 300
SAYS_SOMETHING: Final = 2
LISTED_AT_MOST: Final = 60
"""Entries of a row that a person may have typed as a list; of more the row itself is looked for."""

HANDED_IN: Final = (Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED)
"""Where a text has been handed in and is not out: written again it is a draft."""

AS_OF: Final = "as_of"
"""The variable of templates that says as of when a text stands."""


@settles(
    FactRecorded,
    AgreedLineSet,
    MeetingHeld,
    ReportReceived,
    CaseRegistered,
    SeverityAssessed,
    ScopeSet,
    StatementPublished,
)
def texts_follow_facts(incident: Incident, act: Act) -> tuple[Any, ...]:
    """Bring every text up to the facts of now; asked again until it is nothing.

    What is not out and refers to a fact, or to the agreed line, is written again; what is out and
    tells another value than the fact has now is flagged, once for each value. A text that told an
    earlier line said nothing wrong by that: it is not flagged, as for the company's lists.
    """
    return tuple(_following(incident, act))


def _following(incident: Incident, act: Act) -> Iterator[Any]:
    for text in incident.statement.statements.values():
        if text.status in EDITABLE and text.sources:
            yield from _rewritten(incident, act, text)
        elif text.status in (Status.PUBLISHED, Status.CORRECTED):
            yield from _flagged(incident, act, text)


# ---------------------------------------------------------------- what is not out


def _rewritten(incident: Incident, act: Act, text: Statement) -> Iterator[StatementDrafted]:
    """Write a text again with the facts of now, if that changes what a reader is told."""
    was = {fact.key: fact for fact in text.facts}
    now = {key: with_names(quoted(fact), was.get(key)) for key, fact in all_facts(incident).items()}
    stands = _listed_now(incident, text) | now
    moved = tuple(
        key
        for key in references(text.sources)
        if _printed(stands.get(key), text) != _printed(was.get(key), text)
    )
    if not moved:
        return
    listed = tuple(
        _as_of_now(fact, act)
        for fact in text.facts
        if fact.status == LISTED or fact.key == PRODUCTS
    )
    said = TextDraft(
        markets=text.markets,
        texts=text.sources,
        facts=tuple(key for key in text.told if key in now and now[key].status in PRINTED),
        preliminary=text.preliminary,
        medical=text.medical,
    )
    frame = Frame(text.id, text.version + 1, text.kind, text.about, text.relation)
    try:
        made = drafted(
            incident, replace(act, listed=listed, templates=text.templates), said, frame, text
        )
    except AndonError:
        return  # too long with its facts: the gate names the fact that changed
    yield replace(
        made,
        because=moved,
        why=PublicText(text.why),
        wrong_since=text.wrong_since,
        # A fact that nobody knew when the text was written is told from now on; one that is
        # doubted now stays one that its readers are told.
        told=tuple(sorted({*text.told, *made.told})),
        again=_handed_in_to(text),
    )


def _handed_in_to(text: Statement) -> tuple[Role, ...]:
    """Name the roles that a text was handed in to, in their order; none for a draft."""
    if text.status not in HANDED_IN:
        return ()
    asked = {role for slot in text.slots for role in slot.roles}
    return tuple(role for role in Role if role in asked)


@causes(StatementDrafted)
def _tell_it_went_back(incident: Incident, made: StatementDrafted, mark: Mark) -> Iterator[Effect]:
    """Tell who hands it in again, and who had it in review that there is nothing to approve now."""
    if not made.again:
        return
    text = incident.statement.statements[made.statement]
    authors = {*incident.rules.plan.statement(text.kind).authors, Role.PR_LEAD}
    yield told_effect(text, mark, "review_moved", authors, version=made.version)
    asked = set(made.again) - authors
    if asked:
        yield told_effect(text, mark, "review_withdrawn", asked, version=made.version)


def _listed_now(incident: Incident, text: Statement) -> dict[str, QuotedFact]:
    """Give what the company's lists said, for what no incident knows, and the line of now.

    A fact that went is gone.
    """
    known = as_agreed(incident, text.sources, text.facts, text.markets)
    return {fact.key: fact for fact in known if fact.status == LISTED}


def _as_of_now(fact: QuotedFact, act: Act) -> QuotedFact:
    """Let a text that is written again say that it stands as of now."""
    if fact.key != AS_OF:
        return fact
    return replace(fact, value=PublicText(kept_of(act.at)), as_of=act.at)


def _printed(fact: QuotedFact | None, text: Statement) -> tuple[Any, ...]:
    """Give all that decides what a text writes of a fact: its value, and whether it has a mark."""
    if fact is None or fact.status not in PRINTED:
        return ()
    return *fact.told_in(text.languages), is_marked(fact)


# ---------------------------------------------------------------- what is out


def _flagged(
    incident: Incident, act: Act, text: Statement
) -> Iterator[StatementFlagged | StatementRightAgain]:
    known = all_facts(incident)
    for fact in text.facts:
        now = known.get(fact.key)
        if now is None and fact.status == LISTED:
            continue
        is_printed = now is not None and now.status in PRINTED
        stands = with_names(quoted(now), fact) if now is not None and is_printed else None
        read = text.languages
        if stands is not None and stands.told_in(read) == fact.told_in(read):
            if any(is_about(point, fact.key) for point in text.pointed_out):
                yield StatementRightAgain(statement=text.id, fact=fact.key)
            continue
        named = point_of(fact.key, stands, str(now.status) if now else "gone")
        if named in text.pointed_out or not tells(incident, text, fact):
            continue
        if _told_anew(incident, text, fact.key):
            continue
        yield _flag(text, act, fact, stands, named)


def _told_anew(incident: Incident, text: Statement, fact: str) -> bool:
    """Say whether a newer text that is out tells the fact: then that one is wrong, not this."""
    return any(
        tells(incident, newer, quote)
        for newer in _newer(incident, text)
        if newer.status in (Status.PUBLISHED, Status.CORRECTED)
        for quote in newer.facts
        if quote.key == fact
    )


def _newer(incident: Incident, text: Statement) -> Iterator[Statement]:
    """Give every text that changed this one, or changed what changed it."""
    waiting, seen = list(text.changed_by), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            newer = incident.statement.statements[name]
            waiting.extend(newer.changed_by)
            yield newer


def _flag(
    text: Statement, act: Act, fact: QuotedFact, stands: QuotedFact | None, named: str
) -> StatementFlagged:
    was = in_a_line(fact)[:SAID_AT_MOST]
    value = in_a_line(stands)[:SAID_AT_MOST] if stands else ""
    told = f"is now {value}" if stands else "does not stand any more"
    return StatementFlagged(
        statement=text.id,
        version=text.version,
        what=PublicText(f"The text says {was}; {fact.key} {told}."),
        by=act.who,
        fact=fact.key,
        was=PublicText(was),
        now=PublicText(value),
        point=named,
    )


def point_of(key: str, stands: QuotedFact | None, status: str) -> str:
    """Name a change of a fact, so that it flags a text once: all of its value counts."""
    if stands is None:
        return f"{key}:{status}"
    return f"{key}={sha256_hex(repr(stands.told).encode())[:16]}"


def tells(incident: Incident, text: Statement, fact: QuotedFact) -> bool:
    """Say whether readers of a text are told a fact: it refers to it, or its value stands there."""
    if fact.key in text.told:
        return True
    parts = _entries(fact)
    if fact.kind is ValueKind.ROW and len(parts) >= SAYS_SOMETHING and are_markets(parts):
        # One market alone is told by too many sentences: "made in China" is not where it is sold.
        return any(_names_markets(each, parts) for each in text.texts)
    clock, listed = clock_of(incident, text.markets), replace(fact, status=LISTED)
    clocks = (clock, *clock.as_of_before())
    return any(
        _stands(f"{each.title}\n{each.body}", said)
        for each in text.texts
        for said in {fact.value, *(fact_in(each.language, listed, one) for one in clocks)}
    ) or any(_row_stands(f"{each.title}\n{each.body}", fact) for each in text.texts)


def _entries(fact: QuotedFact) -> set[str]:
    """Give the entries of a row."""
    return {part.strip() for part in fact.value.splitlines() if part.strip()}


def _names_markets(text: Rendition, markets: set[str]) -> bool:
    """Say whether a text names some markets, all in one list, by their names or their codes."""
    said = f"{text.title}\n{text.body}"
    return any(markets <= found for found in lists_of_markets(said, text.language))


def _row_stands(text: str, fact: QuotedFact) -> bool:
    """Say whether all entries of a row stand in a list of a text, however they are set apart.

    "NL, GB and DE", "NL/GB/DE" and "DE、GB和NL" all tell the row of these three. Letters count as
    they are, as for every other fact: lots a12 and A12 are two.
    """
    parts = _entries(fact)
    if fact.kind is not ValueKind.ROW or not SAYS_SOMETHING <= len(parts) <= LISTED_AT_MOST:
        return False
    if not all(part in text for part in parts):
        return False  # most texts tell no such row, and this is asked of each at every fact
    one = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    row = re.compile(rf"(?<![0-9A-Za-z])(?:{one})(?:(?i:{BETWEEN})(?:{one}))+(?![0-9A-Za-z])")
    entry = re.compile(one)
    return any(
        parts <= {hit.group() for hit in entry.finditer(found.group())}
        for found in row.finditer(text)
    )


def _stands(text: str, value: str) -> bool:
    """Say whether a value stands in a text as a figure or word of its own.

    One digit alone may stand for anything: it counts only where the text refers to the fact.
    """
    if len(value.strip()) < SAYS_SOMETHING:
        return False
    bounds = r"[0-9A-Za-z]"
    return re.search(f"(?<!{bounds}){re.escape(value)}(?!{bounds})", text) is not None
