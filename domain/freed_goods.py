"""Stage `halt`: what stays known of goods that were freed of an order while its level stands.

What belongs here: which goods are stopped at a channel, or were freed there by decision, so that no
report of the same stops them again; what a recall takes back of them; when it is forgotten. What
never does: freeing them (domain/resuming_goods.py).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from domain.goods_in_pairs import Goods, Pair, goods_of, lots_named, pairs_of
from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots, takes_back_all


def is_in_pairs(incident: Incident, level: str) -> bool:
    """Say whether goods of a level must be asked for one by one, at each channel, while it stands.

    So it is once some were freed, and where sale resumed before a recall took goods back.
    """
    orders = [order for order in incident.halt.orders if order.level == level]
    if any(order.freed for order in orders):
        return True
    resumed = any(order.resumed and order.lifted_at is None for order in orders)
    return resumed and bool(_recalled(incident))


def unknown(incident: Incident, level: str, what: Goods) -> dict[str, tuple[Goods, ...]]:
    """Give the channels of a level at which orders must still stop some of these goods, and which.

    Neither what is stopped there, nor what is sold there again by decision. What a recall takes
    back since then is sold by no decision.
    """
    named = lots_named(incident)
    goods = pairs_of(*what, named)
    recalled = _recalled(incident)
    found: dict[str, tuple[Goods, ...]] = {}
    for channels, there in _alike(incident, level):
        again = _sold_again(there, channels[0], named)
        rest = goods - _stopped(there, channels[0], named) - (again - recalled)
        found |= dict.fromkeys(channels, goods_of(rest)) if rest else {}
    return found


def sells_again(incident: Incident, level: str, what: Goods) -> bool:
    """Say whether any of these goods are sold at a level that stands, where sale resumed of it."""
    orders = [order for order in incident.halt.orders if order.level == level]
    if all(order.lifted_at for order in orders) or not any(order.resumed for order in orders):
        return False
    named = {*lots_named(incident), *what[1]}
    goods = pairs_of(*what, named)
    return any(
        not goods <= _stopped(there, channels[0], named)
        for channels, there in _alike(incident, level)
    )


def selling_recalled(incident: Incident, level: str) -> tuple[str, ...]:
    """Give the channels of a level where no order stops all that a recall takes back."""
    named, recalled = lots_named(incident), _recalled(incident)
    return tuple(
        channel
        for channels, there in _alike(incident, level)
        if not recalled <= _stopped(there, channels[0], named)
        for channel in channels
    )


def _alike(incident: Incident, level: str) -> Iterator[tuple[list[str], list[HaltOrder]]]:
    """Give the channels of a level by the orders of it that each had, and how these stand there."""
    orders = [order for order in incident.halt.orders if order.level == level]
    found: dict[tuple[Any, ...], list[str]] = {}
    for listed in incident.halt.listed.values():
        if listed.level == level:
            one = listed.id
            had = tuple((one in o.channels, one in o.resumed, one in o.freed) for o in orders)
            found.setdefault(had, []).append(one)
    for had, channels in found.items():
        yield channels, [o for o, (is_there, *_) in zip(orders, had, strict=True) if is_there]


def _sold_again(there: list[HaltOrder], channel: str, named: Collection[str]) -> set[Pair]:
    """Give what is sold again at a channel by decision, while orders stand or go on with a part."""
    found: set[Pair] = set()
    for order in there:
        if channel in order.freed:
            found |= _freed(order, there, named)
        elif order.lifted_at is None and channel in order.resumed:
            found |= pairs_of(order.products, order.lots, named)
    return found


def _stopped(there: Iterable[HaltOrder], channel: str, named: Collection[str]) -> set[Pair]:
    """Give what orders stop at a channel."""
    standing = (o for o in there if o.lifted_at is None and channel in o.stopped)
    return {pair for o in standing for pair in pairs_of(o.products, o.lots, named)}


def _freed(order: HaltOrder, there: Iterable[HaltOrder], named: Collection[str]) -> set[Pair]:
    """Give what was freed of an order at a channel: all but what went on as orders there."""
    left = (o for o in there if o.part_of == order.number)
    gone_on = {pair for o in left for pair in pairs_of(o.products, o.lots, named)}
    return pairs_of(order.products, order.lots, named) - gone_on


def _recalled(incident: Incident) -> set[Pair]:
    """Give what a decided recall takes back of all that the incident is about."""
    lots = recalled_lots(incident)
    if not lots and not takes_back_all(incident):
        return set()
    products = {*incident.report.products, *incident.recall.coverage.products}
    return pairs_of(products, () if takes_back_all(incident) else lots, lots_named(incident))


def forgotten(orders: Iterable[HaltOrder], levels: Collection[str]) -> tuple[HaltOrder, ...]:
    """Give orders without what was freed of those whose level is over: the next halt stops all."""
    return tuple(
        replace(order, freed=()) if order.freed and order.level not in levels else order
        for order in orders
    )
