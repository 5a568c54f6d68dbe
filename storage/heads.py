"""Signed heads: which ledgers have grown since their last one, and every head that was signed.

What belongs here: finding, keeping and giving back. What never does: signing (activities/heads.py),
or what a head proves (services/proving.py).

A head of a ledger is a line of the company's log too: whoever holds one signed head of that log can
tell that a whole incident is gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.wire import instant_text
from storage.company_tree import append
from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import cases, company_log, heads, incidents
from storage.types import PLAIN_TEXT

LOG: Final = "log"
"""The company's own log, among the ledgers that have heads."""

SIGNED: Final = "HeadSigned"
"""The line of the company's log that tells of the head of a ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A ledger with entries that no signed head covers; `root` in hex, over `size` entries."""

    stream: str
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """One signed head: `key` names the newest key that signed, `note` is the whole signed text."""

    stream: str
    size: int
    root: str
    key: str
    signed_at: datetime
    note: str


def time_line(at: datetime) -> str:
    """Give the line of a head that says when it was signed."""
    return f"signed-at {instant_text(at)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """A signed head as it is kept, unread."""

    stream: object
    size: int
    root: object
    key: object
    signed_at: object
    note: object


def kept_heads(engine: Engine) -> list[KeptHead]:
    """Give all that is kept of heads, by ledger and size, to be held against what was signed."""
    names = KeptHead.__dataclass_fields__
    raw = [sa.type_coerce(heads.c[name], sa.types.NullType()).label(name) for name in names]
    statement = sa.select(*raw).order_by(heads.c.stream, heads.c.size)
    with read(engine) as connection:
        return [KeptHead(**row._asdict()) for row in connection.execute(statement)]


def grown(engine: Engine, limit: int, streams: Sequence[str] = ()) -> list[Grown]:
    """List ledgers that have grown since their last signed head, the first `limit` of them."""
    last = (
        sa.select(heads.c.stream, sa.func.max(heads.c.size).label("signed"))
        .group_by(heads.c.stream)
        .subquery()
    )
    found: list[Grown] = []
    with read(engine) as connection:
        for table in (incidents, cases):
            statement = (
                sa.select(table.c.id, table.c.size, table.c.root)
                .outerjoin(last, last.c.stream == table.c.id)
                .where(table.c.size > sa.func.coalesce(last.c.signed, 0))
                .order_by(table.c.id)
                .limit(limit - len(found))
            )
            if streams:
                statement = statement.where(table.c.id.in_(streams))
            rows = connection.execute(statement)
            found += [Grown(stream=row.id, size=row.size, root=row.root) for row in rows]
    return found


def keep(engine: Engine, signed: Iterable[SignedHead]) -> int:
    """Keep heads, each with its line in the company's log; one that is kept already is left.

    Gives how many were new. The company's own heads are kept without a line: they would never end.
    """
    new = 0
    with write(engine) as connection:
        for head in signed:
            if not insert_new(connection, heads, asdict(head)):
                continue
            new += 1
            if head.stream != LOG:
                told = {"stream": head.stream, "size": head.size, "root": head.root}
                append(connection, head.signed_at, SIGNED, told)
    return new


def told_of(
    engine: Engine, after: int, up_to: int, limit: int | None = None
) -> list[tuple[int, SignedHead]]:
    """Give heads of ledgers by the lines of the company's log that tell of them, in order.

    From behind line `after` to line `up_to`.

    The number of the line stands before each; the first `limit` of them where
    one is given.
    """
    lines = (
        sa.select(company_log.c.seq, company_log.c.body)
        .where(
            company_log.c.type == SIGNED,
            company_log.c.seq > after,
            company_log.c.seq <= up_to,
            # The log's own heads are told of too, one later, and handed by themselves.
            sa.type_coerce(company_log.c.body, PLAIN_TEXT).not_like(f'%"stream":"{LOG}"%'),
        )
        .order_by(company_log.c.seq)
        .limit(limit)
    )
    found = []
    with read(engine) as connection:
        for line in connection.execute(lines).all():
            one = sa.and_(heads.c.stream == line.body["stream"], heads.c.size == line.body["size"])
            row = connection.execute(sa.select(heads).where(one)).first()
            if row is not None:
                found.append((line.seq, SignedHead(**row._asdict())))
    return found


def newest(engine: Engine, stream: str, *, up_to: int | None = None) -> SignedHead | None:
    """Give the newest head of a ledger, or the newest of at most `up_to` entries."""
    statement = sa.select(heads).where(heads.c.stream == stream).order_by(heads.c.size.desc())
    if up_to is not None:
        statement = statement.where(heads.c.size <= up_to)
    with read(engine) as connection:
        row = connection.execute(statement.limit(1)).first()
    return SignedHead(**row._asdict()) if row is not None else None


def first_with(engine: Engine, stream: str, seq: int) -> SignedHead | None:
    """Give the earliest head that covers an entry; None while none does."""
    statement = sa.select(heads).where(heads.c.stream == stream, heads.c.size >= seq)
    with read(engine) as connection:
        row = connection.execute(statement.order_by(heads.c.size).limit(1)).first()
    return SignedHead(**row._asdict()) if row is not None else None


def every(
    engine: Engine, stream: str, *, after: int = 0, limit: int | None = None
) -> list[SignedHead]:
    """Give every head of a ledger, the oldest first: of more than `after` entries, `limit` only."""
    statement = (
        sa.select(heads)
        .where(heads.c.stream == stream, heads.c.size > after)
        .order_by(heads.c.size)
        .limit(limit)
    )
    with read(engine) as connection:
        return [SignedHead(**row._asdict()) for row in connection.execute(statement)]
