"""What `record` accepts: the next batch, or an exact repeat. Everything else changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from domain.errors import LedgerConflict, Malformed, NotFound
from domain.tree import EMPTY_ROOT
from storage.cases import CaseReservation, list_cases, reserve_case
from storage.engine import read
from storage.incidents import incident, load_state
from storage.ledger import Projection, record
from storage.schema import LEDGER
from storage.streams import (
    EntryRow,
    Outcome,
    entries_until,
    entry_row,
    head,
    heads_since,
    known_command,
    leaves,
    read_contents,
    read_entries,
    size_at,
)
from tests.storage.streams import NOON, entries, entry, fold, new_incident, outcome, root_over


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Read every row of every table."""
    with read(engine) as connection:
        return {
            name: list(connection.execute(sa.select(table)))
            for name, table in LEDGER.tables.items()
        }


def test_a_new_stream_is_empty(engine: Engine) -> None:
    stream = new_incident(engine)
    there = head(engine, stream)
    assert (there.size, there.version, there.root) == (0, 0, EMPTY_ROOT.hex())
    assert there.recorded_at is None
    assert load_state(engine, stream) is None
    assert read_entries(engine, stream) == []


def test_entries_tree_state_columns_and_outcomes_move_together(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, entries(stream, 1, 2), [outcome(1), outcome(2)], fold)
    recorded = record(engine, stream, 3, entries(stream, 3, 5), [outcome(3)], fold)

    all_five = entries(stream, 1, 5)
    assert (recorded.first, recorded.last, recorded.repeated) == (3, 5, False)
    assert recorded.root == root_over(all_five)
    assert recorded.recorded_at == all_five[-1].recorded_at
    assert read_entries(engine, stream) == all_five
    there = head(engine, stream)
    assert (there.size, there.version, there.root) == (5, 2, recorded.root)
    state = load_state(engine, stream)
    assert state is not None
    assert state.state == fold(None, "r1", all_five).state
    assert (state.size, state.root) == (5, recorded.root)
    row = incident(engine, stream)
    assert row.grade == "serious"
    assert row.next_due_at == all_five[-1].at + timedelta(hours=1)
    assert known_command(engine, stream, "c3") == outcome(3)
    assert known_command(engine, stream, "c4") is None


def test_the_fold_is_given_the_state_before_and_the_rules(engine: Engine) -> None:
    stream = new_incident(engine)
    seen: list[tuple[str | None, str, int]] = []

    def watched(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        seen.append((state, rules_hash, len(batch)))
        return Projection(state=f"{len(seen)}", columns={"rules_hash": "r2"})

    record(engine, stream, 1, entries(stream, 1, 2), [], watched)
    record(engine, stream, 3, entries(stream, 3, 3), [], watched)
    assert seen == [(None, "r1", 2), ("1", "r2", 1)]


def test_bytes_come_back_as_they_went_in(engine: Engine) -> None:
    stream = new_incident(engine)
    said = "纽扣 “quoted” \u2028 😀 \\ \x01"
    written = entry(stream, 1, said=said)
    record(engine, stream, 1, [written], [], fold)
    [back] = read_entries(engine, stream)
    assert back.content == written.content
    assert json.loads(back.content)["body"]["text"] == said


def test_an_exact_repeat_tells_the_same_and_changes_nothing(engine: Engine) -> None:
    stream = new_incident(engine)
    batch, told = entries(stream, 1, 3), [outcome(1), outcome(3)]
    first = record(engine, stream, 1, batch, told, fold)
    before = everything(engine)
    again = record(engine, stream, 1, batch, told, fold)
    assert again == first
    assert again.repeated
    assert everything(engine) == before


def test_a_late_repeat_tells_the_root_of_its_own_time(engine: Engine) -> None:
    stream = new_incident(engine)
    first = record(engine, stream, 1, entries(stream, 1, 3), [], fold)
    record(engine, stream, 4, entries(stream, 4, 6), [], fold)
    assert record(engine, stream, 1, entries(stream, 1, 3), [], fold) == first


@pytest.mark.parametrize(
    ("first", "batch"),
    [
        pytest.param(3, [(3, "other")], id="other bytes at the last number"),
        pytest.param(1, [(1, ""), (2, "other")], id="other bytes further in"),
        pytest.param(3, [(3, ""), (4, "")], id="a repeat that goes on"),
        pytest.param(5, [(5, "")], id="a gap"),
    ],
)
def test_what_is_neither_next_nor_a_repeat_is_a_conflict(
    engine: Engine, first: int, batch: list[tuple[int, str]]
) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, entries(stream, 1, 3), [outcome(3)], fold)
    before = everything(engine)
    sent = [entry(stream, seq, said=said) for seq, said in batch]
    with pytest.raises(LedgerConflict) as conflict:
        record(engine, stream, first, sent, [], fold)
    assert head(engine, stream).root in str(conflict.value)
    assert everything(engine) == before


