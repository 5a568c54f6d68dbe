"""Stage `report`: what comes to a report that ended without an incident opens it again.

What belongs here: what news reopens a report, and what follows from that: orders of the plan, and
proposals that knew no news. What never does: deciding on it again (domain/report.py), or a sealed
incident (domain/review.py). A report that was closed for nothing, or linked to another incident,
watches nothing; so whatever says that somebody may be hurt asks for its decision anew, and whoever
brings it need not know that it was closed.
"""

from collections.abc import Iterator
from typing import Final

from domain.acts import ActLapsed
from domain.cases import CaseRegistered
from domain.dispatch import Act, follows, settles
from domain.grading import SeverityAssessed
from domain.halt import HaltOrdered, plan_orders
from domain.report import ReportReceived, ReportReopened
from domain.state import Incident

DECIDE_A_REPORT: Final = frozenset({"accept_report", "close_report", "link_report"})
NO_INCIDENT: Final = ("closed", "linked")


@settles(ReportReceived, CaseRegistered)
def news_reopens(incident: Incident, _act: Act) -> Iterator[ReportReopened]:
    """A further report says that it goes on, or somebody is hurt by what was held to be nothing."""
    yield from _again(incident)


@settles(SeverityAssessed)
def a_worse_grade_reopens(incident: Incident, _act: Act) -> Iterator[ReportReopened]:
    """It is graded worse than before; a better grade changes nothing."""
    grades = [one.grade for one in incident.report.assessments[-2:]]
    if grades[-1] > grades[0]:
        yield from _again(incident)


def _again(incident: Incident) -> Iterator[ReportReopened]:
    report = incident.report
    if report.status in NO_INCIDENT:
        yield ReportReopened(before=report.status, linked_to=report.linked_to)


@follows(ReportReopened)
def proposals_lapse(
    incident: Incident, _reopened: ReportReopened, _act: Act
) -> Iterator[ActLapsed]:
    """Let go the decisions about the report that wait: whoever proposed them knew no new fact."""
    for pending in incident.pending.values():
        if pending.command["type"] in DECIDE_A_REPORT:
            yield ActLapsed(act=pending.id, sentence="The report was reopened for a new fact.")


@follows(ReportReopened)
def plan_halts_on_reopening(
    incident: Incident, _reopened: ReportReopened, act: Act
) -> tuple[HaltOrdered, ...]:
    """The plan stops again what its row for the grade allows before anything is confirmed."""
    if incident.halt.resumed_at:
        return ()
    level = incident.rules.plan.grades[incident.grade].halt_on_report
    return plan_orders(
        incident, act, level, lambda each: f"The plan orders {each} at grade {incident.grade}."
    )
