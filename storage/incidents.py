"""Incidents as rows: their numbers, the board, the state that pages show.

What belongs here: reserving a number before anything else happens, and reading. What never does:
changing a row after that; only ledger.record does, in the transaction that records the entries.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from domain.errors import NotFound
from domain.severity import Attention, Grade
from domain.tree import EMPTY_ROOT
from storage.engine import read
from storage.numbering import Reserved, is_reserved, reserve
from storage.schema import incidents

PATTERNS = {
    "": "INC-{year}-{number:04}",
    "exercise": "EXERCISE-{year}-{number:04}",
    "simulation": "SIMULATION-{year}-{number:04}",
}
"""Number by kind of drill: exercises and simulations are told apart by their id alone, and leave
no gap in the numbers of real incidents."""

FRESH = {
    "size": 0,
    "version": 0,
    "is_open": True,
    "root": EMPTY_ROOT.hex(),
    "run": 1,
    "frontier": [],
}
"""A stream before its first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What is written with a new number: who reported what, by which command, under which rules.

    `digest` is over what the person sent; `drill` is '', exercise or simulation. The title is
    public text: no personal data.
    """

    command_id: str
    digest: str
    created_at: datetime
    reported_by: str
    title: str
    rules_hash: str
    drill: str = ""


ON_A_BOARD: Final = 200
"""Incidents on a board; of more the most urgent."""

RECORDED_WITHIN = timedelta(minutes=2)
"""A report that is not recorded by then was not brought to its workflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident as lists show it. `recorded_at` None: received, being recorded."""

    id: str
    created_at: datetime
    drill: str
    size: int
    version: int
    is_open: bool
    recorded_at: datetime | None
    rules_hash: str
    run: int
    next_due_at: datetime | None
    title: str
    reported_by: str
    grade: str
    attention: str
    stage_words: Any
    products: Any

    def is_lost(self, now: datetime) -> bool:
        """Say whether the report never reached its workflow: it has to be sent again."""
        return self.size == 0 and self.created_at < now - RECORDED_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState:
    """The read model after entry `size`: JSON text as `project` wrote it, and the tree there."""

    state: str
    size: int
    version: int
    root: str
    frontier: Sequence[str]
    rules_hash: str
    recorded_at: datetime


_ROW = [incidents.c[name] for name in IncidentRow.__dataclass_fields__]
_BY_ID = sa.select(*_ROW).where(incidents.c.id == sa.bindparam("incident"))
"""Made once, as whatever every act asks for: making a statement takes longer than running it."""


def reserve_number(engine: Engine, year: int, reservation: Reservation) -> Reserved:
    """Give a report its number, durable before its workflow starts; the same command, the same one.

    `year` is the company's own, not UTC's.

    Raises:
        KeyReused: the command id came before with another digest.
    """
    row = {
        **asdict(reservation),
        **FRESH,
        "grade": "",
        "attention": "",
        "stage_words": [],
        "products": [],
    }
    return reserve(engine, incidents, PATTERNS[reservation.drill], year, row)


def is_reported(engine: Engine, command_id: str) -> bool:
    """Say whether a report came by this command before."""
    return is_reserved(engine, incidents, command_id)


def incident(engine: Engine, incident_id: str) -> IncidentRow:
    """Give one incident's row.

    Raises:
        NotFound: there is none.
    """
    with read(engine) as connection:
        found = connection.execute(_BY_ID, {"incident": incident_id}).first()
    if found is None:
        raise no_such(incident_id)
    return _incident_row(found)


def is_numbered(engine: Engine, incident_id: str) -> bool:
    """Say whether there is an incident of this number."""
    with read(engine) as connection:
        return connection.execute(_BY_ID, {"incident": incident_id}).first() is not None


def board(
    engine: Engine, *, drill: str | None = None, limit: int = ON_A_BOARD
) -> list[IncidentRow]:
    """List open incidents, the most urgent first: grade, then what is due next, then attention.

    An incident without a grade stands on top: unknown is never taken for harmless. `drill` limits
    to real incidents (''), exercises or simulations.
    """
    statement = (
        sa.select(*_ROW)
        .where(incidents.c.is_open.is_(True))
        .order_by(
            _rank(incidents.c.grade, Grade).desc(),
            # Neither database sorts NULL where the other does.
            incidents.c.next_due_at.is_(None),
            incidents.c.next_due_at,
            _rank(incidents.c.attention, Attention).desc(),
            incidents.c.id,
        )
        .limit(limit)
    )
    if drill is not None:
        statement = statement.where(incidents.c.drill == drill)
    return _listed(engine, statement)


def closed(
    engine: Engine, *, limit: int = 200, offset: int = 0, oldest_first: bool = False
) -> list[IncidentRow]:
    """List closed incidents, the last recorded first, or the first."""
    order = (incidents.c.recorded_at, incidents.c.id)
    return _listed(
        engine,
        sa.select(*_ROW)
        .where(incidents.c.is_open.is_(False))
        .order_by(*(order if oldest_first else (each.desc() for each in order)))
        .limit(limit)
        .offset(offset),
    )


def of_drill(engine: Engine, drill: str, *, limit: int) -> list[IncidentRow]:
    """List the latest recorded incidents of a kind, real ones ('') or exercises, open or closed."""
    return _listed(
        engine,
        sa.select(*_ROW)
        .where(incidents.c.drill == drill, incidents.c.size > 0)
        .order_by(incidents.c.created_at.desc(), incidents.c.id.desc())
        .limit(limit),
    )


def reported_by(engine: Engine, person: str) -> list[IncidentRow]:
    """List what one person reported, newest first: all that staff without a duty may see."""
    return _listed(
        engine,
        sa.select(*_ROW)
        .where(incidents.c.reported_by == person)
        .order_by(incidents.c.created_at.desc(), incidents.c.id.desc()),
    )


def unrecorded(engine: Engine, before: datetime) -> list[IncidentRow]:
    """List numbers reserved before an instant whose report was never recorded (for the sweep)."""
    return _listed(
        engine,
        sa.select(*_ROW)
        .where(incidents.c.size == 0, incidents.c.created_at < before)
        .order_by(incidents.c.created_at),
    )


def recorded(engine: Engine) -> list[str]:
    """Name the incidents that have an entry, open or closed."""
    chosen = sa.select(incidents.c.id).where(incidents.c.size > 0).order_by(incidents.c.id)
    with read(engine) as connection:
        return [str(name) for name in connection.execute(chosen).scalars()]


def runs_recorded(engine: Engine) -> list[tuple[str, int]]:
    """Give every incident that has an entry, with how many runs decided it: 2 once reopened."""
    chosen = sa.select(incidents.c.id, incidents.c.run).where(incidents.c.size > 0)
    with read(engine) as connection:
        return [(str(row.id), int(row.run)) for row in connection.execute(chosen)]


def with_times(engine: Engine) -> list[IncidentRow]:
    """List every incident for which anything may be due: a closed report still has its duties."""
    may_be_due = sa.or_(incidents.c.is_open.is_(True), incidents.c.next_due_at.is_not(None))
    return _listed(engine, sa.select(*_ROW).where(may_be_due).order_by(incidents.c.id))


def load_state(engine: Engine, incident_id: str, table: sa.Table = incidents) -> StoredState | None:
    """Give the read model; None while the report is being recorded.

    Raises:
        NotFound: there is no such incident.
    """
    with read(engine) as connection:
        found = connection.execute(_state_in(table), {"stream": incident_id}).first()
    if found is None:
        raise no_such(incident_id)
    return None if found.state is None else StoredState(**found._asdict())


@cache
def _state_in(table: sa.Table) -> sa.Select[Any]:
    columns = [table.c[name] for name in StoredState.__dataclass_fields__]
    return sa.select(*columns).where(table.c.id == sa.bindparam("stream"))


def version_of(engine: Engine, incident_id: str) -> int:
    """Give the number that grows with every entry of an incident; 0 where there is none."""
    with read(engine) as connection:
        found = connection.execute(
            sa.select(incidents.c.version).where(incidents.c.id == incident_id)
        ).scalar()
    return int(found or 0)


def versions_of(engine: Engine, incident_ids: Collection[str]) -> dict[str, int]:
    """Give the numbers that grow with every entry of some incidents; those not there are left out.

    All of them in one go.
    """
    if not incident_ids:
        return {}
    wanted = incidents.c.id.in_(list(incident_ids))
    with read(engine) as connection:
        rows = connection.execute(sa.select(incidents.c.id, incidents.c.version).where(wanted))
        return {row.id: int(row.version) for row in rows}


def no_such(incident_id: str) -> NotFound:
    """Make the error for an id that is not there."""
    return NotFound(f"There is no {incident_id}.", "Check the number.")


def _rank(column: sa.Column[Any], scale: type[Grade] | type[Attention]) -> sa.Case[int]:
    """Rank a column by its scale, mildest first; what is not on the scale ranks highest."""
    ranks: Sequence[tuple[sa.ColumnElement[bool], int]] = [
        (column == step.value, rank) for rank, step in enumerate(scale)
    ]
    return sa.case(*ranks, else_=len(ranks))


def _listed(engine: Engine, statement: sa.Select[Any]) -> list[IncidentRow]:
    with read(engine) as connection:
        return [_incident_row(row) for row in connection.execute(statement)]


def _incident_row(row: Row[Any]) -> IncidentRow:
    return IncidentRow(**row._asdict())
