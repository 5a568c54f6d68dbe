"""One text: its words in every language, what the rules object to, facts, approvals, the gate.

What belongs here: reading a text with all that bears on it. What never does: a rule of wording, an
approval, or rendering a text from a template.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from activities.press import notice_path
from api.page_words import CITED
from api.pages import blocks
from api.pages.fact_words import fact_name, fact_value, said_to
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, look
from api.pages.marked_words import Found, pieces
from api.pages.newsrooms import lacking, mailed_to
from api.pages.possible import act_link
from api.pages.readable import HASH_SHOWN
from api.pages.redlines import instead, redlines, versions_of
from api.pages.remarks import remarks
from api.pages.returning import done_of
from api.pages.shared import shared
from api.pages.slots import own_slots
from api.pages.stage_statement import TONES, kind_name
from api.pages.text_approvals import NOT_HANDED_IN, approvals, undone_by_change
from api.pages.text_facts import facts_told
from api.pages.text_gate import gate_of, to_fill_in, would_stop
from api.pages.text_waiting import decision
from domain.errors import NotFound
from domain.facts import all_facts
from domain.markets import base_language
from domain.previews import withdrawable
from domain.publication import stands_otherwise, unseen_languages
from domain.references import in_a_line
from domain.state.statement import OUT, Flag, PlaceState, Statement, Status
from domain.statement_comment import open_comments
from domain.statement_facts import quoted
from domain.statement_follow import SAID_AT_MOST
from domain.statement_lookup import open_blocks
from domain.statement_places import Place
from domain.statement_text import QuotedFact, Rendition
from domain.wording import Finding, Severity

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

OPEN_LANGUAGES: Final = 2
"""So many languages of a text stand open side by side; of more, those that the reader needs."""

TO_APPROVE: Final = (*NOT_HANDED_IN, Status.IN_REVIEW)
"""While a text is here it matters to everybody who has approved it, and who has not."""

ACTS: Final = (
    "clear_flag",
    "approve_statement",
    "ask_for_review",
    "publish_statement",
    "share_preview",
    "withdraw_preview",
    "lift_schedule",
    "confirm_published_by_hand",
    "allow_gaps",
    "revise_statement",
    "request_changes",
    "override_finding",
    "comment_statement",
    "settle_comment",
    "correct_statement",
    "supersede_statement",
    "retract_statement",
    "flag_statement",
    "drop_statement",
)
"""What can be done with a text, the usual next step first; what is open is shown."""


@router.get("/incidents/{incident}/statement/texts/{statement}")
def text(
    guest: Guest,
    incident: str,
    statement: str,
    older: Annotated[int, Query(ge=0, le=10**6)] = 0,
    newer: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Show one text, and how two of its versions differ. Raises NotFound."""
    view = require(look(guest, incident))
    one = view.state.statement.statements.get(statement)
    if one is None:
        raise NotFound("There is no such text.", "All texts stand on the page of the stage.")
    shown, compared = text_blocks(view, one), versions_of(view, one, older, newer)
    return view.show(
        "statement.html",
        title=view.lens.title_of(one) or one.id,
        statement=_head(view, one),
        done=done_of(view),
        step=decision(view, one),
        blocks=shown,
        jumps=_jumps(view, shown, compared=bool(compared)),
        acts=_acts(view, one),
        redlines=redlines(view, one, older, newer),
        instead=instead(view, one),
        compared=compared,
        comparing=bool(older or newer),
        tabs=tabs(view, "statement"),
    )


def _acts(view: View, one: Statement) -> list[Drawn]:
    """Give everything that this reader can do with a text now, the usual next step first."""
    names = ("revise_statement", *ACTS) if open_blocks(view.state, one) else ACTS
    first = [link for row in to_fill_in(view, one)[:1] for link in row.get("acts", ())]
    return first + [link for name in dict.fromkeys(names) for link in act_link(view, name, one.id)]


def _jumps(view: View, shown: Iterable[Drawn], *, compared: bool) -> list[Drawn]:
    """Give the parts of the page, so that a thumb need not go through all of it."""
    found = [blocks.link(each["title"], f"#{each['id']}") for each in shown if each.get("id")]
    return found + ([blocks.link(view.lens("What changed"), "#changes")] if compared else [])


def _head(view: View, one: Statement) -> Drawn:
    lens = view.lens
    return {
        "id": one.id,
        "kind": kind_name(view, one.kind),
        "status": lens.word(one.status),
        "tone": TONES[one.status],
        "version": one.version,
        "authors": lens.listed(map(lens.person, one.authors)),
        "markets": lens.listed(map(lens.market, one.markets)),
        "hash": one.sha256,
        "release": lens.moment(one.release.at) if one.release else None,
        "public": "" if view.row.drill else public_page(view.row.id, one),
        "changes": one.changes_reason,
        "changes_by": lens.person(one.changes_by) if one.changes_by else "",
    }


