"""One duty: what is to be done next and by whom, when it is due, and why, down to each step.

What belongs here: the page, and reading a duty with all that bears on it. What never does: a rule,
a due time of its own, or an act (acts.py).
"""

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from activities.duty_words import basis_of
from api.duty_numbers import DutyRoute
from api.pages import blocks, duty_done, late_duties
from api.pages.doers import short_doer
from api.pages.drawing import reader_of
from api.pages.duty_counted import counted, due_times_of
from api.pages.duty_names import clock_of
from api.pages.duty_next import next_of
from api.pages.duty_past import WholeDuty, whole_duty
from api.pages.duty_places import duty_address
from api.pages.duty_rows import SHOWN, authority, duty_acts, duty_title
from api.pages.filing_names import filing_kind
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, look
from api.pages.returning import done_of
from api.pages.telling import sentence_of
from api.pages.titles import told_title
from api.pictures import ClockMark, ClockMoment, Picture, clock_line
from domain.errors import NotFound
from domain.plan_terms import LadderAct
from domain.regulation_terms import Deed
from domain.regulations import Record
from domain.state.notice import Duty

router = APIRouter(
    default_response_class=HTMLResponse, include_in_schema=False, route_class=DutyRoute
)


@router.get("/incidents/{incident}/notice/{duty}")
def page(guest: Guest, incident: str, duty: str) -> Response:
    """Show one duty. Raises NotFound."""
    view = require(look(guest, incident))
    one = find(view, duty)
    whole = whole_duty(view, one)
    return view.show(
        "duty.html",
        title=duty_title(view, one),
        duty=_head(view, one),
        ended=duty_done.how_it_ended(view, whole),
        done=done_of(view),
        next=next_of(view, whole),
        acts=duty_acts(view, one),
        blocks=_blocks(view, whole),
        what_if=f"{view.address}/notice/what-if",
        tabs=tabs(view, "notice"),
    )


def find(view: View, duty: str) -> Duty:
    """Give a duty by its number. Raises NotFound."""
    one = view.state.notice.duties.get(duty)
    if one is None:
        raise NotFound("There is no such duty.", "All duties stand on the page of the stage.")
    return one


def _head(view: View, duty: Duty) -> Drawn:
    lens = view.lens
    return {
        "id": duty.id,
        "status": lens.word(duty.status),
        "tone": SHOWN[duty.status],
        "possible": duty.possible and duty.is_open,
        "authority": authority(view, duty),
        "market": lens.market(duty.place or duty.market),
        "due": lens.due(duty.due_at, clock_of(duty)) if duty.due_at else None,
        "open": duty.is_open,
        "basis": rests_on(view, duty),
    }


def rests_on(view: View, duty: Duty) -> str:
    """Say in words what a due time rests on, and where nobody has verified its rule."""
    lens, told = view.lens, basis_of(view.lens.words, duty)
    if not duty.counts:
        return lens("not verified: legal confirms first")
    if not duty.verified:
        return " · ".join(
            filter(None, (told, lens("the rule is not verified; legal confirmed it")))
        )
    return told


def _blocks(view: View, whole: WholeDuty) -> list[Drawn]:
    found = [
        _when(view, whole),
        blocks.picture(picture(view, whole)),
        _deed(view, whole),
        *counted(view, whole),
        due_times_of(view, whole),
        duty_done.filings(view, whole),
        _reminders(view, whole),
        _told(view, whole),
        _kept(view, whole),
        _following(view, whole),
    ]
    if whole.same_person:
        found.append(_same_person(view, whole))
    return [one for one in found if one]


# ---------------------------------------------------------------- when, and how long still


