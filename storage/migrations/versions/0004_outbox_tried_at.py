"""When a message was last begun to be handed over: what died then is taken up by another.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "bulk_0004"
down_revision: str | None = "bulk_0003"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column; rows of before have nothing in it."""
    op.add_column("outbox", sa.Column("tried_at", TEXT, nullable=True))


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
