"""What entries say must stand beside them in a dossier: what is out, what was sent, clear bytes.

What belongs here: reading that from one entry, as words that an index must have. What never does:
an index (services/dossier_inner.py), or what an entry means (domain/ledger.py).
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

STATEMENT: Final = "statement"
"""Stands first in what is due in statements.json; in all else the kind of a row of filings.json."""

REPORT, ANSWER, RECEIPT = "report", "answer", "receipt"

_OUT: Final = frozenset({"StatementHandedOver", "StatementPublished"})
_SENT: Final = {"DutyFiled": REPORT, "AuthorityAnswered": ANSWER}
_PROOFS: Final = {
    "DutyFiled": ("receipt_document", "receipt_sha256"),
    "ReceiptAttached": ("document", "content_sha256"),
}
_CLEAR: Final = (("document", "content_sha256"), ("receipt_document", "receipt_sha256"))
_HASH: Final = re.compile(r"[0-9a-f]{64}")

Due = tuple[str, ...]
"""(`statement`, which, version, SHA-256), or (kind, entry, SHA-256, address of a file or "")."""


def is_hash(word: object) -> bool:
    """Say whether a word is a SHA-256 in lower-case hexadecimal."""
    return isinstance(word, str) and _HASH.fullmatch(word) is not None


def as_due(*words: object) -> Due:
    """Give words as they are compared: what is none is "", none has more than 200 characters."""
    return tuple(str(word)[:200] if isinstance(word, str | int) else "" for word in words)


def due_of(number: int, kind: str, body: dict[str, Any]) -> Iterator[Due]:
    """Give the rows that an entry must have: by system or by hand, what is out was approved here.

    Source: services/dossier_papers.py makes them; a file may be closed, its row never is.
    """
    told = body.get
    if kind in _OUT:
        yield as_due(STATEMENT, told("statement"), told("version"), told("sha256"))
    if kind in _SENT:
        sent = told("content_sha256") or told("sha256")
        yield as_due(_SENT[kind], number, sent, told("document"))
    if kind in _PROOFS:
        document, content = (told(name) for name in _PROOFS[kind])
        words = receipt if isinstance(receipt := told("receipt"), str) else ""
        if document or words:
            hashed = content or document or sha256(words.encode(errors="replace")).hexdigest()
            yield as_due(RECEIPT, number, hashed, document)


def clear_of(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give (address, SHA-256 over the clear bytes) of files for which an entry says both."""
    for named, hashed in _CLEAR:
        address, content = body.get(named), body.get(hashed)
        if is_hash(address) and is_hash(content):
            yield str(address), str(content)
