"""Rules by hash: every plan version and calendar that an incident ever ran by, for ever.

What belongs here: canonical bytes under their SHA-256. What never does: reading them
(domain/rules.py), or deciding which are in force.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.canonical import sha256_hex
from domain.errors import BrokenSetup, NotFound
from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import rules


def keep_rules(engine: Engine, kind: str, document: bytes, stored_at: datetime) -> str:
    """Keep canonical JSON under its hash and give the hash; what is there stays as it is."""
    document_hash = sha256_hex(document)
    row = {"hash": document_hash, "kind": kind, "stored_at": stored_at, "document": document}
    with write(engine) as connection:
        insert_new(connection, rules, row)
    return document_hash


def load_rules(engine: Engine, document_hash: str) -> bytes:
    """Give the bytes that a hash stands for; the hash is computed again, never believed.

    Raises:
        NotFound: nothing is kept under it.
        BrokenSetup: what is kept has another hash.
    """
    with read(engine) as connection:
        document = connection.execute(
            sa.select(rules.c.document).where(rules.c.hash == document_hash)
        ).scalar()
    if document is None:
        raise NotFound(
            f"No rules are kept under {document_hash}.",
            "Restore them from a backup, or adopt the same files again with `andon plan adopt`: "
            "their hash must be the same.",
        )
    if sha256_hex(document) != document_hash:
        raise BrokenSetup(
            f"The rules kept under {document_hash} have another hash.",
            "Restore the database from a backup.",
            code="rules_damaged",
        )
    return bytes(document)


def kept_rules(engine: Engine, kind: str) -> list[tuple[str, datetime]]:
    """List what is kept of a kind as `(hash, when)`, oldest first."""
    statement = (
        sa.select(rules.c.hash, rules.c.stored_at)
        .where(rules.c.kind == kind)
        .order_by(rules.c.stored_at, rules.c.hash)
    )
    with read(engine) as connection:
        return [(row.hash, row.stored_at) for row in connection.execute(statement)]