def _when(view: View, whole: WholeDuty) -> Drawn:
    lens, duty = view.lens, whole.duty
    market = clock_of(duty)
    rows: list[Drawn] = []
    if duty.due_at is None and duty.is_open:
        why = duty.no_due_why or ("" if duty.counts else "not verified: legal confirms first")
        rows.append({"label": lens("Due"), "text": lens("unknown"), "note": lens.sentence(why)})
    elif duty.due_at is not None and duty.is_open:
        rows.append({"label": lens("Due"), "moment": lens.due(duty.due_at, market)})
    rows += duty_done.was_due(view, duty)
    rows.append({"label": lens("It rests on"), "text": rests_on(view, duty)})
    for name, at in _targets(lens, whole):
        rows.append({"label": name, "moment": lens.due(at, market)})
    rows.append(
        {
            "label": lens("Clock started"),
            "moment": lens.moment(duty.start_at, market),
            "note": lens.word(duty.start_fact),
        }
    )
    rows += late_duties.rows_of(view, duty)
    if duty.provisional:
        note = lens("The days off of that time are not official yet: it may still change.")
        rows.append({"label": lens("May still change"), "text": note})
    shown = [row for row in rows if row.get("text") or row.get("moment")]
    return blocks.pairs(lens("When it is due"), shown, id="when")


def _targets(lens: Lens, whole: WholeDuty) -> list[tuple[str, datetime]]:
    """Give our own earlier times of a duty that is open, each by its name."""
    phone = (lens("Our own target by phone"), whole.duty.phone_at)
    target = (lens("Our own earlier target"), whole.target_at)
    return [(name, at) for name, at in (phone, target) if at is not None and whole.duty.is_open]


def picture(view: View, whole: WholeDuty) -> Picture:
    """Draw the clock: when it began and was known, our targets, each due time, what was filed."""
    lens, duty = view.lens, whole.duty
    found = [
        ClockMoment(at=duty.start_at, kind=ClockMark.BEGAN, name=lens.word(duty.start_fact)),
        ClockMoment(
            at=late_duties.known_at(view, duty),
            kind=ClockMark.KNOWN,
            name=lens("Known in Andon since"),
        ),
    ]
    found += [
        ClockMoment(at=at, kind=ClockMark.TARGET, name=name) for name, at in _targets(lens, whole)
    ]
    earlier = {one.due.due_at for one in whole.times} - {duty.due_at}
    found += [
        ClockMoment(at=at, kind=ClockMark.EARLIER, name=lens("As it was counted before"))
        for at in sorted(earlier)
    ]
    if duty.due_at is not None:
        found.append(
            ClockMoment(at=duty.due_at, kind=ClockMark.DUE, name=basis_of(lens.words, duty))
        )
    found += [
        ClockMoment(at=one.sent_at, kind=ClockMark.FILED, name=filing_kind(lens, duty, one.kind))
        for one in duty.filings
    ]
    return clock_line(f"clock-{duty.id}", found, now=lens.now, reader=reader_of(lens))


# ---------------------------------------------------------------- what must be done


def _deed(view: View, whole: WholeDuty) -> Drawn:
    lens, duty, rule = view.lens, whole.duty, whole.rule
    words = lens.words
    mine = lens.listed(lens.word(one) for one in whole.firm if one in duty.obliged)
    rows: list[Drawn] = [
        {
            "label": lens("What must be done"),
            "text": words.of("deed", str(rule.deed if rule else Deed.REPORT)),
            "note": duty_title(view, duty),
        },
        {
            "label": lens("To whom"),
            "text": authority(view, duty),
            "note": lens.market(duty.place or duty.market),
        },
        {"label": lens("Who must file"), "text": lens.listed(map(lens.word, duty.obliged))},
        {"label": lens("What the company is there"), "text": mine},
    ]
    if rule is not None:
        content = words.pick(*("\n".join(one) for one in (rule.content_en, rule.content_zh)))
        note = words.pick(rule.note_en or "", rule.note_zh or "")
        rows[2:2] = [
            {
                "label": lens("By which channel"),
                "text": words.pick(rule.channel_en, rule.channel_zh),
            },
            {"label": lens("With what in it"), "lines": content.splitlines()},
        ]
        rows.append({"label": lens("Note"), "text": note})
    shown = [row for row in rows if row.get("text") or row.get("lines")]
    return blocks.pairs(lens("What must be done"), shown, id="deed")


# ---------------------------------------------------------------- what was done


