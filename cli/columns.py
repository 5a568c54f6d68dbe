"""Text in the columns of a terminal: how wide it is, where it may break, how it stands out.

What belongs here: widths, wrapping by the rules of English and Chinese, emphasis. What never does:
anything about what is written. Chinese characters take two columns; a line never begins with a
closing sign nor ends with an opening one.
"""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from typing import Final, TextIO

WIDE: Final = ("W", "F")
NO_WIDTH: Final = ("Mn", "Me", "Cf")
CLOSING: Final = "，。、；：！？）」』”’》〉】〕％…—·,.;:!?)]}%"
OPENING: Final = "（「『“‘《〈【〔([{"
LEAST, MOST, USUAL = 40, 140, 100
"""Columns that are used at least and at most, and when nobody knows how many there are."""

BOLD, FAINT, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"

_ATOM = re.compile(r" +|[^ ]")


def width_of(text: str) -> int:
    """Count the columns a text takes."""
    return sum(_cell(sign) for sign in text)


def _cell(sign: str) -> int:
    if sign < "\u0300":
        return 1
    if unicodedata.category(sign) in NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in WIDE else 1


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text up to some columns, with what fills it behind it, or before it with `right`."""
    gap = " " * max(columns - width_of(text), 0)
    return gap + text if right else text + gap


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns`; one line at least, spaces at ends dropped."""
    lines, line, gap = [], "", ""
    for unit in _units(text):
        if unit.isspace():
            gap = unit if line else ""
            continue
        if line and width_of(line + gap + unit) > columns:
            lines.append(line)
            line, gap = "", ""
        line, gap = line + gap + unit, ""
        while width_of(line) > columns:
            kept = _head(line, columns)
            lines.append(kept)
            line = line[len(kept) :]
    return [*lines, line] if line or not lines else lines


def _head(text: str, columns: int) -> str:
    """Give as much of a text as fits; one sign at least."""
    kept = 1
    while kept < len(text) and width_of(text[: kept + 1]) <= columns:
        kept += 1
    return text[:kept]


def _units(text: str) -> Iterator[str]:
    """Give what must stay together: words, single wide signs with their marks, and spaces."""
    unit = ""
    for atom in _ATOM.findall(text.replace("\n", " ")):
        if unit and _may_break(unit[-1], atom[0]):
            yield unit
            unit = ""
        unit += atom
    if unit:
        yield unit


def _may_break(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return before != after
    if after in CLOSING or before in OPENING or not _cell(after):
        return False
    return _cell(before) != 1 or _cell(after) != 1


def terminal_columns() -> int:
    """Say how many columns to write in: those of the terminal, within bounds."""
    found = shutil.get_terminal_size((USUAL, 24)).columns
    return min(max(found, LEAST), MOST)


def shows_ink(stream: TextIO) -> bool:
    """Say whether emphasis may be written: to a terminal, unless NO_COLOR or a dumb one says no."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain
