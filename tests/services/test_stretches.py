"""Stretches that were written down: a replay goes on from them, and never believes another's."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from domain import wire
from domain.errors import NotWhole
from domain.incident import new_incident
from domain.people import Actor, Role
from domain.rules import rules_text
from domain.severity import Answers
from integrations.key_ring import KeyRing, Purpose
from services import moments, stretches, walks
from services.house import House
from services.moments import By, at_moment, between, columns, walk_long_ones
from services.reading import empty_incident
from services.settings import Settings
from services.walks import UNREAD, Walk
from storage import incidents
from storage import rules as rule_store
from storage.database import Database
from storage.derived_tables import stretches as table
from storage.engine import read, write
from storage.schema import entries
from tests.database import database, embedded, postgres  # noqa: F401 - fixtures of this file
from tests.domain.story import START, rules
from tests.figures import FULL
from tests.properties.test_incident import LONG as AS_MANY
from tests.properties.test_incident import RUNS, STARTS, Run, played
from tests.services.recorded_ledgers import STORIES, Recording, incidents_of
from tests.services.test_moments import STREAMS, USUAL, altered, every, recorded

AUDITOR = Actor(id="ren.jia", roles=(Role.AUDITOR,))
ROOT = Path(__file__).parents[2]
STRETCHES = 20
"""As many as a long story has at reduced counts: each is read anew at every look."""


@pytest.fixture(autouse=True)
def _write_soon(monkeypatch: pytest.MonkeyPatch) -> None:
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
    made = Settings(home=tmp_path, demo=False)
    return House(made, database.ledger, database.bulk, ring)


def begun_anew(house: House) -> House:
    """Give a process that knows nothing yet."""
    return House(house.settings, house.engine, house.bulk, house.ring)


@pytest.fixture(name="apart")
def _apart(name: str, stream: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Say how many entries a stretch of a story has: seven, and more where it is a long one."""
    size = len(STORIES[name].stream(stream).leaves)
    found = 7 if FULL else max(7, size // STRETCHES)
    monkeypatch.setattr(walks, "EVERY", found)
    return found


def walk_of(house: House, stream: str) -> Walk:
    """Give an incident's walk in a process."""
    return moments.walked(house, incidents.incident(house.engine, stream))


def written(house: House, name: str = USUAL[0], stream: str = USUAL[1]) -> Recording:
    """Record a story whole and write its walk down."""
    made = recorded(house, name, stream)
    walk_long_ones(begun_anew(house))
    return made


def rows_of(house: House, stream: str) -> list[tuple[int, bytes, str]]:
    """Give what is kept of an incident."""
    with read(house.bulk) as connection:
        chosen = sa.select(table.c.number, table.c.content, table.c.mark)
        found = connection.execute(chosen.where(table.c.stream == stream).order_by(table.c.number))
        return [(row.number, bytes(row.content), row.mark) for row in found]


def put_row(house: House, stream: str, number: int, **changes: object) -> None:
    """Alter a row, as somebody does who has the database alone."""
    with write(house.bulk) as connection:
        here = sa.and_(table.c.stream == stream, table.c.number == number)
        connection.execute(sa.update(table).where(here).values(**changes))


# ---------------------------------------------------------------- what was written is the fold


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_a_replay_from_stretches_is_the_fold(
    name: str, stream: str, apart: int, open_house: House
) -> None:
    """Every moment, both columns, and what lies between: as of a walk that folded every entry."""
    made = written(open_house, name, stream)
    states, size = made.states(), len(made.leaves)
    folded = Walk(made.begins, lambda first, last: made.leaves[first - 1 : last])
    for leaf in made.leaves:
        folded.goes_on(leaf)
    for seq in (*range(0, size + 1, every(size)), size):
        assert at_moment(begun_anew(open_house), AUDITOR, stream, seq).state == states[seq], seq
    house = begun_anew(open_house)
    walk = walk_of(house, stream)
    assert walk.kept == size // apart
    assert (walk.root, walk.touches) == (folded.root, folded.touches)
    assert (walk.recorded, walk.happened) == (folded.recorded, folded.happened)
    values = [walk.value_of(step, made.begins) for step in list(walk.steps)]
    assert values == [step.value for step in folded.steps]
    for seq, state in list(enumerate(states))[:: every(size)]:
        assert walk.state_at(seq) == state, seq


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_columns_and_differences_are_those_of_the_fold(
    name: str, stream: str, apart: int, open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = written(open_house, name, stream)
    size = len(made.leaves)
    seqs = sorted({0, 1, size, *range(0, size, every(size, 11))})

    def told(house: House) -> list[object]:
        return [
            (columns(house, AUDITOR, stream, seq, By.RECORDED),
             columns(house, AUDITOR, stream, seq, By.HAPPENED),
             between(house, AUDITOR, stream, seq, size))
            for seq in seqs
        ]  # fmt: skip

    resumed = begun_anew(open_house)
    from_stretches = told(resumed)
    assert walk_of(resumed, stream).kept == size // apart
    monkeypatch.setattr(stretches, "resume", lambda *_: None)
    assert told(begun_anew(open_house)) == from_stretches


@settings(
    AS_MANY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(answers=STARTS, run=RUNS)
def test_whatever_people_do_it_is_the_fold(
    answers: Answers,
    run: Run,
    embedded: Database,  # noqa: F811 - the fixture
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Also where another incident's stretches stand in the same places: those are written over."""
    folder = tmp_path_factory.mktemp("ring")
    ring = KeyRing.create(folder / "ring.json")
    house = House(Settings(home=folder, demo=False), embedded.ledger, embedded.bulk, ring)
    rule_store.keep_rules(house.engine, "incident", rules_text(rules()).encode(), START)
    leaves = played(answers, run).leaves
    begins = replace(new_incident("INC-2026-0001", rules()), find_rules=house.rules)

    def contents(first: int, last: int) -> Sequence[bytes]:
        return leaves[first - 1 : last]

    folded, again = Walk(begins, contents), Walk(begins, contents)
    for leaf in leaves:
        folded.goes_on(leaf)
    assert stretches.keep(house, folded) == len(leaves) // 7
    stretches.resume(house, again, leaves)
    assert again.size == len(leaves) // 7 * 7
    for leaf in leaves[again.size :]:
        again.goes_on(leaf)
    assert again.touches == folded.touches
    for seq in range(len(leaves) + 1):
        assert again.state_at(seq) == folded.state_at(seq)
    values = [again.value_of(step, begins) for step in list(again.steps)]
    assert values == [step.value for step in folded.steps]


def test_no_entry_is_folded_that_nobody_asks_for(open_house: House) -> None:
    """Of what was written down, values stay unread until somebody looks there."""
    made = written(open_house)
    walk = walk_of(begun_anew(open_house), made.stream)
    assert any(step.value is UNREAD for step in walk.steps)
    assert [place.size for place in walk.places] == [0, *range(7, len(made.leaves) + 1, 7)]


# ---------------------------------------------------------------- what is not believed


Alter = Callable[[House, str, int], None]


def _another_byte(house: House, stream: str, number: int) -> None:
    _, content, _ = rows_of(house, stream)[number]
    put_row(house, stream, number, content=content[:-1] + bytes([content[-1] ^ 1]))


def _another_mark(house: House, stream: str, number: int) -> None:
    put_row(house, stream, number, mark="0" * 64)


def _of_another_number(house: House, stream: str, number: int) -> None:
    _, content, mark = rows_of(house, stream)[number - 1]
    put_row(house, stream, number, content=content, mark=mark)


def _of_another_incident(house: House, stream: str, number: int) -> None:
    other = next(
        (name, each) for name, golden in STORIES.items() for each in incidents_of(golden)
        if each != stream and len(golden.stream(each).leaves) > 7 * (number + 1)
    )  # fmt: skip
    recorded(house, *other)
    walk_long_ones(begun_anew(house))
    _, content, mark = rows_of(house, other[1])[number]
    put_row(house, stream, number, content=content, mark=mark)


def _no_bytes(house: House, stream: str, number: int) -> None:
    put_row(house, stream, number, content=b"")


def _gone(house: House, stream: str, number: int) -> None:
    with write(house.bulk) as connection:
        here = sa.and_(table.c.stream == stream, table.c.number == number)
        connection.execute(sa.delete(table).where(here))


@pytest.mark.parametrize(
    "alter",
    [_another_byte, _another_mark, _of_another_number, _of_another_incident, _no_bytes, _gone],
    ids=lambda each: each.__name__.strip("_"),
)
def test_what_is_not_ours_is_folded_anew(open_house: House, alter: Alter) -> None:
    """The stretches before it count; it and what comes after it is as if it were not there."""
    made = written(open_house)
    assert walk_of(begun_anew(open_house), made.stream).kept > 3
    alter(open_house, made.stream, 2)
    house = begun_anew(open_house)
    walk = walk_of(house, made.stream)
    assert walk.kept == 2
    states = made.states()
    assert all(
        walk.state_at(seq) == states[seq] for seq in range(0, len(states), every(len(states)))
    )
    before = rows_of(open_house, made.stream)
    walk_long_ones(house)
    assert rows_of(open_house, made.stream) != before
    assert walk_of(begun_anew(open_house), made.stream).kept == len(made.leaves) // 7


def test_of_another_release_none_is_believed(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = written(open_house)
    monkeypatch.setattr(stretches, "release", lambda: "2026.12.0+0")
    house = begun_anew(open_house)
    assert walk_of(house, made.stream).kept == 0
    assert at_moment(house, AUDITOR, made.stream, 60).state == made.states()[60]


def test_under_another_key_none_is_believed(open_house: House) -> None:
    made = written(open_house)
    open_house.ring.rotate(Purpose.LINK)
    assert walk_of(begun_anew(open_house), made.stream).kept == 0


def test_an_incident_that_begins_otherwise_has_none(open_house: House) -> None:
    made = written(open_house)
    row = replace(incidents.incident(open_house.engine, made.stream), drill="other")
    begins = empty_incident(open_house, row)
    walk = Walk(begins, lambda first, last: made.leaves[first - 1 : last])
    stretches.resume(open_house, walk, made.leaves)
    assert walk.kept == 0


def test_of_entries_that_were_altered_since_none_is_believed(open_house: House) -> None:
    """The bytes that stand in the ledger now are what is shown, whoever put them there."""
    made = written(open_house)
    seq, content = altered(made)
    with write(open_house.engine) as connection:
        chosen = sa.and_(entries.c.stream == made.stream, entries.c.seq == seq)
        connection.execute(sa.update(entries).where(chosen).values(content=content))
    walk = walk_of(begun_anew(open_house), made.stream)
    assert walk.kept == (seq - 1) // 7
    before = rows_of(open_house, made.stream)
    walk_long_ones(begun_anew(open_house))
    assert rows_of(open_house, made.stream) == before, "no head bears such a walk out"


def test_entries_that_are_altered_under_a_walk_lead_to_no_state(open_house: House) -> None:
    """Somebody alters an entry, lets a moment be looked at, and puts the entry back."""
    made = written(open_house)
    seq, content = altered(made)
    house = begun_anew(open_house)
    places = {place.size for place in walk_of(house, made.stream).places}
    assert seq not in places, "its state is not one that was written down"

    def put(content: bytes) -> None:
        with write(open_house.engine) as connection:
            chosen = sa.and_(entries.c.stream == made.stream, entries.c.seq == seq)
            connection.execute(sa.update(entries).where(chosen).values(content=content))

    put(content)
    with pytest.raises(NotWhole, match=f"entry {seq} "):
        at_moment(house, AUDITOR, made.stream, seq)
    put(made.leaves[seq - 1])
    assert at_moment(house, AUDITOR, made.stream, seq).state == made.states()[seq]


def test_without_the_table_all_is_folded(open_house: House) -> None:
    made = written(open_house)
    with write(open_house.bulk) as connection:
        connection.execute(sa.text("ALTER TABLE stretches RENAME TO gone"))
    try:
        found = at_moment(begun_anew(open_house), AUDITOR, made.stream, 60).state
    finally:
        with write(open_house.bulk) as connection:
            connection.execute(sa.text("ALTER TABLE gone RENAME TO stretches"))
    assert found == made.states()[60]


# ---------------------------------------------------------------- writing


def test_what_was_left_off_is_written_on(open_house: House) -> None:
    """After a crash between two stretches, and where the incident grew meanwhile."""
    made = Recording(open_house, STORIES[USUAL[0]], USUAL[1])
    made.record(40)
    asked = iter((False, False, False))
    walk_long_ones(begun_anew(open_house), lambda: next(asked, True))
    assert [number for number, *_ in rows_of(open_house, made.stream)] == [0, 1]
    made.record(60)
    walk_long_ones(begun_anew(open_house))
    made.record()
    walk_long_ones(begun_anew(open_house))
    grown = rows_of(open_house, made.stream)
    assert [number for number, *_ in grown] == list(range(len(made.leaves) // 7))
    with write(open_house.bulk) as connection:
        connection.execute(sa.delete(table))
    walk_long_ones(begun_anew(open_house))
    assert rows_of(open_house, made.stream) == grown, "byte for byte, whoever writes it"


def test_of_states_that_weigh_more_than_their_entries_few_are_written(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "WEIGHT", 3)
    made = written(open_house)
    found = rows_of(open_house, made.stream)
    assert len(found) < len(made.leaves) // 7
    assert walk_of(begun_anew(open_house), made.stream).last == made.states()[-1]


def test_what_does_not_read_back_is_not_written(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = recorded(open_house, *USUAL)
    house = begun_anew(open_house)
    walk = walk_of(house, made.stream)
    monkeypatch.setattr(wire, "LIST_LIMIT", 1)
    assert stretches.keep(house, walk) == 0
    assert rows_of(open_house, made.stream) == []


def test_nothing_but_the_views_of_a_replay_goes_by_them() -> None:
    """Neither deciding, nor proving, nor verifying, nor the read model."""
    rooms = ("activities", "api", "cli", "integrations", "services", "storage", "workflows")
    sources = [
        *ROOT.glob("*.py"),
        *(file for room in rooms for file in (ROOT / room).rglob("*.py")),
    ]
    found = {str(file.relative_to(ROOT)) for file in sources if "stretches" in _imported(file)}
    assert found == {"services/moments.py", "services/stretches.py", "storage/stretches.py"}


def _imported(file: Path) -> set[str]:
    """Give every name that a source imports, and each part of where it imports it from."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {part for one in node.names for part in one.name.split(".")}
            found |= set((getattr(node, "module", None) or "").split("."))
    return found
