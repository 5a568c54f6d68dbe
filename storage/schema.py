"""The tables.

What belongs here: names, types, keys, indexes. What never does: a query, bringing a database up to
them (storage/migrating.py), or a default that hides a value nobody gave. `migrations/` creates the
same tables step by step; a test holds the two equal.

Two groups of tables: LEDGER (what must be answered at once) and BULK (what comes by the hundred
thousand). On SQLite each has its own file, because a long writer makes every other one in its file
wait; on PostgreSQL both live in one database.

Wide columns (state, document, content) stand last: SQLite then reads the narrow ones without
touching the pages the wide ones overflow to, and a poll over all heads stays cheap.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from storage import columns, derived_tables  # noqa: F401 - its tables are of BULK too
from storage.types import Document, Words

LEDGER, BULK = columns.LEDGER, columns.BULK

_text, _maybe_text = columns.text, columns.maybe_text
_at, _maybe_at = columns.at, columns.maybe_at
_document, _count, _flag = columns.document, columns.count, columns.flag

# --- streams: incidents and cases ------------------------------------------------------------


def _stream_columns() -> list[sa.Column[Any]]:
    """Give the narrow columns that every stream has: its number, its ledger's head, its pins."""
    return [
        _text("id", primary_key=True),
        _text("command_id"),
        _text("digest"),
        _at("created_at"),
        _text("drill"),
        _count("size"),
        _count("version"),
        _flag("is_open"),
        _text("root"),
        _maybe_at("recorded_at"),
        _text("rules_hash"),
        _count("run"),
        _maybe_at("next_due_at"),
        _text("title"),
    ]


incidents = sa.Table(
    "incidents",
    LEDGER,
    *_stream_columns(),
    _text("reported_by"),
    _text("grade"),
    _text("attention"),
    _document("stage_words"),
    _document("products"),
    _document("frontier"),
    _maybe_text("state"),
    sa.UniqueConstraint("command_id"),
    sa.Index(None, "is_open"),
    sa.Index(None, "reported_by"),
)
"""One row per incident: number, head of its ledger, read model.

`drill` is '', exercise or simulation.
"""

cases = sa.Table(
    "cases",
    LEDGER,
    *_stream_columns(),
    _maybe_text("incident"),
    _text("opened_by"),
    _text("level"),
    _text("product"),
    _text("lot"),
    _document("frontier"),
    _maybe_text("state"),
    _maybe_text("status"),
    sa.UniqueConstraint("command_id"),
    sa.Index(None, "incident"),
    sa.Index(None, "incident", "status", "level"),
    sa.Index(None, "is_open"),
    sa.Index(None, "opened_by"),
)
"""One row per after-sales case, with a ledger of its own.

`status` came later and so stands behind the state; counting the cases of an incident reads it out
of the index. NULL: reserved, being recorded.
"""

duties = sa.Table(
    "duties",
    LEDGER,
    _text("incident", primary_key=True),
    _text("item", primary_key=True),
    _text("owed"),
    _text("title_en"),
    _text("title_zh"),
    _text("subject"),
    _text("rule"),
    _text("market"),
    _text("place"),
    _text("authority_en"),
    _text("authority_zh"),
    _text("status"),
    _flag("possible"),
    _flag("counts"),
    _flag("provisional"),
    _maybe_text("basis"),
    _text("force"),
    _at("start_at"),
    _maybe_at("due_at"),
    _at("by_at"),
    _maybe_at("phone_at"),
    _text("no_due_why"),
    _count("seq"),
    sa.Column("due_seq", sa.Integer(), nullable=True),
    _count("changes"),
    _document("roles"),
    sa.Column("tier", sa.Integer(), nullable=False, server_default="0"),
    sa.Index(None, "by_at"),
)
"""What stands open towards authorities, a row for each duty and each act without an answer.

Part of the read model: the rows of an incident are what its state comes to, as its columns are.
"""

numbering = sa.Table(
    "numbering",
    LEDGER,
    _text("kind", primary_key=True),
    sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
    _count("last"),
)
"""The last number given, per kind and year; its row is the lock under which the next is given."""

entries = sa.Table(
    "entries",
    LEDGER,
    _text("stream", primary_key=True),
    sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
    _text("leaf"),
    _text("type"),
    _text("stage"),
    _text("actor"),
    _text("command_id"),
    _at("at"),
    _at("happened_at"),
    _at("recorded_at"),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    sa.Index(None, "type", "recorded_at"),
)
"""The ledger: `content` is the entry as the bytes it is; the others are copied from it."""

