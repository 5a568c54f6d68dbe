"""An incident at a moment: as it was recorded then, or by what is known now to have happened.

What belongs here: finding a moment, the state there, and the three columns of what was on sale,
what the public texts said and what was known. What never does: words for a reader, or changing.

Two ways to look at an instant T, and they answer different questions:

- **by recorded time**: what the house knew at T. The fold of all entries recorded at or before T,
  which are always the first so many of the ledger.
- **by happened time**: what is known now about T. Of all entries of the record those that happened
  at or before T, in the order in which they happened. A fold over such a choice would be none: an
  entry may need one that was told with a later time. So every entry is folded in its own place, and
  of each thing (a channel, a text, a fact) that one counts which happened last of those chosen; the
  thing is what it was in the record after that entry. What was recorded only after T is marked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final

from domain.channels import standing
from domain.difference import Path, ThingChanged, difference, leaves_of, things
from domain.errors import AndonError, Malformed, NotFound
from domain.incident import fold
from domain.people import Actor
from domain.state import Incident
from domain.state.halt import ChannelHalt
from domain.state.statement import OUT, Statement
from domain.wire import read_instant
from services import stretches
from services.house import House
from services.reading import empty_incident, visible
from services.walks import ENTRIES_KEPT, KNOWN, Step, Walk
from storage import incidents, streams

NUMBER_DIGITS: Final = 9
STRAIGHT: Final = 400
"""Entries that are folded from their bytes each time: it takes less than anybody notices."""

LONG: Final = 2_000
"""Entries from which on the first look at an incident would take a fifth of a second or more."""

CLOSED_AHEAD: Final = 50
"""Closed incidents, the last first, that are looked at for long ones."""

NOT_ORDERED: Final = "not_ordered"
"""Where a channel stands that no order reached: it sells."""

NO_SALE: Final = "no_sale"
"""A plant, a supplier, a carrier, a warehouse that no order reached: nothing is sold there."""

FOUND_SELLING: Final = "found_selling"

SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "on_sale": (NOT_ORDERED, "selling", FOUND_SELLING, "resumed"),
    "may_sell": ("resume_failed", "resuming", "all_held"),
    "refused": ("refused",),
    "unsure": ("failed", "unreadable", "silent", "ordered", "accepted"),
    "taken_over": ("taken_over",),
    "stopped": ("confirmed",),
    NO_SALE: (NO_SALE,),
}
"""Sorts of channels by where they stand, in the order in which they are told; within, the worst
first. What may sell again by decision, and has not said that it does, is not known to be on sale. A
refusal and a takeover are sorts of their own: nobody there said that the goods are off the shelf,
and none of them is merely late."""

SORT_OF: Final[Mapping[str, str]] = {one: name for name, each in SORTS.items() for one in each}

YEARS: Final = range(1950, 2150)
FACTS: Final = ("investigation", "facts")
A_SECOND: Final = timedelta(seconds=1)
"""A form writes the whole second after an entry: that this one still runs is no future."""

_PLUS_LOST: Final = re.compile(r" (\d\d:?\d\d)\Z")
_HINT: Final = (
    "Give the number of an entry, or a time with its zone, such as 2026-11-22T14:00+08:00."
)

Moment = int | datetime
"""The number of an entry, or an aware instant."""


class By(StrEnum):
    """By which time a moment is looked at."""

    RECORDED = "recorded"
    HAPPENED = "happened"


@dataclass(frozen=True)
class AsOf:
    """An incident as of a moment: the last entry recorded then, its state, the instant itself.

    The instant of an entry is when it was recorded; that of entry 0 is just before the first one.
    `to_come` is the instant that was asked for where it has not come yet: `at` is then when the
    record ends.
    """

    row: incidents.IncidentRow
    seq: int
    at: datetime
    state: Incident
    to_come: datetime | None = None


@dataclass(frozen=True)
class Then:
    """What one thing was: since which entry, when that happened, and whether it was known then."""

    key: str
    value: Any
    seq: int
    happened_at: datetime
    recorded_at: datetime
    later: bool


@dataclass(frozen=True)
class Columns:
    """What was on sale where, what the public texts said, what was known; each thing by its key.

    `places` are the channels that the record lists by then, ordered to stop or not; `entries` are
    those that count, in their order, `later` the ones among them that were recorded after `at`.
    `to_come` is as in AsOf.
    """

    at: datetime
    by: By
    places: tuple[str, ...]
    channels: Mapping[str, Then]
    texts: tuple[Then, ...]
    known: tuple[Then, ...]
    entries: tuple[int, ...]
    later: tuple[int, ...]
    to_come: datetime | None = None

    def stands(self, channel: str) -> str:
        """Say where a channel stood."""
        then = self.channels.get(channel)
        return NOT_ORDERED if then is None else standing(then.value, self.at)


@dataclass(frozen=True)
class Between:
    """What is different between two moments, and the entries in between that touched each thing."""

    before: AsOf
    after: AsOf
    things: tuple[ThingChanged, ...]
    touched_by: Mapping[Path, tuple[int, ...]]


# ---------------------------------------------------------------- finding a moment


def read_moment(text: str, what: str = "at") -> Moment:
    """Read a moment as somebody writes it. Raises Malformed."""
    told = text.strip()
    if told.isascii() and told.isdigit():
        if len(told) > NUMBER_DIGITS:
            raise Malformed(f"{what}: there is no entry {told:.20}….", _HINT)
        return int(told)
    try:
        # In an address an unescaped `+` arrives as a space.
        at = read_instant(_PLUS_LOST.sub(r"+\1", told))
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{what}: {text!r:.60} is no moment.", _HINT) from error
    if at.year not in YEARS:
        raise Malformed(f"{what}: nothing was recorded in the year {at.year}.", _HINT)
    return at


def read_by(text: str) -> By:
    """Read by which time a moment is looked at. Raises Malformed."""
    try:
        return By(text)
    except ValueError as error:
        raise Malformed(
            f"by: {text!r:.40} is no way to look at a moment.", "Choose recorded or happened."
        ) from error


def at_moment(house: House, actor: Actor, incident_id: str, moment: Moment) -> AsOf:
    """Give an incident as it was recorded at a moment. Raises NotFound, NotWhole.

    Of a moment that has not come yet nobody knows what will be silent or late by then: it is told
    as the last entry, and says so.
    """
    row = visible(house, actor, incident_id)
    if isinstance(moment, datetime):
        seq = _size_at(house, row, moment)
        ends_at = _instant_of(house, row, max(seq, row.size))
        to_come = moment if moment > max(ends_at, house.now() + A_SECOND) else None
        at = moment if to_come is None else ends_at
        return AsOf(row, seq, at, _state_at(house, row, seq), to_come)
    if not 0 <= moment <= row.size:
        raise NotFound(f"{incident_id} has entries 1 to {row.size}.", "Choose one of them.")
    state = _state_at(house, row, moment)
    return AsOf(row, moment, _instant_of(house, row, moment), state)


def columns(
    house: House, actor: Actor, incident_id: str, moment: Moment, by: By = By.RECORDED
) -> Columns:
    """Give the three columns at a moment, by one of the two times. Raises NotFound, NotWhole."""
    as_of = at_moment(house, actor, incident_id, moment)
    walk = walked(house, as_of.row)
    at = as_of.at
    if by is By.RECORDED:
        chosen = range(1, as_of.seq + 1)
        return _columns(walk, as_of, by, chosen, as_of.state)
    numbers = (seq for seq, when in enumerate(walk.happened, 1) if when <= at)
    order = sorted(numbers, key=lambda seq: (walk.happened[seq - 1], seq))
    return _columns(walk, as_of, by, order, walk.last)


def between(house: House, actor: Actor, incident_id: str, first: Moment, second: Moment) -> Between:
    """Give what is different at the second moment; the two may stand in any order.

    Raises NotFound, NotWhole.
    """
    before = at_moment(house, actor, incident_id, first)
    after = at_moment(house, actor, incident_id, second)
    was, now = leaves_of(before.state), leaves_of(after.state)
    found = things(difference(was, now), was, now)
    early, late = sorted((before.seq, after.seq))
    touched_by = walked(house, after.row).touched_by(early + 1, late) if early < late else {}
    return Between(before, after, found, touched_by)


# ---------------------------------------------------------------- the state there


def walked(house: House, row: incidents.IncidentRow) -> Walk:
    """Walk an incident to its last entry, from where this process stands. Raises NotWhole."""
    return _walked(house, row)[0]


def _walked(house: House, row: incidents.IncidentRow) -> tuple[Walk, bool]:
    walk, is_borne_out = _gone_on(house, row)
    if not is_borne_out:
        # Other bytes stand there now: they are folded anew, from the first one.
        house.walks.forget(row.id)
        walk, is_borne_out = _gone_on(house, row)
    if not is_borne_out:
        house.walks.forget(row.id)
    return walk, is_borne_out


def _gone_on(house: House, row: incidents.IncidentRow) -> tuple[Walk, bool]:
    """Go on to the last entry, and say whether the head of the ledger bears the walk out."""
    contents = partial(streams.read_contents, house.engine, row.id)
    walk = house.walks.of(row.id, lambda: Walk(empty_incident(house, row), contents))
    with walk.lock:
        head, before = streams.head(house.engine, row.id), walk.size
        come = contents(before + 1, head.size)
        if not before and len(come) > STRAIGHT:
            stretches.resume(house, walk, come)
        for content in come[walk.size - before :]:
            walk.goes_on(content)
        return walk, walk.size == head.size and walk.root.hex() == head.root


def walk_long_ones(house: House, is_over: Callable[[], bool] = lambda: False) -> None:
    """Walk long incidents ahead, the most urgent first, so that nobody waits at the first look.

    What was walked is written down, for processes that begin later. Ends when `is_over` says so, or
    when no more is kept; what is not whole its own page says.
    """
    room = ENTRIES_KEPT
    for row in _long_ones(house):
        room -= row.size
        if is_over() or room < 0:
            return
        with suppress(AndonError):
            walk, is_borne_out = _walked(house, row)
            if is_borne_out:
                stretches.keep(house, walk, is_over)


def _long_ones(house: House) -> Iterator[incidents.IncidentRow]:
    """Give long incidents: those of the board, the last closed ones, others that were walked."""
    found = [*incidents.board(house.engine), *incidents.closed(house.engine, limit=CLOSED_AHEAD)]
    yield from (row for row in found if row.size >= LONG)
    for name in set(house.walks.names()).difference(row.id for row in found):
        row = incidents.incident(house.engine, name)
        if row.size >= LONG:
            yield row


def _state_at(house: House, row: incidents.IncidentRow, seq: int) -> Incident:
    if seq <= STRAIGHT:
        leaves = streams.read_contents(house.engine, row.id, 1, seq)
        return fold(empty_incident(house, row), leaves)
    return walked(house, row).state_at(seq)


def _size_at(house: House, row: incidents.IncidentRow, at: datetime) -> int:
    """Count the entries recorded at or before an instant. Raises NotWhole.

    Their bytes say when that was, as they say the state there: a column can be altered alone.
    """
    if row.size > STRAIGHT:
        return walked(house, row).size_at(at)
    return sum(one.recorded_at <= at for one in streams.read_entries(house.engine, row.id))


def _instant_of(house: House, row: incidents.IncidentRow, seq: int) -> datetime:
    rows = streams.read_entries(house.engine, row.id, max(seq, 1), max(seq, 1))
    if not rows:
        return row.created_at
    return rows[0].recorded_at if seq else rows[0].recorded_at - timedelta(microseconds=1)


# ---------------------------------------------------------------- the columns


def _columns(walk: Walk, as_of: AsOf, by: By, order: Iterable[int], listed_in: Incident) -> Columns:
    near, entries = as_of.state, tuple(order)
    place = {seq: number for number, seq in enumerate(entries)}
    last: dict[Path, Step] = {}
    for step in walk.steps:
        before = last.get(step.path)
        if step.seq in place and (before is None or place[before.seq] <= place[step.seq]):
            last[step.path] = step
    told = [_then(walk, step, walk.value_of(step, near), as_of) for step in last.values()]
    found = {path: one for path, one in zip(last, told, strict=True) if one.value is not None}
    return Columns(
        at=as_of.at,
        by=by,
        places=tuple(sorted({*listed_in.halt.listed, *_named(found, ChannelHalt)})),
        channels=_named(found, ChannelHalt),
        texts=tuple(one for one in _named(found, Statement).values() if one.value.status in OUT),
        known=_known(found),
        entries=entries,
        later=tuple(seq for seq in entries if _is_later(walk, seq, as_of)),
        to_come=as_of.to_come,
    )


def _named(found: Mapping[Path, Then], kind: type) -> dict[str, Then]:
    """Give the things of one kind by their keys."""
    return {one.key: one for one in found.values() if isinstance(one.value, kind)}


def _known(found: Mapping[Path, Then]) -> tuple[Then, ...]:
    """Give the facts; one that people recorded goes before what the entries tell by themselves."""
    own = {path[-1]: one for path, one in found.items() if path[:1] == KNOWN}
    return tuple({**own, **{p[-1]: t for p, t in found.items() if p[:2] == FACTS}}.values())


def _is_later(walk: Walk, seq: int, as_of: AsOf) -> bool:
    """Say whether an entry was recorded after a moment: at the same instant, by its number."""
    return seq > as_of.seq or walk.recorded[seq - 1] > as_of.at


def _then(walk: Walk, step: Step, value: Any, as_of: AsOf) -> Then:
    return Then(
        key=step.path[-1],
        value=value,
        seq=step.seq,
        happened_at=walk.happened[step.seq - 1],
        recorded_at=walk.recorded[step.seq - 1],
        later=_is_later(walk, step.seq, as_of),
    )
