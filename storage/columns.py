"""What tables are made of: two groups, names of constraints, columns by what they hold.

What belongs here: shapes of columns. What never does: a table (storage/schema.py).
"""

from typing import Any

import sqlalchemy as sa

from storage.types import Document, Instant, Words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


LEDGER = sa.MetaData(naming_convention=NAMES)
BULK = sa.MetaData(naming_convention=NAMES)


def text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    """Name a text column that is always filled."""
    return sa.Column(name, Words(), primary_key=primary_key, nullable=False)


def maybe_text(name: str) -> sa.Column[str | None]:
    """Name a text column that may be empty."""
    return sa.Column(name, Words(), nullable=True)


def document(name: str) -> sa.Column[Any]:
    """Name a column of JSON."""
    return sa.Column(name, Document(), nullable=False)


def at(name: str) -> sa.Column[Any]:
    """Name an instant that is always there."""
    return sa.Column(name, Instant(), nullable=False)


def maybe_at(name: str) -> sa.Column[Any]:
    """Name an instant that may be missing."""
    return sa.Column(name, Instant(), nullable=True)


def count(name: str) -> sa.Column[int]:
    """Name a whole number."""
    return sa.Column(name, sa.Integer(), nullable=False)


def flag(name: str) -> sa.Column[bool]:
    """Name a yes or no."""
    return sa.Column(name, sa.Boolean(), nullable=False)
