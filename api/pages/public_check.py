"""Is mine affected, asked of all notices at once: which of them a lot number leads to.

What belongs here: holding one number against every recall that stands. What never does: how a
number is read (domain/lot_check.py), or the answer of one notice (api/pages/public.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.lot_check import LotVerdict
from services import notices
from services.house import House
from services.notices import Notice

LISTED = frozenset({LotVerdict.AFFECTED, LotVerdict.NEARLY})


@dataclass(frozen=True, slots=True)
class Checked:
    """The notices that name a number, or nearly; those that are about every lot; what was said."""

    listed: tuple[Notice, ...] = ()
    whatever: tuple[Notice, ...] = ()
    verdict: LotVerdict = LotVerdict.NOT_ON_THE_LIST


def recalls(house: House) -> tuple[Notice, ...]:
    """Give one notice for each recall that people can check a lot against, the newest first."""
    found: dict[str, Notice] = {}
    for one in notices.notices(house):
        if one.incident not in found and notices.lot_index(house, one) is not None:
            found[one.incident] = one
    return tuple(found.values())


def checked(house: House, recalled: Iterable[Notice], typed: str) -> Checked:
    """Hold what somebody typed against every recall."""
    listed, whatever, verdict = [], [], LotVerdict.NOT_ON_THE_LIST
    for one in recalled:
        index = notices.lot_index(house, one)
        if index is None:
            continue
        told = index.check(typed).verdict
        if told in LISTED:
            listed.append(one)
        elif told is LotVerdict.ALL_AFFECTED:
            whatever.append(one)
        elif told is LotVerdict.UNREADABLE:
            verdict = told
    return Checked(tuple(listed), tuple(whatever), verdict)
