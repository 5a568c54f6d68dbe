"""What is counted so far of a running recall in one market: units received there, and come back.

What belongs here: adding up what consignees of a market received and what was counted in from them
or destroyed there. What never does: the return rate 退回率 (domain/recall_end.py), which is of all
markets and knows what came from consumers: nobody counts those by market. Unknown is never zero.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.markets import regimes_of
from domain.recall_terms import GoodsSource
from domain.scope import Total, total
from domain.state.recall import ConsigneeState, RecallState

ListedLots = Mapping[str, Mapping[str, int]]
"""Units by consignee, then by lot, as the company's list has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCount:
    """Units of one market as counted so far.

    `recalled` is what its consignees received: as they say, else as the company's list has it,
    lot by lot (`from_list` of them have a lot that only the list tells). `counted_at` is the last
    count or answer that stands here.
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
    recall: RecallState, market_of: Mapping[str, str], listed: ListedLots
) -> tuple[MarketCount, ...]:
    """Count each market of the scope; `market_of` goes by consignee.

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
    recall: RecallState, market: str, market_of: Mapping[str, str], listed: ListedLots
) -> MarketCount:
    rows = [
        row
        for row in recall.consignees.values()
        if not row.let_go and _counts_in(market, _country(row, market_of), recall.coverage.markets)
    ]
    told = {row.id: received_by_lot(row, listed.get(row.id, {})) for row in rows}
    numbers = [_in_all(lots) for lots in told.values()]
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
        from_list=sum(any(one.by_list for one in lots or ()) for lots in told.values()),
        came_back=sum(one.units for one in counts) + sum(map(_destroyed, rows)),
        counted_at=max(times, default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LotReceived:
    """What a consignee received of one lot: as it says, or by the company's list alone."""

    lot: str
    units: int | None
    by_list: bool


def received_by_lot(
    row: ConsigneeState, listed: Mapping[str, int]
) -> tuple[LotReceived, ...] | None:
    """Give lot by lot what a consignee received; None where nothing at all is known of it.

    What it says of one lot is no word about another: there the list speaks until it answers. A lot
    that its answer only names, without a number, is one that it did not answer.
    """
    if row.answers and not row.lots:
        return ()
    told = {str(one.lot): one.received for one in row.lots if one.tells_units}
    found = [
        LotReceived(
            lot=lot,
            units=listed.get(lot) if told.get(lot) is None else told[lot],
            by_list=told.get(lot) is None and lot in listed,
        )
        for lot in sorted({*told, *listed})
    ]
    return tuple(found) or None


def _in_all(lots: Sequence[LotReceived] | None) -> int | None:
    if lots is None or any(one.units is None for one in lots):
        return None
    return sum(one.units or 0 for one in lots)


def _destroyed(row: ConsigneeState) -> int:
    return sum(lot.destroyed or 0 for lot in row.lots)
