"""The ledger as people and programs read it: pages of entries, bytes, roots, a stage after an act.

What belongs here: visibility applied to reading entries. What never does: recording, or rendering.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.people import Actor
from domain.tree import Tree
from domain.values import PrivateText
from services.house import House
from services.reading import visible
from storage import incidents, streams

BYTES_AT_ONCE = 500
"""Entries read in one go when a whole ledger is streamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """Entries of one page as documents; `next_after` is None on the last one.

    `texts` are the private texts that stand in them.
    """

    size: int
    root: str
    entries: list[dict[str, Any]]
    next_after: int | None
    texts: list[PrivateText]


def page(house: House, actor: Actor, incident_id: str, *, after: int, limit: int) -> LedgerPage:
    """Give the entries after a number. Raises NotFound."""
    visible(house, actor, incident_id)
    return page_of(house, incident_id, after=after, limit=limit)


def page_of(house: House, stream: str, *, after: int, limit: int) -> LedgerPage:
    """Give the entries of a stream after a number; the caller knows that they may be seen."""
    head = streams.head(house.engine, stream)
    last = min(after + limit, head.size)
    found = streams.read_entries(house.engine, stream, after + 1, last)
    entries = [json.loads(row.content) for row in found]
    return LedgerPage(
        size=head.size,
        root=head.root,
        entries=entries,
        next_after=last if last < head.size else None,
        texts=list(private_in(entries)),
    )


def private_in(plain: Any) -> Iterator[PrivateText]:
    """Find the private texts in plain JSON: they stand there as reference and commitment."""
    waiting = [plain]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if {"ref", "commitment", "subject"} <= part.keys():
                yield PrivateText(part["ref"], part["commitment"], part["subject"])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def stored_bytes(house: House, actor: Actor, incident_id: str, after: int) -> Iterator[bytes]:
    """Give the entries after a number as the bytes they are, one a line. Raises NotFound."""
    visible(house, actor, incident_id)
    return bytes_of(house, incident_id, after)


def bytes_of(house: House, stream: str, after: int) -> Iterator[bytes]:
    """Give a stream's entries as bytes; the caller knows that they may be seen."""
    while True:
        found = streams.read_entries(house.engine, stream, after + 1, after + BYTES_AT_ONCE)
        if not found:
            return
        yield b"".join(row.content + b"\n" for row in found)
        after = found[-1].seq


def root_at(house: House, incident_id: str, size: int) -> str:
    """Give the root of the tree over the first entries (hexadecimal)."""
    return Tree(streams.leaves(house.engine, incident_id, size)).root().hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNow:
    """One stage of the recorded state as plain JSON, and the acts that wait for signatures."""

    stage: dict[str, Any]
    pending: dict[str, Any]
    version: int


def stage_now(house: House, incident_id: str, stage: str) -> StageNow:
    """Give a stage as recorded, without reading the whole incident into values."""
    stored = incidents.load_state(house.engine, incident_id)
    if stored is None:
        return StageNow(stage={}, pending={}, version=0)
    document = json.loads(stored.state)
    return StageNow(stage=document[stage], pending=document["pending"], version=stored.version)
