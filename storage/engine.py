"""Opening a database, and the two kinds of transaction: `write` and `read`.

What belongs here: connection settings, where a transaction begins and ends. What never does: a
table, or a statement about the plan.

SQLite: every write says BEGIN IMMEDIATE. A deferred transaction that first reads and then writes
cannot wait for another writer (its snapshot is old), so it fails at once whatever the busy timeout;
an immediate one queues. sqlite3's own transaction control is switched off and SQLAlchemy's `begin`
event says BEGIN (SQLAlchemy manual, "Enabling Non-Legacy SQLite Transactional Modes"); the driver's
newer `autocommit` attribute needs Python 3.12 and cannot say IMMEDIATE.
"""

import os
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteOperationalError
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from pg8000.dbapi import Error as PostgresError
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, Connection, Engine, make_url

from domain.errors import BrokenSetup
from storage.failures import BUSY, told

BUSY_TIMEOUT_S = 10
POSTGRES_TIMEOUT_S = 60
"""How long one answer of PostgreSQL may take before the connection counts as lost."""

POSTGRES_SETTINGS = {
    "TimeZone": "UTC",
    "lock_timeout": "10s",
    "statement_timeout": "50s",
    "idle_in_transaction_session_timeout": "60s",
}

_IMMEDIATE = "andon_immediate"

_turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
"""Who may write to which SQLite file now, in this process."""


def open_engine(url: str | URL, *, for_good: bool = True) -> Engine:
    """Open a database; no connection is made yet.

    Not `for_good` is a SQLite file that is thrown away with the process: nothing in it waits until
    the disk has it.

    `sqlite:////folder/andon.db` or `postgresql://user:password@host/name` (`?host=/folder` for a
    Unix socket, `?sslmode=…` as libpq has it).

    Raises:
        BrokenSetup: it is neither of the two databases, or a SQLite database without a file.
    """
    try:
        target = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise _unreadable_url() from error
    backend = target.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(target, for_good=for_good)
    if backend == "postgresql":
        return _open_postgres(target)
    raise BrokenSetup(
        f"Andon does not know the database {backend!r}.",
        "Set ANDON_DATABASE_URL to sqlite:////folder/andon.db or postgresql://…",
    )


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Run the block as one immediate transaction: committed at its end, or nothing happened.

    Keep it under 20 ms: in SQLite every other writer waits. It does not nest.

    Raises:
        NotConfirmed: the database was busy, full or lost; pressing again counts once.
        BrokenSetup: the database has to be mended first.
    """
    with told(), _turn(engine), engine.connect() as connection:
        connection.execution_options(**{_IMMEDIATE: True})
        with connection.begin():
            yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the writers of this process come to a SQLite file one after the other.

    SQLite's own queue is no queue: who finds the file taken sleeps, longer each time, up to 100 ms,
    though the file may be free after two. Between processes that stays so, for few meet there.

    Raises:
        NotConfirmed: nobody was through in the time that SQLite itself would wait.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    turn = _turns[str(engine.url.database)]
    if not turn.acquire(timeout=BUSY_TIMEOUT_S):
        raise BUSY.error()
    try:
        yield
    finally:
        turn.release()


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Run the block as a reading transaction; whatever it might write is rolled back.

    SQLite gives the block one snapshot. PostgreSQL gives one to each statement: a reader that
    needs two to agree reads the size first, and then entries up to that size.
    """
    held = _moments.get().get(engine)
    if held is not None:
        yield held
        return
    with told(), engine.connect() as connection:
        yield connection


_moments: ContextVar[Mapping[Engine, Connection]] = ContextVar(
    "moments", default=MappingProxyType({})
)


@contextmanager
def one_moment(engine: Engine) -> Iterator[None]:
    """Let everything that is read in the block be of one and the same moment.

    For what is compared with each other while people go on writing. Keep it short: SQLite cannot
    fold its write-ahead log back meanwhile.
    """
    with told(), engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        before = _moments.set({**_moments.get(), engine: connection})
        try:
            yield
        finally:
            _moments.reset(before)


