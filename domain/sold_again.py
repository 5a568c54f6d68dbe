"""Stage `halt`: goods that may be sold again while others of their order stay stopped.

What belongs here: reading from the orders what was freed, where and since when, and what stays.
What never does: freeing it (domain/resuming_goods.py), or what is remembered of it
(domain/freed_goods.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.goods_in_pairs import Goods
from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots
from domain.under_way import is_resuming

Pair = tuple[str, str]
"""A product and one of its lots; "" is every lot."""

_Told = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Products, lots, and lots that are left out where all others are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldAgain:
    """Goods that were freed of orders at channels, since an instant; every lot of every product.

    No lots are all of them, but for those in `but`, which are stopped or recalled all the same.
    """

    products: tuple[str, ...]
    lots: tuple[str, ...]
    but: tuple[str, ...] = ()
    channels: tuple[str, ...]
    orders: tuple[int, ...]
    since: datetime | None


def sold_again(incident: Incident) -> tuple[SoldAgain, ...]:
    """Give what was freed and is not stopped again, each once, with the orders it was freed of."""
    found: dict[_Told, list[SoldAgain]] = {}
    recalled = frozenset(recalled_lots(incident))
    for order in incident.halt.orders:
        for one in _freed_of(incident.halt.orders, order, recalled):
            same = found.setdefault((one.products, one.lots, one.but), [])
            before = next((each for each in same if each.channels == one.channels), None)
            if before is None:
                same.append(one)
            else:
                same[same.index(before)] = replace(before, orders=(*before.orders, *one.orders))
    return tuple(one for same in found.values() for one in same)


def goods_still_stopped(incident: Incident, channels: Collection[str] = ()) -> tuple[Goods, ...]:
    """Give the goods that orders stop now, at these channels or at any, each once."""
    stand = [
        one
        for one in incident.halt.orders
        if not one.lifted_at and (not channels or not set(channels).isdisjoint(one.stopped))
    ]
    return tuple(dict.fromkeys((one.products, one.lots) for one in stand))


def lots_stopped(incident: Incident, channels: Collection[str] = ()) -> tuple[str, ...]:
    """Give the lots that orders stop now, at these channels or at any; products for all lots."""
    stand = goods_still_stopped(incident, channels)
    return tuple(dict.fromkeys(name for products, lots in stand for name in lots or products))


def said_that_they_sell(incident: Incident) -> frozenset[str]:
    """Name the channels that said, of all that they were told to resume, that they do.

    Also those that other goods of their order still stop; none that has nothing to say.
    """
    channels = incident.halt.channels
    freed = {name for one in sold_again(incident) for name in one.channels}
    freed |= {name for name, one in channels.items() if one.state == "resumed"}
    waited = {name for name in freed if is_resuming(channels[name]) or channels[name].all_held}
    return frozenset(freed - waited)


def _freed_of(
    orders: Sequence[HaltOrder], order: HaltOrder, recalled: Collection[str]
) -> list[SoldAgain]:
    """Give what was freed of one order itself, by the channels that it was freed at."""
    parts = [one for one in orders if one.part_of == order.number]
    since = min((one.ordered_at for one in parts), default=order.lifted_at)
    found: dict[_Told, list[str]] = {}
    for channel in dict.fromkeys(order.freed):
        there = [one for one in orders if not one.lifted_at and channel in one.stopped]
        left = [one for one in parts if channel in one.channels]
        stopped = {pair for one in (*there, *left) for pair in _pairs(one)}
        free = [
            (product, lot)
            for product, lot in _pairs(order)
            if stopped.isdisjoint({(product, lot), (product, "")}) and lot not in recalled
        ]
        for told in _told(free, there, recalled):
            found.setdefault(told, []).append(channel)
    return [
        SoldAgain(
            products=products, lots=lots, but=but, channels=tuple(channels),
            orders=(order.number,), since=since,
        )
        for (products, lots, but), channels in found.items()
    ]  # fmt: skip


def _told(
    free: Sequence[Pair], there: Sequence[HaltOrder], recalled: Collection[str]
) -> list[_Told]:
    """Put free pairs together so that every lot that is named is free of every product beside it.

    Where all lots of a product are, those that something still stops are named beside them.
    """
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for product in dict.fromkeys(product for product, _ in free):
        lots = tuple(lot for one, lot in free if one == product and lot)
        stopped = {lot for one in there if product in one.products for lot in one.lots}
        but = () if lots else tuple(sorted({*stopped, *recalled}))
        alike.setdefault((lots, but), []).append(product)
    return [(tuple(products), lots, but) for (lots, but), products in alike.items()]


def _pairs(order: HaltOrder) -> list[Pair]:
    return [(product, lot) for product in order.products for lot in order.lots or ("",)]
