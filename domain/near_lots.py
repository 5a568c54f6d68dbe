"""Numbers that are nearly one of a list: one sign too few, too many or another, two exchanged.

What belongs here: which numbers of a list are that near, and a number without a date glued to it.
What never does: what is told of them (domain/lot_check.py).

The list is never read through: a number one step away shares what stands before the step and what
stands behind it, so the few that begin or end so are looked at. That takes about as long for
100,000 lots as for one, whatever signs they are written in.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.pack_marks import NO_LOT

SHORTEST_NEAR: Final = 4
LONGEST_NEAR: Final = 20
"""Of shorter numbers every other one is near; a longer one is no lot (GS1 allows 20 signs)."""

READINGS_TRIED: Final = 32
NAMED_NEAR: Final = 3
DATES_GLUED: Final = (4, 6, 8)
"""Digits of a date that people type on with the number before it, or behind."""

_BEHIND_ALL: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Listed:
    """The numbers of a list in one form, from each to the lot as printed; sorted from both ends."""

    lots: Mapping[str, str]
    forwards: tuple[str, ...] = ()
    backwards: tuple[str, ...] = ()
    """Each number with its last sign first."""
    signs: str = ""

    def begin_with(self, head: str) -> range:
        """Give where numbers stand in `forwards` that begin so."""
        return _range(self.forwards, head)

    def end_with(self, tail: str) -> range:
        """Give where numbers stand in `backwards` that end so."""
        return _range(self.backwards, tail[::-1])


NONE_LISTED: Final = Listed({})


def listed(lots: Mapping[str, str]) -> Listed:
    """Sort numbers so that what is near is found."""
    signs = "".join(sorted({sign for number in lots for sign in number}))
    backwards = tuple(sorted(number[::-1] for number in lots))
    return Listed(lots, tuple(sorted(lots)), backwards, signs)


def _range(numbers: tuple[str, ...], head: str) -> range:
    return range(bisect_left(numbers, head), bisect_left(numbers, head + _BEHIND_ALL))


def may_be_near(reading: str) -> bool:
    """Say whether a number, with one sign more or less, has a length at which that means much."""
    return SHORTEST_NEAR - 1 <= len(reading) <= LONGEST_NEAR + 1


def near(those: Listed, numbers: Iterable[str]) -> set[str]:
    """Give the lots that are one step away from any of the numbers."""
    tried = list(dict.fromkeys(numbers))[:READINGS_TRIED]
    return {
        those.lots[other]
        for number in tried
        for other in _one_step(those, number)
        if max(len(number), len(other)) >= SHORTEST_NEAR
    }


def _one_step(those: Listed, number: str) -> Iterator[str]:
    """Give each number of the list that is one step away."""
    places = range(len(number) + 1)
    heads = [those.begin_with(number[:at]) for at in places]
    tails = [those.end_with(number[at:]) for at in places]
    for at in places:
        head, tail = number[:at], number[at:]
        yield from _with_one_between(those, head, tail, heads[at], tails[at])
        if tail:
            yield from _with_one_between(those, head, tail[1:], heads[at], tails[at + 1])
            fewer = (head + tail[1:], head + tail[1:2] + tail[0] + tail[2:])
            yield from (other for other in fewer if other in those.lots)


def _with_one_between(
    those: Listed, head: str, tail: str, begin: range, end: range
) -> Iterator[str]:
    """Give the numbers that are head and tail with one sign between them, by the shortest way."""
    fewest = min(len(begin), len(end), len(those.signs))
    if fewest == len(begin):
        maybe: Iterable[str] = (those.forwards[n] for n in begin)
    elif fewest == len(end):
        maybe = (those.backwards[n][::-1] for n in end)
    else:
        maybe = (head + sign + tail for sign in those.signs)
        yield from (other for other in maybe if other in those.lots)
        return
    size = len(head) + 1 + len(tail)
    yield from (o for o in maybe if len(o) == size and o.startswith(head) and o.endswith(tail))


def without_dates(reading: str) -> Iterator[str]:
    """Give what a number is where the digits before it or behind it are a date glued to it."""
    for size in DATES_GLUED:
        if len(reading) - size >= SHORTEST_NEAR:
            if NO_LOT.fullmatch(reading[-size:]):
                yield reading[:-size]
            if NO_LOT.fullmatch(reading[:size]):
                yield reading[size:]
