"""Duties as rows: what stands open towards authorities, of all incidents, what binds most first.

What belongs here: keeping the rows of one incident inside a transaction that somebody else opened,
and reading them. What never does: what is open (domain/open_duties.py), or who may see it.

Only ledger.record keeps rows, in the transaction that records the entries, and `fill`
(storage/read_model.py) once for what was recorded by a release that had no such rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from domain.open_duties import OpenDuty, Owed
from domain.regulation_terms import DueBasis, DutyStatus, Force
from storage.engine import read
from storage.schema import duties, incidents

_NAMES = tuple(one.name for one in fields(OpenDuty))
_COLUMNS = [duties.c[name] for name in _NAMES]
_KEPT = (
    sa.select(*_COLUMNS)
    .where(duties.c.incident == sa.bindparam("stream"))
    .order_by(duties.c.owed.desc(), duties.c.seq, duties.c.item)
)
_FORGET = sa.delete(duties).where(
    duties.c.incident == sa.bindparam("stream"), duties.c.item == sa.bindparam("which")
)
_INSERT = sa.insert(duties)
_DUE_NEXT = (
    duties.c.tier, duties.c.by_at, duties.c.incident, duties.c.owed.desc(), duties.c.seq,
    duties.c.item,
)  # fmt: skip
"""Within one time by number, as `of_incident`: a duty's entry tells D9 before D10, its text not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDuty:
    """A duty with what the list shows of its incident."""

    incident: str
    drill: str
    grade: str
    title: str
    products: tuple[str, ...]
    duty: OpenDuty


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a duty stands in time, and no more: what it takes to lay out many by day."""

    incident: str
    item: str
    drill: str
    rule: str
    market: str
    place: str
    due_basis: DueBasis | None
    due_at: datetime | None
    by_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Give the incident and the number in it, by which one is found."""
        return self.incident, self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which duties are asked for; what is left empty asks for all.

    `only`: these rows, by `Placed.key`. `reported_by`: of incidents that this person reported
    alone. `theirs` are kinds of rows by roles, place and market, as `kinds` gives them. `market` is
    one that a duty stands in, the European Union or a country of it. `overdue_at` asks for what is
    late then by more than a target of our own, `passed_at` for what is late by that alone. `drill`
    None: real ones and exercises; '' real ones alone.
    """

    only: Sequence[tuple[str, str]] | None = None
    reported_by: str = ""
    incident: str = ""
    market: str = ""
    theirs: Sequence[tuple[str, ...]] | None = None
    overdue_at: datetime | None = None
    passed_at: datetime | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    drill: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many rows there are: of real incidents, and of exercises.

    `late` of the real ones are overdue; of `passed` no more than a target of our own is over.
    """

    real: int
    late: int
    passed: int
    exercises: int

    @property
    def all(self) -> int:
        """Give how many there are together."""
        return self.real + self.exercises


# --- keeping -----------------------------------------------------------------------------------


def keep(connection: Connection, incident: str, rows: Sequence[OpenDuty]) -> None:
    """Leave exactly these rows of an incident, touching none that is the same."""
    before = {row.item: row for row in _kept(connection, incident)}
    now = {row.item: row for row in rows}
    gone = [
        {"stream": incident, "which": item} for item, row in before.items() if now.get(item) != row
    ]
    new = [{"incident": incident, **asdict(row)} for item, row in now.items()
           if before.get(item) != row]  # fmt: skip
    if gone:
        connection.execute(_FORGET, gone)
    if new:
        connection.execute(_INSERT, [{**row, "roles": list(row["roles"])} for row in new])


# --- reading -----------------------------------------------------------------------------------


def of_incident(engine: Engine, incident: str) -> tuple[OpenDuty, ...]:
    """Give the rows of one incident, duties first, by their numbers."""
    with read(engine) as connection:
        return tuple(_kept(connection, incident))


def listed(
    engine: Engine, wanted: Wanted, *, limit: int | None = None, offset: int = 0
) -> list[ListedDuty]:
    """Give duties, what binds most and is due next first; real ones before those of exercises."""
    statement = (
        sa.select(
            duties.c.incident,
            incidents.c.drill,
            incidents.c.grade,
            incidents.c.title,
            incidents.c.products,
            *_COLUMNS,
        )
        .join_from(duties, incidents, incidents.c.id == duties.c.incident)
        .where(*_terms(wanted))
        .order_by(incidents.c.drill != "", *_DUE_NEXT)
        .limit(limit)
        .offset(offset)
    )
    with read(engine) as connection:
        return [_listed(row) for row in connection.execute(statement)]


