"""Numbers that are nearly one of a list: one sign too few, too many or another, two exchanged.

What belongs here: which numbers of a list are that near, and a number without a date glued to it.
What never does: what is told of them (domain/lot_check.py).

The list is never read through: what is one step away from a number is tried, in the signs that the
list is written in. That takes as long for 100,000 lots as for one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from domain.pack_marks import NO_LOT

SHORTEST_NEAR: Final = 4
LONGEST_NEAR: Final = 20
"""Of a shorter number every other one is near; a longer one is no lot (GS1 allows 20 signs)."""

READINGS_TRIED: Final = 32
NAMED_NEAR: Final = 3
DATES_GLUED: Final = (4, 6, 8)
"""Digits of a date that people type on with the number before it, or behind."""


def signs_of(looks: Iterable[str]) -> str:
    """List the signs that numbers are written in."""
    return "".join(sorted({sign for look in looks for sign in look}))


def may_be_near(reading: str) -> bool:
    """Say whether a number has a length at which being near means something."""
    return SHORTEST_NEAR <= len(reading) <= LONGEST_NEAR


def near(by_look: Mapping[str, str], signs: str, looks: Iterable[str]) -> tuple[str, ...]:
    """Name lots that are one step away from any of the numbers, three at most."""
    tried = list(dict.fromkeys(looks))
    found = {
        by_look[other]
        for look in tried[:READINGS_TRIED]
        for other in _one_step(look, signs)
        if other in by_look
    }
    return tuple(sorted(found)[:NAMED_NEAR])


def _one_step(look: str, signs: str) -> Iterator[str]:
    for at in range(len(look) + 1):
        head, tail = look[:at], look[at:]
        for sign in signs:
            yield head + sign + tail
        if not tail:
            continue
        rest = tail[1:]
        yield head + rest
        for sign in signs:
            yield head + sign + rest
        if rest:
            yield head + rest[0] + tail[0] + rest[1:]


def without_dates(reading: str) -> Iterator[str]:
    """Give what a number is where the digits before it or behind it are a date glued to it."""
    for size in DATES_GLUED:
        if len(reading) - size >= SHORTEST_NEAR:
            if NO_LOT.fullmatch(reading[-size:]):
                yield reading[:-size]
            if NO_LOT.fullmatch(reading[:size]):
                yield reading[size:]
