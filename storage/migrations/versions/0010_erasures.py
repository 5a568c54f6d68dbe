"""On what ground a subject's key was destroyed, and finding lines of the log by their type.

Frozen: a later change is a later file.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0010"
down_revision: str | None = "ledger_0009"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column, and the index by which requests and holds are found among sign-ins.

    Keys that were destroyed before have no ground.
    """
    op.add_column("vault_keys", sa.Column("erased_for", TEXT, nullable=True))
    op.create_index("ix_company_log_type", "company_log", ["type"])


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
