"""Inserting what may be there already: the half of "once" that a primary key gives.

What belongs here: one spelling of ON CONFLICT for both databases. What never does: deciding what a
row that was there already means; the caller reads it and says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

Row = Mapping[str, Any]


def insert_new(connection: Connection, table: sa.Table, row: Row) -> bool:
    """Insert the row unless a key of it is taken; say whether it is new."""
    statement = _insert(connection, table).on_conflict_do_nothing()
    return connection.execute(statement.values(dict(row))).rowcount == 1


def insert_missing(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert those of the rows whose keys are not taken. All rows name the same columns."""
    if rows:
        statement = _insert(connection, table).on_conflict_do_nothing()
        connection.execute(statement, [dict(row) for row in rows])


def insert_missing_at_once(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert as `insert_missing` does, in one statement where each would go over the net alone."""
    if connection.dialect.name != "postgresql":
        insert_missing(connection, table, rows)
    elif rows:
        statement = postgresql.insert(table).values([dict(row) for row in rows])
        connection.execute(statement.on_conflict_do_nothing())


def put(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert the rows, or overwrite those with the same primary key, column by column."""
    if not rows:
        return
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed),
        [dict(row) for row in rows],
    )


def _insert(connection: Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Start an insert that knows ON CONFLICT; both dialects spell it the same."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
