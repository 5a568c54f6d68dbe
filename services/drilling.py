"""Playing a case on skipped time: who acts when, and whether it goes as written.

What belongs here: its people, the steps, what each act led to. What never does: the clock
(services/drill_clock.py), the world they stand in (services/simulating.py), a path to the outside.

The drill's clock begins at the next moment that has the weekday and the time of day of the story's
beginning: `shift` is whole weeks, so that a Monday is a Monday. Holidays are those of the weeks in
which it is played, not of the story's.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio.testing import WorkflowEnvironment

from domain.agenda import next_ring
from domain.case_file import CaseFile, Step
from domain.case_times import Turn, minutes_of, turns
from domain.envelope import Answer
from domain.errors import STANDS_STILL, AndonError, Refused, WentOtherwise
from domain.incident import fold
from domain.message import COMMANDS
from domain.people import Actor, Role
from domain.state import Incident
from domain.wire import instant_text
from services.acting import Sent, act, report
from services.drill_clock import SETTLE, settle, skip_to
from services.drill_paths import Here, filled, follow, on_the_clock
from services.house import House
from services.reading import empty_incident, visible
from storage.streams import read_contents

COMMANDER = Actor(id="commander", roles=(Role.INCIDENT_COMMANDER,), method="drill")
CLEAR = timedelta(seconds=10)
"""Nobody acts when the incident's own clock is about to ring.

The time-skipping server refuses to cancel a timer that fires while the workflow decides, and the
act would not be answered; a real server takes that in its stride.
"""

WEEK = timedelta(weeks=1)
REPORT = -1
"""The number that stands for the first report among the steps."""


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it was played: its step, its key in the ledger, when, what came, how long it took.

    `at` is the drill's clock; `answered_s` are seconds of the host. `refused` is the sentence of a
    refusal that was expected; `turn` counts from 0 how often a step came before that comes again.
    """

    step: int
    key: str
    at: datetime
    answered_s: float
    refused: str = ""
    turn: int = 0


@dataclass
class Played:
    """One drilled case: the incident it made, what each act led to, and how far time was moved.

    `state` is the fold of the entries read so far, `rung` when the clock rings next in which state.
    """

    incident: str = ""
    lines: list[Line] = field(default_factory=list)
    shift: timedelta = field(default_factory=timedelta)
    state: Incident | None = None
    rung: tuple[Incident, datetime | None] | None = None


@dataclass(frozen=True)
class Drill:
    """What a case is played with; `files` maps names to addresses, `clock` is the host's."""

    house: House
    env: WorkflowEnvironment
    case: CaseFile
    files: Mapping[str, str]
    clock: Callable[[], float]
    played: Played = field(default_factory=Played)


async def begin(env: WorkflowEnvironment, case: CaseFile) -> datetime:
    """Skip to where the story's weekday and time of day begin; gives that moment."""
    now = await env.get_current_time()
    began_at = now + (case.starts_at - now) % WEEK
    await skip_to(env, began_at)
    return began_at


async def play(drill: Drill, began_at: datetime) -> Played:
    """Play a case to its end. Raises WentOtherwise naming the step that went otherwise."""
    case, played = drill.case, drill.played
    played.shift = case.starts_at - began_at
    _stand_at(drill.house, began_at)
    await _report(drill)
    for turn in turns(case.steps):
        await _pass(drill, f"steps.{turn.number}", began_at + timedelta(minutes=turn.at_minute))
        await _play_turn(drill, turn)
    end = timedelta(minutes=minutes_of(case.ends_after))
    await _pass(drill, "the end", began_at + end)
    _check_end(drill)
    return played


def _stand_at(house: House, at: datetime) -> None:
    house.now = lambda: at


async def _pass(drill: Drill, what: str, at: datetime) -> None:
    """Let time pass until something. Raises WentOtherwise when the incident stands still."""
    try:
        _stand_at(drill.house, await skip_to(drill.env, at))
    except TimeoutError as error:
        raise WentOtherwise(
            f"The incident stands still before {what}: its workflow does not go on.",
            "The log shown with this names the fault.",
            code=STANDS_STILL,
        ) from error


async def _settle(drill: Drill) -> None:
    """Let what an act started be done before the next."""
    _stand_at(drill.house, await settle(drill.env))