def test_a_conflict_names_the_number_and_both_hashes(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [], fold)
    other = entry(stream, 1, said="other")
    with pytest.raises(LedgerConflict, match="Entry 1 of INC-2026-0001") as conflict:
        record(engine, stream, 1, [other], [], fold)
    # The root over one leaf is the leaf's own hash.
    assert root_over([other]) in str(conflict.value)
    assert root_over([entry(stream, 1)]) in str(conflict.value)


@pytest.mark.parametrize("digest", ["d", "other"], ids=["same digest", "other digest"])
def test_a_command_never_counts_twice(engine: Engine, digest: str) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [outcome(1)], fold)
    before = everything(engine)
    twice = replace(outcome(1, digest=digest), first_seq=2, last_seq=2)
    with pytest.raises(LedgerConflict, match="entries 1 to 1") as conflict:
        record(engine, stream, 2, [entry(stream, 2)], [twice], fold)
    assert conflict.value.code == "command_recorded"
    assert everything(engine) == before


def test_a_repeat_with_another_outcome_is_a_conflict(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [outcome(1)], fold)
    with pytest.raises(LedgerConflict):
        record(engine, stream, 1, [entry(stream, 1)], [outcome(1, digest="other")], fold)


def test_outcomes_may_come_without_entries(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [], fold)
    alone = Outcome(
        command_id="again", digest="d", first_seq=None, last_seq=None, outcome='{"counted":2}'
    )
    first = record(engine, stream, 2, [], [alone], fold)
    assert first.last == 1
    assert head(engine, stream).version == 1
    assert known_command(engine, stream, "again") == alone
    assert record(engine, stream, 2, [], [alone], fold).repeated
    record(engine, stream, 2, [entry(stream, 2)], [], fold)
    assert record(engine, stream, 2, [], [alone], fold) == first
    with pytest.raises(LedgerConflict):
        record(engine, stream, 2, [], [replace(alone, digest="other")], fold)


def test_recorded_at_is_the_later_of_the_entry_before_and_the_decision(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1, minutes=30)], [], fold)
    early = entry(stream, 2, minutes=10)
    with pytest.raises(Malformed, match="has to say 2026-11-22T12:30"):
        record(engine, stream, 2, [early], [], fold)
    document = json.loads(early.content)
    document["recorded_at"] = "2026-11-22T12:30:00.000000Z"
    record(engine, stream, 2, [entry_row(json.dumps(document).encode())], [], fold)
    assert head(engine, stream).recorded_at == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("first", "numbers"),
    [
        pytest.param(0, [0], id="number zero"),
        pytest.param(1, [1, 3], id="a hole"),
        pytest.param(1, [2], id="wrong first number"),
    ],
)
def test_a_batch_that_does_not_fit_together_is_malformed(
    engine: Engine, first: int, numbers: list[int]
) -> None:
    stream = new_incident(engine)
    with pytest.raises(Malformed):
        record(engine, stream, first, [entry(stream, seq) for seq in numbers], [], fold)


def test_entries_of_another_stream_are_malformed(engine: Engine) -> None:
    stream, other = new_incident(engine, "a"), new_incident(engine, "b")
    with pytest.raises(Malformed, match=other):
        record(engine, stream, 1, [entry(other, 1)], [], fold)


def test_nothing_is_recorded_without_a_number(engine: Engine) -> None:
    with pytest.raises(NotFound):
        record(engine, "INC-2026-0404", 1, [entry("INC-2026-0404", 1)], [], fold)
    with pytest.raises(NotFound):
        head(engine, "INC-2026-0404")


