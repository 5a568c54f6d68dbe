"""What two sets of rules say otherwise: line by line, as the files would show it.

What belongs here: the comparison. What never does: words of a page (api/pages), or what a change
leads to in a running incident (domain/adopting.py).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.rules import Rules
from domain.values import Json

NAMED_BY = ("id", "key", "act")
"""Fields by which the rows of a list are known, so that a row put in between moves no other."""

LONGEST = 200
"""Characters of a value that are shown; the whole text is found under the hash of the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One line that is another: its path, what stood there and what stands there now."""

    path: str
    old: str
    new: str


def changes_between(before: Rules, after: Rules) -> tuple[RuleChange, ...]:
    """List every line that differs, by path: of plan, calendar, wording and regulations."""
    found = _differences("", _lines_of(before), _lines_of(after))
    return tuple(sorted(found, key=lambda change: change.path))


def _lines_of(rules: Rules) -> Json:
    """Give the rules as they are stored; of the calendar, how many days it names a day for."""
    document: Json = json.loads(rules.text)
    calendar = {
        name: len(part) if isinstance(part, list | dict) else part
        for name, part in document["calendar"].items()
    }
    return {**document, "calendar": calendar}


def _differences(path: str, before: Any, after: Any) -> Iterator[RuleChange]:
    if before == after:
        return
    old, new = _rows(before), _rows(after)
    if old is None and new is None:
        yield RuleChange(path=path, old=_told(before), new=_told(after))
        return
    old, new = old or {}, new or {}
    for name in dict.fromkeys((*old, *new)):
        inside = f"{path}.{name}".lstrip(".")
        yield from _differences(inside, old.get(name), new.get(name))


def _rows(part: Any) -> Mapping[str, Any] | None:
    """Give what stands below by name, or None where nothing does."""
    if isinstance(part, Mapping):
        return part
    if isinstance(part, list) and part and all(isinstance(row, Mapping) for row in part):
        return {_name(row, number): row for number, row in enumerate(part, 1)}
    return None


def _name(row: Mapping[str, Any], number: int) -> str:
    return next((str(row[name]) for name in NAMED_BY if name in row), str(number))


def _told(value: Any) -> str:
    """Write a value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _cut(", ".join(map(_told, value)))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
