"""Recorded histories are proved: fold of the ledger == replayed state, after every entry.

And what is falsified is named: a payload, an event, an entry, a run, a rule.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.canonical import canonical, sha256_hex
from services.history_bundle import INDEX, LEDGER, RULES
from services.history_proving import Proof, prove
from services.proof_words import sentence
from tests import figures
from tests.replay.bundles import Members, members_of, rows_of
from tests.replay.corpus import Golden, goldens

REPEATS = "jj-sunscreen-2021"
"""A long story whose every kind of entry another story holds too: proved at full counts alone. Its
histories and its ledger are led and folded on every run (test_histories.py, test_ledgers.py)."""

STREAMS = [
    pytest.param(golden, stream, id=f"{golden.name}/{stream}")
    for golden in goldens()
    for stream in golden.streams
    if figures.FULL or golden.folder.name != REPEATS
]


@pytest.mark.parametrize(("golden", "stream"), STREAMS)
def test_every_entry_is_decided_again_to_the_same_state(golden: Golden, stream: str) -> None:
    proof = prove(members_of(golden, stream))
    assert proof.faults == []
    assert proof.holds
    entries = len(golden.stream(stream).leaves)
    assert proof.entries == proof.proved == entries
    assert sum(run.compared for run in proof.runs) == entries
    assert len(proof.runs) == len([r for r in golden.runs if r.workflow_id.startswith(stream)])
    events = sum(run.events for run in proof.runs)
    counted = {"ledgers": 1, "entries": entries, "runs": len(proof.runs), "events": events}
    figures.note("recorded histories proved entry by entry", counted)


def test_what_is_proved_at_full_counts_alone_holds_no_entry_of_its_own() -> None:
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for golden in goldens():
        for stream in golden.streams:
            leaves = golden.stream(stream).leaves
            kinds[golden.folder.name == REPEATS] |= {json.loads(leaf)["type"] for leaf in leaves}
    assert kinds[True]
    assert kinds[True] <= kinds[False]


# ---------------------------------------------------------------- what is falsified is named

STORY, STREAM = "halt", "INC-2026-0001"


@pytest.fixture
def members() -> Members:
    """Give a recorded incident over four runs of its workflow, with four of its performers."""
    golden = next(each for each in goldens() if each.folder.name == STORY)
    return members_of(golden, STREAM)


def named(proof: Proof) -> dict[str, Any]:
    """Give the first fault of each kind; each has its words."""
    for fault in proof.faults:
        assert sentence(fault)
        assert sentence(fault, "zh") != sentence(fault)
    return {fault.kind: fault for fault in reversed(proof.faults)}


def history(members: Members, number: int) -> dict[str, Any]:
    """Read a history."""
    document: dict[str, Any] = json.loads(members[f"histories/{number}.json"])
    return document


def put(members: Members, number: int, document: dict[str, Any]) -> None:
    """Put a history in the place of another, with an index that says so: a careful forger."""
    name = f"histories/{number}.json"
    members[name] = content = json.dumps(document).encode()
    rows = rows_of(members)
    for row in rows:
        if row["name"] == name:
            row.update({"sha256": sha256_hex(content), "events": len(document["events"])})
    members[INDEX] = json.dumps(rows).encode()


def opened_in(part: Any) -> list[dict[str, Any]]:
    """Find the opened messages of a history."""
    if isinstance(part, dict):
        if "$json" in part:
            return [part]
        return [each for value in part.values() for each in opened_in(value)]
    if isinstance(part, list):
        return [each for value in part for each in opened_in(value)]
    return []


def test_an_untouched_record_holds(members: Members) -> None:
    assert prove(members).holds


def test_a_changed_act_is_named_with_the_entry_it_leads_to(members: Members) -> None:
    document = history(members, 2)
    update = next(
        each
        for event in document["events"]
        for each in opened_in(event.get("workflowExecutionUpdateAcceptedEventAttributes"))
    )
    update["$json"]["actor"]["id"] = "somebody.else"
    put(members, 2, document)
    proof = prove(members)
    fault = named(proof)["entry_differs"]
    assert fault.run == document["run"]
    assert fault.path == "actor.id"
    assert fault.event > 1
    first = next(run for run in proof.runs if run.run == fault.run).start + 1
    assert fault.entry >= first
    assert proof.proved == fault.entry - 1


def test_a_changed_handover_is_named_as_a_state_that_differs(members: Members) -> None:
    document = history(members, 3)
    start = opened_in(document["events"][0])[0]["$json"]
    state = json.loads(start["carried"]["state"])
    state["refusals_counted"] += 1
    start["carried"]["state"] = json.dumps(state, sort_keys=True, separators=(",", ":"))
    put(members, 3, document)
    told = named(prove(members))
    # A carried state that is not that of its hash stops the workflow before it decides anything.
    assert {"history_fails", "nondeterministic", "no_state"} & told.keys()
    start["carried"]["state_hash"] = sha256_hex(start["carried"]["state"].encode())
    put(members, 3, document)
    fault = named(prove(members))["state_differs"]
    assert fault.run == document["run"]
    assert fault.path == "refusals_counted"


def test_a_removed_event_is_named(members: Members) -> None:
    document = history(members, 2)
    signals = [
        number
        for number, event in enumerate(document["events"])
        if "workflowExecutionUpdateAcceptedEventAttributes" in event
    ]
    del document["events"][signals[0]]
    put(members, 2, document)
    told = named(prove(members))
    assert told.keys() == {"history_order"}
    assert told["history_order"].event == signals[0] + 1
    for number, event in enumerate(document["events"], 1):
        event["eventId"] = str(number)
    put(members, 2, document)
    (fault,) = prove(members).faults
    assert (fault.kind, fault.run) == ("nondeterministic", document["run"])
    assert "No command scheduled" in fault.what


def test_a_history_that_would_be_replayed_for_ever_is_named_when_the_time_is_over(
    members: Members,
) -> None:
    """Of a task whose end is missing the SDK's core waits for the next event, and never returns."""
    document = history(members, 2)
    ends = [
        number
        for number, event in enumerate(document["events"])
        if "workflowTaskCompletedEventAttributes" in event
    ]
    del document["events"][ends[1]]
    for number, event in enumerate(document["events"], 1):
        event["eventId"] = str(number)
    put(members, 2, document)
    proof = prove(members, within_s=15)
    (fault,) = proof.faults
    assert (fault.kind, fault.run) == ("limit", document["run"])
    assert proof.proved == 26
    assert proof.took_s < 20


