"""Channels that can be looked at and changed item by item: shops with an interface of their own.

What belongs here: how a shelf is brought to what must not be sold, how it is put back exactly as it
was, and how it is seen to sell after all; the same for every shop. What never does: one shop's own
protocol (a file each), retries (Temporal's), or which goods are held (domain/desired.py).

Before an item is changed, what it was is written down. So a shelf can be put back to the byte,
whoever dies in the middle; a repeat finds what was done and does the rest. What somebody else
changed meanwhile is left as they left it, and told. Two orders that meet at one shelf do not undo
each other: each looks at all goods that are held now, never at its own order alone. Nor do two that
are at work at one moment: whoever changed something last looks once more at what is held.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from domain.desired import Hold, covered
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import AndonError, NotConfirmed
from integrations.channels import SHOWN, Address, SeenGoods, Sighting, sighted

Json = dict[str, Any]

LONGEST_AT_WORK: Final = timedelta(minutes=40)
"""An order is at work no longer (workflows/calls.py): what did not arrive by then never will."""

TURNS: Final = 20
"""How often an order looks again at what it changed, while others change it too."""


class ItemKind(StrEnum):
    """What an item is: an offer that can be bought, or an order that is paid and not yet sent."""

    OFFER = "offer"
    UNSHIPPED = "unshipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a channel, as the channel tells it now.

    `id` is its name there, `product` ours, `lot` "" where the channel knows no lots. `is_running`:
    it can be bought, or is on its way out. `state` is all that a halt changes and that is needed to
    put it back; `units` are those it stands for, where the channel counts them.
    """

    id: str
    kind: ItemKind
    product: str
    lot: str
    is_running: bool
    state: Json
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item that a halt changed and nobody put back: what it was, and what it became.

    `became` is None where it is not known whether the change arrived.
    """

    number: int
    effect_key: str
    item: str
    kind: ItemKind
    product: str
    lot: str
    was: Json
    became: Json | None
    units: int | None
    begun_at: datetime


class Outcome(StrEnum):
    """How a change ended."""

    RESTORED = "restored"
    UNTOUCHED = "untouched"
    CHANGED_BY_OTHERS = "changed_by_others"
    GONE = "gone"


class Shelf(Protocol):
    """What one shop's own file does: list, take off, put back. Each raises AndonError."""

    def items(self, address: Address, products: Sequence[str]) -> Iterable[Item]:
        """Give every item of these products, running or not."""

    def item(self, address: Address, change: Change) -> Item | None:
        """Give one item as it is now; None when it is there no more."""

    def take_off(self, address: Address, item: Item, order: ChannelOrder) -> Json:
        """Stop an item; give its state afterwards. Done again, it changes nothing."""

    def put_back(self, address: Address, change: Change, order: ChannelOrder) -> None:
        """Bring an item back to what it was."""


@runtime_checkable
class MixedShelf(Shelf, Protocol):
    """A shelf whose items may hold several products of ours: a parcel, an offer of all sizes.

    `items` gives such an item once for each of the products that it was asked for.
    """

    def also_in(self, address: Address, change: Change, products: Sequence[str]) -> Sequence[str]:
        """Name those of the products that are in an item; none when it is there no more."""


class Journal(Protocol):
    """What was changed at a channel, written down before it is; outlives every process."""

    def finished(self, order: ChannelOrder) -> ChannelReply | None:
        """Give what came of an order that was carried out before."""

    def finish(self, order: ChannelOrder, reply: ChannelReply) -> None:
        """Write down what came of an order."""

    def intend(self, order: ChannelOrder, item: Item) -> int:
        """Write down what an item is before it is changed; give the number of the change."""

    def note(self, number: int, became: Json) -> None:
        """Write down what it became."""

    def of_order(self, effect_key: str) -> Sequence[Change]:
        """List what an order changed."""

    def standing(self, channel: str, drill: str) -> Sequence[Change]:
        """List what was changed and not put back at a channel, the latest first."""

    def ended_by(self, effect_key: str) -> Sequence[tuple[Change, Outcome]]:
        """List what an order put back, with how each change ended."""

    def end(self, change: Change, outcome: Outcome, order: ChannelOrder) -> None:
        """Write down that a change is over."""


class Desired(Protocol):
    """Which goods are held at a channel now, by all incidents together."""

    def at(self, channel: str, drill: str) -> Sequence[Hold]:
        """List the holds."""


