"""The ledger: the one transaction that appends entries and projects them.

What belongs here: accepting a batch of entries or an exact repeat of it, nothing else, and keeping
tree, read model and outcomes in step with it. What never does: making an entry, deciding, folding
(`project` is passed in), or changing anything that was recorded.

A batch is accepted when it begins at the entry after the last; it is a repeat when all of it stands
there byte for byte; everything else is a LedgerConflict, because somebody else recorded, or two
workflows believe they own the incident. The fold runs before the transaction, on the state it was
read with; the transaction then checks that nobody recorded in between. In SQLite every writer of
the file waits for every other, so nothing slow may happen inside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.desired import Hold
from domain.errors import LedgerConflict, Malformed, NotConfirmed
from domain.open_duties import OpenDuty
from domain.tree import Frontier, leaf_hash
from storage import duties, holds
from storage.engine import read, write
from storage.incidents import no_such
from storage.schema import cases, commands, entries, incidents
from storage.streams import (
    ENTRY_COLUMNS,
    OUTCOME_COLUMNS,
    EntryRow,
    Head,
    Outcome,
    entry_rows,
    head_columns,
    known_outcomes,
    stream_table,
    to_head,
)

TURNS = 5
"""How often a batch is folded again because somebody else recorded meanwhile."""

_EVERY_STREAM = ("title", "rules_hash", "run", "next_due_at", "is_open")
PROJECTED = {
    incidents.name: frozenset({*_EVERY_STREAM, "grade", "attention", "stage_words", "products"}),
    cases.name: frozenset({*_EVERY_STREAM, "level", "product", "lot", "incident", "status"}),
}
"""The columns that a projection may set, by table; size, tree and state are set here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The read model after a batch: the state as JSON text, and the columns lists are made of.

    `duties` are the rows of what an incident owes authorities, `holds` of what it holds at which
    channel; None where they are none (a case), or the same as before.
    """

    state: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    duties: Sequence[OpenDuty] | None = None
    holds: Sequence[Hold] | None = None
    drill: str = ""


Project = Callable[[str | None, str, Sequence[EntryRow]], Projection]
"""`project(state before or None, hash of the rules, entries)`: pure, for it may run twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The ledger's head after a batch (`last` is its size); equal for an exact repeat."""

    stream: str
    first: int
    last: int
    root: str
    recorded_at: datetime | None
    repeated: bool = field(compare=False)


def record(
    engine: Engine,
    stream: str,
    first_number: int,
    batch: Sequence[EntryRow],
    outcomes: Sequence[Outcome],
    project: Project,
) -> Recorded:
    """Append a batch with its outcomes and the read model after it, or find that it is there.

    `first_number` is the number of the first entry of the batch, also when the batch is empty
    and only outcomes are told.

    Raises:
        LedgerConflict: other entries stand at these numbers, numbers are missing before them, or
            a command of the batch was recorded before.
        Malformed: the batch does not fit together.
        NotFound: no number was reserved for the stream.
        NotConfirmed: the database was busy, full or lost; the same call again counts once.
    """
    _check_batch(stream, first_number, batch)
    for _ in range(TURNS):
        before, state = _head_and_state(engine, stream)
        projection = None
        if batch and before.size == first_number - 1:
            projection = project(state, before.rules_hash, batch)
        recorded = _append_or_repeat(
            engine, before, _Batch(first_number, batch, outcomes, projection)
        )
        if recorded is not None:
            return recorded
    raise NotConfirmed(f"{stream} changed {TURNS} times while this was recorded.", "Try again.")


# --- the transaction ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one turn of `record` tries to write."""

    first: int
    rows: Sequence[EntryRow]
    outcomes: Sequence[Outcome]
    projection: Projection | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def _append_or_repeat(engine: Engine, before: Head, batch: _Batch) -> Recorded | None:
    """Write the batch under the stream's lock; None when its fold began from an older state."""
    table = stream_table(before.stream)
    with write(engine) as connection:
        row = connection.execute(_locked_head(table), {"stream": before.stream}).one()
        now = to_head(row)
        # A batch of outcomes alone moves no number: only its outcomes can tell a repeat.
        told = not batch.rows and bool(_known(connection, now.stream, batch.outcomes))
        if batch.first <= now.size or told:
            return _repeat(connection, now, batch)
        if now.version != before.version:
            return None
        if batch.first != now.size + 1:
            raise LedgerConflict(
                f"{now.stream} ends at entry {now.size}; a batch from {batch.first} on would "
                f"leave a gap (tree head {now.root}).",
                "Record the entries in between first.",
            )
        _check_recorded_at(now, batch.rows)
        frontier = Frontier.from_hex(now.size, row.frontier)
        frontier = _write_entries(connection, frontier, batch.rows)
        _write_outcomes(connection, now.stream, batch.outcomes)
        after = _move_stream(connection, now, batch, frontier) if batch.rows else now
        return _recorded(batch, after, repeated=False)


