"""On what ground a subject's key was destroyed.

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
    """Add the column; keys that were destroyed before have none."""
    op.add_column("vault_keys", sa.Column("erased_for", TEXT, nullable=True))


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
