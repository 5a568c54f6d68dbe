"""The gate before a text goes out: twelve questions, all answered, the missing ones named.

What belongs here: how each question of reference 6.3 is answered, from the record where the record
knows, by the person who publishes where it does not. What never does: bringing a text out
(domain/publishing.py). Nothing is taken for granted: what nobody confirmed is a gap. The commander
may go on with a gap, with a reason, except for the first and the eleventh.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.agreed_places import AGREED, as_agreed
from domain.clock import Limit
from domain.facts import all_facts
from domain.gate_record import (
    PAGE,
    Shown,
    authorities_of,
    briefed_by,
    page_of,
    promotion_of,
    remedy_of,
    trade_of,
)
from domain.hotline_calls import last_call, numbers_told
from domain.markets import markets_without_text
from domain.plan_rows import GateItem
from domain.plan_terms import Audience
from domain.references import SERVICE, references
from domain.state import Incident
from domain.state.investigation import Fact, FactStatus
from domain.state.statement import AllowedGap, HotlineCall, Statement
from domain.statement_facts import LISTED, quoted, with_names
from domain.statement_lookup import audience_of, is_for_staff, is_inside
from domain.statement_places import Place, usual_places
from domain.statement_text import personal_data
from domain.values import PublicText
from domain.wire import added, instant_text


class GateAnswer(StrEnum):
    """How a question stands."""

    PASSED = "passed"
    """The record shows it."""
    CONFIRMED = "confirmed"
    """The person who publishes says so."""
    NOT_NEEDED = "not_needed"
    GAP = "gap"
    ALLOWED = "allowed"
    """A gap that the commander lets go by, with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCheck:
    """One question with its answer; `note` says what is missing or where it is known from.

    `open` names what the record says is missing, one by one; nothing where nobody has confirmed it.
    """

    key: str
    answer: GateAnswer
    note: PublicText = PublicText("")
    open: tuple[str, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a question is answered from."""

    incident: Incident
    statement: Statement
    item: GateItem
    at: datetime
    confirmed: frozenset[str]
    places: tuple[Place, ...] | None

    @property
    def audience(self) -> tuple[Audience, ...]:
        """Give the readers."""
        return audience_of(self.incident, self.statement.kind, self.statement.about)

    @property
    def is_public(self) -> bool:
        """Say whether the public or the press reads it."""
        return bool({Audience.PUBLIC, Audience.PRESS} & set(self.audience))

    @property
    def goes_to_page(self) -> bool:
        """Say whether the text goes to our own page now, where it is read back at once."""
        return Place.SITE in self.goes_to

    @property
    def goes_to(self) -> tuple[Place, ...]:
        """Give the places it goes to now; where nobody says, those its readers usually look at."""
        return usual_places(self.audience) if self.places is None else self.places

    @property
    def stays_inside(self) -> bool:
        """Say whether only people of the company read it: they need no market's language."""
        text = self.statement
        ours = is_for_staff(self.incident, text.kind, text.about)
        return ours and _INSIDE.issuperset(self.goes_to)

    def check(self, answer: GateAnswer, note: str = "") -> GateCheck:
        """Make the answer."""
        return GateCheck(key=self.item.key, answer=answer, note=PublicText(note[:NOTE_AT_MOST]))

    def gap(self, note: str, missing: Iterable[str]) -> GateCheck:
        """Make a gap that the record shows; `missing` names what, one by one."""
        return replace(self.check(GateAnswer.GAP, note), open=tuple(missing))

    def by_person(self, *, needed: bool = True, of: str = "") -> GateCheck:
        """Answer by what the person who publishes confirms; `of` names what that is."""
        if not needed:
            return self.check(GateAnswer.NOT_NEEDED)
        if self.item.key in self.confirmed:
            return self.check(GateAnswer.CONFIRMED, of)
        return self.check(GateAnswer.GAP, of or "Nobody has confirmed it.")

    def by_record(self, shown: Shown) -> GateCheck:
        """Answer by the record: what it says is missing, no person confirms."""
        if shown.missing:
            return self.gap(shown.missing, shown.open)
        if shown.unseen:
            return self.by_person(of=shown.unseen)
        return self.check(GateAnswer.PASSED, shown.note)


NOTE_AT_MOST: Final = 500
_INSIDE: Final = frozenset({Place.STAFF, Place.BOARD})
PUBLIC_RECALL_TEXTS = frozenset({"recall_notice", "consumer_message"})
RECALL_TEXTS = PUBLIC_RECALL_TEXTS | {"consignee_letter"}
REMEDY_TEXTS = frozenset({"recall_notice", "consumer_message", "apology"})


def gate(
    incident: Incident,
    statement: Statement,
    at: datetime,
    confirmed: frozenset[str],
    places: tuple[Place, ...] | None = None,
) -> tuple[GateCheck, ...]:
    """Answer the twelve questions for a text as it stands; `confirmed` are keys of questions.

    `places` are where it goes now; those that its readers usually look at where nobody says.

    What the commander let go by is what was known to be missing then, and what nobody confirmed:
    what the record found since, such as a call that nobody answered, is a gap again.
    """
    allowed = {gap.item: gap for gap in statement.gaps}
    checks = []
    for item in incident.rules.plan.gate:
        asked = _Asked(
            incident=incident,
            statement=statement,
            item=item,
            at=at,
            confirmed=confirmed,
            places=places,
        )
        check = _QUESTIONS[item.key](asked)
        gap = allowed.get(item.key)
        if check.answer is GateAnswer.GAP and gap is not None and _covers(gap, check, item):
            check = asked.check(GateAnswer.ALLOWED, f"{gap.by}: {gap.reason}")
        checks.append(check)
    return tuple(checks)


def _covers(gap: AllowedGap, check: GateCheck, item: GateItem) -> bool:
    """Say whether what was let go by is still all that is missing; earlier plans noted nothing."""
    return item.may_be_overridden and (gap.known is None or set(check.open) <= set(gap.known))


def gaps(checks: tuple[GateCheck, ...]) -> tuple[str, ...]:
    """Name the questions that keep the text in."""
    return tuple(check.key for check in checks if check.answer is GateAnswer.GAP)


# ---------------------------------------------------------------- the twelve questions


def _approved_bytes(asked: _Asked) -> GateCheck:
    if asked.statement.is_approved:
        return asked.check(GateAnswer.PASSED)
    missing = ", ".join(slot.label_en for slot in asked.statement.open_slots) or "every approval"
    return asked.check(GateAnswer.GAP, f"Missing: {missing}.")


class FactFault(StrEnum):
    """Why a fact that a text tells may not go out as it stands there."""

    RETRACTED = "retracted"
    CHANGED = "changed"
    NOT_VERIFIED = "not_verified"
    TOO_OLD = "too_old"


def _facts_verified(asked: _Asked) -> GateCheck:
    """Pass a text that calls itself preliminary; else each fact it tells is verified and fresh."""
    if asked.statement.preliminary:
        moved = [
            (key, fault, now)
            for key, fault, now in fact_faults(asked.incident, asked.statement, asked.at, None)
            if fault in (FactFault.CHANGED, FactFault.RETRACTED) and key in asked.statement.told
        ]
        if moved:
            named = ", ".join(sorted({key for key, _, _ in moved}))
            return asked.gap(f"Changed since: {named}.", map(_as_it_is, moved))
        return asked.check(GateAnswer.PASSED, "The text says that it is preliminary.")
    faults = stale_facts(asked.incident, asked.statement, asked.at, asked.item.fresh_within)
    if faults:
        found = fact_faults(asked.incident, asked.statement, asked.at, asked.item.fresh_within)
        return asked.gap(" ".join(faults), map(_as_it_is, found))
    return asked.check(GateAnswer.PASSED)


def _as_it_is(found: tuple[str, FactFault, Fact | None]) -> str:
    """Name a fault with the value of now: whoever lets it go by has not seen the next one."""
    key, fault, now = found
    return f"{key}:{fault}" if now is None else f"{key}:{fault}:{now.version}:{now.value[:60]}"


def fact_faults(
    incident: Incident, statement: Statement, at: datetime, fresh_within: Limit | None
) -> tuple[tuple[str, FactFault, Fact | None], ...]:
    """List the facts of a text that changed since, are not verified, or are too old; as known.

    A reported fact that the text refers to is printed with the mark that it is preliminary; words
    of service have no mark, and are asked for until they are verified.
    """
    known, read = all_facts(incident), statement.languages
    faults: list[tuple[str, FactFault, Fact | None]] = []
    referred = set(references(statement.sources))
    marked = referred - SERVICE
    listed = as_agreed(incident, statement.sources, statement.facts, statement.markets)
    line = {fact.key: fact.told for fact in listed}
    for told in statement.facts:
        now = known.get(told.key)
        if now is None and told.status == LISTED:
            # The company's own list says so; nobody records it again. The line may have moved on.
            if told.key in AGREED & referred and line.get(told.key) != told.told:
                faults.append((told.key, FactFault.CHANGED, None))
            continue
        if now is None or now.status is FactStatus.RETRACTED:
            faults.append((told.key, FactFault.RETRACTED, now))
        elif with_names(quoted(now), told).told_in(read) != told.told_in(read):
            faults.append((told.key, FactFault.CHANGED, now))
        elif now.status is FactStatus.REPORTED and told.key in marked:
            continue
        elif now.status is not FactStatus.VERIFIED:
            faults.append((told.key, FactFault.NOT_VERIFIED, now))
        elif fresh_within is not None and incident.rules.due_at(now.as_of, fresh_within) < at:
            faults.append((told.key, FactFault.TOO_OLD, now))
    return tuple(faults)


def stale_facts(
    incident: Incident, statement: Statement, at: datetime, fresh_within: Limit | None
) -> tuple[str, ...]:
    """Say which facts a text tells that changed since, are not verified, or are too old."""
    said = []
    for key, fault, now in fact_faults(incident, statement, at, fresh_within):
        if now is None and fault is FactFault.CHANGED:
            said.append(f"{key} was agreed anew.")
        elif now is None or fault is FactFault.RETRACTED:
            said.append(f"{key} was retracted.")
        elif fault is FactFault.CHANGED:
            said.append(f"{key} is now {now.value} {now.unit}".rstrip() + ".")
        elif fault is FactFault.NOT_VERIFIED:
            said.append(f"{key} is {now.status}, not verified.")
        elif fresh_within is not None:
            said.append(f"{key} is older than {fresh_within.text}.")
    return tuple(said)


def _phone_answers(asked: _Asked) -> GateCheck:
    """Pass numbers that were all answered; one that was not is nobody's to confirm."""
    readers = {Audience.PUBLIC, Audience.PRESS, Audience.BUYERS, Audience.TRADE}
    if not readers & set(asked.audience):
        return asked.check(GateAnswer.NOT_NEEDED)
    numbers = numbers_told(asked.statement)
    calls = [last_call(asked.incident, number) for number in numbers]
    failed = [call for call in calls if call is not None and not call.answered]
    if failed:
        named = ", ".join(call.number for call in failed)
        found = (f"{call.number} {instant_text(call.at)}" for call in failed)
        return asked.gap(f"Nobody answered: {named}.", found)
    if numbers and all(call is not None and _is_fresh(asked, call) for call in calls):
        return asked.check(GateAnswer.PASSED, f"Called: {', '.join(numbers)}.")
    return asked.by_person()


def _is_fresh(asked: _Asked, call: HotlineCall) -> bool:
    within = asked.item.fresh_within
    return within is None or asked.incident.rules.due_at(call.at, within) >= asked.at


def _page_live(asked: _Asked) -> GateCheck:
    """Pass what goes to the page itself, else what points to a page that was read back."""
    text, incident = asked.statement, asked.incident
    outside = (
        not is_inside(incident, text.kind, text.about) and Audience.STAFF not in asked.audience
    )
    points = outside and PAGE in text.told and incident.recall.is_decided
    if text.kind not in PUBLIC_RECALL_TEXTS and not points:
        return asked.check(GateAnswer.NOT_NEEDED)
    if asked.goes_to_page:
        return asked.check(GateAnswer.PASSED, "It goes to our page, and is read back there.")
    return asked.by_record(page_of(incident, text))


def _remedy_ready(asked: _Asked) -> GateCheck:
    if asked.statement.kind not in REMEDY_TEXTS:
        return asked.check(GateAnswer.NOT_NEEDED)
    return asked.by_record(remedy_of(asked.incident))


def _staff_briefed(asked: _Asked) -> GateCheck:
    if not asked.is_public:
        return asked.check(GateAnswer.NOT_NEEDED)
    return asked.by_record(briefed_by(asked.incident))


def _authority_told(asked: _Asked) -> GateCheck:
    if asked.statement.kind not in RECALL_TEXTS:
        return asked.check(GateAnswer.NOT_NEEDED)
    shown = authorities_of(asked.incident, asked.statement)
    if shown.missing and asked.statement.kind not in PUBLIC_RECALL_TEXTS:
        # The trade stops selling before anybody is told: a person says that this is meant.
        return asked.by_person(of=shown.missing)
    return asked.by_record(shown)


def _trade_told(asked: _Asked) -> GateCheck:
    if not asked.is_public:
        return asked.check(GateAnswer.NOT_NEEDED)
    return asked.by_record(trade_of(asked.incident))


def _languages_complete(asked: _Asked) -> GateCheck:
    text = asked.statement
    missing = markets_without_text(text.languages, text.markets)
    if missing and asked.stays_inside:
        return asked.check(GateAnswer.NOT_NEEDED)
    if missing:
        return asked.gap(f"No text in the language of {', '.join(missing)}.", missing)
    return asked.check(GateAnswer.PASSED)


def _promotion_stopped(asked: _Asked) -> GateCheck:
    if not asked.is_public:
        return asked.check(GateAnswer.NOT_NEEDED)
    return asked.by_record(promotion_of(asked.incident))


def _no_personal_data(asked: _Asked) -> GateCheck:
    """Found by rule or by eye; the person who publishes always says that they looked."""
    found = personal_data(asked.statement.texts)
    if found:
        return asked.check(GateAnswer.GAP, f"Found: {', '.join(found)}.")
    return asked.by_person()


def _listed_parent_told(asked: _Asked) -> GateCheck:
    return asked.by_person(needed=asked.is_public)


_QUESTIONS: dict[str, Callable[[_Asked], GateCheck]] = {
    "approved_bytes": _approved_bytes,
    "facts_verified": _facts_verified,
    "phone_answers": _phone_answers,
    "page_live": _page_live,
    "remedy_ready": _remedy_ready,
    "staff_briefed": _staff_briefed,
    "authority_told": _authority_told,
    "trade_told": _trade_told,
    "languages_complete": _languages_complete,
    "promotion_stopped": _promotion_stopped,
    "no_personal_data": _no_personal_data,
    "listed_parent_told": _listed_parent_told,
}
