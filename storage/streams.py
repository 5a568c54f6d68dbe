"""Streams read back: entries as the bytes they are, heads, what a command led to.

What belongs here: an entry's bytes with the columns copied out of them, and where a stream stands.
What never does: writing (storage/ledger.py), or the meaning of an entry.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from domain.errors import Malformed, NotWhole
from domain.values import is_case
from domain.wire import read_instant
from storage.engine import read
from storage.incidents import StoredState, load_state, no_such
from storage.schema import cases, commands, entries, incidents
from storage.types import instant_column

PLACES_AT_ONCE = 200
"""Entries of several streams that one question asks for."""

ROWS_AT_ONCE = 100
"""Rows of a long answer that are at hand together: of ten thousand, the collector goes over
everything that the process has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry: its canonical bytes, and what is copied out of them to find it."""

    stream: str
    seq: int
    type: str
    stage: str
    actor: str
    command_id: str
    at: datetime
    happened_at: datetime
    recorded_at: datetime
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntry:
    """What the database keeps under one number, whatever it is; `columns` are the copies."""

    seq: int
    leaf: object
    content: object
    columns: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command led to: the entries it made, if any, and the answer that was given (JSON)."""

    command_id: str
    digest: str
    first_seq: int | None
    last_seq: int | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a stream stands. `version` counts every change of its row."""

    stream: str
    size: int
    version: int
    root: str
    is_open: bool
    recorded_at: datetime | None
    rules_hash: str


def entry_row(content: bytes) -> EntryRow:
    """Read the columns out of an entry's bytes, so that they can never say anything else.

    Raises:
        Malformed: the bytes are no entry.
    """
    try:
        document = json.loads(content)
        return EntryRow(
            stream=_word(document["incident"]),
            seq=_number(document["seq"]),
            type=_word(document["type"]),
            stage=_word(document["stage"]),
            actor=_word(document["actor"]["id"]),
            command_id=_word(document["command_id"]),
            at=read_instant(document["at"]),
            happened_at=read_instant(document["happened_at"]),
            recorded_at=read_instant(document["recorded_at"]),
            content=content,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(
            f"These bytes are no ledger entry: {error!r:.120}", "Pass the canonical form."
        ) from error


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no word")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r:.40} is no number")
    return value


def read_entries(
    engine: Engine, stream: str, first: int = 1, last: int | None = None
) -> list[EntryRow]:
    """Give entries `first` to `last` (to the end when None), in order; none for a new stream."""
    chosen = sa.and_(entries.c.stream == stream, entries.c.seq >= first)
    if last is not None:
        chosen = sa.and_(chosen, entries.c.seq <= last)
    with read(engine) as connection:
        return entry_rows(connection, chosen)


def entries_at(engine: Engine, places: Sequence[tuple[str, int]]) -> list[EntryRow]:
    """Give the entries at some places, (stream, number) each, of many streams in few questions."""
    found: list[EntryRow] = []
    with read(engine) as connection:
        for first in range(0, len(places), PLACES_AT_ONCE):
            part = places[first : first + PLACES_AT_ONCE]
            chosen = sa.tuple_(entries.c.stream, entries.c.seq).in_(part)
            found += entry_rows(connection, chosen)
    return found


def entries_of_types(
    engine: Engine, stream: str, types: Iterable[str], last: int | None = None
) -> list[EntryRow]:
    """Give the entries of some types, in order, none after `last` when it is given."""
    chosen = sa.and_(entries.c.stream == stream, entries.c.type.in_(sorted(types)))
    if last is not None:
        chosen = sa.and_(chosen, entries.c.seq <= last)
    with read(engine) as connection:
        return entry_rows(connection, chosen)


def numbers_of_types(engine: Engine, stream: str, types: Iterable[str]) -> list[int]:
    """Give the numbers alone of the entries of some types, in order."""
    chosen = sa.and_(entries.c.stream == stream, entries.c.type.in_(sorted(types)))
    with read(engine) as connection:
        statement = sa.select(entries.c.seq).where(chosen).order_by(entries.c.seq)
        return [int(seq) for seq in connection.execute(statement).scalars()]


def places_naming(engine: Engine, names: Sequence[str]) -> list[tuple[str, int, bytes]]:
    """Give stream, number and bytes of every entry that holds one of some names, word for word.

    It reads the whole ledger: for what somebody asks a few times a year.
    """
    if not names:
        return []
    held = sa.or_(*(_holds(engine, name.encode()) for name in names))
    statement = sa.select(entries.c.stream, entries.c.seq, entries.c.content).where(held)
    with read(engine) as connection:
        rows = connection.execute(statement.order_by(entries.c.stream, entries.c.seq))
        return [(row.stream, row.seq, bytes(row.content)) for row in rows]


def _holds(engine: Engine, name: bytes) -> sa.ColumnElement[bool]:
    told = sa.literal(name, sa.LargeBinary())
    if engine.dialect.name == "sqlite":
        return sa.func.instr(entries.c.content, told) > 0
    return sa.func.position(told.op("IN")(entries.c.content)) > 0


def entries_until(engine: Engine, stream: str, recorded_at: datetime) -> list[EntryRow]:
    """Give the entries that were recorded at or before an instant: always a prefix."""
    with read(engine) as connection:
        return entry_rows(
            connection,
            sa.and_(entries.c.stream == stream, entries.c.recorded_at <= recorded_at),
        )


def read_contents(
    engine: Engine, stream: str, first: int = 1, last: int | None = None
) -> list[bytes]:
    """Give the bytes alone of entries `first` to `last`: what a fold or a check needs."""
    wanted = {"stream": stream, "first": first, "last": _NO_LAST if last is None else last}
    with read(engine) as connection:
        parts = connection.execute(_CONTENTS, wanted).partitions(ROWS_AT_ONCE)
        return [_bytes_of(stream, seq, content) for part in parts for seq, content in part]


def first_rules(engine: Engine, stream: str) -> str:
    """Give the hash of the rules that a stream began with: a fold starts from them.

    The row names those that hold now. Raises NotFound when there is no such stream.
    """
    statement = sa.select(_AS_KEPT).where(entries.c.stream == stream, entries.c.seq == 1)
    with read(engine) as connection:
        first: object = connection.execute(statement).scalar()
    if first is None:
        return head(engine, stream).rules_hash
    document = json.loads(row_of(stream, 1, first).content)
    if not isinstance(document.get("plan"), str):
        raise NotWhole.at(stream, 1)
    return str(document["plan"])


def rules_at(engine: Engine, stream: str, at: datetime) -> str:
    """Give the hash of the rules by which the last entry up to an instant was decided, or ''."""
    statement = (
        sa.select(entries.c.seq, _AS_KEPT)
        .where(entries.c.stream == stream, entries.c.recorded_at <= at)
        .order_by(entries.c.seq.desc())
        .limit(1)
    )
    with read(engine) as connection:
        last = connection.execute(statement).first()
    if last is None:
        return ""
    return str(json.loads(row_of(stream, last.seq, last.content).content)["plan"])


def size_at(engine: Engine, stream: str, recorded_at: datetime) -> int:
    """Count the entries recorded at or before an instant: the number of the last of them."""
    statement = sa.select(sa.func.count()).where(
        entries.c.stream == stream, entries.c.recorded_at <= recorded_at
    )
    with read(engine) as connection:
        return int(connection.execute(statement).scalar_one())


def leaves(engine: Engine, stream: str, size: int) -> list[bytes]:
    """Give the stored leaf hashes of the first `size` entries, to build a tree for proofs."""
    statement = (
        sa.select(entries.c.leaf)
        .where(entries.c.stream == stream, entries.c.seq <= size)
        .order_by(entries.c.seq)
    )
    with read(engine) as connection:
        return [bytes.fromhex(leaf) for leaf in connection.execute(statement).scalars()]


def head(engine: Engine, stream: str) -> Head:
    """Give the head of a stream.

    Raises:
        NotFound: there is no such stream.
    """
    table = stream_table(stream)
    with read(engine) as connection:
        found = connection.execute(sa.select(*head_columns(table)).where(table.c.id == stream))
        row = found.first()
    if row is None:
        raise no_such(stream)
    return to_head(row)


def heads_since(
    engine: Engine, cursor: Mapping[str, int], table: sa.Table = incidents
) -> list[Head]:
    """Give the heads of open streams whose version is not the one in `cursor` (stream → version).

    The cursor is per stream: a global serial skips what commits late. A stream of the cursor that
    was closed is given once more, with `is_open` False; the caller then drops it.
    """
    versions = sa.select(table.c.id, table.c.version).where(table.c.is_open.is_(True))
    with read(engine) as connection:
        # Two columns first: nearly always nothing moved, and the poll is done.
        now = dict(connection.execute(versions).all())
        moved = [stream for stream, version in now.items() if cursor.get(stream) != version]
        asked = sorted({*moved, *set(cursor).difference(now)})
        if not asked:
            return []
        statement = sa.select(*head_columns(table)).where(table.c.id.in_(asked))
        heads = [to_head(row) for row in connection.execute(statement.order_by(table.c.id))]
    return [head for head in heads if cursor.get(head.stream) != head.version]


def known_command(engine: Engine, stream: str, command_id: str) -> Outcome | None:
    """Give what a command led to, or None when the ledger does not know its id."""
    with read(engine) as connection:
        return known_outcomes(connection, stream, [command_id]).get(command_id)


def stream_table(stream: str) -> sa.Table:
    """Say which table a stream's row stands in."""
    return cases if is_case(stream) else incidents


