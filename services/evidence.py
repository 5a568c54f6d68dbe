"""Files that people bring: photographs, laboratory reports; kept once, sealed, told by address.

What belongs here: what a file may be, sealing it, and who may open it again. What never does: what
it proves. A file is kept before the command that names it, and is no evidence until an entry does.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from domain.canonical import sha256_hex
from domain.errors import KeyReused, Malformed, NotAllowed, NotFound, TooLarge
from domain.people import EVERYONE, Access, Actor, may_open
from domain.wire import ID_LIMIT, text_fault
from integrations.seal import (
    open_file,
    open_sealed,
    seal,
    seal_file,
    sealed_id,
    unwrap_key,
)
from services import read_log, vaulting
from services.house import House
from services.read_log import Read
from services.vaulting import Sealed
from storage import blobs, vault
from storage.blobs import BlobDirectory, BlobLabel

FILE_LIMIT: Final = 15 * 1024 * 1024
"""Bytes of one file: a photograph of today's telephones has 3 to 12 MB."""

ANY: Final = "application/octet-stream"
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What a page may show in place; everything else is only given to be saved."""

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_BRANDS: Final = {b"heic": "image/heic", b"heix": "image/heic", b"avif": "image/avif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file as somebody brought it; `private` seals it for those who may open `access`."""

    content: bytes
    name: str
    command_id: str
    private: bool = True
    access: Access = Access.RESTRICTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept file: `address` is the SHA-256 of the bytes as they lie on the disk."""

    address: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file opened for somebody who may."""

    content: bytes
    name: str
    media_type: str


