"""The clocks of the law over all incidents, in the order of an incident: a list, and a month.

What belongs here: which rows a choice leaves, and how each is told. What never does: what stands
open (domain/open_duties.py), or who may see it (services/duties.py).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from api.pages.duty_asked import ALL, MONTH, OVERDUE, OWN, PASSED, Asked, Typed, understood
from api.pages.duty_days import clock_of_time, find_on, is_today, read_day
from api.pages.duty_month import Month, drawn_month, read_month, shown_of, this_month
from api.pages.duty_names import authority_name, rests_on, rule_of, task_name
from api.pages.frame import Guest, Visit
from api.pages.lens import Drawn, Lens
from domain.open_duties import OpenDuty, Owed
from domain.people import SEES_INCIDENTS
from domain.regulation_terms import DutyStatus
from domain.urgency import is_past
from domain.wire import encode
from services import duties
from services.duties import Found
from storage.duties import Counted, ListedDuty

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

PAGE: Final = 50


@router.get("/duties")
def show(guest: Guest, typed: Annotated[Typed, Depends()]) -> Response:
    """Show what is owed to authorities, of one incident or of all, as a list or as a month."""
    asked, notes = understood(guest.lens, typed)
    return _month(guest, asked, notes) if asked.view == MONTH else _list(guest, asked, notes)


def _list(guest: Visit, asked: Asked, notes: list[str]) -> Response:
    lens, page = guest.lens, int(asked.page)
    found, last = _at_page(guest, asked, page)
    if last < page:
        page = last
        notes = [*notes, lens("There are not so many pages: this is the last one.")]
    more = {"day": asked.day} if asked.day else {}
    on = read_day(asked.day)
    return guest.show(
        "duties.html",
        parts=_in_parts(lens, found.rows),
        day=lens.day(on) if on else "",
        of_one=asked.is_of_one,
        shown=_shown(lens, found, page),
        earlier=asked.address(**more, page=str(page - 1)) if page else "",
        later=asked.address(**more, page=str(page + 1)) if page < last else "",
        notes=notes,
        **_frame(guest, asked, found.counted, "", on_day=on),
    )


def _at_page(guest: Visit, asked: Asked, page: int) -> tuple[Found, int]:
    """Give the rows of a page, or of the last one where there are fewer, and which is the last."""
    house, actor, lens = guest.house, guest.who.actor, guest.lens
    found = asked.find(house, actor, lens, limit=PAGE, offset=page * PAGE)
    last = max(0, found.counted.all - 1) // PAGE
    if last < page:
        found = asked.find(house, actor, lens, limit=PAGE, offset=last * PAGE)
    return found, last


def _month(guest: Visit, asked: Asked, notes: list[str]) -> Response:
    lens = guest.lens
    chosen = read_month(asked.month) or this_month(lens)
    house, actor, choice = guest.house, guest.who.actor, asked.choice
    found = find_on(house, actor, choice, lens, (chosen.first_on, chosen.last_on))
    rows = duties.whole(house, actor, shown_of(found.by_day))
    told = {(one.incident, one.duty.item): short_row(lens, one) for one in rows}
    return guest.show(
        "duties_month.html",
        month=drawn_month(lens, chosen, found.by_day, market=choice.market, told=told),
        day_address=asked.address(),
        of_one=asked.is_of_one,
        before=_to_month(lens, asked, chosen.before),
        after=_to_month(lens, asked, chosen.after),
        notes=notes,
        **_frame(guest, asked, found.counted, MONTH, str(chosen)),
    )


def _to_month(lens: Lens, asked: Asked, month: Month | None) -> Drawn | None:
    if month is None:
        return None
    return {"text": month.name(lens), "href": asked.address(view=MONTH, month=str(month))}


def _frame(
    guest: Visit,
    asked: Asked,
    counted: Counted,
    view: str,
    month: str = "",
    on_day: date | None = None,
) -> Drawn:
    """Give what both views begin with: how many there are, the filters, the way to the other."""
    lens = guest.lens
    kept = {"view": view, "month": month} if view else {"day": asked.day} if asked.day else {}
    of_these = ""
    if month or on_day:
        of_these = _of_these(lens, counted.all, month)
        counted = duties.count(guest.house, guest.who.actor, asked.choice)
    return {
        "counted": counted,
        "of_these": of_these,
        "fields": _filter(guest, asked),
        "kept": kept,
        "filtered": asked.is_filtered,
        "all_href": "/duties?" + urlencode(kept) if view else "/duties",
        "empty": _nothing(guest, asked),
        "views": [
            {"title": lens("List"), "href": asked.address(), "current": not view},
            {"title": lens("Month"), "href": asked.address(view=MONTH), "current": bool(view)},
        ],
    }


def _of_these(lens: Lens, count: int, month: str) -> str:
    """Say how many rows stand on the days that are shown, beside those that stand open at all."""
    told = (
        lens.words.ngettext("%(num)s stands in this month.", "%(num)s stand in this month.", count)
        if month
        else lens.words.ngettext("%(num)s stands on this day.", "%(num)s stand on this day.", count)
    )
    return told % {"num": count}


# ---------------------------------------------------------------- rows


def _in_parts(lens: Lens, rows: Iterable[ListedDuty]) -> list[Drawn]:
    """Give the rows of real incidents, and those of exercises under a heading of their own."""
    parts: dict[bool, Drawn] = {}
    for one in rows:
        is_drill = bool(one.drill)
        title = lens("Exercises") if is_drill else lens("Open now")
        part = parts.setdefault(
            is_drill, {"id": "drills" if is_drill else "next", "title": title, "rows": []}
        )
        part["rows"].append(drawn_row(lens, one))
    return list(parts.values())


def drawn_row(lens: Lens, one: ListedDuty) -> Drawn:
    """Give what a row says: when, what, to whom, of which incident, and what it rests on."""
    duty = one.duty
    return {
        "item": duty.item,
        "title": task_name(lens, duty),
        "href": address_of(one),
        "to": authority_name(lens, duty),
        "market": lens.market(duty.place or duty.market),
        "due": lens.due(duty.due_at, clock_of_time(lens, duty)) if duty.due_at else None,
        "by": lens.due(duty.by_at) if duty.due_at is None else None,
        "asked_by": _asked_by(lens, duty),
        "states": states_of(lens, duty),
        "basis": rests_on(lens, duty),
        "rule": rule_of(lens, duty),
        "roles": lens.roles(duty.roles),
        "incident": one.incident,
        "incident_href": f"/incidents/{one.incident}",
        "incident_title": lens.products(one.products or (one.title,)),
        "grade": one.grade or "ungraded",
        "drill": bool(one.drill),
    }


def short_row(lens: Lens, one: ListedDuty) -> Drawn:
    """Give what a day of the month says of a duty; the row of the list says the rest."""
    duty = one.duty
    return {
        **_at(lens, duty),
        "item": duty.item,
        "title": task_name(lens, duty),
        "market": lens.market(duty.place or duty.market),
        "href": address_of(one),
        "incident": one.incident,
        "drill": bool(one.drill),
        "state": states_of(lens, duty)[0] if duty.counts else None,
    }


def _at(lens: Lens, duty: OpenDuty) -> Drawn:
    """Give the time under its day: of a limit that is a day its end there, and our time beside."""
    at, place = lens.clock_time(duty.by_at), clock_of_time(lens, duty)
    if not duty.counts:
        return {"at": at, "here": "", "asked_by": _asked_by(lens, duty)}
    if not place or not lens.ends_day(duty.by_at, place):
        return {"at": at, "here": "", "asked_by": ""}
    if not lens.ends_elsewhere(duty.by_at, place):
        return {"at": at | {"text": lens("end of the day")}, "here": "", "asked_by": ""}
    told = lens("end of the day, %(city)s", city=lens.city(place))
    return {
        "at": at | {"text": told},
        "here": lens("here %(when)s", when=lens.when(duty.by_at)),
        "asked_by": "",
    }


def _asked_by(lens: Lens, duty: OpenDuty) -> str:
    """Say what a time is that is no due time: until when people are asked, and for what."""
    if not duty.counts:
        return lens("no clock runs yet; legal reads the law by")
    return lens("no due time yet; people are asked by")


def address_of(one: ListedDuty) -> str:
    """Give the page of a duty, and where an authority's act stands on the page of its incident."""
    place = "#authority-acts" if one.duty.owed is Owed.ANSWER else f"/{one.duty.item}"
    return f"/incidents/{one.incident}/notice{place}"