def stream_state(engine: Engine, stream: str) -> StoredState | None:
    """Give the read model of a stream of whatever kind; None while its first act is recorded.

    Raises:
        NotFound: there is no such stream.
    """
    return load_state(engine, stream, stream_table(stream))


def drill_of(engine: Engine, stream: str) -> str:
    """Say whether a stream is real (''), of an exercise or of a simulation.

    Raises:
        NotFound: there is no such stream.
    """
    table = stream_table(stream)
    with read(engine) as connection:
        found = connection.execute(sa.select(table.c.drill).where(table.c.id == stream)).first()
    if found is None:
        raise no_such(stream)
    return str(found.drill)


# --- rows --------------------------------------------------------------------------------------

ENTRY_COLUMNS = tuple(EntryRow.__dataclass_fields__)
_KEPT = (*ENTRY_COLUMNS, "leaf")
_AS_KEPT = sa.type_coerce(entries.c.content, sa.types.NullType()).label("content")
"""The content as it stands, whatever it is: a column that was altered must not stop a page."""

_NO_LAST = 2**31 - 1
_CONTENTS = (
    sa.select(entries.c.seq, _AS_KEPT)
    .where(
        entries.c.stream == sa.bindparam("stream"),
        entries.c.seq.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(entries.c.seq)
)
"""Made once, as every fold asks for it: making a statement takes longer than running it."""

OUTCOME_COLUMNS = tuple(Outcome.__dataclass_fields__)

_OUTCOMES = sa.select(*[commands.c[name] for name in OUTCOME_COLUMNS]).where(
    commands.c.stream == sa.bindparam("stream"),
    commands.c.command_id.in_(sa.bindparam("command_ids", expanding=True)),
)


def head_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Give the columns a head is made of."""
    names = ("id", "size", "version", "root", "is_open", "recorded_at", "rules_hash")
    return [table.c[name] for name in names]


def to_head(row: Row[*tuple[Any, ...]]) -> Head:
    """Make a head of a row that has its columns."""
    return Head(
        stream=row.id,
        size=row.size,
        version=row.version,
        root=row.root,
        is_open=row.is_open,
        recorded_at=row.recorded_at,
        rules_hash=row.rules_hash,
    )


def entry_rows(connection: Connection, chosen: sa.ColumnElement[bool]) -> list[EntryRow]:
    """Give the entries that a condition chooses, in order."""
    statement = sa.select(entries.c.stream, entries.c.seq, _AS_KEPT).where(chosen)
    rows = connection.execute(statement.order_by(entries.c.seq))
    return [row_of(row.stream, row.seq, row.content) for row in rows]


def row_of(stream: str, seq: int, content: object) -> EntryRow:
    """Read an entry from what stands under its number: the bytes say it, not the columns.

    Raises:
        NotWhole: it is no entry, or another one's.
    """
    try:
        found = entry_row(_bytes_of(stream, seq, content))
    except Malformed as error:
        raise NotWhole.at(stream, seq) from error
    if (found.stream, found.seq) != (stream, seq):
        raise NotWhole.at(stream, seq)
    return found


def _bytes_of(stream: str, seq: int, content: object) -> bytes:
    """Give the bytes of an entry as they are kept; raises NotWhole for anything else."""
    if not isinstance(content, bytes):
        raise NotWhole.at(stream, seq)
    return content


def kept_entries(engine: Engine, stream: str) -> list[KeptEntry]:
    """Give all that is kept of a stream's entries, unread, to be held against their bytes."""
    raw = [sa.type_coerce(entries.c[name], sa.types.NullType()).label(name) for name in _KEPT]
    statement = sa.select(*raw).where(entries.c.stream == stream).order_by(entries.c.seq)
    with read(engine) as connection:
        rows = [row._asdict() for row in connection.execute(statement)]
    return [
        KeptEntry(seq=row["seq"], leaf=row["leaf"], content=row["content"], columns=row)
        for row in rows
    ]


def columns_of(entry: EntryRow) -> dict[str, object]:
    """Give what the columns of an entry have to hold, as the database keeps it."""
    found = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
    return {
        name: instant_column(value) if isinstance(value, datetime) else value
        for name, value in found.items()
    }


def known_outcomes(
    connection: Connection, stream: str, command_ids: Sequence[str]
) -> dict[str, Outcome]:
    """Give what each of some commands led to; those unknown are left out."""
    if not command_ids:
        return {}
    rows = connection.execute(_OUTCOMES, {"stream": stream, "command_ids": list(command_ids)})
    return {row.command_id: Outcome(**row._asdict()) for row in rows}
