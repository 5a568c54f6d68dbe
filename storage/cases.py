"""After-sales cases as rows: their numbers, and finding and counting them.

What belongs here: reserving a number before anything else happens, and reading. What never does:
changing a row after that; only ledger.record does.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read
from storage.incidents import FRESH, no_such
from storage.numbering import Reserved, is_reserved, reserve
from storage.schema import cases

PATTERNS = {
    "": "CASE-{year}-{number:06}",
    "exercise": "EXERCISE-CASE-{year}-{number:06}",
    "simulation": "SIMULATION-CASE-{year}-{number:06}",
}
"""Number by kind of drill, as for incidents: an exercise is told by its id alone."""


STUCK_AT_ONCE = 200
"""Cases that one round of the sweep names; the next round goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReservation:
    """What is written with a new case number; `incident` when the case is known to belong to one.

    The title is public text: no personal data.
    """

    command_id: str
    digest: str
    created_at: datetime
    opened_by: str
    title: str
    rules_hash: str
    product: str = ""
    lot: str = ""
    incident: str | None = None
    drill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it. `status` None: received, being recorded."""

    id: str
    command_id: str
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
    incident: str | None
    opened_by: str
    level: str
    product: str
    lot: str
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMark:
    """What is counted of a case of an incident."""

    id: str
    status: str | None
    level: str


_ROW = [cases.c[name] for name in CaseRow.__dataclass_fields__]


def reserve_case(engine: Engine, year: int, reservation: CaseReservation) -> Reserved:
    """Give a case its number, durable before its workflow starts; the same command, the same one.

    Raises:
        KeyReused: the command id came before with another digest.
    """
    row = {**asdict(reservation), **FRESH, "level": ""}
    return reserve(engine, cases, PATTERNS[reservation.drill], year, row)


def is_opened(engine: Engine, command_id: str) -> bool:
    """Say whether a case was opened by this command before."""
    return is_reserved(engine, cases, command_id)


def case(engine: Engine, case_id: str) -> CaseRow:
    """Give one case's row.

    Raises:
        NotFound: there is none.
    """
    with read(engine) as connection:
        found = connection.execute(sa.select(*_ROW).where(cases.c.id == case_id)).first()
    if found is None:
        raise no_such(case_id)
    return CaseRow(**found._asdict())


def list_cases(engine: Engine, *, incident: str | None = None, limit: int = 200) -> list[CaseRow]:
    """List open cases by what is due next, or all cases of an incident."""
    chosen = cases.c.is_open.is_(True) if incident is None else cases.c.incident == incident
    return _listed(engine, chosen, limit)


def opened_by(engine: Engine, person: str, *, limit: int = 200) -> list[CaseRow]:
    """List the cases that one person opened: all that staff without a duty may see."""
    return _listed(engine, cases.c.opened_by == person, limit)


def closed(engine: Engine, *, limit: int = 200, offset: int = 0) -> list[str]:
    """List the numbers of closed cases, the first recorded first."""
    chosen = sa.and_(cases.c.is_open.is_(False), cases.c.size > 0)
    statement = sa.select(cases.c.id).where(chosen).order_by(cases.c.recorded_at, cases.c.id)
    with read(engine) as connection:
        return list(connection.execute(statement.limit(limit).offset(offset)).scalars())


def marks_of(engine: Engine, incident: str) -> list[CaseMark]:
    """Give what is counted of every case of an incident, by number."""
    columns = [cases.c[name] for name in CaseMark.__dataclass_fields__]
    statement = sa.select(*columns).where(cases.c.incident == incident).order_by(cases.c.id)
    with read(engine) as connection:
        return [CaseMark(**row._asdict()) for row in connection.execute(statement)]


def recorded(engine: Engine) -> list[str]:
    """Name the cases that have an entry, open or closed."""
    chosen = sa.select(cases.c.id).where(cases.c.size > 0)
    with read(engine) as connection:
        return [str(name) for name in connection.execute(chosen).scalars()]


def unrecorded(engine: Engine, before: datetime) -> list[CaseRow]:
    """List numbers reserved before an instant whose opening was never recorded (for the sweep)."""
    return _listed(engine, sa.and_(cases.c.size == 0, cases.c.created_at < before), STUCK_AT_ONCE)


def standing_still(engine: Engine, before: datetime) -> list[CaseRow]:
    """List open cases that let a due time before an instant pass without an entry."""
    return _listed(
        engine,
        sa.and_(
            cases.c.is_open.is_(True),
            cases.c.next_due_at < before,
            cases.c.recorded_at < cases.c.next_due_at,
        ),
        STUCK_AT_ONCE,
    )


def _listed(engine: Engine, chosen: sa.ColumnElement[bool], limit: int) -> list[CaseRow]:
    statement = (
        sa.select(*_ROW)
        .where(chosen)
        .order_by(cases.c.next_due_at.is_(None), cases.c.next_due_at, cases.c.id)
        .limit(limit)
    )
    with read(engine) as connection:
        return [CaseRow(**row._asdict()) for row in connection.execute(statement)]
