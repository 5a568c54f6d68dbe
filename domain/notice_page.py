"""Which notice's own page a text sends its readers to.

What belongs here: choosing it from the record. What never does: the address (activities/press.py),
or whether the page stands (domain/gate_record.py).
"""

from collections.abc import Iterable
from typing import Final

from domain.markets import is_within
from domain.state import Incident
from domain.state.statement import Statement, Status

STANDS: Final = (Status.PUBLISHED, Status.CORRECTED)
_ENDED: Final = frozenset({Status.SUPERSEDED, Status.RETRACTED, Status.DROPPED})


def notice_told(incident: Incident, about: str, markets: Iterable[str]) -> str:
    """Name the text whose page is told: the one that is written about, or the recall notice.

    `about` is told where it is on our page. A recall notice that is still being written counts once
    a recall is decided: then the gate keeps other texts in until the notice stands. "" for the list
    of all notices; a drill has no page.
    """
    if incident.drill:
        return ""
    texts = incident.statement.statements
    original = texts.get(about)
    if original is not None and _is_out(original):
        return original.id
    wanted = tuple(markets)
    notices = [one for one in texts.values() if one.id != about and _speaks_to(one, wanted)]
    standing = [one for one in notices if one.status in STANDS and _is_out(one)]
    coming = [one for one in notices if one.status not in STANDS] * incident.recall.is_decided
    return next((one.id for one in reversed(standing or coming)), "")


def _speaks_to(text: Statement, markets: tuple[str, ...]) -> bool:
    if text.kind != "recall_notice" or text.status in _ENDED:
        return False
    return all(is_within(market, text.markets) for market in markets)


def _is_out(text: Statement) -> bool:
    place = text.places.get("site")
    return place is not None and place.state == "published"
