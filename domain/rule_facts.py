"""What rules may look at: the facts of an incident, gathered from its record.

What belongs here: the facts themselves, and which countries they speak of. What never does: a
condition or a clock start (domain/triggers.py).

Where a market is not known, every market in which we have a channel is a possible one: unknown
counts as the worse answer (rule M2).
"""

from dataclasses import dataclass
from datetime import datetime

from domain.markets import place_of
from domain.regulation_terms import ProductClass
from domain.rules import Rules
from domain.severity import Answers, Grade, HaltLevel
from domain.state import Incident
from domain.state.halt import HaltOrder
from domain.state.notice import NoticeState
from domain.state.recall import RecallState
from domain.state.report import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules may look at. `places` says of each country whether the goods are surely there.

    `told_at` is when the act that is looked at happened. `reported` is where and when each report
    was first known. `since` says of the answers that may be a
    finding since when they say what they say.
    """

    rules: Rules
    at: datetime
    told_at: datetime
    is_open: bool
    known_at: datetime | None
    reported: tuple[tuple[str, datetime], ...]
    received_at: datetime | None
    places: dict[str, bool]
    cases: dict[str, Case]
    answers: Answers
    grade: Grade
    since: dict[str, datetime | None]
    products: tuple[str, ...]
    classed: dict[str, ProductClass]
    stood: tuple[HaltOrder, ...]
    halted: tuple[str, ...]
    findings: tuple[tuple[str, datetime], ...]
    recall: RecallState
    notice: NoticeState


def facts_of(incident: Incident, *, at: datetime, told_at: datetime) -> Facts:
    """Gather what rules may look at, as the incident knows it now."""
    report = incident.report
    known = [r.first_known_at for r in report.reports]
    known += [case.awareness_at for case in report.cases.values()]
    return Facts(
        rules=incident.rules,
        at=at,
        told_at=told_at,
        is_open=report.status in ("received", "accepted"),
        known_at=min(known, default=None),
        reported=tuple((r.first_known_country, r.first_known_at) for r in report.reports),
        received_at=report.received_at,
        places=_places(incident),
        cases=report.cases,
        answers=report.answers,
        grade=report.grade,
        since={"fault": report.fault_since, "evidence": report.evidence_since},
        products=report.products,
        classed={
            f"{one.product}/{one.market}": one.product_class for one in incident.notice.classed
        },
        stood=tuple(order for order in incident.halt.orders if order.level == HaltLevel.H4),
        halted=incident.halt.levels,
        findings=tuple((f.outcome, f.at) for f in incident.investigation.findings),
        recall=incident.recall,
        notice=incident.notice,
    )


def _places(incident: Incident) -> dict[str, bool]:
    """Say in which countries the goods are; where nobody has said it, wherever we sell."""
    report = incident.report
    named = {*report.answers.markets, *report.markets, *incident.recall.coverage.markets}
    hurt = {case.country for case in report.cases.values()}
    places = {place_of(country): True for country in sorted(named | hurt)}
    if not named:
        for channel in incident.halt.listed.values():
            places.setdefault(place_of(channel.market), False)
    return places
