"""The time stamps of a dossier, held against the heads that they are over and the reader's roots.

What belongs here: reading the members about stamps. What never does: putting them in
(services/dossier_stamping.py), or what an answer must be (integrations/stamp_proofs.py).

A stamp is over a head of the company's log, and that over lines which tell of heads of this record:
so each stamp says how many entries there were at its time, by a clock that is not the company's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.x509 import Certificate

from domain.checkpoint import Checkpoint, Note, read_checkpoint, read_note
from domain.dossier import STAMPS, STAMPS_FOLDER, STAMPS_MOST
from domain.dossier_faults import Faults, Stamped
from domain.dossier_said import read_index
from domain.errors import Malformed
from domain.timestamp import STAMP_AT_MOST, Stamp, read_stamp
from domain.wire import instant_text
from integrations.stamp_proofs import verified
from services.dossier_archive import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStamp:
    """A stamp that is over the bytes of a head; `row` is its number in the index, from 1."""

    row: int
    file: str
    authority: str
    written: str
    note: Note
    head: Checkpoint
    answer: bytes
    stamp: Stamp


def read_stamps(archive: Archive, faults: Faults) -> list[ReadStamp]:
    """Read the stamps that are here, unbelieved, each held against the note that it is over."""
    rows = _rows(archive, faults)
    listed = {str(row.get(name)) for row in rows for name in ("file", "roots")}
    for name in archive.names(STAMPS_FOLDER):
        if name not in listed:
            faults.add("stamp_malformed", name, what="The index does not list it.")
    found = (_read(archive, number, row, faults) for number, row in enumerate(rows, 1))
    return [one for one in found if one is not None]


def _rows(archive: Archive, faults: Faults) -> list[dict[str, Any]]:
    content = archive.whole(STAMPS)
    if content is None:
        return []
    try:
        rows = list(read_index(content))
    except Malformed as error:
        faults.add("member_malformed", STAMPS, what=error.sentence)
        return []
    if len(rows) > STAMPS_MOST:
        faults.add("stamp_malformed", STAMPS, what=f"It lists {len(rows)} stamps.")
        return []
    return rows


def _read(archive: Archive, number: int, row: dict[str, Any], faults: Faults) -> ReadStamp | None:
    told = [row.get(name) for name in ("authority", "file", "note", "roots")]
    try:
        authority, file, written, roots = (_text(one) for one in told)
        note = read_note(written)
        head = read_checkpoint(note.text)
        for name in (file, *([roots] if roots else ())):
            _require_here(archive, name)
    except Malformed as error:
        faults.add("stamp_malformed", STAMPS, entry=number, what=error.sentence)
        return None
    answer = archive.whole(file, STAMP_AT_MOST)
    if answer is None:
        return None
    try:
        stamp = read_stamp(answer)
    except Malformed as error:
        faults.add("stamp_malformed", file, entry=number, what=error.sentence)
        return None
    if not stamp.is_of(written.encode()):
        faults.add("stamp_imprint", file, entry=number, what="It is over other bytes.")
        return None
    return ReadStamp(
        row=number,
        file=file,
        authority=authority,
        written=written,
        note=note,
        head=head,
        answer=answer,
        stamp=stamp,
    )


def _require_here(archive: Archive, name: str) -> None:
    if not name.startswith(STAMPS_FOLDER) or not archive.has(name):
        raise Malformed("A file is not here.")


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise Malformed("A row lacks what it must say.")
    return told


def trusted(one: ReadStamp, entries: int, roots: Sequence[Certificate], faults: Faults) -> Stamped:
    """Hold a stamp over a sound head against the roots that the reader has, and tell it."""
    is_trusted = False
    if roots:
        try:
            verified(one.answer, one.written.encode(), roots)
            is_trusted = True
        except Malformed as error:
            faults.add("stamp_untrusted", one.file, entry=one.row, what=error.sentence)
    return Stamped(
        file=one.file,
        authority=one.authority[:200],
        at=instant_text(one.stamp.at),
        entries=entries,
        is_trusted=is_trusted,
    )
