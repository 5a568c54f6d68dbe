"""When things happen in a case: lengths of time, moments beside now, and the turns of its steps.

What belongs here: pure arithmetic over a case file. What never does: a clock, or playing a step.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.case_file import Step

LENGTH = r"(?:[0-9]{1,4} d)?(?: ?[0-9]{1,4} h)?(?: ?[0-9]{1,5} min)?"
"""A length of time in a case: days, hours, minutes, nothing that a calendar would have to count."""

_PART = re.compile(r"([0-9]+) (d|h|min)")
_MINUTES = {"d": 1440, "h": 60, "min": 1}
_MOMENT = re.compile(rf"\$(now|today)(?: ([+-]) ({LENGTH}))?")


def minutes_of(length: str) -> int:
    """Give a length such as "2 d 4 h" or "45 min" in minutes; see `is_length`."""
    return sum(int(amount) * _MINUTES[unit] for amount, unit in _PART.findall(length))


def is_length(text: str) -> bool:
    """Say whether a text is a length of time."""
    return bool(text) and re.fullmatch(LENGTH, text) is not None


def is_moment(text: str) -> bool:
    """Say whether a `$` text means to be a moment."""
    return text.startswith(("$now", "$today"))


def moment_of(text: str) -> tuple[str, timedelta] | None:
    """Read `$now`, `$now - 20 min`, `$today + 30 d`: the word, and how far from it; else None."""
    found = _MOMENT.fullmatch(text)
    if found is None or found.group(3) == "":
        return None
    word, sign, written = found.groups()
    length = timedelta(minutes=minutes_of(written or ""))
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
        if not step.every:
            found.append(Turn(number=number, turn=0, at_minute=start))
            continue
        gap = minutes_of(step.every)
        last = minutes_of(step.until) if step.until else start + gap * (len(step.rows) - 1)
        for turn, at_minute in enumerate(range(start, last + 1, gap)):
            row = step.rows[turn] if step.rows else None
            found.append(Turn(number=number, turn=turn, at_minute=at_minute, row=row))
    return sorted(found, key=lambda each: (each.at_minute, each.number))
