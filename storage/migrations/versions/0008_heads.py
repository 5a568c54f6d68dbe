"""A tree over the company's own log, and the signed heads of every ledger.

Frozen: a later change is a later file. Lines that were written before get the bytes that every
later release reads: canonical JSON of at, body, seq, type and v.
"""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0008"
down_revision: str | None = "ledger_0007"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AT_ONCE = 500


def upgrade() -> None:
    """Add the bytes of each line, and the table of heads."""
    op.create_table(
        "heads",
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, autoincrement=False),
        *[sa.Column(name, TEXT, nullable=False) for name in ("root", "key", "signed_at", "note")],
        sa.PrimaryKeyConstraint("stream", "size", name="pk_heads"),
    )
    op.add_column("company_log", sa.Column("content", sa.LargeBinary(), nullable=True))
    op.add_column("company_log", sa.Column("leaf", TEXT, nullable=True))
    _fill()
    with op.batch_alter_table("company_log") as table:
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
        table.alter_column("leaf", existing_type=TEXT, nullable=False)


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")


def _fill() -> None:
    connection = op.get_bind()
    log = sa.table(
        "company_log", *map(sa.column, ("seq", "at", "type", "body")),
        sa.column("content", sa.LargeBinary()), sa.column("leaf"),
    )  # fmt: skip
    frontier: list[bytes] = []
    last = size = 0
    while True:
        part = sa.select(log.c.seq, log.c.at, log.c.type, log.c.body).where(log.c.seq > last)
        rows = connection.execute(part.order_by(log.c.seq).limit(AT_ONCE)).all()
        if not rows:
            break
        for row in rows:
            content = _content(row)
            leaf = hashlib.sha256(b"\x00" + content).digest()
            connection.execute(
                sa.update(log).where(log.c.seq == row.seq).values(content=content, leaf=leaf.hex())
            )
            frontier, size = _grown(frontier, size, leaf)
            last = row.seq
    if size:
        told = json.dumps({"hashes": [one.hex() for one in frontier], "size": size},
                          separators=(",", ":"))  # fmt: skip
        meta = sa.table("meta", sa.column("key"), sa.column("value"))
        connection.execute(sa.insert(meta).values(key="company.frontier", value=told))


def _content(row: Any) -> bytes:
    line = {"at": row.at, "body": json.loads(row.body), "seq": row.seq, "type": row.type, "v": 1}
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _grown(frontier: list[bytes], size: int, leaf: bytes) -> tuple[list[bytes], int]:
    kept, merged, left = list(frontier), leaf, size
    while left & 1:
        merged = hashlib.sha256(b"\x01" + kept.pop() + merged).digest()
        left >>= 1
    return [*kept, merged], size + 1