class ShelfGateway:
    """Brings orders to a shelf, and looks at it."""

    def __init__(
        self,
        shelf: Shelf,
        journal: Journal,
        desired: Desired,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Keep the shop's own file, the journal, what is held, and the clock."""
        self._now = now
        self._shelf = shelf
        self._journal = journal
        self._desired = desired

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Bring the shelf to what is held now; the same order again is answered alike.

        Raises NotConfirmed when some of it could not be done: what could, is, and what is left is
        tried again.
        """
        before = self._journal.finished(order)
        if before is not None:
            return before
        carry = self._resume if order.action == "resume" else self._halt
        reply = carry(order, address)
        self._journal.finish(order, reply)
        return reply

    def look(self, channel: str, drill: str, address: Address) -> Sighting:
        """Say what still runs of the goods that are held."""
        held = self._desired.at(channel, drill)
        products = sorted({product for hold in held for product in hold.products})
        found = self._shelf.items(address, products) if products else ()
        return sighted(
            SeenGoods(
                item=item.id,
                product=item.product,
                lot=item.lot,
                is_offer=item.kind is ItemKind.OFFER,
                units=item.units,
            )
            for item in found
            if item.is_running and covered(held, item.product, item.lot)
        )

    # ------------------------------------------------------------ halt

    def _halt(self, order: ChannelOrder, address: Address) -> ChannelReply:
        failed: list[str] = []
        tried: set[str] = set()
        self._note_what_is_not_known(order, address)
        for item in self._shelf.items(address, order.products):
            if item.id in tried or not item.is_running:
                continue
            if covered(self._held(order), item.product, item.lot):
                tried.add(item.id)
                failed += self._take_off(order, address, item)
        failed += self._settle(order, address)
        if failed:
            raise _left_over(address, failed)
        return _stopped(self._journal.of_order(order.effect_key))

    def _held(self, order: ChannelOrder) -> Sequence[Hold]:
        """Give what is held at this very moment: orders come and end while others are at work."""
        return self._desired.at(order.channel, order.drill)

    def _settle(self, order: ChannelOrder, address: Address) -> list[str]:
        """Look once more at what this order changed, until nothing is left to mend.

        Whoever changed a shelf last looks at what is held after that: so it does not matter which
        of two opposite orders was at work the longer.
        """
        failed: list[str] = []
        for _ in range(TURNS):
            mended = 0
            for mend, changes in (
                (self._let_go, self._journal.of_order(order.effect_key)),
                (self._stop_again, self._put_back_by(order)),
            ):
                for change in changes:
                    try:
                        mended += mend(order, address, change)
                    except AndonError as error:
                        failed.append(f"{change.item}: {error.sentence}")
            if failed or not mended:
                break
        return failed

    def _let_go(self, order: ChannelOrder, address: Address, change: Change) -> bool:
        """Put back what this order stopped and nothing holds any more; say whether it was so."""
        held = self._held(order)
        if self._is_covered(order, address, change, held):
            return False
        outcome = self._put_back(order, address, change)
        self._journal.end(change, outcome, order)
        return outcome is Outcome.RESTORED

    def _put_back_by(self, order: ChannelOrder) -> list[Change]:
        ended = self._journal.ended_by(order.effect_key)
        return [change for change, outcome in ended if outcome is Outcome.RESTORED]

    def _stop_again(self, order: ChannelOrder, address: Address, change: Change) -> bool:
        """Stop what this order put back while it came to be held; say whether it was so."""
        held = self._held(order)
        if not held or not self._is_covered(order, address, change, held):
            return False
        now = self._shelf.item(address, change)
        if now is None or not now.is_running:
            return False
        number = self._journal.intend(order, now)
        self._journal.note(number, self._shelf.take_off(address, now, order))
        return True

    def _is_covered(
        self, order: ChannelOrder, address: Address, change: Change, held: Sequence[Hold]
    ) -> bool:
        if covered(held, change.product, change.lot):
            return True
        goods = self._goods(order, address, change, held)
        return any(covered(held, product, change.lot) for product in goods)

    def _take_off(self, order: ChannelOrder, address: Address, item: Item) -> list[str]:
        number = self._journal.intend(order, item)
        try:
            became = self._shelf.take_off(address, item, order)
        except AndonError as error:
            return [f"{item.id}: {error.sentence}"]
        self._journal.note(number, became)
        return []

    def _note_what_is_not_known(self, order: ChannelOrder, address: Address) -> None:
        """A change that was begun and whose answer was lost: what it became is asked for."""
        for change in self._journal.of_order(order.effect_key):
            if change.became is None:
                now = self._shelf.item(address, change)
                if now is not None and not now.is_running:
                    self._journal.note(change.number, now.state)

    # ------------------------------------------------------------ resume

    def _resume(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Undo in reverse what was done, but for goods that something else holds."""
        failed: list[str] = []
        kept = 0
        for change in self._journal.standing(order.channel, order.drill):
            held = self._held(order)
            try:
                goods = self._goods(order, address, change, held)
                if goods.isdisjoint(order.products):
                    continue
                if any(covered(held, product, change.lot) for product in goods):
                    kept += 1
                    continue
                outcome = self._put_back(order, address, change)
                if outcome is Outcome.UNTOUCHED and self._may_be_under_way(change):
                    continue
            except AndonError as error:
                failed.append(f"{change.item}: {error.sentence}")
                continue
            self._journal.end(change, outcome, order)
        failed += self._settle(order, address)
        if failed:
            raise _left_over(address, failed)
        # From the journal: an attempt that was cut off put some of them back already.
        return _resumed(self._journal.ended_by(order.effect_key), kept)

    def _may_be_under_way(self, change: Change) -> bool:
        """Say whether a change that is not to be seen may still arrive: its order sees to it."""
        return change.became is None and self._now() - change.begun_at < LONGEST_AT_WORK

    def _goods(
        self, order: ChannelOrder, address: Address, change: Change, held: Sequence[Hold]
    ) -> set[str]:
        """Give the products of an item: a parcel with two goes on when neither is held."""
        goods = {change.product}
        if isinstance(self._shelf, MixedShelf):
            others = {*order.products, *(product for hold in held for product in hold.products)}
            if asked := sorted(others - goods):
                goods.update(self._shelf.also_in(address, change, asked))
        return goods

    def _put_back(self, order: ChannelOrder, address: Address, change: Change) -> Outcome:
        now = self._shelf.item(address, change)
        if now is None:
            return Outcome.GONE
        if now.state == change.was:
            return Outcome.UNTOUCHED
        if change.became is not None and now.state != change.became:
            return Outcome.CHANGED_BY_OTHERS
        self._shelf.put_back(address, change, order)
        return Outcome.RESTORED


def _left_over(address: Address, failed: Sequence[str]) -> NotConfirmed:
    more = f" and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
    return NotConfirmed(
        f"{address.name} could not change {len(failed)} of its items: "
        f"{'; '.join(failed[:SHOWN])}{more}.",
        "What was changed stays so; the rest is tried again.",
    )


def _stopped(changes: Sequence[Change]) -> ChannelReply:
    """Say what changed on the shelf (api/title_words.py has these sentences for pages)."""
    offers = [one for one in changes if one.kind is ItemKind.OFFER]
    unshipped = [one for one in changes if one.kind is ItemKind.UNSHIPPED]
    told = [
        "Nothing of it was on sale here."
        if not offers
        else "Taken off sale: 1 offer."
        if len(offers) == 1
        else f"Taken off sale: {len(offers)} offers."
    ]
    if unshipped:
        told.append(f"Held back: {len(unshipped)} paid and unshipped.")
    return ChannelReply(
        "confirmed",
        proof=" ".join(told),
        units=_sum(offers),
        orders=len(unshipped) or None,
        order_units=_sum(unshipped),
    )


NOTHING_AGAIN: Final = (
    "Nothing goes on sale here: an order still stops other goods of the same offers."
)


def _resumed(ended: Sequence[tuple[Change, Outcome]], kept: int) -> ChannelReply:
    restored = [change for change, outcome in ended if outcome is Outcome.RESTORED]
    offers = sum(change.kind is ItemKind.OFFER for change in restored)
    left = sum(outcome in (Outcome.CHANGED_BY_OTHERS, Outcome.GONE) for _, outcome in ended)
    told = [
        "On sale again: 1 offer."
        if offers == 1
        else f"On sale again: {offers} offers."
        if offers
        else NOTHING_AGAIN
        if kept and not left
        else "Everything was on sale already."
    ]
    if unshipped := len(restored) - offers:
        told.append(f"Sent on: {unshipped} paid and unshipped.")
    if kept:
        told.append(f"Still held: {kept}.")
    if left:
        told.append(f"Changed by others meanwhile and left so: {left}.")
    all_held = bool(kept) and not left and not restored
    return ChannelReply("confirmed", proof=" ".join(told), all_held=all_held)


def _sum(items: Iterable[Item | Change]) -> int | None:
    counted = [one.units for one in items if one.units is not None]
    return sum(counted) if counted else None