async def _stand_clear(drill: Drill) -> Incident:
    """Wait for the bell that would ring during an act; gives the incident to act on."""
    state, now = _state(drill), drill.house.now()
    while (rings_at := _rings_at(drill, state)) is not None and rings_at < now + CLEAR:
        _stand_at(drill.house, await skip_to(drill.env, max(rings_at, now) + SETTLE))
        state, now = _state(drill), drill.house.now()
    return state


def _rings_at(drill: Drill, state: Incident) -> datetime | None:
    """Say when the incident's own clock rings next; worked out once for each state."""
    known = drill.played.rung
    if known is None or known[0] is not state:
        known = drill.played.rung = (state, next_ring(state))
    return known[1]


# ---------------------------------------------------------------- people


def _person(role: Role) -> Actor:
    return Actor(id=f"drill.{role}", roles=(role,), method="drill")


def _actor(case: CaseFile, step: Step, role: Role) -> Actor:
    """Give who acts: the role's own person, a person of the case, or the scribe for the role."""
    own = _person(role)
    if step.scribe:
        scribe = _person(Role.SCRIBE)
        return Actor(id=scribe.id, roles=own.roles, on_behalf_of=own.id, method="scribe")
    found = next((person for person in case.people if person.id == step.person), None)
    if found is None:
        return own
    return Actor(id=found.id, roles=found.roles, deputy_for=found.deputy_for, method="drill")


# ---------------------------------------------------------------- acts


async def _report(drill: Drill) -> None:
    case, played = drill.case, drill.played
    here = Here(None, drill.files, drill.house.now())
    body = filled(on_the_clock(case.report, played.shift), here, "report")
    sent = Sent("report_problem", body, f"{case.id}:report")
    started = drill.clock()
    try:
        reported = await report(drill.house, _person(case.reporter), sent)
    except AndonError as error:
        raise _otherwise("report", error) from error
    played.incident = reported.id
    at, answered_s = drill.house.now(), drill.clock() - started
    played.lines.append(Line(REPORT, sent.command_id, at, answered_s))
    await _settle(drill)


async def _play_turn(drill: Drill, turn: Turn) -> None:
    step = drill.case.steps[turn.number]
    for n, (role, member) in enumerate(_members(drill, step, turn)):
        sent = _sent(drill, turn, await _stand_clear(drill), (n, member))
        if await _act(drill, turn, role, sent):
            await _sign(drill, turn, sent)
    _check_expected(drill, step.expect, f"steps.{turn.number}.expect")


def _sent(drill: Drill, turn: Turn, state: Incident, nth: tuple[int, Any]) -> Sent:
    """Fill in a step's act for the nth that it is done for. Raises WentOtherwise."""
    step, where, (n, member) = drill.case.steps[turn.number], f"steps.{turn.number}", nth
    at = drill.house.now()
    row = filled(member, Here(state, drill.files, at), f"{where}.rows")
    here = Here(state, drill.files, at, row)
    body = filled(on_the_clock(step.body, drill.played.shift), here, f"{where}.body")
    if step.item:
        named = str(COMMANDS[step.do].item)
        body = {**body, named: filled(step.item, here, f"{where}.item")}
    ago = step.happened_ago
    told = instant_text(at - timedelta(minutes=minutes_of(ago))) if ago else ""
    return Sent(step.do, body, f"{drill.case.id}:{turn.number}:{turn.turn}:{n}", told)


def _members(drill: Drill, step: Step, turn: Turn) -> Iterator[tuple[Role, Any]]:
    """Give who acts and what `$each` stands for, once for each time the step is done now."""
    if step.only_looks:
        return
    for role in step.by_each:
        yield role, str(role)
    if step.by is None:
        return
    members: Iterable[Any] = [None]
    if turn.row is not None:
        members = [on_the_clock(turn.row, drill.played.shift)]
    elif step.rows:
        members = on_the_clock(step.rows, drill.played.shift)
    elif step.each:
        members = follow(_state(drill), step.each, where=f"steps.{turn.number}.each")
    for member in members:
        yield step.by, member


