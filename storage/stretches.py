"""Stretches of walked ledgers, as the bytes they are kept in.

What belongs here: putting them by and giving them back, unread. What never does: what a stretch
says, or whether it is believed (services/stretches.py).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Engine

from storage.derived_tables import stretches
from storage.engine import read, write
from storage.inserting import put


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStretch:
    """One stretch: the ledger it is of, its number there from 0 on, its bytes, and their mark."""

    stream: str
    number: int
    content: object
    mark: object


def kept(engine: Engine, stream: str) -> list[KeptStretch]:
    """Give what is kept of a ledger, in order, whatever it is.

    Nothing is kept where the table is not there: whoever reads a database that no start of this
    release has brought up to date reads it all the same.
    """
    raw = [sa.type_coerce(stretches.c[name], sa.types.NullType()).label(name)
           for name in ("content", "mark")]  # fmt: skip
    statement = (
        sa.select(stretches.c.stream, stretches.c.number, *raw)
        .where(stretches.c.stream == stream)
        .order_by(stretches.c.number)
    )
    try:
        with read(engine) as connection:
            return [KeptStretch(**row._asdict()) for row in connection.execute(statement)]
    except (exc.OperationalError, exc.ProgrammingError):
        return []


def keep(engine: Engine, rows: Iterable[KeptStretch]) -> None:
    """Keep stretches, each in a transaction of its own, over what stood in their places.

    They are drawn one by one: whoever makes them lets others pass meanwhile.
    """
    for row in rows:
        with write(engine) as connection:
            put(connection, stretches, [asdict(row)])
