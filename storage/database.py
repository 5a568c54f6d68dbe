"""The two databases of an installation, opened together.

What belongs here: which engine serves which group of tables. What never does: a query.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine, make_url

from storage.engine import open_engine
from storage.migrating import Branch, migrate


@dataclass(frozen=True, slots=True)
class Database:
    """Engines by group of tables: `bulk` is another file in SQLite, the same server elsewhere."""

    ledger: Engine
    bulk: Engine

    def migrate(self) -> None:
        """Bring both groups of tables up to this release.

        Raises:
            BrokenSetup: a later release has written them.
        """
        migrate(self.ledger, Branch.LEDGER)
        migrate(self.bulk, Branch.BULK)

    def close(self) -> None:
        """Close all connections."""
        self.ledger.dispose()
        self.bulk.dispose()


def open_database(url: str, *, for_good: bool = True) -> Database:
    """Open the database of a URL, and beside a SQLite file `andon.db` also `andon-bulk.db`.

    Not `for_good` is a SQLite database that is thrown away with the process.

    Raises:
        BrokenSetup: see open_engine.
    """
    ledger = open_engine(url, for_good=for_good)
    if ledger.dialect.name != "sqlite":
        return Database(ledger, ledger)
    target = make_url(url)
    file = Path(target.database or "")
    bulk = target.set(database=str(bulk_file(file)))
    return Database(ledger, open_engine(bulk, for_good=for_good))


def bulk_file(file: Path) -> Path:
    """Say where the bulk tables of a SQLite database lie."""
    return file.with_name(f"{file.stem}-bulk{file.suffix}")
