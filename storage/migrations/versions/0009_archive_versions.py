"""What an archived history was made with, how its run ended, and which run it went on from.

Frozen: a later change is a later file. Of rows of before nothing is known: their columns are empty,
and an empty one is never taken for a gap.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0009"
down_revision: str | None = "ledger_0008"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ADDED = ("kind", "sdk", "rules", "status", "continued_from")


def upgrade() -> None:
    """Add the columns, and the index that the next round looks for its beginning in."""
    for name in ADDED:
        op.add_column(
            "archive", sa.Column(name, TEXT, nullable=False, server_default=sa.text("''"))
        )
    op.create_index("ix_archive_closed_at", "archive", ["closed_at"])


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
