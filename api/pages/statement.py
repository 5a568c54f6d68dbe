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
from api.pages.ahead import to_record
from api.pages.fact_words import fact_name, fact_told, fact_value, said_to
from api.pages.frame import Guest
from api.pages.gate_words import gate_lines
from api.pages.incident import require, tabs
from api.pages.lane_words import lane_note
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
from api.pages.slots import slot_name, slot_people
from api.pages.stage_statement import TONES, kind_name
from domain.errors import NotFound
from domain.facts import all_facts
from domain.publication import unseen_languages
from domain.publishing import StatementPublishing
from domain.references import in_a_line
from domain.state.statement import (
    EDITABLE,
    OUT,
    Approval,
    ApprovalSlot,
    Flag,
    PlaceState,
    Statement,
)
from domain.statement_facts import quoted
from domain.statement_follow import SAID_AT_MOST
from domain.statement_gate import GateCheck, gate
from domain.statement_lookup import open_blocks
from domain.statement_places import Place
from domain.statement_text import QuotedFact, Rendition
from domain.wording import Finding, Severity

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

APPROVED: Final = "approved_bytes"
"""The question of the gate that only the approvals answer."""

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
    blocked = bool(open_blocks(view.state, one))
    names = ("revise_statement", *ACTS) if blocked else ACTS
    acts = [link for name in dict.fromkeys(names) for link in act_link(view, name, one.id)]
    return view.show(
        "statement.html",
        title=view.lens.title_of(one) or one.id,
        statement=_head(view, one),
        done=done_of(view),
        blocks=text_blocks(view, one),
        acts=[link for row in _to_fill_in(view, one)[:1] for link in row.get("acts", ())] + acts,
        redlines=redlines(view, one, older, newer),
        instead=instead(view, one),
        compared=versions_of(view, one, older, newer),
        tabs=tabs(view, "statement"),
    )


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


def text_blocks(view: View, one: Statement) -> list[Drawn]:
    """Give a text with all that bears on it, as blocks; forms about a text show the same."""
    lens = view.lens
    blocking = {finding.key for finding in open_blocks(view.state, one)}
    marked = [(each, _severity(each, blocking)) for each in one.findings]
    found = [
        blocks.texts(
            lens("The text, word for word"),
            [rendition(view, each, marked) for each in one.texts],
            note=lens("Check of these words (SHA-256): %(hash)s", hash=one.sha256[:HASH_SHOWN]),
        ),
        blocks.findings(
            lens("What the wording rules say"),
            _findings(view, one),
            empty=lens("No rule objects to this text."),
        ),
        blocks.signatures(
            lens("Approvals of version %(n)s", n=str(one.version)),
            _slots(view, one),
            note=lane_note(view, one) if one.status in EDITABLE else "",
        ),
        *remarks(view, one),
        *shared(view, one),
        _facts(view, one),
    ]
    if one.is_approved or one.places:
        found += [_gate(view, one), _places(view, one), *lacking(view.lens, one)]
    else:
        found += _would_stop(view, one)
    if one.flags:
        flags = [_flag(view, one, flag) for flag in one.flags]
        rows: list[Drawn] = [{"label": lens("Said to be wrong"), "lines": flags}]
        found.insert(0, blocks.pairs(lens("Flags"), rows))
    return found


def _flag(view: View, one: Statement, flag: Flag) -> str:
    lens, known = view.lens, all_facts(view.state).get(flag.fact)
    if not flag.fact:
        return f"{flag.what} ({lens.person(flag.by)}, {lens.when(flag.at)})"
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
    return f"{told} ({lens.when(flag.at)})"


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


def _would_stop(view: View, one: Statement) -> list[Drawn]:
    """Say early what nobody can confirm at the gate, so that it is mended before the approvals."""
    lens, items = view.lens, {item.key: item for item in view.state.rules.plan.gate}
    checks = gate(view.state, one, lens.now, frozenset(items))
    rows = [
        {
            "label": lens.words.pick(items[check.key].en, items[check.key].zh),
            "lines": gate_lines(view, one, check),
            "tone": "critical",
        }
        for check in checks
        if check.answer == "gap" and check.key != APPROVED
    ]
    rows += _to_fill_in(view, one)
    title = lens("What would keep it from going out, as it stands")
    return [blocks.pairs(title, rows)] if rows else []


