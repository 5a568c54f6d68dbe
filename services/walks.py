"""The walk along a ledger: folded once in each process, with states kept on the way.

What belongs here: folding an incident's entries in order, keeping a state every so many, and noting
which entry changed what. What never does: who may see it (services/reading.py), what a moment is
(services/moments.py), or believing what another process folded.

A walk is believed for as long as the root over the bytes it was folded from is the one that the
head of the ledger names at that size, or that the entries after it lead to. Otherwise it is
forgotten and the bytes are folded anew. Nothing is written down: a state that somebody could put
into a table would have to be folded again to be believed.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from domain.difference import Path, touched
from domain.errors import NotWhole
from domain.incident import evolve
from domain.known_facts import known_facts
from domain.ledger import Entry, read_numbered
from domain.state import Incident
from domain.tree import Frontier, leaf_hash

EVERY: Final = 100
"""Entries from one state that is kept to the next: more of them are folded within 20 ms."""

ENTRIES_KEPT: Final = 120_000
"""Entries of all walks that a process keeps; of more, what nobody asked for longest goes."""

FOLLOWED: Final = frozenset(
    {("halt", "channels"), ("statement", "statements"), ("investigation", "facts")}
)
"""Collections whose things are followed one by one: where goods are sold, what is said, known."""

KNOWN: Final = ("known",)
"""The path of what an incident knows by its own entries (domain/known_facts.py)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry made one thing what it then was; `value` None: it was no longer there."""

    seq: int
    path: Path
    value: Any


@dataclass
class Walk:
    """One incident from its first entry to the last that was read; grows, and never goes back."""

    states: list[Incident]
    recorded: list[datetime] = field(default_factory=list)
    happened: list[datetime] = field(default_factory=list)
    touches: list[tuple[int, Path]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    last: Incident = field(init=False)
    frontier: Frontier = field(default_factory=Frontier)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin where the walk begins."""
        self.last = self.states[0]

    @property
    def size(self) -> int:
        """Say how many entries were walked."""
        return len(self.recorded)

    def goes_on(self, content: bytes) -> None:
        """Take the next entry. Raises NotWhole."""
        seq, before = self.size + 1, self.last
        entry = read_numbered(before.id, seq, content)
        after = evolved(before, entry)
        paths = list(touched(before, after))
        self.touches += [(seq, path) for path in paths]
        self.steps += _steps(seq, paths, before, after)
        self.recorded.append(entry.recorded_at)
        self.happened.append(entry.happened_at)
        self.frontier = self.frontier.append(leaf_hash(content))
        self.last = after
        if seq % EVERY == 0:
            self.states.append(after)

    def size_at(self, at: datetime) -> int:
        """Count the entries recorded at or before an instant."""
        return bisect_right(self.recorded, at)

    def kept_before(self, seq: int) -> Incident:
        """Give the last state that is kept at or before an entry."""
        last = self.last
        return last if last.size == seq else self.states[seq // EVERY]

    def touched_by(self, first: int, last: int) -> dict[Path, tuple[int, ...]]:
        """Name what some entries touched, each with the entries that did."""
        found: dict[Path, list[int]] = {}
        begin = bisect_left(self.touches, first, key=lambda touch: touch[0])
        for seq, path in islice(self.touches, begin, None):
            if seq > last:
                break
            found.setdefault(path, []).append(seq)
        return {path: tuple(seqs) for path, seqs in found.items()}


def evolved(before: Incident, entry: Entry) -> Incident:
    """Give the state after one more entry. Raises NotWhole."""
    try:
        return evolve(before, entry.event, entry.mark())
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotWhole.at(before.id, before.size + 1) from error


def _steps(seq: int, paths: Iterable[Path], before: Incident, after: Incident) -> list[Step]:
    found = [
        Step(seq, path, getattr(getattr(after, path[0]), path[1]).get(path[2]))
        for path in paths
        if path[:2] in FOLLOWED
    ]
    # What is told of people and goods comes from these two alone.
    if before.report is not after.report or before.recall is not after.recall:
        found += _known_steps(seq, before, after)
    return found


def _known_steps(seq: int, before: Incident, after: Incident) -> list[Step]:
    was, now = ({fact.key: fact for fact in known_facts(one)} for one in (before, after))
    told = {key: (fact.value, fact.status) for key, fact in was.items()}
    return [
        Step(seq, (*KNOWN, key), now.get(key))
        for key in {**was, **now}
        if key not in now or told.get(key) != (now[key].value, now[key].status)
    ]


@dataclass
class Walks:
    """The walks of one process."""

    _walks: dict[str, Walk] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, incident: str, begin: Callable[[], Incident]) -> Walk:
        """Give the walk of an incident as far as it went; a new one begins before entry 1."""
        with self._lock:
            walk = self._walks.pop(incident, None) or Walk([begin()])
            self._walks[incident] = walk  # asked for last, it stands last
            kept = sum(one.size for one in self._walks.values())
            for name in list(self._walks)[:-1]:
                if kept <= ENTRIES_KEPT:
                    break
                kept -= self._walks.pop(name).size
            return walk

    def forget(self, incident: str) -> None:
        """Forget a walk that the ledger does not bear out."""
        with self._lock:
            self._walks.pop(incident, None)

    def is_known(self, incident: str, size: int) -> bool:
        """Say whether an incident was walked as far as an entry."""
        with self._lock:
            walk = self._walks.get(incident)
            return walk is not None and walk.size >= size
