"""Is a record whole: all that is kept about an incident, held against the bytes of its entries.

What belongs here: finding what does not agree, and naming it. What never does: repairing it, or the
words (api/pages/audit.py). The bytes under the tree are what counts; columns, leaves, the stored
state and the row of the lists are copies, and a copy that says something else is found here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from activities.ledger import projection
from domain.errors import NotWhole
from domain.incident import INCIDENT, fold
from domain.state import Incident
from domain.tree import Tree, leaf_hash
from services import ledgers, reading, vaulting
from services.house import House
from storage import duties, holds, incidents, streams
from storage.engine import one_moment
from storage.incidents import IncidentRow, StoredState
from storage.streams import EntryRow, KeptEntry

COPIED = ("type", "stage", "actor", "command_id", "at", "happened_at", "recorded_at")
"""Columns of an entry that are copied out of its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not agree: `kind`, the entry it is about (0: none), and what of it."""

    kind: str
    seq: int = 0
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying found: nothing in `faults` when the record is whole.

    `entries` are those that can be read, by number; `numbers` are all that are there.
    """

    numbers: tuple[int, ...]
    entries: dict[int, EntryRow]
    computed: str
    stored: str
    faults: tuple[Fault, ...]


def verify(house: House, incident_id: str) -> Verdict:
    """Hold all that is kept about an incident against the bytes of its entries.

    People go on meanwhile: what is compared is all of one moment.
    """
    with one_moment(house.engine):
        return _verified(house, incidents.incident(house.engine, incident_id))


def _verified(house: House, row: IncidentRow) -> Verdict:
    kept = streams.kept_entries(house.engine, row.id)
    head = streams.head(house.engine, row.id)
    read = {one.seq: found for one in kept if (found := _read(row.id, one)) is not None}
    computed = Tree([leaf_hash(_bytes(one)) for one in kept]).root().hex()
    faults = list(_of_entries(kept, read))
    if computed != head.root:
        faults.insert(0, Fault(kind="tree"))
    if [one.seq for one in kept] != list(range(1, head.size + 1)):
        faults.append(Fault(kind="gap"))
    times = [one.recorded_at for one in read.values()]
    if times != sorted(times):
        faults.append(Fault(kind="order"))
    faults += _of_private_texts(house, read)
    if len(read) == len(kept):
        faults += _of_copies(house, row, kept, times[-1] if times else None)
    return Verdict(
        numbers=tuple(one.seq for one in kept),
        entries=read,
        computed=computed,
        stored=head.root,
        faults=tuple(faults),
    )


def _bytes(one: KeptEntry) -> bytes:
    """Give what stands where the bytes should: text is no entry, and has its own hash."""
    return one.content if isinstance(one.content, bytes) else str(one.content).encode()


def _read(stream: str, one: KeptEntry) -> EntryRow | None:
    try:
        return streams.row_of(stream, one.seq, one.content)
    except NotWhole:
        return None


def _of_entries(kept: Sequence[KeptEntry], read: dict[int, EntryRow]) -> Iterator[Fault]:
    """Compare each entry's leaf and columns with its bytes."""
    for one in kept:
        entry = read.get(one.seq)
        if entry is None:
            yield Fault(kind="unreadable", seq=one.seq)
            continue
        if one.leaf != leaf_hash(entry.content).hex():
            yield Fault(kind="leaf", seq=one.seq)
        said = streams.columns_of(entry)
        for name in COPIED:
            if one.columns[name] != said[name]:
                yield Fault(kind="column", seq=one.seq, what=name)


def _of_private_texts(house: House, read: dict[int, EntryRow]) -> Iterator[Fault]:
    """Name the entries with a private text that is not the one that was recorded."""
    sealed = {seq: row for seq, row in read.items() if b'"commitment"' in row.content}
    texts = {seq: list(ledgers.private_in(json.loads(row.content))) for seq, row in sealed.items()}
    every = [text for each in texts.values() for text in each]
    altered = set(vaulting.altered_texts(house, every))
    for seq, each in texts.items():
        if altered & {text.ref for text in each}:
            yield Fault(kind="private", seq=seq)


def _of_copies(
    house: House, row: IncidentRow, kept: Sequence[KeptEntry], last: object
) -> Iterator[Fault]:
    """Compare the stored state, and the row that lists are made of, with the fold of the bytes."""
    try:
        state: Incident = fold(reading.empty_incident(house, row), map(_bytes, kept))
    except NotWhole as error:
        yield Fault(kind="fold", what=error.sentence)
        return
    stored = incidents.load_state(house.engine, row.id)
    text = INCIDENT.text(state)
    if stored is None or not _means(house, state, stored, text):
        yield Fault(kind="state")
    folded = projection(state, text)
    said = {**folded.columns, "recorded_at": last, "size": state.size}
    for part in fields(IncidentRow):
        if part.name in said and getattr(row, part.name) != said[part.name]:
            yield Fault(kind="row", what=part.name)
    if folded.duties != duties.of_incident(house.engine, row.id):
        yield Fault(kind="duties")
    if folded.holds != holds.of_incident(house.engine, row.id):
        yield Fault(kind="holds")


def _means(house: House, state: Incident, stored: StoredState, folded: str) -> bool:
    """Say whether a stored state means what the entries come to.

    It is read and written anew first: an earlier release wrote it without the fields that states
    gained since, and means the same. Whether the row names the right rules is asked of the row.
    """
    under = replace(stored, rules_hash=state.rules.hash)
    try:
        read = INCIDENT.text(reading.read_state(house, state.id, under))
    except NotWhole:
        return False
    return bool(json.loads(read) == json.loads(folded))
