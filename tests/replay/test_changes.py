"""A change that would harm a running incident, or the past, is seen: five are made and found.

Each is made in the running process only, where a release would make it in the source.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from domain.dispatch import DECIDES, EVOLVES
from domain.facts import FactRecorded, RecordFact
from domain.state import Incident, Mark
from tests.replay.corpus import Golden, Run, goldens
from tests.replay.leading import Led, lead, text_of
from tests.replay.states import lines_of
from workflows import calls, ids
from workflows.hosting import DecidingWorkflow

STREAM = "INC-2026-0001"


@pytest.fixture
def golden() -> Golden:
    """Give the latest recording of the story at the edges: short, and facts are told in it."""
    return [each for each in goldens() if each.folder.name == "edges"][-1]


def first_run(golden: Golden) -> Run:
    return golden.runs[0]


def led_now(golden: Golden) -> Led:
    return asyncio.run(lead(golden, first_run(golden)))


def fold_now(golden: Golden) -> list[str]:
    return list(lines_of(golden.folding(STREAM), golden.stream(STREAM).leaves))


def test_without_a_change_nothing_is_found(golden: Golden) -> None:
    now = led_now(golden)
    assert not now.fault
    assert text_of(golden, [now]).splitlines()[-5:] != []
    assert fold_now(golden) == golden.states(STREAM)


def test_another_meaning_of_a_published_event_is_found(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_was = EVOLVES[FactRecorded]

    def in_capitals(incident: Incident, told: FactRecorded, mark: Mark) -> Any:
        return as_it_was(incident, replace(told, unit="PIECES"), mark)

    monkeypatch.setitem(EVOLVES, FactRecorded, in_capitals)
    was, now = golden.states(STREAM), fold_now(golden)
    differs = next(seq for seq, (a, b) in enumerate(zip(was, now, strict=True)) if a != b)
    assert was[differs].split()[1] == "FactRecorded"
    assert "FactRecorded" not in "".join(was[:differs])


def test_another_decision_about_the_past_is_found(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_was = DECIDES[RecordFact]

    def twice(incident: Incident, act: Any, said: RecordFact) -> Any:
        return (*as_it_was(incident, act, said), *as_it_was(incident, act, said))

    monkeypatch.setitem(DECIDES, RecordFact, twice)
    assert "decided otherwise than it is recorded" in led_now(golden).fault


def test_another_order_of_commands_is_found(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DecidingWorkflow, "_show", lambda _self, _state: None)
    assert "Nondeterminism" in led_now(golden).fault


def test_another_limit_is_found_though_the_replayer_lets_it_pass(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "RECORD", replace(calls.RECORD, attempt=timedelta(seconds=31)))
    now = led_now(golden)
    assert not now.fault
    assert "record: attempt 0:00:31" in text_of(golden, [now])
    assert "record: attempt 0:00:30" in golden.commands()


def test_another_key_of_an_effect_is_found_though_the_replayer_lets_it_pass(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_was = ids.effect_key
    monkeypatch.setattr(ids, "effect_key", partial(_with_mark, as_it_was))
    now = led_now(golden)
    assert not now.fault
    assert "tell v2:~/1:2:tell:report_received" in text_of(golden, [now])
    assert "tell ~/1:2:tell:report_received" in golden.commands()


def _with_mark(as_it_was: Any, *named: Any) -> str:
    return f"v2:{as_it_was(*named)}"
