"""Stage `recall`: units that left us and that nobody accounts for, on the way or at a consignee.

What belongs here: shipped, less what consignees received and what our own shops sold; and what a
consignee received, less what it says became of it. What never does: what came back
(domain/recall_end.py), or a guess: a lot whose shipped number nobody gave has no such number.
Goods that one consignee sold on to another count at both: no answer says who bought them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.beyond_received import Listed
from domain.consignees import counts
from domain.scope import LotAnswer
from domain.state.recall import ConsigneeState, RecallState


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Units of a lot that are at no consignee we know; `unknown` consignees gave no number."""

    lot: str
    shipped: int
    received: int
    direct: int
    unknown: int

    @property
    def units(self) -> int:
        """Count the units that nobody is known to hold or to have held."""
        return self.shipped - self.received - self.direct


def unplaced(recall: RecallState, listed: Listed, direct: Mapping[str, int]) -> list[Unplaced]:
    """Name the lots of the scope with such units; `direct` are units that our own shops sold.

    What a consignee received is what it says, else what the company's list has.
    """
    scope = recall.scope
    rows = [row for row in recall.consignees.values() if not row.let_go]
    known = {lot for _, lot in listed}
    found = []
    for lot in scope.lots if scope else ():
        if lot.shipped is None:
            continue
        is_listed = lot.lot in known
        numbers = [
            _received(recall, row, str(lot.lot), listed, is_listed=is_listed) for row in rows
        ]
        one = Unplaced(
            lot=str(lot.lot),
            shipped=lot.shipped,
            received=sum(number or 0 for number in numbers),
            direct=direct.get(str(lot.lot), 0),
            unknown=numbers.count(None),
        )
        found += [one] if one.units > 0 else []
    return found


def sold_beyond(recall: RecallState, direct: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Name the lots of which our own shops alone sold more than the scope says consumers bought.

    Each with both numbers, of the scope and of our shops: one of the two is wrong.
    """
    return [
        (str(lot.lot), lot.sold, direct[str(lot.lot)])
        for lot in (recall.scope.lots if recall.scope else ())
        if lot.sold is not None and direct.get(str(lot.lot), 0) > lot.sold
    ]


def _received(
    recall: RecallState, row: ConsigneeState, lot: str, listed: Listed, *, is_listed: bool
) -> int | None:
    """Give what a consignee received of a lot; None where neither it nor the list says so."""
    told = next((one for one in row.lots if one.lot == lot), None)
    if told is not None and told.received is not None:
        return told.received
    if row.answers and not row.lots and counts(recall, row.answered_at):
        return 0  # an answer without a lot says that it never had any of these goods
    # An answer about other lots is no answer about this one. A list that names others for the lot
    # shows none here, but not against a consignee that says it has the lot.
    return listed.get((row.id, lot), 0 if is_listed and told is None else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOpen:
    """Units of a lot that a consignee received, and does not say where they are."""

    consignee: str
    lot: str
    units: int
    received: int


def left_open(consignee: str, lots: Iterable[LotAnswer]) -> list[LeftOpen]:
    """Name the lots of an answer that accounts for fewer units than were received.

    Where it does not say what it received nobody can tell. A number that it left empty accounts
    for nothing: unknown is never zero.
    """
    return [
        LeftOpen(
            consignee=consignee,
            lot=row.lot,
            units=row.received - row.placed,
            received=row.received,
        )
        for row in lots
        if row.received is not None and row.received > row.placed
    ]


def all_left_open(recall: RecallState) -> list[LeftOpen]:
    """Name every such lot of the consignees of the scope, those with most units first."""
    rows = (row for row in recall.consignees.values() if not row.let_go)
    found = [one for row in rows for one in left_open(row.id, row.lots)]
    return sorted(found, key=lambda one: (-one.units, one.consignee, one.lot))
