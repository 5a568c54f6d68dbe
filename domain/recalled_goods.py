"""Stage `halt`: what a recall takes back is told anew to whoever keeps books of the goods.

What belongs here: when what is recalled has changed, and which orders stand then. What never does:
which channel keeps such books (its adapter says it), or stopping anything: the goods stand still
already, and nobody who was asked to stop is asked again.
"""

from collections.abc import Iterable
from typing import Any

from domain.dispatch import Effect, causes
from domain.recall import RecallDecided
from domain.recall_scope import ScopeSet
from domain.resuming import recalled_lots, takes_back_all
from domain.state import Incident, Mark


@causes(RecallDecided)
@causes(ScopeSet)
def _tell_books(incident: Incident, _event: object, mark: Mark) -> Iterable[Effect]:
    """A recall was decided or deepened, or its scope was set, widened or narrowed."""
    orders = _standing(incident)
    if orders and (recalled_lots(incident) or takes_back_all(incident)):
        yield Effect(name="tell_recalled", target="channels", seq=mark.seq, body={"orders": orders})


def _standing(incident: Incident) -> list[dict[str, Any]]:
    """List the orders that stand, as they are carried."""
    return [
        {
            "number": order.number,
            "level": order.level,
            "products": list(order.products),
            "lots": list(order.lots),
            "channels": list(order.channels),
        }
        for order in incident.halt.orders
        if order.lifted_at is None and order.channels
    ]
