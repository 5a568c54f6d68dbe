"""The shape of a database: what migrations made is as it should be; what is beside is named."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL

from storage.database import Database
from storage.engine import open_engine, read, write
from storage.migrating import MIGRATIONS, Branch, migrate
from storage.shape import odd_shapes
from tests.database import new_database


def steps() -> list[str]:
    """Name every step that the ledger's tables ever took, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    return [one.revision for one in script.iterate_revisions(f"{Branch.LEDGER}@head", "base")][::-1]


def test_what_was_migrated_is_as_it_should_be(database: Database) -> None:
    assert odd_shapes(database.ledger) == []


@pytest.mark.parametrize("step", steps())
def test_a_database_of_an_earlier_release_that_was_brought_up_is_no_other(
    step: str, tmp_path: Path
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'earlier.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
    with write(engine) as connection:
        connection.execute(sa.text("ANALYZE"))
    migrate(engine)
    assert odd_shapes(engine) == []
    engine.dispose()


@pytest.fixture
def step_kept(database: Database) -> Iterator[None]:
    """Put the step back: tests of one process share a PostgreSQL, and others migrate it."""
    with read(database.ledger) as connection:
        told = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        steps_there = [{"step": step} for step in told.scalars()]
    yield
    with write(database.ledger) as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:step)"), steps_there)


@pytest.mark.usefixtures("step_kept")
@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("INSERT INTO alembic_version VALUES ('x')", "step x"),
        ("UPDATE alembic_version SET version_num = 'x' || version_num", "step x"),
        ("DELETE FROM alembic_version", "step none"),
    ],
    ids=["one more", "another", "none"],
)
def test_the_step_that_a_database_was_brought_up_to_is_that_of_this_release(
    said: str, named: str, database: Database
) -> None:
    with write(database.ledger) as connection:
        connection.execute(sa.text(said))
    assert any(one.startswith(named) for one in odd_shapes(database.ledger))


FORCED = {
    "trigger": "CREATE TRIGGER zz BEFORE INSERT ON company_log BEGIN SELECT RAISE(IGNORE); END",
    "table": "CREATE TABLE zz (a)",
    "index": "CREATE INDEX zz ON heads (stream)",
    "view": "CREATE VIEW zz AS SELECT * FROM entries",
}


NAMES = ("sqlite_auto", "sqlite_autoindex_heads_9", "sqlite_stat1")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in FORCED for name in NAMES if (kind, name) != ("table", NAMES[2])],
)
def test_what_was_given_a_name_of_sqlites_own_is_named(
    kind: str, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "forced.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute(FORCED[kind])
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET name = ?1, sql = replace(sql, 'zz', ?1),"
            " tbl_name = replace(tbl_name, 'zz', ?1) WHERE name = 'zz'", (name,),
        )  # fmt: skip
    connection.close()
    engine = open_engine(f"sqlite:///{file}")
    assert f"{kind} {name}" in odd_shapes(engine)
    engine.dispose()


BESIDE = {
    "CREATE VIEW v AS SELECT * FROM entries": "view v",
    "ALTER TABLE heads ADD COLUMN more TEXT": "column heads.more",
    "ALTER TABLE duties RENAME COLUMN rule TO other": "column duties.rule",
    "ALTER TABLE entries ENABLE ROW LEVEL SECURITY": "row security entries entries",
    "CREATE RULE r AS ON INSERT TO company_log DO INSTEAD NOTHING": "rule r company_log",
    "CREATE TABLE child () INHERITS (commands)": "inheriting child commands",
    "CREATE TRIGGER t BEFORE UPDATE ON entries FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()": "trigger t entries",
}


def test_what_acts_beside_the_tables_of_a_server_is_named(postgres: URL) -> None:
    with new_database(postgres) as url:
        engine = open_engine(url)
        migrate(engine)
        assert odd_shapes(engine) == []
        for made in BESIDE:
            with write(engine) as connection:
                connection.execute(sa.text(made))
        assert odd_shapes(engine) == sorted({*BESIDE.values(), "column duties.other"})
        engine.dispose()
