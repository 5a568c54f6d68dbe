"""What must not be sold, shipped, shown or made where: the desired state of every channel.

What belongs here: reading it from the orders that stand, and whether it covers one thing on a
shelf. What never does: how a channel is brought there (integrations/), or whether it is (drift).

Several orders, of one incident or of several, may hold the same goods at one channel. What a
channel must not do is all of them together: goods are put back when the last of them has ended, and
lots that a recall takes back are never put back at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.state import Incident
from domain.taken_back import recalled_lots


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Goods that one order holds at one channel; no `lots` means all of the products.

    `recalled` goods are held for good, by no order that anybody could lift: `order` is then 0.
    """

    channel: str
    order: int
    level: str
    products: tuple[str, ...]
    lots: tuple[str, ...]
    since: datetime
    recalled: bool = False

    def covers(self, product: str, lot: str) -> bool:
        """Say whether a thing on a shelf is held; `lot` is "" where a shelf knows no lots.

        While an order stands, a shelf that cannot tell lots apart sells none of them. Once only the
        recalled lots are left, it may sell the product again: they were taken out of it by hand.
        """
        if product not in self.products:
            return False
        if not self.lots:
            return True
        return lot in self.lots or (not lot and not self.recalled)


def holds(incident: Incident) -> tuple[Hold, ...]:
    """List what an incident holds, by channel and order."""
    found = sorted(
        (*_ordered(incident), *_recalled(incident)), key=lambda hold: (hold.channel, hold.order)
    )
    return tuple(found)


def is_held_at(incident: Incident, channel: str) -> bool:
    """Say whether an incident holds anything at a channel."""
    return any(hold.channel == channel for hold in holds(incident))


def covered(standing: Iterable[Hold], product: str, lot: str) -> bool:
    """Say whether any hold covers a thing on a shelf."""
    return any(hold.covers(product, lot) for hold in standing)


def _ordered(incident: Incident) -> Iterator[Hold]:
    for order in incident.halt.orders:
        if order.lifted_at is not None:
            continue
        for channel in order.stopped:
            yield Hold(
                channel=channel,
                order=order.number,
                level=order.level,
                products=order.products,
                lots=order.lots,
                since=order.ordered_at,
            )


def _recalled(incident: Incident) -> Iterator[Hold]:
    """Recalled lots stay off the shelves of every channel that was ever ordered to stop them.

    So they do of one that joined its level later, when no order stood there that it could hear of.
    """
    lots = recalled_lots(incident)
    if not lots:
        return
    products = tuple(sorted({p for order in incident.halt.orders for p in order.products}))
    for channel, since in _ever_stopped(incident).items():
        yield Hold(
            channel=channel,
            order=0,
            level="",
            products=products,
            lots=lots,
            since=since,
            recalled=True,
        )


def _ever_stopped(incident: Incident) -> dict[str, datetime]:
    """Give the channels that orders ever stopped, or their levels, with since when."""
    levels = {order.level: order.ordered_at for order in incident.halt.orders}
    joined = {
        one.id: levels[one.level] for one in incident.halt.listed.values() if one.level in levels
    }
    return joined | {name: now.ordered_at for name, now in incident.halt.channels.items()}
