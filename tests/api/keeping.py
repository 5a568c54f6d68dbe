"""Everything an installation keeps, as digests: what bad input must leave as it was.

What belongs here: reading all rows and files, and not reading them again while nobody wrote. What
never does: a judgement about what changed.

A database says by itself whether anybody wrote since: SQLite counts the commits of others
(`PRAGMA data_version`), PostgreSQL tells how far its log has come. While that number stands, what
was read stands too; otherwise everything is read anew: as the file keeps it, for an installation
that lived through a thousand tests has many rows.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read
from storage.schema import vault_keys, vault_texts

SEEN_AT = {"last_seen_at", "expires_at"}
"""Columns of a session that say when somebody last asked; asking is no change."""


@dataclass
class Tables:
    """The tables of one database, digested once for as long as nobody writes."""

    engine: Engine
    tables: tuple[sa.Table, ...]
    _mark: object = None
    _digests: dict[str, str] = field(default_factory=dict)
    _rows: dict[str, list[Any]] = field(default_factory=dict)
    _asked: dict[str, str] = field(default_factory=dict)
    _line: sqlite3.Connection | None = None

    def digests(self) -> dict[str, str]:
        """Give a digest of each table, by its name."""
        self._forget_what_is_old()
        for table in self.tables:
            if table.name not in self._digests:
                rows = self._read(table)
                self._digests[table.name] = f"{len(rows)} {sum(map(hash, rows)):x}"
        return dict(self._digests)

    def rows(self, table: sa.Table) -> list[Any]:
        """Give the rows of one table, each in a form that can be held against what it was."""
        self._forget_what_is_old()
        return self._read(table)

    def _read(self, table: sa.Table) -> list[Any]:
        """Read a table once; what is written meanwhile moves the mark, and is read next time."""
        if table.name not in self._rows:
            if self._line is None:
                self._rows[table.name] = rows_of(self.engine, table)
            else:
                self._rows[table.name] = self._line.execute(self._words(table)).fetchall()
        return self._rows[table.name]

    def _words(self, table: sa.Table) -> str:
        if table.name not in self._asked:
            asked = asked_of(table).compile(self.engine, compile_kwargs={"literal_binds": True})
            self._asked[table.name] = str(asked)
        return self._asked[table.name]

    def _forget_what_is_old(self) -> None:
        mark = self._written()
        if mark != self._mark:
            self._mark = mark
            self._digests.clear()
            self._rows.clear()

    def close(self) -> None:
        """Let go of the file."""
        if self._line is not None:
            self._line.close()

    def _written(self) -> object:
        """Give what moves with every write of anybody."""
        if self.engine.dialect.name == "sqlite":
            if self._line is None:
                # A line of its own that never writes: the count is of what others commit.
                path = str(self.engine.url.database)
                self._line = sqlite3.connect(path, check_same_thread=False)
            return self._line.execute("PRAGMA data_version").fetchone()
        with read(self.engine) as connection:
            return connection.execute(sa.text("SELECT pg_current_wal_insert_lsn()")).scalar()


@dataclass
class Files:
    """The files below a folder; the bytes of one are read again when it was written."""

    folder: Path
    _digests: dict[tuple[str, int, int, int], str] = field(default_factory=dict)

    def digest(self) -> str:
        """Give one digest over all of them."""
        return digest(
            (str(path), self._of(path)) for path in sorted(self.folder.rglob("*")) if path.is_file()
        )

    def _of(self, path: Path) -> str:
        about = path.stat()
        key = (str(path), about.st_ino, about.st_size, about.st_mtime_ns)
        if key not in self._digests:
            self._digests[key] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[key]


def rows_of(engine: Engine, table: sa.Table) -> list[str]:
    """Give the rows of a table as texts, in an order that says nothing about the database."""
    with read(engine) as connection:
        return sorted(repr(tuple(row)) for row in connection.execute(asked_of(table)))


def asked_of(table: sa.Table) -> sa.Select[Any]:
    """Ask for what counts of a table."""
    asked = sa.select(*(column for column in table.columns if column.name not in SEEN_AT))
    if table is not vault_keys:
        return asked
    # The key of a refused act stays, so that the same act sent again is known as the same; a key
    # under which no text is kept says nothing about anybody.
    used = vault_keys.c.subject.in_(sa.select(vault_texts.c.subject))
    return asked.where(sa.or_(used, vault_keys.c.erased_at.is_not(None)))


def digest(parts: Iterable[object]) -> str:
    """Give how many parts there are, and one hash over all."""
    told, count = hashlib.sha256(), 0
    for count, part in enumerate(parts, 1):  # noqa: B007 - how many there were
        told.update(repr(part).encode())
    return f"{count} {told.hexdigest()}"
