"""What stands beside one incident: lists, where the board stands, heads for the watcher, readiness.

What belongs here: cheap reads over all incidents, by who may see them. What never does: changing.
"""

from collections.abc import Mapping
from typing import Any

from domain.agenda import dues
from domain.dispatch import Due
from domain.duty_clocks import is_our_time
from domain.open_duties import open_duties
from domain.overview import stage_words
from domain.people import SEES_INCIDENTS, Actor
from domain.wire import encode
from services.house import House
from services.reading import board, see
from storage import incidents, pulse, streams


def closed(house: House, actor: Actor, *, limit: int, offset: int) -> list[incidents.IncidentRow]:
    """List closed incidents, the last recorded first; others see their own reports in the board."""
    if not actor.holds(SEES_INCIDENTS):
        return []
    return incidents.closed(house.engine, limit=limit, offset=offset)


def row_document(row: incidents.IncidentRow) -> dict[str, Any]:
    """Give an incident's row as plain JSON; `recorded` False: received, being recorded."""
    return {
        "id": row.id,
        "title": row.title,
        "drill": row.drill,
        "recorded": row.size > 0,
        "open": row.is_open,
        "grade": row.grade or None,
        "attention": row.attention or None,
        "stages": row.stage_words,
        "products": row.products,
        "next_due_at": row.next_due_at.isoformat() if row.next_due_at else None,
        "created_at": row.created_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat() if row.recorded_at else None,
        "reported_by": row.reported_by,
        "size": row.size,
        "version": row.version,
    }


def heads_since(house: House, cursor: Mapping[str, int]) -> list[streams.Head]:
    """Give the heads of incidents that moved since the cursor (incident → version)."""
    return streams.heads_since(house.engine, cursor)


def board_version(house: House) -> int:
    """Give a number that grows with every change of any incident, the same in every process."""
    return pulse.total_of_versions(house.engine)


def database_answers(house: House) -> None:
    """Ask the database for nothing at all. Raises AndonError when it does not answer."""
    pulse.ask(house.engine)


def overview(house: House, actor: Actor, incident_id: str) -> dict[str, Any]:
    """Give where one incident stands: its row, a word per stage, what is due. Raises NotFound.

    `ours` marks a target of our own over a duty to an authority: past it is not late by the law;
    `to_authority` what is owed to an authority, as the list of duties has it.
    """
    seen = see(house, actor, incident_id)
    told = {**row_document(seen.row), "stages": {}, "dues": []}
    if seen.state is not None:
        told["stages"] = stage_words(seen.state)
        owed = {one.item for one in open_duties(seen.state)}
        told["dues"] = [
            {
                **encode(Due, due),
                "ours": is_our_time(seen.state, due),
                "to_authority": due.item in owed,
            }
            for due in dues(seen.state)
        ]
    return told


def duties(house: House, actor: Actor) -> list[dict[str, Any]]:
    """List everything due in all open incidents that the actor may see, soonest first."""
    found = [
        {"incident": row.id, **due}
        for row in board(house, actor)
        for due in overview(house, actor, row.id)["dues"]
    ]
    return sorted(found, key=lambda due: (due["due_at"], due["incident"], due["key"]))
