"""Lengths of time as laws and plans write them ("3 wd", "30 min"), and ways to count them.

What belongs here: the value and its text. What never does: a calendar or an instant
(domain/clock.py counts).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Malformed


class Unit(StrEnum):
    """What a limit counts."""

    IMMEDIATELY = "immediately"
    MINUTES = "minutes"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Counting(StrEnum):
    """How a limit is counted; the module says what each means."""

    ELAPSED = "elapsed"
    OPEN_DAYS = "open_days"
    SAME_TIME = "same_time"
    DAY_AFTER = "day_after"
    DAY_AFTER_ROLLED = "day_after_rolled"
    FIRST_DAY_COUNTS = "first_day_counts"
    FROM_NEXT_DAY = "from_next_day"


COUNTED: dict[Counting, str] = {
    Counting.ELAPSED: "every hour counts, whatever the days",
    Counting.OPEN_DAYS: "days off stand still",
    Counting.SAME_TIME: "to the same time of the last day",
    Counting.DAY_AFTER: "the first day does not count",
    Counting.DAY_AFTER_ROLLED: "the first day does not count, and a last day that is off moves on",
    Counting.FIRST_DAY_COUNTS: "the first day counts",
    Counting.FROM_NEXT_DAY: "whole months from the day after",
}
"""Each counting in words; a refusal says them, and so do the pages (activities/notice_words.py)."""

_OF_HOURS = (Counting.ELAPSED, Counting.OPEN_DAYS)
ALLOWED_COUNTING: dict[Unit, tuple[Counting, ...]] = {
    Unit.IMMEDIATELY: _OF_HOURS,
    Unit.MINUTES: _OF_HOURS,
    Unit.HOURS: _OF_HOURS,
    Unit.CALENDAR_DAYS: (
        Counting.SAME_TIME,
        Counting.DAY_AFTER,
        Counting.DAY_AFTER_ROLLED,
        Counting.FIRST_DAY_COUNTS,
    ),
    Unit.WORKING_DAYS: (Counting.DAY_AFTER, Counting.SAME_TIME, Counting.FIRST_DAY_COUNTS),
    Unit.MONTHS: (
        Counting.DAY_AFTER,
        Counting.DAY_AFTER_ROLLED,
        Counting.SAME_TIME,
        Counting.FROM_NEXT_DAY,
    ),
}
"""Which countings fit a unit; the first is the usual one."""

LARGEST: dict[Unit, int] = {
    Unit.IMMEDIATELY: 0,
    Unit.MINUTES: 100_000,
    Unit.HOURS: 100_000,
    Unit.CALENDAR_DAYS: 3_660,
    Unit.WORKING_DAYS: 3_660,
    Unit.MONTHS: 120,
}
"""Amounts beyond which a limit is a slip of the pen: ten years in days or months."""

_UNIT_TEXT = {
    Unit.MINUTES: "min",
    Unit.HOURS: "h",
    Unit.CALENDAR_DAYS: "d",
    Unit.WORKING_DAYS: "wd",
    Unit.MONTHS: "mo",
}
_UNIT_OF_TEXT = {text: unit for unit, text in _UNIT_TEXT.items()}
_LIMIT = re.compile(r"([-\u2212]?)\s*([0-9]{1,6})\s*(min|h|d|wd|mo)")


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time as plan or law gives it; negative amounts lie before the start."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse an amount beyond reason, or one beside `immediately`."""
        largest = LARGEST[self.unit]
        if abs(self.amount) > largest:
            raise Malformed(
                f"{self.amount} {self.unit} is not a limit.",
                f"Use at most {largest:,} of this unit, and no number with 'at once'.",
            )

    @property
    def text(self) -> str:
        """Write the limit as the plan does, such as "3 wd"; `parse_limit` reads it back."""
        if self.unit is Unit.IMMEDIATELY:
            return "at once"
        return f"{self.amount} {_UNIT_TEXT[self.unit]}"


def parse_limit(text: str) -> Limit:
    """Read a limit as the plan writes it: "30 min", "4 h", "10 d", "3 wd", "2 mo", "at once".

    A leading minus puts it before the event ("-24 h"). Raises Malformed for anything else.
    """
    words = text.strip().lower()
    if words in ("at once", "immediately"):
        return Limit(0, Unit.IMMEDIATELY)
    found = _LIMIT.fullmatch(words)
    if found is None:
        raise Malformed(
            f"{text!r:.80} is not a limit.",
            "Write a whole number and min, h, d (calendar days), wd (working days) or mo (months), "
            "such as '30 min', '3 wd' or '-24 h' for before the event; or 'at once'.",
            code="bad_limit",
        )
    sign, digits, unit = found.groups()
    return Limit(-int(digits) if sign else int(digits), _UNIT_OF_TEXT[unit])
