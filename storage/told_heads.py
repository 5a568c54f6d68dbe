"""Lines of the company's log that tell of one ledger's signed heads.

What belongs here: finding them, with the bytes that stand under the log's own tree. What never
does: signing, or what a line proves (services/proving.py).
"""

import json
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read
from storage.heads import SIGNED
from storage.schema import company_log
from storage.types import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """A line of the company's log; `size` is that of the head it tells of, 0 of other lines."""

    seq: int
    content: bytes
    size: int


def told_lines(engine: Engine, stream: str, others: Collection[str] = ()) -> list[ToldLine]:
    """Give the lines that tell of a ledger's heads, and all lines of the `others`, in order."""
    named = sa.type_coerce(company_log.c.body, Words()).contains(
        f'"stream":{json.dumps(stream)}', autoescape=True
    )
    chosen = sa.or_(
        sa.and_(company_log.c.type == SIGNED, named), company_log.c.type.in_(sorted(others))
    )
    columns = (company_log.c.seq, company_log.c.type, company_log.c.body, company_log.c.content)
    with read(engine) as connection:
        rows = connection.execute(sa.select(*columns).where(chosen).order_by(company_log.c.seq))
        return [
            ToldLine(
                seq=row.seq,
                content=bytes(row.content),
                size=row.body["size"] if row.type == SIGNED else 0,
            )
            for row in rows
        ]
