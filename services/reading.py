"""What people may read of incidents: visibility, state now and at an instant, the ledger.

What belongs here: the table of domain/people.py applied to rows. What never does: changing.
What one may not see is answered like what is not there.
"""

from dataclasses import dataclass, replace

from domain.errors import Malformed, NotFound, NotWhole
from domain.incident import fold, new_incident
from domain.people import SEES_INCIDENTS, Actor
from domain.state import Incident, read_incident_text
from services.house import House
from storage import incidents, streams


@dataclass(frozen=True)
class Seen:
    """An incident as somebody may see it: its row, and its state (None: being recorded)."""

    row: incidents.IncidentRow
    state: Incident | None
    version: int
    root: str


def visible(house: House, actor: Actor, incident_id: str) -> incidents.IncidentRow:
    """Give an incident's row to who may see it. Raises NotFound alike for all others."""
    row = incidents.incident(house.engine, incident_id)
    if may_see(actor, row):
        return row
    raise incidents.no_such(incident_id)


def may_see(actor: Actor, row: incidents.IncidentRow) -> bool:
    """Say whether somebody may see an incident: by a duty, or because they reported it."""
    who = actor.on_behalf_of or actor.id
    return actor.holds(SEES_INCIDENTS) or (row.reported_by == who and not actor.is_from_outside)


def see(house: House, actor: Actor, incident_id: str) -> Seen:
    """Give an incident with its state now. Raises NotFound.

    Every live part of every open page asks for it at each new version: it is read once for its
    text, which is compared whole, so that a state that was altered is never taken for the old one.
    """
    row = visible(house, actor, incident_id)
    stored = incidents.load_state(house.engine, incident_id)
    if stored is None:
        return Seen(row, None, row.version, "")
    return Seen(row, kept_state(house, incident_id, stored), stored.version, stored.root)


def kept_state(house: House, incident_id: str, stored: incidents.StoredState) -> Incident:
    """Give a stored state, read once for its text. Raises NotWhole."""
    return house.states.get(
        incident_id,
        (stored.rules_hash, stored.state),
        lambda: read_state(house, incident_id, stored),
    )


def read_state(house: House, incident_id: str, stored: incidents.StoredState) -> Incident:
    """Read a stored state, with the rules it stands under. Raises NotWhole."""
    try:
        state = read_incident_text(stored.state, house.rules(stored.rules_hash))
    except (AttributeError, LookupError, Malformed, TypeError, ValueError) as error:
        raise NotWhole(
            f"The record of {incident_id} is not whole: its stored state cannot be read.",
            "Compare it with a copy of the database.",
        ) from error
    return replace(state, find_rules=house.rules)


def at_entry(house: House, actor: Actor, incident_id: str, seq: int) -> Incident:
    """Give the state after entry `seq`: the same fold. Raises NotFound."""
    row = visible(house, actor, incident_id)
    if not 0 <= seq <= row.size:
        raise NotFound(f"{incident_id} has entries 1 to {row.size}.", "Choose one of them.")
    leaves = streams.read_contents(house.engine, incident_id, 1, seq)
    return fold(empty_incident(house, row), leaves)


def empty_incident(house: House, row: incidents.IncidentRow) -> Incident:
    """Give an incident before its first entry, with the rules it began with: where folds start."""
    rules = house.rules(streams.first_rules(house.engine, row.id))
    return replace(new_incident(row.id, rules, drill=row.drill), find_rules=house.rules)


def board(house: House, actor: Actor) -> list[incidents.IncidentRow]:
    """List what the actor may see, the most urgent first."""
    if actor.holds(SEES_INCIDENTS):
        return incidents.board(house.engine)
    if actor.is_from_outside:
        return []
    return incidents.reported_by(house.engine, actor.on_behalf_of or actor.id)
