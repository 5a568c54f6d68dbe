"""Stage `halt`: goods that are on sale again at channels which are told to resume the rest.

What belongs here: leaving them out of what is told, so that nobody is told twice that the same may
be sold. What never does: freeing goods (domain/resuming_goods.py), or what is remembered of them
(domain/freed_goods.py).
"""

from collections.abc import Collection, Iterable

from domain.goods_in_pairs import Goods, Pair, lots_named, pairs_of
from domain.state import Incident
from domain.state.halt import HaltOrder


def without_sold(incident: Incident, goods: Goods, channels: Iterable[str]) -> Goods:
    """Give goods without the products and lots that are sold again at each of these channels.

    Only what was freed by decision counts, and nothing of it that an order stops there now. Where
    nothing is left, all of it stays named.
    """
    orders = incident.halt.orders
    if not any(order.freed for order in orders):
        return goods
    named = lots_named(incident)
    wanted = pairs_of(*goods, named)
    left: set[Pair] = set()
    for channel in _one_of_each(orders, channels):
        there = [order for order in orders if channel in order.channels]
        left |= wanted - _sold(there, channel, named)
    if not left:
        return goods
    of, which = {product for product, _ in left}, {lot for _, lot in left}
    products, lots = goods
    return tuple(one for one in products if one in of), tuple(one for one in lots if one in which)


def _one_of_each(orders: Iterable[HaltOrder], channels: Iterable[str]) -> Iterable[str]:
    """Give one channel of those that had the same orders, of which the same is sold again."""
    listed = [(set(o.channels), set(o.resumed), set(o.freed)) for o in orders]
    found: dict[tuple[tuple[bool, ...], ...], str] = {}
    for channel in channels:
        had = tuple(tuple(channel in each for each in one) for one in listed)
        found.setdefault(had, channel)
    return found.values()


def _sold(there: Collection[HaltOrder], channel: str, named: Collection[str]) -> set[Pair]:
    """Give what was freed of orders at a channel, and is not stopped there."""
    freed: set[Pair] = set()
    stopped: set[Pair] = set()
    for order in there:
        pairs = pairs_of(order.products, order.lots, named)
        if channel in order.freed:
            parts = (one for one in there if one.part_of == order.number)
            gone_on = (pair for one in parts for pair in pairs_of(one.products, one.lots, named))
            freed |= pairs.difference(gone_on)
        if order.lifted_at is None and channel in order.stopped:
            stopped |= pairs
    return freed - stopped
