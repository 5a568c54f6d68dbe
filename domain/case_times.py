"""When things happen in a case: lengths of time, moments beside now, and the turns of its steps.

What belongs here: pure arithmetic over a case file. What never does: a clock, or playing a step.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.case_file import Step
from domain.limits import Limit, Unit, parse_limit

MINUTES = {Unit.IMMEDIATELY: 0, Unit.MINUTES: 1, Unit.HOURS: 60, Unit.CALENDAR_DAYS: 1440}
"""Steps are timed in minutes, hours and days: nothing that a calendar would have to count."""

_MOMENT = re.compile(r"\$(now|today)(?: ([+-]) ([0-9]{1,6} (?:min|h|d)))?")


def minutes_of(limit: Limit) -> int:
    """Give a step's length of time in minutes."""
    return limit.amount * MINUTES[limit.unit]


def is_moment(text: str) -> bool:
    """Say whether a `$` text means to be a moment."""
    return text.startswith(("$now", "$today"))


def moment_of(text: str) -> tuple[str, timedelta] | None:
    """Read `$now`, `$now - 20 min`, `$today + 30 d`: the word, and how far from it; else None."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    word, sign, written = found.groups()
    length = timedelta(minutes=minutes_of(parse_limit(written))) if written else timedelta()
    return word, -length if sign == "-" else length


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One time that a step is done: `number` of the step, `turn` from 0, minutes from the report.

    `row` is the row this turn is for, when the step comes again with a row each time.
    """

    number: int
    turn: int
    at_minute: int
    row: Any = None


def turns(steps: Iterable[Step]) -> list[Turn]:
    """Give all turns of all steps in the order of time; at one moment as they are written."""
    found: list[Turn] = []
    for number, step in enumerate(steps):
        start = minutes_of(step.after)
        if step.every is None:
            found.append(Turn(number=number, turn=0, at_minute=start))
            continue
        gap = minutes_of(step.every)
        last = start + gap * (len(step.rows) - 1) if step.until is None else minutes_of(step.until)
        for turn, at_minute in enumerate(range(start, last + 1, gap)):
            row = step.rows[turn] if step.rows else None
            found.append(Turn(number=number, turn=turn, at_minute=at_minute, row=row))
    return sorted(found, key=lambda each: (each.at_minute, each.number))
