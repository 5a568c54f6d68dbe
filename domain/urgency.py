"""How far a duty binds: what a law limits, then what is only asked for, then what may be.

What belongs here: the one rule by which the page of an incident and the list over all incidents
stand in order, and what a time of ours is. What never does: a due time, or words for a reader.
"""

from datetime import datetime
from typing import Protocol

from domain.regulation_terms import DueBasis, Force


class Timed(Protocol):
    """What has a due time that rests on something."""

    @property
    def due_at(self) -> datetime | None:
        """Give its due time."""

    @property
    def due_basis(self) -> DueBasis | None:
        """Say what the due time rests on."""


class Binding(Timed, Protocol):
    """What it takes to say how far something binds; a duty and its row in the list have it."""

    @property
    def counts(self) -> bool:
        """Say whether somebody verified its rule."""

    @property
    def possible(self) -> bool:
        """Say whether a person still decides that it is one."""

    @property
    def force(self) -> Force:
        """Say how far the rule binds."""


def tier(one: Binding) -> int:
    """Say how far something binds, 0 the most: a rule that says "at once" binds as its force says.

    A possible duty whose rule names a number stands among those that are sure: its clock runs, and
    a limit that ends tomorrow is never hidden behind one of next week.
    """
    if not one.counts or (one.possible and one.due_basis in (None, DueBasis.COMPANY)):
        return 2
    is_asked = one.due_basis is DueBasis.REQUEST or one.force is Force.REQUEST
    return 1 if is_asked and one.due_basis is not DueBasis.BY_HAND else 0


def is_ours(one: Timed) -> bool:
    """Say whether the time of a duty is a target of our own: its rule says "at once" only."""
    return one.due_basis is DueBasis.COMPANY


def is_past(one: Timed, now: datetime) -> bool:
    """Say whether the due time of something open is over, whosever it is."""
    return one.due_at is not None and one.due_at < now


def is_overdue(one: Timed, now: datetime) -> bool:
    """Say whether the time of something open is over, and was more than a target of our own."""
    return is_past(one, now) and not is_ours(one)


def is_past_ours(one: Timed, now: datetime) -> bool:
    """Say whether our own target has passed; the rule itself says "at once" only."""
    return is_past(one, now) and is_ours(one)
