"""The moment an activity runs at: the server's time, so that simulations keep their own.

What belongs here: that one question. What never does: a time that is recorded in the ledger
(that is the workflow's).
"""

from datetime import UTC, datetime

from temporalio import activity


def now() -> datetime:
    """Give the time the server started this attempt, or the host's outside an activity."""
    if activity.in_activity():
        return activity.info().started_time
    return datetime.now(UTC)
