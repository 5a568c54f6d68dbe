"""Stage `recall`: which lots a decided recall takes back: they never go on sale again.

What belongs here: reading it from the decision and the scope. What never does: stopping them
(domain/recalled_goods.py), or selling the others again (domain/resuming.py).
"""

from domain.recall_terms import RecallAction
from domain.state import Incident


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


def _takes_back(incident: Incident) -> bool:
    return incident.recall.is_decided and incident.recall.decision != RecallAction.CORRECT_IN_PLACE
