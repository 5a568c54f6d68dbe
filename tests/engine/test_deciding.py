"""The stream of one incident: what is handed over, and what stops it visibly."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.canonical import canonical
from domain.enquiries import AgreedLineSet
from domain.envelope import Envelope, Recorded
from domain.errors import LedgerConflict, Malformed
from domain.incident import INCIDENT, new_incident
from domain.people import Actor, Role
from domain.refusal_words import refusal_leaf
from domain.state import Incident
from domain.statement_text import LINE_LENGTH, LineWords
from domain.tree import Tree, leaf_hash
from domain.values import PublicText
from domain.wire import encode
from tests.domain.story import rules
from workflows.deciding import Stream, read_carried

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AGENT = Actor(id="agent", roles=(Role.SERVICE_AGENT,))
REPORT = {
    "type": "report_problem",
    "v": 1,
    "body": {
        "first_known_at": "2026-11-22T01:00:00Z",
        "first_known_country": "CN",
        "products": ["cream"],
        "lots": ["L1"],
        "answers": {"worst_outcome": "mild", "people": 1, "whereabouts": "consumers"},
    },
}


def reported() -> Stream[Incident]:
    stream = Stream(INCIDENT, new_incident("INC-2026-0001", rules()))
    envelope = Envelope("k1", "INC-2026-0001", encode(Actor, AGENT), "", REPORT)
    stream.submit(envelope, NOW, "test")
    return stream


def root(leaves: list[str]) -> str:
    return Tree(leaf_hash(leaf.encode()) for leaf in leaves).root().hex()


def test_what_an_entry_does_depends_on_nothing_that_came_after_it() -> None:
    decided, _ = reported().take_batch()
    assert [each.after.size for each in decided] == [each.entry.seq for each in decided]


def test_the_ledger_confirms_what_was_decided() -> None:
    stream = reported()
    _, batch = stream.take_batch()
    stream.confirm(batch, Recorded(len(batch.leaves), root(batch.leaves)))
    assert stream.recorded == stream.state.size


def test_a_ledger_that_holds_other_entries_stops_the_workflow() -> None:
    stream = reported()
    _, batch = stream.take_batch()
    with pytest.raises(LedgerConflict, match="decided otherwise"):
        stream.confirm(batch, Recorded(len(batch.leaves), root([*batch.leaves[:-1], "other"])))


def refused() -> Stream[Incident]:
    """An incident in which somebody tried what is not theirs: its last entry is a refusal."""
    stream = reported()
    accept = {"type": "accept_report", "v": 1, "body": {"reason": "I think so."}}
    stream.submit(Envelope("k2", "INC-2026-0001", encode(Actor, AGENT), "", accept), NOW, "test")
    return stream


def as_worded_before(leaf: str, **changes: str) -> str:
    """Give the last entry as an earlier release would have recorded it."""
    document = json.loads(leaf)
    document["body"] |= changes
    return canonical(document).decode()


def test_an_earlier_release_may_have_refused_in_other_words() -> None:
    stream = refused()
    _, batch = stream.take_batch()
    *others, last = batch.leaves
    before = as_worded_before(last, sentence="That is not for you.", hint="Ask somebody.")
    assert before != last
    told = refusal_leaf(before.encode())
    assert told is not None
    recorded = Recorded(len(batch.leaves), root([*others, before]), {str(len(batch.leaves)): told})
    stream.confirm(batch, recorded)
    assert stream.frontier is not None
    assert stream.frontier.root().hex() == recorded.root, "the tree goes on as it is recorded"


@pytest.mark.parametrize(
    "changes", [{"reason": "too_early"}, {"command": "close_report"}, {"by": "another"}],
    ids=["for another reason", "another act", "somebody else"],
)  # fmt: skip
def test_but_not_have_refused_something_else(changes: dict[str, str]) -> None:
    stream = refused()
    _, batch = stream.take_batch()
    *others, last = batch.leaves
    before = as_worded_before(last, **changes)
    told = refusal_leaf(before.encode())
    assert told is not None
    recorded = Recorded(len(batch.leaves), root([*others, before]), {str(len(batch.leaves)): told})
    with pytest.raises(LedgerConflict, match="decided otherwise"):
        stream.confirm(batch, recorded)


def test_only_refusals_have_words_apart() -> None:
    stream = reported()
    _, batch = stream.take_batch()
    assert [refusal_leaf(leaf.encode()) for leaf in batch.leaves] == [None] * len(batch.leaves)


def test_a_new_run_goes_on_with_the_tree_of_the_run_before() -> None:
    stream = reported()
    _, batch = stream.take_batch()
    stream.confirm(batch, Recorded(len(batch.leaves), root(batch.leaves)))
    carried = stream.carry()
    following = read_carried(stream, carried, carried.state)
    assert following.frontier == stream.frontier
    assert following.state == stream.state


def test_a_run_that_is_reopened_from_the_ledger_begins_without_a_tree() -> None:
    carried = replace(reported().carry(), frontier=[])
    empty = Stream(INCIDENT, new_incident("INC-2026-0001", rules()))
    assert read_carried(empty, carried, carried.state).frontier is None


def test_an_act_whose_event_nobody_could_read_back_is_refused_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = reported()
    size, waiting = stream.state.size, len(stream.pending)
    too_long = LineWords(language="en", value=PublicText("x" * (LINE_LENGTH + 1)))
    line = AgreedLineSet(
        version=1, messages=(), do_not_say=(), spokesperson="", by="a", said_in=(too_long,)
    )
    unreadable = replace(INCIDENT, decide=lambda _state, _act: (line,))
    monkeypatch.setattr(stream, "plot", unreadable)
    acknowledge = {"type": "acknowledge_report", "v": 1, "body": {}}
    with pytest.raises(Malformed, match="2000 characters"):
        stream.submit(
            Envelope("k2", "INC-2026-0001", encode(Actor, AGENT), "", acknowledge), NOW, "test"
        )
    assert (stream.state.size, len(stream.pending)) == (size, waiting)
    assert "k2" not in stream.remembered


def test_a_state_too_large_to_travel_is_handed_over_by_hash() -> None:
    stream = reported()
    whole, by_hash = stream.carry(), stream.carry(travels_up_to=10)
    assert by_hash.state == ""
    assert by_hash.state_hash == whole.state_hash
    assert hashlib.sha256(whole.state.encode()).hexdigest() == by_hash.state_hash
