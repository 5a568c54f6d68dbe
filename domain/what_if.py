"""What legal clocks an act would start or move: decided as usual, folded aside, never recorded.

What belongs here: supposing that acts take effect at a time, and comparing the duties of then with
those of now. What never does: recording, a rule of its own, or a calendar (the caller derives).

An act is supposed to take effect: whoever has to sign it has signed. What its row of the plan needs
on the record is asked all the same, for without that it would not take effect. The clock that rings
between now and then is left out: no reminder, and no silence, moves a legal clock.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.acts import own_signature, proposers
from domain.conditions import require_needs
from domain.dispatch import DECIDES, Act
from domain.duties import DutyDue, DutyWithoutDue, RecordDue, RecordNoDue
from domain.errors import Malformed, Refused
from domain.incident import decide, require_open
from domain.message import command_spec
from domain.people import CLOCK
from domain.plot import consequences, effects, evolve, mark_for
from domain.state import Incident
from domain.state.notice import Duty
from domain.urgency import tier
from domain.values import Json

Derive = Callable[[Json], RecordDue | RecordNoDue]
"""Answers a question for a due time (the body of `derive_due`) as the calendar's performer does."""

DERIVE_DUE: Final = "derive_due"


class Moves(StrEnum):
    """What happens to a duty."""

    ARISES = "arises"
    MOVES = "moves"
    CERTAIN = "certain"
    REOPENS = "reopens"
    ENDS = "ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One supposed act; `events` stand for it where what comes before it is supposed as well."""

    act: Act
    events: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one duty: as it stands now (None: not there), and as it would stand.

    `due` is the derivation of its new due time; None where none would be set.
    """

    moves: tuple[Moves, ...]
    before: Duty | None
    after: Duty
    due: DutyDue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What would be: the incident of then, what changes, and the refusal where it is refused."""

    incident: Incident
    changes: tuple[Change, ...] = ()
    refused: Refused | None = None


def what_if(incident: Incident, steps: Iterable[Step], derive: Derive) -> Supposed:
    """Suppose that acts take effect one after another; the incident given is not touched."""
    then, found = incident, dict[str, DutyDue]()
    try:
        for step in steps:
            then = _after(then, step, derive, found)
    except Refused as refusal:
        return Supposed(incident=incident, refused=refusal)
    return Supposed(incident=then, changes=compared(incident, then, found))


def compared(now: Incident, then: Incident, dues: Mapping[str, DutyDue]) -> tuple[Change, ...]:
    """Compare the duties of two states of one incident, in the order of their numbers."""
    changes = (
        Change(moves=moves, before=before, after=after, due=dues.get(after.id))
        for after in then.notice.duties.values()
        if (moves := _moves(before := now.notice.duties.get(after.id), after))
    )
    return tuple(changes)


def _moves(before: Duty | None, after: Duty) -> tuple[Moves, ...]:
    if before is None:
        return (Moves.ARISES,)
    happened = {
        Moves.MOVES: before.due_at != after.due_at,
        Moves.CERTAIN: before.possible and not after.possible,
        Moves.REOPENS: after.is_open and not before.is_open,
        Moves.ENDS: before.is_open and not after.is_open,
    }
    return tuple(moves for moves, is_so in happened.items() if is_so)


def _after(incident: Incident, step: Step, derive: Derive, found: dict[str, DutyDue]) -> Incident:
    """Give the incident after a supposed act and every answer of the calendar. Raises Refused."""
    act = step.act
    require_open(incident, command_spec(act.command).name if act.command else "")
    first = step.events or effect_of(incident, act)
    then, asked = _folded(incident, act, consequences(incident, act, first), found)
    clock = replace(act, actor=CLOCK, signers=(), listed=(), templates=())
    for body in asked:
        answer = replace(clock, command=derive(body))
        then, _ = _folded(then, answer, decide(then, answer), found)
    return then


def effect_of(incident: Incident, act: Act) -> tuple[Any, ...]:
    """Lead a command to its events as if whoever must sign it had signed; raises Refused.

    Who acts is not asked, what must be on the record is.
    """
    spec = command_spec(act.command)
    key = spec.act(act.command)
    if key is not None:
        require_needs(incident, incident.rules.plan.act(key, incident.grade).needs, act.command)
    own = own_signature(incident, act, proposers(incident, act), spec.meaning or spec.title)
    return tuple(DECIDES[type(act.command)](incident, replace(act, signers=(own,)), act.command))


def _folded(
    incident: Incident, act: Act, events: Iterable[Any], found: dict[str, DutyDue]
) -> tuple[Incident, list[Json]]:
    """Fold events aside; gives what the calendar is asked, the last question about each duty."""
    asked: dict[str, Json] = {}
    for happened in events:
        mark = mark_for(incident, act)
        incident = evolve(incident, happened, mark)
        if isinstance(happened, DutyDue):
            found[happened.duty] = happened
        elif isinstance(happened, DutyWithoutDue):
            found.pop(happened.duty, None)
        questions = effects(incident, happened, mark)
        asked |= {each.target: each.body for each in questions if each.name == DERIVE_DUE}
    return incident, list(asked.values())


def first_due(incident: Incident) -> Duty | None:
    """Give the open duty that comes first, by how far it binds and then by its time.

    It is the same as on the board and on the stage's page; None where none has a due time.
    """
    found = [
        (tier(duty), duty.due_at, duty.seq, duty)
        for duty in incident.notice.duties.values()
        if duty.is_open and duty.due_at is not None
    ]
    return min(found, key=lambda one: one[:3])[3] if found else None


# ---------------------------------------------------------------- when

BACK_YEARS: Final = 10
AHEAD_DAYS: Final = 366


def act_at(act: Act, at: datetime | None) -> Act:
    """Give an act as it would be done at a time: one that is past is told later, at the act's own.

    Raises Malformed for a time that nobody means.
    """
    if at is None or at == act.at:
        return act
    if not -BACK_YEARS * 366 <= (at - act.at).days <= AHEAD_DAYS:
        raise Malformed(
            "This time is too far away to suppose something at it.",
            "Give a time of the last ten years or of the year to come.",
            code="too_far",
        )
    return replace(act, at=max(at, act.at), happened_at=at)