def _told(view: View, whole: WholeDuty) -> Drawn:
    """Tell every entry about the duty: filings, reviews, proposed acts and their signatures."""
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": f"#{one.seq}", "href": f"{view.address}/ledger/{one.seq}"},
            sentence_of(lens, one.event),
            lens.when(one.at),
            short_doer(lens, one),
        ]
        for one in whole.past.told
    ]
    columns = lens.each("Entry", "What", "When", "Who")
    block = blocks.table(lens("Everything on record about it"), columns, rows, id="record")
    return blocks.folded(block, brief=str(len(rows)))


def _reminders(view: View, whole: WholeDuty) -> Drawn:
    """Give who was told, and who will be told when, while nobody acts."""
    lens, duty = view.lens, whole.duty
    done: list[list[blocks.Cell]] = [
        [
            lens.when(one.at),
            lens.words.code(LadderAct, one.event.act),
            lens.roles(map(str, one.event.roles)),
            told_title(view, one.event.title, duty.id),
            {"text": lens("done"), "href": f"{view.address}/ledger/{one.seq}"},
        ]
        for one in whole.past.rungs
    ]
    ahead: list[list[blocks.Cell]] = [
        [
            lens.when(rung.at),
            lens.words.code(LadderAct, rung.act),
            lens.roles(map(str, due.roles)),
            told_title(view, due.title, duty.id),
            lens("to come, if nobody acts"),
        ]
        for due, rung in whole.ahead
    ]
    columns = lens.each("When", "What", "Whom", "Which clock", "State")
    empty = lens("Nobody is reminded: no clock of it runs.")
    block = blocks.table(
        lens("Reminders and escalation"), columns, [*done, *ahead], empty=empty, id="ladder"
    )
    return blocks.folded(block, brief=str(len(done) + len(ahead)))


# ---------------------------------------------------------------- what is kept, what follows


def _kept(view: View, whole: WholeDuty) -> Drawn | None:
    lens = view.lens
    if not whole.records:
        return None
    rows: list[list[blocks.Cell]] = [
        [
            {"text": lens.words.pick(one.what_en, one.what_zh), "sub": one.citation},
            {"text": how_long(lens, one), "sub": lens.words.pick(one.since_en, one.since_zh)},
            lens.listed(map(lens.word, one.obliged)),
            lens("verified") if one.verified else lens("not verified"),
        ]
        for one in whole.records
    ]
    columns = lens.each("What is kept", "How long", "By whom", "Verified?")
    return blocks.table(lens("What is kept of it"), columns, rows, id="kept")


def how_long(lens: Lens, one: Record) -> str:
    """Say for how long something is kept; some laws name no number."""
    return lens.limit(one.limit) if one.limit else lens("as the law says, without a number")


def _following(view: View, whole: WholeDuty) -> Drawn | None:
    lens, duty = view.lens, whole.duty
    leaders = [view.state.notice.duties[one] for one in (duty.after,) if one]
    rows: list[Drawn] = []
    if leaders:
        rows.append({"label": lens("It follows"), "acts": _links(view, leaders)})
    if whole.opened:
        rows.append({"label": lens("It opened"), "acts": _links(view, whole.opened)})
    if whole.will_open and duty.is_open:
        titles = [lens.words.pick(one.title_en, one.title_zh) for one in whole.will_open]
        rows.append({"label": lens("A filed report may open"), "lines": titles})
    rows = [{"text": " ", **row} if "lines" not in row else row for row in rows]
    return blocks.pairs(lens("What follows"), rows, id="follows") if rows else None


def _links(view: View, duties: Iterable[Duty]) -> list[Drawn]:
    return [
        blocks.link(f"{one.id} · {duty_title(view, one)}", duty_address(view, one.id))
        for one in duties
    ]


def _same_person(view: View, whole: WholeDuty) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": f"{one.id} · {duty_title(view, one)}", "href": duty_address(view, one.id)},
            authority(view, one),
            lens.due(one.due_at, clock_of(one)) if one.due_at else None,
            lens.word(one.status),
        ]
        for one in whole.same_person
    ]
    columns = lens.each("Duty", "Authority", "Due", "State")
    return blocks.table(lens("Other duties about the same person"), columns, rows, id="same-person")
