"""Whose calendar a secret address is: one for each person, kept as a hash.

What belongs here: keeping, finding and forgetting. What never does: making a secret, or what a
calendar shows.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read, write
from storage.inserting import put
from storage.schema import calendar_secrets, people


def keep(engine: Engine, person: str, hashed: str, at: datetime) -> None:
    """Keep a person's secret; the one before is good no longer."""
    row = {"person": person, "hash": hashed, "created_at": at}
    with write(engine) as connection:
        put(connection, calendar_secrets, [row])


def forget(engine: Engine, person: str) -> bool:
    """Forget a person's secret; gives whether there was one."""
    gone = sa.delete(calendar_secrets).where(calendar_secrets.c.person == person)
    with write(engine) as connection:
        return connection.execute(gone).rowcount == 1


def made_at(engine: Engine, person: str) -> datetime | None:
    """Say when a person's secret was made; None where there is none."""
    chosen = sa.select(calendar_secrets.c.created_at).where(calendar_secrets.c.person == person)
    with read(engine) as connection:
        found: datetime | None = connection.execute(chosen).scalar()
    return found


def person_of(engine: Engine, hashed: str) -> str | None:
    """Name whose secret it is, while the person is here."""
    chosen = (
        sa.select(people.c.id)
        .join_from(calendar_secrets, people)
        .where(calendar_secrets.c.hash == hashed, people.c.active.is_(True))
    )
    with read(engine) as connection:
        found: str | None = connection.execute(chosen).scalar()
    return found
