"""The port to sales channels, and which adapter speaks to which channel.

What belongs here: the port, the choice, one HTTP adapter's shared rules. What never does: one
channel's own protocol (one file each), retries (Temporal's), or a rule of the plan.

An adapter brings one order, and the same `effect_key` again counts once at the receiver. What every
adapter keeps is tested for each of them (tests/integrations/test_every_adapter.py).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from domain.envelope import FOLLOWED, WAITS, ChannelOrder, ChannelReply
from domain.errors import NotFound
from domain.wire import INT_LIMIT, countable, one_line

LIFTED: Final = ChannelReply("accepted", proof="lifted before it was brought: nothing is sent")

BEHIND: Final = {WAITS: ChannelReply(""), FOLLOWED: ChannelReply(FOLLOWED)}
"""What comes of the letter of an order that goes out anew behind another: it leaves once, then.

While it waits there is no answer, and it is asked for again: the other may never leave.
"""

SHOWN: Final = 5
"""How many items are named where there are several."""

NOTHING_SENT: Final = "a drill: nothing is sent"
SAID_AT_MOST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How a channel is reached: adapter name, its address there, its name for people, its kind."""

    channel: str
    adapter: str
    address: str
    name: str
    language: str = "en"
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenGoods:
    """Goods of one product and lot that still run: in an item of the channel, with its units."""

    item: str
    product: str
    lot: str
    is_offer: bool
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a look at a channel found still running of the goods that are held there.

    `offers` can be bought, with `units` where the channel counts them; `unshipped` are orders that
    are paid and on their way out; `items` names the first of both as the channel does. `goods` are
    all of them by product and lot, where the channel knows those.
    """

    offers: int
    units: int | None = None
    unshipped: int = 0
    items: Sequence[str] = ()
    goods: Sequence[SeenGoods] = ()

    @property
    def is_clean(self) -> bool:
        """Say whether nothing was found."""
        return not self.offers and not self.unshipped

    def of(self, covers: Callable[[str, str], bool]) -> "Sighting":
        """Give what was found of some goods alone, by product and lot; all where they are not told.

        What one incident holds there is none of another's.
        """
        if not self.goods:
            return self
        return sighted(one for one in self.goods if covers(one.product, one.lot))


def sighted(goods: Iterable[SeenGoods]) -> Sighting:
    """Count what was found; an item with several products of ours counts once."""
    found = tuple(goods)
    offers = [one for one in found if one.is_offer]
    counted = [one.units for one in offers if one.units is not None]
    return Sighting(
        offers=len({one.item for one in offers}),
        units=countable(sum(counted)) if counted else None,
        unshipped=len({one.item for one in found if not one.is_offer}),
        items=list(dict.fromkeys(one.item for one in found))[:SHOWN],
        goods=found,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswer:
    """What a channel answered after the order was brought: to which order of which incident."""

    incident: str
    order: int
    reply: ChannelReply


class ChannelGateway(Protocol):
    """The port: bring one order to one channel."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Bring the order. Raises AndonError when the channel cannot be reached now."""


@runtime_checkable
class LookingGateway(ChannelGateway, Protocol):
    """The port of a channel that can be looked at: what still runs there."""

    def look(self, channel: str, drill: str, address: Address) -> Sighting:
        """Look. Raises AndonError when the channel cannot be reached now."""


@runtime_checkable
class AnsweringGateway(ChannelGateway, Protocol):
    """The port of a channel that takes an order now and answers it later."""

    def answers(self, channel: str, drill: str, address: Address) -> Sequence[LateAnswer]:
        """Give the answers that are there. Raises AndonError when they cannot be read now."""


