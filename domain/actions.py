"""Stage `review` 整改与复查: corrective and preventive actions, verified by somebody else; lessons.

What belongs here: assigning, doing, verifying. What never does: closing (domain/review.py).
Independence: who verifies an action did not own it (reference table 4.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from domain.clock import local
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import NotAllowed, Refused
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.review import Action, Lesson
from domain.steps import asked, started_at
from domain.values import BlobId, PersonId, PublicText


class ActionKind(StrEnum):
    """What an action is meant to do."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    TRAINING = "training"
    BRAND_REPAIR = "brand_repair"


class Verdict(StrEnum):
    """What the check of an action found."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"


# ---------------------------------------------------------------- events


@event("ActionAssigned", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAssigned:
    """Somebody owns an action with a date and a test of whether it worked."""

    action: str
    title: PublicText
    kind: ActionKind
    cause: PublicText
    owner: str
    due_on: date
    due_at: datetime
    test: PublicText


@event("ActionDone", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone:
    """The owner says that it is done, and shows it."""

    action: str
    by: str
    outcome: PublicText
    evidence: tuple[str, ...]


@event("ActionVerified", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActionVerified:
    """Somebody else looked whether it worked."""

    action: str
    verdict: Verdict
    finding: PublicText
    signers: tuple[Signature, ...]


@event("LessonRecorded", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRecorded:
    """What was learnt."""

    text: PublicText
    changes_plan: bool


# ---------------------------------------------------------------- commands


@command("assign_action", stage=Stage.REVIEW, title="Assign this action",
         roles=[Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE, Role.QUALITY,
                Role.PR_LEAD, Role.LEGAL])  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAction:
    """An action tied to a cause, with an owner, a date and a test."""

    title: PublicText = ask("What must be done?", max=500)
    kind: ActionKind = ask("What is it for?")
    owner: PersonId = ask("Who does it?")
    due_on: date = ask("By when?")
    test: PublicText = ask("How will we see that it worked?", max=1000)
    cause: PublicText = ask("Which cause does it answer?", default=PublicText(""), max=1000)


@command("complete_action", stage=Stage.REVIEW, roles=TEAM, title="This action is done",
         item="action")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteAction:
    """The owner reports."""

    action: str = ask("Action", max=20)
    outcome: PublicText = ask("What was done?", max=2000)
    evidence: tuple[BlobId, ...] = ask("Documents", default=())


@command("verify_action", stage=Stage.REVIEW, roles=TEAM, title="Verify that it worked",
         item="action", act="verify_action", meaning="I looked; this is what I found")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAction:
    """Somebody who did not own the action looks whether it worked."""

    action: str = ask("Action", max=20)
    verdict: Verdict = ask("Did it work?")
    finding: PublicText = ask("What did you find?", max=2000)


@command("record_lesson", stage=Stage.REVIEW, roles=TEAM, title="Record a lesson")
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLesson:
    """What the next plan should know."""

    text: PublicText = ask("What did we learn?", max=2000)
    changes_plan: bool = ask("The plan should change", default=False)


# ---------------------------------------------------------------- decide


@decides(AssignAction)
def assign_action(incident: Incident, act: Act, said: AssignAction) -> tuple[ActionAssigned, ...]:
    """Assign an action; its day ends at the company's midnight."""
    if said.due_on < local(act.at, incident.rules.calendar).date():
        raise Refused("This date is past.", "Choose a date to come.", code="past_date")
    number = len(incident.review.actions) + 1
    return (
        ActionAssigned(
            action=f"M{number}",
            title=said.title,
            kind=said.kind,
            cause=said.cause,
            owner=said.owner,
            due_on=said.due_on,
            due_at=_end_of(said.due_on, incident),
            test=said.test,
        ),
    )


def _end_of(on: date, incident: Incident) -> datetime:
    midnight = datetime.combine(on + timedelta(days=1), time(), tzinfo=UTC)
    offset = local(midnight, incident.rules.calendar).utcoffset() or timedelta()
    return midnight - offset


def _action(incident: Incident, action_id: str) -> Action:
    action = incident.review.actions.get(action_id)
    if action is None:
        known = ", ".join(incident.review.actions) or "none yet"
        raise Refused(f"There is no action {action_id}.", f"Known: {known}.", code="no_action")
    return action


