"""Mails as they lie in files: one alone, many in an mbox, or a Maildir folder.

What belongs here: bytes to single mails. What never does: what stands in one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from domain.errors import BrokenSetup
from services.bouncing import Mail

FILE_AT_MOST: Final = 64 * 1024 * 1024
"""Bytes of one file: an mbox that grew beyond is refused as a whole."""
STANDARD_INPUT: Final = "-"
_BEGINS: Final = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S* [^\n]*\d:\d\d[^\n]*\n")
"""A line before a mail of an mbox: it names a time of day, other than a sentence of a letter."""


def mails_in(place: str) -> Iterator[Mail]:
    """Give the mails of a file, of a Maildir folder, or of standard input for `-`.

    Raises BrokenSetup for what cannot be read or is larger than 64 MiB.
    """
    if place == STANDARD_INPUT:
        yield from _split("standard input", sys.stdin.buffer.read(FILE_AT_MOST + 1))
        return
    path = Path(place)
    for file in _maildir(path) if path.is_dir() else [path]:
        yield from _split(str(file), _read(file))


def _maildir(folder: Path) -> list[Path]:
    """List the mails of a Maildir: those that nobody read, and those that somebody did."""
    boxes = [folder / name for name in ("new", "cur")]
    if not all(box.is_dir() for box in boxes):
        raise BrokenSetup(
            f"{folder} is no Maildir: it has no folders new and cur.",
            "Name a Maildir, an mbox file, or a single mail.",
        )
    return sorted(file for box in boxes for file in box.iterdir() if file.is_file())


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(FILE_AT_MOST + 1)
    except OSError as error:
        raise BrokenSetup(
            f"The mail {file} cannot be read: {error.strerror}.", "Name a file that is there."
        ) from error


def _split(where: str, content: bytes) -> Iterator[Mail]:
    """Take a file apart where an mbox begins its next mail."""
    if len(content) > FILE_AT_MOST:
        raise BrokenSetup(f"{where} is larger than 64 MiB.", "Split it, or empty the mailbox.")
    starts = [*_BEGINS.finditer(content)]
    if not starts or starts[0].start() > 0:
        yield Mail(where, content)
        return
    ends = [*(one.start() for one in starts[1:]), len(content)]
    for number, (one, end) in enumerate(zip(starts, ends, strict=True), start=1):
        yield Mail(f"{where}, mail {number}", content[one.end() : end])
