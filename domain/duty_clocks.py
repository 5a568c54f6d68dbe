"""Which clock over a duty something due is, and whether the time it names is a target of our own.

What belongs here: reading that from a due's key, for pages and terminals alike. What never does: a
due time (domain/notice.py), or how far a duty binds (domain/urgency.py).
"""

from typing import Final

from domain.dispatch import Due
from domain.duties import DUE_KEY
from domain.state import Incident
from domain.state.notice import Duty
from domain.urgency import is_ours

OURS: Final = ("duty_phone", "duty_target")
"""Our own earlier times for a filing, by how the keys of their clocks begin."""

JUDGE: Final = "judge_duty"
LEADING: Final = (JUDGE, DUE_KEY.rstrip(":"), "set_due")
"""What asks for the act under a duty, the first one first: whether it is reportable at all."""

CLOCKS: Final = (*LEADING, *OURS)


def is_our_time(incident: Incident, due: Due) -> bool:
    """Say whether a clock over a duty is a target of ours: late by it is not late by the law."""
    duty = duty_of(incident, due)
    return duty is not None and (kind_of(due) in OURS or is_ours(duty))


def kind_of(due: Due) -> str:
    """Give what kind of clock a due is: the first part of its key."""
    return due.key.partition(":")[0]


def duty_of(incident: Incident, due: Due) -> Duty | None:
    """Give the duty that a due is a clock over; None for any other due."""
    return incident.notice.duties.get(due.item) if kind_of(due) in CLOCKS else None
