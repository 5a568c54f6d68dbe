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

CONTINUED = "continued_as_new"
"""The status of a run that another one of the same workflow went on from."""

ASKED_AT_ONCE = 500
"""Runs that one question names: databases take so many values and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRun:
    """A closed run: `events` in its history, `sha256` of the history, `blob` where it is kept.

    `kind` is the workflow's type, `build` and `sdk` name what decided it, `rules` is the hash of
    the rules by which the last entry up to its close was decided, `status` how it ended (Temporal's
    word in small letters) and `continued_from` the run before it. They are empty in rows of earlier
    releases: nobody knows.
    """

    workflow_id: str
    run_id: str
    closed_at: datetime
    build: str
    events: int
    sha256: str
    blob: str
    kind: str = ""
    sdk: str = ""
    rules: str = ""
    status: str = ""
    continued_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is known of an archived run without its history: where it lies and how runs follow."""

    workflow_id: str
    run_id: str
    status: str
    continued_from: str
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
    asked = sorted(set(runs))
    there: set[tuple[str, str]] = set()
    with read(engine) as connection:
        for first in range(0, len(asked), ASKED_AT_ONCE):
            part = [run_id for _, run_id in asked[first : first + ASKED_AT_ONCE]]
            statement = sa.select(archive.c.workflow_id, archive.c.run_id).where(
                archive.c.run_id.in_(part)
            )
            there |= {(row.workflow_id, row.run_id) for row in connection.execute(statement)}
    return [run for run in asked if run not in there]


def newest(engine: Engine) -> datetime | None:
    """Say when the run closed that closed last of all archived ones; None when there is none."""
    with read(engine) as connection:
        found: datetime | None = connection.execute(
            sa.select(sa.func.max(archive.c.closed_at, type_=archive.c.closed_at.type))
        ).scalar()
    return found


def links(engine: Engine) -> list[Link]:
    """List every archived run by what follows from what."""
    columns = [archive.c[name] for name in Link.__dataclass_fields__]
    with read(engine) as connection:
        return [Link(**row._asdict()) for row in connection.execute(sa.select(*columns))]


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
