"""What must be decided now, and which clock rings next.

What belongs here: reading the dues of all stages, the ladder over them, and the clock's own
command. What never does: what a due means (its stage knows). A deadline that passes cancels
nothing: it is recorded, escalated, and stays open (reference table 4.7).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from domain.clock import Limit, local
from domain.clock_reach import share
from domain.dispatch import (
    APPOINTMENTS,
    ON_SILENCE,
    WATCHES,
    Act,
    Due,
    Effect,
    causes,
    decides,
    evolves,
    of_market,
)
from domain.errors import AndonError
from domain.message import command, event
from domain.people import Role
from domain.plan_rows import Rung
from domain.plan_terms import LadderAct
from domain.severity import Grade
from domain.stages import Stage
from domain.state import Mark, StreamState
from domain.wire import added, instant_text

S = TypeVar("S", bound=StreamState)

DEPUTY_RUNG = list(LadderAct).index(LadderAct.DEPUTY_MAY_ACT) + 1
"""The rung from which a deputy may act; every plan has the same rungs in the same order."""

LOUD_RUNG = list(LadderAct).index(LadderAct.REMIND_LOUD) + 1
"""The rung from which the deputy sees what is asked of the holder."""


@event("RungReached", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RungReached:
    """A share of a time is over: who is told, and whether a deputy may act from now on.

    `quiet`: more was over at the same moment, as after days without a worker. One letter tells all
    of it, to everybody whom the others would have told.
    """

    due: str
    rung: int
    percent: int
    act: str
    title: str
    due_at: datetime
    roles: tuple[Role, ...]
    overdue: bool
    person: str = ""
    quiet: bool = added(False)


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
    found = [
        due
        for of, stage, watch in WATCHES
        if isinstance(stream, of)
        for due in _watched(stream, stage, watch)
    ]
    return tuple(sorted(found, key=lambda due: (due.due_at, due.key)))


def _watched(
    stream: StreamState, stage: Stage, watch: Callable[[Any], Iterable[Due]]
) -> Iterator[Due]:
    """Give the dues of one watcher; a time that cannot be worked out is itself something to do.

    An error here would stop every clock and every act of the incident.
    """
    try:
        yield from watch(stream)
    except (AndonError, OverflowError):
        at = stream.last_at
        if at is not None:
            yield Due(
                key=f"no_time:{stage}",
                stage=stage,
                title="A time of this stage cannot be worked out: look at its dates",
                roles=(Role.INCIDENT_COMMANDER,),
                start_at=at,
                due_at=at,
            )


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


def rungs_of(
    stream: StreamState, of: Iterable[Due], until: datetime | None = None
) -> Iterator[tuple[Due, RungAt]]:
    """Give the rungs of the plan's ladder over some dues that are not reached yet, lowest first.

    A critical report that nobody acknowledged climbs by the plan's minutes (table 4.7), not by
    shares of its time. What the plan escalates again and again has one more rung after the last:
    the next one, or the newest that was reached by `until`.
    """
    ladders = _ladders(stream)
    for due in of:
        for rung in _over(stream, due, ladders[due.law], until):
            yield due, rung


def _ladders(stream: StreamState) -> dict[bool, tuple[Rung, ...]]:
    """Give the plan's ladder over a time of ours (False), and over a limit of the law (True)."""
    plan = stream.rules.plan
    return {law: plan.ladder_for(stream.grade, law=law) for law in (False, True)}


def _over(
    stream: StreamState, due: Due, ladder: tuple[Rung, ...], until: datetime | None = None
) -> Iterator[RungAt]:
    """Give the rungs over one due that are not reached yet, lowest first."""
    by_minute = _by_minute(stream, due)
    reached = stream.rungs.get(due.key, 0)
    for number, rung in enumerate(ladder[reached:], reached + 1):
        at = share(due.start_at, due.due_at, rung.percent)
        if by_minute and rung.acknowledge_minute is not None:
            at = due.start_at + timedelta(minutes=rung.acknowledge_minute)
        if number < DEPUTY_RUNG:
            at = min(after_quiet_hours(stream, at), due.due_at)
        yield RungAt(number, rung.percent, str(rung.act), at)
    every = _escalated_every(stream, due)
    if every is not None:
        yield _repeated(stream, due, every, max(reached, len(ladder)), until)


def _by_minute(stream: StreamState, due: Due) -> bool:
    return stream.grade == Grade.CRITICAL and due.key == "acknowledge_report"


def _soonest(stream: StreamState, due: Due, ladder: tuple[Rung, ...]) -> RungAt | None:
    """Give the rung over a due that is reached first.

    Shares ascend, so that it is the next one; minutes and shares together need not.
    """
    rungs = _over(stream, due, ladder)
    if _by_minute(stream, due):
        return min(rungs, key=lambda rung: rung.at, default=None)
    return next(rungs, None)


def _escalated_every(stream: StreamState, due: Due) -> Limit | None:
    """Give how often the act that a due asks for is escalated again, if the plan says so."""
    pending, acts = stream.pending.get(due.item), stream.rules.plan.acts
    key = pending.key if due.act == "sign_act" and pending is not None else due.act
    return acts[key].escalate_every.get(stream.grade) if key in acts else None


