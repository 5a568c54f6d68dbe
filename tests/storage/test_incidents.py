"""Numbers are given once and without gaps; the board shows the most urgent first."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy.engine import Engine

from domain.errors import KeyReused, NotFound
from storage.cases import CaseReservation, list_cases, reserve_case
from storage.incidents import (
    board,
    closed,
    incident,
    load_state,
    reported_by,
    reserve_number,
    unrecorded,
)
from storage.ledger import Projection, record
from storage.streams import EntryRow
from tests.storage.streams import NOON, entry, fold, new_incident, reservation


def project(engine: Engine, stream: str, **columns: object) -> None:
    """Record one entry that leaves the incident with these columns."""

    def leave(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        return Projection(state="{}", columns=columns)

    record(engine, stream, 1, [entry(stream, 1)], [], leave)


def test_numbers_run_without_gaps_and_start_again_each_year(engine: Engine) -> None:
    given = [reserve_number(engine, 2026, reservation(f"c{n}")).id for n in range(3)]
    assert given == ["INC-2026-0001", "INC-2026-0002", "INC-2026-0003"]
    assert reserve_number(engine, 2027, reservation("next year")).id == "INC-2027-0001"


def test_drills_have_numbers_of_their_own(engine: Engine) -> None:
    new_incident(engine, "real")
    drill = reserve_number(engine, 2026, reservation("e", drill="exercise"))
    simulation = reserve_number(engine, 2026, reservation("s", drill="simulation"))
    assert (drill.id, simulation.id) == ("EXERCISE-2026-0001", "SIMULATION-2026-0001")
    assert new_incident(engine, "real again") == "INC-2026-0002"
    assert incident(engine, drill.id).drill == "exercise"


def test_the_same_command_gets_the_same_number(engine: Engine) -> None:
    first = reserve_number(engine, 2026, reservation("c1"))
    again = reserve_number(engine, 2026, reservation("c1"))
    over_new_year = reserve_number(engine, 2027, reservation("c1"))
    assert first.id == again.id == over_new_year.id
    assert (first.repeated, again.repeated, over_new_year.repeated) == (False, True, True)
    assert new_incident(engine, "c2") == "INC-2026-0002"


def test_the_same_command_with_another_body_is_refused(engine: Engine) -> None:
    reserve_number(engine, 2026, reservation("c1"))
    with pytest.raises(KeyReused, match="INC-2026-0001"):
        reserve_number(engine, 2026, reservation("c1", digest="other"))
    assert len(board(engine)) == 1


def test_pressing_twice_at_the_same_moment_counts_once(engine: Engine) -> None:
    keys = [f"c{turn % 4}" for turn in range(16)]
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda key: reserve_number(engine, 2026, reservation(key)), keys))
    assert len({each.id for each in given}) == 4
    assert sum(not each.repeated for each in given) == 4
    assert {each.id for each in given} == {f"INC-2026-000{n}" for n in range(1, 5)}


def test_a_number_without_a_record_is_received_and_nothing_more(engine: Engine) -> None:
    stream = new_incident(engine)
    row = incident(engine, stream)
    assert (row.size, row.grade, row.is_open, row.recorded_at) == (0, "", True, None)
    assert (row.title, row.reported_by, row.created_at) == ("Rash after cream", "li", NOON)
    assert load_state(engine, stream) is None
    assert unrecorded(engine, NOON) == []
    assert unrecorded(engine, NOON + timedelta(seconds=1)) == [row]
    assert [row.is_lost(NOON + timedelta(minutes=n)) for n in (1, 3)] == [False, True]
    record(engine, stream, 1, [entry(stream, 1)], [], fold)
    assert unrecorded(engine, NOON + timedelta(days=1)) == []


def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound):
        incident(engine, "INC-2026-0404")
    with pytest.raises(NotFound):
        load_state(engine, "INC-2026-0404")


URGENCY: list[tuple[str, str, datetime | None, str]] = [
    ("ungraded", "", None, ""),
    ("critical, due late", "critical", NOON + timedelta(days=9), "low"),
    ("serious, due first", "serious", NOON, "low"),
    ("serious, due at the same time, spreading", "serious", NOON + timedelta(hours=1), "high"),
    ("serious, due at the same time, quiet", "serious", NOON + timedelta(hours=1), "low"),
    ("serious, nothing due", "serious", None, "high"),
    ("general", "general", NOON, "high"),
    ("minor", "minor", NOON, "high"),
]


@pytest.mark.parametrize("made_in", [URGENCY, URGENCY[::-1]], ids=["in order", "backwards"])
def test_the_board_shows_the_most_urgent_first(
    engine: Engine, made_in: list[tuple[str, str, datetime | None, str]]
) -> None:
    for title, grade, due_at, attention in made_in:
        stream = new_incident(engine, title)
        project(engine, stream, title=title, grade=grade, next_due_at=due_at, attention=attention)
    assert [row.title for row in board(engine)] == [title for title, *_ in URGENCY]
    assert [row.title for row in board(engine, limit=2)] == [title for title, *_ in URGENCY[:2]]


def test_equal_urgency_is_shown_by_number(engine: Engine) -> None:
    numbers = [new_incident(engine, key) for key in "abc"]
    for order in permutations(numbers):
        assert [row.id for row in board(engine)] == sorted(order)


def test_the_board_tells_drills_apart_and_leaves_out_what_is_closed(engine: Engine) -> None:
    real, done = new_incident(engine, "a"), new_incident(engine, "b")
    drill = reserve_number(engine, 2026, reservation("c", drill="exercise")).id
    project(engine, done, is_open=False, stage_words=["closed"], products=["P1", "面霜"])
    assert {row.id for row in board(engine)} == {real, drill}
    assert [row.id for row in board(engine, drill="")] == [real]
    assert [row.id for row in board(engine, drill="exercise")] == [drill]
    [shut] = closed(engine)
    assert (shut.id, shut.stage_words, shut.products) == (done, ["closed"], ["P1", "面霜"])
    assert closed(engine, offset=1) == []


def test_staff_find_what_they_reported(engine: Engine) -> None:
    stream = new_incident(engine)
    assert [row.id for row in reported_by(engine, "li")] == [stream]
    assert reported_by(engine, "wang") == []


def test_cases_are_numbered_and_listed_by_incident(engine: Engine) -> None:
    def case(key: str, incident_id: str | None) -> str:
        return reserve_case(
            engine,
            2026,
            CaseReservation(
                command_id=key,
                digest="d",
                created_at=NOON,
                opened_by="mei",
                title="Rash",
                rules_hash="r1",
                product="P1",
                lot="L1",
                incident=incident_id,
            ),
        ).id

    loose, bound = case("a", None), case("b", "INC-2026-0001")
    assert (loose, bound) == ("CASE-2026-000001", "CASE-2026-000002")
    assert case("a", None) == loose
    assert [row.id for row in list_cases(engine)] == [loose, bound]
    assert [row.id for row in list_cases(engine, incident="INC-2026-0001")] == [bound]
