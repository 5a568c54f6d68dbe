"""Stage `recall`: which lots a decided recall takes back: they never go on sale again.

What belongs here: reading it from the decision and the scope. What never does: stopping them
(domain/recalled_goods.py), or selling the others again (domain/resuming.py).
"""

from collections.abc import Iterable

from domain.recall_terms import RecallAction
from domain.state import Incident
from domain.state.halt import ListedChannel


def recalled_lots(incident: Incident) -> tuple[str, ...]:
    """Give the lots that a decided recall takes back: they never go on sale again.

    What is corrected where it stands is sold again once that is done.
    """
    scope = incident.recall.scope
    return scope.coverage.lots if scope is not None and _takes_back(incident) else ()


def takes_back_all(incident: Incident) -> bool:
    """Say whether a decided recall takes back every lot, because nobody can bound them."""
    scope = incident.recall.scope
    return scope is not None and scope.unbounded and _takes_back(incident)


def joining(incident: Incident, channels: Iterable[ListedChannel]) -> tuple[str, ...]:
    """Name the channels that join levels that are over, where recalled lots are held all the same.

    No order goes to them, so that nobody tells them of it.
    """
    halt = incident.halt
    over = (
        {order.level for order in halt.orders} - set(halt.levels) if recalled_lots(incident) else ()
    )
    return tuple(one.id for one in channels if one.level in over and one.id not in halt.listed)


def _takes_back(incident: Incident) -> bool:
    return incident.recall.is_decided and incident.recall.decision != RecallAction.CORRECT_IN_PLACE
