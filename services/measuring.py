"""How long everything took that plan or law gives a time: read off a stream's own list of dues.

What belongs here: folding entries and watching dues come and go. What never does: what is due
(domain/agenda.py), words about it, or any clock but that of the entries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from domain.agenda import dues
from domain.dispatch import Due
from domain.ledger import Entry, read_entry
from domain.message import event_spec
from domain.people import CLOCK
from domain.plot import evolve
from domain.state import Incident

ANSWERED_BY = {
    "channel": "ChannelAnswered",
    "duty": "DutyFiled",
    "duty_phone": "DutyFiled",
    "duty_target": "DutyFiled",
    "form_team": "RoleAccepted",
    "recall_time_limit": "RecallEnded",
}
"""What is asked anew while it is open (a higher grade, another scope, a clock that moved), by what
its keys begin with: only this event ends it, everything else puts a new one in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The act after which something was due no more: when, by whom, and what it recorded."""

    at: datetime
    seq: int
    actor: str
    events: tuple[str, ...]

    @property
    def by_itself(self) -> bool:
        """Say whether nobody did it: the clock did what the plan says about silence."""
        return self.actor == CLOCK.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One due as it went: when it began, by when it should have been done, what ended it.

    `asked_at` is the entry that first showed it. `ending` is None while it is open at the end of
    the entries, which is `end_at`.
    """

    due: Due
    asked_at: datetime
    end_at: datetime
    ending: Ending | None = None

    @property
    def group(self) -> str:
        """Give what the key begins with: the kind of thing that was due."""
        return self.due.key.partition(":")[0]

    @property
    def took(self) -> timedelta:
        """Give how long it took, or has taken so far."""
        return max(self._last_at - self.due.start_at, timedelta(0))

    @property
    def allowed(self) -> timedelta:
        """Give how long it might take."""
        return max(self.due.due_at - self.due.start_at, timedelta(0))

    @property
    def late_by(self) -> timedelta:
        """Give how much later than its time it was done, or how late it is; nothing in time."""
        return max(self._last_at - self.due.due_at, timedelta(0))

    @property
    def is_late(self) -> bool:
        """Say whether it was done late, or is open and late."""
        return bool(self.late_by)

    @property
    def share(self) -> float:
        """Give how much of its time it took: 1.0 is all of it."""
        if self.allowed:
            return self.took / self.allowed
        return float("inf") if self.is_late else 0.0

    @property
    def _last_at(self) -> datetime:
        return self.ending.at if self.ending else self.end_at


def measured(before: Incident, leaves: Iterable[bytes]) -> list[Measured]:
    """Watch the dues of an incident through its entries, in the order in which they appeared.

    What was asked anew before it was answered counts once, with the newest time.
    """
    found: dict[str, Measured] = {}
    state = before
    at = None
    for act in _acts(leaves):
        for entry in act:
            state = evolve(state, entry.event, entry.mark())
        at = act[-1].recorded_at
        now = {due.key: due for due in dues(state)}
        for key, due in now.items():
            asked_at = found[key].asked_at if key in found else at
            found[key] = Measured(due=due, asked_at=asked_at, end_at=at)
        for key, seen in found.items():
            if key not in now and seen.ending is None:
                found[key] = replace(seen, ending=_ending(act))
    if at is None:
        return []
    left_out = _asked_anew(found)
    return [replace(found[key], end_at=at) for key in found if key not in left_out]


def _acts(leaves: Iterable[bytes]) -> Iterator[list[Entry]]:
    """Give the entries of one act after the other: in between nothing can be due."""
    read = (read_entry(leaf) for leaf in leaves)
    for _, act in groupby(read, lambda entry: (entry.command_id, entry.recorded_at)):
        yield list(act)


def _ending(act: list[Entry]) -> Ending:
    return Ending(
        at=act[-1].recorded_at,
        seq=act[0].seq,
        actor=act[0].actor.id,
        events=tuple(event_spec(entry.event).name for entry in act),
    )


def _asked_anew(found: Mapping[str, Measured]) -> set[str]:
    """Give the keys of what was asked anew before it was answered."""
    newest: dict[str, str] = {}
    left_out: set[str] = set()
    for key, seen in found.items():
        if seen.group not in ANSWERED_BY:
            continue
        thing = f"{seen.group}:{seen.due.item}"
        earlier = newest.get(thing)
        if earlier is not None and not _is_answered(found[earlier]):
            left_out.add(earlier)
        newest[thing] = key
    return left_out


def _is_answered(seen: Measured) -> bool:
    return seen.ending is not None and ANSWERED_BY[seen.group] in seen.ending.events