@runtime_checkable
class BookingGateway(ChannelGateway, Protocol):
    """The port of a system that keeps books of goods: it hears anew when a recall changes."""

    def book(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Tell what the goods of an order that stands are now. Raises AndonError as `bring`."""


class AddressBook(Protocol):
    """Where channels are found; the storage room has one, tests have another."""

    def address(self, channel: str) -> Address:
        """Give a channel's address; raises NotFound."""


ALL_HELD: Final = ChannelReply(
    "confirmed",
    proof="Nothing goes on sale here: other orders still stop all of it.",
    all_held=True,
)
"""What comes of an order to sell again that names nothing that may be sold: nothing is sent."""


def recordable(reply: ChannelReply) -> ChannelReply:
    """Give a channel's answer as it can be recorded, whatever signs and numbers it came with."""
    return replace(
        reply,
        proof=one_line(reply.proof, SAID_AT_MOST),
        error=one_line(reply.error, SAID_AT_MOST),
        units=countable(reply.units),
        orders=countable(reply.orders),
        order_units=countable(reply.order_units),
    )


class Adapters:
    """The adapters of one installation, by name."""

    def __init__(
        self,
        book: AddressBook,
        gateways: Mapping[str, ChannelGateway],
        *,
        at_home: Collection[str] = (),
    ) -> None:
        """Keep the address book and the gateways by adapter name.

        Those `at_home` lead to nobody outside: they alone take the orders of a drill.
        """
        self._book = book
        self._gateways = dict(gateways)
        self._at_home = frozenset(at_home)

    def bring(self, order: ChannelOrder) -> ChannelReply:
        """Bring an order through the channel's adapter. Raises NotFound when there is none."""
        address = self._book.address(order.channel)
        gateway = self._gateway(address)
        if order.is_lifted:
            return LIFTED
        if self._is_out_of_reach(address, order.drill):
            reply = ChannelReply("accepted", proof=NOTHING_SENT)
        else:
            reply = recordable(gateway.bring(order, address))
        if order.action == "resume" and reply.state == "confirmed":
            # One that was merely handed over has let nobody sell: it stays accepted.
            return replace(reply, state="resumed")
        return reply

    def book(
        self, order: ChannelOrder, filled: Callable[[ChannelOrder], ChannelOrder]
    ) -> ChannelReply | None:
        """Tell what goods are now; None where nobody keeps books. Raises NotFound as `bring`.

        `filled` adds what an order says; it is not asked for channels that hear nothing.
        """
        address = self._book.address(order.channel)
        gateway = self._gateway(address)
        if not isinstance(gateway, BookingGateway) or self._is_out_of_reach(address, order.drill):
            return None
        told = filled(order)
        return None if told.is_lifted else recordable(gateway.book(told, address))

    def is_listed(self, channel: str) -> bool:
        """Say whether the company still has a channel."""
        try:
            self._book.address(channel)
        except NotFound:
            return False
        return True

    def look(self, channel: str, drill: str = "") -> Sighting | None:
        """Look at a channel; None where its adapter cannot. Raises NotFound when there is none."""
        address = self._book.address(channel)
        gateway = self._gateway(address)
        if not isinstance(gateway, LookingGateway) or self._is_out_of_reach(address, drill):
            return None
        seen = gateway.look(channel, drill, address)
        return replace(
            seen,
            offers=min(seen.offers, INT_LIMIT - 1),
            units=countable(seen.units),
            unshipped=min(seen.unshipped, INT_LIMIT - 1),
        )

    def answers(self, channel: str, drill: str = "") -> Sequence[LateAnswer]:
        """Give what a channel answered later; nothing where its adapter answers at once."""
        address = self._book.address(channel)
        gateway = self._gateway(address)
        if not isinstance(gateway, AnsweringGateway) or self._is_out_of_reach(address, drill):
            return ()
        told = gateway.answers(channel, drill, address)
        return [replace(one, reply=recordable(one.reply)) for one in told]

    def _is_out_of_reach(self, address: Address, drill: str) -> bool:
        """Say whether a drill would reach somebody real there."""
        return bool(drill) and address.adapter not in self._at_home

    def _gateway(self, address: Address) -> ChannelGateway:
        gateway = self._gateways.get(address.adapter)
        if gateway is None:
            raise NotFound(
                f"Channel {address.channel} names adapter {address.adapter!r}, which is not here.",
                f"Known adapters: {', '.join(sorted(self._gateways))}.",
            )
        return gateway
