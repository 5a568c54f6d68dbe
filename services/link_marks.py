"""Marks that make an address one that nobody can guess: HMAC with the key of links, kept nowhere.

What belongs here: deriving a key for one kind of link, making a mark, comparing two. What never
does: which names stand in an address, or what it leads to (services/previews.py,
services/answer_links.py).
"""

import hmac
import json
from collections.abc import Iterator
from typing import Final

from integrations.key_ring import KeyRing, Purpose

MARK_HEX: Final = 32
"""Signs of a mark: 128 bits."""


def current_key(ring: KeyRing, kind: bytes) -> bytes:
    """Derive the key that makes links of a kind now: no other kind is ever signed with it."""
    return _derived(ring.current(Purpose.LINK).secret, kind)


def every_key(ring: KeyRing, kind: bytes) -> Iterator[bytes]:
    """Give every key that may have made a link of a kind: those before a rotation too."""
    return (_derived(key.secret, kind) for key in ring.all(Purpose.LINK))


def mark(key: bytes, *parts: str) -> str:
    """Mark some names."""
    return hmac.digest(key, json.dumps(parts).encode(), "sha256").hex()[:MARK_HEX]


def same(ours: str, theirs: str) -> bool:
    """Compare two marks in a time that tells nothing."""
    return hmac.compare_digest(ours.encode(), theirs.encode())


def _derived(secret: bytes, kind: bytes) -> bytes:
    return hmac.digest(secret, kind, "sha256")