def _open_sqlite(url: URL, *, for_good: bool) -> Engine:
    """Open a file with WAL, FULL and the busy timeout on every connection."""
    if not url.database or url.database == ":memory:":
        raise BrokenSetup(
            "A SQLite database needs a file: several processes share it.",
            "Write sqlite:////folder/andon.db with the folder's full path.",
        )
    Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        pool_size=16,
        max_overflow=16,
        pool_timeout=BUSY_TIMEOUT_S,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if not for_good:
        event.listen(engine, "connect", _wait_for_no_disk)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, record: object) -> None:
    """Set what SQLite keeps per connection; WAL is kept in the file and set once."""
    connection.isolation_level = None
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _set_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # A destroyed key must not stay in a free page (vault.erase).
    connection.execute("PRAGMA secure_delete = ON")


def _wait_for_no_disk(connection: SqliteConnection, record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _set_wal(connection: SqliteConnection) -> None:
    """Switch to WAL, waiting for whoever switches at the same moment: SQLite itself does not."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except SqliteOperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Say BEGIN in SQLAlchemy's place; sqlite3 still says COMMIT and ROLLBACK."""
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _open_postgres(url: URL) -> Engine:
    """Open PostgreSQL through pg8000, which is pure Python and speaks Unix sockets and TLS."""
    target, connect_args = _pg8000_terms(url)
    engine = sa.create_engine(
        target,
        connect_args={
            **connect_args,
            "timeout": POSTGRES_TIMEOUT_S,
            "startup_params": POSTGRES_SETTINGS,
        },
        pool_size=5,
        max_overflow=10,
        pool_timeout=BUSY_TIMEOUT_S,
    )
    event.listen(engine, "checkout", _ask_first)
    engine.dialect.do_close = _hang_up  # type: ignore[assignment,method-assign]
    # pg8000 sends executemany row by row, three turns each; SQLAlchemy can send one statement.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def _ask_first(connection: Any, record: object, _proxy: object) -> None:
    """Ask a connection of the pool whether it still lives, before anybody relies on it.

    SQLAlchemy's own `pool_pre_ping` knows the driver's errors only, and pg8000 lets the socket's
    own error through when the first byte of an answer cannot be read.

    Raises:
        InvalidatePoolError: it does not; the pool opens a new one, and drops all older ones.
    """
    usual = connection.autocommit
    try:
        # Outside a transaction: what follows may be one that has to begin by itself.
        connection.autocommit = True
        connection.cursor().execute("SELECT 1")
        connection.autocommit = usual
    except (PostgresError, OSError) as error:
        raise exc.InvalidatePoolError from error


def _hang_up(connection: Any) -> None:
    """Close a connection, and its socket for certain.

    Where the server is gone, pg8000's goodbye fails and leaves the socket to the collector.
    """
    line = getattr(connection, "_usock", None)
    try:
        connection.close()
    finally:
        if line is not None and line.fileno() != -1:
            os.close(line.detach())


def _pg8000_terms(url: URL) -> tuple[URL, dict[str, Any]]:
    """Say in pg8000's terms what a URL says in libpq's: socket folder and `sslmode`."""
    query = dict(url.query)
    connect_args: dict[str, Any] = {"application_name": "andon"}
    folder = query.pop("host", None)
    if isinstance(folder, str) and folder.startswith("/"):
        query["unix_sock"] = f"{folder}/.s.PGSQL.{url.port or 5432}"
    elif folder is not None:
        url = url.set(host=str(folder))
    mode = query.pop("sslmode", None)
    if mode is not None:
        connect_args["ssl_context"] = _tls(str(mode))
    if "unix_sock" in query:
        connect_args["ssl_context"] = False
    return url.set(drivername="postgresql+pg8000", query=query), connect_args


def _tls(mode: str) -> ssl.SSLContext | bool | None:
    """Give the TLS context of a libpq `sslmode`; pg8000 by itself never verifies."""
    if mode == "disable":
        return False
    if mode in ("allow", "prefer"):
        return None
    context = ssl.create_default_context()
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif mode == "verify-ca":
        context.check_hostname = False
    elif mode != "verify-full":
        raise BrokenSetup(
            f"There is no sslmode {mode!r}.",
            "Use disable, prefer, require, verify-ca or verify-full in ANDON_DATABASE_URL.",
        )
    return context


def _unreadable_url() -> BrokenSetup:
    """Refuse a URL without repeating it: it may hold a password."""
    return BrokenSetup(
        "ANDON_DATABASE_URL cannot be read.",
        "Write sqlite:////folder/andon.db or postgresql://user:password@host/name.",
    )
