"""What the legal clocks would be, if something were done: asked of a state, recorded nowhere.

What belongs here: reading a supposed act, and the calendar's answers for it. What never does: a
rule (domain/what_if.py), or what an act would do in the world (api/pages/foresight.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from activities.calendars import derived
from domain.acts import may_ever
from domain.dispatch import Act
from domain.duties import RecordDue, RecordNoDue
from domain.envelope import DueRequest
from domain.errors import Malformed
from domain.message import CommandSpec
from domain.notice import due_command, no_due_command
from domain.people import Actor
from domain.state import Incident
from domain.what_if import Step, Supposed, act_at, what_if
from domain.wire import decode, read_instant
from services import vaulting
from services.checking import check_body
from services.house import House
from services.sending import Sent

KEY: Final = "supposed"
"""Stands for the key of an act that is never sent."""

KEPT: Final = 4096
"""Due times that are remembered: the same question always has the same answer."""


def derive(body: Mapping[str, Any]) -> RecordDue | RecordNoDue:
    """Answer for a due time as the performer of `derive_due` does, a refusal included."""
    asked = (body["start_at"], body["limit"], body["calendar"], body["counting"])
    found, why = _derived(*asked)
    if found is None:
        return no_due_command(body["duty"], body["start_at"], why)
    return due_command(body["duty"], found)


@lru_cache(maxsize=KEPT)
def _derived(
    start_at: str, limit: str, calendar: str, counting: str
) -> tuple[dict[str, Any] | None, str]:
    request = DueRequest(start_at=start_at, limit=limit, calendar=calendar, counting=counting)
    try:
        return asdict(derived(request)), ""
    except Malformed as refusal:
        return None, refusal.sentence


def read_step(
    house: House, actor: Actor, state: Incident, spec: CommandSpec, told: tuple[Any, datetime]
) -> Step:
    """Read a supposed act as one that is sent. Raises Malformed, TooLarge.

    `told` is its body and when it is supposed to be done.
    """
    body, at = told
    act = act_at(_act(house, actor, None), at)
    sent = Sent(command=spec.name, body=body, command_id=KEY)
    check_body(house, spec, sent, lambda said: may_ever(state.rules, actor, said), at=act.at)
    command: Any = decode(spec.type, vaulting.stand_in(spec, body), strict=True)
    return Step(act=act_at(_act(house, actor, command), at))


def supposed_act(house: House, actor: Actor, command: Any, at: datetime | None = None) -> Act:
    """Give an act that is supposed to be done at a time. Raises Malformed for one too far away."""
    return act_at(_act(house, actor, command), at)


def _act(house: House, actor: Actor, command: Any) -> Act:
    now = house.now()
    return Act(command_id=KEY, actor=actor, at=now, happened_at=now, command=command)


def suppose(state: Incident, steps: Iterable[Step]) -> Supposed:
    """Say what the clocks would be after supposed acts."""
    return what_if(state, steps, derive)


def read_at(text: str, now: datetime) -> datetime:
    """Read the time of a supposed act; now where none is given. Raises Malformed."""
    try:
        return read_instant(text) if text else now
    except (ValueError, OverflowError) as error:
        raise Malformed(
            f"The time {text!r:.60} cannot be read.",
            "Write it with its zone, such as 2026-11-22T14:00+08:00.",
        ) from error
