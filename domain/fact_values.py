"""What a fact or a variable of a template holds, and how it is written in each language.

What belongs here: the kinds of values, reading what somebody typed, writing it. What never does:
whether a fact is sure (domain/facts.py), or the words around it (templates/press).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final

from domain.errors import AndonError, Refused
from domain.in_words import day_in, moment_in, number_in, points_in, row_in
from domain.values import PublicText

Value = str | tuple[str, ...] | date | datetime | int
"""A value before it is written in a language."""

Here = Callable[[datetime], datetime]
"""Shows an instant on the clock of the company's calendar."""

There = Callable[[date, time], datetime]
"""Gives the instant of a day and a time of day on that clock."""


class ValueKind(StrEnum):
    """What a variable or a fact holds, and so how it is written in each language."""

    TEXT = "text"
    """Words, in the language of the text."""
    ROW = "row"
    """Several things in one line: lots, codes."""
    POINTS = "points"
    """Several sentences, each on a line of its own."""
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    PHONE = "phone"
    LINK = "link"
    NAME = "name"
    """A name or a code, which every language writes alike."""


FAR: Final = 2200
"""A moment of this year or later is a slip of the hand."""

SEVERAL: Final = frozenset({ValueKind.ROW, ValueKind.POINTS})
"""Kinds of which there may be more than one."""

_NUMBER: Final = re.compile(r"\d{1,3}([,. \u202f\u00a0']\d{3})+|\d+")
_PHONE: Final = re.compile(r"\+?[\d(][\d ()/.-]{1,28}\d")
_LINK: Final = re.compile(r"https?://[^\s<>\"']+\.[^\s<>\"']+")
_WRITTEN: Final = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:[T\s]{0,2}(\d{1,2})\s?[:：时時点]\s?(?:(\d{1,2})\s?分?)?)?"
)
_SPREAD: Final = re.compile(r"[\n,，、;；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIn:
    """The words of a fact in one language; a day or a number needs none."""

    language: str
    value: PublicText


def written(kind: ValueKind, language: str, value: Value, zone: str) -> str:
    """Write a value as people of a language read it; `zone` names the clock of a moment."""
    match value:
        case datetime():
            return (
                day_in(language, value)
                if kind is ValueKind.DAY
                else moment_in(language, value, zone)
            )
        case date():
            return day_in(language, value)
        case int():
            return number_in(language, value)
        case tuple():
            if kind is ValueKind.POINTS:
                return points_in(language, value)
            return row_in(language, value)
        case _:
            # Words stay as they were typed: what looks like a day in them may stand on a pack.
            return value


def kept_value(kind: ValueKind, typed: str, there: There | None = None) -> str:
    """Give what is kept of what somebody typed: the one form that every language is written from.

    A number keeps its digits, a day is ISO 8601, a moment its UTC instant, of several things each
    stands on a line. `there` reads a time without a zone by the clock of the company's calendar.
    Raises Refused with how to type it.
    """
    typed = typed.strip()
    if kind is ValueKind.DAY:
        return _day(typed)
    if kind is ValueKind.MOMENT:
        return _moment(typed, there)
    return _KEPT[kind](typed)


def value_of(kind: ValueKind, kept: str, here: Here) -> Value:
    """Read what is kept; what an older release kept in another form stays the text that it is."""
    if kind in SEVERAL:
        return tuple(line.strip() for line in kept.splitlines() if line.strip())
    try:
        match kind:
            case ValueKind.NUMBER:
                return int(kept)
            case ValueKind.DAY:
                return _day_of(kept, here)
            case ValueKind.MOMENT:
                at = datetime.fromisoformat(kept)
                return here(at) if at.tzinfo else kept.strip()
            case _:
                pass
    except (ValueError, OverflowError, AndonError):
        pass  # no such value, or a time that the calendar does not know: the words as they are
    return kept.strip()


def _day_of(kept: str, here: Here) -> date:
    """Read a day that people typed as it is, and that of an instant by the clock of its readers."""
    if "T" not in kept:
        return date.fromisoformat(kept)
    return here(datetime.fromisoformat(kept)).date()


def kept_of(value: Value) -> str:
    """Give the kept form of a value that is none of somebody's typing."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case tuple():
            return "\n".join(value)
        case _:
            return str(value)


def _number(said: str) -> str:
    if not _NUMBER.fullmatch(said) or len(digits := re.sub(r"\D", "", said)) > 15:
        raise _unfit(f"{said!r:.60} is no whole number.", "Write it such as 12480.")
    return str(int(digits))


def _day(said: str) -> str:
    found = _WRITTEN.fullmatch(said)
    try:
        year, month, day = (int(part) for part in found.groups()[:3]) if found else (0, 0, 0)
        return date(year, month, day).isoformat()
    except ValueError:
        raise _unfit(f"{said!r:.60} is no day.", "Write it such as 2026-03-02.") from None


def _moment(said: str, there: There | None) -> str:
    at = _with_zone(said) or _by_the_wall(said, there)
    if at is None or not 1900 < at.year < FAR:
        raise _unfit(f"{said!r:.60} is no moment.", "Write it such as 2026-03-02 09:30.")
    return at.astimezone(UTC).isoformat()


def _with_zone(said: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _by_the_wall(said: str, there: There | None) -> datetime | None:
    """Read a day and a time of day as people write them: 2026-03-02 9:30, 2026年3月2日9时30分."""
    found = _WRITTEN.fullmatch(said)
    if found is None or found[4] is None or there is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        return there(date(year, month, day), time(hour, minute))
    except (AndonError, OverflowError, ValueError):
        return None


def _phone(said: str) -> str:
    if not _PHONE.fullmatch(said):
        raise _unfit(f"{said!r:.60} is no phone number.", "Write it such as +86 400 820 0000.")
    return said


def _link(said: str) -> str:
    if not _LINK.fullmatch(said):
        raise _unfit(
            f"{said!r:.60} is no web address.", "Write it such as https://example.com/recalls."
        )
    return said


def _row(said: str) -> str:
    return "\n".join(part.strip() for part in _SPREAD.split(said) if part.strip())


def _points(said: str) -> str:
    return "\n".join(line.strip() for line in said.splitlines() if line.strip())


def _unfit(sentence: str, hint: str) -> Refused:
    return Refused(sentence, hint, code="value_unfit")


_KEPT: Final[dict[ValueKind, Callable[[str], str]]] = {
    ValueKind.TEXT: str,
    ValueKind.ROW: _row,
    ValueKind.POINTS: _points,
    ValueKind.NUMBER: _number,
    ValueKind.PHONE: _phone,
    ValueKind.LINK: _link,
    ValueKind.NAME: str,
}
