"""The fold of a ledger, step by step beside a replay, and where two states differ.

What belongs here: one fold that goes along with the replayed runs, and the first difference of two
entries or states. What never does: replaying (services/history_proof.py), or a verdict.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

from domain.errors import AndonError, BrokenSetup, NotWhole
from domain.plot import fold
from domain.rules import Rules, rules_from_text
from domain.state import StreamState
from domain.streams import plot_of
from domain.wire import encode, travelling
from services.history_bundle import Fault, Unreadable

KEPT = 400
"""States that are kept behind the newest: a run that was ended from outside may have decided a few
entries that the next one decided anew."""

DRILLS = {"EXERCISE-": "exercise", "SIMULATION-": "simulation"}
"""What the number of a stream begins with that is none of real life."""


def drill_of(stream: str) -> str:
    """Say by its number whether a stream is real (''), of an exercise or of a simulation."""
    return next((kind for start, kind in DRILLS.items() if stream.startswith(start)), "")


class Folded:
    """A ledger, folded as far as somebody asks; the same states again are not folded again."""

    def __init__(self, stream: str, leaves: Sequence[bytes], rules: Mapping[str, str]) -> None:
        """Begin before the first entry. Raises Unreadable when its rules are not there."""
        self.plot = plot_of(stream)
        self._stream = stream
        self._leaves = leaves
        self._find = _finding(rules)
        self._last = self._empty()
        self._kept: OrderedDict[int, StreamState] = OrderedDict({0: self._last})

    def __len__(self) -> int:
        """Count the entries of the ledger."""
        return len(self._leaves)

    def leaf(self, seq: int) -> bytes:
        """Give the bytes of an entry."""
        return self._leaves[seq - 1]

    def at(self, size: int) -> StreamState:
        """Give the state after so many entries. Raises Unreadable for an entry that is none."""
        if size < self._last.size and size not in self._kept:
            self._last = self._empty()
        while self._last.size < size:
            seq = self._last.size + 1
            try:
                self._last = fold(self._last, [self.leaf(seq)])
            except (NotWhole, RecursionError):
                raise Unreadable(Fault(kind="ledger_unreadable", entry=seq)) from None
            except AndonError as error:
                fault = Fault(kind="rules_unreadable", entry=seq, what=error.sentence[:200])
                raise Unreadable(fault) from None
            self._kept[seq] = self._last
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept.get(size, self._last)

    def sha256_at(self, size: int) -> str:
        """Give the hash of the state's text after so many entries."""
        return sha256(self.plot.text(self.at(size)).encode()).hexdigest()

    def _empty(self) -> StreamState:
        fault = Fault(kind="ledger_unreadable", entry=1)
        try:
            first = json.loads(self._leaves[0])["plan"]
        except (ValueError, LookupError, TypeError, RecursionError):
            raise Unreadable(fault) from None
        try:
            rules = self._find(str(first))
        except AndonError as error:
            raise Unreadable(Fault(kind="rules_unreadable", what=error.sentence[:200])) from None
        empty: StreamState = self.plot.new(self._stream, rules, drill=drill_of(self._stream))
        return replace(empty, find_rules=self._find)


def _finding(texts: Mapping[str, str]) -> Callable[[str], Rules]:
    """Read rules by hash, each once."""

    @cache
    def find(sha: str) -> Rules:
        if sha not in texts:
            raise BrokenSetup(f"The rules {sha[:16]} are not among the members.")
        try:
            return rules_from_text(texts[sha])
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise BrokenSetup(f"The rules {sha[:16]} cannot be read: {error!s:.100}") from error

    return find


# ---------------------------------------------------------------- differences


class Comparing:
    """Holds two states that grow side by side against each other, part by part.

    A part that neither side touched since they agreed is not looked at again.
    """

    def __init__(self, kind: type[StreamState]) -> None:
        """Look the parts up once."""
        self._kind = kind
        self._names = [each.name for each in travelling(kind)]
        self._agreed: dict[str, tuple[Any, Any]] = {}

    def difference(self, ours: StreamState, theirs: StreamState) -> str:
        """Give the path of the first difference in the JSON of both, '' when there is none."""
        for name in self._names:
            one, other = getattr(ours, name), getattr(theirs, name)
            before = self._agreed.get(name)
            if before is not None and before[0] is one and before[1] is other:
                continue
            if one != other:
                found = first_difference(
                    encode(self._kind, ours)[name], encode(self._kind, theirs)[name]
                )
                return f"{name}{found}"
            self._agreed[name] = (one, other)
        return ""


def first_difference(one: Any, other: Any) -> str:
    """Give the path of the first place where two JSON values differ, as `.name[3].other`."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if name not in one or name not in other:
                return f".{name}"
            if one[name] != other[name]:
                return f".{name}{first_difference(one[name], other[name])}"
    if isinstance(one, list) and isinstance(other, list):
        for number, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                return f"[{number}]{first_difference(left, right)}"
        return f"[{min(len(one), len(other))}]" if len(one) != len(other) else ""
    return ""


def leaf_difference(one: bytes, other: bytes) -> str:
    """Give the path of the first difference of two entries; '' when they cannot be told apart."""
    try:
        return first_difference(json.loads(one), json.loads(other)).lstrip(".")
    except (ValueError, RecursionError):
        return ""
