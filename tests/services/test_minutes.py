"""The entry of a minute: found by what the bytes of the entries say, whatever order they are in."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from domain.incident import evolve
from domain.ledger import Entry, read_entry
from domain.people import Actor, Role
from domain.tree import Frontier, leaf_hash
from integrations.key_ring import KeyRing
from services import moments, stretches, walks
from services.house import House
from services.moments import By, at_moment, columns, walk_long_ones
from services.settings import Settings
from services.walks import Place, Stretch, Told, Walk
from storage import incidents
from storage.database import Database
from storage.engine import write
from storage.schema import entries
from storage.schema import incidents as rows
from tests.database import database, postgres  # noqa: F401 - fixtures of this file
from tests.services.recorded_ledgers import STORIES, Recording
from tests.services.test_moments import USUAL

AUDITOR = Actor(id="ren.jia", roles=(Role.AUDITOR,))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)

Order = Callable[[int], int]
"""Gives the second in which an entry was recorded, by its number."""

ORDERS: dict[str, Order] = {
    "one-a-second": lambda seq: seq,
    "some-at-once": lambda seq: seq // 9,
    "backwards": lambda seq: 1_000 - seq,
    "one-far-ahead": lambda seq: 5_000 if seq == 17 else seq,
}


@pytest.fixture(autouse=True)
def _walk_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk and write short ledgers as if they were long ones: a stretch is of seven entries."""
    for module, name, number in (
        (moments, "STRAIGHT", 3), (moments, "LONG", 3), (walks, "EVERY", 7),
        (stretches, "WEIGHT", 0),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, number)


@pytest.fixture(name="open_house")
def _open_house(database: Database, tmp_path: Path) -> House:  # noqa: F811 - the fixture
    """Give a house over a database of each kind."""
    ring = KeyRing.create(tmp_path / "ring.json")
    return House(
        Settings(home=tmp_path, demo=False), database.ledger, database.bulk, ring, now=lambda: NOON
    )


def begun_anew(house: House) -> House:
    """Give a process that knows nothing yet."""
    return replace(house, ring=house.ring, walks=walks.Walks())


def recorded_in(house: House, order: Order) -> list[Entry]:
    """Record a story, and write other times over it, with tree and columns, as if it were so."""
    made = Recording(house, STORIES[USUAL[0]], USUAL[1])
    made.record()
    told = [_recorded_at(read_entry(leaf), order) for leaf in made.leaves]
    frontier = Frontier()
    with write(house.engine) as connection:
        for one in told:
            leaf = leaf_hash(one.leaf())
            frontier = frontier.append(leaf)
            here = sa.and_(entries.c.stream == made.stream, entries.c.seq == one.seq)
            connection.execute(
                sa.update(entries).where(here).values(
                    content=one.leaf(), leaf=leaf.hex(), recorded_at=one.recorded_at,
                )
            )  # fmt: skip
        here = rows.c.id == made.stream
        connection.execute(sa.update(rows).where(here).values(root=frontier.root().hex()))
    return told


def _recorded_at(entry: Entry, order: Order) -> Entry:
    return replace(entry, recorded_at=NOON + timedelta(seconds=order(entry.seq)))


