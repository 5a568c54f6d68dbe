"""What an incident is after its entries: one frozen value per stage, and the whole.

What belongs here: shapes, and the one way to change them (`with_stage`). What never does: a rule.
States change only through `evolve`; they travel (continue-as-new, read model) by domain/wire.py.
"""

from dataclasses import dataclass
from typing import Any

from domain.errors import Malformed
from domain.people import Role
from domain.replacing import replace
from domain.rules import Rules
from domain.severity import Grade
from domain.state.halt import HaltState
from domain.state.investigation import InvestigationState
from domain.state.notice import NoticeState
from domain.state.people import PeopleState
from domain.state.recall import RecallState
from domain.state.report import ReportState
from domain.state.review import ReviewState
from domain.state.statement import StatementState
from domain.state.stream import (
    Mark,
    PendingAct,
    Signature,
    StreamState,
    read_state_text,
    state_text,
)
from domain.values import Json
from domain.wire import encode

__all__ = [
    "Incident",
    "Mark",
    "PendingAct",
    "Signature",
    "StreamState",
    "incident_document",
    "incident_text",
    "read_incident_text",
    "with_stage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(StreamState):
    """The whole incident: the value that `decide` reads and `evolve` makes."""

    report: ReportState = ReportState()
    investigation: InvestigationState = InvestigationState()
    halt: HaltState = HaltState()
    recall: RecallState = RecallState()
    statement: StatementState = StatementState()
    notice: NoticeState = NoticeState()
    review: ReviewState = ReviewState()
    people: PeopleState = PeopleState()

    @property
    def grade(self) -> Grade:
        """Give the incident's grade."""
        return self.report.grade

    @property
    def absent_roles(self) -> tuple[Role, ...]:
        """Give the roles whose holder is marked absent."""
        return self.people.deputies_active


def with_stage(incident: Incident, stage: str, **changes: Any) -> Incident:
    """Give the incident with some fields of one stage's state changed."""
    changed = replace(getattr(incident, stage), **changes)
    return replace(incident, **{stage: changed})


def incident_document(incident: Incident) -> Json:
    """Give the incident as plain JSON values, without its rules (they are pinned by hash)."""
    document: Json = encode(Incident, incident)
    return document


def incident_text(incident: Incident) -> str:
    """Give the incident as compact JSON text: what a new run and the read model hold."""
    return state_text(Incident, incident)


def read_incident_text(text: str, rules: Rules) -> Incident:
    """Read an incident back from its JSON text and put its rules in place.

    Raises Malformed, also when the incident has adopted other rules than those given.
    """
    incident = read_state_text(Incident, text, rules)
    adopted = incident.people.adoptions
    if adopted and adopted[-1].rules != rules.hash:
        raise Malformed(
            f"{incident.id} runs by the rules {adopted[-1].rules:.12} since entry "
            f"{adopted[-1].seq}, not by {rules.hash:.12}.",
            "Verify the ledger before anything else is recorded.",
        )
    return incident
