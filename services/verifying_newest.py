"""Is the company's log the one that was signed last here, and what is not signed since when.

What belongs here: the log held against the newest head beside the key ring, and entries that no
head covers. What never does: heads of the database (verifying_heads.py), or the words
(cli/verify_house.py).

Whoever can write to the database alone can take heads out and write anew what was under them. The
head beside the ring lies elsewhere; and of what then counts as unsigned it is told how old it is.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from domain.checkpoint import VerifierKey, read_checkpoint, read_note
from domain.erasure import DONE
from domain.errors import BrokenSetup, Malformed
from domain.wire import read_instant
from integrations.note_keys import signed_by
from services.fault import Fault
from services.house import House
from services.signing_keys import newest_of
from services.verifying_heads import Log, root_faults
from storage.heads import KeptHead

LATE: Final = timedelta(hours=1)
"""Signing takes seconds, and no act that writes a line takes that long: it was there before."""

BACKDATED: Final = frozenset({DONE})
"""Lines that may say an earlier time than that at which they were written: what is completed."""


def newest_head(house: House, origin: str) -> str | None:
    """Give the newest head of the log beside the key ring; None where none is kept."""
    try:
        return newest_of(house.settings, origin).read()
    except BrokenSetup:
        return ""  # it is there, and no head


def newest_faults(note: str | None, log: Log, keys: Collection[VerifierKey]) -> Iterator[Fault]:
    """Hold the log against the newest head; it must be signed by one of `keys`."""
    if note is None:
        return
    try:
        read = read_note(note)
        head = read_checkpoint(read.text)
    except Malformed:
        yield Fault(kind="newest_unreadable")
        return
    if not signed_by(read, keys):
        yield Fault(kind="newest_unreadable", seq=head.size)
        return
    yield from root_faults(head, log.tree, "newest")


def late_faults(log: Log) -> Iterator[Fault]:
    """Name lines that are older than the newest head of the log, and not under it.

    Every head is over all that is there when it is made: whoever took later ones out left this.
    """
    last = max(log.heads, key=_size, default=None)
    if last is None:
        return
    try:
        until = read_instant(str(last.signed_at)) - LATE
        for seq, line in log.read.items():
            if seq > _size(last) and _is_before(line, until):
                yield Fault(kind="log_unsigned", seq=seq)
                return
    except ValueError:
        return  # what is no time is named as such (head_row, log_line)


def _size(head: KeptHead) -> int:
    size: object = head.size
    return size if isinstance(size, int) else 0  # what is no number is named as such (head_row)


def _is_before(line: Mapping[str, Any], until: Any) -> bool:
    return line["type"] not in BACKDATED and read_instant(str(line["at"])) < until


def since(times: Mapping[int, str], signed: int) -> str:
    """Give when the first entry was recorded that no head covers, as it says; '' where none is."""
    young = [times[seq] for seq in sorted(times) if seq > signed]
    return young[0] if young else ""
