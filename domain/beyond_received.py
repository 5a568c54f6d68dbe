"""Stage `recall`: a consignee that has, or sends back, more of a lot than it ever received.

What belongs here: holding an answer or a count against what the consignee received, as it says
itself or as the company's list has it. What never does: refusing it. A list may be old, a shop may
have bought from another, and a counterfeit comes back too: people look at it and say so. What
nobody knows is asked about by nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.consignees import AnswerAsConsignee
from domain.goods import ReceiveGoods
from domain.recall_terms import GoodsSource
from domain.recounts import CorrectCount
from domain.scope import LotAnswer
from domain.state.recall import RecallState

Listed = Mapping[tuple[str, str], int]
"""Units by consignee and lot, as the company's list has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """Units of a lot told of a consignee, and the fewer that it received.

    `counted` says that they were counted in here, else it reports them; `by_list` that what it
    received stands in the company's list, else it said so itself.
    """

    consignee: str
    lot: str
    units: int
    received: int
    counted: bool
    by_list: bool


def beyond_received(recall: RecallState, said: Any, listed: Listed) -> tuple[Beyond, ...]:
    """Name the lots of which an answer or a count tells more than the consignee received."""
    match said:
        case AnswerAsConsignee():
            found = [_reported(said.consignee, row, listed) for row in said.lots]
        case ReceiveGoods(source=GoodsSource.CONSIGNEE, consignee=str(who)):
            units = _counted(recall, who, said.lot) + said.units
            found = [_counted_in(recall, who, said.lot, units, listed)]
        case CorrectCount():
            found = [
                _counted_in(
                    recall,
                    one.consignee,
                    one.lot,
                    _counted(recall, one.consignee, one.lot) - one.units + said.units,
                    listed,
                )
                for one in recall.counts
                if one.id == said.count and one.consignee and said.units > one.units
            ]
        case _:
            found = []
    return tuple(one for one in found if one is not None)


def _reported(consignee: str, row: LotAnswer, listed: Listed) -> Beyond | None:
    # More placed than it says it received is no news of the list: the answer contradicts itself.
    units = row.placed if row.received is None else row.received
    received = listed.get((consignee, row.lot))
    if received is None or units <= received:
        return None
    return Beyond(
        consignee=consignee,
        lot=row.lot,
        units=units,
        received=received,
        counted=False,
        by_list=True,
    )


def _counted_in(
    recall: RecallState, consignee: str, lot: str, units: int, listed: Listed
) -> Beyond | None:
    """Hold what came in against what the consignee says it received, else against the list."""
    row = recall.consignees.get(consignee)
    told = [one.received for one in (row.lots if row else ()) if one.lot == lot]
    own = next((number for number in told if number is not None), None)
    received = listed.get((consignee, lot)) if own is None else own
    if received is None or units <= received:
        return None
    return Beyond(
        consignee=consignee,
        lot=lot,
        units=units,
        received=received,
        counted=True,
        by_list=own is None,
    )


def _counted(recall: RecallState, consignee: str, lot: str) -> int:
    """Count the units of a lot that came in from a consignee so far."""
    return sum(one.units for one in recall.counts if one.consignee == consignee and one.lot == lot)
