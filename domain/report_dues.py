"""Stage `report`: by when a report is looked into, graded and decided, and what is found out.

What belongs here: the clocks of a report. What never does: deciding on it (domain/report.py).
"""

from collections.abc import Iterable

from domain.dispatch import Due, watches
from domain.plan_terms import Silence
from domain.stages import Stage
from domain.state import Incident
from domain.steps import asked, started_at


@watches(Stage.REPORT)
def report_dues(incident: Incident) -> Iterable[Due]:
    """Grade and accept in the plan's time; find out what is not known."""
    now = incident.report
    if now.received_at is None:
        return
    if now.status == "received":
        yield from _acknowledgement(incident)
        yield from _acceptance(incident)
    if now.find_out and now.status in ("received", "accepted"):
        yield from _finding_out(incident)


def _finding_out(incident: Incident) -> Iterable[Due]:
    now, limit = incident.report, incident.rules.plan.step("find_out", incident.report.grade)
    if limit is None or now.assessed_at is None:
        return
    start_at = max(now.assessed_at, now.reopened_at or now.assessed_at)
    yield Due(
        key="find_out:" + ",".join(now.find_out),
        stage=Stage.REPORT,
        title="Find out what is not known yet",
        roles=asked(incident, "find_out"),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, limit),
        act="assess_severity",
    )


def _asked_anew(incident: Incident, key: str) -> str:
    """Name what is due; what is asked again after a reopening begins its ladder anew."""
    return f"{key}:{incident.report.reopenings}" if incident.report.reopenings else key


def _acknowledgement(incident: Incident) -> Iterable[Due]:
    limit = incident.rules.plan.step("acknowledge_report", incident.report.grade)
    start_at = started_at(incident, "acknowledge_report")
    if limit is None or start_at is None or incident.report.acknowledged_at is not None:
        return
    yield Due(
        key=_asked_anew(incident, "acknowledge_report"),
        stage=Stage.REPORT,
        title="Say that somebody looks into the report",
        roles=asked(incident, "acknowledge_report"),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, limit),
        act="acknowledge_report",
    )


def _acceptance(incident: Incident) -> Iterable[Due]:
    """Ask for a decision; a closing that waits for its signature may keep the plan from it."""
    plan, grade = incident.rules.plan, incident.report.grade
    limit, start_at = plan.step("grade_and_accept", grade), started_at(incident, "grade_and_accept")
    if limit is None or start_at is None:
        return
    closing = any(pending.key == "close_report" for pending in incident.pending.values())
    row = plan.act("close_report" if closing else "accept_report", grade)
    by_plan = row.silence is Silence.ACCEPTED_BY_PLAN
    yield Due(
        key=_asked_anew(incident, "accept_report"),
        stage=Stage.REPORT,
        title="Accept or close the report",
        roles=asked(incident, "grade_and_accept"),
        start_at=start_at,
        due_at=incident.rules.due_at(start_at, limit),
        act="accept_report",
        silence="accept_report" if by_plan else "",
    )
