"""What the writer processes of the tests run: each opens the database for itself.

Started by `multiprocessing` from a clean process, so nothing is shared but the database.
"""

import os
import signal
from multiprocessing.connection import Connection as Pipe
from typing import Any

from sqlalchemy import event

from domain.errors import LedgerConflict, NotConfirmed
from storage import company
from storage.database import open_database
from storage.ledger import record
from storage.migrating import Branch, migrate
from storage.streams import head
from tests.storage.streams import NOON, entry, fold, outcome


def append_many(url: str, stream: str, name: str, count: int, results: Pipe) -> None:
    """Append `count` entries of its own, taking the next number again after each conflict."""
    database = open_database(url)
    conflicts = 0
    for turn in range(count):
        while True:
            seq = head(database.ledger, stream).size + 1
            mine = entry(stream, seq, said=f"{name} {turn}")
            try:
                record(database.ledger, stream, seq, [mine], [], fold)
            except LedgerConflict:
                conflicts += 1
            else:
                break
    database.close()
    results.send((name, conflicts))
    results.close()


def append_until_killed(url: str, stream: str, batch: int, results: Pipe) -> None:
    """Append batches with their outcomes for ever, and say so after each."""
    database = open_database(url)
    while True:
        first = head(database.ledger, stream).size + 1
        numbers = range(first, first + batch)
        record(
            database.ledger,
            stream,
            first,
            [entry(stream, seq) for seq in numbers],
            [outcome(seq) for seq in numbers],
            fold,
        )
        results.send(first + batch - 1)


def die_before_commit(url: str, stream: str, first: int) -> None:
    """Write a whole batch and be killed when all that lacks is the commit."""
    database = open_database(url)

    def die(connection: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.ledger, "commit", die)
    batch = [entry(stream, seq) for seq in range(first, first + 5)]
    record(database.ledger, stream, first, batch, [outcome(first)], fold)


def migrate_now(url: str, results: Pipe) -> None:
    """Bring a database up to date while others do the same."""
    database = open_database(url)
    try:
        migrate(database.ledger, Branch.LEDGER)
    except NotConfirmed as error:
        results.send(str(error))
    else:
        results.send("done")
    database.close()
    results.close()


def announce_once(url: str, names: list[str], results: Pipe) -> None:
    """Write a line for each name that no line tells of yet, as starts do; give how many it wrote."""
    database = open_database(url)
    results.send("open")
    results.recv()
    written = 0
    for name in names:

        def is_missing(name: str = name) -> bool:
            lines = company.lines_of(database.ledger, ["Announced"])
            return name not in [line.body["name"] for line in lines]

        if is_missing():
            told = {"name": name}
            line = company.log_if(database.ledger, NOON, "Announced", told, is_missing)
            written += line is not None
    database.close()
    results.send(written)
    results.close()
