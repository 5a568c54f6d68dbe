"""Numbers that people say aloud: without gaps within a kind and year, given once per command.

What belongs here: counting under a row lock, and giving a repeated command its number again. What
never does: what the number is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.errors import KeyReused
from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import numbering


@dataclass(frozen=True, slots=True)
class Reserved:
    """A number that is written down: `repeated` when this command had it already."""

    id: str
    repeated: bool


def reserve(
    engine: Engine, table: sa.Table, pattern: str, year: int, row: Mapping[str, Any]
) -> Reserved:
    """Write a new row under the next number of its kind, in a transaction of its own.

    `pattern` makes the id, such as `INC-{year}-{number:04}`; the row brings `command_id` and
    `digest`, and the table holds `command_id` unique.

    Raises:
        KeyReused: the command id is known with another digest.
    """
    kind = pattern.partition("-{")[0]
    with write(engine) as connection:
        # The counter's lock first: two turns of one command then see each other.
        lock_counter(connection, kind, year)
        known = _known(connection, table, row)
        if known is not None:
            return known
        given = pattern.format(year=year, number=next_number(connection, kind, year))
        connection.execute(sa.insert(table).values(id=given, **row))
        return Reserved(given, repeated=False)


def is_reserved(engine: Engine, table: sa.Table, command_id: str) -> bool:
    """Say whether a command has its number already."""
    with read(engine) as connection:
        found = connection.execute(sa.select(table.c.id).where(table.c.command_id == command_id))
        return found.first() is not None


def next_number(connection: Connection, kind: str, year: int) -> int:
    """Count one further and keep the counter locked until the transaction ends."""
    number = lock_counter(connection, kind, year) + 1
    connection.execute(
        sa.update(numbering)
        .where(numbering.c.kind == kind, numbering.c.year == year)
        .values(last=number)
    )
    return number


def lock_counter(connection: Connection, kind: str, year: int) -> int:
    """Lock the counter's row, made at need, until the transaction ends; give its last number."""
    insert_new(connection, numbering, {"kind": kind, "year": year, "last": 0})
    counter = sa.select(numbering.c.last).where(numbering.c.kind == kind, numbering.c.year == year)
    return int(connection.execute(counter.with_for_update()).scalar_one())


def _known(connection: Connection, table: sa.Table, row: Mapping[str, Any]) -> Reserved | None:
    """Find the number that this command has already; refuse the id with another body."""
    found = connection.execute(
        sa.select(table.c.id, table.c.digest).where(table.c.command_id == row["command_id"])
    ).first()
    if found is None:
        return None
    if found.digest != row["digest"]:
        raise KeyReused(
            f"The command id {row['command_id']} was used for {found.id} with another content.",
            "Send a new id with new content.",
        )
    return Reserved(found.id, repeated=True)
