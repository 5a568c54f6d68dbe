"""The calendar of duties: the file that calendar programs fetch, and the page where one gets it.

What belongs here: a duty as an event of RFC 5545, and the page of one's own address. What never
does: which duties a person may see (services/calendars.py), or a due time.

Whoever has the address reads the file, and a wrong one is answered alike whatever is wrong with it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from icalendar import Alarm, Calendar, Event
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.access import address_of, house_of
from api.pages.duty_days import clock_of_time
from api.pages.duty_list import address_of as page_of_duty
from api.pages.duty_list import states_of
from api.pages.duty_names import authority_name, rests_on, rule_of, task_name
from api.pages.frame import Guest, Visit, form_of
from api.pages.lens import Lens, lens_for
from api.rendering import written_in
from domain.clock_reach import share
from domain.duties import DutyDue
from domain.errors import TooMany
from domain.ledger import Entry
from domain.open_duties import OpenDuty, Owed
from domain.plan import Plan
from domain.severity import Grade
from services import calendars
from services.calendars import CALENDARS, ENDING
from services.house import House
from services.people import GUESSES_PER_ADDRESS, Signed
from storage.duties import ListedDuty

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

KEPT_NOWHERE: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
MAKE: Final = "make"
REVOKE: Final = "revoke"
STEPS_SHOWN: Final = 3
"""Steps of a derivation that an event tells: the last ones, which name the day."""

A_MOMENT: Final = timedelta(seconds=1)
"""How long an event lasts: an end has to be behind the beginning (RFC 5545, 3.8.2.2)."""

A_DAY: Final = timedelta(days=1)
WHOLE: Final = 100

Derived = Mapping[tuple[str, int], Entry]


@router.get("/calendar/{address:path}")  # noqa: FAST003 - the path as it came
def calendar(request: Request) -> Response:
    """Give a person's calendar; every other address is answered alike."""
    house = house_of(request)
    secret = request.scope["path"].removeprefix(CALENDARS)
    who = calendars.whose(house, secret.removesuffix(ENDING)) if secret.endswith(ENDING) else None
    if who is None:
        _note_guess(request, house)
        return Response("There is nothing at this address.\n", 404, KEPT_NOWHERE, "text/plain")
    return Response(_file(house, who), 200, KEPT_NOWHERE, "text/calendar")


def _note_guess(request: Request, house: House) -> None:
    """Count a wrong address for where it was asked from. Raises TooMany."""
    key, now = f"calendar {address_of(request)}", house.now().timestamp()
    try:
        request.app.state.attempts.note(key, GUESSES_PER_ADDRESS, now)
    except TooMany as told:
        raise TooMany(
            "Too many wrong addresses of calendars were asked for.", "Try again in some minutes."
        ) from told


# ---------------------------------------------------------------- the file


def _file(house: House, who: Signed) -> bytes:
    rules = house.current_rules()
    lens = lens_for(house, who, written_in(who.language), now=house.now(), rules=rules)
    rows = calendars.shown(house, who)
    derived = calendars.derivations(house, rows)
    made = Calendar()
    made.add("prodid", "-//Andon//Duties to authorities//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", lens("Duties to authorities"))
    made.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for one in rows:
        made.add_component(_event(lens, rules.plan, house.settings.console_url, one, derived))
    return bytes(made.to_ical())


