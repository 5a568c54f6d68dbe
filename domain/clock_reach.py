"""Times beyond what a calendar covers, and shares of a time: always an instant, never an error.

What belongs here: the two sums that every look at an incident needs, made total: an error in one of
them would stop every clock and every act. What never does: a deadline of law (domain/clock.py),
which is refused where nobody knows the days off.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.limits import Limit, Unit

FAR: Final = datetime(2999, 12, 31, tzinfo=UTC)
"""As far ahead as any clock is told."""


def share(start_at: datetime, due_at: datetime, percent: int) -> datetime:
    """Give the instant when `percent` of the time from start to due is over, for ladder rungs.

    150 is half the time after the due time; the result is cut to the microsecond, and is never
    behind `FAR`: a clock that cannot be told must not stop the others.
    """
    try:
        return min(start_at + (due_at - start_at) * percent // 100, FAR)
    except OverflowError:
        return FAR


def plainly(start_at: datetime, limit: Limit) -> datetime:
    """Count a limit as if every day were worked, for dates that no calendar covers.

    It comes out early, never late; a month counts as 28 days. Never behind `FAR`.
    """
    days = {Unit.CALENDAR_DAYS: 1, Unit.WORKING_DAYS: 1, Unit.MONTHS: 28}
    minutes = {Unit.MINUTES: 1, Unit.HOURS: 60}
    length = timedelta(
        days=limit.amount * days.get(limit.unit, 0),
        minutes=limit.amount * minutes.get(limit.unit, 0),
    )
    try:
        return min(start_at.astimezone(UTC) + length, FAR)
    except OverflowError:
        return FAR if length > timedelta() else start_at
