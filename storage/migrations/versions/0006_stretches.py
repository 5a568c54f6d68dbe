"""Stretches of walked ledgers: states that a replay may go on from, each under its own mark.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made. The
rows are made in the background (services/stretches.py): a migration knows no entry.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "bulk_0006"
down_revision: str | None = "bulk_0005"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table, empty."""
    op.create_table(
        "stretches",
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mark", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("stream", "number", name="pk_stretches"),
    )


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