def _write_entries(
    connection: Connection, frontier: Frontier, batch: Sequence[EntryRow]
) -> Frontier:
    """Insert the entries and give the frontier with their leaves."""
    rows = []
    for entry in batch:
        leaf = leaf_hash(entry.content)
        frontier = frontier.append(leaf)
        rows.append({**{name: getattr(entry, name) for name in ENTRY_COLUMNS}, "leaf": leaf.hex()})
    if rows:
        connection.execute(_INSERT_ENTRIES, rows)
    return frontier


def _write_outcomes(connection: Connection, stream: str, outcomes: Sequence[Outcome]) -> None:
    """Insert what commands led to; a command that is known would count twice."""
    if not outcomes:
        return
    # Under the stream's lock nobody can come between this look and the insert.
    known = _known(connection, stream, outcomes)
    for outcome in outcomes:
        if outcome.command_id in known:
            raise _already_recorded(stream, outcome, known[outcome.command_id])
    connection.execute(
        _INSERT_COMMANDS,
        [
            {"stream": stream, **{name: getattr(outcome, name) for name in OUTCOME_COLUMNS}}
            for outcome in outcomes
        ],
    )


def _move_stream(connection: Connection, before: Head, batch: _Batch, frontier: Frontier) -> Head:
    """Move the stream's row to the end of the batch and give its new head."""
    table = stream_table(before.stream)
    projection = batch.projection
    if projection is None:
        raise LedgerConflict(
            f"Entry {batch.first} of {before.stream} was not folded.", "Try again."
        )
    _check_columns(table, projection)
    after = replace(
        before,
        size=frontier.size,
        version=before.version + 1,
        root=frontier.root().hex(),
        recorded_at=batch.rows[-1].recorded_at,
    )
    connection.execute(
        _update_of(table),
        {
            **projection.columns,
            "stream": before.stream,
            "state": projection.state,
            "frontier": list(frontier.to_hex()),
            "size": after.size,
            "version": after.version,
            "root": after.root,
            "recorded_at": after.recorded_at,
        },
    )
    if projection.duties is not None:
        duties.keep(connection, before.stream, projection.duties)
    if projection.holds is not None:
        holds.keep(connection, before.stream, projection.drill, projection.holds)
    return after


def _repeat(connection: Connection, before: Head, batch: _Batch) -> Recorded:
    """Find the batch in the ledger byte for byte and tell what was told the first time."""
    stored = entry_rows(
        connection,
        sa.and_(entries.c.stream == before.stream, entries.c.seq.between(batch.first, batch.last)),
    )
    for entry, there in zip(batch.rows, [*stored, *[None] * len(batch.rows)], strict=False):
        if there is None or there.content != entry.content:
            raise _other_bytes(before, entry, there)
    known = _known(connection, before.stream, batch.outcomes)
    for outcome in batch.outcomes:
        if known.get(outcome.command_id) != outcome:
            raise _already_recorded(before.stream, outcome, known.get(outcome.command_id))
    if batch.last == before.size:
        return _recorded(batch, before, repeated=True)
    return _recorded(batch, _head_at(connection, before, batch.last), repeated=True)


def _head_at(connection: Connection, now: Head, size: int) -> Head:
    """Tell where the stream stood when it had `size` entries."""
    statement = (
        sa.select(entries.c.leaf, entries.c.recorded_at)
        .where(entries.c.stream == now.stream, entries.c.seq <= size)
        .order_by(entries.c.seq)
    )
    frontier, recorded_at = Frontier(), None
    for row in connection.execute(statement):
        frontier, recorded_at = frontier.append(bytes.fromhex(row.leaf)), row.recorded_at
    return replace(now, size=size, root=frontier.root().hex(), recorded_at=recorded_at)


def _known(connection: Connection, stream: str, outcomes: Sequence[Outcome]) -> dict[str, Outcome]:
    """Give what is recorded of these commands."""
    return known_outcomes(connection, stream, [outcome.command_id for outcome in outcomes])