@decides(CompleteAction)
def complete_action(incident: Incident, act: Act, said: CompleteAction) -> tuple[ActionDone, ...]:
    """Report an action done: by its owner, the commander, or quality."""
    action = _action(incident, said.action)
    leads = (Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE, Role.QUALITY)
    if act.who != action.owner and not act.actor.holds(leads):
        raise NotAllowed(
            f"Action {action.id} belongs to {action.owner}.",
            "The owner, the commander or quality report it done.",
            code="not_owner",
        )
    if action.state == "verified":
        raise Refused(f"Action {action.id} is verified already.", "Assign a new one.")
    return (
        ActionDone(
            action=action.id,
            by=act.who,
            outcome=said.outcome,
            evidence=tuple(said.evidence),
        ),
    )


@decides(VerifyAction)
def verify_action(incident: Incident, act: Act, said: VerifyAction) -> tuple[ActionVerified, ...]:
    """Verify an action that is done; who owned it is barred by the plan's row."""
    action = _action(incident, said.action)
    if action.state != "done":
        raise Refused(
            f"Action {action.id} is {action.state}, not waiting to be verified.",
            "The owner reports it done first.",
            code="not_done",
        )
    return (
        ActionVerified(
            action=action.id, verdict=said.verdict, finding=said.finding, signers=act.signers
        ),
    )


@decides(RecordLesson)
def record_lesson(_incident: Incident, _act: Act, said: RecordLesson) -> tuple[Any, ...]:
    """Record a lesson."""
    return (LessonRecorded(text=said.text, changes_plan=said.changes_plan),)


# ---------------------------------------------------------------- evolve


def _changed(incident: Incident, action: Action) -> Incident:
    return with_stage(incident, "review", actions={**incident.review.actions, action.id: action})


@evolves(ActionAssigned)
def _assigned(incident: Incident, assigned: ActionAssigned, mark: Mark) -> Incident:
    return _changed(
        incident,
        Action(
            id=assigned.action,
            seq=mark.seq,
            title=assigned.title,
            kind=str(assigned.kind),
            owner=assigned.owner,
            due_on=assigned.due_on,
            due_at=assigned.due_at,
            test=assigned.test,
            assigned_at=mark.at,
        ),
    )


@evolves(ActionDone)
def _done(incident: Incident, done: ActionDone, mark: Mark) -> Incident:
    action = incident.review.actions[done.action]
    return _changed(
        incident,
        replace(
            action,
            state="done",
            done_by=done.by,
            done_at=mark.at,
            outcome=done.outcome,
            evidence=done.evidence,
        ),
    )


@evolves(ActionVerified)
def _verified(incident: Incident, verified: ActionVerified, mark: Mark) -> Incident:
    action = incident.review.actions[verified.action]
    works = verified.verdict == Verdict.EFFECTIVE
    return _changed(
        incident,
        replace(
            action,
            state="verified" if works else "failed",
            verified_by=mark.actor,
            verified_at=mark.at,
        ),
    )


@evolves(LessonRecorded)
def _lesson(incident: Incident, lesson: LessonRecorded, mark: Mark) -> Incident:
    kept = Lesson(seq=mark.seq, text=lesson.text, changes_plan=lesson.changes_plan)
    return with_stage(incident, "review", lessons=(*incident.review.lessons, kept))


# ---------------------------------------------------------------- what is due


@watches(Stage.REVIEW)
def actions_due(incident: Incident) -> Iterator[Due]:
    """Actions are due on their date; done ones wait to be verified in the plan's time."""
    for action in incident.review.actions.values():
        if action.state in ("open", "failed"):
            yield Due(
                key=f"action:{action.id}",
                stage=Stage.REVIEW,
                title=f"Action: {action.title}",
                roles=(Role.QUALITY_SAFETY_RESPONSIBLE,),
                start_at=action.assigned_at,
                due_at=action.due_at,
                act="complete_action",
                item=action.id,
                person=action.owner,
            )
        elif action.state == "done":
            yield from _verification(incident, action)


def _verification(incident: Incident, action: Action) -> Iterator[Due]:
    """Ask whether it worked, in the plan's time; who assigns late gives the whole time."""
    limit = incident.rules.plan.step("capa_verified", incident.report.grade)
    started = started_at(incident, "capa_verified")
    if limit is None or started is None:
        return
    start_at = max(started, action.assigned_at)
    yield Due(
        key=f"verify:{action.id}",
        stage=Stage.REVIEW,
        title=f"Verify that it worked: {action.title}",
        roles=asked(incident, "capa_verified", "verify_action"),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, limit),
        act="verify_action",
        item=action.id,
    )
