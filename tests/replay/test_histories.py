"""What earlier releases did, done again by today's workflows: the same, step by step."""

import asyncio
import difflib
import hashlib
import json
import re

import pytest
from temporalio.client import WorkflowHistory

from domain.plot import fold
from domain.streams import plot_of
from services.replaying import replay
from tests import figures
from tests.replay.corpus import Golden, goldens
from tests.replay.leading import Led, lead_all, text_of
from tests.replay.opened import corpus_ring, open_history
from workflows.registry import ALL_WORKFLOWS

ALL = [pytest.param(each, id=each.name) for each in goldens()]
PATCH = """
An incident that runs while the release is installed would stop here. Leave what it does as it was,
or take the change behind `workflow.patched` (CONTRIBUTING.md, "Change an event or a workflow")."""
ON_PURPOSE = """
The replayer lets this pass: kinds and number of commands are the same. Limits and words sent along
may change where that is meant: `make record ARGS="commands"`, and the difference is read in the
review. Keys of effects, and which of several calls comes first, must stay for what is on its way."""


@pytest.mark.parametrize("golden", ALL)
def test_todays_workflows_do_what_was_recorded(golden: Golden) -> None:
    led = asyncio.run(lead_all(golden))
    for each in led:
        where = f"{golden.name}: {each.run.type} {each.run.workflow_id}"
        assert not each.fault, f"{where} does otherwise today:\n{each.fault}\n{PATCH}{golden.again}"
        assert each.replayed.tasks, f"{where}: nothing was replayed"
    for stream in golden.streams:
        runs = [each for each in led if _decides(each, stream)]
        assert runs, f"{golden.name}: no history decides {stream}"
        _assert_folds_agree(golden, stream, runs)
    _assert_asks_the_same(golden, led)
    events = sum(len(each.run.events) for each in led)
    tasks = sum(each.replayed.tasks for each in led)
    figures.note("recorded histories", {"runs": len(led), "events": events, "activations": tasks})


def _decides(each: Led, stream: str) -> bool:
    if each.run.type not in ("Incident", "Case"):
        return False
    return each.run.workflow_id == stream or each.run.workflow_id.rpartition("/")[0] == stream


def _assert_folds_agree(golden: Golden, stream: str, runs: list[Led]) -> None:
    """Where each run ended, its live state is the fold of the ledger up to there."""
    state, plot = golden.folding(stream).state, plot_of(stream)
    for each in runs:
        assert not each.replayed.failures, each.replayed.failures
        leaves = golden.stream(stream).leaves[state.size : each.replayed.size]
        state = fold(state, leaves)
        text = plot.text(state)
        where = f"{golden.name}: {stream} at entry {each.replayed.size}"
        assert each.replayed.sha256 == hashlib.sha256(text.encode()).hexdigest(), where
    assert state.size == len(golden.stream(stream).leaves), "the last run ends before the ledger"


def _assert_asks_the_same(golden: Golden, led: list[Led]) -> None:
    asked, recorded = text_of(golden, led), golden.commands()
    told = difflib.unified_diff(
        recorded.splitlines(), asked.splitlines(), "recorded", "today", lineterm="", n=1
    )
    assert asked == recorded, f"{golden.name}\n" + "\n".join(list(told)[:40]) + ON_PURPOSE


def test_every_workflow_has_a_recorded_history() -> None:
    recorded = {run.type for golden in goldens() for run in golden.runs}
    named = {each.__temporal_workflow_definition.name for each in ALL_WORKFLOWS}  # type: ignore[attr-defined]
    assert recorded == named


def test_recordings_name_no_machine_and_no_place_on_one() -> None:
    for golden in goldens():
        for run in golden.runs:
            text = json.dumps(run.events)
            found = re.search(r'"identity"|/site-packages/|File \\"|"[^"]*@[\w.-]+\.local"', text)
            assert found is None, f"{golden.name}: {found}"


# ---------------------------------------------------------------- as a server kept it

SEALED = [each for each in goldens() if each.sealed()]


@pytest.mark.parametrize("golden", SEALED, ids=[each.name for each in SEALED])
def test_what_an_earlier_release_sealed_still_opens(golden: Golden) -> None:
    """Beside the opened histories: the codec's own form, kept as a server kept it."""

    async def opened() -> None:
        run = next(run for run in golden.runs if run.workflow_id == golden.about["sealed"])
        history = WorkflowHistory.from_json(run.workflow_id, golden.sealed())
        events = await open_history(history, corpus_ring(), set(golden.rule_texts))
        assert events == run.events
        assert (await replay(history, corpus_ring())).tasks

    asyncio.run(opened())


def test_every_release_keeps_a_history_as_it_was_sealed() -> None:
    releases = {each.folder.parent for each in goldens()}
    assert {each.folder.parent for each in SEALED} == releases
    assert releases
