"""Stage `recall`: units that left us and that no consignee of the scope is known to have received.

What belongs here: shipped, less what consignees received and what our own shops sold. What never
does: what came back (domain/recall_end.py), or a guess: a lot whose shipped number nobody gave has
no such number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.beyond_received import Listed
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
    found = []
    for lot in scope.lots if scope else ():
        if lot.shipped is None:
            continue
        numbers = [_received(row, str(lot.lot), listed) for row in rows]
        one = Unplaced(
            lot=str(lot.lot),
            shipped=lot.shipped,
            received=sum(number or 0 for number in numbers),
            direct=direct.get(str(lot.lot), 0),
            unknown=numbers.count(None),
        )
        found += [one] if one.units > 0 else []
    return found


def _received(row: ConsigneeState, lot: str, listed: Listed) -> int | None:
    told = next((one for one in row.lots if one.lot == lot), None)
    if told is not None and told.received is not None:
        return told.received
    if told is None and row.answers:
        return 0  # it answered, and of this lot it had nothing to say
    return listed.get((row.id, lot), None if told is not None else 0)
