"""The entry: what the ledger keeps for ever, as the bytes it was first written in.

What belongs here: the fields of an entry, its canonical bytes, reading it back, folding entries.
What never does: storing, signing, or any clock. The tree over entries is domain/tree.py; the
canonical form is domain/canonical.py (RFC 8785 for the values that may occur).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from domain.canonical import canonical
from domain.errors import Malformed, NotWhole
from domain.message import event_from_wire, event_spec, to_wire
from domain.people import Actor, Role
from domain.state import Mark
from domain.values import Json
from domain.wire import instant_text, read_instant

ENTRY_VERSION = 1
BACKFILLED_AFTER = timedelta(minutes=15)
"""An entry told more than this after it happened is marked backfilled (reference table 5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One leaf of the tree: number, who, when it happened, was decided and recorded, and what."""

    incident: str
    seq: int
    command_id: str
    actor: Actor
    happened_at: datetime
    at: datetime
    recorded_at: datetime
    plan: str
    build: str
    event: Any
    refers_to: tuple[int, ...] = ()

    def document(self) -> Json:
        """Give the entry as plain JSON values: the fields of DESIGN, "The entry"."""
        spec = event_spec(self.event)
        wire = to_wire(self.event)
        document: Json = {
            "v": ENTRY_VERSION,
            "incident": self.incident,
            "seq": self.seq,
            "command_id": self.command_id,
            "actor": {
                "id": self.actor.id,
                "roles": [str(role) for role in self.actor.roles],
                "on_behalf_of": self.actor.on_behalf_of,
                "method": self.actor.method,
            },
            "stage": str(spec.stage),
            "type": spec.name,
            "type_version": spec.version,
            "happened_at": instant_text(self.happened_at),
            "at": instant_text(self.at),
            "recorded_at": instant_text(self.recorded_at),
            "plan": self.plan,
            "build": self.build,
            "access": str(spec.access),
            "refers_to": sorted(self.refers_to),
            "body": wire["body"],
        }
        if self.backfilled:
            document["backfilled"] = True
        signature = signature_of(self.event)
        if signature is not None:
            document["signature"] = signature
        return document

    @property
    def backfilled(self) -> bool:
        """Say whether the entry was told late."""
        return self.at - self.happened_at > BACKFILLED_AFTER

    def leaf(self) -> bytes:
        """Give the canonical bytes that are stored and hashed."""
        return canonical(self.document())

    def mark(self) -> Mark:
        """Give what `evolve` may know of the entry."""
        return Mark(
            seq=self.seq,
            at=self.at,
            happened_at=self.happened_at,
            actor=self.actor.on_behalf_of or self.actor.id,
            roles=self.actor.roles,
            command_id=self.command_id,
        )


def signature_of(happened: Any) -> Json | None:
    """Give `{meaning, hash}` when the event carries a signed hash (a statement, a filing)."""
    meaning = getattr(happened, "signed_meaning", None)
    if not meaning:
        return None
    return {"meaning": meaning, "hash": getattr(happened, "signed_hash", "")}


def read_numbered(stream: str, seq: int, leaf: bytes) -> Entry:
    """Read the entry that stands under a number; raises NotWhole when the bytes are none."""
    try:
        return read_entry(leaf)
    except Malformed as error:
        raise NotWhole.at(stream, seq) from error


def read_entry(leaf: bytes) -> Entry:
    """Read an entry back from its bytes; raises Malformed when they are none."""
    try:
        document = json.loads(leaf.decode())
        actor = document["actor"]
        return Entry(
            incident=document["incident"],
            seq=document["seq"],
            command_id=document["command_id"],
            actor=_actor(
                actor["id"], tuple(actor["roles"]), actor["on_behalf_of"], actor["method"]
            ),
            happened_at=read_instant(document["happened_at"]),
            at=read_instant(document["at"]),
            recorded_at=read_instant(document["recorded_at"]),
            plan=document["plan"],
            build=document["build"],
            event=event_from_wire(
                {
                    "type": document["type"],
                    "v": document["type_version"],
                    "body": document["body"],
                }
            ),
            refers_to=tuple(document["refers_to"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(
            f"These bytes are no ledger entry: {error!r:.120}", "Verify the ledger."
        ) from error


@lru_cache(maxsize=4096)
def _actor(name: str, roles: tuple[str, ...], on_behalf_of: str | None, method: str) -> Actor:
    """Give an actor as an entry names it; the same few people act again and again."""
    named = tuple(Role(role) for role in roles)
    return Actor(id=name, roles=named, on_behalf_of=on_behalf_of, method=method)
