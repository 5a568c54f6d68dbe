"""What an incident is after its entries: one frozen value per stage, and the whole.

What belongs here: shapes, and the one way to change them (`with_stage`). What never does: a rule.
States change only through `evolve`; they travel (continue-as-new, read model) by domain/wire.py.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from domain.people import Role
from domain.rules import Rules
from domain.state.halt import HaltState
from domain.state.investigation import InvestigationState
from domain.state.notice import NoticeState
from domain.state.people import PeopleState
from domain.state.recall import RecallState
from domain.state.report import ReportState
from domain.state.review import ReviewState
from domain.state.statement import StatementState
from domain.values import Json
from domain.wire import decode, encode

__all__ = [
    "Incident",
    "Mark",
    "PendingAct",
    "Signature",
    "incident_document",
    "incident_text",
    "read_incident",
    "read_incident_text",
    "with_stage",
]


UNPINNED = cast("Rules", None)
"""Stands where a state was just read and its rules are not put back yet (see `read_incident`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where an event stands in the ledger, as far as `evolve` may know."""

    seq: int
    at: datetime
    happened_at: datetime
    actor: str
    roles: tuple[Role, ...]
    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's signature under an act: who, in which role, when, and any dissent kept."""

    person: str
    role: str
    at: datetime
    meaning: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAct:
    """An act that waits for more signatures: `slots` are the role sets still to be filled."""

    id: str
    key: str
    title: str
    command: Json
    proposed_at: datetime
    proposed_by: str
    signatures: tuple[Signature, ...]
    slots: tuple[tuple[Role, ...], ...]
    silence: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The whole incident: the value that `decide` reads and `evolve` makes."""

    rules: Rules = field(default=UNPINNED, metadata={"wire": False})
    id: str
    size: int = 0
    last_at: datetime | None = None
    drill: str = ""
    report: ReportState = ReportState()
    investigation: InvestigationState = InvestigationState()
    halt: HaltState = HaltState()
    recall: RecallState = RecallState()
    statement: StatementState = StatementState()
    notice: NoticeState = NoticeState()
    review: ReviewState = ReviewState()
    people: PeopleState = PeopleState()
    pending: dict[str, PendingAct] = field(default_factory=dict)
    acts_proposed: int = 0
    rungs: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, datetime] = field(default_factory=dict)
    refusals_counted: int = 0


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
    return json.dumps(incident_document(incident), sort_keys=True, separators=(",", ":"))


def read_incident_text(text: str, rules: Rules) -> Incident:
    """Read an incident back from its JSON text; raises Malformed."""
    return read_incident(json.loads(text), rules)


def read_incident(document: Json, rules: Rules) -> Incident:
    """Read an incident back and put its rules in place; raises Malformed."""
    return replace(decode(Incident, document), rules=rules)
