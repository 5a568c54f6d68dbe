"""Ledgers of earlier releases, folded by today's code to the states they had then."""

import difflib
import json
from itertools import zip_longest

import pytest

from domain.ledger import read_entry
from domain.message import EVENTS
from tests import figures
from tests.replay.corpus import Golden, goldens, last_state, root_of
from tests.replay.states import lines_of

STREAMS = [
    pytest.param(golden, stream, id=f"{golden.name}/{stream}")
    for golden in goldens()
    for stream in golden.streams
]
MEANING = """
The meaning of a published event never changes: what was recorded must fold to the state it had.
Leave `evolve` as it was for this event and register a new type for the new meaning (CONTRIBUTING.md,
"Change an event or a workflow")."""

UNRECORDED: dict[str, str] = {
    "MailNotArrived": "No story has a press list (tests/domain/test_bounces.py).",
    "ReportReopened": "No story closes a report without an incident (tests/domain/test_report.py).",
    "TerminationKept": "No story brings a letter before the completion (test_duty_end.py there).",
}
"""Event types that no recording holds, each with the reason."""


@pytest.mark.parametrize(("golden", "stream"), STREAMS)
def test_the_tree_over_the_recorded_bytes_has_the_recorded_head(
    golden: Golden, stream: str
) -> None:
    recorded = golden.stream(stream)
    assert len(recorded.leaves) == golden.about["streams"][stream]["entries"]
    assert root_of(recorded.leaves) == recorded.root


@pytest.mark.parametrize(("golden", "stream"), STREAMS)
def test_every_recorded_entry_is_read_and_written_as_the_same_bytes(
    golden: Golden, stream: str
) -> None:
    for seq, leaf in enumerate(golden.stream(stream).leaves, 1):
        written = read_entry(leaf).leaf()
        assert written == leaf, (
            f"{golden.name}, {stream}, entry {seq}: {_difference(leaf, written)}"
        )


def _difference(recorded: bytes, written: bytes) -> str:
    was, now = (json.dumps(json.loads(leaf), indent=1, sort_keys=True, ensure_ascii=False)
                for leaf in (recorded, written))  # fmt: skip
    lines = difflib.unified_diff(
        was.splitlines(), now.splitlines(), "recorded", "today", n=0, lineterm=""
    )
    return "\n".join(list(lines)[:20]) + "\nA field that is added is declared with `added(…)`."


@pytest.mark.parametrize(("golden", "stream"), STREAMS)
def test_every_recorded_entry_folds_to_the_state_it_had(golden: Golden, stream: str) -> None:
    fold = golden.folding(stream)
    assert fold.state.rules.hash == golden.stream(stream).rules
    folded = lines_of(fold, golden.stream(stream).leaves)
    for was, now in zip_longest(golden.states(stream), folded):
        assert was == now, (
            f"{golden.name}, {stream}: after an entry the state is another.\n"
            f"recorded: {was}\n   today: {now}\n{_of_last(golden, stream)}{MEANING}{golden.again}"
        )
    assert last_state(fold) == golden.last(stream)
    figures.note("golden ledgers", {"ledgers": 1, "entries": fold.state.size})


def _of_last(golden: Golden, stream: str) -> str:
    """Say how the last state differs: the one that is kept as a whole."""
    fold = golden.folding(stream)
    for leaf in golden.stream(stream).leaves:
        fold.take(leaf)
    was, now = golden.last(stream).splitlines(), last_state(fold).splitlines()
    lines = list(difflib.unified_diff(was, now, "last state recorded", "today", n=2, lineterm=""))
    return "\n".join(lines[:40])


def test_every_event_is_recorded_once_or_named_with_the_reason_why_not() -> None:
    recorded = {
        json.loads(leaf)["type"]
        for golden in goldens()
        for stream in golden.streams
        for leaf in golden.stream(stream).leaves
    }
    missing = set(EVENTS) - recorded - set(UNRECORDED)
    assert not missing, (
        f"No recording holds {', '.join(sorted(missing))}. Let a story of tests/replay/stories lead "
        'to it and record it (`make record ARGS="stories NAME"`), or say in UNRECORDED why not.'
    )
    stale = set(UNRECORDED) & recorded | set(UNRECORDED) - set(EVENTS)
    assert not stale, f"UNRECORDED names {', '.join(sorted(stale))}, which is recorded or gone."
    assert all(UNRECORDED.values())
