"""Destroying keys of the vault for ever, with the line of the company's log in one transaction.

What belongs here: the wrapped key overwritten and swept off the disk, and which subjects have one.
What never does: who may erase what (domain/erasure.py), or the register beside the ring.

Erasing a person destroys the wrapped key. The sealed bytes stay, so that the ledger's references
and commitments still lead somewhere, but nobody can open them again (GDPR art. 17; PIPL art. 47).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.errors import NotFound
from storage.company_tree import append, hold_still
from storage.engine import BUSY_TIMEOUT_S, read, write
from storage.schema import cases, incidents, vault_keys, vault_texts

AT_ONCE: Final = 500
"""Subjects named by one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectKept:
    """What the vault holds of a subject: texts by access class; `erased_at` when its key went."""

    subject: str
    texts: Mapping[str, int]
    erased_at: datetime | None
    erased_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLineToCome:
    """The line of the company's log that tells of an erasure: its type and its body."""

    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must still be so when keys go: `check` raises where it is not, and then nothing goes.

    While it looks, nobody records an entry in these streams or a line in the company's log: a hold
    that was placed before is seen, and one that comes waits until the keys are gone. It reads the
    database, and never writes to it.
    """

    check: Callable[[], None]
    streams: Collection[str] = ()


def erase(engine: Engine, subject: str, erased_at: datetime) -> datetime:
    """Destroy one subject's key and give when that was done first.

    Raises:
        NotFound: the vault does not know the subject.
    """
    with write(engine) as connection:
        known = _erased_before(connection, [subject])
        if subject not in known:
            raise NotFound(f"The vault knows no subject {subject}.", "Check the reference.")
        first = known[subject]
        if first is not None:
            return first
        _destroy(connection, [subject], erased_at, "")
    sweep(engine)
    return erased_at


def erase_all(
    engine: Engine,
    subjects: Collection[str],
    erased_at: datetime,
    ground: str,
    line: LogLineToCome | None = None,
    guard: Guard | None = None,
) -> list[str]:
    """Destroy the keys of subjects, with the line that tells of it; give those that had one.

    A subject that was erased before, or is not known, is passed over. `line` may be None where
    nothing is told; where no key was there any more it is still written. What `guard` raises
    leaves every key where it is.
    """
    with write(engine) as connection:
        _hold_all_still(connection, guard.streams if guard is not None else ())
        if guard is not None:
            guard.check()
        gone = _erased_now(connection, subjects, erased_at, ground)
        if line is not None:
            append(connection, erased_at, line.kind, line.body)
    return gone


def erase_groups(
    engine: Engine,
    groups: Mapping[tuple[datetime, str], Collection[str]],
    at: datetime,
    line: Callable[[list[str]], LogLineToCome | None],
) -> list[str]:
    """Destroy the keys of groups, each by when and why it was erased; give those that had one.

    `line` is asked which line tells of them: of two who do so at once, each has its own keys.
    """
    gone: list[str] = []
    with write(engine) as connection:
        hold_still(connection)
        for (erased_at, ground), subjects in sorted(groups.items()):
            gone += _erased_now(connection, subjects, erased_at, ground)
        told = line(sorted(gone))
        if told is not None:
            append(connection, at, told.kind, told.body)
    return gone


def _hold_all_still(connection: Connection, streams: Collection[str]) -> None:
    """Lock streams in the order of their numbers, and then the company's log."""
    for table in (incidents, cases) if streams else ():
        chosen = sa.select(table.c.id).where(table.c.id.in_(sorted(streams)))
        connection.execute(chosen.order_by(table.c.id).with_for_update()).all()
    hold_still(connection)


def _erased_now(
    connection: Connection, subjects: Collection[str], erased_at: datetime, ground: str
) -> list[str]:
    gone: list[str] = []
    for part in _parts(sorted(set(subjects))):
        known = _erased_before(connection, part)
        here = [subject for subject in part if subject in known and known[subject] is None]
        _destroy(connection, here, erased_at, ground)
        gone += here
    return gone


def sweep(engine: Engine, table: str = vault_keys.name) -> bool:
    """Take what was overwritten off the disk; say whether that was done now.

    SQLite overwrites the row itself (`secure_delete`); its write-ahead log still holds the page as
    it was until it is folded back and cut off. PostgreSQL keeps the row's old version until it is
    vacuumed; of the keys, a small table, the whole is written anew (`VACUUM FULL`), for whose time
    nobody opens a private text. Its write-ahead log and backups keep the old bytes for as long as
    they are kept themselves.
    """
    return _empty_log(engine) if engine.dialect.name == "sqlite" else _vacuum(engine, table)


