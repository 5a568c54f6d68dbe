"""Is mine affected, asked of all notices at once: which of them a lot number leads to.

What belongs here: holding one number against every recall that stands. What never does: how a
number is read (domain/lot_check.py), or the answer of one notice (api/pages/public.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.lot_check import LotVerdict
from services import notices
from services.house import House
from services.notices import Notice

LISTED: Final = frozenset(
    {
        LotVerdict.AFFECTED,
        LotVerdict.NEARLY,
        LotVerdict.PRODUCT_CONCERNED,
        LotVerdict.LOTS_OF_DATE,
    }
)
NOT_READ: Final = (LotVerdict.UNREADABLE, LotVerdict.NO_NUMBER)
"""What says that no number was typed, whatever notices there are."""

SAID: Final = (
    *NOT_READ,
    LotVerdict.LOT_NEEDED,
    LotVerdict.NOT_ON_THE_LIST,
    LotVerdict.OTHER_CODE,
)
"""What is said where no notice leads on: the first of these that any recall answers."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The notices that name a number, or nearly; those about every lot; those not settled yet."""

    listed: tuple[Notice, ...] = ()
    whatever: tuple[Notice, ...] = ()
    unsettled: tuple[Notice, ...] = ()
    else_said: LotVerdict = LotVerdict.NOT_ON_THE_LIST

    @property
    def only(self) -> Notice | None:
        """Give the one notice that the number is about, where no other may be."""
        return self.listed[0] if self.every == self.listed and len(self.listed) == 1 else None

    @property
    def every(self) -> tuple[Notice, ...]:
        """Give all notices that may be about the number."""
        return (*self.listed, *self.whatever, *self.unsettled)

    @property
    def said(self) -> str:
        """Name what is said first: that it is on no list only where no notice is left open."""
        if self.else_said in NOT_READ and not self.listed:
            return str(self.else_said)
        if self.listed:
            return "read_each"
        return "" if self.every else str(self.else_said)


def checked(house: House, typed: str, spoken: Iterable[str] = ()) -> Checked:
    """Hold what somebody typed against every recall; `spoken` are the reader's languages."""
    listed, near, whatever, unsettled = [], [], [], []
    verdicts = set()
    for one, index in notices.recalls(house, spoken):
        if index is None:
            unsettled.append(one)
            continue
        verdict = index.check(typed).verdict
        verdicts.add(verdict)
        if verdict in LISTED:
            listed.append(one)
        elif verdict is LotVerdict.NEAR:
            near.append(one)
        elif verdict is LotVerdict.ALL_AFFECTED:
            whatever.append(one)
    said = next((each for each in SAID if each in verdicts), LotVerdict.NOT_ON_THE_LIST)
    # A number that one notice names is not asked of another that names its neighbour.
    return Checked(tuple(listed or near), tuple(whatever), tuple(unsettled), said)
