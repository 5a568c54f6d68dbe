"""Transactions, and what a failing database means to the person who pressed the button."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import IntegrityError

from domain.errors import BrokenSetup, Malformed, NotConfirmed
from storage.company import fact, last_lines, log, read_log, set_fact
from storage.engine import BUSY_TIMEOUT_S, one_moment, open_engine, read, write
from storage.failures import told
from storage.ledger import record
from storage.migrating import migrate
from storage.schema import meta
from storage.streams import head
from tests.storage.streams import NOON, entries, fold, new_incident


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "andon.db"


@contextmanager
def opened(url: str | URL) -> Iterator[Engine]:
    """Open an engine and close it."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_a_failing_block_leaves_nothing(engine: Engine) -> None:
    def write_and_fail() -> None:
        with write(engine) as connection:
            connection.execute(sa.insert(meta).values(key="a", value="1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert fact(engine, "a") is None


def test_what_a_reader_writes_is_gone(engine: Engine) -> None:
    with read(engine) as connection:
        connection.execute(sa.insert(meta).values(key="a", value="1"))
    assert fact(engine, "a") is None


def test_our_own_mistakes_are_not_called_failures_of_the_database(engine: Engine) -> None:
    set_fact(engine, "a", "1")
    with pytest.raises(IntegrityError), write(engine) as connection:
        connection.execute(sa.insert(meta).values(key="a", value="2"))


@pytest.mark.parametrize(
    "text", ["a\0b", "half \ud83d", "\udc00"], ids=["NUL", "high surrogate", "low surrogate"]
)
def test_text_that_one_database_cannot_keep_is_refused_by_both(engine: Engine, text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        set_fact(engine, "a", text)
    assert refusal.value.code == "unstorable_text"
    assert fact(engine, "a") is None
    with pytest.raises(Malformed):
        log(engine, NOON, "note", {"deep": [{"text": text}]})
    assert read_log(engine) == []


def test_text_of_every_other_kind_is_kept_as_it_is(engine: Engine) -> None:
    text = "召回 ‘\u2028’ 😀 \x01 \\u0000 ' \" \r\n"
    set_fact(engine, "a", text)
    assert fact(engine, "a") == text
    log(engine, NOON, "note", {"text": text, "n": 2**53 - 1, "none": None, "list": [True]})
    [line] = read_log(engine)
    assert line.body == {"text": text, "n": 2**53 - 1, "none": None, "list": [True]}


@pytest.mark.parametrize("value", [1.5, 2**53, {1, 2}], ids=["float", "large integer", "set"])
def test_documents_without_a_canonical_form_are_refused(engine: Engine, value: Any) -> None:
    with pytest.raises(Malformed):
        log(engine, NOON, "note", {"value": value})


def test_instants_come_back_to_the_microsecond_and_in_utc(engine: Engine) -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 22, 10, 21, 10, 123456, tzinfo=beijing)
    log(engine, at, "note", {})
    [line] = read_log(engine)
    assert line.at == at
    assert line.at.tzinfo is UTC
    with read(engine) as connection:
        stored = connection.execute(sa.text("SELECT at FROM company_log")).scalar_one()
    assert stored == "2026-11-22T02:21:10.123456Z"


def test_an_instant_without_its_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Malformed):
        log(engine, datetime(2026, 11, 22, 10), "note", {})  # noqa: DTZ001 - the point


def test_an_early_year_is_written_so_that_it_sorts(engine: Engine) -> None:
    log(engine, datetime(999, 1, 1, tzinfo=UTC), "note", {})
    with read(engine) as connection:
        stored = connection.execute(sa.text("SELECT at FROM company_log")).scalar_one()
    assert stored == "0999-01-01T00:00:00.000000Z"


def test_text_sorts_by_code_point_in_both_databases(engine: Engine) -> None:
    keys = ["a", "B", "é", "z", "_", "-", "召", "a-b", "aB", "10", "9", ""]
    for key in keys:
        set_fact(engine, key, "")
    with read(engine) as connection:
        found = connection.execute(sa.select(meta.c.key).order_by(meta.c.key)).scalars().all()
    assert list(found) == sorted(keys)


def test_sqlite_is_set_up_on_every_connection(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine, read(engine) as first, read(engine) as other:
        for connection in (first, other):
            told = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
            ]
            assert told == ["wal", 2, BUSY_TIMEOUT_S * 1000, 1]


def test_every_write_begins_immediate_and_reading_does_not(sqlite_file: Path) -> None:
    said: list[str] = []
    with opened(f"sqlite:///{sqlite_file}") as engine:
        event.listen(
            engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, *_: said.append(statement),
        )
        with write(engine):
            pass
        with read(engine) as connection:
            connection.execute(sa.text("SELECT 1"))
        with write(engine):
            pass
    assert said == ["BEGIN IMMEDIATE", "BEGIN", "SELECT 1", "BEGIN IMMEDIATE"]


def test_writers_queue_instead_of_failing(engine: Engine) -> None:
    def count(_: int) -> None:
        for _turn in range(10):
            log(engine, NOON, "note", {})

    threads = [threading.Thread(target=count, args=(each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line.seq for line in read_log(engine)] == list(range(1, 41))
    assert [line.seq for line in last_lines(engine, 3)] == [40, 39, 38]


def test_a_reader_is_not_kept_waiting_by_a_writer(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(sa.insert(meta).values(key="a", value="1"))
        assert fact(engine, "a") is None
    assert fact(engine, "a") == "1"


# --- failures ----------------------------------------------------------------------------------


def test_a_full_disk_says_so_and_records_nothing(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine:
        migrate(engine)
        stream = new_incident(engine)
        limit = 0

        def no_more_room(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + limit}")

        event.listen(engine, "checkout", no_more_room)
        with pytest.raises(NotConfirmed, match="The disk is full: nothing was recorded") as failure:
            record(engine, stream, 1, entries(stream, 1, 60), [], fold)
        assert failure.value.code == "disk_full"
        assert "it will count once" in failure.value.hint
        assert head(engine, stream).size == 0
        limit = 1000
        record(engine, stream, 1, entries(stream, 1, 60), [], fold)
        assert head(engine, stream).size == 60


def test_what_is_read_in_one_moment_does_not_move(engine: Engine) -> None:
    """Somebody writes meanwhile; who compares two things must not see one before and one after."""
    set_fact(engine, "seen", "before")
    with one_moment(engine):
        seen = fact(engine, "seen")
        with ThreadPoolExecutor(1) as other:
            other.submit(set_fact, engine, "seen", "after").result()
        assert (seen, fact(engine, "seen")) == ("before", "before")
    assert fact(engine, "seen") == "after"


def test_a_busy_file_says_so(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine:
        migrate(engine)
        event.listen(
            engine,
            "checkout",
            lambda connection, *_: connection.execute("PRAGMA busy_timeout = 50"),
        )
        with write(engine), pytest.raises(NotConfirmed) as failure:
            set_fact(engine, "a", "1")
        assert failure.value.code == "database_busy"
        set_fact(engine, "a", "1")


def test_a_file_that_is_no_database_says_so(sqlite_file: Path) -> None:
    sqlite_file.write_bytes(b"not a database at all, whatever its name" * 100)
    with opened(f"sqlite:///{sqlite_file}") as engine, pytest.raises(BrokenSetup) as failure:
        fact(engine, "a")
    assert failure.value.code == "database_damaged"


def test_a_folder_instead_of_a_file_says_so(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}") as engine, pytest.raises(BrokenSetup) as failure:
        fact(engine, "a")
    assert failure.value.code == "database_not_opened"


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "kind", "code"),
    [
        ("53100", NotConfirmed, "disk_full"),
        ("55P03", NotConfirmed, "database_busy"),
        ("40P01", NotConfirmed, "database_busy"),
        ("57014", NotConfirmed, "database_busy"),
        ("58030", NotConfirmed, "disk_failed"),
        ("57P01", NotConfirmed, "database_lost"),
        ("25006", BrokenSetup, "database_read_only"),
        ("XX001", BrokenSetup, "database_damaged"),
        ("42501", BrokenSetup, "database_no_entry"),
    ],
)
def test_what_postgresql_says_is_told(
    postgres: URL, state: str, kind: type[Exception], code: str
) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"
    with opened(postgres) as engine:
        with pytest.raises(kind) as failure, write(engine) as connection:
            connection.execute(sa.text(raising))
        assert getattr(failure.value, "code", "") == code
        set_fact(engine, "still", "works")


@pytest.mark.postgres
def test_a_lost_connection_is_not_confirmed_and_the_next_one_works(postgres: URL) -> None:
    with opened(postgres) as engine, opened(postgres) as other:

        def lose() -> None:
            with write(engine) as connection:
                connection.execute(sa.insert(meta).values(key="lost", value="1"))
                mine = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
                with write(other) as killer:
                    killer.execute(sa.select(sa.func.pg_terminate_backend(mine)))

        with pytest.raises(NotConfirmed) as failure:
            lose()
        assert failure.value.code == "database_lost"
        assert fact(engine, "lost") is None


@pytest.mark.postgres
def test_connections_lost_while_they_lay_in_the_pool_are_not_noticed(postgres: URL) -> None:
    """The server shut all of them, as a restart does: nobody has to press again for each."""
    with opened(postgres) as engine, opened(postgres) as other:
        with ExitStack() as at_once:
            connections = [at_once.enter_context(engine.connect()) for _ in range(3)]
            asked = [each.execute(sa.select(sa.func.pg_backend_pid())) for each in connections]
            ours = [each.scalar_one() for each in asked]
        with write(other) as killer:
            for each in ours:
                assert killer.execute(
                    sa.select(sa.func.pg_terminate_backend(each, 5000))
                ).scalar_one(), "the server did not shut it within five seconds"
        for _ in ours:
            assert fact(engine, "nothing") is None


def test_a_socket_that_breaks_under_the_driver_is_a_lost_connection() -> None:
    with pytest.raises(NotConfirmed) as failure, told():
        raise ConnectionResetError(104, "Connection reset by peer")
    assert failure.value.code == "database_lost"


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        pytest.param({"database": "nowhere"}, BrokenSetup, "database_no_entry", id="no database"),
        pytest.param({"username": "nobody"}, BrokenSetup, "database_no_entry", id="no user"),
        pytest.param(
            {"query": {"host": "/nowhere"}}, NotConfirmed, "database_unreachable", id="no server"
        ),
        pytest.param(
            {"host": "127.0.0.1", "port": 9, "query": {}},
            NotConfirmed,
            "database_unreachable",
            id="nobody listens",
        ),
    ],
)
def test_a_database_that_cannot_be_reached_says_so(
    postgres: URL, change: dict[str, Any], kind: type[Exception], code: str
) -> None:
    with opened(postgres.set(**change)) as engine, pytest.raises(kind) as failure:
        fact(engine, "a")
    assert getattr(failure.value, "code", "") == code


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///:memory:", "mysql://a:secret@b/c", "postgresql://a:secret@b:x/c"],
)
def test_what_is_no_database_url_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(BrokenSetup) as refusal:
        open_engine(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca", "verify-full"])
def test_libpq_terms_of_a_url_are_understood(mode: str) -> None:
    with opened(f"postgresql://u:p@h:5433/d?sslmode={mode}") as engine:
        assert engine.url.drivername == "postgresql+pg8000"
        assert engine.url.query == {}
    with pytest.raises(BrokenSetup, match="sslmode"):
        open_engine("postgresql://u@h/d?sslmode=maybe")


def test_writers_of_one_process_come_to_a_file_one_after_the_other(sqlite_file: Path) -> None:
    """Eight people press at once: nobody sleeps on while the file is free."""
    with opened(f"sqlite:///{sqlite_file}") as engine, opened(f"sqlite:///{sqlite_file}") as second:
        migrate(engine)
        inside: list[int] = []
        most: list[int] = []

        def press(n: int) -> None:
            with write(engine if n % 2 else second) as connection:
                inside.append(n)
                most.append(len(inside))
                connection.execute(sa.insert(meta).values(key=f"turn-{n}", value=""))
                inside.remove(n)

        threads = [threading.Thread(target=press, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == [1] * 8


def test_a_turn_that_failed_is_given_back(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine:
        migrate(engine)

        def fail() -> None:
            with write(engine):
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        set_fact(engine, "a", "1")
        assert fact(engine, "a") == "1"
