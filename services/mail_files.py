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
_BEGINS: Final = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From ")
_SENDER: Final = re.compile(rb"\S* ")
_TIME: Final = re.compile(rb"\d:\d\d")


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
    starts = list(_starts(content))
    if not starts or starts[0][0] > 0:
        yield Mail(where, content)
        return
    ends = [*(line for line, _ in starts[1:]), len(content)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), start=1):
        yield Mail(f"{where}, mail {number}", content[start:end])


def _starts(content: bytes) -> Iterator[tuple[int, int]]:
    """Find the lines before the mails of an mbox, and where each mail begins behind its line.

    Such a line names a time of day, other than a sentence of a letter.
    """
    for one in _BEGINS.finditer(content):
        ends = content.find(b"\n", one.end())
        sender = _SENDER.match(content, one.end(), max(ends, 0))
        if sender and _TIME.search(content, sender.end(), ends):
            yield one.start(), ends + 1
