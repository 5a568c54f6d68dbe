"""After-sales cases as rows: their numbers, and finding them.

What belongs here: reserving a number before anything else happens, and reading. What never does:
changing a row after that; only ledger.record does.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read
from storage.incidents import FRESH
from storage.numbering import Reserved, reserve
from storage.schema import cases

PATTERN = "CASE-{year}-{number:06}"


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
    """A case as lists show it."""

    id: str
    created_at: datetime
    drill: str
    size: int
    version: int
    is_open: bool
    recorded_at: datetime | None
    next_due_at: datetime | None
    title: str
    incident: str | None
    opened_by: str
    level: str
    product: str
    lot: str


def reserve_case(engine: Engine, year: int, reservation: CaseReservation) -> Reserved:
    """Give a case its number, durable before its workflow starts; the same command, the same one.

    Raises:
        KeyReused: the command id came before with another digest.
    """
    row = {**asdict(reservation), **FRESH, "level": ""}
    return reserve(engine, cases, PATTERN, year, row)


def list_cases(engine: Engine, *, incident: str | None = None, limit: int = 200) -> list[CaseRow]:
    """List open cases by what is due next, or all cases of an incident."""
    chosen = cases.c.is_open.is_(True) if incident is None else cases.c.incident == incident
    columns = [cases.c[name] for name in CaseRow.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .where(chosen)
        .order_by(cases.c.next_due_at.is_(None), cases.c.next_due_at, cases.c.id)
        .limit(limit)
    )
    with read(engine) as connection:
        return [CaseRow(**row._asdict()) for row in connection.execute(statement)]
