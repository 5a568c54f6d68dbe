"""A moment of an incident as plain JSON: what API and command line hand out of services/moments.py.

What belongs here: the shape of these documents. What never does: finding a moment, or words.
"""

import json
from datetime import datetime
from typing import Any

from domain.agenda import dues, next_ring
from domain.difference import Changed, ThingChanged
from domain.dispatch import Due
from domain.overview import stage_words
from domain.people import Actor
from domain.state import Incident, incident_document
from domain.state.investigation import Fact
from domain.state.statement import Statement
from domain.statement_text import Rendition
from domain.wire import encode
from services import ledgers, moments
from services.house import House
from services.moments import AsOf, Between, By, Columns, Moment, Then
from storage import streams


def state_document(state: Incident) -> dict[str, Any]:
    """Give a state with a word for each stage and what is due by it."""
    rings_at = next_ring(state)
    return {
        "stages": stage_words(state),
        "dues": [encode(Due, due) for due in dues(state)],
        "next_ring": rings_at.isoformat() if rings_at else None,
        "state": incident_document(state),
    }


def as_recorded(house: House, actor: Actor, incident: str, moment: Moment) -> dict[str, Any]:
    """Give an incident as it was recorded at a moment, with the three columns."""
    as_of = moments.at_moment(house, actor, incident, moment)
    told = moments.columns(house, actor, incident, moment)
    return {
        "id": incident,
        "by": str(By.RECORDED),
        **_where(house, as_of),
        **state_document(as_of.state),
        "columns": columns_document(told),
    }


def as_happened(house: House, actor: Actor, incident: str, moment: Moment) -> dict[str, Any]:
    """Give what is known now about a moment: the three columns, and every entry that counts.

    `recorded_only_later` are the entries among them that nobody had recorded at that moment.
    """
    told = moments.columns(house, actor, incident, moment, By.HAPPENED)
    return {
        "id": incident,
        "by": str(By.HAPPENED),
        "instant": told.at.isoformat(),
        "to_come": _iso(told.to_come),
        "columns": columns_document(told),
        "entries": _entries(house, incident, told.entries, set(told.later)),
        "recorded_only_later": list(told.later),
    }


def difference_document(between: Between, house: House) -> dict[str, Any]:
    """Give what is different at the second of two moments, with the entries that did it."""
    first, last = sorted((between.before.seq, between.after.seq))
    numbers = tuple(range(first + 1, last + 1))
    return {
        "id": between.after.row.id,
        "from": _where(house, between.before),
        "to": _where(house, between.after),
        "things": [_thing(one, between) for one in between.things],
        "entries": _entries(house, between.after.row.id, numbers, set()),
    }


def columns_document(told: Columns) -> dict[str, Any]:
    """Give the three columns: what was on sale where, what the texts said, what was known."""
    return {
        "on_sale": [
            {
                "channel": place,
                "stands": told.stands(place),
                **_since(told.channels.get(place)),
            }
            for place in told.places
        ],
        "texts": [{**_text(one.value), **_since(one)} for one in told.texts],
        "known": [{**_fact(one.value), **_since(one)} for one in told.known],
    }


def _where(house: House, as_of: AsOf) -> dict[str, Any]:
    """Say which moment it is; `size` is its last entry, `root` the root of the tree there.

    `to_come` is the moment that was asked for where it has not come yet: it is told as the last
    entry.
    """
    at = as_of.state.last_at
    return {
        "instant": as_of.at.isoformat(),
        "to_come": _iso(as_of.to_come),
        "recorded": as_of.seq > 0,
        "size": as_of.seq,
        "last_at": _iso(at),
        "root": ledgers.root_at(house, as_of.row.id, as_of.seq),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _since(one: Then | None) -> dict[str, Any]:
    if one is None:
        return {"entry": None, "happened_at": None, "recorded_at": None, "later": False}
    return {
        "entry": one.seq,
        "happened_at": one.happened_at.isoformat(),
        "recorded_at": one.recorded_at.isoformat(),
        "later": one.later,
    }


def _text(one: Statement) -> dict[str, Any]:
    return {
        "text": one.id,
        "kind": one.kind,
        "status": str(one.status),
        "version": one.version,
        "sha256": one.sha256,
        "places": [place.place for place in one.places.values() if place.state == "published"],
        "said": [encode(Rendition, said) for said in one.texts],
    }


def _fact(one: Fact) -> dict[str, Any]:
    told: dict[str, Any] = encode(Fact, one)
    kept = ("key", "name", "value", "unit", "status", "as_of", "version")
    return {name: told[name] for name in kept if name in told}


def _entries(
    house: House, incident: str, numbers: tuple[int, ...], later: set[int]
) -> list[dict[str, Any]]:
    """Give entries in the order asked for, each as an index has it."""
    last = max(numbers, default=0)
    contents = streams.read_contents(house.engine, incident, 1, last) if numbers else []
    return [_entry(contents[seq - 1], later=seq in later) for seq in numbers]


def _entry(content: bytes, *, later: bool) -> dict[str, Any]:
    told = json.loads(content)
    kept = ("seq", "stage", "type", "happened_at", "recorded_at")
    return {**{name: told[name] for name in kept}, "later": later}


def _thing(one: ThingChanged, between: Between) -> dict[str, Any]:
    return {
        "stage": one.path[0],
        "path": list(one.path),
        "how": one.how,
        "changes": [_changed(part, len(one.path)) for part in one.changes],
        "entries": list(between.touched_by.get(one.path, ())),
    }


def _changed(part: Changed, names: int) -> dict[str, Any]:
    field = list(part.path[names:]) or [part.path[-1]]
    return {"field": field, "before": part.before, "after": part.after}
