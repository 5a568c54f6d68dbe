"""What changed between two texts, by words and, where words have no spaces, by characters.

What belongs here: comparing two strings, whatever their language. What never does: which versions
are compared, or how a change is drawn. Texts are compared by lines first, then sentences, then
pieces, so that a long text costs little; what is too large to look into is told as replaced whole.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
SENTENCES: Final = re.compile(r"[^。！？；.!?;]*[。！？；.!?;]+\s*|[^。！？；.!?;]+")
PIECES: Final = re.compile(r"[　-ヿ㐀-䶿一-鿿豈-﫿！-￮]|\d+(?:[.,:]\d+)*|\w+|\s+|[^\w\s]")
"""One Chinese or Japanese character, one number with its groups, one word, or one sign."""

BRIDGE: Final = 8
"""So few unchanged characters between two changes are read as part of one change."""

COMPARED: Final = 400_000
"""Pairs of parts that are looked at; where there are more, the whole was replaced."""


class Op(StrEnum):
    """What became of a piece of the older text, or that the newer one brought it."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text and what became of it."""

    op: Op
    text: str


def redline(before: str, after: str) -> tuple[Change, ...]:
    """Compare two texts; what is same or removed is the older, what is same or added the newer."""
    return tuple(_bridged(_compared(before, after, (LINES, SENTENCES, PIECES))))


def _compared(before: str, after: str, cuts: Sequence[re.Pattern[str]]) -> Iterator[Change]:
    old, new = cuts[0].findall(before), cuts[0].findall(after)
    if len(old) * len(new) > COMPARED:
        yield from _replaced(before, after)
        return
    for op, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[a1:a2]), "".join(new[b1:b2])
        if op == "equal":
            yield Change(Op.SAME, now)
        elif op == "replace" and len(cuts) > 1:
            yield from _compared(was, now, cuts[1:])
        else:
            yield from _replaced(was, now)


def _replaced(was: str, now: str) -> Iterator[Change]:
    if was:
        yield Change(Op.REMOVED, was)
    if now:
        yield Change(Op.ADDED, now)


def _bridged(changes: Iterable[Change]) -> Iterator[Change]:
    """Join changes that stand close together, so that a sentence is not cut into crumbs."""
    removed, added = "", ""
    for change in changes:
        if change.op is Op.SAME and (removed or added) and len(change.text.strip()) <= BRIDGE:
            removed, added = removed + change.text, added + change.text
        elif change.op is Op.SAME:
            yield from _one_change(removed, added)
            removed, added = "", ""
            yield change
        else:
            removed += change.text if change.op is Op.REMOVED else ""
            added += change.text if change.op is Op.ADDED else ""
    yield from _one_change(removed, added)


def _one_change(removed: str, added: str) -> Iterator[Change]:
    """Give one change; what both ends share is no part of it."""
    old, new = PIECES.findall(removed), PIECES.findall(added)
    tail: list[str] = []
    while old and new and old[-1] == new[-1]:
        tail.insert(0, old.pop())
        new.pop()
    yield from _replaced("".join(old), "".join(new))
    if tail:
        yield Change(Op.SAME, "".join(tail))
