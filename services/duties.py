"""The clocks of the law across incidents: what stands open towards authorities, in one order.

What belongs here: who may see which rows, whose they are, and one incident's duties step by step.
What never does: what is open (domain/open_duties.py), or a page.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from domain import urgency
from domain.duties import DutyArisen, DutyDue
from domain.ledger import read_entry
from domain.people import SEES_INCIDENTS, Actor
from domain.state.notice import Duty
from domain.wire import encode
from services import reading
from services.answering import asked
from services.company import about_company
from services.house import House
from storage import duties, people, streams
from storage.duties import Counted, ListedDuty, Placed, Wanted

NONE: Final = Counted(real=0, late=0, passed=0, exercises=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader asks for: `mine` what their roles and markets are asked for; empty is all.

    `overdue`: late by more than a target of our own; `passed`: by that alone. `real`: no exercises.
    """

    mine: bool = False
    market: str = ""
    incident: str = ""
    overdue: bool = False
    passed: bool = False
    real: bool = False
    due_from: datetime | None = None
    due_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some of the duties that were asked for, and how many there are."""

    rows: list[ListedDuty]
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a choice can be made from: markets and incidents that have a row here."""

    markets: tuple[str, ...]
    incidents: Mapping[str, tuple[str, ...]]


def placed(house: House, actor: Actor, choice: Choice) -> list[Placed]:
    """Give where the duties that the actor may see stand in time, in the order of `find`."""
    wanted = _wanted(house, actor, choice)
    return [] if wanted is None else duties.placed(house.engine, wanted)


def whole(house: House, actor: Actor, some: Iterable[Placed]) -> list[ListedDuty]:
    """Give all that a row says of some duties that the actor may see, in the order of `find`."""
    seen, only = _seen_by(actor), [one.key for one in some]
    if seen is None or not only:
        return []
    return duties.listed(house.engine, replace(seen, only=only))


def count(house: House, actor: Actor, choice: Choice) -> Counted:
    """Count the duties that the actor may see."""
    wanted = _wanted(house, actor, choice)
    return NONE if wanted is None else duties.counted(house.engine, wanted, house.now())


def find(
    house: House, actor: Actor, choice: Choice, *, limit: int | None, offset: int = 0
) -> Found:
    """Give duties that the actor may see, what binds most and is due next first; count them all."""
    wanted = _wanted(house, actor, choice)
    if wanted is None:
        return Found(rows=[], counted=NONE)
    return Found(
        rows=duties.listed(house.engine, wanted, limit=limit, offset=offset),
        counted=duties.counted(house.engine, wanted, house.now()),
    )


def offered(house: House, actor: Actor) -> Offered:
    """Give the markets and incidents that have a duty which the actor may see."""
    wanted = _seen_by(actor)
    if wanted is None:
        return Offered(markets=(), incidents={})
    rows = duties.kinds(house.engine, wanted)
    markets = {code for _, place, market in rows for code in (place, market) if code}
    return Offered(
        markets=tuple(sorted(markets)), incidents=duties.incidents_with(house.engine, wanted)
    )


def _seen_by(actor: Actor) -> Wanted | None:
    """Give what somebody may see, as services/reading.py has it; None for nothing at all."""
    if actor.holds(SEES_INCIDENTS):
        return Wanted()
    return None if actor.is_from_outside else Wanted(reported_by=actor.on_behalf_of or actor.id)


def _wanted(house: House, actor: Actor, choice: Choice) -> Wanted | None:
    seen = _seen_by(actor)
    if seen is None:
        return None
    return replace(
        seen,
        incident=choice.incident,
        market=choice.market,
        theirs=_theirs(house, actor, seen) if choice.mine else None,
        overdue_at=house.now() if choice.overdue else None,
        passed_at=house.now() if choice.passed else None,
        drill="" if choice.real else None,
        due_from=choice.due_from,
        due_until=choice.due_until,
    )


def _theirs(house: House, actor: Actor, seen: Wanted) -> list[tuple[str, ...]]:
    """Choose the kinds of rows that are somebody's own: by a role they hold, in their markets.

    A market that nobody of these roles answers for is everybody's of them.
    """
    about, there = about_company(house), people.list_people(house.engine)
    me = actor.on_behalf_of or actor.id
    own = []
    for kind in duties.kinds(house.engine, seen):
        roles, place, market = json.loads(kind[0]), kind[1], kind[2]
        if not actor.holds(tuple(roles)):
            continue
        holders = [
            [*((me,) if actor.holds((role,)) else ()), *(p.id for p in there if role in p.roles)]
            for role in roles
        ]
        if me in asked(about, holders, market=place or market):
            own.append(kind)
    return own


# ---------------------------------------------------------------- one incident, step by step


def told(house: House, actor: Actor, incident_id: str) -> dict[str, Any]:
    """Tell the duties of one incident with every step of their times. Raises NotFound.

    Also those that are filed, determined or ended; acts of authorities stand beside them.
    """
    seen = reading.see(house, actor, incident_id)
    state = seen.state
    if state is None:
        return {"incident": incident_id, "duties": [], "authority_acts": []}
    told_of = _entries(house, incident_id, seen.row.size)
    return {
        "incident": incident_id,
        "drill": seen.row.drill,
        "duties": [
            {**_explained(told_of, duty), **_over(duty, house.now())}
            for duty in state.notice.duties.values()
        ],
        "authority_acts": [
            {**encode(type(act), act), "waits": act.waits} for act in state.notice.acts.values()
        ],
    }


def _entries(house: House, incident_id: str, size: int) -> dict[int, object]:
    """Give the events by which duties arose and became due, by the numbers of their entries."""
    rows = streams.entries_of_types(
        house.engine, incident_id, [DutyArisen.__name__, DutyDue.__name__], size
    )
    return {row.seq: read_entry(row.content).event for row in rows}


def _over(duty: Duty, now: datetime) -> dict[str, bool]:
    """Say whether the time of an open duty is over, of the law or of ours, as in the list."""
    return {
        "overdue": duty.is_open and urgency.is_overdue(duty, now),
        "own_target_passed": duty.is_open and urgency.is_past_ours(duty, now),
    }


def _explained(told_of: Mapping[int, object], duty: Duty) -> dict[str, Any]:
    """Give a duty with the place of its rule, why it arose, and every step of its due time."""
    arisen, due = told_of.get(duty.seq), told_of.get(duty.due_seq or 0)
    plain: dict[str, Any] = {**encode(Duty, duty), "law": duty.law, "open": duty.is_open}
    if isinstance(arisen, DutyArisen):
        names = ("instrument", "article", "citation")
        plain |= {name: getattr(arisen, name) for name in names} | {"why": list(arisen.why)}
    if not isinstance(due, DutyDue):
        return {**plain, "steps": []}
    pairs = zip(due.steps_en, due.steps_zh, strict=False)
    return {
        **plain,
        "steps": [{"en": en, "zh": zh} for en, zh in pairs],
        "calendar_source": due.calendar_source,
        "calendar_version": due.calendar_version,
        "due_set_by": due.by,
        "due_reason": due.reason,
    }
