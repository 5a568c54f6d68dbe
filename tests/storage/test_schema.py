"""Migrations make exactly the tables that the code speaks of, once, whoever starts first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import URL, Engine

from domain.errors import BrokenSetup
from storage.database import Database, bulk_file, open_database
from storage.engine import open_engine, read, write
from storage.migrating import Branch, migrate
from storage.schema import BULK, LEDGER
from tests.database import BACKENDS, new_database
from tests.storage.test_processes import running
from tests.storage.writers import migrate_now

BRANCHES = pytest.mark.parametrize(
    ("branch", "metadata"),
    [(Branch.LEDGER, LEDGER), (Branch.BULK, BULK)],
    ids=["ledger", "bulk"],
)


@pytest.fixture(params=BACKENDS)
def empty_pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Give two databases without a single table."""
    if request.param == "sqlite":
        first, second = (open_engine(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db"))
        yield first, second
    else:
        server: URL = request.getfixturevalue("postgres")
        with new_database(server) as one, new_database(server) as other:
            first, second = open_engine(one), open_engine(other)
            yield first, second
            first.dispose()
            second.dispose()
    first.dispose()
    second.dispose()


def described(engine: Engine) -> dict[str, Any]:
    """Describe every table as the database itself sees it."""
    inspector = sa.inspect(engine)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    foreign, unique = inspector.get_multi_foreign_keys(), inspector.get_multi_unique_constraints()
    indexes = inspector.get_multi_indexes()
    return {
        str(place[1]): {
            "columns": [
                {**column, "type": (str(column["type"]), getattr(column["type"], "collation", ""))}
                for column in columns[place]
            ],
            "primary key": keys[place],
            "foreign keys": foreign[place],
            "unique": sorted(unique[place], key=str),
            "indexes": sorted(indexes[place], key=str),
        }
        for place in columns
        if place[1] != "alembic_version"
    }


@BRANCHES
def test_the_migrated_tables_are_those_of_the_code(
    empty_pair: tuple[Engine, Engine], branch: Branch, metadata: sa.MetaData
) -> None:
    migrated, created = empty_pair
    migrate(migrated, branch)
    with write(created) as connection:
        metadata.create_all(connection)
    assert described(migrated) == described(created)
    assert set(described(migrated)) == set(metadata.tables)
    with read(migrated) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = described(database.ledger), described(database.bulk)
    database.migrate()
    assert (described(database.ledger), described(database.bulk)) == before


def test_several_processes_may_start_at_once(empty_pair: tuple[Engine, Engine]) -> None:
    engine, _ = empty_pair
    url = engine.url.render_as_string(hide_password=False)
    with running(migrate_now, url) as (_, first), running(migrate_now, url) as (_, second):
        assert (first.recv(), second.recv()) == ("done", "done")
    assert set(described(engine)) == set(LEDGER.tables)


def test_a_database_of_a_later_release_is_refused(empty_pair: tuple[Engine, Engine]) -> None:
    engine, _ = empty_pair
    migrate(engine)
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'ledger_9999'"))
    before = described(engine)
    with pytest.raises(BrokenSetup, match="later one") as refusal:
        migrate(engine)
    assert refusal.value.code == "database_newer"
    assert described(engine) == before


def test_on_sqlite_bulk_tables_have_a_file_of_their_own(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/deeper/andon.db")
    database.migrate()
    assert bulk_file(tmp_path / "deeper" / "andon.db").name == "andon-bulk.db"
    assert set(described(database.ledger)) == set(LEDGER.tables)
    assert set(described(database.bulk)) == set(BULK.tables)
    database.close()
