"""The members of a dossier as its verifier reads them: each hashed as it is read, none believed.

What belongs here: holding members against the manifest, giving their bytes within bounds. What
never does: the form of the container (domain/dossier_zip.py), or what a member says.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from domain.dossier import MANIFEST, NOTE, REQUIRED, VIEWER_ENTRIES, Manifest, Member
from domain.dossier_faults import Faults
from domain.dossier_zip import Readable, members_of, unpacked
from domain.errors import Malformed

IN_MEMORY_AT_MOST: Final = 16 * 2**20
"""Bytes of a member that is read as a whole. Ledger, viewer and files are read in parts."""

LEAVES_AT_MOST: Final = 256 * 2**20
"""Bytes of the leaf hashes of the company's log: eight million lines."""


class Archive:
    """The members of one archive."""

    def __init__(self, content: Readable, faults: Faults) -> None:
        """Find the members. Raises Malformed (`not_a_zip`, `container`)."""
        self._content = content
        self._faults = faults
        self._order = members_of(content)
        self._kept = {one.name: one for one in self._order}
        self._announced: Mapping[str, Member] = {}
        self._hashes: dict[str, str] = {}

    def said(self, name: str) -> bytes | None:
        """Give MANIFEST.json or MANIFEST.note; None when it is not there, or too large."""
        one = self._kept.get(name)
        if one is None or one.size > IN_MEMORY_AT_MOST:
            return None
        content = b"".join(unpacked(self._content, one))
        if zlib.crc32(content) != one.crc:
            self._faults.add("container", name, what="Its checksum is another.")
        return content

    def hold(self, manifest: Manifest) -> None:
        """Hold the names, their order and their lengths against the manifest."""
        there = [one.name for one in self._order]
        told = [one.name for one in manifest.members]
        named = set(told)  # once: there may be 65,000 of them
        here = [name for name in there if name not in (MANIFEST, NOTE)]
        missing = [name for name in told if name not in self._kept]
        extra = [name for name in here if name not in named]
        for name in missing:
            self._faults.add("member_missing", name)
        for name in sorted({*REQUIRED, VIEWER_ENTRIES}):
            if name not in named:
                self._faults.add("member_missing", name, what="The manifest does not name it.")
        for name in extra:
            self._faults.add("member_extra", name)
        if not missing and not extra and there != [*told, MANIFEST, NOTE] and NOTE in self._kept:
            self._faults.add("member_order")
        self._announced = {one.name: one for one in manifest.members}
        for one in manifest.members:
            kept = self._kept.get(one.name)
            if kept is not None and kept.size != one.bytes:
                what = f"{kept.size} bytes, {one.bytes} announced"
                self._faults.add("member_size", one.name, what=what)

    def has(self, name: str) -> bool:
        """Say whether a member is there as it was announced, as far as its length goes."""
        kept, told = self._kept.get(name), self._announced.get(name)
        return kept is not None and told is not None and kept.size == told.bytes

    def size_of(self, name: str) -> int:
        """Give how many bytes a member has unpacked; 0 when it is not there as announced."""
        return self._kept[name].size if self.has(name) else 0

    def names(self, folder: str = "") -> list[str]:
        """List the announced members below a folder."""
        return [name for name in self._announced if name.startswith(folder)]

    def parts(self, name: str, faults: Faults | None = None) -> Iterator[bytes]:
        """Give a member in parts; once it is through, its hash has been held against the manifest.

        Nothing comes of a member that is not there, or has another length than announced. `faults`
        are those of a thread of its own.
        """
        if not self.has(name):
            return
        faults = self._faults if faults is None else faults
        kept, hashed, crc = self._kept[name], sha256(), 0
        self._hashes[name] = ""
        try:
            for part in unpacked(self._content, kept):
                hashed.update(part)
                crc = zlib.crc32(part, crc)
                yield part
        except Malformed as error:
            faults.add("container", name, what=error.sentence)
            return
        self._hashes[name] = hashed.hexdigest()
        if self._hashes[name] != self._announced[name].sha256:
            faults.add("member_changed", name)
        elif crc != kept.crc:
            faults.add("container", name, what="Its checksum is another.")

    def whole(self, name: str, at_most: int = IN_MEMORY_AT_MOST) -> bytes | None:
        """Give a member as a whole; None when it is not there or too large."""
        if not self.has(name):
            return None
        if self._kept[name].size > at_most:
            self._faults.add("container", name, what=f"It has more than {at_most} bytes.")
            self._hashes[name] = ""
            return None
        content = b"".join(self.parts(name))
        return content if len(content) == self._kept[name].size else None

    def hash_of(self, name: str) -> str:
        """Give the SHA-256 of a member, reading it when nobody did; "" when it cannot be read."""
        if name not in self._hashes:
            for _part in self.parts(name):
                pass
        return self._hashes.get(name, "")

    def unread(self) -> list[str]:
        """List the members that nobody read yet."""
        return [name for name in self._announced if name not in self._hashes and self.has(name)]

    def read_all(self, names: Iterable[str]) -> Faults:
        """Read members for their hashes alone; give what was found, for another thread to add."""
        faults = Faults()
        for name in names:
            for _part in self.parts(name, faults):
                pass
        return faults
