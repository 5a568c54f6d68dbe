"""Where an after-sales case stands, so that an incident's cases are counted without their states.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0003"
down_revision: str | None = "ledger_0002"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column and the indexes that lists and counts read."""
    op.add_column("cases", sa.Column("status", TEXT, nullable=True))
    op.create_index("ix_cases_incident_status_level", "cases", ["incident", "status", "level"])
    op.create_index("ix_cases_opened_by", "cases", ["opened_by"])


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