def test_a_failing_fold_leaves_nothing(engine: Engine) -> None:
    stream = new_incident(engine)
    before = everything(engine)

    def broken(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record(engine, stream, 1, [entry(stream, 1)], [outcome(1)], broken)
    assert everything(engine) == before


def test_a_projection_may_not_touch_the_ledgers_own_columns(engine: Engine) -> None:
    stream = new_incident(engine)
    before = everything(engine)
    with pytest.raises(Malformed, match="size"):
        record(
            engine,
            stream,
            1,
            [entry(stream, 1)],
            [outcome(1)],
            lambda *_: Projection(state="{}", columns={"size": 9}),
        )
    assert everything(engine) == before


def test_a_fold_that_was_overtaken_is_done_again(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [], fold)
    turns: list[str | None] = []

    def slow(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        if not turns:
            record(engine, stream, 2, [entry(stream, 2)], [], fold)
        turns.append(state)
        return fold(state, rules_hash, batch)

    # The same bytes were recorded meanwhile: that is a repeat, and the stale fold is thrown away.
    assert record(engine, stream, 2, [entry(stream, 2)], [], slow).repeated
    assert len(turns) == 1
    state = load_state(engine, stream)
    assert state is not None
    assert state.state == fold(None, "r1", entries(stream, 1, 2)).state


def test_reading_a_stretch_and_until_an_instant(engine: Engine) -> None:
    stream = new_incident(engine)
    record(engine, stream, 1, entries(stream, 1, 6), [], fold)
    assert [each.seq for each in read_entries(engine, stream, 2, 4)] == [2, 3, 4]
    assert [each.seq for each in read_entries(engine, stream, 5)] == [5, 6]
    until = entries_until(engine, stream, NOON + timedelta(minutes=4))
    assert [each.seq for each in until] == [1, 2, 3, 4]
    just_before = NOON + timedelta(minutes=4, microseconds=-1)
    assert len(entries_until(engine, stream, just_before)) == 3
    assert size_at(engine, stream, just_before) == 3
    assert size_at(engine, stream, NOON) == 0
    everything_said = [each.content for each in entries(stream, 1, 6)]
    assert read_contents(engine, stream) == everything_said
    assert read_contents(engine, stream, 2, 3) == everything_said[1:3]
    assert leaves(engine, stream, 3) == leaves(engine, stream, 6)[:3]


def test_heads_since_tells_what_moved_and_what_closed(engine: Engine) -> None:
    first, second = new_incident(engine, "a"), new_incident(engine, "b")
    cursor = {each.stream: each.version for each in heads_since(engine, {})}
    assert cursor == {first: 0, second: 0}
    assert heads_since(engine, cursor) == []

    record(engine, second, 1, [entry(second, 1)], [], fold)
    [moved] = heads_since(engine, cursor)
    assert (moved.stream, moved.size, moved.version) == (second, 1, 1)
    cursor[second] = 1

    def close(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        return Projection(state="{}", columns={"is_open": False})

    record(engine, first, 1, [entry(first, 1)], [], close)
    [closed] = heads_since(engine, cursor)
    assert (closed.stream, closed.is_open) == (first, False)
    del cursor[first]
    assert heads_since(engine, cursor) == []


def test_a_case_has_a_ledger_of_its_own(engine: Engine) -> None:
    stream = reserve_case(
        engine,
        2026,
        CaseReservation(
            command_id="k",
            digest="d",
            created_at=NOON,
            opened_by="mei",
            title="Leaking pump",
            rules_hash="r1",
        ),
    ).id
    assert stream == "CASE-2026-000001"

    def level(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
        return Projection(state="{}", columns={"level": "mild", "next_due_at": NOON})

    record(engine, stream, 1, [entry(stream, 1)], [], level)
    [case] = list_cases(engine)
    assert (case.id, case.level, case.size) == (stream, "mild", 1)
    assert head(engine, stream).size == 1


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_the_cut_into_batches_leaves_no_trace(engine: Engine, cuts: list[int]) -> None:
    stream = new_incident(engine, f"report-{len(heads_since(engine, {}))}")
    size = 0
    for cut in cuts:
        record(engine, stream, size + 1, entries(stream, size + 1, size + cut), [], fold)
        size += cut
    there, state = head(engine, stream), load_state(engine, stream)
    assert state is not None
    assert there.root == root_over(entries(stream, 1, size))
    assert state.state == fold(None, "r1", entries(stream, 1, size)).state
