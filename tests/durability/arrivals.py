"""What the ledger's entries owe the world, and what arrived there.

What belongs here: working out, from entries and the company's lists alone, every key that some
receiver must have seen and what must stand under it, and reading what the receivers saw. What never
does: how it got there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from activities.messages import letters
from activities.press import HANDED_OVER
from activities.speaking import Speeches
from activities.unseen_duties import told_by_sweep
from domain.dispatch import Effect
from domain.envelope import Told
from domain.ledger import Entry, read_entry
from domain.plot import effects
from domain.review import IncidentReopened
from domain.state import Incident, StreamState
from domain.statement import StatementDrafted
from domain.statement_places import is_by_hand
from domain.values import is_case
from storage import catalog, outbox, publications, streams
from storage.engine import read
from storage.people import Person, list_people
from storage.schema import effects as performed
from tests.domain.story import rules
from tests.durability.home import Installation
from workflows import ids

EVERYTHING = 1_000_000
RECEIVERS = ("outbox", "webhook", "demo_shop", "site")
TOLD = ("recipient", "language", "subject", "body", "audience")
"""What is compared of a message: for whom it is and what it says, not when it was written."""

ACTIONS = {"halt": "halt", "halt_again": "halt", "resume": "resume"}
"""What an effect orders: what goes out anew is a halt too, under a key of its own entry."""

Arrived = dict[str, dict[str, Any]]
"""By receiver: what stands under each key."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One effect, and the workflow that owes it."""

    workflow: str
    effect: Effect

    @property
    def key(self) -> str:
        """Give the key of the effect as a whole."""
        return self.key_for(self.effect.target)

    def key_for(self, target: str) -> str:
        """Give the key of the effect at one of its targets."""
        return ids.effect_key(self.workflow, self.effect.seq, self.effect.name, target)


def owed_by(kept: Installation, stream: str, states: Sequence[StreamState]) -> list[Owed]:
    """Give every effect that the entries of an incident or case imply."""
    owed, run = [], 1
    for row in streams.read_entries(kept.database.ledger, stream):
        entry: Entry = read_entry(row.content)
        before, after = states[entry.seq - 1], states[entry.seq]
        # Reopening what was sealed is the first entry of the next run.
        if isinstance(before, Incident) and isinstance(entry.event, IncidentReopened):
            run += before.review.closed_at is not None
        workflow = stream if is_case(stream) else ids.incident_workflow(stream, run)
        owed += [Owed(workflow, each) for each in effects(after, entry.event, entry.mark())]
    return owed


def children_of(incident: str, owed: list[Owed]) -> set[str]:
    """Give the ids of the performers that must have run."""
    children = set()
    for each in owed:
        body = each.effect.body
        if each.effect.name == "halt":
            children.add(ids.halt_workflow(incident, int(each.effect.target)))
        elif each.effect.name == "halt_again":
            number = int(each.effect.target)
            children.add(ids.halt_again_workflow(incident, number, each.effect.seq))
        elif each.effect.name == "resume":
            children.add(ids.resume_workflow(incident, each.effect.target))
        elif each.effect.name == "publish":
            children.add(
                ids.publish_workflow(incident, body["statement"], body["version"], body["order"])
            )
    return children


# ---------------------------------------------------------------- what is owed


def what_is_owed(
    kept: Installation, incident: str, owed: list[Owed], sent: Mapping[str, outbox.Message]
) -> Arrived:
    """Give, by receiver, every key that must have arrived there and what must stand under it.

    `sent` is the outbox: a letter says how long is left from when it was written.
    """
    adapters = {
        item.id: str(item.document["adapter"])
        for item in catalog.list_items(kept.database.ledger, "channel")
    }
    found: Arrived = {receiver: {} for receiver in RECEIVERS}
    for each in owed:
        if each.effect.name == "tell":
            found["outbox"] |= dict(_letters(kept, incident, each, sent))
        elif each.effect.name in ACTIONS:
            action = ACTIONS[each.effect.name]
            for channel in each.effect.body["channels"]:
                told = _order(incident, each.effect, action, channel)
                what = _left_by(each.effect, action)
                key = ids.effect_key(each.workflow, each.effect.seq, what, channel)
                found[adapters[channel]][key] = told
        elif each.effect.name == "publish":
            for receiver, key, told in _published(kept, incident, each):
                found[receiver][key] = told
    return found


def _left_by(effect: Effect, action: str) -> str:
    """Name what leaves by an entry that may order several things at one channel."""
    may_be_several = effect.name == "halt_again" or "-beside-" in effect.target
    return f"{action}/{effect.target}" if may_be_several else action


def _letters(
    kept: Installation, incident: str, owed: Owed, sent: Mapping[str, outbox.Message]
) -> Iterator[tuple[str, Any]]:
    """Give the message for everybody who is told, word for word as the entry says."""
    told = Told(owed.key, incident, "", owed.effect.body)
    speeches = Speeches(kept.database.ledger)
    for person in _asked(kept, owed.effect.body):
        there = sent.get(f"{owed.key}:{person.id}")
        at = there.created_at if there else None
        if there is None and _knows_by_sweep(kept, told, person):
            continue
        for letter in letters(told, [person], speeches, kept.console_url, at):
            yield letter.effect_key, _words(letter)


def _knows_by_sweep(kept: Installation, told: Told, person: Person) -> bool:
    """Say whether the house's own alarm told the same before the incident moved again."""
    heard = told_by_sweep(told)
    return bool(heard and outbox.kept_at(kept.database.bulk, [f"{heard}:{person.id}"]))