def placed(engine: Engine, wanted: Wanted) -> list[Placed]:
    """Give where duties stand in time, in the order of `listed`: a tenth of what a row costs."""
    statement = (
        sa.select(
            duties.c.incident,
            duties.c.item,
            incidents.c.drill,
            duties.c.rule,
            duties.c.market,
            duties.c.place,
            duties.c.basis,
            duties.c.due_at,
            duties.c.by_at,
        )
        .join_from(duties, incidents, incidents.c.id == duties.c.incident)
        .where(*_terms(wanted))
        .order_by(incidents.c.drill != "", *_DUE_NEXT)
    )
    with read(engine) as connection:
        return [
            Placed(one, item, drill, rule, market, place, _basis(basis), due_at, by_at)
            for one, item, drill, rule, market, place, basis, due_at, by_at in connection.execute(
                statement
            )
        ]


def counted(engine: Engine, wanted: Wanted, now: datetime) -> Counted:
    """Count duties."""
    is_real = incidents.c.drill == ""
    statement = (
        sa.select(
            sa.func.count(),
            _number_of(is_real),
            _number_of(is_real, _is_overdue(now)),
            _number_of(is_real, _is_past_ours(now)),
        )
        .join_from(duties, incidents, incidents.c.id == duties.c.incident)
        .where(*_terms(wanted))
    )
    with read(engine) as connection:
        every, real, late, passed = map(int, connection.execute(statement).one())
    return Counted(real=real, late=late, passed=passed, exercises=every - real)


def _number_of(*terms: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*terms), 1), else_=0)), 0)


_IS_OURS = sa.func.coalesce(duties.c.basis, "") == DueBasis.COMPANY.value


def _is_overdue(at: datetime) -> sa.ColumnElement[bool]:
    """Say in the database what OpenDuty.is_overdue says."""
    return sa.and_(duties.c.due_at < at, sa.not_(_IS_OURS))


def _is_past_ours(at: datetime) -> sa.ColumnElement[bool]:
    """Say in the database what OpenDuty.is_past_ours says."""
    return sa.and_(duties.c.due_at < at, _IS_OURS)


def kinds(engine: Engine, wanted: Wanted) -> list[tuple[str, ...]]:
    """Give the different kinds of rows: (roles as the column keeps them, place, market)."""
    statement = (
        sa.select(_ROLES, duties.c.place, duties.c.market)
        .join_from(duties, incidents, incidents.c.id == duties.c.incident)
        .where(*_terms(wanted))
        .distinct()
    )
    with read(engine) as connection:
        return sorted(tuple(row) for row in connection.execute(statement))


def incidents_with(engine: Engine, wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """Name the incidents that have a duty, each with its products."""
    statement = (
        sa.select(incidents.c.id, incidents.c.products)
        .where(
            incidents.c.id.in_(
                sa.select(duties.c.incident)
                .join_from(duties, incidents, incidents.c.id == duties.c.incident)
                .where(*_terms(wanted))
            )
        )
        .order_by(incidents.c.id)
    )
    with read(engine) as connection:
        return {row.id: tuple(row.products) for row in connection.execute(statement)}


_ROLES = sa.type_coerce(duties.c.roles, sa.Text())
"""The roles as the column keeps them: canonical JSON, so that the same roles are the same text."""


def _terms(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.only is not None:
        yield sa.tuple_(duties.c.incident, duties.c.item).in_(wanted.only)
    if wanted.reported_by:
        yield incidents.c.reported_by == wanted.reported_by
    if wanted.incident:
        yield duties.c.incident == wanted.incident
    if wanted.drill is not None:
        yield incidents.c.drill == wanted.drill
    if wanted.market:
        yield sa.or_(duties.c.market == wanted.market, duties.c.place == wanted.market)
    if wanted.theirs is not None:
        own = [
            sa.and_(_roles_are(roles), duties.c.place == place, duties.c.market == market)
            for roles, place, market in wanted.theirs
        ]
        yield sa.or_(sa.false(), *own)
    yield from _times(wanted)


def _times(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.overdue_at is not None:
        yield _is_overdue(wanted.overdue_at)
    if wanted.passed_at is not None:
        yield _is_past_ours(wanted.passed_at)
    if wanted.due_from is not None:
        yield duties.c.by_at >= wanted.due_from
    if wanted.due_until is not None:
        yield duties.c.by_at < wanted.due_until


def _roles_are(roles: str) -> sa.ColumnElement[bool]:
    return _ROLES.in_([roles])


def _kept(connection: Connection, incident: str) -> Iterable[OpenDuty]:
    return map(_duty, connection.execute(_KEPT, {"stream": incident}))


def _basis(text: str | None) -> DueBasis | None:
    return DueBasis(text) if text else None


def _listed(row: Row[Any]) -> ListedDuty:
    return ListedDuty(
        incident=row.incident,
        drill=row.drill,
        grade=row.grade,
        title=row.title,
        products=tuple(row.products),
        duty=_duty(row),
    )


def _duty(row: Row[Any]) -> OpenDuty:
    told = row._asdict()
    named = {name: told[name] for name in _NAMES}
    return OpenDuty(
        **{
            **named,
            "owed": Owed(row.owed),
            "status": DutyStatus(row.status),
            "basis": _basis(row.basis),
            "force": Force(row.force),
            "roles": tuple(row.roles),
        }
    )
