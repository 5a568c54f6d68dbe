"""Performing an effect once at the receiver: what a real receiver does behind its own door.

What belongs here: the memory of effects that a local adapter has performed. What never does: the
effect itself (passed in), or a retry (Temporal's).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.engine import read, write
from storage.inserting import insert_new
from storage.schema import effects

Act = Callable[[Connection], dict[str, Any]]
"""Does the effect's work in the open transaction and gives its outcome as plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An effect by its key, stable over retries: what it does to which target, and when."""

    key: str
    kind: str
    target: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """An effect's outcome; equal for every repetition."""

    outcome: dict[str, Any]
    repeated: bool = field(compare=False)


def perform_once(engine: Engine, effect: Effect, act: Act) -> Performed:
    """Perform the effect with its memory in one transaction, or tell what came of it before."""
    with write(engine) as connection:
        row = {
            "effect_key": effect.key,
            "kind": effect.kind,
            "target": effect.target,
            "at": effect.at,
            "outcome": {},
        }
        # The row first: of two that arrive together, the second waits here and then sees it.
        if not insert_new(connection, effects, row):
            return Performed(outcome=_outcome(connection, effect.key) or {}, repeated=True)
        outcome = act(connection)
        connection.execute(
            sa.update(effects).where(effects.c.effect_key == effect.key).values(outcome=outcome)
        )
        return Performed(outcome=outcome, repeated=False)


def outcome_of(engine: Engine, effect_key: str) -> dict[str, Any] | None:
    """Give what came of an effect, or None when it never arrived."""
    with read(engine) as connection:
        return _outcome(connection, effect_key)


def _outcome(connection: Connection, effect_key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = connection.execute(
        sa.select(effects.c.outcome).where(effects.c.effect_key == effect_key)
    ).scalar()
    return found
