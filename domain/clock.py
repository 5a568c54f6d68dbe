"""Deadline arithmetic over a `Calendar` value; every result explains itself, step by step.

What belongs here: limits ("3 wd"), calendars as values, and how one leads to an instant. What
never does: the present time, a time zone database, a holiday library, or which law gives which
limit. A calendar says which dates it covers; beyond them nothing is guessed.

How is counted (`Counting`):

    elapsed            minutes, hours: every second counts
    open_days          minutes, hours: time on days off stands still (16 CFR 1115.14; HSA)
    same_time          days, months: the same local time n days later; a start on a day off waits
                       for the next working day, whose whole length then counts
    day_after          days, months: the first day does not count, the last ends with its last
                       second (民法典 201; Regulation 1182/71 art. 3)
    day_after_rolled   the same; a last day that is a day off moves on to the next working day
                       (民法典 203; Regulation 1182/71 art. 3(4))
    first_day_counts   days: the first day is day one
    from_next_day      months: they begin with the day after the start and end with the day before
                       the one that bears its number, with the last of a month that has none; from
                       the first of a month they are whole months (Civil Code of Taiwan 121)

Clock changes. A local time that does not exist means the first instant after the gap. A local time
that happens twice means its first pass, as a start: the beginning of the repeated hour. Each is the
earlier reading; with them a later start never has an earlier due time. Limits before an event
are negative: the nth day back begins with its first second, so that n whole days lie between.
An amount of 0 changes nothing. Days are counted from the whole second.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import partial
from itertools import pairwise

from domain.derivation import SECOND, WORKED, Due, Step, StepKind
from domain.errors import Malformed
from domain.limits import ALLOWED_COUNTING, Counting, Limit, Unit, parse_limit

DAY = timedelta(days=1)

__all__ = [
    "ALLOWED_COUNTING",
    "DAY",
    "WORKED",
    "Calendar",
    "Counting",
    "DayName",
    "Doubt",
    "Due",
    "Limit",
    "OffsetChange",
    "Provisional",
    "Step",
    "StepKind",
    "Unit",
    "day_kind",
    "due",
    "is_working_day",
    "local",
    "parse_limit",
    "retrace",
]

# ---------------------------------------------------------------- the calendar


class Doubt(StrEnum):
    """Why the days off of a time are not certain."""

    NOT_PUBLISHED = "not_published"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetChange:
    """From this instant on, local time is UTC plus `seconds`."""

    from_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayName:
    """What a day off is called, for explanations only; `zh` is empty where nobody gave a name."""

    on: date
    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisional:
    """First and last date of a time whose days off may still change, and why."""

    first_on: date
    last_on: date
    reason: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are worked, and what the clock shows, in one place and for the covered dates.

    `offsets` ascend and begin no later than the first covered day; `weekend` counts from Monday
    as 0; a make-up day is worked although it is a weekend day or holiday. `hash` is SHA-256 over
    the canonical form of everything else.
    """

    code: str
    zone: str
    offsets: tuple[OffsetChange, ...]
    weekend: tuple[int, ...]
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
    first_on: date
    last_on: date
    source: str
    version: str
    hash: str
    names: tuple[DayName, ...] = ()
    provisional: tuple[Provisional, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a calendar that could not answer."""
        starts = [change.from_at for change in self.offsets]
        if not starts or starts != sorted(starts) or self.first_on > self.last_on:
            raise Malformed(
                f"Calendar {self.code} has no dates, or its clock changes are not in order.",
                "Build it again from the calendar sources.",
                code="bad_calendar",
            )


def day_kind(on: date, calendar: Calendar) -> StepKind:
    """Say what a local date is: working day, make-up day, holiday or weekend."""
    _require(on, calendar)
    if on in calendar.make_up_days:
        return StepKind.MAKE_UP_DAY
    if on in calendar.holidays:
        return StepKind.HOLIDAY
    return StepKind.WEEKEND if on.weekday() in calendar.weekend else StepKind.WORKING_DAY


def is_working_day(on: date, calendar: Calendar) -> bool:
    """Say whether a local date is worked."""
    return day_kind(on, calendar) in WORKED


def local(at: datetime, calendar: Calendar) -> datetime:
    """Show an instant on the calendar's clock (aware, fixed offset); Malformed if not covered."""
    shown = _shown(at, calendar)
    _require(shown.date(), calendar)
    return shown


def _require(on: date, calendar: Calendar) -> None:
    if not calendar.first_on <= on <= calendar.last_on:
        _refuse_year(on.year, calendar)


def _refuse_year(year: int, calendar: Calendar) -> None:
    raise Malformed(
        f"Calendar {calendar.code} does not cover the year {year}: it holds "
        f"{calendar.first_on} to {calendar.last_on}.",
        f"Build a calendar that covers {year}; days off are never guessed.",
        code="calendar_not_covered",
    )


def _shown(at: datetime, calendar: Calendar) -> datetime:
    offset = next((c for c in reversed(calendar.offsets) if c.from_at <= at), calendar.offsets[0])
    return at.astimezone(timezone(timedelta(seconds=offset.seconds)))


def instant(on: date, clock: time, calendar: Calendar) -> datetime:
    """Give the instant of a local time: the first of two, or the first after a gap."""
    wall = datetime.combine(on, clock, UTC)
    changes = calendar.offsets
    for change, following in pairwise(changes):
        at = wall - timedelta(seconds=change.seconds)
        if at < following.from_at:
            return max(at, change.from_at)
    last = changes[-1]
    return max(wall - timedelta(seconds=last.seconds), last.from_at)


def _repeat_began_at(at: datetime, calendar: Calendar) -> datetime | None:
    """Give the start of the repeated hour whose first pass holds `at`, if any."""
    for before, after in pairwise(calendar.offsets):
        began_at = after.from_at - timedelta(seconds=before.seconds - after.seconds)
        if began_at < at < after.from_at:
            return began_at
    return None


# ---------------------------------------------------------------- counting


class _Trail:
    """A derivation while it is written: where the instant stands, and the steps so far."""

    def __init__(self, start_at: datetime, calendar: Calendar, *, forward: bool) -> None:
        self.calendar = calendar
        self.forward = forward
        self.one = DAY if forward else -DAY
        self.at = start_at
        self.on = _shown(start_at, calendar).date()
        self.steps: list[Step] = []
        self.add(StepKind.STARTED, start_at, self.on)

    def add(
        self, kind: StepKind, to_at: datetime, on: date, last: date | None = None, count: int = 0
    ) -> None:
        """Move the instant to `to_at` and say why; refuses dates that are not covered."""
        through = last or on
        for day in (on, through):
            _require(day, self.calendar)
        name, name_zh = self._name(kind, on)
        self.steps.append(
            Step(
                kind=kind,
                on=on,
                through=through,
                at=to_at,
                clock=f"{_shown(to_at, self.calendar):%H:%M}",
                seconds=(to_at - self.at) // SECOND,
                count=count,
                name=name,
                name_zh=name_zh,
            )
        )
        self.at = to_at

    def _name(self, kind: StepKind, on: date) -> tuple[str, str]:
        if kind is StepKind.STARTED:
            return self.calendar.zone, self.calendar.zone
        names = self.calendar.names if kind in (StepKind.HOLIDAY, StepKind.ROLLED) else ()
        return next(((n.en, n.zh or n.en) for n in names if n.on == on), ("", ""))

    def edge(self, on: date) -> datetime:
        """Give the far end of a local day, in the direction of counting."""
        return instant(on + DAY if self.forward else on, time.min, self.calendar)

    def end(self, on: date) -> None:
        """Stop with the last second of a day; counting back, with its first."""
        if self.forward:
            self.add(StepKind.END_OF_DAY, self.at - SECOND, on)
        else:
            self.add(StepKind.START_OF_DAY, self.at, on)

    def start_clock(self) -> time:
        """Give the local time of the start, at the beginning of an hour that happens twice."""
        began_at = _repeat_began_at(self.at, self.calendar)
        if began_at is not None:
            self.add(StepKind.REPEATED_HOUR, began_at, self.on)
        return _shown(self.at, self.calendar).time()

    def same_time(self, on: date, clock: time) -> None:
        """Stop at a local time, saying so when that time does not exist on the day."""
        exists = _shown(self.at, self.calendar).time() == clock
        self.add(StepKind.SAME_TIME if exists else StepKind.GAP, self.at, on)


def due(
    start_at: datetime, limit: Limit, calendar: Calendar, counting: Counting | None = None
) -> Due:
    """Say when `limit`, counted from `start_at`, is over, with every step of the way.

    `counting` is the usual one of the unit unless given (`ALLOWED_COUNTING`). Raises Malformed when
    the start has no zone, the counting does not fit the unit, or the calendar does not cover a date
    that is needed (`calendar_not_covered`, naming the year).
    """
    chosen = _fitting(limit, counting)
    if start_at.tzinfo is None:
        raise Malformed("The start has no time zone.", "Give an instant with its zone.")
    at = start_at.astimezone(UTC)
    exact = limit.amount == 0 or chosen is Counting.ELAPSED
    trail = _Trail(at if exact else at.replace(microsecond=0), calendar, forward=limit.amount >= 0)
    _count(trail, limit, chosen)
    provisional = _doubt(trail, limit, chosen)
    return Due(
        due_at=trail.at,
        start_at=at,
        limit=limit,
        counting=chosen,
        calendar=calendar.code,
        calendar_hash=calendar.hash,
        provisional=provisional,
        steps=tuple(trail.steps),
    )


def retrace(result: Due) -> datetime:
    """Fold the steps of a derivation to the due time again, from its first step alone."""
    return result.steps[0].at + sum((step.seconds for step in result.steps), 0) * SECOND


def _fitting(limit: Limit, counting: Counting | None) -> Counting:
    allowed = ALLOWED_COUNTING[limit.unit]
    if counting is not None and counting not in allowed:
        raise Malformed(
            f"{limit.text!r} cannot be counted as {counting}.",
            f"Count {limit.unit} as one of: {', '.join(allowed)}.",
            code="bad_counting",
        )
    return counting or allowed[0]


def _count(trail: _Trail, limit: Limit, counting: Counting) -> None:
    if limit.amount == 0:
        trail.add(StepKind.AT_ONCE, trail.at, trail.on)
    elif limit.unit in (Unit.MINUTES, Unit.HOURS):
        length = limit.amount * timedelta(seconds=60 if limit.unit is Unit.MINUTES else 3600)
        (_elapse if counting is Counting.ELAPSED else _pass_on_open_days)(trail, length)
    elif limit.unit is Unit.WORKING_DAYS:
        _work(trail, abs(limit.amount), counting)
    elif counting is Counting.SAME_TIME:
        _days_at_same_time(trail, limit)
    else:
        _whole_days(trail, limit, counting)


def _elapse(trail: _Trail, length: timedelta) -> None:
    to_at = trail.at + length
    trail.add(StepKind.ELAPSED, to_at, trail.on, _shown(to_at, trail.calendar).date())


def _pass_on_open_days(trail: _Trail, length: timedelta) -> None:
    left, on = abs(length), trail.on
    while left:
        edge_at = trail.edge(on)
        kind = day_kind(on, trail.calendar)
        if kind in WORKED:
            used = min(left, abs(edge_at - trail.at))
            left -= used
            if used:
                to_at = trail.at + (used if trail.forward else -used)
                trail.add(StepKind.TIME_COUNTED, to_at, on)
        elif edge_at != trail.at:
            trail.add(kind, edge_at, on)
        on += trail.one
    trail.add(StepKind.DUE, trail.at, _shown(trail.at, trail.calendar).date())


def _work(trail: _Trail, amount: int, counting: Counting) -> None:
    on = last_on = trail.on
    arrive: Callable[[date], datetime] = trail.edge
    clock: time | None = None
    if counting is Counting.SAME_TIME and is_working_day(on, trail.calendar):
        clock = trail.start_clock()
        arrive = partial(instant, clock=clock, calendar=trail.calendar)
        on += trail.one
    elif counting is Counting.DAY_AFTER:
        trail.add(StepKind.FIRST_DAY_NOT_COUNTED, trail.edge(on), on)
        on += trail.one
    counted = 0
    while counted < amount:
        kind = day_kind(on, trail.calendar)
        counted += kind in WORKED
        trail.add(kind, arrive(on), on, count=counted)
        last_on, on = on, on + trail.one
    if clock is None:
        trail.end(last_on)
    else:
        trail.same_time(last_on, clock)


def _days_at_same_time(trail: _Trail, limit: Limit) -> None:
    last_on = _last_on(trail, limit)
    if limit.unit is Unit.MONTHS and last_on.day != trail.on.day:
        _to_the_end_of_month(trail, limit, last_on)
        return
    clock = trail.start_clock()
    _tell_days(trail, limit, last_on, instant(last_on, clock, trail.calendar))
    trail.same_time(last_on, clock)


def _to_the_end_of_month(trail: _Trail, limit: Limit, last_on: date) -> None:
    """End with the last day of a month that lacks the day of the start, counted either way.

    So says Regulation (EEC, Euratom) 1182/71 art. 3(2)(c); and who starts later, on a day that the
    month has, is never due earlier.
    """
    _tell_days(trail, limit, last_on, instant(last_on + DAY, time.min, trail.calendar))
    trail.add(StepKind.END_OF_DAY, trail.at - SECOND, last_on)


def _whole_days(trail: _Trail, limit: Limit, counting: Counting) -> None:
    if counting is Counting.FIRST_DAY_COUNTS:
        trail.on -= trail.one
    else:
        trail.add(StepKind.FIRST_DAY_NOT_COUNTED, trail.edge(trail.on), trail.on)
    if counting is Counting.FROM_NEXT_DAY:
        _months_from_next_day(trail, limit)
        return
    last_on = _last_on(trail, limit)
    _tell_days(trail, limit, last_on, trail.edge(last_on))
    if counting is Counting.DAY_AFTER_ROLLED:
        last_on = _roll(trail, last_on)
    trail.end(last_on)


def _months_from_next_day(trail: _Trail, limit: Limit) -> None:
    """Count months that begin with a day: 30 November, from 1 December on, ends with 31 December.

    A last month without such a day ends with its own last day, and is not shortened by one more;
    counted back, the day behind it stands for the one that it lacks.
    """
    first_on = trail.on = trail.on + trail.one
    last_on = _last_on(trail, limit)
    if last_on.day == first_on.day or not trail.forward:
        last_on -= trail.one
    else:
        trail.add(StepKind.MONTH_END, trail.at, last_on)
    count = abs(limit.amount)
    trail.add(StepKind.MONTHS_COUNTED, trail.edge(last_on), first_on, last_on, count=count)
    trail.end(last_on)


def _tell_days(trail: _Trail, limit: Limit, last_on: date, to_at: datetime) -> None:
    months = limit.unit is Unit.MONTHS
    if months and last_on.day != trail.on.day:
        trail.add(StepKind.MONTH_END, trail.at, last_on)
    kind = StepKind.MONTHS_COUNTED if months else StepKind.DAYS_COUNTED
    trail.add(kind, to_at, trail.on + trail.one, last_on, count=abs(limit.amount))


def _last_on(trail: _Trail, limit: Limit) -> date:
    if limit.unit is not Unit.MONTHS:
        return trail.on + timedelta(days=limit.amount)
    year, month = divmod(trail.on.year * 12 + trail.on.month - 1 + limit.amount, 12)
    if not trail.calendar.first_on.year <= year <= trail.calendar.last_on.year:
        _refuse_year(year, trail.calendar)
    return date(year, month + 1, min(trail.on.day, monthrange(year, month + 1)[1]))


def _roll(trail: _Trail, last_on: date) -> date:
    on = last_on
    while not is_working_day(on, trail.calendar):
        on += trail.one
    if on != last_on:
        trail.add(StepKind.ROLLED, trail.edge(on), last_on, on)
    return on


def _doubt(trail: _Trail, limit: Limit, counting: Counting) -> bool:
    """Say which dates of the way may still change; only where days off were asked for."""
    if limit.unit is not Unit.WORKING_DAYS and counting not in (
        Counting.OPEN_DAYS,
        Counting.DAY_AFTER_ROLLED,
    ):
        return False
    dates = [day for step in trail.steps for day in (step.on, step.through)]
    before = len(trail.steps)
    for span in trail.calendar.provisional:
        first, last = max(span.first_on, min(dates)), min(span.last_on, max(dates))
        if first <= last and limit.amount:
            trail.add(StepKind(span.reason.value), trail.at, first, last)
    return len(trail.steps) > before
