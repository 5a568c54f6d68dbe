"""What people from outside may read: the stages of an incident that an invitation opens to them.

What belongs here: the invitation applied to reading, nothing else of the incident. What never does:
inviting (domain/meetings.py), or what the company's own people see (services/reading.py). Who has
no invitation, or no longer, is answered like one who asks for what is not there.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from domain.errors import NotWhole
from domain.people import SEES_INCIDENTS, Access, Actor
from domain.stages import SEVEN_STAGES, Stage
from domain.state import Incident
from domain.state.people import Outsider
from services import evidence
from services.house import House
from services.reading import read_state
from storage import incidents

OPENED = frozenset({Access.OPEN, Access.RESTRICTED})
"""Classes of files an invitation opens; health and counsel's papers stay closed."""

WITH_FILES = frozenset(SEVEN_STAGES) - {Stage.REPORT}
"""Stages whose files are opened; those of a report show hurt people, whatever their class."""

OF_A_TEXT = ("id", "kind", "status", "version", "sha256", "texts", "markets", "published_at")
"""What somebody from outside reads of a text; remarks and reasons are the house's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedIncident:
    """An incident as an invited person may see it: of its state only the stages of `invitation`."""

    row: incidents.IncidentRow
    state: Incident
    version: int
    invitation: Outsider


def list_opened(house: House, actor: Actor) -> list[OpenedIncident]:
    """List the open incidents that somebody from outside is invited to, the most urgent first."""
    if not actor.is_from_outside:
        return []
    rows = incidents.board(house.engine)
    found = []
    for row in rows:
        # A record that cannot be read is told where it is asked for, not instead of the others.
        with suppress(NotWhole):
            found.append(_opened(house, actor, row))
    return [seen for seen in found if seen is not None]


def see_opened(house: House, actor: Actor, incident_id: str) -> OpenedIncident:
    """Give an incident to somebody who is invited to it now. Raises NotFound alike for others."""
    seen = _opened(house, actor, incidents.incident(house.engine, incident_id))
    if seen is None:
        raise incidents.no_such(incident_id)
    return seen


def is_opened(house: House, actor: Actor, incident_id: str) -> bool:
    """Say whether somebody is invited to an incident now. Raises NotFound: there is none."""
    return _opened(house, actor, incidents.incident(house.engine, incident_id)) is not None


def stage_documents(house: House, seen: OpenedIncident) -> dict[str, Any]:
    """Give the opened stages as recorded, as plain JSON, by their names; of texts their words."""
    stored = incidents.load_state(house.engine, seen.row.id)
    whole: dict[str, Any] = json.loads(stored.state) if stored else {}
    found = {str(stage): whole.get(stage) or {} for stage in seen.invitation.opened}
    texts = found.get(Stage.STATEMENT, {}).get("statements", {})
    if Stage.STATEMENT in found:
        told = {name: {key: text[key] for key in OF_A_TEXT} for name, text in texts.items()}
        found[str(Stage.STATEMENT)] = {"statements": told}
    return found


def open_file(house: House, actor: Actor, incident_id: str, address: str) -> evidence.OpenedFile:
    """Open a file that an opened stage names. Raises NotFound alike for every other file."""
    seen = see_opened(house, actor, incident_id)
    documents = stage_documents(house, seen)
    if not any(_names(documents[stage], address) for stage in WITH_FILES & documents.keys()):
        raise evidence.no_such_file(address)
    return evidence.open_for(house, actor, OPENED, address)


def _names(plain: Any, address: str) -> bool:
    if isinstance(plain, dict):
        return any(_names(part, address) for part in plain.values())
    if isinstance(plain, list):
        return any(_names(part, address) for part in plain)
    return bool(plain == address)


def _opened(house: House, actor: Actor, row: incidents.IncidentRow) -> OpenedIncident | None:
    """Read the invitation of somebody who sees no incident by a duty; None: there is none now.

    An invitation ends with the incident, if not before.
    """
    if actor.on_behalf_of or actor.holds(SEES_INCIDENTS) or not row.is_open:
        return None
    stored = incidents.load_state(house.engine, row.id)
    # Most incidents never hear of this person: those are not read into values.
    if stored is None or json.dumps(actor.id, ensure_ascii=False) not in stored.state:
        return None
    state = read_state(house, row.id, stored)
    invitation = state.people.outsiders.get(actor.id)
    if invitation is None or not invitation.opened or not invitation.may_enter(house.now()):
        return None
    return OpenedIncident(row=row, state=state, version=stored.version, invitation=invitation)
