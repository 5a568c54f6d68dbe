"""The people of an incident: meetings and their rhythm, and legal holds.

What belongs here: what a meeting decided, who disagreed, the one agreed line 统一口径; what must be
kept and who confirmed it. What never does: the decisions themselves (each is an act of its stage; a
meeting refers to the entries), or people from outside (domain/invitations.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.dispatch import Act, Due, Effect, causes, decides, evolves, watches
from domain.errors import NotAllowed, Refused
from domain.investigation import investigating_since, plan_due
from domain.message import ask, command, event
from domain.people import EVERYONE, TEAM, Role
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.people import LegalHold, Meeting
from domain.values import BlobId, PersonId, PublicText


class MeetingKind(StrEnum):
    """What a meeting is for: the first 启动会, a special one 专题会议, the rhythm, a review."""

    KICK_OFF = "kick_off"
    SPECIAL = "special"
    SITUATION = "situation"
    REVIEW = "review"


# ---------------------------------------------------------------- events


@event("MeetingHeld", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    """A meeting as minuted; `next_at` replaces the plan's rhythm when the group chose a time."""

    number: int
    kind: MeetingKind
    started_at: datetime
    ended_at: datetime
    attendees: tuple[str, ...]
    decisions: tuple[int, ...]
    dissent: PublicText
    open_points: PublicText
    agreed_line: PublicText
    summary: PublicText
    minutes: str | None
    next_at: datetime | None


