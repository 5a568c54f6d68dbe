"""Since when a step of the plan's times counts, and whom it asks (reference table 4.4).

What belongs here: `counted_from`, `responsible` and `step` of the plan over what has happened. What
never does: which steps a stage watches, or how long one takes (plan/default.toml).
"""

from collections.abc import Callable
from datetime import datetime

from domain.people import Role
from domain.plan_terms import CountedFrom
from domain.state import Incident


def started_at(incident: Incident, step: str) -> datetime | None:
    """Say when the time of a step began; None while what it is counted from has not happened."""
    row = incident.rules.plan.times[step]
    return moment(incident, row.counted_from)


def moment(incident: Incident, counted_from: CountedFrom) -> datetime | None:
    """Give the moment that a time of the plan is counted from, or None before it."""
    return _MOMENTS[counted_from](incident)


def _known_at(incident: Incident) -> datetime | None:
    return min((report.first_known_at for report in incident.report.reports), default=None)


def _received_at(incident: Incident) -> datetime | None:
    """Give when the report came in, or came to wait for its decision again."""
    return incident.report.reopened_at or incident.report.received_at


def _accepted_at(incident: Incident) -> datetime | None:
    return incident.report.decided_at if incident.report.is_accepted else None


def _ordered_at(incident: Incident) -> datetime | None:
    standing = (order.ordered_at for order in incident.halt.orders if order.lifted_at is None)
    return min(standing, default=None)


_MOMENTS: dict[CountedFrom, Callable[[Incident], datetime | None]] = {
    CountedFrom.KNOWLEDGE: _known_at,
    CountedFrom.RECEIPT: _received_at,
    CountedFrom.ACCEPTANCE: _accepted_at,
    CountedFrom.ORDER: _ordered_at,
    CountedFrom.DECISION: lambda incident: incident.recall.since,
    CountedFrom.FLAG: lambda _incident: None,
}


def since_rise(incident: Incident, start_at: datetime) -> datetime:
    """Count from the last rise of the grade, when that was later than the start.

    A limit that only came with the higher grade cannot have passed before anybody knew of it.
    """
    report = incident.report
    lower = [n for n, earlier in enumerate(report.assessments) if earlier.grade < report.grade]
    return max(start_at, report.assessments[lower[-1] + 1].at) if lower else start_at


def asked(incident: Incident, step: str, act: str = "") -> tuple[Role, ...]:
    """Say whom a step asks: who may do the acts that fulfil it, else the one who sees to it.

    The responsible role stands first where it may. `act` names what is due, where another act is
    asked for within the time of the step.
    """
    plan, grade = incident.rules.plan, incident.report.grade
    responsible = plan.times[step].responsible
    keys = [key for key, row in plan.acts.items() if row.step == step]
    if act in plan.acts and act not in keys:
        keys = [act]
    may = dict.fromkeys(role for key in keys for role in plan.act(key, grade).proposers)
    if not may:
        return (responsible,)
    return tuple(sorted(may, key=lambda role: role != responsible))
