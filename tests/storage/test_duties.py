"""Open duties as rows: kept with the entries, touched only where something moved, due next first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from domain.open_duties import OpenDuty, Owed
from domain.regulation_terms import DueBasis, DutyStatus, Force
from storage.duties import Wanted, counted, incidents_with, kinds, listed, of_incident
from storage.incidents import reserve_number, version_of
from storage.ledger import Projection, record
from storage.read_model import fill
from storage.streams import EntryRow
from tests.storage.streams import NOON, entry, new_incident, reservation


def duty(item: str, due_at: datetime | None = NOON, **more: Any) -> OpenDuty:
    made = OpenDuty(
        item=item, owed=Owed.REPORT, title_en="Report", title_zh="报告", subject="incident",
        rule="CN-1", market="CN", place="CN", authority_en="MPA", authority_zh="药监局",
        status=DutyStatus.OPEN, possible=False, counts=True, provisional=False,
        basis=DueBasis.LAW, force=Force.LAW, start_at=NOON, due_at=due_at, by_at=due_at or NOON,
        phone_at=None, no_due_why="", seq=int(item.strip("DAU")), due_seq=None, changes=1, tier=0,
        roles=("legal", "regulatory_affairs"),
    )  # fmt: skip
    return replace(made, **more)


def told(engine: Engine, stream: str, *rows: OpenDuty, seq: int = 1) -> None:
    """Record one entry that leaves the incident with these duties."""

    def leave(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        return Projection(state="{}", columns={"products": ["cream"]}, duties=rows)

    record(engine, stream, seq, [entry(stream, seq)], [], leave)


def items(engine: Engine, **wanted: Any) -> list[str]:
    return [row.duty.item for row in listed(engine, Wanted(**wanted))]


def test_rows_are_kept_with_the_entries_and_come_back_as_they_were(engine: Engine) -> None:
    stream = new_incident(engine)
    first = duty("D1", basis=None, due_at=None)
    answer = duty("AU1", owed=Owed.ANSWER, seq=9)
    told(engine, stream, first, answer)
    assert of_incident(engine, stream) == (first, answer)
    moved = replace(first, due_at=NOON, basis=DueBasis.BY_HAND)
    told(engine, stream, moved, seq=2)
    assert of_incident(engine, stream) == (moved,)
    told(engine, stream, seq=3)
    assert of_incident(engine, stream) == ()


def test_an_act_that_moves_no_duty_writes_no_row(engine: Engine) -> None:
    stream = new_incident(engine)
    told(engine, stream, duty("D1"), duty("D2"))
    written: list[str] = []

    def heard(_c: object, _cursor: object, said: str, *_more: object) -> None:
        if "duties" in said and not said.lstrip().startswith("SELECT"):
            written.append(said)

    event.listen(engine, "before_cursor_execute", heard)
    try:
        told(engine, stream, duty("D1"), duty("D2"), seq=2)
        assert written == []
        told(engine, stream, duty("D1"), duty("D2", changes=2), seq=3)
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert len(written) == 2


def test_what_owes_nothing_leaves_the_rows_alone(engine: Engine) -> None:
    stream = new_incident(engine)
    told(engine, stream, duty("D1"))
    record(engine, stream, 2, [entry(stream, 2)], [], lambda *_: Projection(state="{}"))
    assert len(of_incident(engine, stream)) == 1


@pytest.fixture
def several(engine: Engine) -> Engine:
    """Give two real incidents and an exercise."""
    one, two = new_incident(engine, "one"), new_incident(engine, "two")
    exercise = reserve_number(engine, 2026, reservation("three", drill="exercise")).id
    later = NOON + timedelta(days=3)
    told(engine, one, duty("D1", later), duty("D2", None, by_at=NOON + timedelta(days=1)))
    told(engine, two, duty("D3", NOON), duty("D4", later, market="EU", place="DE", roles=("pr",)))
    told(engine, exercise, duty("D5", NOON - timedelta(days=9)))
    return engine


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["D3", "D2", "D1", "D4", "D5"]),
        ({"drill": ""}, ["D3", "D2", "D1", "D4"]),
        ({"market": "EU"}, ["D4"]),
        ({"market": "DE"}, ["D4"]),
        ({"incident": "INC-2026-0002"}, ["D3", "D4"]),
        ({"reported_by": "li"}, ["D3", "D2", "D1", "D4", "D5"]),
        ({"reported_by": "somebody"}, []),
        ({"overdue_at": NOON + timedelta(hours=1)}, ["D3", "D5"]),
        ({"due_from": NOON, "due_until": NOON + timedelta(days=2)}, ["D3", "D2"]),
        ({"theirs": [('["pr"]', "DE", "EU")]}, ["D4"]),
        ({"theirs": []}, []),
    ],
    ids=["all", "real", "union", "country", "incident", "reporter", "nobody", "overdue", "days",
         "theirs", "nothing theirs"],
)  # fmt: skip
def test_what_is_due_next_stands_first(
    several: Engine, wanted: dict[str, Any], found: list[str]
) -> None:
    assert items(several, **wanted) == found
    number = counted(several, Wanted(**wanted), NOON)
    assert number.all == len(found)


def test_they_are_counted_and_shown_by_page(several: Engine) -> None:
    number = counted(several, Wanted(), NOON + timedelta(hours=1))
    assert (number.real, number.late, number.exercises) == (4, 1, 1)
    rows = listed(several, Wanted(), limit=2, offset=1)
    assert [row.duty.item for row in rows] == ["D2", "D1"]
    assert rows[0].products == ("cream",)
    assert incidents_with(several, Wanted(market="EU")) == {"INC-2026-0002": ("cream",)}
    assert ('["pr"]', "DE", "EU") in kinds(several, Wanted())


def test_what_binds_most_stands_first_on_every_page(several: Engine) -> None:
    early, late = NOON - timedelta(days=5), NOON + timedelta(days=9)
    ours = duty("D6", early, basis=DueBasis.COMPANY, possible=True, tier=2)
    told(several, new_incident(several, "four"), ours, duty("D7", late))
    pages = [listed(several, Wanted(drill=""), limit=2, offset=at) for at in (0, 2, 4)]
    assert [[row.duty.item for row in page] for page in pages] == [
        ["D3", "D2"], ["D1", "D4"], ["D7", "D6"]
    ]  # fmt: skip


def test_a_target_of_ours_that_passed_is_counted_apart(several: Engine) -> None:
    ours = duty("D6", NOON, basis=DueBasis.COMPANY)
    told(several, new_incident(several, "four"), ours)
    at = NOON + timedelta(hours=1)
    number = counted(several, Wanted(), at)
    assert (number.late, number.passed) == (1, 1)
    assert items(several, overdue_at=at, drill="") == ["D3"]
    assert items(several, passed_at=at) == ["D6"]
    assert (ours.is_overdue(at), ours.is_past_ours(at)) == (False, True)


def test_rows_of_before_are_filled_unless_the_incident_moved_on(engine: Engine) -> None:
    stream = new_incident(engine)
    told(engine, stream)
    version = version_of(engine, stream)
    assert fill(engine, stream, version - 1, [duty("D1")], []) is False
    assert of_incident(engine, stream) == ()
    assert fill(engine, stream, version, [duty("D1")], []) is True
    assert of_incident(engine, stream) == (duty("D1"),)


def test_the_page_is_read_out_of_an_index(engine: Engine) -> None:
    names = {index["name"] for index in sa.inspect(engine).get_indexes("duties")}
    assert "ix_duties_by_at" in names
