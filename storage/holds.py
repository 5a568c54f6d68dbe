"""What must not be sold where, as rows: the desired state of every channel, of all incidents.

What belongs here: keeping the rows of one incident inside a transaction that somebody else opened,
and reading those of one channel. What never does: what is held (domain/desired.py).

Only ledger.record keeps rows, in the transaction that records the entries.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.desired import Hold
from storage.engine import read
from storage.schema import channel_holds as table

_FORGET = sa.delete(table).where(table.c.incident == sa.bindparam("stream"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """A hold, and the incident that holds."""

    incident: str
    hold: Hold


def keep(connection: Connection, incident: str, drill: str, rows: Sequence[Hold]) -> None:
    """Leave exactly these rows of an incident."""
    connection.execute(_FORGET, {"stream": incident})
    if rows:
        connection.execute(sa.insert(table), [_row(incident, drill, one) for one in rows])


def at_channel(engine: Engine, channel: str, drill: str = "") -> list[HeldBy]:
    """List what is held at a channel: by all real incidents, or by one exercise."""
    statement = (
        sa.select(table)
        .where(table.c.channel == channel, table.c.drill == drill)
        .order_by(table.c.since, table.c.incident, table.c.order)
    )
    with read(engine) as connection:
        return [_held(row) for row in connection.execute(statement)]


def of_incident(engine: Engine, incident: str) -> tuple[Hold, ...]:
    """List what an incident holds, by channel and order."""
    statement = (
        sa.select(table)
        .where(table.c.incident == incident)
        .order_by(table.c.channel, table.c.order)
    )
    with read(engine) as connection:
        return tuple(_held(row).hold for row in connection.execute(statement))


def channels(engine: Engine) -> list[tuple[str, str]]:
    """List the channels at which anything is held, each with the exercise it is held in, or ""."""
    statement = sa.select(table.c.channel, table.c.drill).distinct().order_by(table.c.channel)
    with read(engine) as connection:
        return [(row.channel, row.drill) for row in connection.execute(statement)]


def _row(incident: str, drill: str, hold: Hold) -> dict[str, Any]:
    told = asdict(hold)
    return {
        **told,
        "incident": incident,
        "drill": drill,
        "products": list(hold.products),
        "lots": list(hold.lots),
    }


def _held(row: sa.Row[Any]) -> HeldBy:
    return HeldBy(
        incident=row.incident,
        hold=Hold(
            channel=row.channel,
            order=row.order,
            level=row.level,
            products=tuple(row.products),
            lots=tuple(row.lots),
            since=row.since,
            recalled=row.recalled,
        ),
    )
