"""What was known after each entry: every change is told once, and nothing that did not change."""

from dataclasses import replace
from typing import Any

import pytest

from domain.incident import evolve, fold, new_incident
from domain.ledger import read_entry
from domain.state import Incident
from domain.team import on_team
from services.record_summary import Changes, Summary, Told, told_after_each
from tests.replay.corpus import Golden, goldens
from tests.storage.streams import NOON

RECORDED = [
    pytest.param(golden, stream, id=f"{golden.name}/{stream}")
    for golden in goldens()
    for stream in golden.streams
    if not stream.startswith("CASE")
]


def empty(golden: Golden, stream: str) -> Incident:
    recorded = golden.stream(stream)
    rules = golden.rules(recorded.rules)
    return replace(new_incident(stream, rules, drill=recorded.drill), find_rules=golden.rules)


def known(changes: list[Changes]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in changes:
        found |= one
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.parametrize(("golden", "stream"), RECORDED)
def test_changes_together_are_what_the_state_says(golden: Golden, stream: str) -> None:
    leaves = golden.stream(stream).leaves
    told = list(told_after_each(empty(golden, stream), leaves))
    assert len(told) == len(leaves)
    for size in {1, 2, len(leaves) // 3, len(leaves) // 2, len(leaves)}:
        state = fold(empty(golden, stream), leaves[:size])
        at = read_entry(leaves[size - 1]).at
        whole = Summary().changed(state, at)
        assert known([one.changes for one in told[:size]]) == whole


@pytest.mark.parametrize(("golden", "stream"), RECORDED)
def test_no_change_is_told_twice(golden: Golden, stream: str) -> None:
    said: dict[str, Any] = {}
    for told in told_after_each(empty(golden, stream), golden.stream(stream).leaves):
        for key, value in told.changes.items():
            assert said.get(key) != value, key
            said[key] = value


def story(name: str) -> tuple[Incident, list[bytes]]:
    golden = next(one for one in goldens() if one.folder.name == name)
    stream = next(one for one in golden.streams if not one.startswith("CASE"))
    return empty(golden, stream), golden.stream(stream).leaves


def test_a_channel_falls_silent_by_the_clock_alone() -> None:
    state, leaves = story("halt")
    summary, asked_by = Summary(), None
    for leaf in leaves:
        entry = read_entry(leaf)
        state = evolve(state, entry.event, entry.mark())
        summary.changed(state, entry.at)
        dues = [one.answer_due_at for one in state.halt.channels.values() if one.state == "ordered"]
        asked_by = max((due for due in dues if due), default=None)
        if asked_by is not None:
            break
    assert asked_by is not None
    before = summary.changed(state, asked_by)
    after = summary.changed(state, asked_by.replace(year=asked_by.year + 1))
    assert "silent" not in before.get("channels", {})
    assert set(after) == {"channels"}
    assert after["channels"]["silent"] > 0
    assert summary.changed(state, asked_by.replace(year=asked_by.year + 2)) == {}


def test_the_caller_s_word_for_an_event_is_kept_beside_its_changes() -> None:
    state, leaves = story("incident")
    told = list(told_after_each(state, leaves[:4], lambda event: type(event).__name__))
    assert [one.tell for one in told] == [
        "ChannelsListed",
        "ReportReceived",
        "SeverityAssessed",
        "HaltOrdered",
    ]
    assert isinstance(told[2], Told)
    assert told[2].changes["grade"] == {"grade": "critical", "attention": "low", "assessed": 1}


def test_what_ends_is_gone() -> None:
    state, leaves = story("incident")
    told = list(told_after_each(state, leaves))
    gone = {key for one in told for key, value in one.changes.items() if value is None}
    assert any(key.startswith("duty/") for key in gone)
    assert any(key.startswith("act/") for key in gone)


def test_of_goods_that_were_freed_it_is_said_which_lots_stay_stopped() -> None:
    golden = next(one for one in goldens() if one.name.endswith("goods"))
    [stream] = [one for one in golden.streams if one.startswith("INC")]
    told = list(told_after_each(empty(golden, stream), golden.stream(stream).leaves))
    halts = [one.changes["halt"] for one in told if one.changes.get("halt")]
    assert "lots" not in halts[0]
    assert any(one.get("lots") for one in halts)


@pytest.mark.parametrize(("golden", "stream"), RECORDED)
def test_the_team_is_the_one_that_page_and_terminal_name(golden: Golden, stream: str) -> None:
    state = fold(empty(golden, stream), golden.stream(stream).leaves)
    told = {key: row for key, row in Summary().changed(state, NOON).items() if key[:5] == "role/"}
    named = {(f"role/{one.role}", one.person) for one in on_team(state)}
    said = {(key, row["person"]) for key, row in told.items()}
    said |= {(key, row["carried_by"]) for key, row in told.items() if row["carried_by"]}
    assert said == named
