"""The whole incident: `decide` and `evolve` dispatch to the stages.

`decide(incident, act) -> events` says what an act leads to; a refusal is an event too.
`evolve(incident, event, mark) -> incident` says what the incident is after it. Both are pure, and
importing this module completes the registry of messages.
"""

from datetime import datetime
from typing import Any

from domain import (  # noqa: F401 - each import fills the tables of domain/dispatch.py
    actions,
    acts,
    adopting,
    agenda,
    answered_channels,
    arising,
    authorities,
    authority_record,
    bounces,
    case_counts,
    cases,
    channel_answers,
    channels,
    consignees,
    desired,
    determining,
    drift,
    duties,
    duty_end,
    duty_verified,
    effectiveness,
    enquiries,
    facts,
    facts_together,
    filing,
    finding,
    gate_record,
    goods,
    grading,
    halt,
    halt_confirming,
    halt_decisions,
    halt_growth,
    hazard,
    hotline_calls,
    imputed,
    investigation,
    invitations,
    lifted_halts,
    meetings,
    notice,
    notifications,
    partners,
    partners_due,
    previews,
    product_class,
    publication,
    publishing,
    recall,
    recall_end,
    recall_plan,
    recall_scope,
    recall_start,
    recalled_goods,
    recounts,
    recurring,
    releasing,
    remedies,
    reopening,
    report,
    report_dues,
    resumed_channels,
    resuming,
    review,
    rooms,
    scribe,
    service_case,
    set_apart,
    situation,
    statement,
    statement_approval,
    statement_change,
    statement_comment,
    statement_demand,
    statement_follow,
    statement_override,
    team,
    termination,
)
from domain.dispatch import Act
from domain.errors import Malformed, Refused
from domain.message import COMMANDS, command_spec, event_spec
from domain.plot import (
    Plot,
    decided,
    effects,
    evolve,
    fold,
    mark_for,
    refusal_event,
)
from domain.rules import Rules
from domain.scribe import recorded_on_behalf
from domain.state import Incident, incident_text, read_incident_text

__all__ = [
    "INCIDENT",
    "decide",
    "effects",
    "evolve",
    "fold",
    "known_since",
    "mark_for",
    "new_incident",
    "refusal_event",
    "require_open",
    "stage_of",
]

ALWAYS = frozenset({"reopen_incident", "pass_time"})
"""Commands that a closed incident still takes."""


def new_incident(incident_id: str, rules: Rules, *, drill: str = "") -> Incident:
    """Give the incident before its first entry."""
    return Incident(rules=rules, id=incident_id, drill=drill)


def decide(incident: Incident, act: Act) -> tuple[Any, ...]:
    """Say what an act leads to: events of the act, then what the plan adds by itself.

    Raises Malformed for a command that no incident takes.
    """
    spec = command_spec(act.command)
    if spec.name not in COMMANDS:
        raise Malformed(f"An incident takes no {spec.name}.", "Send it to an after-sales case.")
    return decided(
        incident,
        act,
        lambda: require_open(incident, spec.name),
        lambda first: recorded_on_behalf(incident, act, len(first)),
    )


def require_open(incident: Incident, name: str) -> None:
    """Refuse what a closed incident, or one that nobody reported yet, does not take."""
    if incident.review.closed_at is not None and name not in ALWAYS:
        raise review.sealed()
    starting = name in ("report_problem", "list_channels")
    if incident.size == 0 and not starting and incident.report.status == "none":
        raise Refused("Nothing has been reported here yet.", "Report the problem first.")


def stage_of(happened: Any) -> str:
    """Name the stage an event belongs to."""
    return str(event_spec(happened).stage)


def known_since(incident: Incident) -> datetime | None:
    """Say when the first person of the company knew (the earliest report tells it)."""
    return min((r.first_known_at for r in incident.report.reports), default=None)


INCIDENT = Plot(
    new=new_incident,
    decide=decide,
    is_over=lambda incident: incident.review.closed_at is not None,
    end="sealed",
    words=lambda incident: (incident.report.status, str(incident.report.grade)),
    text=incident_text,
    read=read_incident_text,
)
"""An incident, as workflow, recorder and readers need to know it."""
