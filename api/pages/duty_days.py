"""On which day a duty stands: the authority's own where its limit ends with a day, else ours.

What belongs here: days of an address, and the rows that stand on them. What never does: a due time,
or what is said of a row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from itertools import chain
from typing import Final

from activities.calendars import FIRST_YEAR, LAST_YEAR
from api.pages.duty_names import clock_of
from api.pages.lens import Lens
from domain.errors import Malformed
from domain.open_duties import OpenDuty
from domain.people import Actor
from domain.urgency import is_overdue, is_past_ours
from services import duties
from services.duties import Choice
from services.house import House
from storage.duties import Counted, Placed

A_DAY: Final = timedelta(days=1)


def read_day(text: str) -> date | None:
    """Read a day of the address, nothing for none. Raises Malformed for one that is no day."""
    try:
        on = date.fromisoformat(text) if text else None
    except ValueError:
        on = date.min
    if on is not None and not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise Malformed(
            f"{text} is no day that duties can stand on.",
            f"Write a day from {FIRST_YEAR} to {LAST_YEAR}, such as 2026-12-31.",
            code="bad_day",
        )
    return on


def clock_of_time(lens: Lens, duty: OpenDuty | Placed) -> str:
    """Give the place whose clock a row's time counts by; until there is a due time it is ours."""
    return clock_of(duty, lens) if duty.due_at is not None else ""


def day_of(lens: Lens, duty: OpenDuty | Placed) -> date:
    """Give the day that a row stands on."""
    return lens.due_on(duty.by_at, clock_of_time(lens, duty))


def is_today(lens: Lens, duty: OpenDuty) -> bool:
    """Say whether a due time is today, by the day of the limit or by our own clock."""
    if duty.due_at is None:
        return False
    today = lens.now.astimezone(lens.zone).date()
    return today in (duty.due_at.astimezone(lens.zone).date(), day_of(lens, duty))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDays:
    """Where duties stand on some days, by day, and how many there are."""

    by_day: Mapping[date, Sequence[Placed]]
    counted: Counted


def find_on(
    house: House, actor: Actor, choice: Choice, lens: Lens, days: tuple[date, date]
) -> OnDays:
    """Place all duties that stand on days, both included, and count them.

    A day there begins and ends up to a day away from ours: rows beside are read, and left out.
    A month holds thousands and shows a few of each day: what a row says is read of those alone.
    """
    first, last = days
    wide = replace(
        choice,
        due_from=datetime.combine(first - A_DAY, clock_time(), lens.zone),
        due_until=datetime.combine(last + 2 * A_DAY, clock_time(), lens.zone),
    )
    by_day: dict[date, list[Placed]] = defaultdict(list)
    for one in duties.placed(house, actor, wide):
        on = day_of(lens, one)
        if first <= on <= last:
            by_day[on].append(one)
    return OnDays(by_day=by_day, counted=_counted(chain(*by_day.values()), lens.now))


def _counted(found: Iterable[Placed], now: datetime) -> Counted:
    rows = list(found)
    real = [one for one in rows if not one.drill]
    return Counted(
        real=len(real),
        late=sum(is_overdue(one, now) for one in real),
        passed=sum(is_past_ours(one, now) for one in real),
        exercises=len(rows) - len(real),
    )
