"""The register of erasures: which keys must never be there again, whatever database is put back.

What belongs here: one file beside the key ring, a line for each erased subject, only ever appended
to. What never does: a name or a word (subjects are pseudonyms, addresses stand as keyed marks), or
destroying a key (services/erasing.py).

An older copy of the database brings a destroyed key back. The register lies outside the database,
so whoever starts reads it and destroys the key anew. A line is on the disk before its key goes: a
power cut in between ends with the key destroyed at the next start, never with a key that is
forgotten. The last line may be cut off by that power cut; then its key was not touched yet.

An address may be erased twice: its mark then stands twice, and the later time counts.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from domain.errors import BrokenSetup
from domain.wire import instant_text, read_instant

LINE_VERSION: Final = 1
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,199}")


class Of(StrEnum):
    """What a line names: a subject of the vault, or the mark of an address of the outbox."""

    SUBJECT = "subject"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedLine:
    """One line: what was erased, when, and on what ground (domain.erasure.Basis, or '').

    `untold`: the database alone says so, and no line of the company's log (services/
    erased_again.py); it keeps the key destroyed, and proves nothing.
    """

    of: Of
    name: str
    erased_at: datetime
    ground: str
    untold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the register holds; `broken` are the numbers of lines that cannot be read."""

    lines: tuple[ErasedLine, ...]
    broken: tuple[int, ...]

    def named(self, of: Of) -> dict[str, ErasedLine]:
        """Give one line for each name of a kind: the first of a subject, an address's latest."""
        found: dict[str, ErasedLine] = {}
        for line in self.lines:
            if line.of is of and _says_more(line, found.get(line.name)):
                found[line.name] = line
        return found


class ErasureRegister:
    """The register at a path; it need not be there yet."""

    def __init__(self, path: Path) -> None:
        """Know where the file stands or will stand."""
        self._path = path

    @property
    def path(self) -> Path:
        """Say where the file stands."""
        return self._path

    def read(self) -> Registered:
        """Read all lines; what cannot be read is numbered, and never keeps the others back.

        Raises:
            BrokenSetup: the file is there and cannot be opened.
        """
        # A last line may lack its end: whole it counts, and cut off it is told like any other.
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return Registered(lines=(), broken=())
        except OSError as error:
            raise self._unusable("read", error) from error
        lines, broken = [], []
        told = text.split("\n")
        for number, one in enumerate(told if told[-1] else told[:-1], start=1):
            try:
                lines.append(_line(json.loads(one)))
            except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
                broken.append(number)
            except RecursionError:  # brackets in brackets, thousands deep
                broken.append(number)
        return Registered(lines=tuple(lines), broken=tuple(broken))

    def add(self, lines: Iterable[ErasedLine]) -> int:
        """Append what does not stand there yet, flushed to the disk; give how many that were.

        A later time of an address, and what was untold and is told now, count as new.

        Raises:
            BrokenSetup: the file cannot be written; nothing may then be erased.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _only_writer(self._path.parent):
                there = self.read()
                known = {of: there.named(of) for of in Of}
                new = []
                for one in lines:
                    if _says_more(one, known[one.of].get(one.name)):
                        known[one.of][one.name] = one
                        new.append(one)
                if new:
                    self._append("".join(map(_text, new)))
                return len(new)
        except OSError as error:
            raise self._unusable("written", error) from error

    def _append(self, text: str) -> None:
        """Write whole lines at the end, behind one that a power cut may have cut off."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self._path, flags, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                text = text if file.read(1) == b"\n" else f"\n{text}"
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        _flush_folder(self._path.parent)

    def _unusable(self, done: str, error: OSError) -> BrokenSetup:
        return BrokenSetup(
            f"The register of erasures {self._path} cannot be {done}: {error.strerror}.",
            "Give its folder to the user that runs Andon, and make room on the disk.",
            code="erasure_register",
        )


def _says_more(line: ErasedLine, known: ErasedLine | None) -> bool:
    """Say whether a line counts, where another one of the same name is known."""
    if known is None:
        return True
    if line.of is Of.ADDRESS:
        return line.erased_at > known.erased_at
    return known.untold and not line.untold


def _text(line: ErasedLine) -> str:
    told: dict[str, object] = {
        "v": LINE_VERSION,
        line.of.value: line.name,
        "at": instant_text(line.erased_at),
        "ground": line.ground,
    }
    if line.untold:
        told["untold"] = True
    return json.dumps(told, sort_keys=True) + "\n"


def _line(told: Mapping[str, Any]) -> ErasedLine:
    """Read a line; raises ValueError and its kin."""
    if told["v"] != LINE_VERSION:
        raise ValueError(told["v"])
    of = next((one for one in Of if one in told), None)
    if of is None:
        raise KeyError(Of.SUBJECT)
    name = told[of]
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    ground, untold = told["ground"], told.get("untold", False)
    if not isinstance(ground, str) or not isinstance(untold, bool):
        raise TypeError(ground)
    at = read_instant(told["at"])
    return ErasedLine(of=of, name=name, erased_at=at, ground=ground, untold=untold)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: two writers at once might write into each other's line."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
