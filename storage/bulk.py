"""What comes by the hundred thousand: traceability events, and how to write so many politely.

What belongs here: appending in small transactions with pauses. What never does: a trace (a query
over a packed projection), or anything that the ledger's file holds.

SQLite gives the write lock to whoever tries at the right moment; a writer without pauses takes it
every time, and a person's act was seen to wait 6.5 s behind an import in the same file. So bulk
data has a file of its own, commits at most 500 rows, and pauses as long as it wrote.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.engine import read, write
from storage.inserting import Row, insert_missing
from storage.schema import trace_events

ROWS_PER_COMMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEvent:
    """A traceability event: its own id (EPCIS eventID or a hash), and the event as it came."""

    event_id: str
    kind: str
    happened_at: datetime
    body: Any


@dataclass(frozen=True, slots=True)
class BulkWriter:
    """Writes rows of one table in small commits, and lets others pass in between."""

    engine: Engine
    table: sa.Table
    pause: Callable[[float], None] = time.sleep
    insert: Callable[[Connection, sa.Table, Sequence[Row]], None] = insert_missing

    def write(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Append all rows, passing over those whose keys are there; give how many were sent.

        Every commit stands by itself: after a crash the same rows are sent again.
        """
        sent, took = 0, 0.0
        for batch in _batches(rows, ROWS_PER_COMMIT):
            self.pause(took)
            began = time.perf_counter()
            with write(self.engine) as connection:
                self.insert(connection, self.table, batch)
            took = time.perf_counter() - began
            sent += len(batch)
        return sent


def append_events(engine: Engine, events: Iterable[TraceEvent]) -> int:
    """Append traceability events; those whose id is there are passed over."""
    rows = (
        {name: getattr(event, name) for name in TraceEvent.__dataclass_fields__} for event in events
    )
    return BulkWriter(engine, trace_events).write(rows)


def count_events(engine: Engine) -> int:
    """Count the traceability events."""
    with read(engine) as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(trace_events)).scalar_one()
        )


def _batches(rows: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Cut rows into lists of at most `size`, drawing no more than needed."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
