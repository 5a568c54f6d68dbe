"""What a stranger gives to be proved comes to a named fault in time, and harms nothing."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.canonical import sha256_hex
from services import history_proving
from services.history_bundle import INDEX, LEDGER, MOST_EVENTS, RULES
from services.history_proving import Proof, prove
from services.proof_words import SENTENCES
from tests import figures
from tests.replay.bundles import Members, members_of, rows_of
from tests.replay.corpus import goldens

WITHIN_S = 60.0
STREAM = "INC-2026-0001"
STARTED = "workflowExecutionStartedEventAttributes"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def members() -> Members:
    """Give a small recorded incident."""
    golden = next(each for each in goldens() if each.folder.name == "edges")
    return members_of(golden, STREAM)


def put(members: Members, content: bytes, events: int, **more: Any) -> Members:
    """Put bytes in the place of the first history, with an index that agrees."""
    rows = rows_of(members)
    rows[0].update({"sha256": sha256_hex(content), "events": events, **more})
    members["histories/1.json"] = content
    members[INDEX] = json.dumps(rows).encode()
    return members


def document(members: Members) -> dict[str, Any]:
    """Read the first history."""
    told: dict[str, Any] = json.loads(members["histories/1.json"])
    return told


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Members], Members]:
    """Change the first history; the index agrees."""

    def spoil(members: Members) -> Members:
        told = document(members)
        change(told)
        return put(members, json.dumps(told).encode(), len(told["events"]))

    return spoil


def many_events(members: Members) -> Members:
    """A million events."""
    told = document(members)
    events = b",".join([b'{"eventId":"1"}'] * 1_000_000)
    head = {name: told[name] for name in ("workflow", "run", "type")}
    content = json.dumps(head).encode()[:-1] + b',"events":[' + events + b"]}"
    return put(members, content, 1_000_000)


def many_lists(members: Members) -> Members:
    """Thirty million empty lists: few bytes, much memory."""
    return put(members, b"[" + b"[]," * 30_000_000 + b"[]]", 1)


def deep(members: Members) -> Members:
    """Lists in lists, a hundred thousand deep."""
    return put(members, b"[" * 100_000 + b"]" * 100_000, 1)


def deep_in_an_act(told: dict[str, Any]) -> None:
    """Objects in objects, as deep as the reader of JSON just allows."""
    inner: Any = "x"
    for _ in range(700):
        inner = {"a": inner}
    _input(told)[0]["$json"]["envelope"]["command"]["body"]["words"] = inner


def _input(told: dict[str, Any]) -> list[dict[str, Any]]:
    payloads: list[dict[str, Any]] = told["events"][0][STARTED]["input"]["payloads"]
    return payloads


def _event(told: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(event for event in told["events"] if name in event)[name]
    return found


def other_type(members: Members) -> Members:
    """A type of workflow that nobody knows."""
    told = document(members)
    told["type"] = told["events"][0][STARTED]["workflowType"]["name"] = "Rm -rf"
    return put(members, json.dumps(told).encode(), len(told["events"]), type="Rm -rf")


def mistaken_type(members: Members) -> Members:
    """A type that there is, for a history of another."""
    told = document(members)
    told["type"] = told["events"][0][STARTED]["workflowType"]["name"] = "Halt"
    return put(members, json.dumps(told).encode(), len(told["events"]), type="Halt")


def twice(members: Members) -> Members:
    """The same history twenty thousand times."""
    rows = rows_of(members)
    members[INDEX] = json.dumps(rows[:1] * 20_000).encode()
    return members


def long_ledger(members: Members) -> Members:
    """A ledger of half a million lines that are no entries, after a first one that is."""
    first = members[LEDGER].splitlines()[0]
    members[LEDGER] = first + b"\n" + b"{}\n" * 500_000
    return members


def deep_entry(members: Members) -> Members:
    """An entry as deep as Python cannot go."""
    first, *others = members[LEDGER].splitlines()
    members[LEDGER] = b"\n".join([first, b"[" * 50_000, *others[1:]]) + b"\n"
    return members


def foreign_rules(members: Members) -> Members:
    """Rules under the right name that are no rules: they have another hash."""
    for name in [name for name in members if name.startswith(RULES)]:
        members[name] = b"{}"
    return members


FOREIGN = {"metadata": {"encoding": "YmluYXJ5L2Zvcm1pZGFibGU="}, "data": "AAAA"}
CLEAR = {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "e30="}

HOSTILE: dict[str, tuple[Callable[[Members], Members], set[str]]] = {
    "no JSON": (lambda m: put(m, b"\x00\xff{", 1), {"history_unreadable"}),
    "no object": (lambda m: put(m, b"17", 1), {"history_unreadable"}),
    "a number of a million digits": (lambda m: put(m, b"1" * 10**6, 1), {"history_unreadable"}),
    "no events": (changed(lambda told: told["events"].clear()), {"history_unreadable"}),
    "events that are none": (
        changed(lambda told: told.update(events=[{}] * 40)),
        {"history_unreadable"},
    ),
    "an unknown field": (
        changed(lambda told: told["events"][1].update(surprise=1)),
        {"history_unreadable"},
    ),
    "an unknown kind of event": (
        changed(lambda told: told["events"][1].update(eventType="EVENT_TYPE_MISCHIEF")),
        {"history_unreadable"},
    ),
    "a time that is none": (
        changed(lambda told: told["events"][1].update(eventTime="tomorrow")),
        {"history_unreadable"},
    ),
    "bytes that are none": (
        changed(lambda told: _input(told).__setitem__(0, {"data": "%%%"})),
        {"history_unreadable"},
    ),
    "a million events": (many_events, {"history_too_large"}),
    "thirty million lists": (many_lists, {"history_unreadable", "limit"}),
    "lists in lists": (deep, {"history_unreadable"}),
    "objects in objects": (
        changed(deep_in_an_act),
        {"history_unreadable", "history_fails", "no_state", "entry_differs", "nondeterministic"},
    ),
    "an unknown workflow": (other_type, {"history_type"}),
    "another workflow": (mistaken_type, {"history_fails", "nondeterministic", "run_missing"}),
    "an unknown encoding": (
        changed(lambda told: _input(told).__setitem__(0, FOREIGN)),
        {"history_fails", "no_state"},
    ),
    "an act in the clear": (
        changed(lambda told: _input(told).__setitem__(0, CLEAR)),
        {"history_fails", "no_state"},
    ),
    "a message of another workflow": (
        changed(lambda told: _input(told)[0].update({"$sealed": "INC-2026-0009/1"})),
        {"history_fails", "no_state"},
    ),
    "only a start": (
        changed(lambda told: told.update(events=told["events"][:1])),
        {"run_missing"},
    ),
    "a start that nobody took up": (
        changed(lambda told: told.update(events=told["events"][:2])),
        {"run_missing"},
    ),
    "no start": (
        changed(lambda told: told.update(events=told["events"][1:])),
        {"history_unreadable"},
    ),
    "events backwards": (
        changed(lambda told: told["events"].__setitem__(slice(1, None), told["events"][:0:-1])),
        {"history_order"},
    ),
    "all events of one number": (
        changed(lambda told: [event.update(eventId="1") for event in told["events"]]),
        {"history_order"},
    ),
    "one history for ever": (twice, {"history_index"}),
    "a ledger without end": (long_ledger, {"ledger_unreadable", "entry_differs"}),
    "an entry without end": (deep_entry, {"ledger_unreadable", "entry_differs"}),
    "rules that are none": (foreign_rules, {"rules_unreadable"}),
    "no ledger": (lambda m: {**m, LEDGER: b""}, {"ledger_unreadable"}),
    "an index that is none": (lambda m: {**m, INDEX: b'[{"name": 1}]'}, {"history_unreadable"}),
    "an index of other types": (
        lambda m: {**m, INDEX: json.dumps([{**rows_of(m)[0], "events": "9"}]).encode()},
        {"history_unreadable"},
    ),
}


QUICK = (
    "no JSON",
    "a million events",
    "lists in lists",
    "another workflow",
    "an unknown encoding",
    "a message of another workflow",
    "one history for ever",
    "an entry without end",
)
"""Those that every run of the tests takes; the others `make prove` (each begins a process)."""


@pytest.mark.parametrize(
    "case", HOSTILE if figures.FULL else QUICK, ids=lambda case: case.replace(" ", "-")
)
def test_it_comes_to_a_named_fault_in_time(members: Members, case: str) -> None:
    spoil, kinds = HOSTILE[case]
    spoilt = spoil(members)
    began = time.monotonic()
    proof = prove(spoilt, within_s=WITHIN_S)
    assert time.monotonic() - began < WITHIN_S + 10
    found = {fault.kind for fault in proof.faults}
    assert found & kinds, proof.faults
    assert found <= SENTENCES.keys()
    assert not proof.holds


def test_one_bad_history_leaves_the_others_proved(members: Members) -> None:
    spoilt = put(members, b"{", 1)
    proof: Proof = prove(spoilt)
    performers = [run for run in proof.runs if not run.decides]
    assert performers
    assert all(run.tasks and not run.faults for run in performers)


def test_when_the_time_is_over_everything_of_it_is_gone(members: Members) -> None:
    began = time.monotonic()
    proof = prove(members, within_s=0.3)
    assert time.monotonic() - began < 10
    assert [fault.kind for fault in proof.faults] == ["limit"]
    assert "0.3 s" in proof.faults[0].what
    assert not _children()


def _children() -> list[str]:
    """Name the processes of ours that still prove."""
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in listed.stdout.splitlines() if history_proving.__name__ in line]


TRIES = {
    "the network": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "another process": "import subprocess; subprocess.run(['true'])",
    "a shell": "import os; os.system('true')",
    "a file": "open('/tmp/andon-proof-wrote', 'w')",
    "memory without end": "x = b'x' * (64 * 1024**3)",
}


@pytest.mark.parametrize("code", TRIES.values(), ids=[name.replace(" ", "-") for name in TRIES])
def test_the_process_may_not_do_what_a_proof_does_not_need(code: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"from services.history_proving import limit; limit(5)\n{code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "PermissionError" in told.stderr or "MemoryError" in told.stderr


def test_the_limit_of_events_is_above_the_servers() -> None:
    assert MOST_EVENTS > 51_200
