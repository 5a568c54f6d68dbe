"""Stage `recall`: when things of a recall happened, for rules whose clocks start there.

What belongs here: reading moments out of the recall's state. What never does: which rule asks
(domain/triggers.py), or a limit.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.state.recall import RecallState

Findings = tuple[tuple[str, datetime], ...]
"""What the investigation found, and when it was signed."""


def decided_at(recall: RecallState, actions: Iterable[str]) -> datetime | None:
    """Give when one of these was first decided; a decision not to recall is none of them."""
    wanted = set(actions)
    return min((d.at for d in recall.decisions if d.kind in wanted), default=None)


def changes(recall: RecallState, findings: Findings) -> tuple[datetime, ...]:
    """Give when the recall became another: its scope, its plan, or what is known of the cause."""
    planned = (recall.plan.at,) * recall.plans if recall.plan is not None else ()
    return (*(one.at for one in recall.versions), *planned, *(at for _, at in findings))


def changed_after(recall: RecallState, findings: Findings, sent_at: datetime) -> datetime | None:
    """Give when the recall last changed, if that was after a report of it was sent."""
    return max((at for at in changes(recall, findings) if at > sent_at), default=None)
