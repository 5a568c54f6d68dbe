"""Stage `halt`: what stays known of goods that were freed of an order while its level stands.

What belongs here: whether such an order counts still, so that no report of the same stops its goods
again, and when it is forgotten. What never does: freeing them (domain/resuming_goods.py).
"""

from collections.abc import Collection, Iterable

from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import HaltOrder
from domain.taken_back import recalled_lots


def is_known(incident: Incident, order: HaltOrder) -> bool:
    """Say whether all that an order names is stopped or was freed by decision, as things stand.

    Freed goods that a recall takes back since then are neither.
    """
    if not order.freed:
        return order.lifted_at is None
    return not any(_sells_recalled(incident, order, channel) for channel in order.freed)


def _sells_recalled(incident: Incident, freed: HaltOrder, channel: str) -> bool:
    """Say whether goods that a recall takes back were freed at a channel and not stopped since."""
    recalled = recalled_lots(incident)
    orders = incident.halt.orders
    there = [o for o in orders if not o.lifted_at and channel in o.stopped] if recalled else []
    if not freed.lots:
        free = set(freed.products).difference(*(o.products for o in there))
        return bool(recalled) and not free.isdisjoint(incident.recall.coverage.products)
    stopped = {lot for o in there for lot in o.lots or freed.lots}
    return not (set(freed.lots) - stopped).isdisjoint(recalled)


def forgotten(orders: Iterable[HaltOrder], levels: Collection[str]) -> tuple[HaltOrder, ...]:
    """Give orders without what was freed of those whose level is over: the next halt stops all."""
    return tuple(
        replace(order, freed=()) if order.freed and order.level not in levels else order
        for order in orders
    )
