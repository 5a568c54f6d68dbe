"""Stage `review`: closing an incident with its seal, and reopening it on a new fact.

What belongs here: the checklist, the signatures, the seal. What never does: closing by silence
(reference table 4.3: three signatures; silence leaves it open).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from domain.actions import ActionKind
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.finding import SAYS_A_CAUSE
from domain.left_at_end import known_wrong, left_at_end
from domain.meetings import MeetingKind
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.plan_terms import ReviewDepth
from domain.report import ReportReopened
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.rooms import ended
from domain.state.statement import OUT, STANDS
from domain.values import PublicText
from domain.wire import added

WHY: Final = "reason: "
"""How the line begins that says, in somebody's own words, why an incident closed all the same."""


@event("IncidentClosed", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed:
    """The incident is closed; what stays open is named, for ever, and `left`: what is not so."""

    summary: PublicText
    open_items: tuple[str, ...]
    lessons: tuple[int, ...]
    signers: tuple[Signature, ...]
    left: tuple[str, ...] = added(())


@event("IncidentReopened", stage=Stage.REVIEW)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReopened:
    """A new fact opened the incident again."""

    new_fact: PublicText
    by: str


@command("close_incident", stage=Stage.REVIEW, roles=TEAM, act="close_incident",
         title="Close the incident", meaning="Everything is done, or named as open")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident:
    """Close and seal: three people sign; what is still open is named."""

    summary: PublicText = ask("What happened, and what was done?", max=5000)
    reason_for_open_items: PublicText = ask(
        "If something stays open: why may the incident close all the same?",
        default=PublicText(""),
        max=2000,
    )


@command("reopen_incident", stage=Stage.REVIEW, roles=TEAM, act="reopen_incident",
         title="Reopen the incident", own_hand=True)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident:
    """Open a closed incident again, on a new fact."""

    new_fact: PublicText = ask("What is the new fact?", max=2000)


def blocking_items(incident: Incident) -> Iterator[str]:
    """Name what keeps an incident from closing, whoever signs."""
    if incident.report.status == "received":
        yield "the report is neither accepted nor closed"
    if incident.recall.is_running:
        yield "a recall is not completed in every market"
    for name in incident.notice.open_duties:
        title = incident.notice.duties[name].title_en
        yield f"duty {name} ({title}) is neither filed nor determined not reportable"
    for asked in incident.notice.unanswered:
        authority = incident.notice.acts[asked].authority
        yield f"the act {asked} of {authority} waits for an answer"


def open_items(incident: Incident) -> tuple[str, ...]:
    """Name what may stay open with a reason."""
    items = [
        f"action {action.id} ({action.title}) is not verified"
        for action in incident.review.actions.values()
        if action.state != "verified"
    ]
    items += known_wrong(incident)
    items += _told_of(incident.report.told_besides)
    items += review_gaps(incident)
    items += [
        f"nobody has told them, or said why not: {one.name_en}"
        for one in incident.notice.to_tell
        if one.waits
    ]
    items += [f"halt {level} stands" for level in incident.halt.levels]
    items += [f"act {pending.id} waits for signatures" for pending in _others(incident)]
    return tuple(items)


def _told_of(people: int) -> Iterator[str]:
    if people:
        yield (
            "1 person whom a report tells of as hurt is not registered"
            if people == 1
            else f"{people} people whom reports tell of as hurt are not registered"
        )


def review_gaps(incident: Incident) -> Iterator[str]:
    """Name what the plan's review at this grade asks for and nobody has done (table 4.2)."""
    depth = _depth(incident)
    if lacks_action(incident):
        yield "no corrective or preventive action answers the cause that was found"
    if lacks_lesson(incident):
        yield "no lesson is recorded"
    if depth in (ReviewDepth.NOTE, ReviewDepth.CAPA_BY_CAUSE):
        return
    if not any(meeting.kind == MeetingKind.REVIEW for meeting in incident.people.meetings):
        yield "no review meeting was held"
    if depth is ReviewDepth.FULL_AND_BOARD and not _board_was_told(incident):
        yield "the board has no approved brief"


def lacks_action(incident: Incident) -> bool:
    """Say whether a cause was found and the plan's review asks for an action that removes it."""
    asked = _depth(incident) is not ReviewDepth.NOTE
    return asked and _has_cause(incident) and not _has_action(incident)


def lacks_lesson(incident: Incident) -> bool:
    """Say whether the plan's review asks for a lesson and none is recorded."""
    asked = _depth(incident) not in (ReviewDepth.NOTE, ReviewDepth.CAPA_BY_CAUSE)
    return asked and not incident.review.lessons


def _depth(incident: Incident) -> ReviewDepth:
    return incident.rules.plan.grades[incident.report.grade].review


def _has_cause(incident: Incident) -> bool:
    finding = incident.investigation.finding
    return finding is not None and finding.outcome in SAYS_A_CAUSE


def _has_action(incident: Incident) -> bool:
    kinds = (ActionKind.CORRECTIVE, ActionKind.PREVENTIVE)
    return any(action.kind in kinds for action in incident.review.actions.values())


def _board_was_told(incident: Incident) -> bool:
    texts = incident.statement.statements.values()
    return any(text.kind == "management_brief" and text.status in STANDS | OUT for text in texts)


def _others(incident: Incident) -> Iterable[Any]:
    return [p for p in incident.pending.values() if p.command["type"] != "close_incident"]


@decides(CloseIncident)
def close_incident(incident: Incident, act: Act, said: CloseIncident) -> tuple[Any, ...]:
    """Close: nothing blocking, and a reason for whatever stays open."""
    blocking = tuple(blocking_items(incident))
    if blocking:
        raise Refused(
            "The incident cannot close: " + "; ".join(blocking) + ".",
            "Finish these first.",
            code="not_finished",
        )
    remaining = open_items(incident)
    if remaining and not said.reason_for_open_items:
        raise Refused(
            "Still open: " + "; ".join(remaining) + ".",
            "Finish them, or say why the incident may close all the same.",
            code="open_items",
        )
    reason = str(said.reason_for_open_items)
    return (
        IncidentClosed(
            summary=said.summary,
            open_items=(*remaining, f"{WHY}{reason}") if remaining else (),
            lessons=tuple(lesson.seq for lesson in incident.review.lessons),
            signers=act.signers,
            left=left_at_end(incident),
        ),
    )


def sealed(who_could: tuple[str, ...] = ()) -> Refused:
    """Give the refusal of an act on a sealed incident: what opens it again, and who may."""
    return Refused(
        "This incident is closed and sealed.",
        "On a new fact, reopen it first ('Reopen the incident', reopen_incident); then send this "
        "again.",
        code="closed",
        who_could=who_could,
    )


@decides(ReopenIncident)
def reopen_incident(incident: Incident, act: Act, said: ReopenIncident) -> tuple[Any, ...]:
    """Reopen: only what was closed; a report without an incident is to be decided on again."""
    report = incident.report
    if incident.review.closed_at is None and report.status in ("received", "accepted"):
        raise Refused("This incident is open.", "Add the new fact to it.", code="open")
    reopened = IncidentReopened(new_fact=said.new_fact, by=act.who)
    if report.is_accepted:
        return (reopened,)
    return (reopened, ReportReopened(before=report.status, linked_to=report.linked_to))


@evolves(IncidentClosed)
def _closed(incident: Incident, closed: IncidentClosed, mark: Mark) -> Incident:
    # A room ends for good with its incident: a reopening brings none of them back.
    silent = with_stage(incident, "people", rooms=ended(incident.people.rooms, mark.at))
    return with_stage(
        silent,
        "review",
        closed_at=mark.at,
        closed_by=tuple(signer.person for signer in closed.signers),
        open_items=closed.open_items,
        left=closed.left,
    )


@evolves(IncidentReopened)
def _reopened(incident: Incident, _reopened: IncidentReopened, _mark: Mark) -> Incident:
    reopened = with_stage(incident, "review", closed_at=None, reopened=incident.review.reopened + 1)
    return with_stage(reopened, "report", status="accepted")


@causes(IncidentClosed)
def _tell_closed(_incident: Incident, closed: IncidentClosed, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target="closed",
        seq=mark.seq,
        body={
            "kind": "incident_closed",
            "roles": [Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE, Role.LEGAL],
            "title": closed.summary[:200],
        },
    )


@causes(IncidentReopened)
def _tell_reopened(_incident: Incident, reopened: IncidentReopened, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target="reopened",
        seq=mark.seq,
        body={
            "kind": "incident_reopened",
            "roles": [Role.DUTY_OFFICER, Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE],
            "title": reopened.new_fact[:200],
        },
    )