def states_of(lens: Lens, duty: OpenDuty) -> list[Drawn]:
    """Say how an open duty stands, the gravest first; each with its word and its shape."""
    found = _over(lens, duty)
    if not duty.counts:
        found.append(_warned(lens("not verified: legal confirms first")))
    elif duty.due_at is None and duty.no_due_why:
        found.append(_warned(lens("no time could be worked out: set it by hand")))
    elif duty.due_at is None:
        found.append(_warned(lens("its time is being worked out")))
    if duty.possible and duty.counts:
        found.append(_warned(lens("possible: a person decides, the clock runs")))
    elif duty.possible:
        found.append(_warned(lens("possible: a person decides")))
    if duty.status is DutyStatus.TOLD:
        told = lens.words.of("DutyStatus", str(DutyStatus.TOLD))
        found.append({"text": told, "tone": "accent", "icon": "running"})
    if not is_past(duty, lens.now) and is_today(lens, duty):
        found.append({"text": lens("due today"), "tone": "warning", "icon": "warned"})
    if duty.owed is Owed.ANSWER:
        told = lens("waits for our answer")
        found.append({"text": told, "tone": "information", "icon": "waiting"})
    return found or [{"text": lens("open"), "tone": "information", "icon": "waiting"}]


def _over(lens: Lens, duty: OpenDuty) -> list[Drawn]:
    """Say that a time is over: of the law, or no more than a target of ours."""
    if duty.is_overdue(lens.now):
        return [{"text": lens("overdue, still open"), "tone": "critical", "icon": "late"}]
    if duty.is_past_ours(lens.now):
        return [_warned(lens("our own target passed, still open"))]
    return []


