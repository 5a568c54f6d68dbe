"""What an order says lot by lot, for systems that are told and not changed item by item.

What belongs here: which lots of a product stop, go again, or stay off sale. What never does: a
protocol (a file each), or which goods are held (domain/desired.py).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.desired import Hold
from domain.envelope import ChannelOrder

KEEP: Final = "keep_off_sale"
"""What is said of lots beside an order to sell again: something else holds them, or a recall."""


def lots_of(order: ChannelOrder, product: str, held: Sequence[Hold]) -> Iterator[tuple[str, str]]:
    """Give what to do with each lot of a product; "" is every lot that is not named.

    `held` are all goods that are held at the channel now, by whichever incident.
    """
    if order.action != "resume":
        yield from ((order.action, lot) for lot in order.lots or ("",))
        return
    mine = [one for one in held if product in one.products]
    if any(not one.lots for one in mine):
        yield KEEP, ""
        return
    kept = {*order.kept, *(lot for one in mine for lot in one.lots)}
    yield from ((order.action, lot) for lot in order.lots or ("",) if lot not in kept)
    yield from ((KEEP, lot) for lot in sorted(kept))
