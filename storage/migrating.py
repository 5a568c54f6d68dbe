"""Bringing a database up to the tables of this release.

What belongs here: running the steps of `migrations/`, one process at a time. What never does: a
table (storage/schema.py), or a row.
"""

from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, Engine

from domain.errors import BrokenSetup
from storage.engine import write

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x414E444F4E
"""Key of PostgreSQL's advisory lock: "ANDON". Two processes may start at the same moment."""


class Branch(StrEnum):
    """The two groups of tables; each is a branch of the migrations."""

    LEDGER = "ledger"
    BULK = "bulk"


def migrate(engine: Engine, branch: Branch = Branch.LEDGER) -> None:
    """Create the tables of a branch, or bring them up to this release, in one transaction.

    Raises:
        BrokenSetup: a later release has written this database.
    """
    config = _config()
    with write(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, f"{branch}@head")
        except CommandError as error:
            raise BrokenSetup(
                f"The database cannot be brought up to this release: {error}",
                "Run the release that wrote it last, or a later one.",
                code="database_newer",
            ) from error


def odd_steps(connection: Connection) -> list[str]:
    """Tell what the database of the ledgers says it was brought up to, and this release does not.

    One database may hold both branches: the step of the other one is no odd one there.
    """
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars()
    stands = sorted(map(str, found))
    script = ScriptDirectory.from_config(_config())
    last = {
        branch: [one.revision for one in script.get_revisions(f"{branch}@head")]
        for branch in Branch
    }
    here, both = sorted(last[Branch.LEDGER]), sorted([*last[Branch.LEDGER], *last[Branch.BULK]])
    allowed = [here] if connection.dialect.name == "sqlite" else [here, both]
    return [] if stands in allowed else stands or ["none"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
