"""What a scribe recorded for somebody, and the person's own word on it.

What belongs here: asking the principal, and the answer. What never does: signing for somebody,
which nobody can (domain/own_hand.py). An entry that a scribe wrote counts at once; the person
confirms or contradicts it later, and both times are kept (reference 2, first hour).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.clock import Limit, Unit
from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import EVERYONE, Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.people import OnBehalf
from domain.values import PublicText

CONFIRM_WITHIN = Limit(1, Unit.WORKING_DAYS)
"""How long a principal may take to confirm what a scribe recorded: a company target, no law."""


@event("RecordedOnBehalf", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOnBehalf:
    """A scribe recorded entries for a principal, who is asked to confirm them."""

    first: int
    last: int
    principal: str
    scribe: str
    confirm_by: datetime


@event("RecordConfirmed", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfirmed:
    """The principal looked at what a scribe recorded: it is right, or it is not."""

    entries: tuple[int, ...]
    by: str
    is_right: bool
    note: PublicText


@command("confirm_recorded", stage=Stage.PEOPLE, roles=EVERYONE,
         title="Confirm what was recorded for you", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRecorded:
    """The principal confirms or contradicts what a scribe recorded; entries stay as written."""

    entries: tuple[int, ...] = ask("Which entries?", some=True)
    is_right: bool = ask("It is recorded as I said it", default=True)
    note: PublicText = ask("What should be added or put right?", default=PublicText(""), max=2000)


def recorded_on_behalf(incident: Incident, act: Act, count: int) -> tuple[RecordedOnBehalf, ...]:
    """Ask the principal to confirm the next `count` entries, when a scribe records them."""
    if act.actor.on_behalf_of is None or not count:
        return ()
    return (
        RecordedOnBehalf(
            first=incident.size + 1,
            last=incident.size + count,
            principal=act.actor.on_behalf_of,
            scribe=act.actor.id,
            confirm_by=incident.rules.due_at(act.at, CONFIRM_WITHIN),
        ),
    )


@decides(ConfirmRecorded)
def confirm_recorded(incident: Incident, act: Act, said: ConfirmRecorded) -> tuple[Any, ...]:
    """Confirm with one's own hand; one entry of what was recorded together stands for all."""
    mine = [kept for kept in incident.people.unconfirmed if kept.principal == act.actor.id]
    asked = set(said.entries)
    found = [kept for kept in mine if asked & set(range(kept.first, kept.last + 1))]
    entries = tuple(n for kept in found for n in range(kept.first, kept.last + 1))
    if not asked <= set(entries):
        waiting = ", ".join(f"{kept.first}-{kept.last}" for kept in mine) or "none"
        raise Refused(
            "Not all of these entries were recorded for you and wait for your word.",
            f"Entries that wait for you: {waiting}.",
            code="not_waiting",
        )
    return (
        RecordConfirmed(entries=entries, by=act.actor.id, is_right=said.is_right, note=said.note),
    )


@evolves(RecordedOnBehalf)
def _on_behalf(incident: Incident, told: RecordedOnBehalf, mark: Mark) -> Incident:
    kept = OnBehalf(
        first=told.first,
        last=told.last,
        principal=told.principal,
        scribe=told.scribe,
        at=mark.at,
        confirm_by=told.confirm_by,
    )
    return with_stage(incident, "people", unconfirmed=(*incident.people.unconfirmed, kept))


@evolves(RecordConfirmed)
def _confirmed(incident: Incident, told: RecordConfirmed, _mark: Mark) -> Incident:
    rest = tuple(kept for kept in incident.people.unconfirmed if kept.first not in told.entries)
    return with_stage(incident, "people", unconfirmed=rest)


@watches(Stage.PEOPLE)
def confirmations_due(incident: Incident) -> Iterable[Due]:
    """Principals confirm what a scribe recorded for them, at any stage of the incident."""
    for kept in incident.people.unconfirmed:
        yield Due(
            key=f"confirm_recorded:{kept.first}",
            stage=Stage.PEOPLE,
            title="Confirm what was recorded for you",
            roles=(),
            start_at=kept.at,
            due_at=kept.confirm_by,
            act="confirm_recorded",
            item=f"{kept.first}-{kept.last}",
            person=kept.principal,
        )


@causes(RecordConfirmed)
def _tell_contradiction(_incident: Incident, told: RecordConfirmed, mark: Mark) -> Iterable[Effect]:
    if not told.is_right:
        yield Effect(
            name="tell",
            target="record_contradicted",
            seq=mark.seq,
            body={
                "kind": "record_contradicted",
                "roles": [str(Role.SCRIBE), str(Role.INCIDENT_COMMANDER)],
                "entries": list(told.entries),
                "title": "A record made by a scribe is contradicted: decide anew what is meant",
            },
        )
