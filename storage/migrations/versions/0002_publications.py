"""What stands at places of this installation: the approved bytes of texts.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0002"
down_revision: str | None = "ledger_0001"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def texts(*names: str) -> list[sa.Column[str]]:
    """Name text columns that are always filled."""
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def upgrade() -> None:
    """Create the table of publications."""
    op.create_table(
        "publications",
        *texts("incident", "statement"),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        *texts("place", "kind", "drill", "sha256", "at"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "incident", "statement", "version", "place", name="pk_publications"
        ),
    )
    op.create_index("ix_publications_place_at", "publications", ["place", "at"])


def downgrade() -> None:
    """Refuse: what was published is not taken apart."""
    raise BrokenSetup("There is no way back to the first release.", "Restore a backup.")
