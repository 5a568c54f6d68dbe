"""Writing the zip of a dossier: the same members give the same bytes, and nothing beside them.

What belongs here: headers, deflate, hashes on the way. What never does: which members there are
(services/dossier.py), or reading a zip that others made.

Every length is written into the local header itself, once the member is there, so that header and
directory say the same and no byte lies between members. Source: PKWARE APPNOTE.TXT 6.3.10, 4.3.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO, Final

from domain.dossier import (
    BYTES_AT_MOST,
    DEFLATED,
    MEMBERS_AT_MOST,
    STORED,
    ZIP_DATE,
    ZIP_VERSION,
    Member,
    is_name,
)
from domain.errors import Malformed, TooLarge

LEVEL: Final = 6
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")


class Container:
    """Writes members one after the other into a file that can be gone back in."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin at the beginning of an empty file."""
        self._file = file
        self._directory: list[bytes] = []
        self._names: set[str] = set()

    def add(self, name: str, chunks: Iterable[bytes]) -> Member:
        """Write a member and give its length and hash.

        Raises:
            Malformed: the name may not stand in a dossier, or stands there already.
            TooLarge: it would need what the format does not have (zip64).
        """
        if not is_name(name) or name.lower() in self._names:
            raise Malformed(f"{name!r:.80} cannot be a member of a dossier, or is one twice.")
        self._names.add(name.lower())
        start = self._file.tell()
        self._file.write(self._local(name, STORED, 0, 0, 0))
        digest, crc, size = hashlib.sha256(), 0, 0
        packed = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        for chunk in chunks:
            if chunk:
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
                size += len(chunk)
                self._file.write(packed.compress(chunk))
        if size:
            self._file.write(packed.flush())
        self._close(name, start, crc, size)
        return Member(name=name, bytes=size, sha256=digest.hexdigest())

    def _close(self, name: str, start: int, crc: int, size: int) -> None:
        """Write what is known now into the member's header, and its row of the directory."""
        end = self._file.tell()
        if max(size, end) > BYTES_AT_MOST or len(self._names) > MEMBERS_AT_MOST:
            raise TooLarge(
                "The dossier would be larger than 4 GB, or have more than 65,000 members.",
                "Make it without private texts and files.",
            )
        method = DEFLATED if size else STORED
        packed = end - start - _LOCAL.size - len(name)
        self._file.seek(start)
        self._file.write(self._local(name, method, crc, packed, size))
        self._file.seek(end)
        about = (ZIP_VERSION, ZIP_VERSION, 0, method, 0, ZIP_DATE, crc, packed, size)
        row = _CENTRAL.pack(b"PK\x01\x02", *about, len(name), 0, 0, 0, 0, 0, start)
        self._directory.append(row + name.encode("ascii"))

    def _local(self, name: str, method: int, crc: int, packed: int, size: int) -> bytes:
        about = (ZIP_VERSION, 0, method, 0, ZIP_DATE, crc, packed, size)
        return _LOCAL.pack(b"PK\x03\x04", *about, len(name), 0) + name.encode("ascii")

    def finish(self) -> None:
        """Write the directory and the end; nothing follows it."""
        start, rows = self._file.tell(), b"".join(self._directory)
        count = len(self._directory)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(rows), start, 0)
        self._file.write(rows + end)
        self._file.flush()
