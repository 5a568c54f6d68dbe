"""Where each value of a TOML file stands: line and column by the path that a refusal names.

What belongs here: positions in a text that tomllib has read. What never does: reading its values,
or telling what is wrong with them: a text that is no TOML has no places here.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

Path = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t]|#[^\n]*)*")
"""Blanks and a comment; ends before the end of the line."""

_BLANK_LINES: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE: Final = re.compile(r"[^,\]}#\n]*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where the values of one file stand, by dotted path: `rules.4.when.0.case.1`."""

    by_path: Mapping[str, Place]

    def of(self, path: str) -> Place:
        """Give the place of a path; of what is not there, that of the table where it would be.

        A whole file, and what stands nowhere in it, is its first line.
        """
        while path and path not in self.by_path:
            path = path.rpartition(".")[0]
        return self.by_path.get(path, Place(1, 1))


def places_in(text: str) -> Places:
    """Find where everything stands in a text that tomllib has read."""
    try:
        found = _Scan(text).whole()
    except (IndexError, KeyError, RecursionError, tomllib.TOMLDecodeError):
        found = {}  # No TOML that anybody means: its reader says so.
    begins = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]

    def place(offset: int) -> Place:
        line = bisect_right(begins, offset)
        return Place(line, offset - begins[line - 1] + 1)

    return Places({".".join(map(str, path)): place(at) for path, at in found.items()})


@dataclass(slots=True)
class _Scan:
    """One walk over a text; `found` gathers where each path begins, `rows` counts tables."""

    text: str
    at: int = 0
    found: dict[Path, int] = field(default_factory=dict)
    rows: dict[Path, int] = field(default_factory=dict)

    def whole(self) -> dict[Path, int]:
        """Walk over the whole text."""
        table: Path = ()
        self._pass(_BLANK_LINES)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._pass(_BLANK_LINES)
        return self.found

    def _pass(self, what: re.Pattern[str]) -> str:
        match = what.match(self.text, self.at)
        if match is None:
            raise IndexError(self.at)
        self.at = match.end()
        return match.group()

    def _mark(self, path: Path, at: int) -> None:
        self.found.setdefault(path, at)

    def _header(self) -> Path:
        """Pass `[a.b]` or `[[a.b]]`; give the path of the table that begins there."""
        begin, is_row = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if is_row else 1
        *above, last = self._keys()
        self.at += 2 if is_row else 1
        path: Path = ()
        for key in above:
            path = self._newest((*path, key))
            self._mark(path, begin)
        path = (*path, last)
        if is_row:
            self._mark(path, begin)
            self.rows[path] = self.rows.get(path, -1) + 1
        path = self._newest(path)
        self._mark(path, begin)
        return path

    def _newest(self, path: Path) -> Path:
        """Give the last row of a list of tables; a plain table is itself."""
        return (*path, self.rows[path]) if path in self.rows else path

    def _pair(self, table: Path) -> None:
        """Pass `a.b = value`."""
        begin, path = self.at, table
        for key in self._keys():
            path = (*path, key)
            self._mark(path, begin)
        self.at += 1  # the sign =
        self._pass(_BLANK)
        self._value(path)

    def _keys(self) -> list[str]:
        """Pass a dotted key, with the blanks around it."""
        keys = [self._key()]
        while self.text[self.at] == ".":
            self.at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._pass(_BLANK)
        if self.text[self.at] in "\"'":
            written = self._pass(_STRING)
            key = str(tomllib.loads(f"key = {written}")["key"])
        else:
            key = self._pass(_BARE_KEY)
        self._pass(_BLANK)
        return key

    def _value(self, path: Path) -> None:
        sign = self.text[self.at]
        if sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline(path)
        else:
            self._pass(_STRING if sign in "\"'" else _BARE_VALUE)

    def _array(self, path: Path) -> None:
        number = 0
        self.at += 1
        self._pass(_BLANK_LINES)
        while self.text[self.at] != "]":
            self._mark((*path, number), self.at)
            self._value((*path, number))
            number += 1
            self._pass(_BLANK_LINES)
            if self.text[self.at] == ",":
                self.at += 1
                self._pass(_BLANK_LINES)
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._pass(_BLANK_LINES)
        while self.text[self.at] != "}":
            self._pair(path)
            self._pass(_BLANK_LINES)
            if self.text[self.at] == ",":
                self.at += 1
                self._pass(_BLANK_LINES)
        self.at += 1
