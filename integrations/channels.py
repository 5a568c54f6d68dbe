"""The port to sales channels, and which adapter speaks to which channel.

What belongs here: the port, the choice, one HTTP adapter's shared rules. What never does: one
channel's own protocol (one file each), retries (Temporal's), or a rule of the plan.

An adapter brings one order, and the same `effect_key` again counts once at the receiver.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How a channel is reached: adapter name, its address there, its name for people, its kind."""

    channel: str
    adapter: str
    address: str
    name: str
    language: str = "en"
    kind: str = ""


class ChannelGateway(Protocol):
    """The port: bring one order to one channel."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Bring the order. Raises AndonError when the channel cannot be reached now."""


class AddressBook(Protocol):
    """Where channels are found; the storage room has one, tests have another."""

    def address(self, channel: str) -> Address:
        """Give a channel's address; raises NotFound."""


class Adapters:
    """The adapters of one installation, by name."""

    def __init__(self, book: AddressBook, gateways: Mapping[str, ChannelGateway]) -> None:
        """Keep the address book and the gateways by adapter name."""
        self._book = book
        self._gateways = dict(gateways)

    def bring(self, order: ChannelOrder) -> ChannelReply:
        """Bring an order through the channel's adapter. Raises NotFound when there is none."""
        address = self._book.address(order.channel)
        gateway = self._gateways.get(address.adapter)
        if gateway is None:
            raise NotFound(
                f"Channel {order.channel} names adapter {address.adapter!r}, which is not here.",
                f"Known adapters: {', '.join(sorted(self._gateways))}.",
            )
        reply = gateway.bring(order, address)
        if order.action == "resume" and reply.state in ("accepted", "confirmed"):
            return ChannelReply("resumed", reply.proof)
        return reply
