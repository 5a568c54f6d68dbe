"""When a firm knows: an officer's own knowledge, or what it is taken to know of an employee's.

What belongs here: 16 CFR 1115.14(d) as arithmetic: what any employee had is taken to be known to
the firm once the time for it to reach an officer is over, or earlier when an officer knew earlier.
What never does: which duty then begins, or what the limit is (plan/).
"""

from dataclasses import replace
from datetime import UTC, datetime

from domain.clock import Calendar, Counting, Due, Limit, Step, StepKind, due, local
from domain.clock_reach import plainly
from domain.derivation import SECOND


def imputed(
    employee_knew_at: datetime,
    officer_knew_at: datetime | None,
    limit: Limit,
    calendar: Calendar,
    counting: Counting | None = None,
) -> Due:
    """Say from when on a firm knows, with every step: the earlier of its officer and the limit.

    `due_at` is that instant; the clock of a duty starts there. Raises Malformed as `due` does.
    """
    limit_over = due(employee_knew_at, limit, calendar, counting)
    if officer_knew_at is None or officer_knew_at >= limit_over.due_at:
        return _with(limit_over, StepKind.IMPUTED, limit_over.due_at, calendar)
    decided = _with(limit_over, StepKind.OFFICER_KNEW, officer_knew_at.astimezone(UTC), calendar)
    # Days off that may still change matter only where the limit could be over before the officer.
    in_doubt = officer_knew_at > plainly(employee_knew_at, limit)
    return replace(decided, provisional=limit_over.provisional and in_doubt)


def _with(found: Due, kind: StepKind, at: datetime, calendar: Calendar) -> Due:
    """Add the step that decides; it may lead back from the end of the limit."""
    shown = local(at, calendar)
    step = Step(
        kind=kind,
        on=shown.date(),
        through=shown.date(),
        at=at,
        clock=f"{shown:%H:%M}",
        seconds=(at - found.due_at) // SECOND,
        count=0,
        name="",
        name_zh="",
    )
    return replace(found, due_at=at, steps=(*found.steps, step))