def instants_of(told: Sequence[Entry]) -> list[datetime]:
    """Give instants before, at and after what was recorded, and one in between."""
    times = sorted({one.recorded_at for one in told})
    return [
        at + away
        for at in (times[0], times[len(times) // 2], times[-1])
        for away in (-A_MOMENT, 0 * A_MOMENT, A_MOMENT)
    ]


def plain(told: Sequence[Entry], at: datetime) -> int:
    """Count, one by one, what was recorded by an instant."""
    return sum(one.recorded_at <= at for one in told)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("written", [True, False], ids=["written-down", "not-written-down"])
def test_a_minute_is_as_many_entries_as_were_recorded_by_then(
    open_house: House, order: Order, written: bool
) -> None:
    told = recorded_in(open_house, order)
    if written:
        walk_long_ones(begun_anew(open_house))
    house = begun_anew(open_house)
    for at in instants_of(told):
        assert at_moment(house, AUDITOR, USUAL[1], at).seq == plain(told, at), at
    walk = moments.walked(house, incidents.incident(house.engine, USUAL[1]))
    assert walk.kept == (len(told) // 7 if written else 0)


def test_by_happened_time_those_count_that_happened_by_then(open_house: House) -> None:
    told = recorded_in(open_house, ORDERS["backwards"])
    walk_long_ones(begun_anew(open_house))
    house = begun_anew(open_house)
    for at in sorted({one.happened_at for one in told})[::40]:
        found = columns(house, AUDITOR, USUAL[1], at, By.HAPPENED)
        here = sorted((one.happened_at, one.seq) for one in told if one.happened_at <= found.at)
        assert found.entries == tuple(seq for _, seq in here)
        late = {one.seq for one in told if one.recorded_at > found.at}
        assert set(found.later) == late.intersection(found.entries)


@pytest.mark.parametrize("straight", [3, 1_000], ids=["long", "short"])
def test_a_time_that_was_altered_in_its_column_alone_tells_nothing(
    open_house: House, straight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are hashed, and say when they were recorded; a column is a copy."""
    monkeypatch.setattr(moments, "STRAIGHT", straight)
    told = recorded_in(open_house, ORDERS["one-a-second"])
    with write(open_house.engine) as connection:
        here = sa.and_(entries.c.stream == USUAL[1], entries.c.seq.between(11, 30))
        connection.execute(sa.update(entries).where(here).values(recorded_at=NOON))
    at = told[9].recorded_at
    assert at_moment(begun_anew(open_house), AUDITOR, USUAL[1], at).seq == 10


def test_a_first_look_reads_no_more_than_it_asks_for(open_house: House) -> None:
    """Where and when each stretch ends; what its entries tell, when somebody asks for columns."""
    told = recorded_in(open_house, ORDERS["one-a-second"])
    walk_long_ones(begun_anew(open_house))
    row = incidents.incident(open_house.engine, USUAL[1])
    for moment in (len(told) - 1, told[60].recorded_at):
        house = begun_anew(open_house)
        at_moment(house, AUDITOR, USUAL[1], moment)
        walk = moments.walked(house, row)
        assert len(walk.untold) == walk.kept == len(told) // 7
        columns(house, AUDITOR, USUAL[1], moment)
        assert walk.untold == []
        assert walk.recorded == [one.recorded_at for one in told]


# ---------------------------------------------------------------- the walk alone


STORY = STORIES[USUAL[0]].stream(USUAL[1]).leaves
TAIL = 20
"""Entries that a walk comes by itself, after as many more that it began with."""


@dataclass(frozen=True)
class Begun:
    """The beginning of a story as if it had been written down, and what its entries are."""

    walk: Walk
    told: Sequence[Entry]


def begun_with(order: Order, sizes: Sequence[int]) -> Begun:
    """Begin a walk with stretches of some sizes, and go on with some entries more."""
    golden = STORIES[USUAL[0]].folding(USUAL[1])
    state, done, frontier = golden.state, 0, Frontier()
    told = [_recorded_at(read_entry(leaf), order) for leaf in STORY[: sum(sizes) + TAIL]]
    leaves = [one.leaf() for one in told]
    walk = Walk(state, lambda first, last: leaves[first - 1 : last])  # type: ignore[arg-type]
    for end in accumulate(sizes):
        here = told[done:end]
        for one in here:
            state = evolve(state, one.event, one.mark())
            frontier = frontier.append(leaf_hash(one.leaf()))
        times = [one.recorded_at for one in here]
        what = Told(recorded=times, happened=[one.happened_at for one in here],
                    touches=[(one.seq, ("a",)) for one in here], steps=[])  # fmt: skip
        stretch = Stretch(
            size=len(here), earliest=min(times), latest=max(times),
            read=partial(lambda what: what, what), end=Place.of(state, frontier),  # type: ignore[arg-type]
        )  # fmt: skip
        walk.takes(stretch, map(leaf_hash, leaves[done:end]))
        done = end
    for leaf in leaves[done:]:
        walk.goes_on(leaf)
    return Begun(walk, told)


@given(data=st.data())
def test_in_whatever_order_it_is_the_plain_count(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 8), max_size=4))
    count = sum(sizes) + TAIL
    seconds = data.draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count))
    begun = begun_with(lambda seq: seconds[seq - 1], sizes)
    for second in range(-10, 11):
        at = NOON + timedelta(seconds=second)
        for away in (-A_MOMENT, 0 * A_MOMENT, A_MOMENT):
            assert begun.walk.size_at(at + away) == plain(begun.told, at + away)
    assert len(begun.walk.untold) == len(sizes)
    assert begun.walk.recorded == [one.recorded_at for one in begun.told]
    for second in range(-10, 11):
        at = NOON + timedelta(seconds=second)
        assert begun.walk.size_at(at) == plain(begun.told, at)


def test_whoever_asks_at_the_same_time_is_told_the_same() -> None:
    """Each entry once, those that were written down before those that the walk came by."""
    begun = begun_with(ORDERS["one-a-second"], [5, 5, 5])
    together, found = threading.Barrier(8), list[list[datetime]]()

    def ask() -> None:
        together.wait(10)
        found.append(list(begun.walk.recorded))

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    times = [one.recorded_at for one in begun.told]
    assert found == [times] * 8
    numbers = [seq for seq, _ in begun.walk.touches]
    assert numbers == sorted(numbers)
    assert {*range(1, 16)} <= {*numbers}
