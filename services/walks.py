"""The walk along a ledger: folded once in each process, with states kept on the way.

What belongs here: folding an incident's entries in order, keeping a state every so many, and noting
which entry changed what. What never does: who may see it (services/reading.py), what a moment is
(services/moments.py), or believing what was written down (services/stretches.py).

A walk is believed for as long as the root over the bytes it was folded from is the one that the
head of the ledger names at that size, or that the entries after it lead to. Otherwise it is
forgotten and the bytes are folded anew. A walk may begin with stretches that were written down: of
these it has the states at their ends and which entry touched what, both unread until somebody asks
for them, and folds the entries in between only when somebody asks for a moment there.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
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

UNREAD: Final = object()
"""The value of a step of a stretch that was written down: it stands in the states around it."""

Contents = Callable[[int, int], Sequence[bytes]]
"""Gives the bytes of entries of one ledger, from a number to a number."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry made one thing what it then was; `value` None: it was no longer there."""

    seq: int
    path: Path
    value: Any


@dataclass(slots=True)
class Place:
    """How an incident stood after an entry; what was written down is read when it is asked for.

    `frontier` and `weight`, the bytes of all entries so far, are known where the walk itself came
    by, or where a stretch ends.
    """

    size: int
    read: Callable[[], Incident]
    frontier: Frontier | None = None
    weight: int = 0
    _state: Incident | None = None

    @classmethod
    def of(cls, state: Incident, frontier: Frontier | None = None, weight: int = 0) -> "Place":
        """Give the place of a state that is at hand."""
        return cls(state.size, lambda: state, frontier, weight, state)

    @property
    def state(self) -> Incident:
        """Give the state there."""
        if self._state is None:
            self._state = self.read()
        return self._state


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a walk knows of some entries: when each was recorded and happened, and what it did."""

    recorded: Sequence[datetime]
    happened: Sequence[datetime]
    touches: Sequence[tuple[int, Path]]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some entries of a walk up to the place where it ends; what they tell is read when asked for.

    `earliest` and `latest` are the ends of the times at which they were recorded.
    """

    size: int
    earliest: datetime
    latest: datetime
    read: Callable[[], Told]
    end: Place

    def size_at(self, at: datetime) -> int:
        """Count its entries that were recorded at or before an instant, in whatever order."""
        if self.latest <= at:
            return self.size
        return _by_then(self.read().recorded, at) if self.earliest <= at else 0


