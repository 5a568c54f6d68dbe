"""What several want to write at the same moment stands once in the company's log."""

import multiprocessing
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier

import pytest
from sqlalchemy.engine import Engine

from storage import company
from storage.database import open_database
from storage.erasing import Guard, LogLineToCome, erase_all, erase_groups, with_key
from storage.ledger import record
from storage.vault import keep_key
from tests.storage.streams import NOON, entry, fold, new_incident
from tests.storage.writers import announce_once

APART = multiprocessing.get_context("forkserver")
NAMES = [f"key {number}" for number in range(12)]
PATIENCE_S = 0.4


def test_processes_that_start_at_once_write_each_line_once(
    engine: Engine, database_url: str
) -> None:
    pipes, started = [], []
    for _ in range(3):
        ours, theirs = APART.Pipe()
        process = APART.Process(target=announce_once, args=(database_url, NAMES, theirs))
        process.start()
        pipes.append(ours)
        started.append(process)
    assert [one.recv() for one in pipes] == ["open"] * 3
    for one in pipes:
        one.send("go")
    written = [one.recv() for one in pipes]
    for process in started:
        process.join()
        process.close()
    lines = company.lines_of(engine, ["Announced"])
    assert sorted(line.body["name"] for line in lines) == sorted(NAMES)
    assert sum(written) == len(NAMES)


def test_of_two_who_change_a_fact_one_does_with_its_line(engine: Engine, database_url: str) -> None:
    barrier = Barrier(2)

    def change(value: str) -> bool:
        mine = open_database(database_url)
        barrier.wait()
        done = company.change_fact(mine.ledger, "f", (None, value), NOON, "Set", {"to": value})
        mine.close()
        return done

    with ThreadPoolExecutor(2) as threads:
        done = dict(zip("ab", threads.map(change, "ab"), strict=True))
    [first] = [value for value, is_done in done.items() if is_done]
    assert company.fact(engine, "f") == first
    assert [line.body["to"] for line in company.lines_of(engine, ["Set"])] == [first]
    assert not company.change_fact(engine, "f", (None, "c"), NOON, "Set", {})
    assert company.change_fact(engine, "f", (first, "c"), NOON, "Set", {"to": "c"})


def test_of_two_who_erase_again_each_tells_of_its_own_keys(
    engine: Engine, database_url: str
) -> None:
    names = [f"s{number:03}" for number in range(40)]
    for name in names:
        keep_key(engine, name, b"key", NOON)
    barrier = Barrier(2)

    def erase_them(_: int) -> list[str]:
        mine = open_database(database_url)
        barrier.wait()

        def line(gone: list[str]) -> LogLineToCome | None:
            return LogLineToCome(kind="ErasedAgain", body={"subjects": gone}) if gone else None

        groups = {(NOON, "objection"): names[:20], (NOON, "period_over"): names[20:]}
        gone = erase_groups(mine.ledger, groups, NOON, line)
        mine.close()
        return gone

    with ThreadPoolExecutor(2) as threads:
        gone = [one for part in threads.map(erase_them, range(2)) for one in part]
    assert sorted(gone) == names
    told = [line.body["subjects"] for line in company.lines_of(engine, ["ErasedAgain"])]
    assert told == [names]


def test_while_keys_go_nobody_records_a_hold(engine: Engine, database_url: str) -> None:
    """Neither in a stream that is held still nor in the company's log: both wait for the keys."""
    stream = new_incident(engine)
    keep_key(engine, "s1", b"key", NOON)
    other = open_database(database_url)
    waiting: list[Future[object]] = []

    with ThreadPoolExecutor(2) as threads:

        def check() -> None:
            mine = [entry(stream, 1)]
            waiting.append(threads.submit(record, other.ledger, stream, 1, mine, [], fold))
            waiting.append(threads.submit(company.log, other.ledger, NOON, "HoldPlaced", {}))
            assert not wait(waiting, timeout=PATIENCE_S).done

        line = LogLineToCome(kind="DataErased", body={})
        guard = Guard(check=check, streams=[stream])
        assert erase_all(engine, ["s1"], NOON, "objection", line, guard) == ["s1"]
        for one in waiting:
            one.result()
    other.close()
    lines = company.lines_of(engine, ["DataErased", "HoldPlaced"])
    assert [one.type for one in lines] == ["DataErased", "HoldPlaced"]


def test_what_a_guard_refuses_leaves_the_keys(engine: Engine) -> None:
    keep_key(engine, "s1", b"key", NOON)

    def check() -> None:
        raise LookupError("a hold stands")

    line = LogLineToCome(kind="DataErased", body={})
    with pytest.raises(LookupError):
        erase_all(engine, ["s1"], NOON, "objection", line, Guard(check=check))
    assert with_key(engine, ["s1"]) == ["s1"]
    assert company.lines_of(engine, ["DataErased"]) == []