commands = sa.Table(
    "commands",
    LEDGER,
    _text("stream", primary_key=True),
    _text("command_id", primary_key=True),
    _text("digest"),
    sa.Column("first_seq", sa.Integer(), nullable=True),
    sa.Column("last_seq", sa.Integer(), nullable=True),
    _text("outcome"),
)
"""What each command led to, so that a known id is answered without Temporal."""

# --- what entries refer to -------------------------------------------------------------------

rules = sa.Table(
    "rules",
    LEDGER,
    _text("hash", primary_key=True),
    _text("kind"),
    _at("stored_at"),
    sa.Column("document", sa.LargeBinary(), nullable=False),
)

vault_keys = sa.Table(
    "vault_keys",
    LEDGER,
    _text("subject", primary_key=True),
    _at("created_at"),
    _maybe_at("erased_at"),
    sa.Column("wrapped", sa.LargeBinary(), nullable=True),
    _maybe_text("erased_for"),
)
"""One wrapped key per subject; NULL when it was destroyed, which erases what it sealed."""

vault_texts = sa.Table(
    "vault_texts",
    LEDGER,
    _text("id", primary_key=True),
    sa.Column("subject", Words(), sa.ForeignKey("vault_keys.subject"), nullable=False),
    _text("access"),
    _at("stored_at"),
    sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
    sa.Index(None, "subject"),
)

blobs = sa.Table(
    "blobs",
    LEDGER,
    _text("sha256", primary_key=True),
    sa.Column("size", sa.BigInteger(), nullable=False),
    _text("media_type"),
    _flag("private"),
    _at("stored_at"),
    _text("name_ref"),
)
"""What lies in the blob directory; `name_ref` is the vault id of the file's name, or ''."""

archive = sa.Table(
    "archive",
    LEDGER,
    _text("workflow_id", primary_key=True),
    _text("run_id", primary_key=True),
    _at("closed_at"),
    _text("build"),
    _count("events"),
    _text("sha256"),
    _text("blob"),
    *[
        sa.Column(added, Words(), nullable=False, server_default=sa.text("''"))
        for added in ("kind", "sdk", "rules", "status", "continued_from")
    ],
    sa.Index(None, "closed_at"),
)
"""Closed workflow runs whose history was copied: `blob` is where, `sha256` what."""

# --- people ----------------------------------------------------------------------------------

people = sa.Table(
    "people",
    LEDGER,
    _text("id", primary_key=True),
    _text("name_zh"),
    _text("name_en"),
    _maybe_text("email"),
    _document("roles"),
    _document("deputy_for"),
    _text("language"),
    _maybe_text("password_hash"),
    _flag("active"),
    _flag("demo"),
    sa.UniqueConstraint("email"),
)

sessions = sa.Table(
    "sessions",
    LEDGER,
    _text("id_hash", primary_key=True),
    sa.Column("person", Words(), sa.ForeignKey("people.id"), nullable=False),
    _text("csrf"),
    _at("created_at"),
    _at("expires_at"),
    _at("last_seen_at"),
    sa.Index(None, "person"),
    sa.Index(None, "expires_at"),
)

tokens = sa.Table(
    "tokens",
    LEDGER,
    _text("hash", primary_key=True),
    sa.Column("person", Words(), sa.ForeignKey("people.id"), nullable=False),
    _text("name"),
    _at("created_at"),
    _maybe_at("expires_at"),
    _maybe_at("revoked_at"),
    sa.Index(None, "person"),
)

calendar_secrets = sa.Table(
    "calendar_secrets",
    LEDGER,
    sa.Column("person", Words(), sa.ForeignKey("people.id"), primary_key=True, nullable=False),
    _text("hash"),
    _at("created_at"),
    sa.UniqueConstraint("hash"),
)
"""The secret address of each person's calendar: a new one voids the one before."""

# --- the company's own lists -----------------------------------------------------------------


def _catalog(name: str, *more: SchemaItem) -> sa.Table:
    """Make one list of the company: the columns asked for, and the whole thing as a document."""
    return sa.Table(
        name,
        LEDGER,
        _text("id", primary_key=True),
        _text("kind"),
        _text("market"),
        _text("name_zh"),
        _text("name_en"),
        *more,
        _document("document"),
    )


products = _catalog("products")
lots = _catalog(
    "lots",
    _text("product"),
    _text("number"),
    sa.ForeignKeyConstraint(["product"], ["products.id"]),
    sa.Index(None, "product"),
    sa.Index(None, "number"),
)
channels = _catalog("channels")
consignees = _catalog("consignees")
suppliers = _catalog("suppliers")

