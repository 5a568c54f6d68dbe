"""Streams to record into: an invented incident, entries of the real form, a fold that can be checked."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Engine

from domain.canonical import canonical, sha256_hex
from domain.tree import Tree, leaf_hash
from domain.wire import instant_text
from storage.incidents import Reservation, reserve_number
from storage.ledger import Projection
from storage.streams import EntryRow, Outcome, entry_row

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def new_incident(engine: Engine, key: str = "report-1") -> str:
    """Reserve the next number and give it."""
    return reserve_number(engine, 2026, reservation(key)).id


def reservation(key: str, *, digest: str = "d", drill: str = "") -> Reservation:
    """Make a reservation of command `key`."""
    return Reservation(
        command_id=key,
        digest=digest,
        created_at=NOON,
        reported_by="li",
        title="Rash after cream",
        rules_hash="r1",
        drill=drill,
    )


def entry(stream: str, seq: int, *, said: str = "", minutes: int | None = None) -> EntryRow:
    """Make entry `seq`, decided `seq` minutes past noon, which says something of its own."""
    at = NOON + timedelta(minutes=seq if minutes is None else minutes)
    return entry_row(entry_bytes(stream, seq, at, said))


def entry_bytes(stream: str, seq: int, at: datetime, said: str = "") -> bytes:
    """Write an entry as DESIGN, "The entry", has it."""
    return canonical(
        {
            "v": 1,
            "incident": stream,
            "seq": seq,
            "command_id": f"c{seq}",
            "actor": {"id": "li", "roles": ["quality"], "on_behalf_of": None, "method": "password"},
            "stage": "investigation",
            "type": "FindingLogged",
            "type_version": 1,
            "happened_at": instant_text(at),
            "at": instant_text(at),
            "recorded_at": instant_text(at),
            "plan": "r1",
            "build": "b1",
            "access": "open",
            "refers_to": [],
            "body": {"text": said or f"第 {seq} 项发现"},
        }
    )


def entries(stream: str, first: int, last: int) -> list[EntryRow]:
    """Make entries `first` to `last`."""
    return [entry(stream, seq) for seq in range(first, last + 1)]


def outcome(seq: int, *, digest: str = "d") -> Outcome:
    """Make the outcome of the command that led to entry `seq`."""
    return Outcome(
        command_id=f"c{seq}",
        digest=digest,
        first_seq=seq,
        last_seq=seq,
        outcome=f'{{"entry":{seq}}}',
    )


def fold(state: str | None, rules_hash: str, batch: Sequence[EntryRow]) -> Projection:
    """Fold as the domain would: from the state before and the batch alone, in order."""
    folded: dict[str, Any] = json.loads(state or '{"count": 0, "chain": ""}')
    for each in batch:
        folded["count"] += 1
        folded["chain"] = sha256_hex(f"{folded['chain']}{each.content.hex()}".encode())
    return Projection(
        state=json.dumps(folded, sort_keys=True),
        columns={"grade": "serious", "next_due_at": batch[-1].at + timedelta(hours=1)},
    )


def root_over(batch: Sequence[EntryRow]) -> str:
    """Give the root over entries by the other implementation of the tree."""
    return Tree(leaf_hash(each.content) for each in batch).root().hex()
