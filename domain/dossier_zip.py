"""The container of a dossier: a zip of the one form that there is, read without trusting it.

What belongs here: where members stand, and unpacking one within what was announced. What never
does: what a member says (services/dossier_verifying.py), or another reader of zip: readers differ
in what they make of a file that says two things, and that difference is what forgers use.

    local header, name, bytes of the first member; of the second; …; central directory; end record

Nothing stands before, between or behind. Local header and central directory say the same; there are
no extra fields, comments, flags, folders, dates or second disks. Everything else is refused with
code `container`; what does not even begin as a zip is `not_a_zip`. Sizes are known before anything
is unpacked, and no more than that is ever unpacked.

Source: PKWARE APPNOTE 6.3, sections 4.3 (layout) and 4.4 (fields).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from domain.dossier import (
    BYTES_AT_MOST,
    DEFLATED,
    MEMBERS_AT_MOST,
    NAME_AT_MOST,
    STORED,
    ZIP_DATE,
    ZIP_VERSION,
    is_name,
)
from domain.errors import Malformed

UNPACKED_AT_MOST: Final = 2**33
"""Bytes of all members together when unpacked."""

UNPACKED_OF_ANY: Final = 2**29
PACKED_AT_MOST: Final = 100
"""What unpacks to more than UNPACKED_OF_ANY unpacks to so many times its length at most: entries
pack to a tenth or a twentieth, zeros to a thousandth."""

AT_ONCE: Final = 1 << 20
"""Bytes that are unpacked in one step."""

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
HINT: Final = "Ask for the file again, and compare its length and SHA-256 with whoever made it."


class Readable(Protocol):
    """The bytes of a file: `bytes`, or a file that is mapped into memory."""

    def __len__(self) -> int:
        """Give how many there are."""

    def __getitem__(self, part: slice, /) -> bytes:
        """Give some of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One member where it stands: its bytes begin at `start`, `packed` of them, `size` unpacked."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


def members_of(archive: Readable) -> tuple[Kept, ...]:
    """List the members of an archive in the order in which they stand.

    Raises:
        Malformed: it is no zip (`not_a_zip`), or not of the one form (`container`).
    """
    if len(archive) < _END.size or archive[:4] != b"PK\x03\x04":
        raise Malformed("The file does not begin as a dossier does.", HINT, code="not_a_zip")
    if len(archive) > BYTES_AT_MOST:
        raise broken(f"It has {len(archive)} bytes, at most {BYTES_AT_MOST} are read.")
    end = len(archive) - _END.size
    magic, disk, first_disk, here, count, length, directory, comment = _END.unpack(archive[end:])
    if magic != b"PK\x05\x06" or comment:
        raise broken("It does not end as a zip ends: it was cut off, or something was added.")
    if disk or first_disk or here != count or directory + length != end:
        raise broken("Its end says otherwise where the list of its members is.")
    if count > MEMBERS_AT_MOST:
        raise broken(f"It has {count} members, at most {MEMBERS_AT_MOST} are read.")
    kept, at, place = [], directory, 0
    for _ in range(count):
        row, at = _central(archive, at, end)
        one = _stands(archive, row, place, directory)
        place = one.start + one.packed
        kept.append(one)
    if at != end or place != directory:
        raise broken("There are bytes in it that belong to no member.")
    _together(kept, len(archive))
    return tuple(kept)


def unpacked(archive: Readable, one: Kept) -> Iterator[bytes]:
    """Give a member's bytes in parts, never more than it announces.

    Raises:
        Malformed: they cannot be unpacked to what was announced (`container`).
    """
    end = one.start + one.packed
    if one.method == STORED:
        for at in range(one.start, end, AT_ONCE):
            yield archive[at : min(at + AT_ONCE, end)]
        return
    unpacking, at, left, waiting = zlib.decompressobj(-15), one.start, one.size, b""
    while not unpacking.eof:
        if not waiting and at < end:
            waiting, at = archive[at : min(at + AT_ONCE, end)], at + AT_ONCE
        try:
            # One byte more than announced: a member that has more is found by it.
            part = unpacking.decompress(waiting, min(left + 1, AT_ONCE))
        except zlib.error:
            raise broken("It cannot be unpacked.") from None
        if not part and not waiting and at >= end and not unpacking.eof:
            raise broken("It ends before it is unpacked.")
        waiting = unpacking.unconsumed_tail
        left -= len(part)
        if left < 0:
            raise broken("It unpacks to more than it announces.")
        if part:
            yield part
    if left or unpacking.unused_data or waiting or at < end:
        raise broken("It does not unpack to what it announces.")


def broken(sentence: str) -> Malformed:
    """Make the refusal of a container."""
    return Malformed(sentence, HINT, code="container")


def _central(archive: Readable, at: int, end: int) -> tuple[Kept, int]:
    """Read one row of the list of members; `start` is where its local header begins."""
    if at + _CENTRAL.size > end:
        raise broken("The list of its members is cut off.")
    magic, made_by, needed, flags, method, clock, date, crc, packed, size, *rest = _CENTRAL.unpack(
        archive[at : at + _CENTRAL.size]
    )
    named, extra, comment, disk, inside, outside, start = rest
    name = archive[at + _CENTRAL.size : at + _CENTRAL.size + min(named, NAME_AT_MOST + 1)]
    told = name.decode("ascii", "replace")
    if magic != b"PK\x01\x02" or not is_name(told) or at + _CENTRAL.size + named > end:
        raise broken("A row in the list of its members cannot be read, or has a name of no member.")
    plain = (made_by, needed, flags, clock, date) == (ZIP_VERSION, ZIP_VERSION, 0, 0, ZIP_DATE)
    if not plain or extra or comment or disk or inside or outside:
        raise broken(f"{told} is not written in the one form that there is.")
    if method not in (STORED, DEFLATED) or (method == STORED and packed != size):
        raise broken(f"{told} is packed in another way than stored or deflated.")
    one = Kept(name=told, method=method, crc=crc, packed=packed, size=size, start=start)
    return one, at + _CENTRAL.size + named


def _stands(archive: Readable, one: Kept, place: int, directory: int) -> Kept:
    """Hold the local header of a member against its row; give it with `start` behind the header."""
    name = one.name.encode()
    header = _LOCAL.pack(
        *(b"PK\x03\x04", ZIP_VERSION, 0, one.method, 0, ZIP_DATE),
        *(one.crc, one.packed, one.size, len(name), 0),
    )
    behind = place + len(header) + len(name)
    if one.start != place or behind + one.packed > directory:
        raise broken(f"{one.name} does not stand where the member before it ends.")
    if archive[place:behind] != header + name:
        raise broken(f"{one.name} is announced otherwise than it stands there.")
    return replace(one, start=behind)


def _together(kept: list[Kept], length: int) -> None:
    if len({one.name.lower() for one in kept}) != len(kept):
        raise broken("Two of its members have the same name, in small or in large letters.")
    at_most = min(UNPACKED_AT_MOST, max(UNPACKED_OF_ANY, PACKED_AT_MOST * length))
    if sum(one.size for one in kept) > at_most:
        raise broken(f"It has {length} bytes, and unpacks to more than {at_most}.")
