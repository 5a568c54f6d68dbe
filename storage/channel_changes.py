"""What halts changed at shops that are changed item by item: written down before it is done.

What belongs here: the rows, each step in a short transaction of its own. What never does: the shop
(integrations/), or whether an item may be put back (integrations/shelves.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import channel_changes as table


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change: which order made it to which item, what it was, what it became, how it ended."""

    number: int
    effect_key: str
    channel: str
    drill: str
    item: str
    kind: str
    product: str
    lot: str
    units: int | None
    begun_at: datetime
    ended_at: datetime | None
    outcome: str
    ended_by: str
    was: dict[str, Any]
    became: dict[str, Any] | None


def intend(engine: Engine, row: ChangeRow) -> int:
    """Write a change down before it is made; the same item of the same order stands once.

    One that is over is begun anew. `number` of the row given is not looked at. Gives the number it
    has.
    """
    told = {name: getattr(row, name) for name in ChangeRow.__dataclass_fields__ if name != "number"}
    same = sa.and_(table.c.effect_key == row.effect_key, table.c.item == row.item)
    with write(engine) as connection:
        if not insert_new(connection, table, told):
            over = sa.and_(same, table.c.ended_at.is_not(None))
            connection.execute(sa.update(table).where(over).values(told))
        return int(connection.execute(sa.select(table.c.number).where(same)).scalar_one())


def note(engine: Engine, number: int, became: dict[str, Any]) -> None:
    """Write down what the item became."""
    with write(engine) as connection:
        connection.execute(sa.update(table).where(table.c.number == number).values(became=became))


def end(engine: Engine, number: int, outcome: str, ended_by: str, at: datetime) -> None:
    """Write down how a change is over; what is over stays as it is."""
    with write(engine) as connection:
        connection.execute(
            sa.update(table)
            .where(table.c.number == number, table.c.ended_at.is_(None))
            .values(outcome=outcome, ended_by=ended_by, ended_at=at)
        )


def of_order(engine: Engine, effect_key: str) -> list[ChangeRow]:
    """List what an order changed, in the order in which it did."""
    return _read(engine, table.c.effect_key == effect_key)


def ended_by(engine: Engine, effect_key: str) -> list[ChangeRow]:
    """List what an order put back, or found that it need not."""
    return _read(engine, table.c.ended_by == effect_key)


def standing(engine: Engine, channel: str, drill: str) -> Sequence[ChangeRow]:
    """List what was changed at a channel and is not over, the latest first."""
    found = _read(
        engine,
        sa.and_(table.c.channel == channel, table.c.drill == drill, table.c.ended_at.is_(None)),
    )
    return found[::-1]


def _read(engine: Engine, which: sa.ColumnElement[bool]) -> list[ChangeRow]:
    statement = sa.select(table).where(which).order_by(table.c.number)
    with read(engine) as connection:
        return [ChangeRow(**row._asdict()) for row in connection.execute(statement)]
