"""Private texts that entries refer to: are they those that were recorded, for those who may read.

What belongs here: each text held against the commitment in its entry, and its class against the
field it stands in. What never does: the notes of files (verifying_files.py).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import domain.streams  # noqa: F401 - completes the registry
from domain.message import find_command, recorded_access
from domain.people import Access
from domain.values import PrivateText
from services import vaulting
from services.fault import Fault
from services.house import House
from services.ledgers import private_in
from storage import vault
from storage.streams import EntryRow

ACCESS: Final[Mapping[tuple[str, str], Access]] = {
    (str(stage), name): access for (stage, name), access in recorded_access().items()
}
"""Who may open the private text of an entry, by its stage and the field that it stands in."""


def text_faults(house: House, read: Mapping[int, EntryRow]) -> Iterator[Fault]:
    """Name the entries with a private text that is not the recorded one, or is of another class."""
    sealed = {seq: row for seq, row in read.items() if b'"commitment"' in row.content}
    texts = {seq: list(texts_of(row)) for seq, row in sealed.items()}
    every = [text for each in texts.values() for text, _ in each]
    altered = set(vaulting.altered_texts(house, every))
    kept = vault.kept_texts(house.engine, (text.ref for text in every))
    for seq, each in texts.items():
        if altered & {text.ref for text, _ in each}:
            yield Fault(kind="private", seq=seq)
        if any(
            access is not None and text.ref in kept and kept[text.ref].access != access
            for text, access in each
        ):
            yield Fault(kind="access", seq=seq)


def texts_of(row: EntryRow) -> Iterator[tuple[PrivateText, Access | None]]:
    """Give the private texts of an entry, each with its class; None where no field says one."""
    told = json.loads(row.content)
    yield from _texts_in(row.stage, told.pop("body"))
    yield from ((text, None) for text in private_in(told))


def _texts_in(stage: str, body: Any) -> Iterator[tuple[PrivateText, Access | None]]:
    """Look through the fields of a body; one may hold a command, as a proposed act does."""
    for name, value in body.items() if isinstance(body, dict) else ():
        spec = find_command(str(value.get("type"))) if isinstance(value, dict) else None
        if spec is not None and isinstance(value.get("body"), dict):
            yield from _texts_in(spec.stage, value["body"])
        else:
            yield from ((text, ACCESS.get((stage, name))) for text in private_in(value))
