"""The index of the search over all ledgers: how far it reaches, and in which blocks a term stands.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made. The
rows are made by a round in the background (services/indexing.py): a migration knows no entry.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "bulk_0005"
down_revision: str | None = "bulk_0004"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create both tables, empty."""
    op.create_table(
        "search_streams",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_streams"),
        sa.UniqueConstraint("stream", name="uq_search_streams_stream"),
    )
    op.create_table(
        "search_words",
        sa.Column("term", TEXT, nullable=False),
        sa.Column("stream", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("block", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("term", "stream", "block", name="pk_search_words"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
