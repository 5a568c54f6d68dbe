"""Which of many patterns can match a text at all: told by words that every match must hold.

What belongs here: reading a regular expression, never running it. What never does: a rule. A table
of wording rules has a thousand patterns, a text meets few of them, and looking for a word is a
hundred times quicker than running a pattern.

The reader is Python's own, which is not public: where it cannot be had, or does not know a pattern,
the answer is "perhaps", and the pattern runs. The tests hold both ways against each other.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

try:
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # a later Python, or another one
    _parser = None

Words = frozenset[str]

SHORTEST: Final = 3
"""Letters below which a word stands in too many texts; a Chinese, Japanese or Korean one counts
double."""

_PASSED_OVER: Final = str.maketrans({"\u0307": None, "ı": "i", "ſ": "s", "ς": "σ"})
"""What a pattern takes for i, s and σ, whatever their case and place."""


def as_searched(text: str) -> str:
    """Give a text in the form in which words are looked for."""
    return text.lower().translate(_PASSED_OVER)


def possible(patterns: Iterable[str], searched: str) -> tuple[str, ...]:
    """Leave out the patterns of which no match can stand in a text (in the form `as_searched`)."""
    return tuple(pattern for pattern in patterns if _may_match(pattern, searched))


def _may_match(pattern: str, searched: str) -> bool:
    words = words_of(pattern)
    return words is None or any(word in searched for word in words)


@lru_cache(maxsize=8192)
def words_of(pattern: str) -> Words | None:
    """Give words of which every match holds at least one; None when none is sure."""
    found = _needed(_parser.parse(pattern)) if _parser is not None else None
    return None if found is None or min(map(_weight, found)) < SHORTEST else found


def _weight(word: str) -> int:
    return sum(1 if letter < "\u2e80" else 2 for letter in word)


def _needed(parts: Any) -> Words | None:
    """Walk a sequence of parts: each may need words of its own; the rarest are taken."""
    best: Words | None = None
    run = ""
    for kind, told in parts:
        if str(kind) == "LITERAL":
            run += chr(told)
            continue
        best, run = _rarer(_rarer(best, _word(run)), _of_part(str(kind), told)), ""
    return _rarer(best, _word(run))


def _of_part(kind: str, told: Any) -> Words | None:
    if kind == "SUBPATTERN":
        return _needed(told[-1])
    if kind == "ATOMIC_GROUP":
        return _needed(told)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _needed(told[2]) if told[0] >= 1 else None
    if kind == "BRANCH":
        ways = [_needed(way) for way in told[1]]
        return frozenset().union(*(w or () for w in ways)) if all(ways) else None
    return None


def _word(run: str) -> Words | None:
    searched = as_searched(run)
    return frozenset({searched}) if searched else None


def _rarer(one: Words | None, other: Words | None) -> Words | None:
    """Choose the words that stand in fewer texts: the longer ones, then the fewer."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda words: (min(map(_weight, words)), -len(words)))