def media_type_of(content: bytes) -> str:
    """Tell what a file is by its first bytes, never by its name."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], ANY)
    return ANY


def keep(house: House, actor: Actor, brought: Brought) -> Kept:
    """Keep a file and give its address; the same key and file give the same address.

    Raises NotAllowed, Malformed, TooLarge, KeyReused, NotConfirmed (disk full).
    """
    _check(actor, brought)
    _directory(house).require_room(len(brought.content))
    now = house.now()
    media_type = media_type_of(brought.content)
    note_id, key = _keep_note(house, brought, media_type)
    seal_it: Callable[[bytes], bytes] | None = None
    if brought.private:

        def seal_it(content: bytes) -> bytes:
            return seal_file(content, key, note_id)

    label = BlobLabel(media_type=media_type, stored_at=now, name_ref=note_id)
    kept = blobs.put_blob(house.engine, _directory(house), brought.content, label, seal_it)
    if kept.name_ref != note_id:
        _take_over(house, kept, note_id)
    return Kept(address=kept.sha256, media_type=kept.media_type, size=len(brought.content))


def _take_over(house: House, kept: blobs.Blob, note_id: str) -> None:
    """Put the same bytes under this note where who brought them first was erased."""
    first = vault.kept_texts(house.engine, [kept.name_ref]).get(kept.name_ref)
    if first is not None and first.wrapped is None:
        blobs.put_under(house.engine, kept.sha256, kept.name_ref, note_id)


def _check(actor: Actor, brought: Brought) -> None:
    if not actor.holds(EVERYONE):
        raise NotAllowed("Auditors and administrators bring no evidence.", "Ask a colleague.")
    if not brought.content:
        raise Malformed("The file is empty.", "Choose another file.", code="empty_file")
    if len(brought.content) > FILE_LIMIT:
        raise TooLarge(
            f"The file has more than {FILE_LIMIT // 2**20} MB.", "Send a smaller one, or several."
        )
    fault = text_fault(brought.name, ID_LIMIT)
    if fault is not None:
        raise Malformed(f"The file's name cannot be kept: {fault}", "Give it another name.")


def _keep_note(house: House, brought: Brought, media_type: str) -> tuple[str, bytes]:
    """Keep name, hash and class of the file in the vault, under a key of its own; give id and key.

    Destroying that key erases the file. Raises KeyReused for another file under the same key.
    """
    subject = vaulting.new_subject("evidence", brought.command_id)
    note = {
        "name": brought.name,
        "media_type": media_type,
        "sha256": sha256_hex(brought.content),
        "private": brought.private,
    }

    def seal_note(told: Mapping[str, object], key: bytes) -> Iterator[Sealed]:
        note_id = sealed_id(key, brought.command_id, "file")
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        yield Sealed(note_id, seal(text, key, note_id), brought.access)

    def kept(told: Mapping[str, object]) -> bytes:
        return vaulting.keep_under_key(house, subject, partial(seal_note, told))

    try:
        key = kept({**note, "access": str(brought.access)})
    except KeyReused:
        key = kept(note)  # the same file, of a time when notes did not say their class
    return sealed_id(key, brought.command_id, "file"), key


def content_hash(house: House, address: str) -> str:
    """Give the SHA-256 over the clear bytes of a kept file; "" where they were erased.

    An open file's is its address; a closed one's lies in its note, under the file's own key.
    Raises NotFound where there is no such file.
    """
    about = blobs.blob(house.engine, _checked(address))
    if not about.private:
        return about.sha256
    noted = vault.kept_texts(house.engine, [about.name_ref]).get(about.name_ref)
    if noted is None or noted.wrapped is None:
        return ""
    key = unwrap_key(house.ring, noted.wrapped, noted.subject)
    return str(json.loads(open_sealed(noted.ciphertext, key, noted.id).text)["sha256"])


def open_evidence(house: House, actor: Actor, address: str) -> OpenedFile:
    """Open a kept file for who may read it. Raises NotFound, alike for all others."""
    classes = [access for access in Access if may_open(actor, access)]
    return open_for(house, actor, classes, address)


def open_for(house: House, actor: Actor, classes: Collection[Access], address: str) -> OpenedFile:
    """Open a kept file whose access class is one of these. Raises NotFound, alike for all others.

    Who may open files of these classes is for the caller to know. That a sealed one, or one of a
    class that is not open, was opened is noted in the read log first.
    """
    about = blobs.blob(house.engine, _checked(address))
    noted = vault.kept_texts(house.engine, [about.name_ref]).get(about.name_ref)
    if noted is None:
        return _open_plain(house, classes, about)
    if noted.access not in classes:
        raise no_such_file(address)
    if noted.wrapped is None:
        if not about.private and _directory(house).path(address).exists():
            return _open_kept(house, actor, noted, about)
        on = noted.erased_at.date() if noted.erased_at else ""
        raise NotFound(
            f"This file was erased on {on}." if on else "This file was erased.",
            "The ledger still proves that it was there.",
            code="erased",
        )
    key = unwrap_key(house.ring, noted.wrapped, noted.subject)
    note = json.loads(open_sealed(noted.ciphertext, key, noted.id).text)

    def unseal(content: bytes) -> bytes:
        return open_file(content, key, noted.id)

    if about.private or noted.access != Access.OPEN:
        read_log.note(house, actor.id, Read(what="file", item=address))
    content = blobs.read_blob(
        house.engine, _directory(house), address, unseal if about.private else None
    )
    return OpenedFile(content=content, name=note["name"], media_type=about.media_type)


def access_of(house: House, about: blobs.Blob) -> Access:
    """Say who may open a kept file; one without a note is open, unless it lies sealed."""
    noted = vault.kept_texts(house.engine, [about.name_ref]).get(about.name_ref)
    if noted is not None:
        return Access(noted.access)
    return Access.RESTRICTED if about.private else Access.OPEN


def _open_plain(house: House, classes: Collection[Access], about: blobs.Blob) -> OpenedFile:
    """Open what the house itself keeps without a note, such as a published text."""
    if about.private or Access.OPEN not in classes:
        raise no_such_file(about.sha256)
    content = blobs.read_blob(house.engine, _directory(house), about.sha256)
    return OpenedFile(content=content, name="", media_type=about.media_type)


def _open_kept(house: House, actor: Actor, noted: vault.KeptText, about: blobs.Blob) -> OpenedFile:
    """Open a file whose bringer was erased, and that is kept because others name it."""
    if noted.access != Access.OPEN:
        read_log.note(house, actor.id, Read(what="file", item=about.sha256))
    content = blobs.read_blob(house.engine, _directory(house), about.sha256)
    return OpenedFile(content=content, name="", media_type=about.media_type)


def _checked(address: str) -> str:
    if len(address) != 64 or not set(address) <= set("0123456789abcdef"):
        raise no_such_file(address)
    return address


def no_such_file(address: str) -> NotFound:
    """Say that there is no such file, also of one that may not be seen."""
    return NotFound(f"There is no file {address:.64}.", "Check the address.")


def _directory(house: House) -> BlobDirectory:
    return BlobDirectory(house.settings.blobs_dir, limit=FILE_LIMIT + 64)
