"""Which of several sentences an event is told by: the table of variants.

What belongs here: telling events of one type apart by what stands in them. What never does: the
sentences themselves (api/event_words.py).
"""

from collections.abc import Callable
from typing import Any, Final

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
