"""Letters of the outbox that are still to go out, and taking one in hand.

What belongs here: which rows wait, claiming one for one process alone, noting what became of it.
What never does: a mail server, or how long a pause is (activities/team_letters.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.engine import read, write
from storage.outbox import COLUMNS, Message
from storage.schema import outbox

AT_ONCE: Final = 500

WAITING: Final = ("later", "unsure")
"""States of a letter that nobody has in hand and that is not done with."""


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that waits, and when it was last begun to be handed over."""

    message: Message
    tried_at: datetime | None


def due_letters(
    engine: Engine, audience: str, *, since: datetime, given_up: datetime, limit: int
) -> list[Due]:
    """List letters written `since` then that wait: those never tried first, the oldest first.

    Whoever took one in hand before `given_up` has died: it waits again.
    """
    statement = (
        sa.select(*COLUMNS, outbox.c.tried_at)
        .where(
            outbox.c.audience == audience,
            outbox.c.created_at >= since,
            sa.or_(outbox.c.state.in_(WAITING), _is_left_behind(given_up)),
        )
        .order_by(sa.nulls_first(outbox.c.tried_at), outbox.c.created_at, outbox.c.id)
        .limit(limit)
    )
    with read(engine) as connection:
        rows = [dict(row) for row in connection.execute(statement).mappings()]
    return [Due(tried_at=row.pop("tried_at"), message=Message(**row)) for row in rows]


def claim_due(engine: Engine, due: Due, now: datetime, given_up: datetime) -> bool:
    """Take a letter in hand: True for one alone of those who listed it as it is."""
    tried = outbox.c.tried_at
    as_listed = tried.is_(None) if due.tried_at is None else tried == due.tried_at
    statement = (
        sa.update(outbox)
        .where(
            outbox.c.effect_key == due.message.effect_key,
            sa.or_(outbox.c.state.in_(WAITING), _is_left_behind(given_up)),
            as_listed,
        )
        .values(state="sending", tried_at=now)
    )
    with write(engine) as connection:
        return connection.execute(statement).rowcount == 1


def note_due(engine: Engine, effect_key: str, claimed_at: datetime, state: str, said: str) -> None:
    """Note what became of a letter; whoever took it in hand since then says it instead."""
    is_mine = sa.and_(outbox.c.state == "sending", outbox.c.tried_at == claimed_at)
    with write(engine) as connection:
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.effect_key == effect_key, is_mine)
            .values(state=state, reason=said)
        )


def give_up_old(
    engine: Engine, audience: str, *, before: datetime, not_before: datetime, given_up: datetime
) -> None:
    """End the waiting of letters written `before` then, 500 at most: not sent, or perhaps sent."""
    old = (
        outbox.c.audience == audience,
        outbox.c.created_at < before,
        outbox.c.created_at >= not_before,
    )
    ends: Sequence[tuple[sa.ColumnElement[bool], str]] = (
        (outbox.c.state == "later", "failed"),
        (_is_left_behind(given_up), "unsure"),
    )
    for which, state in ends:
        # Looking holds up nobody who writes, and mostly there is nothing.
        with read(engine) as connection:
            keys = connection.execute(sa.select(outbox.c.id).where(*old, which).limit(AT_ONCE))
            found = [row.id for row in keys]
        if found:
            with write(engine) as connection:
                named = sa.update(outbox).where(outbox.c.id.in_(found), which)
                connection.execute(named.values(state=state))


def _is_left_behind(given_up: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.state == "sending", outbox.c.tried_at < given_up)
