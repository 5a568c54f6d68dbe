"""Rounds that last nearly until the next one begins: they look every few seconds.

What belongs here: the time of such a round, and how it ends. What never does: what is looked for.

Temporal's server keeps one short history for each round, for as long as histories are kept: what
looks every few seconds and began anew each time would leave thousands a day.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import moment

ROUND_S: Final = 295.0
"""Seconds of a round: the next begins five minutes after this one did (workflows/schedules.py)."""

ALIVE_EVERY_S: Final = 1.0


def every(pause_s: float, round_s: float, look: Callable[[], int]) -> int:
    """Look, pause, and look again until the round is over; gives the sum of what was found.

    With `round_s` 0 it looks once.
    """
    ends = time.monotonic() + round_s - waited_s()
    found = 0
    while True:
        found += look()
        if time.monotonic() >= ends:
            return found
        if not rested(min(time.monotonic() + pause_s, ends)):
            leave_to_the_next()


def running_clock() -> Callable[[], datetime]:
    """Give what tells the time within a round: when its attempt began, and how long that is ago."""
    began, began_at = time.monotonic(), moment.now()
    return lambda: began_at + timedelta(seconds=time.monotonic() - began)


def rested(until: float) -> bool:
    """Wait until a moment of the monotonic clock; say False where this worker is told to stop."""
    while not must_stop():
        still_here()
        left = until - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(left, ALIVE_EVERY_S))
    return False


def waited_s() -> float:
    """Give how long ago the first attempt of this round was asked for."""
    if not activity.in_activity():
        return 0.0
    info = activity.info()
    return max((info.started_time - info.scheduled_time).total_seconds(), 0.0)


def still_here() -> None:
    """Give a sign of life."""
    if activity.in_activity():
        activity.heartbeat()


def must_stop() -> bool:
    """Say whether this worker is told to stop."""
    return activity.in_activity() and (activity.is_worker_shutdown() or activity.is_cancelled())


def leave_to_the_next() -> None:
    """Ask Temporal for another attempt: the worker that starts next goes on at once."""
    raise ApplicationError(
        "The rest of this round is another worker's.",
        type="not_done_yet",
        category=ApplicationErrorCategory.BENIGN,  # every worker that stops does this
    )