def _asked(kept: Installation, body: Mapping[str, Any]) -> Iterator[Person]:
    """Give who is told: who holds a role that is asked, its deputies when they may act."""
    roles = {str(role) for role in body.get("roles", ())}
    for person in list_people(kept.database.ledger):
        deputises = body.get("deputies") and roles & set(person.deputy_for)
        if roles & set(person.roles) or deputises or person.id == (body.get("person") or None):
            yield person


def _words(message: outbox.Message) -> dict[str, str]:
    return {name: getattr(message, name) for name in TOLD}


def _order(incident: str, effect: Effect, action: str, channel: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": channel,
        "drill": "",
        "incident": incident,
        "kept_lots": effect.body.get("kept", []),
        "level": effect.body.get("level", ""),
        "lots": effect.body["lots"],
        "order": int(effect.target) if action == "halt" else 0,
        "products": effect.body["products"],
    }


def _published(
    kept: Installation, incident: str, owed: Owed
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give what must stand at each place: the approved bytes, or the exact words to bring there."""
    body = owed.effect.body
    (row,) = streams.read_entries(kept.database.ledger, incident, body["entry"], body["entry"])
    drafted = read_entry(row.content).event
    assert isinstance(drafted, StatementDrafted)
    assert drafted.bundle(incident).sha256() == body["sha256"]
    for place in body["places"]:
        if not is_by_hand(place):
            content = drafted.bundle(incident).content()
            yield "site", f"{body['statement']}/{body['version']}/{place}", {"content": content}
            continue
        for text in drafted.texts:
            words = {"subject": str(text.title), "body": str(text.body), "recipient": place}
            words |= {"language": text.language, "audience": HANDED_OVER}
            yield "outbox", f"{owed.key_for(place)}:{text.language}", words


# ---------------------------------------------------------------- what arrived


def what_arrived(kept: Installation, incident: str) -> Arrived:
    """Give, by receiver, what arrived for an incident."""
    messages = outbox.list_messages(kept.database.bulk, incident=incident, limit=EVERYTHING)
    texts = publications.list_texts(kept.database.ledger, incident=incident)
    with read(kept.database.ledger) as connection:
        chosen = performed.c.effect_key.like(f"{incident}/%")
        shelf = connection.execute(sa.select(performed).where(chosen)).all()
    return {
        # The house's own alarm is about an incident, not by it.
        "outbox": {m.effect_key: m for m in messages if not m.effect_key.startswith("sweep:")},
        "webhook": kept.sink.orders(incident),
        "demo_shop": {row.effect_key: row for row in shelf},
        "site": {f"{each.statement}/{each.version}/{each.place}": each for each in texts},
    }


def assert_arrived(kept: Installation, incident: str, states: Sequence[StreamState]) -> int:
    """What arrived is what is owed: nothing is missing, nothing else came; counts the keys."""
    arrived = what_arrived(kept, incident)
    owed = what_is_owed(kept, incident, owed_by(kept, incident, states), arrived["outbox"])
    for receiver, keys in owed.items():
        missing, foreign = keys.keys() - arrived[receiver], arrived[receiver].keys() - keys
        assert not missing, f"never arrived at {receiver}: {sorted(missing)[:5]}"
        assert not foreign, f"arrived at {receiver} without an entry: {sorted(foreign)[:5]}"
        for key, told in keys.items():
            _assert_same(kept, receiver, key, told, arrived[receiver][key])
    return sum(map(len, owed.values()))


def _assert_same(
    kept: Installation, receiver: str, key: str, owed: dict[str, Any], arrived: Any
) -> None:
    """What stands under a key says what its entry says."""
    if receiver == "webhook":
        there = {name: arrived[name] for name in owed}  # beside what is said to people
        assert there == owed, f"{key} is another order than the ledger's"
    elif receiver == "demo_shop":
        kind = {"halt": "halt_sale", "resume": "resume_sale"}[owed["action"]]
        assert (arrived.kind, arrived.target) == (kind, owed["channel"]), key
    elif receiver == "site":
        assert arrived.content == owed["content"], f"{key}: other bytes than were approved"
    elif "action" in owed:
        _assert_letter(kept, key, owed, arrived)
    else:
        there = {name: asdict(arrived)[name] for name in owed}
        assert there == owed, f"{key} says something else than the ledger"


def _assert_letter(
    kept: Installation, key: str, order: dict[str, Any], letter: outbox.Message
) -> None:
    """A letter names incident, order and what it stops, every product by its name, every lot.

    What is ordered stands in its subject and its body: whoever reads one of them alone knows it.
    """
    assert letter.audience == "channel", key
    named = [_name_of(kept, product, letter.language) for product in order["products"]]
    named += order["lots"]
    for text in (letter.subject, letter.body):
        assert all(name in text for name in named), f"{key} does not name all of {named}: {text}"
    told = [order["incident"]]
    if order["action"] == "halt":
        level = rules().plan.halt[order["level"]]
        told += [str(order["order"]), level.name_zh if letter.language == "zh" else level.name_en]
    assert all(one in letter.body for one in told), f"{key} does not say all of {told}: {letter}"


def _name_of(kept: Installation, product: str, language: str) -> str:
    item = catalog.item(kept.database.ledger, "product", product)
    return item.name_zh if language == "zh" else item.name_en


def assert_due_times_came_back(
    kept: Installation, incident: str, states: Sequence[StreamState]
) -> None:
    """Each due time that a calendar had to derive came back as a command, once."""
    commands = [row.command_id for row in streams.read_entries(kept.database.ledger, incident)]
    for each in owed_by(kept, incident, states):
        if each.effect.name == "derive_due":
            assert each.key in commands, f"never derived: {each.key}"
