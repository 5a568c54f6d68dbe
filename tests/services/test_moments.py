"""An incident at a moment: the fold of what was recorded, and what happened by then."""

import hashlib
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.difference import composed, difference, leaves_of, thing_of, things, touched
from domain.errors import Malformed, NotFound, NotWhole
from domain.incident import fold
from domain.ledger import read_entry
from domain.people import Actor, Role
from domain.state.statement import OUT
from integrations.key_ring import KeyRing
from services import moments, walks
from services.house import House
from services.moments import NOT_ORDERED, By, at_moment, between, columns, read_by, read_moment
from services.reading import at_entry
from services.settings import Settings
from storage.database import Database
from storage.engine import write
from storage.schema import entries
from tests.database import database, postgres  # noqa: F401 - fixtures of this file
from tests.figures import FULL
from tests.services.recorded_ledgers import STORIES, Recording, incidents_of

AUDITOR = Actor(id="ren.jia", roles=(Role.AUDITOR,))
STREAMS = [
    pytest.param(name, stream, id=f"{name}/{stream}")
    for name, golden in STORIES.items()
    for stream in incidents_of(golden)
]
AT_MOST = 20
"""Moments of a story that are looked at where not all of them are."""

LATE = ("cluster-invented", incidents_of(STORIES["cluster-invented"])[0])
"""The one story in which something is told long after it happened."""

USUAL = ("incident", incidents_of(STORIES["incident"])[0])
"""A story with a bit of everything, for what does not hang on how long a story is."""


