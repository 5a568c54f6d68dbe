"""The time that an authority sets: an hour, or a day that ends by the authority's own clock.

What belongs here: reading such a time, and refusing one that cannot be meant. What never does: what
is due by it (domain/authorities.py, domain/authority_record.py).
"""

from datetime import date, datetime, timedelta

from domain.errors import Refused
from domain.market_clocks import AUTHORITY_ZONES, end_of_day

FURTHEST = timedelta(days=3660)
"""No authority asks for an answer later than that: the year is mistyped."""


def asked_by(
    market: str, at: datetime | None, on: date | None, *, after: datetime
) -> datetime | None:
    """Give the time that an authority set: an hour, or the end of a day by its own clock.

    Raises Refused for a time before the act, or for a day in a market whose clock is not known.
    """
    if at is not None and on is not None:
        raise Refused(
            "A time and a day are given for the same thing.", "Keep one of them.", code="two_times"
        )
    if on is not None:
        at = _end_of(on, market)
    if at is None:
        return None
    if at <= after:
        raise Refused(
            "The answer would be due before the act came.", "Correct the time.", code="due_before"
        )
    if at - after > FURTHEST:
        raise Refused(
            "That time is more than ten years ahead.", "Correct the year.", code="due_far"
        )
    return at


def _end_of(on: date, market: str) -> datetime:
    zone = AUTHORITY_ZONES.get(market)
    if zone is None:
        raise Refused(
            f"By which clock the day ends in {market} is not known here.",
            "Write the time with its hour.",
            code="no_clock",
        )
    try:
        return end_of_day(on, zone)
    except OverflowError:
        raise Refused(
            "That time is more than ten years ahead.", "Correct the year.", code="due_far"
        ) from None