def public_page(incident: str, one: Statement) -> str:
    """Say where the public reads a text; "" where it is not out, or at other places alone."""
    site = one.places.get(Place.SITE)
    is_there = one.status in OUT and site is not None and site.state == "published"
    return notice_path(incident, one.id) if is_there else ""


def text_blocks(view: View, one: Statement, *, changing: bool = False) -> list[Drawn]:
    """Give a text with all that bears on it, as blocks; forms about a text show the same.

    The words stand open, and what is not settled; the rest is folded. Whoever is `changing` the
    text sees in place of its approvals what the change undoes.
    """
    found = [_words(view, one), _ruled(view, one), _approvals(view, one)]
    if changing:
        found = [undone_by_change(view, one), blocks.folded(found[0]), found[1]]
    found += _on_its_way(view, one) if one.is_approved or one.places else would_stop(view, one)
    told = facts_told(view, one)
    moved = any(row[2].get("tone") == "critical" for row in told["rows"])
    found += [
        *_remarks(view, one),
        *_shared(view, one),
        blocks.folded(told, brief=str(len(told["rows"])), is_open=moved),
    ]
    if one.flags:
        flags = [_flag(view, one, flag) for flag in one.flags]
        rows: list[Drawn] = [{"label": view.lens("Said to be wrong"), "lines": flags}]
        found.insert(0, blocks.pairs(view.lens("Flags"), rows, id="flags"))
    return found


def _words(view: View, one: Statement) -> Drawn:
    """Give the words in every language; of many, those open that the reader approves or reads.

    What the reader attests stands first, then what else stands open.
    """
    lens, shown, asked = view.lens, _languages_shown(view, one), _to_attest(view, one)
    order = sorted(one.texts, key=lambda t: (t.language not in asked, t.language not in shown))
    blocking = {finding.key for finding in open_blocks(view.state, one)}
    marked = [(each, _severity(each, blocking)) for each in one.findings]
    return blocks.texts(
        lens("The text, word for word"),
        [{**rendition(view, each, marked), "folded": each.language not in shown} for each in order],
        note=lens("Check of these words (SHA-256): %(hash)s", hash=one.sha256[:HASH_SHOWN]),
        id="words",
    )


def _languages_shown(view: View, one: Statement) -> set[str]:
    """Name the languages that stand open: all of few, else the reader's, and those to attest."""
    if len(one.languages) <= OPEN_LANGUAGES:
        return set(one.languages)
    own = base_language(view.lens.words.language.replace("_", "-"))
    read = [language for language in one.languages if base_language(language) == own]
    asked = _to_attest(view, one)
    return {*read, *asked} or set(one.languages[:1])


def _to_attest(view: View, one: Statement) -> set[str]:
    """Name the languages that wait for the reader to attest them."""
    return {slot.language for slot in own_slots(view, one) if slot.language}


def _ruled(view: View, one: Statement) -> Drawn:
    lens, found = view.lens, _findings(view, one)
    block = blocks.findings(
        lens("What the wording rules say"),
        found,
        empty=lens("No rule objects to this text."),
        id="findings",
    )
    is_held = any(each["severity"] == "block" for each in found)
    return blocks.folded(block, brief=str(len(found)), is_open=is_held)


def _approvals(view: View, one: Statement) -> Drawn:
    block = approvals(view, one)
    given = sum(1 for row in block["rows"] if row["state"] == "signed")
    every = str(len(block["rows"]))
    brief = view.lens("%(n)s of %(all)s", n=str(given), all=every) if block["rows"] else ""
    return blocks.folded(block, brief=brief, is_open=one.status in TO_APPROVE)


def _remarks(view: View, one: Statement) -> list[Drawn]:
    is_open = bool(open_comments(one))
    found = remarks(view, one)
    return [blocks.folded(each, brief=str(len(one.comments)), is_open=is_open) for each in found]


def _shared(view: View, one: Statement) -> list[Drawn]:
    is_live = bool(withdrawable(one, view.lens.now))
    found = shared(view, one)
    return [blocks.folded(each, brief=str(len(one.previews)), is_open=is_live) for each in found]


def _on_its_way(view: View, one: Statement) -> list[Drawn]:
    """Give the gate and the places; open is what a person is asked about before it is all out."""
    is_out = any(place.state == "published" for place in one.places.values())
    return [
        blocks.folded(gate_of(view, one), is_open=not one.places),
        blocks.folded(_places(view, one), brief=str(len(one.places)), is_open=not is_out),
        *lacking(view.lens, one),
    ]


def _flag(view: View, one: Statement, flag: Flag) -> str:
    lens, known = view.lens, all_facts(view.state).get(flag.fact)
    if not flag.fact:
        return f"{flag.what} · {lens.person(flag.by)}, {lens.when(flag.at)}"
    name = fact_name(lens, flag.fact, known.name if known else "")
    was = _as_flagged(
        lens, flag.fact, flag.was, [told for told in one.facts if told.key == flag.fact]
    )
    if not flag.now:
        told = lens(
            "The text tells %(was)s; “%(fact)s” does not stand any more.", was=was, fact=name
        )
    else:
        now = _as_flagged(lens, flag.fact, flag.now, [quoted(known)] if known else [])
        told = lens(
            "The text tells %(was)s; “%(fact)s” is now %(now)s.", was=was, fact=name, now=now
        )
    return f"{told} · {lens.when(flag.at)}"


