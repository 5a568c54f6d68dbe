"""The whole incident: `decide` and `evolve` dispatch to the stages.

`decide(incident, act) -> events` says what an act leads to; a refusal is an event too.
`evolve(incident, event, mark) -> incident` says what the incident is after it. Both are pure, and
importing this module completes the registry of messages.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import (  # noqa: F401 - each import fills the tables of domain/dispatch.py
    actions,
    acts,
    agenda,
    cases,
    channels,
    consignees,
    effectiveness,
    facts,
    finding,
    goods,
    grading,
    halt,
    hazard,
    investigation,
    meetings,
    notice,
    notifications,
    recall,
    recall_end,
    recall_plan,
    recall_scope,
    remedies,
    report,
    resuming,
    review,
    scribe,
    statement,
    team,
)
from domain.acts import ActRefused, propose_or_do, proposers, require
from domain.dispatch import CAUSES, EVOLVES, FOLLOWS, SETTLES, Act, Effect
from domain.errors import Refused
from domain.ledger import read_entry
from domain.message import command_spec, event_spec
from domain.rules import Rules
from domain.scribe import recorded_on_behalf
from domain.state import Incident, Mark

CONSEQUENCE_LIMIT = 500
"""More events than this that an act only brings about are a fault of the plan, not a plan."""

ALWAYS = frozenset({"reopen_incident", "pass_time"})
"""Commands that a closed incident still takes."""


def new_incident(incident_id: str, rules: Rules, *, drill: str = "") -> Incident:
    """Give the incident before its first entry."""
    return Incident(rules=rules, id=incident_id, drill=drill)


def decide(incident: Incident, act: Act) -> tuple[Any, ...]:
    """Say what an act leads to: events of the act, then what the plan adds by itself."""
    spec = command_spec(act.command)
    try:
        _require_open(incident, spec.name)
        require(incident, act, proposers(incident, act))
        first = propose_or_do(incident, act)
        first = (*first, *recorded_on_behalf(incident, act, len(first)))
    except Refused as refusal:
        return (refusal_event(act, refusal),)
    return _with_consequences(incident, act, first)


def refusal_event(act: Act, refusal: Refused) -> ActRefused:
    """Turn a refusal into the event that records it."""
    return ActRefused(
        command=command_spec(act.command).name,
        by=act.who,
        reason=refusal.code,
        sentence=refusal.sentence,
        hint=refusal.hint,
        who_could=tuple(refusal.who_could),
    )


def _require_open(incident: Incident, name: str) -> None:
    if incident.review.closed_at is not None and name not in ALWAYS:
        raise Refused(
            "This incident is closed and sealed.",
            "Reopen it with a reason if there is a new fact.",
            code="closed",
        )
    starting = name in ("report_problem", "list_channels")
    if incident.size == 0 and not starting and incident.report.status == "none":
        raise Refused("Nothing has been reported here yet.", "Report the problem first.")


def _with_consequences(incident: Incident, act: Act, first: tuple[Any, ...]) -> tuple[Any, ...]:
    events = list(first)
    position = 0
    while position < len(events):
        if len(events) - len(first) > CONSEQUENCE_LIMIT:
            raise AssertionError(f"{act.command} leads to more than {CONSEQUENCE_LIMIT} events")
        happened = events[position]
        mark = mark_for(incident, act)
        incident = evolve(incident, happened, mark)
        for follow in FOLLOWS.get(type(happened), ()):
            events.extend(follow(incident, happened, act))
        position += 1
        if position == len(events):
            events.extend(_settled(incident, act, events))
    return tuple(events)


def _settled(incident: Incident, act: Act, events: Iterable[Any]) -> tuple[Any, ...]:
    """Give what follows from the whole state, now that nothing of the act is on its way."""
    happened = {type(each) for each in events}
    for asked_by, settle in SETTLES:
        added = tuple(settle(incident, act)) if happened.intersection(asked_by) else ()
        if added:
            return added
    return ()


def mark_for(incident: Incident, act: Act) -> Mark:
    """Say where the next event of an act would stand."""
    return Mark(
        seq=incident.size + 1,
        at=act.at,
        happened_at=act.happened_at,
        actor=act.who,
        roles=act.actor.roles,
        command_id=act.command_id,
    )


def evolve(incident: Incident, happened: Any, mark: Mark) -> Incident:
    """Say what the incident is after an event. Total: it never refuses."""
    changed = EVOLVES[type(happened)](incident, happened, mark)
    return replace(changed, size=mark.seq, last_at=mark.at)


def effects(incident: Incident, happened: Any, mark: Mark) -> tuple[Effect, ...]:
    """Say what a recorded event does in the world."""
    return tuple(
        effect
        for cause in CAUSES.get(type(happened), ())
        for effect in cause(incident, happened, mark)
    )


def stage_of(happened: Any) -> str:
    """Name the stage an event belongs to."""
    return str(event_spec(happened).stage)


def known_since(incident: Incident) -> datetime | None:
    """Say when the first person of the company knew (the earliest report tells it)."""
    return min((r.first_known_at for r in incident.report.reports), default=None)


def fold(incident: Incident, leaves: Iterable[bytes]) -> Incident:
    """Fold entries over an incident: the auditor's replay, the read model and the live state."""
    for leaf in leaves:
        entry = read_entry(leaf)
        incident = evolve(incident, entry.event, entry.mark())
    return incident