@event("LegalHoldPlaced", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldPlaced:
    """People, systems and samples must keep everything; `acknowledge_by` is the plan's time."""

    hold: str
    scope: PublicText
    custodians: tuple[str, ...]
    systems: tuple[str, ...]
    samples: tuple[str, ...]
    acknowledge_by: datetime | None
    by: str


@event("LegalHoldAcknowledged", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldAcknowledged:
    """A custodian confirmed that they keep what the hold names."""

    hold: str
    person: str


@event("LegalHoldReleased", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldReleased:
    """A hold ended, signed; what it kept may be erased again."""

    hold: str
    reason: PublicText
    signers: tuple[Signature, ...]


# ---------------------------------------------------------------- commands


@command("hold_meeting", stage=Stage.PEOPLE, roles=TEAM, title="Record a meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMeeting:
    """Keep who met, what was decided, who disagreed, and what stays open."""

    kind: MeetingKind = ask("What kind of meeting?")
    started_at: datetime = ask("When did it start?", past=True)
    ended_at: datetime = ask("When did it end?", past=True)
    attendees: tuple[PersonId, ...] = ask("Who took part?", some=True)
    summary: PublicText = ask("What was said?", default=PublicText(""), max=8000)
    decisions: tuple[int, ...] = ask("Which entries did it decide?", default=())
    dissent: PublicText = ask("Who disagreed, and why?", default=PublicText(""), max=4000)
    open_points: PublicText = ask("What stays open?", default=PublicText(""), max=4000)
    agreed_line: PublicText = ask(
        "The one line we all keep to (leave empty to keep the last one)",
        default=PublicText(""),
        max=2000,
    )
    minutes: BlobId | None = ask("Minutes as a file", default=None)
    next_at: datetime | None = ask(
        "When is the next one? (leave empty for the plan's rhythm)", default=None
    )


@command(
    "place_legal_hold",
    stage=Stage.PEOPLE,
    roles=[Role.LEGAL, Role.INCIDENT_COMMANDER],
    act="place_legal_hold",
    title="Place a legal hold",
    help="From now on nothing of this may be deleted, changed or thrown away.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLegalHold:
    """Name what must be kept, and who keeps it."""

    scope: PublicText = ask("What must be kept?", max=4000)
    custodians: tuple[PersonId, ...] = ask("Who keeps it?", some=True)
    systems: tuple[str, ...] = ask("In which systems?", default=())
    samples: tuple[str, ...] = ask("Which samples?", default=())


@command("acknowledge_legal_hold", stage=Stage.PEOPLE, roles=EVERYONE, item="hold",
         title="I keep everything that this hold names", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeLegalHold:
    """A custodian confirms."""

    hold: str = ask("Which hold?", max=20)


@command("release_legal_hold", stage=Stage.PEOPLE, roles=[Role.LEGAL], act="release_legal_hold",
         title="Release the legal hold", item="hold",
         meaning="Nothing that this hold kept is needed any more")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLegalHold:
    """End a hold, with two signatures."""

    hold: str = ask("Which hold?", max=20)
    reason: PublicText = ask("Why is it not needed any more?", max=2000)


# ---------------------------------------------------------------- decide: meetings


@decides(HoldMeeting)
def hold_meeting(incident: Incident, act: Act, said: HoldMeeting) -> tuple[MeetingHeld, ...]:
    """Record a meeting that took place."""
    if not said.started_at <= said.ended_at <= act.at:
        raise Refused(
            "A meeting is recorded after it ended, and ends after it started.",
            "Correct the two times.",
            code="bad_times",
        )
    if said.next_at is not None and said.next_at <= said.ended_at:
        raise Refused("The next meeting comes after this one.", "Correct its time.")
    unknown = [n for n in said.decisions if not 1 <= n <= incident.size]
    if unknown:
        raise Refused(
            f"There is no entry {unknown[0]}.",
            f"Decisions are entries from 1 to {incident.size}.",
            code="no_entry",
        )
    return (
        MeetingHeld(
            number=len(incident.people.meetings) + 1,
            kind=said.kind,
            started_at=said.started_at,
            ended_at=said.ended_at,
            attendees=tuple(sorted(set(said.attendees))),
            decisions=tuple(sorted(set(said.decisions))),
            dissent=said.dissent,
            open_points=said.open_points,
            agreed_line=said.agreed_line,
            summary=said.summary,
            minutes=said.minutes,
            next_at=said.next_at,
        ),
    )


# ---------------------------------------------------------------- decide: holds


@decides(PlaceLegalHold)
def place_legal_hold(incident: Incident, act: Act, said: PlaceLegalHold) -> tuple[Any, ...]:
    """Place a hold; custodians confirm in the time the plan gives for a hold."""
    limit = incident.rules.plan.step("legal_hold", incident.report.grade)
    return (
        LegalHoldPlaced(
            hold=f"L{len(incident.people.holds) + 1}",
            scope=said.scope,
            custodians=tuple(sorted(set(said.custodians))),
            systems=tuple(said.systems),
            samples=tuple(said.samples),
            acknowledge_by=incident.rules.due_at(act.at, limit) if limit else None,
            by=act.who,
        ),
    )


def _standing(incident: Incident, hold_id: str) -> LegalHold:
    hold = incident.people.holds.get(hold_id)
    if hold is None or hold.released_at is not None:
        standing = [h.id for h in incident.people.holds.values() if h.released_at is None]
        raise Refused(
            f"No hold {hold_id:.20} stands.",
            f"Holds that stand: {', '.join(standing) or 'none'}.",
            code="no_hold",
        )
    return hold


@decides(AcknowledgeLegalHold)
def acknowledge_legal_hold(incident: Incident, act: Act, said: AcknowledgeLegalHold) -> Any:
    """Confirm with one's own hand."""
    hold = _standing(incident, said.hold)
    if act.actor.id not in hold.custodians:
        raise NotAllowed("This hold does not name you.", "Its custodians confirm it.")
    if act.actor.id in hold.acknowledged:
        raise Refused("You have confirmed this hold already.", "Keep what it names.")
    return (LegalHoldAcknowledged(hold=hold.id, person=act.actor.id),)


@decides(ReleaseLegalHold)
def release_legal_hold(incident: Incident, act: Act, said: ReleaseLegalHold) -> tuple[Any, ...]:
    """End a hold."""
    hold = _standing(incident, said.hold)
    return (LegalHoldReleased(hold=hold.id, reason=said.reason, signers=act.signers),)


# ---------------------------------------------------------------- evolve


@evolves(MeetingHeld)
def _held(incident: Incident, held: MeetingHeld, mark: Mark) -> Incident:
    now = incident.people
    meeting = Meeting(
        number=held.number,
        seq=mark.seq,
        kind=held.kind,
        started_at=held.started_at,
        ended_at=held.ended_at,
        attendees=held.attendees,
        decisions=held.decisions,
        dissent=held.dissent,
        open_points=held.open_points,
        next_at=held.next_at,
        minutes=held.minutes,
    )
    return with_stage(
        incident,
        "people",
        meetings=(*now.meetings, meeting),
        agreed_line=held.agreed_line or now.agreed_line,
        agreed_line_seq=mark.seq if held.agreed_line else now.agreed_line_seq,
    )


@evolves(LegalHoldPlaced)
def _placed(incident: Incident, placed: LegalHoldPlaced, mark: Mark) -> Incident:
    hold = LegalHold(
        id=placed.hold,
        seq=mark.seq,
        scope=placed.scope,
        custodians=placed.custodians,
        systems=placed.systems,
        samples=placed.samples,
        placed_at=mark.at,
        placed_by=placed.by,
        acknowledge_by=placed.acknowledge_by,
    )
    return _with_hold(incident, hold)


@evolves(LegalHoldAcknowledged)
def _acknowledged(incident: Incident, told: LegalHoldAcknowledged, mark: Mark) -> Incident:
    hold = incident.people.holds[told.hold]
    acknowledged = {**hold.acknowledged, told.person: mark.at}
    return _with_hold(incident, replace(hold, acknowledged=acknowledged))


@evolves(LegalHoldReleased)
def _released(incident: Incident, told: LegalHoldReleased, mark: Mark) -> Incident:
    return _with_hold(incident, replace(incident.people.holds[told.hold], released_at=mark.at))


def _with_hold(incident: Incident, hold: LegalHold) -> Incident:
    return with_stage(incident, "people", holds={**incident.people.holds, hold.id: hold})


# ---------------------------------------------------------------- what is due, what it causes


@watches(Stage.PEOPLE)
def meeting_due(incident: Incident) -> Iterable[Due]:
    """The first meeting in the plan's time, then its rhythm or the time the group chose."""
    since = investigating_since(incident)
    if since is None or incident.review.closed_at is not None:
        return
    row = incident.rules.plan.grades[incident.report.grade]
    last = incident.people.meetings[-1] if incident.people.meetings else None
    limit = row.meeting_every if last else row.first_meeting_within
    start_at = last.ended_at if last else since
    due_at = last.next_at if last else None
    if due_at is None and limit is not None:
        due_at = incident.rules.due_at(start_at, limit)
    if due_at is None:
        return
    yield Due(
        key=f"meeting:{len(incident.people.meetings) + 1}",
        stage=Stage.PEOPLE,
        title="Hold the next meeting" if last else "Hold the first meeting",
        roles=(Role.INCIDENT_COMMANDER,),
        start_at=start_at,
        due_at=due_at,
        act="hold_meeting",
    )


@watches(Stage.PEOPLE)
def holds_due(incident: Incident) -> Iterable[Due]:
    """A hold is placed in the plan's time; each custodian confirms it."""
    if not incident.people.holds:
        title = "Place a legal hold"
        yield from plan_due(incident, Stage.PEOPLE, "legal_hold", title, act="place_legal_hold")
    for hold in incident.people.holds.values():
        if hold.released_at is not None or hold.acknowledge_by is None:
            continue
        for person in hold.custodians:
            if person not in hold.acknowledged:
                yield Due(
                    key=f"hold:{hold.id}:{person}",
                    stage=Stage.PEOPLE,
                    title="Confirm that you keep what the legal hold names",
                    roles=(),
                    start_at=hold.placed_at,
                    due_at=hold.acknowledge_by,
                    act="acknowledge_legal_hold",
                    item=hold.id,
                    person=person,
                )


@causes(LegalHoldPlaced)
def _tell_custodians(_incident: Incident, placed: LegalHoldPlaced, mark: Mark) -> Iterable[Effect]:
    for person in placed.custodians:
        yield Effect(
            name="tell",
            target=f"hold:{placed.hold}:{person}",
            seq=mark.seq,
            body={
                "kind": "legal_hold",
                "roles": [],
                "person": person,
                "scope": placed.scope,
                "title": f"Legal hold: keep everything. {placed.scope}",
            },
        )