def _empty_log(engine: Engine) -> bool:
    """Move the write-ahead log into the file and cut it off: it still holds the page as it was."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # It keeps writers out while it waits for readers; a long reader leaves it to a later one.
        cursor.execute("PRAGMA busy_timeout = 1000")
        found = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    finally:
        connection.close()
    return bool(found is not None and found[0] == 0)


def _vacuum(engine: Engine, table: str) -> bool:
    """Vacuum a table; False where others hold it, or it is not ours.

    Whoever wants to read a key waits behind it, so it gives up soon and is done later.
    """
    how = "VACUUM FULL" if table == vault_keys.name else "VACUUM"
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("SET lock_timeout = '1s'"))
        try:
            connection.execute(sa.text(f"{how} {table}"))
        except sa.exc.DBAPIError:
            return False
        finally:
            connection.execute(sa.text("RESET lock_timeout"))
    return True


def kept_of(engine: Engine, subjects: Iterable[str]) -> dict[str, SubjectKept]:
    """Give what the vault holds of subjects; those it does not know are left out."""
    found: dict[str, SubjectKept] = {}
    with read(engine) as connection:
        for part in _parts(sorted(set(subjects))):
            counted: dict[str, dict[str, int]] = {}
            for row in connection.execute(_counted(part)):
                counted.setdefault(row.subject, {})[row.access] = row.texts
            for row in connection.execute(_keys(part)):
                found[row.subject] = SubjectKept(
                    subject=row.subject,
                    texts=counted.get(row.subject, {}),
                    erased_at=row.erased_at,
                    erased_for=row.erased_for or "",
                )
    return found


def erased(engine: Engine) -> dict[str, tuple[datetime, str]]:
    """Give every subject whose key was destroyed: when, and on what ground."""
    chosen = sa.select(vault_keys.c.subject, vault_keys.c.erased_at, vault_keys.c.erased_for)
    with read(engine) as connection:
        rows = connection.execute(chosen.where(vault_keys.c.erased_at.is_not(None)))
        return {row.subject: (row.erased_at, row.erased_for or "") for row in rows}


def with_key(engine: Engine, subjects: Iterable[str]) -> list[str]:
    """List those of the subjects whose key is there."""
    found = kept_of(engine, subjects)
    return [name for name, kept in found.items() if kept.erased_at is None]


def every_text(engine: Engine, after: str, limit: int) -> list[str]:
    """Give the ids of the vault's texts behind an id, in order: for looking through all of them."""
    statement = sa.select(vault_texts.c.id).where(vault_texts.c.id > after)
    with read(engine) as connection:
        ordered = statement.order_by(vault_texts.c.id).limit(limit)
        return list(connection.execute(ordered).scalars())


def _erased_before(connection: Connection, subjects: Sequence[str]) -> dict[str, datetime | None]:
    rows = connection.execute(
        sa.select(vault_keys.c.subject, vault_keys.c.erased_at)
        .where(vault_keys.c.subject.in_(subjects))
        .with_for_update()
    )
    return {row.subject: row.erased_at for row in rows}


def _destroy(
    connection: Connection, subjects: Sequence[str], erased_at: datetime, ground: str
) -> None:
    connection.execute(
        sa.update(vault_keys)
        .where(vault_keys.c.subject.in_(subjects))
        .values(wrapped=None, erased_at=erased_at, erased_for=ground)
    )


def _counted(subjects: Sequence[str]) -> sa.Select[Any]:
    return (
        sa.select(vault_texts.c.subject, vault_texts.c.access, sa.func.count().label("texts"))
        .where(vault_texts.c.subject.in_(subjects))
        .group_by(vault_texts.c.subject, vault_texts.c.access)
    )


def _keys(subjects: Sequence[str]) -> sa.Select[Any]:
    columns = (vault_keys.c.subject, vault_keys.c.erased_at, vault_keys.c.erased_for)
    return sa.select(*columns).where(vault_keys.c.subject.in_(subjects))


def _parts(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[first : first + AT_ONCE] for first in range(0, len(names), AT_ONCE)]
