"""Blobs: evidence, statement bundles, filings, histories; named by the SHA-256 of their bytes.

What belongs here: a directory of files that can be checked with `sha256sum`, and one row for each.
What never does: what a file means, or a cipher (`seal` and `unseal` are passed in).

The name is the hash of the bytes as they lie on disk. For a sealed file that is the hash of the
ciphertext: it can be checked without a key, says nothing about the content after the key is
destroyed, and two subjects never share a file. A blob is written before the command that names it;
a crash in between leaves a file that nobody names, which does no harm.
"""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.canonical import sha256_hex
from domain.errors import BrokenSetup, Malformed, NotFound, TooLarge
from storage.engine import read, write
from storage.failures import DISK_FULL, told
from storage.inserting import insert_new
from storage.schema import blobs

LARGEST_BLOB = 50 * 1024 * 1024
"""Bytes of one blob: a phone's video of a minute."""

AT_ONCE = 500
"""Files that one statement asks for."""

SPARE = 1024 * 1024
"""Bytes that must stay free beside a blob: its folders, and the rows that name it."""

AT_ONCE = 500
"""Addresses that one question asks for."""

_ADDRESS = re.compile(r"[0-9a-f]{64}")

Cipher = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """What is known of a blob: `size` in bytes as stored; `name_ref` the vault id of its name."""

    sha256: str
    size: int
    media_type: str
    private: bool
    stored_at: datetime
    name_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobLabel:
    """What the caller says about a blob: media type, when, and the vault id of its file name."""

    media_type: str
    stored_at: datetime
    name_ref: str = ""


@dataclass(frozen=True, slots=True)
class BlobDirectory:
    """A folder of blobs as `ab/cd/abcd…`; only its owner may read it."""

    root: Path
    limit: int = LARGEST_BLOB

    def put(self, stored: bytes) -> str:
        """Write bytes durably under their hash and give it.

        Raises:
            TooLarge: more than the limit.
            NotConfirmed: the disk is full or failed; nothing was kept.
        """
        if len(stored) > self.limit:
            raise TooLarge(
                f"The file has {len(stored)} bytes; the limit is {self.limit}.",
                "Send a smaller file, or several.",
            )
        address = sha256_hex(stored)
        with told():
            self._write(self.path(address), stored)
        return address

    def require_room(self, size: int) -> None:
        """Refuse what will not fit, before anything that belongs to it is kept.

        Raises:
            NotConfirmed: the disk is full, or would be.
        """
        place = next(each for each in (self.root, *self.root.parents) if each.exists())
        if shutil.disk_usage(place).free < size + SPARE:
            raise DISK_FULL.error()

    def get(self, address: str) -> bytes:
        """Read bytes and check that they are still the ones.

        Raises:
            NotFound: there is no such file.
            BrokenSetup: the file was changed or damaged.
        """
        try:
            stored = self.path(address).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"There is no blob {address}.", "Check the address.") from None
        if sha256_hex(stored) != address:
            raise BrokenSetup(
                f"The blob {address} is damaged: its bytes have another hash.",
                f"Restore {self.path(address)} from a backup.",
                code="blob_damaged",
            )
        return stored

    def remove(self, address: str) -> bool:
        """Take a blob's bytes off the disk; say whether they were there.

        Raises:
            NotConfirmed: the disk failed.
        """
        place = self.path(address)
        with told():
            try:
                place.unlink()
            except FileNotFoundError:
                return False
            _sync_folder(place.parent)
        return True

    def path(self, address: str) -> Path:
        """Say where a blob lies.

        Raises:
            Malformed: it is no SHA-256 in lower-case hex (and might be a path out of the folder).
        """
        if not _ADDRESS.fullmatch(address):
            raise Malformed(f"{address!r:.80} is no blob address.", "Pass 64 hexadecimal digits.")
        return self.root / address[:2] / address[2:4] / address

    def _write(self, path: Path, stored: bytes) -> None:
        """Write beside the place, sync, rename, sync the folder: whole or not at all."""
        _make_folders(path.parent, self.root)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
                f.write(stored)
                f.flush()
                os.fsync(f.fileno())
            beside.replace(path)
            _sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


