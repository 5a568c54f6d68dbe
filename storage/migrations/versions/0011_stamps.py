"""Time stamps of the signed heads of the company's log.

Frozen: a later change is a later file.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0011"
down_revision: str | None = "ledger_0010"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table of stamps."""
    op.create_table(
        "stamps",
        sa.Column("size", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("authority", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", "authority", name="pk_stamps"),
    )


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
