"""What stands open towards authorities, a row for each, beside the states it is read from.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.

The rows of incidents of before are made from their states when `andon up` starts
(services/filling.py): a migration knows no rule.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0004"
down_revision: str | None = "ledger_0003"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def texts(*names: str) -> list[sa.Column[str]]:
    """Name text columns that are always filled."""
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def maybe(*names: str) -> list[sa.Column[str | None]]:
    """Name text columns that may have nothing in them."""
    return [sa.Column(name, TEXT, nullable=True) for name in names]


def flags(*names: str) -> list[sa.Column[bool]]:
    """Name columns that say yes or no."""
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def upgrade() -> None:
    """Create the table of open duties."""
    op.create_table(
        "duties",
        *texts("incident", "item", "owed", "title_en", "title_zh", "subject", "rule", "market"),
        *texts("place", "authority_en", "authority_zh", "status"),
        *flags("possible", "counts", "provisional"),
        *maybe("basis"),
        *texts("force", "start_at"),
        *maybe("due_at"),
        *texts("by_at"),
        *maybe("phone_at"),
        *texts("no_due_why"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("due_seq", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        *texts("roles"),
        sa.PrimaryKeyConstraint("incident", "item", name="pk_duties"),
    )
    op.create_index("ix_duties_by_at", "duties", ["by_at"])


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
