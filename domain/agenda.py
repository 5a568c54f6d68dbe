"""What must be decided now, and which clock rings next.

What belongs here: reading the dues of all stages, the ladder over them, and the clock's own
command. What never does: what a due means (its stage knows). A deadline that passes cancels
nothing: it is recorded, escalated, and stays open (reference table 4.7).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from domain.clock import share
from domain.dispatch import ON_SILENCE, WATCHES, Act, Due, Effect, causes, decides, evolves
from domain.message import command, event
from domain.people import Role
from domain.plan_terms import LadderAct
from domain.severity import Grade
from domain.stages import Stage
from domain.state import Mark, StreamState

S = TypeVar("S", bound=StreamState)

DEPUTY_RUNG = list(LadderAct).index(LadderAct.DEPUTY_MAY_ACT) + 1
"""The rung from which a deputy may act; every plan has the same rungs in the same order."""


@event("RungReached", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RungReached:
    """A share of a time is over: who is told, and whether a deputy may act from now on."""

    due: str
    rung: int
    percent: int
    act: str
    title: str
    due_at: datetime
    roles: tuple[Role, ...]
    overdue: bool
    person: str = ""


@dataclass(frozen=True, slots=True)
class RungAt:
    """One rung over one due: its number on the ladder, share, act, and when it is reached."""

    number: int
    percent: int
    act: str
    at: datetime


@command(
    "pass_time",
    stage=Stage.PEOPLE,
    roles=[Role.CLOCK],
    title="Time has passed",
    in_cases=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime:
    """The clock's only command: look at everything that is due by now."""


def dues(stream: StreamState) -> tuple[Due, ...]:
    """List everything that is due, soonest first."""
    found = [due for of, _, watch in WATCHES if isinstance(stream, of) for due in watch(stream)]
    return tuple(sorted(found, key=lambda due: (due.due_at, due.key)))


def deputies_now(stream: StreamState) -> frozenset[Role]:
    """Say for which roles the deputy may act now (reference table 4.7).

    The holder is marked absent, or something asked of the role is over its time and still open:
    when it is done, this right ends by itself. What is asked of one named person lets no deputy
    act, and escalating to the commander does not make the commander's deputy act.
    """
    overdue = {
        role
        for due in dues(stream)
        if not due.person and stream.rungs.get(due.key, 0) >= DEPUTY_RUNG
        for role in due.roles
    }
    return frozenset(overdue | set(stream.absent_roles))


def rungs_of(stream: StreamState, of: Iterable[Due]) -> Iterator[tuple[Due, RungAt]]:
    """Give the rungs of the plan's ladder over some dues that are not reached yet, lowest first.

    A critical report that nobody acknowledged climbs by the plan's minutes (table 4.7), not by
    shares of its time.
    """
    grade = stream.grade
    ladder = stream.rules.plan.ladder_for(grade)
    for due in of:
        by_minute = grade == Grade.CRITICAL and due.key == "acknowledge_report"
        reached = stream.rungs.get(due.key, 0)
        for number, rung in enumerate(ladder[reached:], reached + 1):
            at = share(due.start_at, due.due_at, rung.percent)
            if by_minute and rung.acknowledge_minute is not None:
                at = due.start_at + timedelta(minutes=rung.acknowledge_minute)
            yield due, RungAt(number, rung.percent, str(rung.act), at)


def next_ring(stream: StreamState) -> datetime | None:
    """Say when the clock must look again, or None when nothing is due."""
    return min((rung.at for _, rung in rungs_of(stream, dues(stream))), default=None)


@decides(PassTime)
def pass_time(stream: StreamState, act: Act, _command: PassTime) -> tuple[Any, ...]:
    """Record every rung reached by now; at 100 % silence moves to the safer side."""
    found: list[Any] = []
    for due, rung in rungs_of(stream, dues(stream)):
        if rung.at > act.at:
            continue
        found.append(_reached(due, rung))
        if rung.percent == 100 and due.silence in ON_SILENCE:
            found.extend(ON_SILENCE[due.silence](stream, due, act))
    return tuple(found)


def _reached(due: Due, rung: RungAt) -> RungReached:
    extra = {
        "commander": (Role.INCIDENT_COMMANDER,),
        "legal_representative": (Role.LEGAL_REPRESENTATIVE,),
    }.get(rung.act, ())
    return RungReached(
        due=due.key,
        rung=rung.number,
        percent=rung.percent,
        act=rung.act,
        title=due.title,
        due_at=due.due_at,
        roles=tuple(dict.fromkeys((*due.roles, *extra))),
        overdue=rung.percent >= 100,
        person=due.person,
    )


@evolves(RungReached)
def _rung_reached(stream: S, reached: RungReached, _mark: Mark) -> S:
    rungs = {**stream.rungs, reached.due: reached.rung}
    return replace(stream, rungs=rungs)


@causes(RungReached, of=StreamState)
def _tell(_stream: StreamState, reached: RungReached, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target=f"{reached.due}@{reached.rung}",
        seq=mark.seq,
        body={
            "kind": "overdue" if reached.overdue else "reminder",
            "roles": [str(role) for role in reached.roles],
            "deputies": reached.percent >= 80,
            "person": reached.person,
            "title": reached.title,
            "due_at": reached.due_at.isoformat(),
        },
    )
