"""How long everything took that plan or law gives a time: read off a stream's own list of dues.

What belongs here: folding entries and watching dues come and go. What never does: what is due
(domain/agenda.py), words about it, or any clock but that of the entries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.agenda import dues
from domain.dispatch import Due
from domain.incident import fold
from domain.state import Incident

CHANNEL = "channel"
"""What the keys of a channel's confirmations begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One due as it went: when it began, by when it should have been done, when it was.

    `asked_at` is the entry that first showed it. `done_at` is None while it is open at the end of
    the entries, which is `end_at`.
    """

    due: Due
    asked_at: datetime
    end_at: datetime
    done_at: datetime | None = None

    @property
    def group(self) -> str:
        """Give what the key begins with: the kind of thing that was due."""
        return self.due.key.partition(":")[0]

    @property
    def took(self) -> timedelta:
        """Give how long it took, or has taken so far."""
        return max((self.done_at or self.end_at) - self.due.start_at, timedelta(0))

    @property
    def allowed(self) -> timedelta:
        """Give how long it might take."""
        return max(self.due.due_at - self.due.start_at, timedelta(0))

    @property
    def is_late(self) -> bool:
        """Say whether it was done late, or is open and late."""
        return (self.done_at or self.end_at) > self.due.due_at

    @property
    def share(self) -> float:
        """Give how much of its time it took: 1.0 is all of it."""
        if not self.allowed:
            return 0.0 if not self.is_late else float("inf")
        return self.took / self.allowed


def measured(before: Incident, leaves: Iterable[tuple[datetime, bytes]]) -> list[Measured]:
    """Watch the dues of an incident through its entries, in the order in which they appeared.

    A channel counts with its newest order alone: a later order takes the place of an earlier one.
    """
    found: dict[str, Measured] = {}
    at, state = None, before
    for at, leaf in leaves:
        state = fold(state, [leaf])
        now = {due.key: due for due in dues(state)}
        for key, due in now.items():
            seen = found.get(key)
            asked_at = seen.asked_at if seen else at
            found[key] = Measured(due=due, asked_at=asked_at, end_at=at)
        for key, seen in found.items():
            if key not in now and seen.done_at is None:
                found[key] = replace(seen, done_at=at)
    if at is None:
        return []
    left_out = _replaced(found)
    return [replace(found[key], end_at=at) for key in found if key not in left_out]


def _replaced(keys: Iterable[str]) -> set[str]:
    """Give the keys of a channel's earlier orders."""
    newest: dict[str, str] = {}
    earlier: set[str] = set()
    for key in keys:
        group, _, rest = key.partition(":")
        if group != CHANNEL:
            continue
        channel = rest.rpartition(":")[0]
        if channel in newest:
            earlier.add(newest[channel])
        newest[channel] = key
    return earlier
