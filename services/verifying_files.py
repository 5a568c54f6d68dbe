"""Files and the keys of the vault: is each file there, or was it erased with a word of it.

What belongs here: the row of a file held against its bytes, its note, and what tells of erasures.
What never does: whether an entry's file is known (verifying_named.py), or its private texts
(verifying_texts.py).

A file's note lies in the vault under a key of its own: its name, its hash, who may open it. The row
names the note; whoever points a row at another text must not hide the file by that.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from domain.canonical import sha256_hex
from domain.erasure import ASKED, DONE
from domain.errors import AndonError, BrokenSetup, NotFound
from domain.wire import instant_text
from integrations.seal import open_file
from services import erasing, erasure_proof, vaulting
from services.fault import Fault
from services.house import House
from services.ledgers import private_in
from services.vaulting import Opened
from storage import company, copies, streams, vault
from storage.blobs import BlobDirectory
from storage.copies import Raw


def files(house: House) -> Iterator[Fault]:
    """Hold each file against its row and its note; erasing takes the bytes, and leaves the row.

    What was erased, and is told of in the company's log or in the register beside the ring, lacks
    nothing; a key that was destroyed without a word of it does, whether the bytes are there or not.
    """
    rows = list(copies.every_blob(house.engine))
    notes = vault.kept_texts(house.engine, [_ref(row) for row in rows])
    with_note, erased, opened = Counter(map(_ref, rows)), _Erased(house), vaulting.opener(house)
    for row in rows:
        address, note = str(row["sha256"])[:64], notes.get(_ref(row))
        stored, is_whole = _stored(house, row)
        if note is None:
            # What the house keeps by itself has no note, and lies open.
            is_right = stored is not None and not _ref(row) and row["private"] == 0
        elif note.wrapped is not None:
            found = opened(note)
            told = _told_in(found)
            if told.get("access", note.access) != note.access:
                yield Fault(kind="access", what=address)
            is_right = found is not None and _is_file(row, stored, told, found.key, note.id)
        elif note.subject not in erased.told:
            yield Fault(kind="erased_untold", what=address)
            continue
        else:
            is_right = with_note[note.id] == 1 and erased.is_file(row, note, stored)
        if not (is_whole and is_right):
            yield Fault(kind="file", what=address)


def _ref(row: Raw) -> str:
    return str(row["name_ref"])


def _stored(house: House, row: Raw) -> tuple[bytes | None, bool]:
    """Give the bytes of a file, None where they are gone; and whether no other ones lie there."""
    try:
        stored = BlobDirectory(house.settings.blobs_dir).get(row["sha256"])
    except NotFound:
        return None, True
    except AndonError:
        return None, False
    return stored, len(stored) == row["size"]


def _told_in(found: Opened | None) -> Mapping[str, Any]:
    """Read the note of a file; a person's words are none."""
    try:
        told = json.loads(found.text) if found is not None else None
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}


def _is_file(row: Raw, stored: bytes | None, told: Mapping[str, Any], key: bytes, ref: str) -> bool:
    """Say whether a note is of these bytes: sealed ones open under its key alone."""
    if stored is None or row["private"] != told.get("private"):
        return False
    if not row["private"]:
        return bool(told.get("sha256") == row["sha256"])
    try:
        return sha256_hex(open_file(stored, key, ref)) == told.get("sha256")
    except BrokenSetup:
        return False


@dataclass
class _Erased:
    """What tells of erasures, read when it is first asked for: after the keys that are gone."""

    house: House

    @cached_property
    def told(self) -> set[str]:
        """Name the subjects that were erased."""
        return told_erased(self.house)

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        return _told_files(self.house)

    @cached_property
    def _texts(self) -> set[str]:
        """Name the texts that are no notes of files: entries, or requests to erase, are of them."""
        holding = streams.places_naming(self.house.engine, ['"commitment"'])
        named = {text.ref for *_, content in holding for text in private_in(json.loads(content))}
        return named | _texts_of_requests(self.house)

    def is_file(self, row: Raw, note: vault.KeptText, stored: bytes | None) -> bool:
        """Say whether a file may lie, or have lain, under a note whose key is destroyed.

        An open one may stay for others who name it. Of any other the line that tells of the
        erasure has the address, where it is of a time when addresses stood there.
        """
        if note.id in self._texts:
            return False
        went = self._files.get(note.subject)
        stays = stored is not None and not row["private"]
        return stays or went is None or row["sha256"] in went


def _told_files(house: House) -> dict[str, set[str]]:
    """Give the addresses of files that went, by the subject that the log says was erased with them.

    Lines that were written before addresses, or marks, stood in them name no subject here.
    """
    found: dict[str, set[str]] = {}
    for line in erasure_proof.proven(house):
        addresses = line.body.get("file_addresses", ())
        if not line.is_marked or (line.body["files"] and not addresses):
            continue
        for subject in line.body["subjects"]:
            found.setdefault(str(subject), set()).update(addresses)
    return found


def _texts_of_requests(house: House) -> set[str]:
    """Name the texts of the vault that requests to erase are made of, by their ids."""
    lines = company.lines_of(house.engine, (ASKED,))
    return {str(line.body[name]["ref"]) for line in lines for name in ("reason", "addresses")}


def keys(house: House) -> Iterator[Fault]:
    """Name the subjects whose texts nobody can open any more, without a word that they were erased.

    Of one with a file the file is named (`files`). Of one that was erased, and of one that was
    not, the row says when and why as whoever tells of it does.
    """
    ended = {str(name) for one in company.lines_of(house.engine, (DONE,))
             for name in one.body["subjects"]}  # fmt: skip
    rows = {row["subject"]: row for row in copies.every_key(house.engine)}
    gone = {subject for subject, row in rows.items() if row["wrapped"] is None}
    for subject, row in rows.items():
        says_nothing = (row["erased_at"], row["erased_for"]) == (None, None)
        if row["wrapped"] is not None and (subject in ended or not says_nothing):
            yield Fault(kind="erased_row", what=str(subject)[:64])
    if not gone:
        return
    # What tells of them is read after them: people go on erasing meanwhile.
    refs = [_ref(row) for row in copies.every_blob(house.engine)]
    of_files = {note.subject for note in vault.kept_texts(house.engine, refs).values()}
    said = _said_of(house)
    for subject in sorted(gone, key=str):
        if subject not in said:
            if subject not in of_files:
                yield Fault(kind="erased_untold", what=str(subject)[:64])
        elif (rows[subject]["erased_at"], rows[subject]["erased_for"] or "") not in said[subject]:
            yield Fault(kind="erased_row", what=str(subject)[:64])


def _said_of(house: House) -> dict[str, set[tuple[str, str]]]:
    """Give when and why each subject was erased: as the log proves it, else as the register says.

    A register that was lost took over what stood in the row: the log is believed before it.
    """
    proved: dict[str, set[tuple[str, str]]] = {}
    for one in erasure_proof.proven(house):
        for subject in one.subjects:
            said = (str(one.body.get("erased_at", "")), str(one.body.get("basis", "")))
            proved.setdefault(subject, set()).add(said)
    named = erasure_proof.registered(house).values()
    return {one.name: {(instant_text(one.erased_at), one.ground)} for one in named} | proved


def told_erased(house: House) -> set[str]:
    """Name the subjects of which the log or the register says that they were erased."""
    return erasing.told_of(house) | erasure_proof.registered(house).keys()