def _event(lens: Lens, plan: Plan, base: str, one: ListedDuty, derived: Derived) -> Event:
    """Give a duty as an event at its due time; its number rises whenever that moves."""
    duty, due_at = one.duty, one.duty.due_at
    assert due_at is not None
    entry = derived.get((one.incident, duty.due_seq or 0))
    changed_at = entry.recorded_at if entry else duty.start_at
    name, link = _name(lens, duty), f"{base}{page_of_duty(one)}"
    event = Event()
    event.add("uid", f"{one.incident}.{duty.item}@andon")
    event.add("dtstamp", _whole(changed_at))
    event.add("last-modified", _whole(changed_at))
    event.add("sequence", duty.changes)
    event.add("dtstart", _whole(due_at))
    event.add("dtend", _whole(due_at) + A_MOMENT)
    event.add("summary", f"{name} · {_title(lens, one)}")
    event.add("description", "\n".join(_told(lens, one, entry, link)))
    event.add("url", link)
    event.add("status", "TENTATIVE" if duty.possible else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for before in alarms(plan, one):
        event.add_component(_alarm(name, before))
    return event


def _name(lens: Lens, duty: OpenDuty) -> str:
    """Name a duty so that two of one incident never read alike: number, place and person too."""
    return f"{duty.item} · {task_name(lens, duty)} · {lens.market(duty.place or duty.market)}"


def _title(lens: Lens, one: ListedDuty) -> str:
    """Say for whom, how it binds, and the day of the authority where the limit is a day."""
    duty, place = one.duty, clock_of_time(lens, one.duty)
    assert duty.due_at is not None
    by_day = lens.due(duty.due_at, place)["text"] if lens.ends_day(duty.due_at, place) else ""
    basis = "authority" if duty.owed is Owed.ANSWER else str(duty.basis or "")
    binds = lens.words.of("binds", basis) if basis else ""
    return " · ".join(filter(None, (by_day, authority_name(lens, duty), binds, one.incident)))


def _told(lens: Lens, one: ListedDuty, entry: Entry | None, link: str) -> Iterator[str]:
    """Say what stands behind a duty: how it stands, what it rests on, the last steps, the page."""
    duty = one.duty
    yield lens.listed(state["text"] for state in states_of(lens, duty))
    yield from filter(None, (rests_on(lens, duty), rule_of(lens, duty)))
    if entry is not None and isinstance(entry.event, DutyDue):
        steps = zip(entry.event.steps_en, entry.event.steps_zh, strict=False)
        yield from [lens.words.pick(*pair) for pair in steps][-STEPS_SHOWN:]
    yield link


def alarms(plan: Plan, one: ListedDuty) -> list[timedelta]:
    """Give how long before a duty is due its alarms ring: at the plan's shares of its time.

    And a day before where it has more than two; each once, the earliest first.
    """
    duty, due_at = one.duty, one.duty.due_at
    assert due_at is not None
    grade = Grade(one.grade) if one.grade else Grade.MINOR
    shares = (rung.percent for rung in plan.ladder_for(grade) if rung.percent < WHOLE)
    before = {due_at - share(duty.start_at, due_at, percent) for percent in shares}
    before |= {A_DAY} if due_at - duty.start_at > 2 * A_DAY else set()
    whole = {timedelta(minutes=one // timedelta(minutes=1)) for one in before}
    return sorted((one for one in whole if one), reverse=True)


def _alarm(name: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", -before)
    return alarm


def _whole(at: datetime) -> datetime:
    """Cut an instant to the second: a calendar knows no parts of one."""
    return at.replace(microsecond=0)


# ---------------------------------------------------------------- the page of one's own


@router.get("/duties/calendar")
def own(guest: Guest) -> Response:
    """Show whether one's calendar has an address, and how to get another."""
    return _page(guest)


@router.post("/duties/calendar")
async def change(guest: Guest) -> Response:
    """Make a new address, which is shown once, or revoke the one there is."""
    form = await form_of(guest.request, guest.who)
    return await run_in_threadpool(_changed, guest, str(form.get("act", "")))


def _changed(guest: Visit, act: str) -> Response:
    if act == MAKE:
        secret = calendars.make(guest.house, guest.who.id)
        return _page(guest, address=calendars.address_of(guest.house, secret))
    if act == REVOKE:
        calendars.revoke(guest.house, guest.who.id)
    return _page(guest)


def _page(guest: Visit, address: str = "") -> Response:
    made = calendars.made_at(guest.house, guest.who.id)
    answer = guest.show(
        "duties_calendar.html",
        made=guest.lens.when(made) if made else "",
        address=address,
        csrf=guest.who.csrf,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
