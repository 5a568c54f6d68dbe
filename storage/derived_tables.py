"""Tables of what can be thrown away and made anew from the ledgers: the search, replay states.

What belongs here: names, types and keys of such tables, in the group BULK. What never does: a
table whose loss would lose anything (storage/schema.py), or a query.
"""

import sqlalchemy as sa

from storage.columns import BULK, count, text
from storage.types import Words

search_streams = sa.Table(
    "search_streams",
    BULK,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    text("stream"),
    count("size"),
    count("made_by"),
    sa.UniqueConstraint("stream"),
)
"""How far each ledger is indexed for the search, and by which way of making terms."""

search_words = sa.Table(
    "search_words",
    BULK,
    sa.Column("term", Words(), primary_key=True, nullable=False),
    sa.Column("stream", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
    sa.Column("block", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
    sqlite_with_rowid=False,
)
"""In which blocks of entries a term stands: a hint that can be thrown away and made anew."""

stretches = sa.Table(
    "stretches",
    BULK,
    text("stream", primary_key=True),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    text("mark"),
)
"""States that a replay goes on from, each under its mark: they can be thrown away at any time."""