# --- local adapters: the demo shop, and what a receiver of effects must remember -------------

channel_listings = sa.Table(
    "channel_listings",
    LEDGER,
    _text("channel", primary_key=True),
    _text("product", primary_key=True),
    _text("lot", primary_key=True),
    _flag("on_sale"),
    _at("changed_at"),
    _text("effect_key"),
    sa.Index(None, "product"),
)
"""What the demo company's channels sell; `lot` '' stands for a product sold without lot control."""

channel_holds = sa.Table(
    "channel_holds",
    LEDGER,
    _text("incident", primary_key=True),
    _text("channel", primary_key=True),
    # 0: recalled for good, by no order that anybody could lift.
    sa.Column("order", sa.Integer(), primary_key=True, autoincrement=False),
    _text("level"),
    _flag("recalled"),
    _at("since"),
    _text("drill"),
    _document("products"),
    _document("lots"),
    sa.Index(None, "channel"),
)
"""What must not be sold where: the desired state of every channel, of all incidents.

Part of the read model: the rows of an incident are what its state comes to.
"""

channel_changes = sa.Table(
    "channel_changes",
    LEDGER,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    _text("effect_key"),
    _text("channel"),
    _text("drill"),
    _text("item"),
    _text("kind"),
    _text("product"),
    _text("lot"),
    sa.Column("units", sa.Integer(), nullable=True),
    _at("begun_at"),
    _maybe_at("ended_at"),
    _text("outcome"),
    _text("ended_by"),
    _document("was"),
    sa.Column("became", Document(), nullable=True),
    sa.UniqueConstraint("effect_key", "item"),
    sa.Index(None, "channel"),
)
"""What a halt changed at shops that are changed item by item: written down before it is done."""

effects = sa.Table(
    "effects",
    LEDGER,
    _text("effect_key", primary_key=True),
    _text("kind"),
    _text("target"),
    _at("at"),
    _document("outcome"),
)
"""Effects that a local adapter has performed: the receiver's half of "once"."""

publications = sa.Table(
    "publications",
    LEDGER,
    _text("incident", primary_key=True),
    _text("statement", primary_key=True),
    sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
    _text("place", primary_key=True),
    _text("kind"),
    _text("drill"),
    _text("sha256"),
    _at("at"),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    sa.Index(None, "place", "at"),
)
"""What stands at places of this installation: `content` is the approved bytes, never changed."""

# --- the company's own log, and the installation ---------------------------------------------

company_log = sa.Table(
    "company_log",
    LEDGER,
    sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
    _at("at"),
    _text("type"),
    _document("body"),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    _text("leaf"),
    sa.Index(None, "type"),
)
"""Each line with its bytes, of which the tree over the log is made."""

heads = sa.Table(
    "heads",
    LEDGER,
    _text("stream", primary_key=True),
    sa.Column("size", sa.Integer(), primary_key=True, autoincrement=False),
    _text("root"),
    _text("key"),
    _at("signed_at"),
    _text("note"),
)
"""Signed heads of every ledger, and of the company's log: `note` is what a witness is given."""

stamps = sa.Table(
    "stamps",
    LEDGER,
    sa.Column("size", sa.Integer(), primary_key=True, autoincrement=False),
    _text("authority", primary_key=True),
    _at("at"),
    sa.Column("answer", sa.LargeBinary(), nullable=False),
)
"""Time stamps of heads of the company's log (RFC 3161): `answer` as it came, `at` as it says."""

meta = sa.Table("meta", LEDGER, _text("key", primary_key=True), _text("value"))

# --- bulk ------------------------------------------------------------------------------------

outbox = sa.Table(
    "outbox",
    BULK,
    _text("id", primary_key=True),
    _text("effect_key"),
    _text("incident"),
    _text("audience"),
    _text("channel"),
    _text("recipient"),
    _text("language"),
    _at("created_at"),
    _text("state"),
    _text("subject"),
    _text("body"),
    _maybe_text("reason"),
    _maybe_text("message_id"),
    _maybe_at("tried_at"),
    sa.UniqueConstraint("effect_key"),
    sa.Index(None, "incident", "created_at"),
    sa.Index(None, "created_at"),
)

trace_events = sa.Table(
    "trace_events",
    BULK,
    # SQLite counts by itself only in a column of exactly this type.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    _text("event_id"),
    _text("kind"),
    _at("happened_at"),
    _document("body"),
    sa.UniqueConstraint("event_id"),
)
"""Traceability events in the order they came; only ever appended to."""
