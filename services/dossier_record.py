"""The record of an incident as a dossier takes it: its entries, its heads, the company's log.

What belongs here: pinning one moment, and one pass over the entries that finds what they name. What
never does: who may take it away (services/dossier.py), or a file that entries name
(services/dossier_papers.py).

Entries are read anew each time they are gone through, some hundreds at once: a record of a hundred
thousand entries never stands in memory.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from sqlalchemy.engine import Engine

from activities.heads import KEY_USED
from domain.canonical import canonical
from domain.checkpoint import read_checkpoint, read_note
from domain.dossier import ENTRIES_AFTER, ENTRIES_BEFORE, ENTRIES_BETWEEN, entry_literal
from domain.dossier import HEADS_AT_MOST as HEADS_TOLD
from domain.dossier_said import TURNS_AT_MOST
from domain.tree import Frontier, Tree, leaf_hash
from domain.values import PrivateText
from domain.wire import instant_text
from services.house import House
from services.ledgers import private_in
from storage import company_tree, heads, incidents, stamps, streams, told_heads
from storage.engine import one_moment
from storage.heads import SignedHead
from storage.stamps import KeptStamp
from storage.told_heads import ToldLine

AT_ONCE: Final = 500
"""Entries read in one go."""

PAPERS: Final = frozenset(
    {
        "StatementDrafted",
        "StatementHandedOver",
        "StatementPublished",
        "DutyFiled",
        "ReceiptAttached",
        "AuthorityAnswered",
    }
)
"""Types of entries that tell of texts which left the house."""

_HASHES: Final = re.compile(rb'"([0-9a-f]{64})"')
_WORDS: Final = re.compile(rb'"((?:[^"\\]++|\\.)*+)"')
"""Every string of an entry, whole: a sign that is written out must not let the next one be missed.
"""


@dataclass(frozen=True, slots=True)
class Entries:
    """An incident's entries up to a number, as the bytes they are."""

    engine: Engine
    stream: str
    size: int

    def __len__(self) -> int:
        """Give how many there are."""
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        """Read them in order."""
        for first in range(1, self.size + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, self.size)
            yield from streams.read_contents(self.engine, self.stream, first, last)


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What stood at one moment: the incident's row, its heads, what the company's log tells."""

    house: House
    row: incidents.IncidentRow
    heads: list[SignedHead]
    log: SignedHead | None
    lines: list[ToldLine]
    turns: list[str] = field(default_factory=list)
    """Heads of the log, before its newest, that a key signed together with the one before it."""
    stamps: list[KeptStamp] = field(default_factory=list)
    """Of each authority the first stamp that covers each head, and no other."""

    @property
    def announced(self) -> list[str]:
        """Give the keys that the log announces under its newest head, as words, the oldest first.

        A newer one may have signed already: nobody can see that it is the company's before the
        log's next head.
        """
        reach = self.log.size if self.log is not None else 0
        used = [line for line in self.lines if not line.size and line.seq <= reach]
        return [str(json.loads(line.content)["body"]["key"]) for line in used]

    @property
    def entries(self) -> Entries:
        """Give the entries."""
        return Entries(self.house.engine, self.row.id, self.row.size)

    @property
    def signed(self) -> int:
        """Give how many entries the newest signed head covers; 0 where none is signed."""
        return self.heads[-1].size if self.heads else 0

    @cached_property
    def leaves(self) -> list[bytes]:
        """Give the leaf hashes of the company's log under its newest signed head."""
        if self.log is None:
            return []
        return company_tree.leaves(self.house.engine, self.log.size)

    def heads_told(self) -> Iterator[tuple[SignedHead, int]]:
        """Give every head with the number of the line that tells of it; 0 where none does."""
        told = {line.size: line.seq for line in self.lines if line.size}
        for head in self.heads:
            yield head, told.get(head.size, 0)

    def heads_lines(self) -> Iterator[bytes]:
        """Give heads.jsonl line by line."""
        for head, seq in self.heads_told():
            signed_at = instant_text(head.signed_at)
            document = {"note": head.note, "signed_at": signed_at, "log_seq": seq}
            yield canonical(document) + b"\n"

    def log_document(self) -> bytes:
        """Give log.json: the newest head of the company's log, and its lines about this record."""
        if self.log is None:
            return canonical({"head": "", "lines": []})
        size, tree = self.log.size, Tree(self.leaves)
        heads_told = [line for line in self.lines if line.size and line.seq <= size]
        others = [line for line in self.lines if not line.size and line.seq <= size]
        chosen = sorted([*heads_told[-HEADS_TOLD:], *others], key=lambda line: line.seq)
        lines = [
            {
                "seq": line.seq,
                "line": line.content.decode(),
                "path": [one.hex() for one in tree.inclusion_proof(line.seq - 1, size)],
            }
            for line in chosen
            if line.seq <= tree.size
        ]
        turns = {"turns": self.turns} if self.turns else {}
        return canonical({"head": self.log.note, "lines": lines, **turns})


