"""What must not be sold at each channel, and what halts changed there.

Frozen: a later change is a later file. Rows of what incidents hold are made from their states when
`andon up` starts (services/filling.py): a migration knows no order.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0007"
down_revision: str | None = "ledger_0006"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    """Name text columns that are always filled."""
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "channel_holds",
        *texts("incident", "channel"),
        sa.Column("order", sa.Integer(), nullable=False, autoincrement=False),
        *texts("level"),
        sa.Column("recalled", sa.Boolean(), nullable=False),
        *texts("since", "drill", "products", "lots"),
        sa.PrimaryKeyConstraint("incident", "channel", "order", name="pk_channel_holds"),
    )
    op.create_index("ix_channel_holds_channel", "channel_holds", ["channel"])
    op.create_table(
        "channel_changes",
        sa.Column("number", NUMBER, nullable=False),
        *texts("effect_key", "channel", "drill", "item", "kind", "product", "lot"),
        sa.Column("units", sa.Integer(), nullable=True),
        *texts("begun_at"),
        sa.Column("ended_at", TEXT, nullable=True),
        *texts("outcome", "ended_by", "was"),
        sa.Column("became", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_channel_changes"),
        sa.UniqueConstraint("effect_key", "item", name="uq_channel_changes_effect_key_item"),
    )
    op.create_index("ix_channel_changes_channel", "channel_changes", ["channel"])


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