def _as_flagged(lens: Lens, key: str, kept: str, facts: Iterable[QuotedFact]) -> str:
    """Tell a value that a flag kept, in the words of the fact that has it for this reader."""
    same = next((one for one in facts if in_a_line(one)[:SAID_AT_MOST] == kept), None)
    return fact_value(lens, key, said_to(lens, same) if same else kept)


def as_it_reads(view: View, texts: Iterable[Rendition], found: Iterable[Finding]) -> list[Drawn]:
    """Give a text that is not sent in yet: its words with the facts of now, and what is found."""
    lens = view.lens
    marked = [(each, str(each.severity)) for each in found]
    return [
        blocks.findings(
            lens("What the wording rules say"),
            [_finding(lens, each, severity) for each, severity in marked],
            empty=lens("No rule objects to this text."),
            id="found",
        ),
        blocks.texts(lens("As it will read"), [rendition(view, each, marked) for each in texts]),
    ]


def _finding(lens: Lens, each: Finding, severity: str) -> Drawn:
    return {
        "severity": severity,
        "why": lens.sentence(each.reason),
        "phrase": each.matched or lens("It is missing."),
        "source": lens.sentence(CITED.get(each.citation, each.citation)),
        "where": f"{lens.language(each.language)}, {lens.words.of('part', each.part)}",
    }


def rendition(view: View, one: Rendition, found: Found = ()) -> Drawn:
    """Give one language of a text, with what was found marked in place."""
    marked = list(found)
    return {
        "language": one.language,
        "name": view.lens.language(one.language),
        "title": pieces(one.title, one.language, "title", marked),
        "text": pieces(one.body, one.language, "body", marked),
    }


def _findings(view: View, one: Statement) -> list[Drawn]:
    lens = view.lens
    passed = {override.finding: override for override in one.overrides}
    blocking = {finding.key for finding in open_blocks(view.state, one)}
    found = []
    for each in one.findings:
        override = passed.get(each.key)
        told = _finding(lens, each, "overridden" if override else _severity(each, blocking))
        if override:
            people = lens.listed(map(lens.person, override.people))
            told["override"] = lens(
                "Let pass by %(names)s: %(why)s", names=people, why=override.reason
            )
        found.append(told)
    return found


def _severity(finding: Finding, blocking: set[str]) -> str:
    if finding.severity is Severity.BLOCK:
        return "block" if finding.key in blocking else "overridden"
    return "warn"


def _standing_in(lens: Lens, one: Statement, place: PlaceState) -> str:
    """Say in which languages of several a text was seen at a place, and which nobody saw there."""
    if len(one.languages) < 2 or not place.languages:
        return ""
    seen = lens.listed(map(lens.language, place.languages))
    unseen = lens.listed(map(lens.language, unseen_languages(one, place)))
    if unseen:
        return lens("seen in %(seen)s, not yet in %(unseen)s", seen=seen, unseen=unseen)
    return lens("seen in %(seen)s", seen=seen)


def _outlets(lens: Lens, place: PlaceState) -> str:
    """Say which outlets of a place took the text by themselves, which did not, and newsrooms."""
    told = [newsrooms] if (newsrooms := mailed_to(lens, place)) else []
    if place.sent_to:
        told.append(lens("sent by itself to %(names)s", names=lens.listed(place.sent_to)))
    if place.not_sent_to:
        names = lens.listed(place.not_sent_to)
        told.append(lens("not sent, or nobody knows: %(names)s; look in the outbox", names=names))
    return " · ".join(told)


def _places(view: View, one: Statement) -> Drawn:
    lens = view.lens
    tones = {"published": "done", "failed": "critical", "handed_over": "warning"}
    rows: list[list[blocks.Cell]] = [
        [
            lens.words.of("Place", place.place),
            {
                "text": lens("other words stand there")
                if stands_otherwise(place)
                else lens.words.of("place_state", place.state),
                "tone": tones.get(place.state, "information"),
                "sub": " · ".join(
                    filter(None, (_standing_in(lens, one, place), lens.when(place.at)))
                ),
            },
            {"text": place.link or "–", "sub": lens.sentence(place.error) or _outlets(lens, place)},
            {"text": lens("the same bytes"), "tone": "done"}
            if place.read_back and place.read_back == one.sha256
            else place.read_back[:HASH_SHOWN] or "–",
        ]
        for place in one.places.values()
    ]
    columns = lens.each("Place", "State", "Link", "Read back")
    empty = lens("It is nowhere out yet.")
    return blocks.table(lens("Where it is"), columns, rows, empty=empty, id="places")
