"""The people of an incident: who carries which role, who is away, what ties them to the matter.

What belongs here: assigning, accepting, handing over, absence, interests. What never does: what a
scribe recorded for somebody (domain/scribe.py), or authority. Whether somebody may act follows
from the roles of the company's own list and from the plan (domain/acts.py); an assignment says who
of them answers for a role in this incident, so that nobody gives rights to themselves.

Two things let a deputy act: the holder is marked absent, or something asked of the role is overdue
and still open (domain/agenda.py, `deputies_now`). Each right ends with its ground.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import NotAllowed, Refused
from domain.investigation import investigating_since, plan_due
from domain.message import ask, command, event
from domain.people import EVERYONE, TEAM, Access, Role
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.people import Absence, Assignment, Interest
from domain.values import LotNumber, PersonId, PrivateText, PublicText

ASSIGNERS = (Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER, Role.QUALITY_SAFETY_RESPONSIBLE)
TELL_ABSENCE = (*ASSIGNERS, Role.LEGAL_REPRESENTATIVE)

# ---------------------------------------------------------------- who is on it


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTeam:
    """Somebody who carries a role here, or is named for it and has not accepted it yet."""

    role: str
    person: str
    accepted: bool
    absent: bool


def on_team(incident: Incident) -> tuple[OnTeam, ...]:
    """List who carries a role, and beside them who is named for it and has not accepted.

    Who took the lead with the report leads until somebody is named. Who could act by the company's
    own list is not on the team for that.
    """
    people, lead = incident.people, str(Role.INCIDENT_COMMANDER)
    found = []
    if incident.report.commander and lead not in people.roles:
        found.append((lead, incident.report.commander, True))
    for role, one in people.roles.items():
        carried = one.carried_by
        if carried:
            found.append((role, carried, True))
        if one.person != carried:
            found.append((role, one.person, False))
    return tuple(
        OnTeam(
            role=role, person=person, accepted=accepted, absent=accepted and role in people.absences
        )
        for role, person, accepted in found
    )


# ---------------------------------------------------------------- events


@event("RoleAssigned", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """A person was named for a role; `before` carries it until the person accepts."""

    role: Role
    person: str
    deputy: str | None
    note: PublicText
    by: str
    before: str | None
    accepted: bool


@event("RoleAccepted", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAccepted:
    """The person named for a role took it."""

    role: Role
    person: str


@event("AbsenceMarked", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceMarked:
    """The holder of a role is away: the deputy may act."""

    role: Role
    until_at: datetime | None
    by: str


@event("PresenceMarked", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceMarked:
    """The holder of a role is back."""

    role: Role
    by: str


@event("InterestDeclared", stage=Stage.PEOPLE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class InterestDeclared:
    """A person said what ties them to the matter."""

    person: str
    interest: PrivateText | None
    released_lots: tuple[str, ...]


# ---------------------------------------------------------------- commands


@command(
    "assign_role",
    stage=Stage.PEOPLE,
    roles=ASSIGNERS,
    title="Name who carries this role",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """Name a person for a role, with a deputy."""

    role: Role = ask("Which role?")
    person: PersonId = ask("Who?", carries="role")
    deputy: PersonId | None = ask("Who stands in?", default=None, stands_in="role")
    note: PublicText = ask("What should they know?", default=PublicText(""), max=2000)


@command(
    "accept_role",
    stage=Stage.PEOPLE,
    roles=TEAM,
    title="I take this role",
    item="role",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRole:
    """The person named takes the role."""

    role: Role = ask("Which role?")


@command(
    "hand_over_role",
    stage=Stage.PEOPLE,
    roles=TEAM,
    title="Hand this role over",
    item="role",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRole:
    """Give the role to somebody else; it stays with the giver until they accept."""

    role: Role = ask("Which role?")
    person: PersonId = ask("To whom?", carries="role")
    deputy: PersonId | None = ask("Who stands in?", default=None, stands_in="role")
    note: PublicText = ask("What is open, what must they know?", max=4000)


@command("mark_absent", stage=Stage.PEOPLE, roles=TEAM, title="The holder is away: deputy acts",
         item="role", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAbsent:
    """Say that the holder of a role is away; nobody must say why."""

    role: Role = ask("Which role?")
    until_at: datetime | None = ask("Until when, if known?", default=None)


@command("mark_present", stage=Stage.PEOPLE, roles=TEAM, title="The holder is back", item="role")
@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPresent:
    """Say that the holder of a role is back."""

    role: Role = ask("Which role?")


@command("declare_interest", stage=Stage.PEOPLE, roles=EVERYONE, title="Declare an interest",
         help="Who released a lot signs neither cause nor scope nor resumption.",
         own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareInterest:
    """Say what ties you to the matter, so that nobody has to find it out."""

    interest: PrivateText | None = ask("What ties you to the matter?", default=None)
    released_lots: tuple[LotNumber, ...] = ask("Which lots did you release yourself?", default=())


# ---------------------------------------------------------------- decide: roles


@decides(AssignRole)
def assign_role(incident: Incident, act: Act, said: AssignRole) -> tuple[RoleAssigned, ...]:
    """Name a person; whoever names themselves has accepted."""
    if said.role not in TEAM:
        raise Refused(
            f"Nobody is named {said.role.replace('_', ' ')} for an incident.",
            "Outside experts are invited; auditors are given access by an administrator.",
            code="no_team_role",
        )
    now = incident.people.roles.get(said.role)
    if now is not None and (now.person, now.deputy) == (said.person, said.deputy):
        raise Refused("This person is named for the role already.", "Name another, or wait.")
    return (_assigned(incident, act, said),)


def _assigned(incident: Incident, act: Act, said: AssignRole | HandOverRole) -> RoleAssigned:
    if said.person == said.deputy:
        raise Refused("Nobody is their own deputy.", "Name another deputy, or none.")
    now = incident.people.roles.get(said.role)
    return RoleAssigned(
        role=said.role,
        person=said.person,
        deputy=said.deputy,
        note=said.note,
        by=act.who,
        before=now.carried_by if now else None,
        accepted=said.person == act.actor.id and act.actor.holds((said.role,)),
    )


def _named(incident: Incident, role: Role) -> Assignment:
    now = incident.people.roles.get(role)
    if now is None:
        raise Refused(
            f"Nobody is named {role.replace('_', ' ')} yet.",
            "The incident commander names somebody first.",
            code="not_named",
        )
    return now


@decides(AcceptRole)
def accept_role(incident: Incident, act: Act, said: AcceptRole) -> tuple[RoleAccepted, ...]:
    """Take the role one was named for; the company must have given it to the person."""
    now = _named(incident, said.role)
    if now.person != act.who:
        raise NotAllowed("Another person is named for this role.", f"{now.person} accepts it.")
    if now.accepted_at is not None:
        raise Refused("You have accepted this role already.", "Go on with what is due.")
    if not act.actor.holds((said.role,)):
        raise NotAllowed(
            "The company's list does not give you this role.",
            "Ask an administrator to add it, or hand the role over.",
            code="role_not_held",
        )
    return (RoleAccepted(role=said.role, person=act.who),)


@decides(HandOverRole)
def hand_over_role(incident: Incident, act: Act, said: HandOverRole) -> tuple[RoleAssigned, ...]:
    """Hand over: whoever carries the role, whoever was named for it, or who names people."""
    now = _named(incident, said.role)
    if act.who not in (now.person, now.before) and not act.actor.holds(ASSIGNERS):
        raise NotAllowed("This role is not yours to hand over.", f"{now.person} can do it.")
    if said.person == now.person:
        raise Refused("This person is named for the role already.", "Name another person.")
    return (_assigned(incident, act, said),)


@decides(MarkAbsent)
def mark_absent(incident: Incident, act: Act, said: MarkAbsent) -> tuple[AbsenceMarked, ...]:
    """Let the deputy act; the deputy alone cannot say so (the ladder lets them act in time)."""
    if said.role not in TEAM:
        raise Refused("This role has no deputy in an incident.", "Choose a role of the team.")
    if said.until_at is not None and said.until_at <= act.at:
        raise Refused("This absence is over already.", "Give a time ahead, or none.", code="past")
    holder = act.actor.holds((said.role,))
    if not holder and act.actor.stands_in_for((said.role,)):
        raise NotAllowed(
            "A deputy does not declare the holder absent.",
            "Ask the holder or the duty officer; once something is overdue you may act anyway.",
            code="four_eyes",
        )
    if not holder and not act.actor.holds(TELL_ABSENCE):
        raise NotAllowed("You cannot say this for another role.", "The duty officer can.",
                         who_could=tuple(str(role) for role in TELL_ABSENCE))  # fmt: skip
    return (AbsenceMarked(role=said.role, until_at=said.until_at, by=act.who),)


@decides(MarkPresent)
def mark_present(incident: Incident, act: Act, said: MarkPresent) -> tuple[PresenceMarked, ...]:
    """Say that the holder is back: the holder, the deputy, or who may tell absence."""
    if said.role not in incident.people.absences:
        raise Refused("Nobody marked this role absent.", "There is nothing to undo.")
    mine = act.actor.holds((said.role,)) or act.actor.stands_in_for((said.role,))
    if not mine and not act.actor.holds(TELL_ABSENCE):
        raise NotAllowed("You cannot say this for another role.", "The duty officer can.",
                         who_could=tuple(str(role) for role in TELL_ABSENCE))  # fmt: skip
    return (PresenceMarked(role=said.role, by=act.who),)


# ---------------------------------------------------------------- decide: interests


@decides(DeclareInterest)
def declare_interest(incident: Incident, act: Act, said: DeclareInterest) -> tuple[Any, ...]:
    """Keep what a person says ties them to the matter."""
    if said.interest is None and not said.released_lots:
        raise Refused("Nothing is declared here.", "Say what ties you, or which lots you released.")
    lots = tuple(sorted(set(said.released_lots)))
    return (InterestDeclared(person=act.who, interest=said.interest, released_lots=lots),)


# ---------------------------------------------------------------- evolve


@evolves(RoleAssigned)
def _role_assigned(incident: Incident, told: RoleAssigned, mark: Mark) -> Incident:
    assignment = Assignment(
        role=told.role,
        person=told.person,
        deputy=told.deputy,
        seq=mark.seq,
        assigned_at=mark.at,
        assigned_by=told.by,
        note=told.note,
        before=told.before,
        accepted_at=mark.at if told.accepted else None,
    )
    return _with_assignment(incident, assignment)


@evolves(RoleAccepted)
def _role_accepted(incident: Incident, told: RoleAccepted, mark: Mark) -> Incident:
    now = incident.people.roles[told.role]
    return _with_assignment(incident, replace(now, accepted_at=mark.at))


def _with_assignment(incident: Incident, assignment: Assignment) -> Incident:
    roles = {**incident.people.roles, str(assignment.role): assignment}
    changed = with_stage(incident, "people", roles=roles)
    if assignment.role == Role.INCIDENT_COMMANDER and assignment.accepted_at is not None:
        return with_stage(changed, "report", commander=assignment.person)
    return changed


@evolves(AbsenceMarked)
def _absent(incident: Incident, told: AbsenceMarked, mark: Mark) -> Incident:
    absence = Absence(
        role=told.role,
        seq=mark.seq,
        since_at=mark.happened_at,
        until_at=told.until_at,
        told_by=told.by,
    )
    return _with_absences(incident, {**incident.people.absences, str(told.role): absence})


@evolves(PresenceMarked)
def _present(incident: Incident, told: PresenceMarked, _mark: Mark) -> Incident:
    rest = {role: kept for role, kept in incident.people.absences.items() if role != told.role}
    return _with_absences(incident, rest)


def _with_absences(incident: Incident, absences: dict[str, Absence]) -> Incident:
    active = tuple(sorted(Role(role) for role in absences))
    return with_stage(incident, "people", absences=absences, deputies_active=active)


@evolves(InterestDeclared)
def _declared(incident: Incident, told: InterestDeclared, mark: Mark) -> Incident:
    interest = Interest(
        seq=mark.seq,
        person=told.person,
        interest=told.interest,
        released_lots=told.released_lots,
    )
    return with_stage(incident, "people", interests=(*incident.people.interests, interest))


# ---------------------------------------------------------------- what is due, what it causes


def missing_roles(incident: Incident) -> tuple[Role, ...]:
    """List the roles of the plan's team at this grade that nobody has accepted yet.

    An outside expert counts as there while an invitation stands.
    """
    people = incident.people
    there = {a.role for a in people.roles.values() if a.carried_by is not None}
    if any(outsider.ended_at is None for outsider in people.outsiders.values()):
        there.add(Role.OUTSIDE_EXPERT)
    team = incident.rules.plan.grades[incident.report.grade].team
    return tuple(role for role in team if role not in there)


@watches(Stage.PEOPLE)
def team_due(incident: Incident) -> Iterable[Due]:
    """The team is formed in the plan's time; people accept; absence ends."""
    missing = missing_roles(incident)
    if missing:
        # The grade stands in the key: a higher one asks for more people, with a time of its own.
        key = f"form_team:{incident.report.grade}"
        title = "Form the team: every role named and accepted"
        yield from plan_due(incident, Stage.PEOPLE, "form_team", title, act="assign_role", key=key)
    yield from _acceptances_due(incident)
    for absence in incident.people.absences.values():
        if absence.until_at is not None:
            yield Due(
                key=f"absent:{absence.seq}",
                stage=Stage.PEOPLE,
                title="Say whether the holder of this role is back",
                roles=(absence.role,),
                start_at=absence.since_at,
                due_at=absence.until_at,
                act="mark_present",
                item=str(absence.role),
            )


def _acceptances_due(incident: Incident) -> Iterable[Due]:
    limit = incident.rules.plan.step("form_team", incident.report.grade)
    if limit is None or investigating_since(incident) is None:
        return
    for assignment in incident.people.roles.values():
        if assignment.accepted_at is None:
            yield Due(
                key=f"accept_role:{assignment.seq}",
                stage=Stage.PEOPLE,
                title="Accept the role you were named for",
                roles=(),
                start_at=assignment.assigned_at,
                due_at=incident.rules.due_at(assignment.assigned_at, limit),
                act="accept_role",
                item=str(assignment.role),
                person=assignment.person,
            )


@causes(RoleAssigned)
def _tell_named(_incident: Incident, told: RoleAssigned, mark: Mark) -> Iterable[Effect]:
    if not told.accepted:
        yield Effect(
            name="tell",
            target=f"role:{told.role}",
            seq=mark.seq,
            body={
                "kind": "role_assigned",
                "roles": [],
                "person": told.person,
                "role": str(told.role),
                "title": f"You are named for the role {told.role.replace('_', ' ')}",
            },
        )
