"""Is a record whole: all that is kept about an incident, held against the bytes of its entries.

What belongs here: finding what does not agree, and naming it. What never does: repairing it, or the
words (api/pages/audit.py). The bytes under the tree are what counts; columns, leaves, the stored
state and the row of the lists are copies, and a copy that says something else is found here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from activities.ledger import projection
from domain.errors import AndonError, NotWhole
from domain.ledger import read_numbered
from domain.plot import fold
from domain.state import StreamState
from domain.streams import plot_of
from domain.tree import Frontier, Tree, leaf_hash
from domain.values import is_case
from services.fault import Fault, as_far_as_read
from services.house import House
from services.verifying_named import command_faults, drill_in, file_faults, published_faults
from services.verifying_texts import text_faults
from storage import cases, copies, duties, holds, incidents, streams
from storage.cases import CaseRow
from storage.copies import Raw
from storage.engine import one_moment
from storage.incidents import IncidentRow, StoredState
from storage.streams import EntryRow, KeptEntry

COPIED = ("type", "stage", "actor", "command_id", "at", "happened_at", "recorded_at")
"""Columns of an entry that are copied out of its bytes."""

GONE: frozenset[str] = frozenset()
"""Fields that states of earlier releases have and today's do not: their names are no fault."""

OPENINGS = frozenset({"ReportReceived", "CaseOpened"})
"""The entries that a number was reserved for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying found: nothing in `faults` when the record is whole.

    `entries` are those that can be read, by number; `numbers` are all that are there, and `tree`
    is over the bytes of all of them.
    """

    numbers: tuple[int, ...]
    entries: dict[int, EntryRow]
    computed: str
    stored: str
    tree: Tree
    faults: tuple[Fault, ...]


def verify(house: House, stream: str) -> Verdict:
    """Hold all that is kept about an incident or a case against the bytes of its entries.

    People go on meanwhile: what is compared is all of one moment. Raises NotFound.
    """
    with one_moment(house.engine):
        return _verified(house, stream, copies.row_of(house.engine, stream))


def _verified(house: House, stream: str, row: Raw) -> Verdict:
    kept = streams.kept_entries(house.engine, stream)
    read = {one.seq: found for one in kept if (found := _read(stream, one)) is not None}
    tree = Tree([leaf_hash(_bytes(one)) for one in kept])
    computed = tree.root().hex()
    faults = list(_of_entries(kept, read))
    if computed != row["root"]:
        faults.insert(0, Fault(kind="tree"))
    if [one.seq for one in kept] != list(range(1, len(kept) + 1)) or len(kept) != row["size"]:
        faults.append(Fault(kind="gap"))
    times = [one.recorded_at for one in read.values()]
    if times != sorted(times):
        faults.append(Fault(kind="order"))
    faults += as_far_as_read(text_faults(house, read))
    faults += as_far_as_read(_of_what_is_beside(house, stream, row, read))
    if len(read) == len(kept):
        faults += _of_what_follows(house, stream, kept, times[-1] if times else None)
    return Verdict(
        numbers=tuple(one.seq for one in kept),
        entries=read,
        computed=computed,
        stored=str(row["root"]),
        tree=tree,
        faults=tuple(faults),
    )


def _bytes(one: KeptEntry) -> bytes:
    """Give what stands where the bytes should: text is no entry, and has its own hash."""
    return one.content if isinstance(one.content, bytes) else str(one.content).encode()


def _read(stream: str, one: KeptEntry) -> EntryRow | None:
    """Read an entry to its last member, or nobody could ask it anything later on."""
    try:
        row = streams.row_of(stream, one.seq, one.content)
        read_numbered(stream, one.seq, row.content)
    except NotWhole:
        return None
    return row


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


