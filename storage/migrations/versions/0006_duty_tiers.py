"""How far an open duty binds, so that the list over all incidents stands in one order.

Frozen: a later change is a later file. Rows of before are written anew from their states when
`andon up` starts (services/filling.py): a migration knows no rule, and until then they stand by
their times alone.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0006"
down_revision: str | None = "ledger_0005"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("duties", sa.Column("tier", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
