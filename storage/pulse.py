"""Whether the database answers, and one number for where all incidents stand.

What belongs here: reads so cheap that they may run all day. What never does: content.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read
from storage.schema import incidents


def ask(engine: Engine) -> None:
    """Ask for nothing at all.

    Raises:
        NotConfirmed, BrokenSetup: the database does not answer.
    """
    with read(engine) as connection:
        connection.execute(sa.select(sa.literal(1)))


def total_of_versions(engine: Engine) -> int:
    """Give the sum of all incidents' versions and their number.

    It grows with every change and every new number, and never falls: rows are never deleted.
    """
    total = sa.func.coalesce(sa.func.sum(incidents.c.version + 1), 0)
    with read(engine) as connection:
        return int(connection.execute(sa.select(total)).scalar_one())
