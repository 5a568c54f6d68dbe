"""A month of days with what is due on each: weeks from Monday, each duty on its own.

What belongs here: laying out days, and naming those that are off in a market. What never does:
which duties there are, or what is said of one.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date, get_day_names

from activities.calendar_places import ZONES
from activities.calendars import FIRST_YEAR, LAST_YEAR, build_calendar
from api.pages.lens import Drawn, Lens
from domain.clock import Calendar, StepKind, day_kind
from storage.duties import Placed

SHOWN: Final = 3
"""Duties that a day shows; the rest is counted, and stands in the list of the day."""

DAYS: Final = 7

_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True)
class Month:
    """A month of a year that calendars are known for."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_on(self) -> date:
        """Give its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        """Give its last day."""
        return self.first_on.replace(day=calendar.monthrange(self.year, self.number)[1])

    @property
    def before(self) -> "Month | None":
        """Give the month before, where there is one."""
        return _month(self.first_on - timedelta(days=1))

    @property
    def after(self) -> "Month | None":
        """Give the month after, where there is one."""
        return _month(self.last_on + timedelta(days=1))

    def weeks(self) -> list[list[date]]:
        """Give its weeks from Monday, whole: the first and last reach into the months beside."""
        monday = self.first_on - timedelta(days=self.first_on.weekday())
        days = [monday + timedelta(days=n) for n in range((self.last_on - monday).days + 1)]
        days += [days[-1] + timedelta(days=n) for n in range(1, DAYS - self.last_on.weekday())]
        return [days[at : at + DAYS] for at in range(0, len(days), DAYS)]

    def name(self, lens: Lens) -> str:
        """Name it in the reader's language."""
        pattern = "y年M月" if lens.words.is_chinese else "MMMM y"
        return format_date(self.first_on, pattern, lens.locale)


def _month(on: date) -> Month | None:
    return Month(on.year, on.month) if FIRST_YEAR <= on.year <= LAST_YEAR else None


def read_month(text: str) -> Month | None:
    """Read a month of the address; nothing for one that is none, or that nobody can show."""
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    return Month(year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 else None


def this_month(lens: Lens) -> Month:
    """Give the month that it is for the reader."""
    today = lens.now.astimezone(lens.zone).date()
    return Month(today.year, today.month)


ByDay = Mapping[date, Sequence[Placed]]


def shown_of(by_day: ByDay) -> Iterator[Placed]:
    """Give the duties that a month shows: the first ones of each day."""
    for found in by_day.values():
        yield from found[:SHOWN]


def drawn_month(
    lens: Lens,
    month: Month,
    by_day: ByDay,
    *,
    market: str,
    told: Mapping[tuple[str, str], Drawn],
) -> Drawn:
    """Draw a month; `told` says what is shown, and a market's days off are marked by name."""
    known = _days_off(month, market)
    today = lens.now.astimezone(lens.zone).date()
    names = get_day_names("abbreviated", "stand-alone", lens.locale)
    return {
        "title": month.name(lens),
        "note": _note(lens, market, known),
        "heads": [names[day] for day in range(DAYS)],
        "weeks": [
            [
                _day(lens, on, by_day.get(on, ()), known, told)
                | {"inside": _is_in(month, on), "today": _is_in(month, on) and on == today}
                for on in week
            ]
            for week in month.weeks()
        ],
        "count": sum(map(len, by_day.values())),
    }


def _is_in(month: Month, on: date) -> bool:
    """Say whether a day is of the month; the first and last week reach into those beside."""
    return on.month == month.number


def _day(
    lens: Lens,
    on: date,
    rows: Sequence[Placed],
    known: Calendar | None,
    told: Mapping[tuple[str, str], Drawn],
) -> Drawn:
    return {
        "on": on.isoformat(),
        "number": on.day,
        "name": lens.day(on),
        "off": _off(lens, on, known),
        "rows": [told[one.key] for one in rows[:SHOWN] if one.key in told],
        "more": max(0, len(rows) - SHOWN),
    }


def _days_off(month: Month, market: str) -> Calendar | None:
    """Give the calendar of a market that is chosen and has one; the Union has none of its own."""
    if market not in ZONES:
        return None
    years = {month.year, month.weeks()[0][0].year, month.weeks()[-1][-1].year}
    return build_calendar(market, tuple(y for y in sorted(years) if FIRST_YEAR <= y <= LAST_YEAR))


def _off(lens: Lens, on: date, known: Calendar | None) -> str:
    """Say that a day is off, with its name where it has one, or worked instead of another."""
    if known is None or not known.first_on <= on <= known.last_on:
        return ""
    kind = day_kind(on, known)
    if kind is StepKind.MAKE_UP_DAY:
        return lens("worked instead of a day off")
    if kind is StepKind.WORKING_DAY:
        return ""
    named = next((name for name in known.names if name.on == on), None)
    if kind is StepKind.WEEKEND or named is None:
        return lens("day off")
    return lens("day off: %(name)s", name=lens.words.pick(named.en, named.zh or named.en))


def _note(lens: Lens, market: str, known: Calendar | None) -> str:
    """Say whose days off are marked, or that none are."""
    if not market:
        return lens("Choose a market, and its days off are marked.")
    if known is None:
        return lens("No days off are marked: %(market)s has none of its own here.",
                    market=lens.market(market))  # fmt: skip
    return lens("Days off in %(market)s are marked.", market=lens.place(market))
