"""Stage `statement`: texts that wait for their time, and what keeps them back.

What belongs here: letting a scheduled text out, or holding it where something stands against it by
then. What never does: the decision to publish (domain/publishing.py). A person decided that it goes
out; the clock only keeps the appointment, and asks everything again that was asked then. What does
not pass stays in, and people are told: silence never speaks to the outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Effect, appoints, causes, decides, evolves, settles
from domain.errors import NotAllowed, Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.publishing import PUBLISHERS, PublishStatement, sent_out
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import OUT, Release, Statement, Status
from domain.statement import StatementDrafted, StatementDropped
from domain.statement_approval import StatementChangesRequested
from domain.statement_lookup import find_statement, require_status, told_effect, with_statement
from domain.statement_places import Place
from domain.values import PublicText

CHANGED = PublicText("The text was changed after it was scheduled.")


@event("ReleaseHeld", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHeld:
    """A scheduled text does not go out: something stands against it; people decide anew."""

    statement: str
    version: int
    release_at: datetime
    why: PublicText


@event("ScheduleLifted", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLifted:
    """A person took the time away from a text; it stays approved."""

    statement: str
    version: int
    reason: PublicText
    by: str


@command(
    "lift_schedule",
    stage=Stage.STATEMENT,
    roles=[*PUBLISHERS, Role.LEGAL, Role.QUALITY_SAFETY_RESPONSIBLE, Role.INCIDENT_COMMANDER],
    title="Do not release it at that time",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSchedule:
    """Take the time away from a text that waits for it."""

    statement: str = ask("Statement", max=20)
    reason: PublicText = ask("Why not?", max=2000)


@decides(LiftSchedule)
def lift_schedule(incident: Incident, act: Act, said: LiftSchedule) -> tuple[ScheduleLifted, ...]:
    """Keep a text in; everybody who may stop it need not be one who may send it."""
    now = find_statement(incident, said.statement)
    require_status(now, (Status.SCHEDULED,))
    return (ScheduleLifted(statement=now.id, version=now.version, reason=said.reason, by=act.who),)


# ---------------------------------------------------------------- at its time


def waiting(incident: Incident) -> Iterator[tuple[Statement, Release]]:
    """List the texts that wait for their time."""
    for text in incident.statement.statements.values():
        if text.status is Status.SCHEDULED and text.release is not None:
            yield text, text.release


def _times(incident: Incident) -> Iterator[datetime]:
    return (release.at for _, release in waiting(incident))


@appoints(_times)
def let_out(incident: Incident, act: Act) -> Iterator[Any]:
    """Send out what waits and whose time has come, or say what stands against it by now."""
    for text, release in waiting(incident):
        if release.at > act.at:
            continue
        said = PublishStatement(
            statement=text.id,
            sha256=text.sha256,
            places=tuple(map(Place, release.places)),
            confirmed=release.confirmed,
        )
        try:
            yield sent_out(incident, said, act.at, release.by)
        except (NotAllowed, Refused) as error:
            yield _held(text, release, error.sentence)


@settles(StatementDrafted, StatementDropped, StatementChangesRequested)
def changed_meanwhile(incident: Incident, _act: Act) -> tuple[ReleaseHeld, ...]:
    """A text that is no longer what was scheduled loses its time."""
    return tuple(
        _held(text, text.release, CHANGED)
        for text in incident.statement.statements.values()
        if text.release is not None and text.status not in (Status.SCHEDULED, *OUT)
    )


def _held(text: Statement, release: Release, why: str) -> ReleaseHeld:
    return ReleaseHeld(
        statement=text.id, version=text.version, release_at=release.at, why=PublicText(why)
    )


# ---------------------------------------------------------------- evolve


@evolves(ReleaseHeld)
def _release_held(incident: Incident, told: ReleaseHeld, _mark: Mark) -> Incident:
    return _without_time(incident, told.statement)


@evolves(ScheduleLifted)
def _schedule_lifted(incident: Incident, told: ScheduleLifted, _mark: Mark) -> Incident:
    return _without_time(incident, told.statement)


def _without_time(incident: Incident, statement: str) -> Incident:
    now = incident.statement.statements[statement]
    status = Status.APPROVED if now.status is Status.SCHEDULED else now.status
    return with_statement(incident, statement, status=status, release=None)


@causes(ReleaseHeld)
def _tell_held(incident: Incident, told: ReleaseHeld, mark: Mark) -> tuple[Effect, ...]:
    text = incident.statement.statements[told.statement]
    roles = (*PUBLISHERS, Role.INCIDENT_COMMANDER)
    what = {"title": told.why[:300], "due_at": told.release_at.isoformat()}
    return (told_effect(text, mark, "release_held", roles, **what),)


@causes(ScheduleLifted)
def _tell_lifted(incident: Incident, told: ScheduleLifted, mark: Mark) -> tuple[Effect, ...]:
    text = incident.statement.statements[told.statement]
    return (
        told_effect(
            text, mark, "schedule_lifted", PUBLISHERS, by=told.by, reason=told.reason[:300]
        ),
    )
