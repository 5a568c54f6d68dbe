"""What changed between two texts, by words and, where words have no spaces, by characters.

What belongs here: comparing two strings, whatever their language. What never does: which versions
are compared, or how a change is drawn. Texts are compared by lines first, then sentences, then
pieces, so that a long text costs little; what is too much to look into is told as replaced whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Final

_HAN: Final = "　-ヿ㐀-䶿一-鿿豈-﫿"
LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
SENTENCES: Final = re.compile(
    r"(?:[^。！？；.!?;]|[.!?;](?!\s|$))*(?:[。！？；]+|[.!?;]+(?=\s|$))\s*|.+", re.DOTALL
)
PIECES: Final = re.compile(
    rf"(?:(?![{_HAN}])\w)+(?:[.,:．，：](?:(?![{_HAN}])\d)+)*|[{_HAN}]|\s+|[^\w\s]"
)
"""One word, one number with its groups, one Chinese or Japanese character, or one sign."""

BRIDGE: Final = 8
"""So few unchanged characters between two changes are read as part of one change."""

EFFORT: Final = 60_000
"""Pairs of like parts that are looked at for one redline; what is left then was replaced whole."""

KEPT: Final = 256
"""Redlines that are kept at hand: two versions never change."""


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


@lru_cache(maxsize=KEPT)
def redline(before: str, after: str) -> tuple[Change, ...]:
    """Compare two texts; what is same or removed is the older, what is same or added the newer."""
    return tuple(_bridged(_compared(before, after, (LINES, SENTENCES, PIECES), [EFFORT])))


def _compared(
    before: str, after: str, cuts: Sequence[re.Pattern[str]], left: list[int]
) -> Iterator[Change]:
    """Compare by the first cut, and what differs by the next; `left` is the effort to spend."""
    old, new = cuts[0].findall(before), cuts[0].findall(after)
    head, tail = _ends(old, new)
    if head:
        yield Change(Op.SAME, "".join(old[:head]))
    yield from _inside(old[head : len(old) - tail], new[head : len(new) - tail], cuts, left)
    if tail:
        yield Change(Op.SAME, "".join(old[len(old) - tail :]))


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Count the parts that both begin with, and those that both end with."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return head, tail


def _inside(
    old: Sequence[str], new: Sequence[str], cuts: Sequence[re.Pattern[str]], left: list[int]
) -> Iterator[Change]:
    left[0] -= _effort(old, new)
    if left[0] < 0:
        yield from _replaced("".join(old), "".join(new))
        return
    for op, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[a1:a2]), "".join(new[b1:b2])
        if op == "equal":
            yield Change(Op.SAME, now)
        elif op == "replace" and len(cuts) > 1:
            yield from _compared(was, now, cuts[1:], left)
        else:
            yield from _replaced(was, now)


def _effort(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the pairs of like parts: that many are looked at, often more than once."""
    there = Counter(new)
    return len(new) + sum(there[part] + 1 for part in old)


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
