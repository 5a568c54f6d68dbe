"""The shape of a database as it stands: is it what the migrations make, and nothing beside.

What belongs here: tables, columns, indexes, triggers, rules and views, each told in words. What
never does: a row, or making a table (storage/migrating.py).

A trigger swallows what the record should hold, a view stands in for a table, a collation or a
condition of an index lets the same question find less: no row says so.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.engine import open_engine, read
from storage.migrating import Branch, migrate, odd_steps
from storage.schema import LEDGER

WORDS: Final = ("collate", "check", "generated", "conflict", "where", "autoincrement", "strict")
"""What may stand in the making of a table or an index, and changes what it does."""

SQLITES: Final = dict.fromkeys(
    ("sqlite_sequence", "sqlite_stat1", "sqlite_stat2", "sqlite_stat3", "sqlite_stat4"), "table"
)
"""What SQLite makes for itself, by name; another object may be given such a name by force."""

Shape = Mapping[str, Any]

POSTGRES: Final = {
    "trigger": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace",
    "rule": "SELECT rulename, tablename FROM pg_rules WHERE schemaname = current_schema()",
    "row security": "SELECT relname, relname FROM pg_class WHERE relrowsecurity"
    " AND relnamespace = current_schema()::regnamespace",
    "view": "SELECT relname, '' FROM pg_class WHERE relkind IN ('v', 'm', 'f')"
    " AND relnamespace = current_schema()::regnamespace",
    "inheriting": "SELECT child.relname, parent.relname FROM pg_inherits"
    " JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent"
    " WHERE parent.relnamespace = current_schema()::regnamespace",
}
"""What stands beside the tables in a PostgreSQL database, and acts: its name, and where."""


def odd_shapes(engine: Engine) -> list[str]:
    """Tell what is more, less or other in a ledger's database than this release's migrations make.

    Of PostgreSQL: what is more and acts by itself, and columns; not tables beside, not indexes.
    """
    if engine.dialect.name != "sqlite":
        with read(engine) as connection:
            return sorted([*_postgres(connection), *_steps(connection)])
    with read(engine) as connection:
        stands, steps = _shape(connection), list(_steps(connection))
    made = _made()
    names = sorted(stands.keys() | made.keys())
    return [name for name in names if stands.get(name) != made.get(name)] + steps


def _steps(connection: Connection) -> Iterator[str]:
    return (f"step {step}" for step in odd_steps(connection))


@cache
def _made() -> Shape:
    """Give the shape that the migrations make, in a database that is thrown away."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'made.db'}", for_good=False)
        try:
            migrate(engine, Branch.LEDGER)
            with read(engine) as connection:
                return _shape(connection)
        finally:
            engine.dispose()


def _shape(connection: Connection) -> Shape:
    """Describe every table, index, trigger and view of a SQLite database, by kind and name.

    By what SQLite makes of it: how the words are spelt is a matter of the release that made it.
    """
    every = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all()
    found = dict[str, Any]()
    for kind, name, table, sql in every:
        if _is_sqlites(kind, name, sql):
            continue  # SQLite's own: what it counted, and indexes that its tables come with
        told = [str(table), _words(sql)]
        if kind == "table":
            told += [_columns(connection, name), _indexes(connection, name)]
            told.append(_pragma(connection, "foreign_key_list", name))
        found[f"{kind} {name}"] = told if kind in {"table", "index"} else str(sql)
    return found


def _is_sqlites(kind: object, name: object, sql: object) -> bool:
    """Say whether SQLite made it for itself: by its name, its kind, and that nobody wrote it."""
    is_automatic = str(name).startswith("sqlite_autoindex_") and sql is None
    return kind == ("index" if is_automatic else SQLITES.get(str(name)))


def _columns(connection: Connection, table: str) -> list[Any]:
    """Describe the columns of a table, in whatever order they came."""
    return sorted(row[1:] for row in _pragma(connection, "table_xinfo", table))


def _indexes(connection: Connection, table: str) -> list[Any]:
    """Describe the indexes of a table: over what, by which collation, of which rows."""
    found = []
    for _, name, unique, origin, partial in _pragma(connection, "index_list", table):
        over = [(at, *row) for at, _, *row in _pragma(connection, "index_xinfo", name)]
        called = str(name) if origin == "c" else ""  # others come with the table
        found.append([called, unique, origin, partial, over])
    return sorted(found, key=str)


def _pragma(connection: Connection, how: str, name: object) -> list[tuple[Any, ...]]:
    asked = sa.select(sa.text("*")).select_from(getattr(sa.func, f"pragma_{how}")(name))
    rows = connection.execute(asked)
    return [tuple(row) for row in rows]


def _words(sql: object) -> list[int]:
    """Count the words that change what a table or an index does, and that no pragma tells of."""
    told = str(sql).lower()
    return [told.count(word) for word in WORDS]


def _postgres(connection: Connection) -> Iterator[str]:
    for kind, asked in POSTGRES.items():
        for name, where in connection.exec_driver_sql(asked):
            yield f"{kind} {name} {where}".strip()
    known = {(table.name, column.name) for table in LEDGER.tables.values() for column in table.c}
    ours = {table for table, _ in known}
    asked = "SELECT table_name, column_name FROM information_schema.columns"
    here = connection.exec_driver_sql(f"{asked} WHERE table_schema = current_schema()")
    stands = {(str(table), str(column)) for table, column in here if table in ours}
    yield from (f"column {table}.{column}" for table, column in stands ^ known)
