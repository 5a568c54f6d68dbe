"""Which of several sentences an event is told by: the table of variants.

What belongs here: telling events of one type apart by what stands in them. What never does: the
sentences themselves (api/event_words.py).
"""

from collections.abc import Callable
from typing import Any, Final

from api.event_words import TELLS
from domain.severity import Grade

VARIANTS: Final[dict[str, Callable[[Any], str]]] = {
    "ReportReceived": lambda e: "danger" if e.immediate_danger else "",
    "ReportDecided": lambda e: "silence" if e.by_silence else e.outcome,
    "CaseRegistered": lambda e: "follow_up" if e.follow_up else "",
    "HaltOrdered": lambda e: "plan" if e.by_plan else "",
    "ChannelAnswered": lambda e: e.state,
    "DriftFound": lambda e: "units" if e.units_sold else "",
    "HotlineCalled": lambda e: "" if e.answered else "no",
    "ActDeclined": lambda e: "withdrawn" if e.withdrawn else "veto" if e.veto else "",
    "ActSigned": lambda e: "complete" if e.complete else "",
    "FactRecorded": lambda e: str(e.status),
    "StatementFlagged": lambda e: ("moved" if e.now else "gone") if e.fact else "",
    "ConsigneeAnswered": lambda e: "never" if e.never_had else "",
    "EffectivenessChecked": lambda e: "authority" if e.by_authority else "",
    "HazardEvaluated": lambda e: "preliminary" if e.preliminary else "",
    "FindingSigned": lambda e: "interim" if e.interim else "",
    "RemedySettled": lambda e: "given" if e.taken else "refused",
    "RecallDecided": lambda e: "no" if e.kind == "no_recall" else "",
    "RecallEnded": lambda e: str(e.step),
    "TerminationKept": lambda e: "to_confirm" if e.confirm else "part" if e.within else "",
    "ActionVerified": lambda e: str(e.verdict),
    "AbsenceMarked": lambda e: "until" if e.until_at else "",
    "RecordConfirmed": lambda e: "" if e.is_right else "wrong",
    "StatementApproved": lambda e: "complete" if e.complete else "",
    "StatementKindDecided": lambda e: "" if e.wanted else "no",
    "DutyFiled": lambda e: "first" if e.kind == "initial" else "",
    "RuleJudged": lambda e: "" if e.applies else "no",
    "DutyArisen": lambda e: "possible" if e.possible else "",
    "EvidenceHandedOver": lambda e: "" if e.seal_intact else "broken",
}


def _drafted(event: Any) -> str:
    """Say who made a version of a text: people, a fact that moved, the performer.

    A text that waited for approval or had it goes back to draft by a fact.
    """
    if event.because:
        return "returned" if event.again else "because"
    return "begun" if event.by == "performer" else ""


def _severity(event: Any) -> str:
    """Say how a grade came about; Minor is also where every incident begins, before any grade."""
    if not event.before or event.before == event.grade:
        return ""
    if event.before == Grade.MINOR and not event.reason:
        return "graded"
    return "raised" if event.grade > event.before else "lowered"


def _scope(event: Any) -> str:
    """Say what a version of the scope changed; one that reaches no other goods has new numbers."""
    if event.step == "widened" and not event.grows:
        return "recounted"
    return str(event.step)


def _rung(reached: Any) -> str:
    """Tell rungs of one share apart by whom they are told to: at 150 % there may be two."""
    if not reached.overdue or reached.percent <= 100:
        return "overdue" if reached.overdue else ""
    return reached.act if f"RungReached:{reached.act}" in TELLS else "longer"


VARIANTS["StatementDrafted"] = _drafted
VARIANTS["SeverityAssessed"] = _severity
VARIANTS["RungReached"] = _rung
VARIANTS["ScopeSet"] = _scope
