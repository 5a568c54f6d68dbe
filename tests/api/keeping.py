"""Everything an installation keeps, as digests: what bad input must leave as it was.

What belongs here: reading all rows and files, and not reading them again while nobody wrote. What
never does: a judgement about what changed.

A database says by itself whether anybody wrote since: SQLite counts the commits of others
(`PRAGMA data_version`), PostgreSQL tells how far its log has come. While that number stands, what
was read stands too; otherwise everything is read anew.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

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
    _rows: dict[str, list[str]] = field(default_factory=dict)
    _line: sqlite3.Connection | None = None

    def digests(self) -> dict[str, str]:
        """Give a digest of each table, by its name."""
        self._forget_what_is_old()
        for table in self.tables:
            if table.name not in self._digests:
                self._digests[table.name] = digest(self._read(table))
        return dict(self._digests)

    def rows(self, table: sa.Table) -> list[str]:
        """Give the rows of one table as `rows_of` does."""
        self._forget_what_is_old()
        return self._read(table)

    def _read(self, table: sa.Table) -> list[str]:
        """Read a table once; what is written meanwhile moves the mark, and is read next time."""
        if table.name not in self._rows:
            self._rows[table.name] = rows_of(self.engine, table)
        return self._rows[table.name]

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
    columns = [column for column in table.columns if column.name not in SEEN_AT]
    asked = sa.select(*columns)
    if table is vault_keys:
        # The key of a refused act stays, so that the same act sent again is known as the same; a
        # key under which no text is kept says nothing about anybody.
        used = vault_keys.c.subject.in_(sa.select(vault_texts.c.subject))
        asked = asked.where(sa.or_(used, vault_keys.c.erased_at.is_not(None)))
    with read(engine) as connection:
        return sorted(repr(tuple(row)) for row in connection.execute(asked))


def digest(parts: Iterable[object]) -> str:
    """Give how many parts there are, and one hash over all."""
    told, count = hashlib.sha256(), 0
    for count, part in enumerate(parts, 1):  # noqa: B007 - how many there were
        told.update(repr(part).encode())
    return f"{count} {told.hexdigest()}"
