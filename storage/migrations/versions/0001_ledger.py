"""The tables of the first release: everything that must be answered at once.

Frozen: a later change is a later file. Types are spelled out here, because those of
storage/types.py may change what they mean to Python, never what a published migration made.
"""

import sqlalchemy as sa
from alembic import op

from domain.errors import BrokenSetup

revision = "ledger_0001"
down_revision: str | None = None
branch_labels = ("ledger",)
depends_on: str | None = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def texts(*names: str) -> list[sa.Column[str]]:
    """Name text columns that are always filled."""
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def upgrade() -> None:
    """Create all tables of the ledger branch."""
    _create_streams()
    _create_ledger()
    _create_referred()
    _create_people()
    _create_catalog()
    _create_local()


def downgrade() -> None:
    """Refuse: a ledger is not taken apart."""
    raise BrokenSetup("There is no way back before the first release.", "Restore a backup.")


def _create_streams() -> None:
    """Create the two kinds of stream and the numbers they are given."""
    op.create_table(
        "incidents",
        *texts("id", "command_id", "digest", "created_at", "drill"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *texts("root"),
        sa.Column("recorded_at", TEXT, nullable=True),
        *texts("rules_hash"),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("next_due_at", TEXT, nullable=True),
        *texts("title", "reported_by", "grade", "attention", "stage_words", "products", "frontier"),
        sa.Column("state", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("command_id", name="uq_incidents_command_id"),
    )
    op.create_index("ix_incidents_is_open", "incidents", ["is_open"])
    op.create_index("ix_incidents_reported_by", "incidents", ["reported_by"])
    op.create_table(
        "cases",
        *texts("id", "command_id", "digest", "created_at", "drill"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *texts("root"),
        sa.Column("recorded_at", TEXT, nullable=True),
        *texts("rules_hash"),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("next_due_at", TEXT, nullable=True),
        *texts("title"),
        sa.Column("incident", TEXT, nullable=True),
        *texts("opened_by", "level", "product", "lot", "frontier"),
        sa.Column("state", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("command_id", name="uq_cases_command_id"),
    )
    op.create_index("ix_cases_incident", "cases", ["incident"])
    op.create_index("ix_cases_is_open", "cases", ["is_open"])
    op.create_table(
        "numbering",
        *texts("kind"),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name="pk_numbering"),
    )


def _create_ledger() -> None:
    """Create the ledger proper."""
    op.create_table(
        "entries",
        *texts("stream"),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        *texts("leaf", "type", "stage", "actor", "command_id", "at", "happened_at", "recorded_at"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_entries"),
    )
    op.create_index("ix_entries_type_recorded_at", "entries", ["type", "recorded_at"])
    op.create_table(
        "commands",
        *texts("stream", "command_id", "digest"),
        sa.Column("first_seq", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        *texts("outcome"),
        sa.PrimaryKeyConstraint("stream", "command_id", name="pk_commands"),
    )


def _create_referred() -> None:
    """Create what entries refer to."""
    op.create_table(
        "rules",
        *texts("hash", "kind", "stored_at"),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_rules"),
    )
    op.create_table(
        "vault_keys",
        *texts("subject", "created_at"),
        sa.Column("erased_at", TEXT, nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_vault_keys"),
    )
    op.create_table(
        "vault_texts",
        *texts("id", "subject", "access", "stored_at"),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_texts"),
        sa.ForeignKeyConstraint(
            ["subject"], ["vault_keys.subject"], name="fk_vault_texts_subject_vault_keys"
        ),
    )
    op.create_index("ix_vault_texts_subject", "vault_texts", ["subject"])
    op.create_table(
        "blobs",
        *texts("sha256"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *texts("media_type"),
        sa.Column("private", sa.Boolean(), nullable=False),
        *texts("stored_at", "name_ref"),
        sa.PrimaryKeyConstraint("sha256", name="pk_blobs"),
    )
    op.create_table(
        "archive",
        *texts("workflow_id", "run_id", "closed_at", "build"),
        sa.Column("events", sa.Integer(), nullable=False),
        *texts("sha256", "blob"),
        sa.PrimaryKeyConstraint("workflow_id", "run_id", name="pk_archive"),
    )


def _create_people() -> None:
    """Create people and how they sign in."""
    op.create_table(
        "people",
        *texts("id", "name_zh", "name_en"),
        sa.Column("email", TEXT, nullable=True),
        *texts("roles", "deputy_for", "language"),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )
    op.create_table(
        "sessions",
        *texts("id_hash", "person", "csrf", "created_at", "expires_at", "last_seen_at"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person_people"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "tokens",
        *texts("hash", "person", "name", "created_at"),
        sa.Column("expires_at", TEXT, nullable=True),
        sa.Column("revoked_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_tokens"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_tokens_person_people"),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"])


def _create_catalog() -> None:
    """Create the company's own lists."""
    op.create_table(
        "products",
        *texts("id", "kind", "market", "name_zh", "name_en", "document"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
    )
    op.create_table(
        "lots",
        *texts("id", "kind", "market", "name_zh", "name_en", "product", "number", "document"),
        sa.PrimaryKeyConstraint("id", name="pk_lots"),
        sa.ForeignKeyConstraint(["product"], ["products.id"], name="fk_lots_product_products"),
    )
    op.create_index("ix_lots_number", "lots", ["number"])
    op.create_index("ix_lots_product", "lots", ["product"])
    op.create_table(
        "channels",
        *texts("id", "kind", "market", "name_zh", "name_en", "document"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
    )
    op.create_table(
        "consignees",
        *texts("id", "kind", "market", "name_zh", "name_en", "document"),
        sa.PrimaryKeyConstraint("id", name="pk_consignees"),
    )
    op.create_table(
        "suppliers",
        *texts("id", "kind", "market", "name_zh", "name_en", "document"),
        sa.PrimaryKeyConstraint("id", name="pk_suppliers"),
    )


def _create_local() -> None:
    """Create what the local adapters and the installation keep."""
    op.create_table(
        "channel_listings",
        *texts("channel", "product", "lot"),
        sa.Column("on_sale", sa.Boolean(), nullable=False),
        *texts("changed_at", "effect_key"),
        sa.PrimaryKeyConstraint("channel", "product", "lot", name="pk_channel_listings"),
    )
    op.create_index("ix_channel_listings_product", "channel_listings", ["product"])
    op.create_table(
        "effects",
        *texts("effect_key", "kind", "target", "at", "outcome"),
        sa.PrimaryKeyConstraint("effect_key", name="pk_effects"),
    )
    op.create_table(
        "company_log",
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        *texts("at", "type", "body"),
        sa.PrimaryKeyConstraint("seq", name="pk_company_log"),
    )
    op.create_table(
        "meta",
        *texts("key", "value"),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