def _of_what_is_beside(
    house: House, stream: str, row: Raw, read: dict[int, EntryRow]
) -> Iterator[Fault]:
    """Compare what commands led to, what stands in public, and what was reserved."""
    yield from command_faults(house, stream, read)
    yield from published_faults(house, stream, read)
    yield from file_faults(house, read)
    yield from (Fault(kind="row", what=name) for name in copies.odd_values(house.engine, stream))
    if row["drill"] != drill_in(stream):
        yield Fault(kind="row", what="drill")
    opened = next((one for one in read.values() if one.type in OPENINGS), None)
    if opened is None:
        return
    if row["command_id"] != opened.command_id:
        yield Fault(kind="row", what="command_id")
    by = "opened_by" if is_case(stream) else "reported_by"
    actor = json.loads(opened.content)["actor"]
    if row[by] != (actor["on_behalf_of"] or actor["id"]):
        yield Fault(kind="row", what=by)


def _of_what_follows(
    house: House, stream: str, kept: Sequence[KeptEntry], last: object
) -> list[Fault]:
    """Compare what follows from the entries; a row that cannot be read at all is named too."""
    try:
        row: IncidentRow | CaseRow = (
            cases.case(house.engine, stream)
            if is_case(stream)
            else incidents.incident(house.engine, stream)
        )
        return list(_of_copies(house, row, kept, last))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return [Fault(kind="rows_unreadable")]


def _of_copies(
    house: House, row: IncidentRow | CaseRow, kept: Sequence[KeptEntry], last: object
) -> Iterator[Fault]:
    """Compare the stored state, and the row that lists are made of, with the fold of the bytes."""
    plot = plot_of(row.id)
    try:
        rules = house.rules(streams.first_rules(house.engine, row.id))
        empty = replace(plot.new(row.id, rules, drill=row.drill), find_rules=house.rules)
        state: StreamState = fold(empty, map(_bytes, kept))
    except AndonError as error:
        yield Fault(kind="fold", what=error.sentence)
        return
    stored = streams.stream_state(house.engine, row.id)
    text = plot.text(state)
    if stored is None or not _means(house, state, stored, text):
        yield Fault(kind="state")
    folded = projection(state, text)
    said = {**folded.columns, "recorded_at": last, "size": state.size}
    for part in fields(row):
        if part.name in said and getattr(row, part.name) != said[part.name]:
            yield Fault(kind="row", what=part.name)
    if stored is not None and not _goes_on(stored, kept):
        yield Fault(kind="row", what="frontier")
    # A case owes nobody and holds nothing: rows under its number act as any others do.
    if (folded.duties or ()) != duties.of_incident(house.engine, row.id):
        yield Fault(kind="duties")
    if (folded.holds or ()) != holds.of_incident(house.engine, row.id):
        yield Fault(kind="holds")


def _goes_on(stored: StoredState, kept: Sequence[KeptEntry]) -> bool:
    """Say whether appending goes on from the tree over the bytes that are there."""
    grown = Frontier()
    for one in kept:
        grown = grown.append(leaf_hash(_bytes(one)))
    return tuple(stored.frontier) == grown.to_hex()


def _means(house: House, state: StreamState, stored: StoredState, folded: str) -> bool:
    """Say whether a stored state means what the entries come to.

    It is read and written anew first: an earlier release wrote it without the fields that states
    gained since, and means the same. Whether the row names the right rules is asked of the row.
    """
    plot = plot_of(state.id)
    try:
        read = plot.text(replace(plot.read(stored.state, state.rules), find_rules=house.rules))
    except (AndonError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False
    told = json.loads(folded)
    return json.loads(read) == told and not _says_more(json.loads(stored.state), told)


def _says_more(stored: Any, folded: Any) -> bool:
    """Say whether a stored state has a name that no state has: reading it passes over that."""
    if isinstance(stored, dict) and isinstance(folded, dict):
        return any(
            name not in GONE and (name not in folded or _says_more(value, folded[name]))
            for name, value in stored.items()
        )
    if isinstance(stored, list) and isinstance(folded, list):
        return any(map(_says_more, stored, folded))
    return False