def _repeated(
    stream: StreamState, due: Due, every: Limit, reached: int, until: datetime | None
) -> RungAt:
    ladder = stream.rules.plan.ladder_for(stream.grade)
    top_at = share(due.start_at, due.due_at, ladder[-1].percent)
    length = stream.rules.due_at(top_at, every) - top_at
    next_one = reached - len(ladder) + 1
    if until is not None and length:
        next_one = max(next_one, (until - top_at) // length)
    at = top_at + next_one * length
    whole = due.due_at - due.start_at
    percent = (at - due.start_at) * 100 // whole if whole else 100 * (next_one + 2)
    return RungAt(len(ladder) + next_one, percent, str(LadderAct.LEGAL_REPRESENTATIVE), at)


def after_quiet_hours(stream: StreamState, at: datetime) -> datetime:
    """Give the morning for a reminder that would fall into quiet hours, where the grade has any."""
    plan = stream.rules.plan
    if plan.quiet is None or not plan.grades[stream.grade].quiet_hours:
        return at
    return at + plan.quiet.left_at(local(at, stream.rules.calendar).time())


def next_ring(stream: StreamState) -> datetime | None:
    """Say when the clock must look again, or None when nothing is due or appointed."""
    ladders = _ladders(stream)
    soonest = (_soonest(stream, due, ladders[due.law]) for due in dues(stream))
    rings = [rung.at for rung in soonest if rung is not None]
    rings += [at for of, times, _ in APPOINTMENTS if isinstance(stream, of) for at in times(stream)]
    return min(rings, default=None)


@decides(PassTime)
def pass_time(stream: StreamState, act: Act, _command: PassTime) -> tuple[Any, ...]:
    """Keep what is appointed for now, and record every rung reached by now.

    When the time of something asked is over, silence moves to the safer side.
    """
    found: list[Any] = []
    for of, _, keep in APPOINTMENTS:
        if isinstance(stream, of):
            found.extend(keep(stream, act))
    passed = tuple(one for one in rungs_of(stream, dues(stream), act.at) if one[1].at <= act.at)
    letters = _letters(passed)
    for due, rung in passed:
        found.append(_reached(due, rung, letters.get((due.key, rung.number))))
        if rung.number == DEPUTY_RUNG and due.silence in ON_SILENCE:
            found.extend(ON_SILENCE[due.silence](stream, due, act))
    return tuple(found)


def _letters(passed: tuple[tuple[Due, RungAt], ...]) -> dict[tuple[str, int], tuple[Role, ...]]:
    """Say which of the rungs passed at one moment are told of, each with everybody who hears of it.

    Of one due the highest alone; of several clocks over the same act that are all over (by phone,
    our earlier target, the deadline itself) the one that was due last.
    """
    highest = {due.key: (due, rung) for due, rung in passed}
    told = {_asked(due, rung): (due.key, rung.number) for due, rung in highest.values()}
    heard: dict[tuple[str, int], dict[Role, None]] = {}
    for due, rung in passed:
        letter = told[_asked(*highest[due.key])]
        heard.setdefault(letter, {}).update(dict.fromkeys(_told_of(due, rung)))
    return {letter: tuple(roles) for letter, roles in heard.items()}


def _asked(due: Due, rung: RungAt) -> tuple[object, ...]:
    """Give what one letter tells of: what is asked of whom once it is overdue, else a due alone."""
    is_over = rung.number >= DEPUTY_RUNG and bool(due.item)
    return (due.act, due.item, due.person, due.roles) if is_over else (due.key,)


def _told_of(due: Due, rung: RungAt) -> tuple[Role, ...]:
    extra = {
        "commander": (Role.INCIDENT_COMMANDER,),
        "legal_representative": (Role.LEGAL_REPRESENTATIVE,),
    }.get(rung.act, ())
    return tuple(dict.fromkeys((*due.roles, *extra)))


def _reached(due: Due, rung: RungAt, heard: tuple[Role, ...] | None) -> RungReached:
    return RungReached(
        due=due.key,
        rung=rung.number,
        percent=rung.percent,
        act=rung.act,
        title=due.title,
        due_at=due.due_at,
        roles=heard or _told_of(due, rung),
        overdue=rung.number >= DEPUTY_RUNG,
        person=due.person,
        quiet=heard is None,
    )


@evolves(RungReached)
def _rung_reached(stream: S, reached: RungReached, _mark: Mark) -> S:
    return replace(stream, rungs={**stream.rungs, reached.due: reached.rung})


@causes(RungReached, of=StreamState)
def _tell(stream: StreamState, reached: RungReached, mark: Mark) -> Iterable[Effect]:
    if reached.quiet:
        return
    due = next((due for due in dues(stream) if due.key == reached.due), None)
    since = share(due.start_at, due.due_at, reached.percent) if due else mark.at
    yield Effect(
        name="tell",
        target=f"{reached.due}@{reached.rung}",
        seq=mark.seq,
        body={
            "kind": "overdue" if reached.overdue else "reminder",
            "roles": [str(role) for role in reached.roles],
            "deputies": reached.rung >= LOUD_RUNG,
            "person": reached.person,
            "title": reached.title,
            "due_at": reached.due_at.isoformat(),
            "reached_at": instant_text(since),
            "asks": due.act if due else "",
            "about": due.item if due else "",
            **of_market(due.market if due else ""),
        },
    )
