"""The archive: which closed workflow runs have their history copied, and where.

What belongs here: one row per run. What never does: the history itself (a blob), or fetching it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.errors import LedgerConflict
from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import archive


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRun:
    """A closed run: `events` in its history, `sha256` of the history, `blob` where it is kept."""

    workflow_id: str
    run_id: str
    closed_at: datetime
    build: str
    events: int
    sha256: str
    blob: str


def keep_run(engine: Engine, run: ArchivedRun) -> bool:
    """Note a copied run; False when it was noted before.

    Raises:
        LedgerConflict: the run was noted with another history; a closed history never changes.
    """
    with write(engine) as connection:
        if insert_new(connection, archive, asdict(run)):
            return True
        there = connection.execute(
            sa.select(archive.c.sha256, archive.c.events).where(
                archive.c.workflow_id == run.workflow_id, archive.c.run_id == run.run_id
            )
        ).one()
    if (there.sha256, there.events) != (run.sha256, run.events):
        raise LedgerConflict(
            f"The history of {run.workflow_id} ({run.run_id}) was archived with hash "
            f"{there.sha256} and {there.events} events, and now has {run.sha256} and {run.events}.",
            "A closed history never changes: compare both copies.",
        )
    return False


def unarchived(engine: Engine, runs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Say which of these runs `(workflow id, run id)` the archive lacks, sorted."""
    asked = set(runs)
    statement = sa.select(archive.c.workflow_id, archive.c.run_id).where(
        archive.c.run_id.in_(sorted({run_id for _, run_id in asked}))
    )
    with read(engine) as connection:
        there = {(row.workflow_id, row.run_id) for row in connection.execute(statement)}
    return sorted(asked - there)


def runs_of(engine: Engine, incident: str) -> list[ArchivedRun]:
    """List the archived runs of an incident's family (`INC-…`, `INC-…/…`), oldest first."""
    columns = [archive.c[name] for name in ArchivedRun.__dataclass_fields__]
    family = sa.or_(
        archive.c.workflow_id == incident,
        archive.c.workflow_id.startswith(f"{incident}/", autoescape=True),
    )
    statement = sa.select(*columns).where(family).order_by(archive.c.closed_at, archive.c.run_id)
    with read(engine) as connection:
        return [ArchivedRun(**row._asdict()) for row in connection.execute(statement)]