def test_a_history_cut_short_is_named_by_the_entries_that_nothing_decides(
    members: Members,
) -> None:
    document = history(members, 4)
    document["events"] = document["events"][:12]
    put(members, 4, document)
    told = named(prove(members))
    assert told["run_missing"].what.endswith("-46")


def test_a_run_left_out_is_named(members: Members) -> None:
    rows = rows_of(members)
    members[INDEX] = json.dumps([row for row in rows if row["name"] != "histories/2.json"]).encode()
    proof = prove(members)
    assert [fault.kind for fault in proof.faults] == ["run_missing"]
    first, last = proof.faults[0].what.split("-")
    assert (int(first), int(last)) == (27, 30)
    assert proof.proved == 26


def test_a_performer_that_asked_for_something_else_is_named(members: Members) -> None:
    number = next(row["name"] for row in rows_of(members) if row["workflow"].endswith("/halt/3"))  # type: ignore[attr-defined]
    digits = int("".join(filter(str.isdigit, str(number))))
    document = history(members, digits)
    for event in document["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled:
            scheduled["activityType"]["name"] = "publish_statement"
    put(members, digits, document)
    told = named(prove(members))
    assert told.keys() == {"nondeterministic"}
    assert told["nondeterministic"].workflow == f"{STREAM}/halt/3"


@pytest.mark.parametrize("path", ["actor.id", "body", "at"])
def test_a_changed_entry_is_named(members: Members, path: str) -> None:
    leaves = members[LEDGER].splitlines()
    entry = json.loads(leaves[28])
    before = copy.deepcopy(entry)
    if path == "actor.id":
        entry["actor"]["id"] = "mallory"
    elif path == "at":
        entry["at"] = entry["recorded_at"] = "2026-11-22T02:21:10.000001Z"
    else:
        entry["body"] = {**entry["body"], **{k: f"{v}x" for k, v in entry["body"].items()}}
    assert entry != before
    leaves[28] = canonical(entry)
    members[LEDGER] = b"".join(leaf + b"\n" for leaf in leaves)
    fault = named(prove(members))["entry_differs"]
    assert fault.entry == 29
    assert fault.path.partition(".")[0] == path.partition(".")[0]


def test_a_ledger_that_lacks_its_last_entries_is_named(members: Members) -> None:
    leaves = members[LEDGER].splitlines()
    members[LEDGER] = b"".join(leaf + b"\n" for leaf in leaves[:30])
    # The last run goes on and may be ahead of the ledger; the one before it has ended.
    (fault,) = prove(members).faults
    assert (fault.kind, fault.entry) == ("ledger_short", 34)
    assert fault.run == history(members, 3)["run"]


def test_rules_that_are_missing_are_named(members: Members) -> None:
    for name in [name for name in members if name.startswith(RULES)]:
        del members[name]
    assert named(prove(members)).keys() == {"rules_unreadable"}


SPOILT: list[tuple[str, Callable[[Members], object], str]] = [
    ("bytes", lambda m: m.update({"histories/2.json": m["histories/2.json"] + b" "}), "history_changed"),
    ("gone", lambda m: m.pop("histories/2.json"), "history_absent"),
    ("no ledger", lambda m: m.pop(LEDGER), "history_absent"),
    ("no index", lambda m: m.pop(INDEX), "history_absent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "kind"), [each[1:] for each in SPOILT], ids=[e[0] for e in SPOILT]
)
def test_what_is_missing_or_has_another_hash_is_named(
    members: Members, spoil: Callable[[Members], object], kind: str
) -> None:
    spoil(members)
    assert kind in named(prove(members))
