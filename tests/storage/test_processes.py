"""Several processes at one database: nothing is lost, doubled or torn, whoever is killed when."""

import json
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.bulk import TraceEvent, append_events, count_events
from storage.database import Database
from storage.incidents import load_state
from storage.ledger import record
from storage.streams import head, known_command, read_entries
from tests.storage.streams import NOON, entry, fold, new_incident, outcome, root_over
from tests.storage.writers import append_many, append_until_killed, die_before_commit

APART = multiprocessing.get_context("forkserver")
"""Processes that share nothing with the test but the database, and start at once."""
APART.set_forkserver_preload(["tests.storage.writers"])


@contextmanager
def running(target: Any, *arguments: Any) -> Iterator[tuple[BaseProcess, Pipe]]:
    """Run a writer in a process of its own; whatever happens, it is gone at the end."""
    receiver, sender = APART.Pipe(duplex=False)
    process = APART.Process(target=target, args=(*arguments, sender))
    process.start()
    sender.close()
    try:
        yield process, receiver
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()


def assert_whole(engine: Engine, stream: str) -> int:
    """Check that entries, tree, state and outcomes say the same, and give the number of entries."""
    there, stored = head(engine, stream), read_entries(engine, stream)
    assert [each.seq for each in stored] == list(range(1, there.size + 1))
    assert there.root == root_over(stored)
    state = load_state(engine, stream)
    if not stored:
        assert state is None
        return 0
    assert state is not None
    assert state.state == fold(None, "r1", stored).state
    return there.size


def test_three_processes_append_to_one_stream_without_gap_or_loss(
    database: Database, database_url: str
) -> None:
    stream = new_incident(database.ledger)
    each = 15
    with (
        running(append_many, database_url, stream, "a", each) as (_, first),
        running(append_many, database_url, stream, "b", each) as (_, second),
        running(append_many, database_url, stream, "c", each) as (_, third),
    ):
        told = dict(pipe.recv() for pipe in (first, second, third))
    assert set(told) == {"a", "b", "c"}
    assert assert_whole(database.ledger, stream) == 3 * each
    said = [entry_said(row.content) for row in read_entries(database.ledger, stream)]
    for name in told:
        assert [text for text in said if text.startswith(name)] == [
            f"{name} {turn}" for turn in range(each)
        ]


def entry_said(content: bytes) -> str:
    """Give what an entry of the tests says."""
    return str(json.loads(content)["body"]["text"])


def test_killed_before_the_commit_nothing_happened(database: Database, database_url: str) -> None:
    engine = database.ledger
    stream = new_incident(engine)
    record(engine, stream, 1, [entry(stream, 1)], [outcome(1)], fold)
    process = APART.Process(target=die_before_commit, args=(database_url, stream, 2))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()
    assert assert_whole(engine, stream) == 1
    assert known_command(engine, stream, "c2") is None
    # The next one goes on where the ledger ends, at once: the dead one holds no lock.
    record(engine, stream, 2, [entry(stream, 2, said="after")], [outcome(2)], fold)
    assert assert_whole(engine, stream) == 2


@pytest.mark.parametrize("wait_ms", [3, 11, 29], ids="after {} ms".format)
def test_killed_at_any_moment_every_batch_is_there_whole_or_not_at_all(
    database: Database, database_url: str, wait_ms: int
) -> None:
    engine, batch = database.ledger, 4
    stream = new_incident(engine)
    with running(append_until_killed, database_url, stream, batch) as (process, told):
        confirmed = told.recv()
        time.sleep(wait_ms / 1000)
        process.kill()
        process.join()
        while told.poll():
            try:
                confirmed = told.recv()
            except EOFError:
                break
    size = assert_whole(engine, stream)
    assert size >= confirmed
    assert size % batch == 0
    assert known_command(engine, stream, f"c{size}") == outcome(size)
    assert known_command(engine, stream, f"c{size + 1}") is None


def test_recording_goes_on_beside_a_bulk_writer(database: Database) -> None:
    engine, stream = database.ledger, new_incident(database.ledger)
    stop = threading.Event()

    def events() -> Iterator[TraceEvent]:
        number = 0
        while not stop.is_set():
            number += 1
            yield TraceEvent(
                event_id=f"e{number}", kind="object", happened_at=NOON, body={"lot": number % 7}
            )

    writer = threading.Thread(target=append_events, args=(database.bulk, events()))
    writer.start()
    waits: list[float] = []
    try:
        while count_events(database.bulk) == 0:
            time.sleep(0.01)
        for seq in range(1, 41):
            began = time.perf_counter()
            record(engine, stream, seq, [entry(stream, seq)], [outcome(seq)], fold)
            waits.append(time.perf_counter() - began)
    finally:
        stop.set()
        writer.join()
    assert assert_whole(engine, stream) == 40
    assert count_events(database.bulk) >= 500
    # In one file and without pauses it was 6.5 s; the bound leaves room for a busy machine.
    assert max(waits) < 4