def pin(house: House, incident: str) -> Pinned:
    """Read at one moment what the members of a dossier must agree on. Raises NotFound."""
    with one_moment(house.engine):
        row = incidents.incident(house.engine, incident)
        log = heads.newest(house.engine, heads.LOG)
        reach = log.size if log is not None else 0
        lines = told_heads.told_lines(house.engine, incident, [KEY_USED])
        pinned = Pinned(
            house=house,
            row=row,
            heads=heads.every(house.engine, incident),
            log=log,
            lines=lines,
            turns=_turns(house.engine, lines, reach),
            stamps=stamps.covering(house.engine, [one.seq for one in lines if one.size], reach),
        )
    if pinned.log is None:
        return pinned
    # Heads of a key that the log does not announce yet would be nobody's to a reader.
    known = {*pinned.announced, pinned.log.key}
    return replace(pinned, heads=[head for head in pinned.heads if head.key in known])


def _turns(engine: Engine, lines: list[ToldLine], reach: int) -> list[str]:
    """Give the first head of the log under each key that came: two signed it, one after another."""
    first = (heads.first_with(engine, heads.LOG, one.seq) for one in lines if not one.size)
    by_size = {head.size: head.note for head in first if head is not None and head.size < reach}
    turns = [by_size[size] for size in sorted(by_size) if _is_by_two(by_size[size])]
    return turns[-TURNS_AT_MOST:]


def _is_by_two(note: str) -> bool:
    return len(read_note(note).signatures) > 1


def log_root(pinned: Pinned) -> str:
    """Give the root that the newest head of the company's log tells; "" where there is none."""
    if pinned.log is None:
        return ""
    return read_checkpoint(read_note(pinned.log.note).text).root.hex()


@dataclass(kw_only=True)
class Found:
    """What one pass over the entries found; `named` is by what an entry says, its first number.

    `people` are those named, with the roles they acted in, `things` the ids of products, channels
    and consignees; `papers` are entries about texts that left the house: number, type, bytes.
    """

    size: int = 0
    root: str = ""
    plans: dict[str, None] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    things: set[str] = field(default_factory=set)
    texts: list[PrivateText] = field(default_factory=list)
    papers: list[tuple[int, str, bytes]] = field(default_factory=list)


def look_through(
    pinned: Pinned, people: frozenset[str], things: frozenset[str] = frozenset()
) -> Found:
    """Go through the entries once; `people` and `things` are ids that may be named in them."""
    found, frontier = Found(), Frontier()
    known = {one.encode() for one in people | things}
    named: set[bytes] = set()
    for seq, content in enumerate(pinned.entries, 1):
        frontier = frontier.append(leaf_hash(content))
        for word in _HASHES.findall(content):
            found.named.setdefault(word.decode(), seq)
        named |= known.intersection(_WORDS.findall(content))
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            _look_at(found, seq, content, json.loads(content))
    found.size, found.root = frontier.size, frontier.root().hex()
    for one in sorted(each.decode() for each in named):
        if one in people:
            found.people.setdefault(one, set())
        if one in things:
            found.things.add(one)
    found.plans.setdefault(pinned.row.rules_hash)
    return found


def _look_at(found: Found, seq: int, content: bytes, document: Any) -> None:
    found.plans.setdefault(document["plan"])
    actor = document["actor"]
    found.people.setdefault(actor["id"], set()).update(actor["roles"])
    if actor["on_behalf_of"]:
        found.people.setdefault(actor["on_behalf_of"], set()).update(actor["roles"])
    if b'"commitment"' in content:
        found.texts += private_in(document["body"])
    if document["type"] in PAPERS:
        found.papers.append((seq, document["type"], content))


def ledger_lines(entries: Entries) -> Iterator[bytes]:
    """Give ledger.jsonl: each entry's bytes, one a line."""
    for content in entries:
        yield content + b"\n"


def entries_script(entries: Entries) -> Iterator[bytes]:
    """Give viewer/entries.js, which is made of ledger.jsonl alone."""
    before = ENTRIES_BEFORE
    for content in entries:
        yield (before + entry_literal(content)).encode()
        before = ENTRIES_BETWEEN
    yield ((ENTRIES_BEFORE if before == ENTRIES_BEFORE else "") + ENTRIES_AFTER).encode()
