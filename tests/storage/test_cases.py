"""After-sales cases as rows: numbers that tell an exercise, lists, and what an incident counts."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from domain.errors import NotFound
from domain.values import is_case
from storage.cases import (
    CaseReservation,
    case,
    list_cases,
    marks_of,
    opened_by,
    reserve_case,
    standing_still,
    unrecorded,
)
from storage.incidents import incident, reserve_number
from storage.ledger import Projection, record
from storage.streams import EntryRow, drill_of, stream_state
from tests.storage.streams import NOON, entry, reservation


def reserved(engine: Engine, key: str, *, drill: str = "", incident_id: str | None = None) -> str:
    """Reserve a case opened by Mei."""
    return reserve_case(
        engine,
        2026,
        CaseReservation(
            command_id=key,
            digest="d",
            created_at=NOON,
            opened_by="mei",
            title="quality P1",
            rules_hash="r1",
            product="P1",
            incident=incident_id,
            drill=drill,
        ),
    ).id


def put(engine: Engine, stream: str, **columns: object) -> None:
    """Record a first entry that sets columns."""

    def project(_state: str | None, _hash: str, _rows: Sequence[EntryRow]) -> Projection:
        return Projection(state="{}", columns=columns)

    record(engine, stream, 1, [entry(stream, 1)], [], project)


def test_an_exercise_is_told_by_its_number_and_leaves_no_gap(engine: Engine) -> None:
    drill = reserve_number(engine, 2026, reservation("i", drill="exercise")).id
    numbers = [
        reserved(engine, "a"),
        reserved(engine, "b", drill="exercise"),
        reserved(engine, "c", drill="simulation"),
        reserved(engine, "d"),
    ]
    assert [drill, *numbers] == [
        "EXERCISE-2026-0001",
        "CASE-2026-000001",
        "EXERCISE-CASE-2026-000001",
        "SIMULATION-CASE-2026-000001",
        "CASE-2026-000002",
    ]
    assert [is_case(number) for number in (drill, *numbers)] == [False, True, True, True, True]
    assert incident(engine, drill).drill == drill_of(engine, drill) == "exercise"
    assert case(engine, numbers[1]).drill == drill_of(engine, numbers[1]) == "exercise"


def test_a_case_is_found_by_number_by_who_opened_it_and_by_incident(engine: Engine) -> None:
    loose, bound = reserved(engine, "a"), reserved(engine, "b", incident_id="INC-2026-0001")
    assert case(engine, loose).status is None, "received, being recorded"
    assert stream_state(engine, loose) is None
    put(engine, loose, status="open", incident="INC-2026-0001", next_due_at=NOON)
    put(engine, bound, status="closed", is_open=False)
    assert [row.id for row in list_cases(engine)] == [loose]
    assert [row.id for row in list_cases(engine, incident="INC-2026-0001")] == [loose, bound]
    assert [row.id for row in opened_by(engine, "mei")] == [loose, bound]
    assert opened_by(engine, "wang") == []
    stored = stream_state(engine, loose)
    assert stored is not None
    assert (stored.state, stored.size) == ("{}", 1)


def test_an_incident_counts_its_cases_by_number(engine: Engine) -> None:
    first, second = (reserved(engine, key, incident_id="INC-2026-0001") for key in "ab")
    reserved(engine, "c", incident_id="INC-2026-0002")
    put(engine, second, status="settled", level="general")
    marks = marks_of(engine, "INC-2026-0001")
    assert [(mark.id, mark.status, mark.level) for mark in marks] == [
        (first, None, ""),
        (second, "settled", "general"),
    ]
    assert marks_of(engine, "INC-2026-0404") == []


def test_the_sweep_finds_what_was_never_recorded_and_what_stands_still(engine: Engine) -> None:
    waiting, silent, escalated, shut = (reserved(engine, key) for key in "abcd")
    late = NOON + timedelta(hours=1)
    put(engine, silent, next_due_at=NOON + timedelta(minutes=5))
    put(engine, escalated, next_due_at=NOON)
    put(engine, shut, next_due_at=NOON + timedelta(minutes=5), is_open=False)
    assert [row.id for row in unrecorded(engine, late)] == [waiting]
    assert [row.id for row in standing_still(engine, late)] == [silent]
    assert standing_still(engine, NOON) == []


@pytest.mark.parametrize("look", [case, stream_state, drill_of])
def test_a_case_that_is_not_there_is_not_found(look: object, engine: Engine) -> None:
    assert callable(look)
    with pytest.raises(NotFound):
        look(engine, "CASE-2026-000404")