def _warned(text: str) -> Drawn:
    return {"text": text, "tone": "warning", "icon": "warned"}


def _shown(lens: Lens, found: Found, page: int) -> str:
    """Say which of all rows stand here, where not all of them do."""
    if found.counted.all <= PAGE or not found.rows:
        return ""
    first = page * PAGE + 1
    return lens(
        "%(first)s to %(last)s of %(all)s",
        first=first, last=first + len(found.rows) - 1, all=found.counted.all,
    )  # fmt: skip


# ---------------------------------------------------------------- filtered, or empty


def _filter(guest: Visit, asked: Asked) -> list[Drawn]:
    """Give the fields of the filter: markets and incidents that have a row here."""
    lens, offered = guest.lens, duties.offered(guest.house, guest.who.actor)
    markets = {code: lens.market(code) for code in offered.markets}
    named = {
        number: " · ".join(filter(None, (number, lens.products(products))))
        for number, products in offered.incidents.items()
    }
    for value, known in ((asked.market, markets), (asked.incident, named)):
        if value != ALL:
            known.setdefault(value, value)
    own = {ALL: lens("All"), OWN: lens("Only what my roles are asked for")}
    late = {
        ALL: lens("All that are open"),
        OVERDUE: lens("Only what is overdue"),
        PASSED: lens("Only where no limit is fixed and our own target has passed"),
    }
    return [
        _select("mine", lens("Whose"), asked.mine, own),
        _select("market", lens("Market"), asked.market, {ALL: lens("All markets"), **markets}),
        _select(
            "incident", lens("Incident"), asked.incident, {ALL: lens("All incidents"), **named}
        ),
        _select("time", lens("Which"), asked.time, late),
    ]


def _select(name: str, label: str, value: str, offered: Mapping[str, str]) -> Drawn:
    choices = [{"value": each, "label": words} for each, words in offered.items()]
    return {"name": name, "label": label, "value": value, "choices": choices}


def _nothing(guest: Visit, asked: Asked) -> str:
    """Say why nothing is shown: nothing is owed, the filter leaves none, or it is not seen."""
    lens = guest.lens
    if not guest.who.actor.holds(SEES_INCIDENTS):
        return lens(
            "Your roles do not show you all incidents: what they owe to authorities is not said "
            "here."
        )
    if asked.is_filtered:
        return lens("Nothing of this choice is owed to an authority.")
    return lens("Nothing is owed to an authority.")


# ---------------------------------------------------------------- as plain JSON


def document(one: ListedDuty, now: datetime) -> dict[str, Any]:
    """Give a row as plain JSON."""
    plain: dict[str, Any] = encode(OpenDuty, one.duty)
    return {
        "incident": one.incident,
        "drill": one.drill,
        "grade": one.grade or None,
        "products": list(one.products),
        **plain,
        "law": one.duty.basis == "law",
        "overdue": one.duty.is_overdue(now),
        "own_target_passed": one.duty.is_past_ours(now),
        "href": address_of(one),
    }
