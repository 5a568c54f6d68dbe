"""Rows of the read model of incidents that an earlier release did not write yet.

What belongs here: writing them once, if the incident has not moved on. What never does: what they
are (domain/), or a row of what is recorded from now on (storage/ledger.py).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.desired import Hold
from domain.open_duties import OpenDuty
from storage import duties, holds
from storage.engine import write
from storage.schema import incidents


def fill(
    engine: Engine, incident: str, version: int, owed: Sequence[OpenDuty], held: Sequence[Hold]
) -> bool:
    """Keep the rows of an incident as it stood at a version; False when it has moved on since."""
    locked = (
        sa.select(incidents.c.version, incidents.c.drill)
        .where(incidents.c.id == incident)
        .with_for_update()
    )
    with write(engine) as connection:
        row = connection.execute(locked).one_or_none()
        if row is None or row.version != version:
            return False
        duties.keep(connection, incident, owed)
        holds.keep(connection, incident, row.drill, held)
    return True
