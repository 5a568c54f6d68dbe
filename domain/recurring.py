"""Limits that come again: the nth of a series, and a time that starts anew with new information.

What belongs here: both sums with their derivation. What never does: which report is due again, and
on what occasion (domain/triggers.py, plan/).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.clock import Calendar, Counting, Due, Limit, StepKind, due, local
from domain.errors import Malformed


def nth(
    first_at: datetime,
    every: Limit,
    number: int,
    calendar: Calendar,
    counting: Counting | None = None,
) -> Due:
    """Say when the nth of a series is due that comes `every` so often after the first.

    Number 1 is the next one after `first_at`. Each is counted from the first and not from the one
    before: after 31 January come 28 February and 31 March, and a last day that moved on from a
    day off does not move those behind it. Raises Malformed for a number below 1 or beyond reason.
    """
    if number < 1 or every.amount < 1:
        raise Malformed(
            f"There is no number {number} in a series of every {every.text}.",
            "Count from 1, and repeat after at least one minute, hour, day or month.",
        )
    whole = Limit(every.amount * number, every.unit)
    found = due(first_at, whole, calendar, counting)
    start = found.steps[0]
    told = replace(start, kind=StepKind.OF_A_SERIES, count=number, seconds=0, name="", name_zh="")
    return replace(found, steps=(start, told, *found.steps[1:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """What new information leads to: `due` is None where it came too late to ask for a report.

    `until` is the end of the time in which it counts, None where no calendar reaches so far; `on`
    and `clock` are the local date and time at which the information came.
    """

    until: Due | None
    due: Due | None
    on: date
    clock: str


def restarted(
    first_at: datetime,
    new_information_at: datetime,
    within: Limit,
    limit: Limit,
    calendar: Calendar,
    counting: Counting | None = None,
) -> Restart:
    """Count a limit anew from new information that came within a time after the first report.

    So 21 USC 364a(b)(2): 15 working days again, within a year. Raises Malformed as `due` does.
    """
    told = local(new_information_at, calendar)
    anew = came_within(first_at, new_information_at, within, calendar)
    return Restart(
        until=_until(first_at, within, calendar),
        due=due(new_information_at, limit, calendar, counting) if anew else None,
        on=told.date(),
        clock=f"{told:%H:%M}",
    )


def came_within(first_at: datetime, at: datetime, within: Limit, calendar: Calendar) -> bool:
    """Say whether an instant lies within a time after the first; where nobody knows, it does."""
    until = _until(first_at, within, calendar)
    return until is None or at <= until.due_at


def _until(first_at: datetime, within: Limit, calendar: Calendar) -> Due | None:
    try:
        return due(first_at, within, calendar)
    except Malformed:  # The calendar ends before: still within, the safer side.
        return None