async def _act(drill: Drill, turn: Turn, role: Role, sent: Sent) -> bool:
    """Let the step's person act; gives whether it was taken. Raises WentOtherwise."""
    step = drill.case.steps[turn.number]
    who, where = _actor(drill.case, step, role), _where(turn.number, step)
    refused, started = "", drill.clock()
    try:
        await _taken(drill, who, sent, where)
    except Refused as refusal:
        if step.refused != refusal.code:
            raise _otherwise(where, refusal) from refusal
        refused = refusal.sentence
    answered_s = drill.clock() - started
    at = drill.house.now()
    line = Line(turn.number, sent.command_id, at, answered_s, refused, turn.turn)
    drill.played.lines.append(line)
    if step.refused and not refused:
        raise WentOtherwise(
            f"{where} should have been refused ({step.refused}) and was not.",
            "Correct the case file, or look what changed in the plan.",
        )
    await _settle(drill)
    return not refused


async def _taken(drill: Drill, who: Actor, sent: Sent, where: str) -> Answer:
    """Bring an act to the incident; an expected refusal passes through. Raises WentOtherwise."""
    try:
        answer = await act(drill.house, who, drill.played.incident, sent)
    except Refused:
        raise
    except AndonError as error:
        raise _otherwise(where, error) from error
    if "ActLapsed" in answer.events:
        raise WentOtherwise(
            f"{where}: the act lapsed with the last signature, the state had moved on.",
            "Look at the entry ActLapsed, and order the steps otherwise.",
        )
    return answer


async def _sign(drill: Drill, turn: Turn, sent: Sent) -> None:
    step = drill.case.steps[turn.number]
    for role in step.sign:
        pending = sorted(_state(drill).pending.values(), key=lambda each: each.proposed_at)
        waiting = [each.id for each in pending if each.command["type"] == step.do]
        if not waiting:
            raise WentOtherwise(
                f"{_where(turn.number, step)} waits for no signature of {role}.",
                "Correct the case file.",
            )
        mine = Sent("sign_act", {"act": waiting[-1]}, f"{sent.command_id}:{role}")
        await _stand_clear(drill)
        where = f"{_where(turn.number, step)}, signed by {role},"
        started = drill.clock()
        try:
            await _taken(drill, _person(role), mine, where)
        except Refused as refusal:
            raise _otherwise(where, refusal) from refusal
        answered_s = drill.clock() - started
        at = drill.house.now()
        line = Line(turn.number, mine.command_id, at, answered_s, turn=turn.turn)
        drill.played.lines.append(line)
        await _settle(drill)


# ---------------------------------------------------------------- what must be true


def _where(number: int, step: Step) -> str:
    who = step.person or step.by or " and ".join(step.by_each)
    return f"steps.{number} ({step.do} by {who}, after {step.after})"


def _otherwise(where: str, error: AndonError) -> WentOtherwise:
    """Tell that a step went otherwise than written, in the words of the refusal."""
    fields = "".join(f"\n  {problem.path}: {problem.sentence}" for problem in error.fields)
    return WentOtherwise(
        f"{where} was refused ({error.code}): {error.sentence}{fields}",
        f"{error.hint} Correct the case file.",
    )


def _check_expected(drill: Drill, expected: Mapping[str, Any], where: str) -> None:
    state = _state(drill) if expected else None
    for path, told in on_the_clock(expected, drill.played.shift).items():
        found = follow(state, path, where=where)
        if found != told:
            shown = json.dumps(found, ensure_ascii=False)[:200]
            raise WentOtherwise(
                f"{where}: {path} is {shown}, not {json.dumps(told, ensure_ascii=False)}.",
                "Correct the case file, or look what changed in the plan.",
            )


def _check_end(drill: Drill) -> None:
    case, closed_at = drill.case, _state(drill).review.closed_at
    if (closed_at is not None) != case.closes:
        raise WentOtherwise(
            f"closes: the incident is {'closed' if closed_at else 'open'} at the end.",
            "Correct the case file, or look what changed in the plan.",
        )
    _check_expected(drill, case.ends_with, "ends_with")


def _state(drill: Drill) -> Incident:
    """Give the incident as it is recorded: what was folded before, and what came since."""
    house, played = drill.house, drill.played
    if played.state is None:
        row = visible(house, COMMANDER, played.incident)
        played.state = empty_incident(house, row)
    leaves = read_contents(house.engine, played.incident, played.state.size + 1)
    played.state = fold(played.state, leaves)
    if not played.state.size:
        raise WentOtherwise(
            f"{played.incident} was not recorded: its workflow does not go on.",
            "The log shown with this names the fault.",
            code=STANDS_STILL,
        )
    return played.state
