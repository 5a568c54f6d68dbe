"""What the ledger's entries owe the world, and what arrived there.

What belongs here: working out, from entries and the company's lists alone, every key that some
receiver must have seen, and reading what the receivers saw. What never does: how it got there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.dispatch import Effect
from domain.incident import effects
from domain.ledger import Entry, read_entry
from domain.review import IncidentReopened
from domain.state import Incident
from storage import catalog, outbox, streams
from storage.engine import read
from storage.people import list_people
from storage.schema import effects as performed
from tests.durability.site import Site
from workflows import ids

EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Owed:
    """One effect, the workflow that owes it, and the entry it comes from."""

    workflow: str
    effect: Effect

    @property
    def key(self) -> str:
        """Give the key of the effect as a whole."""
        return ids.effect_key(self.workflow, self.effect.seq, self.effect.name, self.effect.target)

    def key_for(self, target: str) -> str:
        """Give the key of the effect at one of its targets."""
        return ids.effect_key(self.workflow, self.effect.seq, self.effect.name, target)


def owed_by(site: Site, incident: str, states: list[Incident]) -> list[Owed]:
    """Give every effect that the entries of an incident imply."""
    owed, run = [], 1
    for row in streams.read_entries(site.database.ledger, incident):
        entry: Entry = read_entry(row.content)
        before, after = states[entry.seq - 1], states[entry.seq]
        # Reopening what was sealed is the first entry of the next run.
        if isinstance(entry.event, IncidentReopened) and before.review.closed_at is not None:
            run += 1
        workflow = ids.incident_workflow(incident, run)
        owed += [Owed(workflow, each) for each in effects(after, entry.event, entry.mark())]
    return owed


def children_of(incident: str, owed: list[Owed]) -> set[str]:
    """Give the ids of the performers that must have run."""
    children = set()
    for each in owed:
        body = each.effect.body
        if each.effect.name == "halt":
            children.add(ids.halt_workflow(incident, int(each.effect.target)))
        elif each.effect.name == "resume":
            children.add(ids.resume_workflow(incident, each.effect.target))
        elif each.effect.name == "publish":
            children.add(
                ids.publish_workflow(incident, body["statement"], body["version"], body["order"])
            )
    return children


def keys_owed(site: Site, owed: list[Owed]) -> dict[str, set[str]]:
    """Give, by receiver, the keys that must have arrived there."""
    adapters = {
        item.id: str(item.document["adapter"])
        for item in catalog.list_items(site.database.ledger, "channel")
    }
    found: dict[str, set[str]] = {"outbox": set(), "webhook": set(), "demo_shop": set()}
    for each in owed:
        if each.effect.name == "tell":
            found["outbox"] |= {f"{each.key}:{who}" for who in _asked(site, each.effect.body)}
        elif each.effect.name in ("halt", "resume"):
            for channel in each.effect.body["channels"]:
                found[adapters[channel]].add(each.key_for(channel))
    return found


def _asked(site: Site, body: dict[str, Any]) -> Iterator[str]:
    """Say who is told: who holds a role that is asked, its deputies when they may act."""
    roles = {str(role) for role in body.get("roles", ())}
    for person in list_people(site.database.ledger):
        deputises = body.get("deputies") and roles & set(person.deputy_for)
        if roles & set(person.roles) or deputises or person.id == (body.get("person") or None):
            yield person.id


def keys_arrived(site: Site, incident: str) -> dict[str, set[str]]:
    """Give, by receiver, the keys that arrived for an incident."""
    messages = outbox.list_messages(site.database.bulk, incident=incident, limit=EVERYTHING)
    with read(site.database.ledger) as connection:
        chosen = performed.c.effect_key.like(f"{incident}/%")
        shelf = connection.execute(sa.select(performed.c.effect_key).where(chosen)).scalars()
        shelf_keys = set(shelf)
    return {
        # The house's own alarm is about an incident, not by it.
        "outbox": {m.effect_key for m in messages if not m.effect_key.startswith("sweep:")},
        "webhook": set(site.sink.orders(incident)),
        "demo_shop": shelf_keys,
    }


def assert_arrived(site: Site, incident: str, states: list[Incident]) -> None:
    """What arrived is what is owed: nothing is missing, nothing else came."""
    owed = keys_owed(site, owed_by(site, incident, states))
    arrived = keys_arrived(site, incident)
    for receiver, keys in owed.items():
        missing, foreign = keys - arrived[receiver], arrived[receiver] - keys
        assert not missing, f"never arrived at {receiver}: {sorted(missing)[:5]}"
        assert not foreign, f"arrived at {receiver} without an entry: {sorted(foreign)[:5]}"


def assert_due_times_came_back(site: Site, incident: str, states: list[Incident]) -> None:
    """Each due time that a calendar had to derive came back as a command, once."""
    commands = [row.command_id for row in streams.read_entries(site.database.ledger, incident)]
    for each in owed_by(site, incident, states):
        if each.effect.name == "derive_due":
            assert each.key in commands, f"never derived: {each.key}"
