"""The tree over the company's own log: every line is a leaf, so that none can vanish.

What belongs here: the bytes of a line, appending one with its leaf, and where the tree stands. What
never does: what a line says (storage/company.py), or signing (activities/heads.py).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.canonical import canonical
from domain.errors import Malformed, NotWhole
from domain.tree import Frontier, leaf_hash
from storage.engine import read
from storage.inserting import put
from storage.numbering import lock_counter, next_number
from storage.schema import company_log, meta
from storage.types import instant_column

FRONTIER: Final = "company.frontier"
"""Under this fact stands what appending needs: the hashes of the perfect subtrees, and the size."""

LINE_VERSION: Final = 1

COUNTED: Final = "company_log"
"""Under this kind the lines are numbered (storage/numbering.py)."""


def line_bytes(seq: int, at: datetime, kind: str, body: Any) -> bytes:
    """Give the bytes of a line: canonical JSON, the same in every release."""
    told = {"at": instant_column(at), "body": body, "seq": seq, "type": kind, "v": LINE_VERSION}
    return canonical(told)


def append(connection: Connection, at: datetime, kind: str, body: dict[str, Any]) -> int:
    """Append a line and its leaf, and give its number; numbers run without gaps.

    The counter stays locked until the transaction ends: lines and tree grow in one order. Raises
    NotWhole where the tree cannot be read.
    """
    seq = next_number(connection, COUNTED, 0)
    content = line_bytes(seq, at, kind, body)
    leaf = leaf_hash(content)
    line = {"seq": seq, "at": at, "type": kind, "body": body}
    connection.execute(sa.insert(company_log).values(**line, content=content, leaf=leaf.hex()))
    grown = _frontier(connection).append(leaf)
    told = {"hashes": list(grown.to_hex()), "size": grown.size}
    put(connection, meta, [{"key": FRONTIER, "value": canonical(told).decode()}])
    return seq


def hold_still(connection: Connection) -> None:
    """Let nobody else append until the transaction ends: what is read now stays so meanwhile.

    Whoever locks other rows too, but those of streams, takes this lock first.
    """
    lock_counter(connection, COUNTED, 0)


def where_it_stands(engine: Engine) -> Frontier:
    """Give the tree's frontier now: its size is the number of lines. Raises NotWhole."""
    with read(engine) as connection:
        return _frontier(connection)


def leaves(engine: Engine, size: int | None = None, *, after: int = 0) -> list[bytes]:
    """Give the leaf hashes of the first `size` lines, of all when None, in order.

    The first `after` of them are left out.
    """
    statement = sa.select(company_log.c.leaf).order_by(company_log.c.seq)
    if after:
        statement = statement.where(company_log.c.seq > after)
    if size is not None:
        statement = statement.where(company_log.c.seq <= size)
    with read(engine) as connection:
        return [bytes.fromhex(one) for one in connection.execute(statement).scalars()]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line as it is kept, unread: what stands in its columns is whatever somebody put there."""

    seq: int
    at: object
    type: object
    body: object
    content: object
    leaf: object


def kept_lines(engine: Engine) -> list[KeptLine]:
    """Give all that is kept of the log, to be held against its bytes."""
    names = KeptLine.__dataclass_fields__
    raw = [sa.type_coerce(company_log.c[name], sa.types.NullType()).label(name) for name in names]
    statement = sa.select(*raw).order_by(company_log.c.seq)
    with read(engine) as connection:
        return [KeptLine(**row._asdict()) for row in connection.execute(statement)]


def _frontier(connection: Connection) -> Frontier:
    kept = connection.execute(sa.select(meta.c.value).where(meta.c.key == FRONTIER)).scalar()
    if kept is None:
        return Frontier()
    try:
        told = json.loads(kept)
        return Frontier.from_hex(told["size"], told["hashes"])
    except (AttributeError, LookupError, Malformed, RecursionError, TypeError, ValueError):
        raise NotWhole(
            "The company's log cannot be gone on with: where its tree stands cannot be read.",
            "Verify the record (andon verify), and compare it with a copy of the database.",
        ) from None
