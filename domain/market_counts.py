"""What is counted so far of a running recall in one market: units received there, and come back.

What belongs here: adding up what consignees of a market received and what was counted in from them
or destroyed there. What never does: the return rate 退回率 (domain/recall_end.py), which is of all
markets and knows what came from consumers: nobody counts those by market. Unknown is never zero.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.markets import regimes_of
from domain.recall_terms import GoodsSource
from domain.scope import Total, total
from domain.state.recall import ConsigneeState, RecallState


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCount:
    """Units of one market as counted so far.

    `recalled` is what its consignees received: as they say, else as the company's list has it
    (`from_list` of them). `counted_at` is the last count or answer that stands here.
    """

    market: str
    consignees: int
    recalled: Total
    from_list: int
    came_back: int
    counted_at: datetime | None

    @property
    def share(self) -> int | None:
        """Give what came back in hundredths of a percent; None while a number is unknown."""
        if self.recalled.unknown_lots or not self.recalled.known:
            return None
        return min(self.came_back, self.recalled.known) * 10_000 // self.recalled.known


def market_counts(
    recall: RecallState, market_of: Mapping[str, str], listed: Mapping[str, int]
) -> tuple[MarketCount, ...]:
    """Count each market of the scope; `market_of` and `listed` (units) go by consignee.

    A consignee that the scope let go does not count, nor does one whose market nobody knows.
    """
    return tuple(_count(recall, one, market_of, listed) for one in recall.coverage.markets)


def _country(row: ConsigneeState, market_of: Mapping[str, str]) -> str:
    """Give where a consignee is: as told, or by our list where that names a country within it."""
    listed = market_of.get(row.id, "")
    return listed if not row.market or row.market in regimes_of(listed) else row.market


def _counts_in(market: str, there: str, markets: Collection[str]) -> bool:
    """Say whether a consignee counts in a market: in its own, else in the group that holds it."""
    return market == there or (there not in markets and market in regimes_of(there))


def _count(
    recall: RecallState, market: str, market_of: Mapping[str, str], listed: Mapping[str, int]
) -> MarketCount:
    rows = [
        row
        for row in recall.consignees.values()
        if not row.let_go and _counts_in(market, _country(row, market_of), recall.coverage.markets)
    ]
    told = {row.id: received_as_told(row) for row in rows}
    numbers = [listed.get(name) if units is None else units for name, units in told.items()]
    counts = [
        one
        for one in recall.counts
        if one.source == GoodsSource.CONSIGNEE and one.consignee in told
    ]
    times = [one.corrected_at or one.at for one in counts]
    # An answer that nothing was destroyed counts no goods: it is no count.
    times += [row.answered_at for row in rows if row.answered_at is not None and _destroyed(row)]
    return MarketCount(
        market=market,
        consignees=len(rows),
        recalled=total(numbers),
        from_list=sum(units is None and name in listed for name, units in told.items()),
        came_back=sum(one.units for one in counts) + sum(map(_destroyed, rows)),
        counted_at=max(times, default=None),
    )


def received_as_told(row: ConsigneeState) -> int | None:
    """Give what a consignee says it received in all; None when it does not say it of every lot."""
    if row.answers and not row.lots:
        return 0
    numbers = [lot.received for lot in row.lots]
    if not numbers or None in numbers:
        return None
    return sum(number for number in numbers if number is not None)


def _destroyed(row: ConsigneeState) -> int:
    return sum(lot.destroyed or 0 for lot in row.lots)
