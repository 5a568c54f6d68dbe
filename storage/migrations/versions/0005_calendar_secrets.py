"""The secret address of each person's calendar, as a hash.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0005"
down_revision: str | None = "ledger_0004"
branch_labels: tuple[str, ...] | None = None
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table of calendar secrets."""
    op.create_table(
        "calendar_secrets",
        sa.Column("person", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name="fk_calendar_secrets_person_people"
        ),
        sa.PrimaryKeyConstraint("person", name="pk_calendar_secrets"),
        sa.UniqueConstraint("hash", name="uq_calendar_secrets_hash"),
    )


def downgrade() -> None:
    """Refuse: what was recorded is not taken apart."""
    raise BrokenSetup("There is no way back to an earlier release.", "Restore a backup.")
