"""A derivation as a value: a due time, and the steps that led there.

What belongs here: the kinds of steps and the values. What never does: counting (domain/clock.py) or
a sentence (domain/clock_words.py). A kind once given out keeps its meaning: derivations are kept.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.limits import Counting, Limit

SECOND = timedelta(seconds=1)


class StepKind(StrEnum):
    """What one step of a derivation says."""

    STARTED = "started"
    AT_ONCE = "at_once"
    ELAPSED = "elapsed"
    TIME_COUNTED = "time_counted"
    REPEATED_HOUR = "repeated_hour"
    FIRST_DAY_NOT_COUNTED = "first_day_not_counted"
    DAYS_COUNTED = "days_counted"
    MONTHS_COUNTED = "months_counted"
    MONTH_END = "month_end"
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    ROLLED = "rolled"
    SAME_TIME = "same_time"
    GAP = "gap"
    DUE = "due"
    END_OF_DAY = "end_of_day"
    START_OF_DAY = "start_of_day"
    NOT_PUBLISHED = "not_published"
    ESTIMATED = "estimated"
    IMPUTED = "imputed"
    OFFICER_KNEW = "officer_knew"
    OF_A_SERIES = "of_a_series"


WORKED = frozenset({StepKind.WORKING_DAY, StepKind.MAKE_UP_DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a derivation: it moved the instant by `seconds`, to `at`.

    `on` to `through` are the local dates it speaks of, `clock` the local time at `at`, `count` the
    days counted so far, `name` and `name_zh` what a day off is called (the zone, at the start).
    """

    kind: StepKind
    on: date
    through: date
    at: datetime
    clock: str
    seconds: int
    count: int
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a limit is over, and the steps that led there; `provisional` when days may change."""

    due_at: datetime
    start_at: datetime
    limit: Limit
    counting: Counting
    calendar: str
    calendar_hash: str
    provisional: bool
    steps: tuple[Step, ...]
