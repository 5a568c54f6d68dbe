"""A shop that a person can read: items with a state, a journal and holds in memory, and trouble.

What belongs here: a fake of each port of integrations/shelves.py. What never does: an assertion.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed
from integrations.channels import Address
from integrations.shelves import Change, Item, ItemKind, Outcome

State = dict[str, Any]


class PowerCut(Exception):
    """The process died; nothing after this line happened."""


@dataclass
class FakeShelf:
    """Items by their names there: product, lot, kind, state. `trouble` is what comes next.

    Each word of `trouble` is met by the next change: "ok", "refused" (nothing happens), "lost" (it
    happens and the answer is lost), "dies before", "dies after". What stands in `meanwhile` happens
    while the next change is on its way, one for each.
    """

    stock: dict[str, tuple[str, str, ItemKind, State]]
    trouble: list[str] = field(default_factory=list)
    writes: list[tuple[str, State]] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def items(self, _address: Address, products: Sequence[str]) -> Iterator[Item]:
        """Give what there is of these products."""
        for name in list(self.stock):
            if self.stock[name][0] in products:
                yield self._item(name)

    def item(self, _address: Address, change: Change) -> Item | None:
        """Give one item."""
        return self._item(change.item) if change.item in self.stock else None

    def take_off(self, _address: Address, item: Item, _order: ChannelOrder) -> State:
        """Hide an item; a count of what it held stays, as in a real shop."""
        return self._write(item.id, {**self.stock[item.id][3], "shown": False})

    def put_back(self, _address: Address, change: Change, _order: ChannelOrder) -> None:
        """Show it as before."""
        self._write(change.item, change.was)

    def _write(self, name: str, state: State) -> State:
        word = self.trouble.pop(0) if self.trouble else "ok"
        if word == "dies before":
            raise PowerCut
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if word == "refused":
            raise NotConfirmed("The shop is busy.", "It is tried again.")
        product, lot, kind, _state = self.stock[name]
        self.stock[name] = (product, lot, kind, deepcopy(state))
        self.writes.append((name, deepcopy(state)))
        if word == "dies after":
            raise PowerCut
        if word == "lost":
            raise NotConfirmed("No answer came.", "It is tried again.")
        return deepcopy(state)

    def _item(self, name: str) -> Item:
        product, lot, kind, state = self.stock[name]
        return Item(
            id=name, kind=kind, product=product, lot=lot,
            is_running=state["shown"], state=deepcopy(state), units=state.get("units"),
        )  # fmt: skip


@dataclass
class FakeHolds:
    """What is held, by whoever holds it."""

    by: dict[str, Hold] = field(default_factory=dict)

    def at(self, channel: str, _drill: str) -> list[Hold]:
        """List the holds at a channel."""
        return [hold for hold in self.by.values() if hold.channel == channel]


@dataclass
class FakeJournal:
    """What was changed."""

    changes: list[Change] = field(default_factory=list)
    ended: dict[int, tuple[Outcome, str]] = field(default_factory=dict)
    replies: dict[str, ChannelReply] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def finished(self, order: ChannelOrder) -> ChannelReply | None:
        """Give what came of an order."""
        return self.replies.get(order.effect_key)

    def finish(self, order: ChannelOrder, reply: ChannelReply) -> None:
        """Keep what came of it."""
        self.replies[order.effect_key] = reply

    def intend(self, order: ChannelOrder, item: Item) -> int:
        """Keep what an item was; the same item of the same order once."""
        for change in self.changes:
            if (change.effect_key, change.item) == (order.effect_key, item.id):
                if self.ended.pop(change.number, None) is not None:
                    begun = replace(change, was=deepcopy(item.state), became=None)
                    self.changes[change.number - 1] = begun
                return change.number
        number = len(self.changes) + 1
        made = Change(
            number=number, effect_key=order.effect_key, item=item.id, kind=item.kind,
            product=item.product, lot=item.lot, was=deepcopy(item.state), became=None,
            units=item.units, begun_at=self.now,
        )  # fmt: skip
        self.changes.append(made)
        return number

    def note(self, number: int, became: State) -> None:
        """Keep what it became."""
        self.changes[number - 1] = replace(self.changes[number - 1], became=deepcopy(became))

    def of_order(self, effect_key: str) -> list[Change]:
        """List what an order changed."""
        return [one for one in self.changes if one.effect_key == effect_key]

    def standing(self, _channel: str, _drill: str) -> list[Change]:
        """List what is not over, the latest first."""
        return [one for one in self.changes if one.number not in self.ended][::-1]

    def ended_by(self, effect_key: str) -> list[tuple[Change, Outcome]]:
        """List what an order ended."""
        return [
            (self.changes[number - 1], outcome)
            for number, (outcome, key) in self.ended.items()
            if key == effect_key
        ]

    def end(self, change: Change, outcome: Outcome, order: ChannelOrder) -> None:
        """Keep that a change is over."""
        self.ended.setdefault(change.number, (outcome, order.effect_key))
