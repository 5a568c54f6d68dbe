"""Stage `halt`: levels that stand reach what is new, lots and products and channels.

What belongs here: the orders that follow when the scope or the company's list of channels grows.
What never does: a first order of a level (domain/halt.py).
"""

from collections.abc import Iterator
from typing import Any

from domain.dispatch import Act, follows
from domain.freed_goods import is_in_pairs, unknown
from domain.goods_in_pairs import Goods, goods_of, lots_named, pairs_of
from domain.halt import (
    ChannelsListed,
    HaltOrdered,
    halted_lots,
    halted_products,
    order_level,
    stands,
    stopped_by,
)
from domain.report import ReportReceived
from domain.severity import HaltLevel
from domain.state import Incident
from domain.state.halt import HaltOrder, ListedChannel


@follows(ReportReceived)
def halts_inherit(incident: Incident, _received: ReportReceived, act: Act) -> tuple[Any, ...]:
    """New lots and products inherit every level that stands (4.5)."""
    return inherit_levels(incident, act)


def inherit_levels(incident: Incident, act: Act) -> tuple[HaltOrdered, ...]:
    """Order every standing level for the products and lots it does not reach yet.

    Where sale resumed by decision only what is new is stopped.
    """
    what = (halted_products(incident), halted_lots(incident))
    missing = [
        (HaltLevel(level), goods, channels)
        for level in incident.halt.levels
        if not stands(incident, level, *what)
        for goods, channels in _reached(incident, level, what).items()
    ]
    return tuple(
        order_level(incident, act, level, goods, reason=f"{level} stands; the scope grew.",
               by_plan="New lots inherit the level.", offset=offset, channels=tuple(channels))
        for offset, (level, goods, channels) in enumerate(missing)
    )  # fmt: skip


def _reached(incident: Incident, level: str, what: Goods) -> dict[Goods, list[ListedChannel]]:
    """Say which goods are to stop at which channels of a level: all of them, or what is new."""
    if is_in_pairs(incident, level):
        return _unknown(incident, level, what)
    standing = tuple(_standing(incident, level))
    resumed = {channel for order in standing for channel in order.resumed}
    found: dict[Goods, list[ListedChannel]] = {}
    of_level = [one for one in incident.halt.listed.values() if one.level == level]
    if not of_level:
        return {what: []}
    for listed in of_level:
        there = [order for order in standing if listed.id in order.channels]
        for goods in _new(incident, what, there) if listed.id in resumed else (what,):
            found.setdefault(goods, []).append(listed)
    return found


def _unknown(incident: Incident, level: str, what: Goods) -> dict[Goods, list[ListedChannel]]:
    """Say the same where goods were freed: what is neither stopped there nor sold by decision.

    A channel that sells nothing again is told of all of them in one order.
    """
    resumed = {channel for order in _of_level(incident, level) for channel in order.resumed}
    found: dict[Goods, list[ListedChannel]] = {}
    for channel, rest in unknown(incident, level, what).items():
        for goods in rest if channel in resumed else (what,):
            found.setdefault(goods, []).append(incident.halt.listed[channel])
    return found


def _new(incident: Incident, what: Goods, before: list[HaltOrder]) -> tuple[Goods, ...]:
    """Give the new lots of all products, all lots of the new products, and what is new of both.

    A lot that was stopped of one product is new of another, though neither is new by itself.
    """
    found, named = tuple(_new_alone(what, before)), lots_named(incident)
    known = (*found, *((order.products, order.lots) for order in before))
    rest = pairs_of(*what, named).difference(*(pairs_of(*goods, named) for goods in known))
    return (*found, *goods_of(rest))


def _new_alone(what: Goods, before: list[HaltOrder]) -> Iterator[Goods]:
    """Give the new lots of all products, and all lots of the new products."""
    products, lots = what
    known = {product for order in before for product in order.products}
    stopped = {lot for order in before for lot in order.lots}
    if all(order.lots for order in before):
        more = tuple(lot for lot in lots if lot not in stopped)
        if more or not lots:
            yield products, more
            if not lots:
                return
    added = tuple(product for product in products if product not in known)
    if added:
        yield added, lots


@follows(ChannelsListed)
def new_channels_inherit(
    incident: Incident, listed: ChannelsListed, act: Act
) -> tuple[HaltOrdered, ...]:
    """New channels inherit every level that stands (4.5): all that any of its orders stops."""
    found: list[HaltOrdered] = []
    for level in map(HaltLevel, incident.halt.levels):
        standing = tuple(_standing(incident, level))
        reached = {c for order in standing for c in order.channels}
        new = tuple(c for c in listed.channels if c.level == level and c.id not in reached)
        if new:
            found.append(
                order_level(
                    incident,
                    act,
                    level,
                    stopped_by(incident, standing),
                    reason=f"{level} stands; channels were added.",
                    by_plan="New channels inherit the level.",
                    offset=len(found),
                    channels=new,
                )
            )
    return tuple(found)


def _standing(incident: Incident, level: str) -> Iterator[HaltOrder]:
    """Give the orders of a level that are not lifted."""
    return (o for o in _of_level(incident, level) if o.lifted_at is None)


def _of_level(incident: Incident, level: str) -> Iterator[HaltOrder]:
    return (o for o in incident.halt.orders if o.level == level)
