"""The tables of the first release: everything that comes by the hundred thousand.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "bulk_0001"
down_revision: str | None = None
branch_labels = ("bulk",)
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    """Name text columns that are always filled."""
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def upgrade() -> None:
    """Create all tables of the bulk branch."""
    op.create_table(
        "outbox",
        *texts(
            "id",
            "effect_key",
            "incident",
            "audience",
            "channel",
            "recipient",
            "language",
            "created_at",
            "state",
            "subject",
            "body",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("effect_key", name="uq_outbox_effect_key"),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_outbox_incident_created_at", "outbox", ["incident", "created_at"])
    op.create_table(
        "trace_events",
        sa.Column("id", COUNTED, nullable=False),
        *texts("event_id", "kind", "happened_at", "body"),
        sa.PrimaryKeyConstraint("id", name="pk_trace_events"),
        sa.UniqueConstraint("event_id", name="uq_trace_events_event_id"),
    )


def downgrade() -> None:
    """Refuse: a ledger is not taken apart."""
    raise BrokenSetup("There is no way back before the first release.", "Restore a backup.")