def _recorded(batch: _Batch, after: Head, *, repeated: bool) -> Recorded:
    """Tell where the ledger stood after the batch."""
    return Recorded(
        stream=after.stream,
        first=batch.first,
        last=batch.last,
        root=after.root,
        recorded_at=after.recorded_at,
        repeated=repeated,
    )


# --- checks ------------------------------------------------------------------------------------


def _check_batch(stream: str, first_number: int, batch: Sequence[EntryRow]) -> None:
    """Refuse a batch whose entries name another stream or do not run from `first_number`."""
    if first_number < 1:
        raise Malformed(f"There is no entry {first_number}.", "Entries are counted from 1.")
    for number, entry in enumerate(batch, first_number):
        if entry.seq != number or entry.stream != stream:
            raise Malformed(
                f"Entry {number} of {stream} was expected, {entry.seq} of {entry.stream} came.",
                "Pass the entries of one stream in order.",
            )


def _check_recorded_at(before: Head, batch: Sequence[EntryRow]) -> None:
    """Hold `recorded_at` to its rule: the later of the entry before and the decision's time."""
    previous = before.recorded_at
    for entry in batch:
        due = entry.at if previous is None else max(previous, entry.at)
        if entry.recorded_at != due:
            raise Malformed(
                f"Entry {entry.seq} of {before.stream} says it was recorded at "
                f"{entry.recorded_at.isoformat()}; it has to say {due.isoformat()}.",
                "recorded_at is max(recorded_at of the entry before, at).",
            )
        previous = due


def _check_columns(table: sa.Table, projection: Projection) -> None:
    """Refuse a projection that would set what the ledger sets itself."""
    foreign = set(projection.columns) - PROJECTED[table.name]
    if foreign:
        raise Malformed(
            f"A projection may not set {', '.join(sorted(foreign))} of {table.name}.",
            f"It may set {', '.join(sorted(PROJECTED[table.name]))}.",
        )


def _other_bytes(before: Head, entry: EntryRow, there: EntryRow | None) -> LedgerConflict:
    """Make the conflict of an entry that stands there with other bytes, or not at all."""
    stands = "no such entry" if there is None else f"leaf {leaf_hash(there.content).hex()}"
    return LedgerConflict(
        f"Entry {entry.seq} of {before.stream} was sent with leaf "
        f"{leaf_hash(entry.content).hex()}, but {stands} is recorded "
        f"({before.size} entries, tree head {before.root}).",
        "Stop and compare both; nothing was changed.",
    )


def _already_recorded(stream: str, outcome: Outcome, known: Outcome | None) -> LedgerConflict:
    """Make the conflict of a command that would count twice."""
    where = (
        "nowhere"
        if known is None
        else f"for entries {known.first_seq} to {known.last_seq} with digest {known.digest}"
    )
    return LedgerConflict(
        f"Command {outcome.command_id} of {stream} was sent for entries {outcome.first_seq} to "
        f"{outcome.last_seq} with digest {outcome.digest}, but is recorded {where}.",
        "Ask known_command before deciding; nothing was changed.",
        code="command_recorded",
    )


# --- statements --------------------------------------------------------------------------------

# Made once: building them anew took longer than running them.
_INSERT_ENTRIES = sa.insert(entries)
_INSERT_COMMANDS = sa.insert(commands)


@cache
def _locked_head(table: sa.Table) -> sa.Select[Any]:
    """Select the head and frontier of a stream and keep others out until the transaction ends."""
    chosen = sa.select(*head_columns(table), table.c.frontier)
    return chosen.where(table.c.id == sa.bindparam("stream")).with_for_update()


@cache
def _head_with_state(table: sa.Table) -> sa.Select[Any]:
    """Select the head and state of a stream."""
    chosen = sa.select(*head_columns(table), table.c.state)
    return chosen.where(table.c.id == sa.bindparam("stream"))


@cache
def _update_of(table: sa.Table) -> sa.Update:
    """Update the columns of a stream that the parameters name."""
    return sa.update(table).where(table.c.id == sa.bindparam("stream"))


def _head_and_state(engine: Engine, stream: str) -> tuple[Head, str | None]:
    """Read what a fold begins with."""
    statement = _head_with_state(stream_table(stream))
    with read(engine) as connection:
        row = connection.execute(statement, {"stream": stream}).first()
    if row is None:
        raise no_such(stream)
    return to_head(row), row.state
