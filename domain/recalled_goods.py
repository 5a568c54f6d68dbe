"""Stage `halt`: what a recall takes back is stopped, and told to whoever keeps books of the goods.

What belongs here: when what is recalled has changed, which orders stand then, and that goods which
sell again by then are stopped again. What never does: which channel keeps such books (its adapter
says it). Nobody who stands still already is asked again, and who sells again by decision hears of
the lots that are recalled alone.
"""

from collections.abc import Iterable
from typing import Any

from domain.dispatch import Act, Effect, causes, follows
from domain.freed_goods import is_in_pairs, selling_recalled
from domain.halt import (
    ChannelsListed,
    HaltOrdered,
    halted_lots,
    halted_products,
    order_level,
    stands,
)
from domain.halt_growth import inherit_levels
from domain.people import Role
from domain.recall import RecallDecided
from domain.recall_scope import ScopeSet
from domain.severity import HaltLevel
from domain.state import Incident, Mark
from domain.state.halt import HaltOrder, ListedChannel
from domain.taken_back import recalled_lots, takes_back_all

MENDS = (Role.CHANNEL_LEAD, Role.INCIDENT_COMMANDER, Role.ADMIN)
"""Who calls a channel that hears nothing, who answers for the recall, who mends the connection."""


@causes(RecallDecided)
@causes(ScopeSet)
def _tell_books(incident: Incident, _event: object, mark: Mark) -> Iterable[Effect]:
    """A recall was decided or deepened, or its scope was set, widened or narrowed."""
    orders = _standing(incident)
    if orders and (recalled_lots(incident) or takes_back_all(incident)):
        yield Effect(name="tell_recalled", target="channels", seq=mark.seq, body={"orders": orders})


@causes(ChannelsListed)
def _tell_of_new(_incident: Incident, listed: ChannelsListed, mark: Mark) -> Iterable[Effect]:
    """Whoever joins a level that is over hears of recalled lots by people: no order goes there."""
    for channel in listed.joined:
        body = {"kind": "joined_untold", "roles": list(map(str, MENDS)), "channel": channel}
        yield Effect(name="tell", target=f"joined:{channel}", seq=mark.seq, body=body)


@follows(RecallDecided)
def stop_again(incident: Incident, _decided: RecallDecided, act: Act) -> tuple[HaltOrdered, ...]:
    """Goods that a recall takes back and that sell again are stopped wherever they ever were."""
    if not (incident.halt.resumptions and (recalled_lots(incident) or takes_back_all(incident))):
        return ()
    highest = max(order.level for order in incident.halt.orders)
    found: list[HaltOrdered] = []
    for level in incident.rules.plan.levels_with(highest):
        channels = _selling(incident, level)
        if channels is None or level is HaltLevel.H0:
            continue
        why = f"A recall is decided: {level} stands again."
        found.append(
            order_level(
                incident, act, level, _what(incident), reason=why, by_plan=why,
                offset=len(found), channels=channels,
            )
        )  # fmt: skip
    return tuple(found)


@follows(ScopeSet)
def stop_more(incident: Incident, made: ScopeSet, act: Act) -> tuple[HaltOrdered, ...]:
    """What a decided recall newly reaches is stopped also at levels that are over: others sell it.

    Levels that stand are ordered for it by themselves, just before (domain/recall_scope.py).
    """
    more = made.difference
    grown = more.lots_added or more.products_added or more.became_unbounded
    recalled = recalled_lots(incident)
    if not (grown and incident.halt.resumptions and (recalled or takes_back_all(incident))):
        return ()
    highest = max(order.level for order in incident.halt.orders)
    over = [
        level
        for level in incident.rules.plan.levels_with(highest)
        if level is not HaltLevel.H0 and level not in incident.halt.levels
    ]
    before = len(inherit_levels(incident, act))
    goods = incident.recall.coverage.products, recalled
    return tuple(
        order_level(incident, act, level, goods, reason=why, by_plan=why, offset=before + offset)
        for offset, level in enumerate(over)
        for why in (f"The recall reaches more: {level} stands again.",)
    )


def _what(incident: Incident) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return halted_products(incident), halted_lots(incident)


def _selling(incident: Incident, level: HaltLevel) -> tuple[ListedChannel, ...] | None:
    """Give the channels of a level that resumed; none named is all of them, None nobody."""
    what = _what(incident)
    if stands(incident, level, *what, everywhere=True):
        return None
    if is_in_pairs(incident, level):
        selling = selling_recalled(incident, level)
        return tuple(incident.halt.listed[channel] for channel in selling) or None
    if not stands(incident, level, *what):
        return ()
    orders = [o for o in incident.halt.orders if o.level == level and o.lifted_at is None]
    resumed = sorted({channel for order in orders for channel in order.resumed})
    return tuple(incident.halt.listed[channel] for channel in resumed) or None


def untold(channel: str, why: str) -> dict[str, Any]:
    """Give the message to people when a channel could not be told for long what is recalled."""
    return {"kind": "recall_untold", "roles": list(map(str, MENDS)), "channel": channel, "why": why}


def _standing(incident: Incident) -> list[dict[str, Any]]:
    """List the orders that stand, as they are carried; where sale resumed, what is recalled."""
    found = []
    for order in incident.halt.orders:
        if order.lifted_at is not None and not order.freed:
            continue
        if order.stopped and order.lifted_at is None:
            found.append(_told(order, order.lots, order.stopped))
        taken = _taken_back(incident, order)
        if order.resumed and taken is not None:
            found.append(_told(order, taken, order.resumed))
    return found


def _taken_back(incident: Incident, order: HaltOrder) -> tuple[str, ...] | None:
    """Give the lots of an order that a recall takes back; None for not one."""
    if takes_back_all(incident):
        return order.lots
    lots = recalled_lots(incident)
    return tuple(lot for lot in lots if not order.lots or lot in order.lots) or None


def _told(order: HaltOrder, lots: tuple[str, ...], channels: tuple[str, ...]) -> dict[str, Any]:
    return {
        "number": order.number,
        "level": order.level,
        "products": list(order.products),
        "lots": list(lots),
        "channels": list(channels),
    }
