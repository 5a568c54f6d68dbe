"""The files of erased subjects: whose bytes go from the disk, and which stay for others.

What belongs here: telling the two apart, and removing. What never does: destroying a key, or its
line in the log (services/erasing.py).

A sealed file is one subject's alone. An open file is kept once by its content, under the note of
who brought it first; who brings the same bytes later has a note of their own, which no row names.
So the bytes stay while another note, or an entry of another incident or case, names them, and the
row is then put under that other note.
"""

from collections.abc import Collection
from dataclasses import dataclass

from services import subjects
from services.house import House
from storage import blobs, streams
from storage.blobs import Blob, BlobDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Addresses of files: what goes, and what is kept for others."""

    gone: tuple[str, ...]
    kept: tuple[str, ...]


def places_of(house: House, addresses: Collection[str]) -> dict[str, set[str]]:
    """Name, for each address of a file, the incidents and cases whose entries name it."""
    found: dict[str, set[str]] = {address: set() for address in addresses}
    for stream, _, content in streams.places_naming(house.engine, list(found)):
        text = content.decode()
        for address, naming in found.items():
            if address in text:
                naming.add(stream)
    return found


def part(house: House, erased: Collection[str]) -> Parted:
    """Tell the files of subjects that are erased apart, without touching one."""
    files = subjects.files_of(house, erased)
    kept = _others(house, files, erased)
    return Parted(gone=tuple(f for f in files if f not in kept), kept=tuple(kept))


def remove(house: House, erased: Collection[str]) -> int:
    """Take the bytes of the subjects' files off the disk, but what others name; give how many.

    Raises NotConfirmed where the disk failed.
    """
    files = subjects.files_of(house, erased)
    kept = _others(house, files, erased)
    for about, note in kept.values():
        if note:
            blobs.put_under(house.engine, about.sha256, about.name_ref, note)
    directory = BlobDirectory(house.settings.blobs_dir)
    return sum(directory.remove(address) for address in files if address not in kept)


def _others(
    house: House, files: Collection[str], erased: Collection[str]
) -> dict[str, tuple[Blob, str]]:
    """Give the files that others name, each with another's note of it, or ''.

    Only open files whose bytes are there: looking for the notes opens every text of the vault.
    """
    directory = BlobDirectory(house.settings.blobs_dir)
    known = blobs.among(house.engine, files)
    shared = {a: b for a, b in known.items() if not b.private and directory.path(a).exists()}
    if not shared:
        return {}
    notes = subjects.notes_of(house, shared, erased)
    places = places_of(house, shared)
    return {
        address: (about, notes.get(address, ""))
        for address, about in shared.items()
        if address in notes or len(places[address]) > 1
    }