def every(size: int, apart: int = 1) -> int:
    """Say how far apart moments of a story lie that are looked at: some of them, in full all."""
    return apart if FULL else max(6 * apart, size // AT_MOST)


@pytest.fixture(name="open_house")
def _open_house(database: Database, tmp_path: Path) -> House:  # noqa: F811 - the fixture
    """Give a house over a database of each kind."""
    ring = KeyRing.create(tmp_path / "ring.json")
    made = Settings(home=tmp_path, demo=False)
    return House(made, database.ledger, database.bulk, ring)


@pytest.fixture(autouse=True)
def _walk_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk short ledgers as if they were long ones: every entry is then a place to go on from."""
    monkeypatch.setattr(moments, "STRAIGHT", 3)
    monkeypatch.setattr(walks, "EVERY", 7)


def recorded(house: House, name: str, stream: str) -> Recording:
    """Record a story whole."""
    made = Recording(house, STORIES[name], stream)
    made.record()
    return made


def altered(made: Recording) -> tuple[int, bytes]:
    """Give an entry with another word in it, from which another state follows."""
    states = made.states()
    for seq, content in enumerate(made.leaves[5:60], 6):
        for word in (b'"person":"', b'"by":"', b'"reason":"', b'"reporter":"', b'"channel":"'):
            other = content.replace(word, word + b"x", 1)
            with suppress(NotWhole):
                if fold(states[seq - 1], [other]) != states[seq]:
                    return seq, other
    raise AssertionError("no word of these entries counts")


# ---------------------------------------------------------------- by recorded time


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_the_state_at_every_entry_is_the_one_that_stood_there(
    name: str, stream: str, open_house: House
) -> None:
    made = recorded(open_house, name, stream)
    for seq, state in list(enumerate(made.states()))[:: every(len(made.leaves))]:
        assert at_moment(open_house, AUDITOR, stream, seq).state == state, seq


def test_an_instant_is_the_last_entry_recorded_by_then(open_house: House) -> None:
    made = recorded(open_house, *USUAL)
    told = [read_entry(leaf) for leaf in made.leaves]
    for at in (told[0].recorded_at - timedelta(seconds=1), told[40].recorded_at,
               told[40].recorded_at + timedelta(microseconds=1), told[-1].recorded_at):  # fmt: skip
        found = at_moment(open_house, AUDITOR, made.stream, at)
        assert found.seq == sum(one.recorded_at <= at for one in told)
        assert found.state == at_entry(open_house, AUDITOR, made.stream, found.seq)
        assert found.at == at


@pytest.mark.parametrize("by", list(By))
def test_a_moment_that_has_not_come_is_told_as_the_last_entry(by: By, open_house: House) -> None:
    """Nobody knows now which channels will be silent, and which clocks late, by then."""
    made = recorded(open_house, *USUAL)
    last = read_entry(made.leaves[-1]).recorded_at
    for now, asked, is_to_come in (
        (last + timedelta(hours=1), last + timedelta(hours=9), True),
        (last + timedelta(hours=1), last + timedelta(hours=1), False),
        (last + timedelta(hours=1), last + timedelta(minutes=1), False),
        (last - timedelta(hours=1), last, False),
        (last, datetime.max.replace(tzinfo=UTC), True),
    ):
        house = replace(open_house, now=partial(datetime.fromtimestamp, now.timestamp(), UTC))
        found = at_moment(house, AUDITOR, made.stream, asked)
        told = columns(house, AUDITOR, made.stream, asked, by)
        assert found.seq == len(made.leaves)
        for one in (found, told):
            assert one.to_come == (asked if is_to_come else None), (now, asked)
            assert one.at == (last if is_to_come else asked), (now, asked)
        if is_to_come:
            size = len(made.leaves)
            assert replace(told, to_come=None) == columns(house, AUDITOR, made.stream, size, by)
            assert between(house, AUDITOR, made.stream, size, asked).things == ()


def test_a_ledger_that_grows_is_walked_on(open_house: House) -> None:
    made = Recording(open_house, STORIES[USUAL[0]], USUAL[1])
    states, size = made.states(), len(made.leaves)
    for last in (10, 11, 50, size):
        made.record(last)
        assert at_moment(open_house, AUDITOR, made.stream, last).state == states[last]
        assert at_moment(open_house, AUDITOR, made.stream, 9).state == states[9]


def test_a_walk_that_the_ledger_does_not_bear_out_is_forgotten(open_house: House) -> None:
    """Somebody with the database in hand puts other words into it, leaf, tree and all."""
    made = recorded(open_house, *USUAL)
    assert at_moment(open_house, AUDITOR, made.stream, 60).state == made.states()[60]
    seq, content = altered(made)
    leaf = hashlib.sha256(b"\0" + content).hexdigest()
    with write(open_house.engine) as connection:
        chosen = sa.and_(entries.c.stream == made.stream, entries.c.seq == seq)
        connection.execute(sa.update(entries).where(chosen).values(content=content, leaf=leaf))
        connection.execute(sa.text("UPDATE incidents SET root = 'ff'"))
    shown = at_moment(open_house, AUDITOR, made.stream, 60).state
    assert shown == at_entry(open_house, AUDITOR, made.stream, 60)
    assert shown != made.states()[60]


def test_long_ones_are_walked_ahead(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorded(open_house, *USUAL)
    size = len(made.leaves)
    moments.walk_long_ones(open_house)
    assert not open_house.walks.is_known(made.stream, 1)
    monkeypatch.setattr(moments, "LONG", 3)
    moments.walk_long_ones(open_house, lambda: True)
    assert not open_house.walks.is_known(made.stream, 1)
    moments.walk_long_ones(open_house)
    assert open_house.walks.is_known(made.stream, size)


def test_who_may_not_see_it_is_answered_as_if_it_were_not_there(open_house: House) -> None:
    made = recorded(open_house, *USUAL)
    nobody = Actor(id="nobody", roles=(Role.STAFF,))
    for ask in (lambda: at_moment(open_house, nobody, made.stream, 3),
                lambda: columns(open_house, nobody, made.stream, 3, By.HAPPENED),
                lambda: between(open_house, nobody, made.stream, 3, 4),
                lambda: at_moment(open_house, AUDITOR, "INC-1999-0001", 3)):  # fmt: skip
        with pytest.raises(NotFound):
            ask()


# ---------------------------------------------------------------- the three columns


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_by_recorded_time_the_columns_say_what_the_state_says(
    name: str, stream: str, open_house: House
) -> None:
    made = recorded(open_house, name, stream)
    states = made.states()
    size = len(made.leaves)
    for seq in sorted({0, 1, 2, size, *range(0, size, every(size, 11))}):
        told, state = columns(open_house, AUDITOR, stream, seq), states[seq]
        assert {key: one.value for key, one in told.channels.items()} == state.halt.channels
        assert set(told.places) == {*state.halt.listed, *state.halt.channels}
        texts = {one.key: one.value for one in told.texts}
        out = {k: one for k, one in state.statement.statements.items() if one.status in OUT}
        assert texts == out
        facts = {one.key: one.value for one in told.known}
        assert facts.items() >= state.investigation.facts.items()
        assert told.later == ()
        assert told.entries == tuple(range(1, seq + 1))


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_by_happened_time_every_entry_counts_that_happened_by_then(
    name: str, stream: str, open_house: House
) -> None:
    made = recorded(open_house, name, stream)
    told = [read_entry(leaf) for leaf in made.leaves]
    for one in told[:: every(len(told), 9)]:
        found = columns(open_house, AUDITOR, stream, one.recorded_at, By.HAPPENED)
        by_then = [each for each in told if each.happened_at <= one.recorded_at]
        assert set(found.entries) == {each.seq for each in by_then}
        times = [told[seq - 1].happened_at for seq in found.entries]
        assert times == sorted(times)
        assert set(found.later) == {e.seq for e in by_then if e.recorded_at > one.recorded_at}
        assert all(then.later == (then.seq in found.later) for then in found.channels.values())


def test_what_was_told_late_counts_from_when_it_happened(open_house: House) -> None:
    made = recorded(open_house, *LATE)
    late = next(
        one for one in map(read_entry, made.leaves)
        if one.recorded_at - one.happened_at > timedelta(minutes=30) and one.seq > 5
    )  # fmt: skip
    at = late.happened_at + timedelta(seconds=1)
    assert late.seq not in columns(open_house, AUDITOR, made.stream, at).entries
    happened = columns(open_house, AUDITOR, made.stream, at, By.HAPPENED)
    assert late.seq in happened.entries
    assert late.seq in happened.later


def test_before_the_first_entry_nothing_was_recorded_and_something_had_happened(
    open_house: House,
) -> None:
    made = recorded(open_house, *USUAL)
    first = read_entry(made.leaves[0])
    none = at_moment(open_house, AUDITOR, made.stream, 0)
    assert (none.seq, none.state.size) == (0, 0)
    assert none.at < first.recorded_at
    assert at_moment(open_house, AUDITOR, made.stream, none.at).state == none.state
    assert columns(open_house, AUDITOR, made.stream, 0).entries == ()


def test_a_channel_that_no_order_reached_sells(open_house: House) -> None:
    made = recorded(open_house, *USUAL)
    before = columns(open_house, AUDITOR, made.stream, 1)
    assert before.places
    assert {before.stands(place) for place in before.places} == {NOT_ORDERED}


# ---------------------------------------------------------------- between two moments


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_differences_of_any_three_moments_compose(data: st.DataObject) -> None:
    name, stream = data.draw(st.sampled_from([param.values for param in STREAMS]))
    golden = STORIES[str(name)]
    fold = golden.folding(str(stream))
    states = [leaves_of(fold.state)]  # type: ignore[arg-type]
    for leaf in golden.stream(str(stream)).leaves[:120]:
        fold.take(leaf)
        states.append(leaves_of(fold.state))  # type: ignore[arg-type]
    one, two, three = (data.draw(st.sampled_from(states)) for _ in range(3))
    assert difference(one, one) == ()
    assert composed(difference(one, two), difference(two, three)) == difference(one, three)
    assert composed(difference(one, two), difference(two, one)) == ()


OF_A_KIND = 3
"""At reduced counts so many entries of a story are looked at that tell of the same."""


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_what_is_different_is_what_the_entries_in_between_touched(name: str, stream: str) -> None:
    golden = STORIES[name]
    fold = golden.folding(stream)
    before, seen = fold.state, Counter[type]()
    for leaf in golden.stream(stream).leaves:
        fold.take(leaf)
        kind = type(read_entry(leaf).event)
        seen[kind] += 1
        if FULL or seen[kind] <= OF_A_KIND:
            was, now = leaves_of(before), leaves_of(fold.state)  # type: ignore[arg-type]
            found = {one.path for one in things(difference(was, now), was, now)}
            assert found <= set(touched(before, fold.state)), leaf  # type: ignore[arg-type]
        before = fold.state


def test_nothing_is_different_at_the_same_moment(open_house: House) -> None:
    made = recorded(open_house, *USUAL)
    same = between(open_house, AUDITOR, made.stream, 40, 40)
    assert (same.things, same.touched_by) == ((), {})
    there = between(open_house, AUDITOR, made.stream, 0, len(made.leaves))
    back = between(open_house, AUDITOR, made.stream, len(made.leaves), 0)
    assert {one.path for one in there.things} == {one.path for one in back.things}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [turned[one.how] for one in there.things] == [one.how for one in back.things]
    assert "added" in {one.how for one in there.things}
    assert all(there.touched_by.get(one.path) for one in there.things)


def test_a_thing_is_its_stage_its_kind_and_its_name() -> None:
    assert thing_of(("report", "grade")) == ("report", "grade")
    assert thing_of(("report", "answers", "people")) == ("report", "answers")
    assert thing_of(("pending", "A1", "signatures", "li", "at")) == ("pending", "A1")
    assert thing_of(("halt", "channels", "shop", "state")) == ("halt", "channels", "shop")
    assert thing_of(("halt", "channels", "shop", "drift", "seq")) == ("halt", "channels", "shop")


# ---------------------------------------------------------------- how a moment is written


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0", 0),
        (" 17 ", 17),
        ("2026-11-22T14:00+08:00", datetime(2026, 11, 22, 6, tzinfo=UTC)),
        ("2026-11-22T14:00 08:00", datetime(2026, 11, 22, 6, tzinfo=UTC)),
        ("2026-11-22T06:00:00Z", datetime(2026, 11, 22, 6, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_number_or_an_instant(text: str, moment: moments.Moment) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1.5", "9" * 10, "٣", "²", "yesterday", "2026-11-22", "2026-11-22T14:00", "\0",
     "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "1949-12-31T00:00Z", "2150-01-01T00:00Z", "9999-12-31T23:59:59-23:59", "x" * 100_000, "1e3", "+5", "\ud800"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_in_words(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_moment(text, "from")
    assert refused.value.sentence.startswith("from:")
    assert len(refused.value.sentence) < 120
    assert refused.value.hint


def test_there_are_two_ways_to_look() -> None:
    assert [read_by("recorded"), read_by("happened")] == [By.RECORDED, By.HAPPENED]
    with pytest.raises(Malformed, match="no way to look"):
        read_by("then")