@dataclass
class Walk:
    """One incident from its first entry to the last that was read; grows, and never goes back.

    `leaves` are the hashes that its root is over: bytes that are read again are held against them.
    `places` are in order, the first before any entry. `untold` are the stretches it began with, as
    long as nobody asked what their entries tell. `kept` is how many stretches are written down,
    `kept_to` where the last of them ends, and `tried` up to where no other can end.
    """

    begins: Incident
    contents: Contents
    leaves: list[bytes] = field(default_factory=list)
    places: list[Place] = field(init=False)
    untold: list[Stretch] = field(default_factory=list)
    kept: int = 0
    kept_to: Place = field(init=False)
    tried: int = 0
    lock: AbstractContextManager[Any] = field(default_factory=threading.RLock)
    _here: Place = field(init=False)
    _recorded: list[datetime] = field(default_factory=list)
    _happened: list[datetime] = field(default_factory=list)
    _touches: list[tuple[int, Path]] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=list)
    _steps_of: dict[Path, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin where the walk begins."""
        self._here = self.kept_to = Place.of(self.begins, Frontier())
        self.places = [self._here]

    @property
    def size(self) -> int:
        """Say how many entries were walked."""
        return len(self.leaves)

    @property
    def last(self) -> Incident:
        """Give the state after the last entry that was walked."""
        return self._here.state

    @property
    def root(self) -> bytes:
        """Give the root of the tree over the entries that were walked."""
        assert self._here.frontier is not None, "a walk knows the tree where it stands"
        return self._here.frontier.root()

    @property
    def recorded(self) -> list[datetime]:
        """Give when each entry was recorded."""
        self._tell()
        return self._recorded

    @property
    def happened(self) -> list[datetime]:
        """Give when each entry happened."""
        self._tell()
        return self._happened

    @property
    def touches(self) -> list[tuple[int, Path]]:
        """Give what each entry touched, with its number."""
        self._tell()
        return self._touches

    @property
    def steps(self) -> list[Step]:
        """Give the steps of all that is followed."""
        self._tell()
        return self._steps

    # ------------------------------------------------------------ growing

    def goes_on(self, content: bytes) -> None:
        """Take the next entry. Raises NotWhole."""
        seq, here = self.size + 1, self._here
        assert here.frontier is not None, "a walk knows the tree where it stands"
        entry, after, paths, steps = _one_on(here.state, content)
        leaf = leaf_hash(content)
        self._touches += [(seq, path) for path in paths]
        self._steps += steps
        _note_steps(self._steps_of, steps)
        self._recorded.append(entry.recorded_at)
        self._happened.append(entry.happened_at)
        self.leaves.append(leaf)
        frontier = here.frontier.append(leaf)
        self._here = Place.of(after, frontier, here.weight + len(content))
        if seq % EVERY == 0:
            self.places.append(self._here)

    def takes(self, one: Stretch, leaves: Iterable[bytes]) -> None:
        """Take the next stretch as it was written down, with the leaf hashes of its entries.

        A walk begins with stretches: after an entry of its own it takes none.
        """
        self.untold.append(one)
        self.leaves += leaves
        self._here = one.end
        self.places.append(one.end)
        self.is_kept(one.end)

    def is_kept(self, end: Place) -> None:
        """Note that one more stretch is written down, and where it ends."""
        self.kept, self.kept_to, self.tried = self.kept + 1, end, end.size

    def stretch(self, end: Place) -> Stretch:
        """Give the stretch from where the last one that is kept ends up to a place."""
        first, last = self.kept_to.size, end.size
        touch, to_touch = (bisect_right(self.touches, n, key=_number_of) for n in (first, last))
        step, to_step = (bisect_right(self.steps, n, key=_seq_of) for n in (first, last))
        recorded = self.recorded[first:last]
        told = Told(
            recorded=recorded,
            happened=self.happened[first:last],
            touches=self.touches[touch:to_touch],
            steps=self.steps[step:to_step],
        )
        return Stretch(
            size=last - first,
            earliest=min(recorded),
            latest=max(recorded),
            read=lambda: told,
            end=end,
        )

    def _tell(self) -> None:
        """Read what the stretches tell that the walk began with, before what it came by itself."""
        if not self.untold:
            return
        with self.lock:
            # Empty where another thread was first: then nothing is put before anything.
            told = [one.read() for one in self.untold]
            self._recorded[:0] = chain.from_iterable(one.recorded for one in told)
            self._happened[:0] = chain.from_iterable(one.happened for one in told)
            self._touches[:0] = chain.from_iterable(one.touches for one in told)
            self._steps[:0] = chain.from_iterable(one.steps for one in told)
            self._steps_of.clear()
            _note_steps(self._steps_of, self._steps)
            self.untold = []  # at the end: whoever finds none does not wait

    # ------------------------------------------------------------ looking

    def size_at(self, at: datetime) -> int:
        """Count the entries recorded at or before an instant, by what their bytes say.

        In a ledger as it is recorded they are the first so many. Every one is counted all the same,
        by whole stretches where these lie before or after it.
        """
        with self.lock:
            before = sum(one.size_at(at) for one in self.untold)
            return before + _by_then(self._recorded, at)

    def state_at(self, seq: int) -> Incident:
        """Give the state after an entry that was walked. Raises NotWhole."""
        with self.lock:
            if seq == self.size:
                return self.last
            state = self.places[bisect_right(self.places, seq, key=_size_of) - 1].state
            for content in self._read_again(state.size + 1, seq):
                state = evolved(state, read_numbered(state.id, state.size + 1, content))
                self._note(state)
            return state

    def value_of(self, step: Step, near: Incident) -> Any:
        """Give what a step made of its thing; `near` is a state that it may stand in.

        Raises NotWhole.
        """
        if step.value is not UNREAD:
            return step.value
        with self.lock:
            self._tell()
            seqs = self._steps_of[step.path]
            number = bisect_right(seqs, step.seq)
            until = seqs[number] if number < len(seqs) else self.size + 1
            state = near if step.seq <= near.size < until else self._standing(step.seq, until)
            return self._folded(step) if state is None else _value(state, step.path)

    def touched_by(self, first: int, last: int) -> dict[Path, tuple[int, ...]]:
        """Name what some entries touched, each with the entries that did."""
        found: dict[Path, list[int]] = {}
        begin = bisect_left(self.touches, first, key=_number_of)
        for seq, path in islice(self.touches, begin, None):
            if seq > last:
                break
            found.setdefault(path, []).append(seq)
        return {path: tuple(seqs) for path, seqs in found.items()}

    def _read_again(self, first: int, last: int) -> Iterator[bytes]:
        """Give entries that were walked, and insist that they are still the same bytes.

        The walk believed them under a root; a state that other bytes lead to is none of its own.
        Raises NotWhole.
        """
        contents = self.contents(first, last)
        for seq in range(first, last + 1):
            content = contents[seq - first] if seq - first < len(contents) else b""
            if leaf_hash(content) != self.leaves[seq - 1]:
                raise NotWhole.at(self.begins.id, seq)
            yield content

    def _note(self, state: Incident) -> None:
        """Keep a state on the way through a stretch, as the walk itself does."""
        number = bisect_left(self.places, state.size, key=_size_of)
        if state.size % EVERY == 0 and self.places[number].size != state.size:
            self.places.insert(number, Place.of(state))

    def _standing(self, first: int, until: int) -> Incident | None:
        """Give a state after `first` or a later entry before `until`, where one is kept."""
        if first <= self.size < until:
            return self.last
        place = self.places[bisect_left(self.places, first, key=_size_of)]
        return place.state if place.size < until else None

    def _folded(self, step: Step) -> Any:
        """Fold the entries around a step from one place to the next, for all that they made."""
        number = bisect_left(self.places, step.seq, key=_size_of)
        first, last = self.places[number - 1], self.places[number].size
        state, found = first.state, list[Step]()
        for content in self._read_again(first.size + 1, last):
            _, state, _, steps = _one_on(state, content)
            found += steps
            self._note(state)
        begin, end = (bisect_right(self.steps, n, key=_seq_of) for n in (first.size, last))
        self.steps[begin:end] = found
        here = (one.value for one in found if (one.seq, one.path) == (step.seq, step.path))
        return next(here, None)


def _by_then(recorded: Iterable[datetime], at: datetime) -> int:
    return sum(when <= at for when in recorded)


def _note_steps(steps_of: dict[Path, list[int]], steps: Iterable[Step]) -> None:
    for step in steps:
        steps_of.setdefault(step.path, []).append(step.seq)


def _size_of(place: Place) -> int:
    return place.size


def _seq_of(step: Step) -> int:
    return step.seq


def _number_of(touch: tuple[int, Path]) -> int:
    return touch[0]


def _one_on(before: Incident, content: bytes) -> tuple[Entry, Incident, list[Path], list[Step]]:
    """Give the next entry, the state after it, what it touched, and its steps. Raises NotWhole."""
    seq = before.size + 1
    entry = read_numbered(before.id, seq, content)
    after = evolved(before, entry)
    # In an order of their own: a state that was read back holds its things in another one.
    paths = sorted(touched(before, after))
    return entry, after, paths, _steps(seq, paths, before, after)


def evolved(before: Incident, entry: Entry) -> Incident:
    """Give the state after one more entry. Raises NotWhole."""
    try:
        return evolve(before, entry.event, entry.mark())
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotWhole.at(before.id, before.size + 1) from error


def _value(state: Incident, path: Path) -> Any:
    return getattr(getattr(state, path[0]), path[1]).get(path[2])


def _steps(seq: int, paths: Iterable[Path], before: Incident, after: Incident) -> list[Step]:
    found = [Step(seq, path, _value(after, path)) for path in paths if path[:2] in FOLLOWED]
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

    def of(self, incident: str, begin: Callable[[], Walk]) -> Walk:
        """Give the walk of an incident as far as it went; a new one begins before entry 1."""
        with self._lock:
            walk = self._walks.pop(incident, None) or begin()
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

    def names(self) -> list[str]:
        """Name the incidents that were walked."""
        with self._lock:
            return list(self._walks)

    def is_known(self, incident: str, size: int) -> bool:
        """Say whether an incident was walked as far as an entry."""
        with self._lock:
            walk = self._walks.get(incident)
            return walk is not None and walk.size >= size
