"""People from outside: who may see which stages of an incident, and until when.

What belongs here: the invitation. What never does: what an opened stage shows (api/pages/opened.py)
or applying it to reading (services/opened.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import SEVEN_STAGES, Stage
from domain.state import Incident, Mark, with_stage
from domain.state.people import Outsider
from domain.values import BlobId, PersonId, PublicText

INVITERS = (Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE, Role.LEGAL)


@event("OutsiderInvited", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class OutsiderInvited:
    """Somebody from outside may see the stages opened for them, until a time."""

    person: str
    scope: PublicText
    opened: tuple[Stage, ...]
    until_at: datetime
    confidentiality: str | None
    by: str


@event("InvitationEnded", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationEnded:
    """An outsider sees nothing any more."""

    person: str
    by: str


@command(
    "invite_outsider",
    stage=Stage.PEOPLE,
    roles=INVITERS,
    title="Invite somebody from outside",
    help="They are told, and read these stages on a page of their own; nothing else is open.",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class InviteOutsider:
    """Open stages of this incident to an outside expert."""

    person: PersonId = ask("Who?", carries=Role.OUTSIDE_EXPERT)
    scope: PublicText = ask("For which question?", max=2000)
    opened: tuple[Stage, ...] = ask("Which stages may they see?", some=True)
    until_at: datetime = ask("Until when?")
    confidentiality: BlobId | None = ask("Their signed promise of confidentiality", default=None)
    confidentiality_signed: bool = ask("They have promised confidentiality in writing")


@command("end_invitation", stage=Stage.PEOPLE, roles=INVITERS, title="End this invitation",
         item="person")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class EndInvitation:
    """Close what was opened."""

    person: PersonId = ask("Whose?")


@decides(InviteOutsider)
def invite_outsider(incident: Incident, act: Act, said: InviteOutsider) -> tuple[Any, ...]:
    """Open stages to somebody who has promised confidentiality; again changes what is open."""
    if not said.confidentiality_signed:
        raise Refused(
            "Nothing is opened before confidentiality is promised in writing.",
            "Have it signed first.",
            code="no_confidentiality",
        )
    if said.until_at <= act.at:
        raise Refused("This invitation is over already.", "Give a time ahead.", code="past")
    closed = [str(stage) for stage in said.opened if stage not in SEVEN_STAGES]
    if closed:
        raise Refused(
            f"This is not opened to people from outside: {', '.join(closed)}.",
            f"Choose among: {', '.join(map(str, SEVEN_STAGES))}.",
            code="not_opened",
        )
    return (
        OutsiderInvited(
            person=said.person,
            scope=said.scope,
            opened=tuple(stage for stage in SEVEN_STAGES if stage in said.opened),
            until_at=said.until_at,
            confidentiality=said.confidentiality,
            by=act.who,
        ),
    )


@decides(EndInvitation)
def end_invitation(incident: Incident, act: Act, said: EndInvitation) -> tuple[Any, ...]:
    """Close what was opened."""
    outsider = incident.people.outsiders.get(said.person)
    if outsider is None or not outsider.may_enter(act.at):
        raise Refused(f"{said.person:.80} has no invitation now.", "There is nothing to end.")
    return (InvitationEnded(person=said.person, by=act.who),)


@evolves(OutsiderInvited)
def _invited(incident: Incident, told: OutsiderInvited, mark: Mark) -> Incident:
    outsider = Outsider(
        person=told.person,
        seq=mark.seq,
        scope=told.scope,
        opened=told.opened,
        until_at=told.until_at,
        invited_by=told.by,
    )
    return _with_outsider(incident, outsider)


@evolves(InvitationEnded)
def _ended(incident: Incident, told: InvitationEnded, mark: Mark) -> Incident:
    outsider = incident.people.outsiders[told.person]
    return _with_outsider(incident, replace(outsider, ended_at=mark.at))


def _with_outsider(incident: Incident, outsider: Outsider) -> Incident:
    outsiders = {**incident.people.outsiders, outsider.person: outsider}
    return with_stage(incident, "people", outsiders=outsiders)


@causes(OutsiderInvited)
def _tell_invited(_incident: Incident, told: OutsiderInvited, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target=f"invited:{told.person}",
        seq=mark.seq,
        body={
            "kind": "invited",
            "roles": [],
            "person": told.person,
            "scope": told.scope,
            "until_at": told.until_at.isoformat(),
            "title": f"You are invited to look at this: {told.scope}",
        },
    )