def rendition(view: View, one: Rendition, found: Found = ()) -> Drawn:
    """Give one language of a text, with what was found marked in place."""
    marked = list(found)
    return {
        "language": one.language,
        "name": view.lens.language(one.language),
        "title": pieces(one.title, one.language, "title", marked),
        "text": pieces(one.body, one.language, "body", marked),
    }


def _to_fill_in(view: View, one: Statement) -> list[Drawn]:
    """Lead to the facts that the text waits for, while it may still change."""
    return to_record(view, text=one.id) if one.status in EDITABLE else []


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


def _slots(view: View, one: Statement) -> list[Drawn]:
    if not one.slots:
        if one.is_approved:
            return []  # a fixed text; the note says so
        return [
            {
                "person": {"name": view.lens("nobody yet"), "role": ""},
                "state": "waiting",
                "meaning": view.lens("It is not handed in for approval."),
            }
        ]
    given = {approval.slot: approval for approval in one.approvals}
    return [_slot(view, one, slot, given.get(slot.key)) for slot in one.slots]


def _slot(view: View, one: Statement, slot: ApprovalSlot, given: Approval | None) -> Drawn:
    lens, role = view.lens, slot_name(view.lens, slot)
    if given is None:
        names = [chip["name"] for chip in slot_people(view, slot, one)]
        return {
            "person": {"name": lens.listed(names) or lens("nobody"), "role": role},
            "state": "waiting",
            "meaning": "",
        }
    stands = given.sha256 == one.sha256
    return {
        "person": {"name": lens.person(given.person), "role": role},
        "state": "signed" if stands else "void",
        "meaning": _signed_as(lens, one, slot, given),
        "at": lens.moment(given.at),
        "hash": given.sha256,
    }


def _signed_as(lens: Lens, one: Statement, slot: ApprovalSlot, given: Approval) -> str:
    """Give the words that were signed; in Chinese what they mean, beside the name of the slot."""
    if not lens.words.is_chinese:
        return given.meaning
    if not slot.language:
        return lens("I approve exactly this text")
    if len(one.languages) > 1:
        return lens("I attest that this language reads well and says the same as the others")
    return lens("I attest that this language reads well")


def _facts(view: View, one: Statement) -> Drawn:
    lens, known = view.lens, all_facts(view.state)
    rows: list[list[blocks.Cell]] = []
    for told in one.facts:
        now = known.get(told.key)
        same = now is None or quoted(now).told == told.told
        status = str(now.status) if now else told.status
        rows.append(
            [
                fact_name(lens, told.key, now.name if now else ""),
                fact_told(lens, told),
                {"text": lens("the same"), "tone": "done"}
                if same or now is None
                else {"text": fact_told(lens, now), "tone": "critical"},
                lens.words.of("FactStatus", status),
                lens.moment(told.as_of),
            ]
        )
    return blocks.table(
        lens("Facts it tells"),
        lens.each("Fact", "In the text", "As it is now", "Status", "As of"),
        rows,
        empty=lens("It tells no recorded fact."),
    )


def _gate(view: View, one: Statement) -> Drawn:
    lens, plan = view.lens, view.state.rules.plan
    told = _gate_as_passed(view, one) if one.places else ()
    asked = {item.key: lens.words.pick(item.en, item.zh) for item in plan.gate}
    tones = {"gap": "critical", "allowed": "warning", "not_needed": "neutral"}
    rows: list[list[blocks.Cell]] = [
        [
            asked.get(check.key, check.key),
            {"text": lens.word(check.answer), "tone": tones.get(str(check.answer), "done")},
            {"text": "", "lines": gate_lines(view, one, check)},
        ]
        for check in told or gate(view.state, one, lens.now, frozenset())
    ]
    columns = lens.each("Question", "Answer", "Note")
    note = lens("As it was answered when the text went out.") if told else ""
    note = note or lens("What is a gap here is asked of the person who publishes.")
    return blocks.table(lens("Before it goes out"), columns, rows, note=note, id="gate")


def _gate_as_passed(view: View, one: Statement) -> tuple[GateCheck, ...]:
    """Give the answers that were recorded when this version was sent out."""
    for entry in reversed(view.entries(one.entry)):
        event = entry.event
        if isinstance(event, StatementPublishing) and event.sha256 == one.sha256:
            return event.gate
    return ()


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
                "text": lens.words.of("place_state", place.state),
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
    return blocks.table(lens("Where it is"), columns, rows, empty=lens("It is nowhere out yet."))
