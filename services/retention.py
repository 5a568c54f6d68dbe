"""How long each incident and case is kept, and what is due for deletion.

What belongs here: gathering markets, facts and holds for the rule (domain/retention.py). What never
does: the rule, or deleting anything.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from domain.markets import market_of
from domain.regulation_terms import RecordStart
from domain.regulations import Record
from domain.retention import KeepUntil, Starts, keep_until
from domain.rules import Rules
from domain.state import Incident
from domain.state.service_case import ServiceCase, read_case_text
from domain.values import is_case
from services import holding, reading
from services.holding import CompanyHold
from services.house import House
from storage import cases, incidents, streams

LISTED: Final = 100
"""Closed incidents, and cases, that one list tells; what closed longest ago comes first."""

Holds = Sequence[CompanyHold] | None
"""All holds of the company's log, where they are at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """One incident or case with how long it is kept; `closed_at` None while it is open."""

    stream: str
    title: str
    closed_at: datetime | None
    markets: tuple[str, ...]
    kept: KeepUntil


def of(house: House, stream: str, listed: Holds = None) -> Keeping:
    """Say how long an incident or case is kept. Raises NotFound."""
    if is_case(stream):
        return _of_case(house, stream, listed)
    return _of_incident(house, stream, listed)


def closed(house: House, without: Collection[str] = ()) -> list[Keeping]:
    """List closed incidents and cases, what ended first first; some are left out."""
    listed = holding.every(house)
    names = [*_first(partial(_incidents, house), without), *_first(partial(_cases, house), without)]
    found = [of(house, name, listed) for name in names]
    return sorted(found, key=lambda one: (one.closed_at is None, one.closed_at, one.stream))


def _first(ask: Callable[[int], list[str]], without: Collection[str]) -> Iterator[str]:
    """Give the first of a long list that are not left out."""
    given = offset = 0
    while given < LISTED and (part := ask(offset)):
        offset += len(part)
        for name in part:
            if name not in without and given < LISTED:
                given += 1
                yield name


def _incidents(house: House, offset: int) -> list[str]:
    rows = incidents.closed(house.engine, limit=LISTED, offset=offset, oldest_first=True)
    return [row.id for row in rows]


def _cases(house: House, offset: int) -> list[str]:
    return cases.closed(house.engine, limit=LISTED, offset=offset)


def _of_incident(house: House, stream: str, listed: Holds) -> Keeping:
    row = incidents.incident(house.engine, stream)
    stored = incidents.load_state(house.engine, stream)
    if stored is None:
        rules = house.current_rules()
        return _keeping(
            house, stream, row.title, None, _Rests((), rules, {RecordStart.REPORT: None}, listed)
        )
    state = reading.kept_state(house, stream, stored)
    ended = state.review.closed_at or (None if row.is_open else row.recorded_at)
    rests = _Rests(_markets_of(state), state.rules, _starts_of(state), listed)
    return _keeping(house, stream, row.title, ended, rests)


def _of_case(house: House, stream: str, listed: Holds) -> Keeping:
    """Say how long a case is kept: never shorter than the incident that it belongs to."""
    row = cases.case(house.engine, stream)
    stored = streams.stream_state(house.engine, stream)
    if stored is None:
        rests = _Rests((), house.current_rules(), {RecordStart.REPORT: None}, listed)
        return _keeping(house, stream, row.title, None, rests)
    state = read_case_text(stored.state, house.rules(stored.rules_hash))
    markets, ended_at = {market_of(c) for c in (state.country,) if c}, state.closed_at
    starts: Starts = {RecordStart.REPORT: _last(_told_in(state))}
    whole = incidents.load_state(house.engine, state.incident) if state.incident else None
    if state.incident and whole is not None:
        incident = reading.kept_state(house, state.incident, whole)
        markets |= set(_markets_of(incident))
        starts = _later(starts, _starts_of(incident))
        ended_at = ended_at if incident.review.closed_at is not None else None
    rests = _Rests(tuple(sorted(markets)), state.rules, starts, listed)
    return _keeping(house, stream, row.title, ended_at, rests)


def _later(one: Starts, other: Starts) -> Starts:
    """Give the later of two starts of each fact; one that is not known stays not known."""
    found = {**one, **other}
    for fact in set(one) & set(other):
        both = (one[fact], other[fact])
        found[fact] = None if None in both else max(day for day in both if day is not None)
    return found


@dataclass(frozen=True)
class _Rests:
    """What a time rests on: markets, the rules it ran under, since when each fact counts, holds."""

    markets: tuple[str, ...]
    rules: Rules
    starts: Starts
    listed: Holds


def _keeping(
    house: House, stream: str, title: str, ended_at: datetime | None, rests: _Rests
) -> Keeping:
    now = house.current_rules()
    kept = keep_until(
        _records(now, rests.rules),
        rests.markets,
        now.plan.firm,
        rests.starts,
        holds=holding.standing(house, stream, rests.listed),
        is_open=ended_at is None,
    )
    return Keeping(stream=stream, title=title, closed_at=ended_at, markets=rests.markets, kept=kept)


def _records(now: Rules, then: Rules) -> list[Record]:
    """Put together what must be kept by the law of today, and by the rules the incident ran under.

    Today's text of a record takes the place of the older one; a record that is not in force any
    more still kept what was recorded under it.
    """
    found = {one.id: one for one in then.beside.records}
    return list((found | {one.id: one for one in now.beside.records}).values())


def _markets_of(state: Incident) -> tuple[str, ...]:
    """List the markets of rules that an incident is about."""
    report = state.report
    named = (*state.recall.coverage.markets, *report.answers.markets, *report.markets)
    lived = (case.country for case in report.cases.values())
    told = (one.first_known_country for one in report.reports)
    owed = {duty.market for duty in state.notice.duties.values()}
    return tuple(sorted({market_of(one) for one in (*named, *lived, *told) if one} | owed))


def _starts_of(state: Incident) -> Starts:
    """Say since when each fact counts: the last of its kind."""
    starts: dict[RecordStart, date | None] = {RecordStart.REPORT: _last(_reported(state))}
    told = [row.last_told_at for row in state.recall.consignees.values() if row.last_told_at]
    if told:
        starts[RecordStart.NOTICE] = _last(told)
    return starts


def _reported(state: Incident) -> Iterator[datetime]:
    yield from (one.received_at for one in state.report.reports)
    yield from (case.awareness_at for case in state.report.cases.values())
    for duty in state.notice.duties.values():
        yield from (filed.sent_at for filed in duty.filings)


def _told_in(state: ServiceCase) -> Iterator[datetime]:
    yield from (one.at for one in state.answers)
    yield from (at for at in (state.received_at, state.opened_at) if at is not None)


def _last(times: Iterable[datetime]) -> date | None:
    return max((at.date() for at in times), default=None)