def put_blob(
    engine: Engine,
    directory: BlobDirectory,
    content: bytes,
    label: BlobLabel,
    seal: Cipher | None = None,
) -> Blob:
    """Keep content, sealed when `seal` is given, and give its row; the same bytes are kept once.

    A `seal` that gives other bytes each time gives a repeated request another address.

    Raises:
        TooLarge, NotConfirmed: see BlobDirectory.put.
    """
    stored = content if seal is None else seal(content)
    address = directory.put(stored)
    row = Blob(sha256=address, size=len(stored), private=seal is not None, **asdict(label))
    with write(engine) as connection:
        if insert_new(connection, blobs, asdict(row)):
            return row
    return blob(engine, address)


def read_blob(
    engine: Engine, directory: BlobDirectory, address: str, unseal: Cipher | None = None
) -> bytes:
    """Give a blob's content, checked against its address.

    Raises:
        NotFound: no blob of this address was kept.
        Malformed: it is sealed and no `unseal` was passed, or the other way round.
        BrokenSetup: its file is damaged.
    """
    about = blob(engine, address)
    if about.private != (unseal is not None):
        kind = "sealed" if about.private else "not sealed"
        raise Malformed(f"The blob {address} is {kind}.", "Open it the way it was kept.")
    stored = directory.get(address)
    return stored if unseal is None else unseal(stored)


def blob(engine: Engine, address: str) -> Blob:
    """Give what is known of a blob.

    Raises:
        NotFound: no blob of this address was kept.
    """
    columns = [blobs.c[name] for name in Blob.__dataclass_fields__]
    with read(engine) as connection:
        row = connection.execute(sa.select(*columns).where(blobs.c.sha256 == address)).first()
    if row is None:
        raise NotFound(f"There is no blob {address}.", "Check the address.")
    return Blob(**row._asdict())


def name_refs(engine: Engine, addresses: Iterable[str]) -> dict[str, str]:
    """Give the vault ids of the names of kept files by address; what is no file is left out."""
    wanted = sorted(set(addresses))
    found: dict[str, str] = {}
    with read(engine) as connection:
        for start in range(0, len(wanted), AT_ONCE):
            chosen = blobs.c.sha256.in_(wanted[start : start + AT_ONCE])
            rows = connection.execute(sa.select(blobs.c.sha256, blobs.c.name_ref).where(chosen))
            found.update({row.sha256: row.name_ref for row in rows if row.name_ref})
    return found


def among(engine: Engine, addresses: Collection[str]) -> dict[str, Blob]:
    """Give what is known of blobs, by address; those not there are left out."""
    columns = [blobs.c[name] for name in Blob.__dataclass_fields__]
    every, found = sorted(set(addresses)), {}
    with read(engine) as connection:
        for first in range(0, len(every), AT_ONCE):
            chosen = blobs.c.sha256.in_(every[first : first + AT_ONCE])
            for row in connection.execute(sa.select(*columns).where(chosen)):
                found[row.sha256] = Blob(**row._asdict())
    return found


def of_notes(engine: Engine, notes: Collection[str]) -> list[Blob]:
    """List the blobs whose names stand under these ids of the vault."""
    columns = [blobs.c[name] for name in Blob.__dataclass_fields__]
    every, found = sorted(set(notes)), []
    with read(engine) as connection:
        for first in range(0, len(every), AT_ONCE):
            chosen = blobs.c.name_ref.in_(every[first : first + AT_ONCE])
            rows = connection.execute(sa.select(*columns).where(chosen))
            found += [Blob(**row._asdict()) for row in rows]
    return found


def put_under(engine: Engine, address: str, before: str, note: str) -> bool:
    """Put a blob under another note of the vault, unless it left `before`; say whether it was."""
    chosen = sa.and_(blobs.c.sha256 == address, blobs.c.name_ref == before)
    with write(engine) as connection:
        changed = connection.execute(sa.update(blobs).where(chosen).values(name_ref=note))
        return changed.rowcount == 1


def noted(engine: Engine) -> list[Blob]:
    """List every blob that has a name in the vault: what people brought."""
    columns = [blobs.c[name] for name in Blob.__dataclass_fields__]
    with read(engine) as connection:
        rows = connection.execute(sa.select(*columns).where(blobs.c.name_ref != ""))
        return [Blob(**row._asdict()) for row in rows]


def _make_folders(folder: Path, root: Path) -> None:
    """Make the folders that lack, each durable in the one above it."""
    missing = [each for each in (root, folder.parent, folder) if not each.exists()]
    for each in missing:
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(each.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows cannot open a folder and does not need to."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
