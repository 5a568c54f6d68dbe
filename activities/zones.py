"""By whose clock a time is told, and how long it is until then, in words.

What belongs here: which clock a market has, and writing an instant by it. What never does: when
something is due (domain/clock.py).
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from activities.calendars import zone_of as zone_of_calendar
from activities.words import Words, ends_day
from domain.clock_words import city_name
from domain.errors import Malformed
from domain.market_clocks import MARKET_ZONES

HOME: Final = "CN"
"""The company's home market: its clock is the one on the wall of whoever is told."""

UNION: Final = "EU"
"""The one market with a clock and no calendar of its own: its authorities sit in Brussels."""

HOURS_TOLD: Final = timedelta(hours=48)
"""From this length of time on it is told in days alone."""


@lru_cache(maxsize=512)
def zone_of(place: str) -> str:
    """Name the zone of a market, a country or a calendar, as duties are counted; "" for none."""
    if place == UNION:
        return MARKET_ZONES[UNION]
    try:
        return zone_of_calendar(place)
    except Malformed:
        return ""


HOME_ZONE: Final = zone_of(HOME)


def city_of(words: Words, zone: str) -> str:
    """Name the city of a zone in the language of these words."""
    return city_name(zone, words.pick("en", "zh"))


def named_clock(words: Words, zone: str) -> str:
    """Name the clock of a zone by its city: Dublin time, 都柏林时间."""
    city = city_of(words, zone)
    return words.pick(f"{city} time", f"{city}时间")


def by_the_clock(words: Words, at: datetime, market: str, now: datetime) -> str:
    """Write by when something is due by the clock of a market, which it names."""
    zone = ZoneInfo(zone_of(market))
    told, name = words.until(at, zone, now), named_clock(words, str(zone))
    if words.is_chinese:
        return f"{name}{told}"
    return f"{told}, {name}" if ends_day(at, zone) else f"{told} {name}"


def by_both_clocks(words: Words, at: datetime, market: str, now: datetime) -> str:
    """Write an instant by the clock of its market, and beside it by the one on our own wall.

    A market without a clock of its own here is told by ours alone.
    """
    here = by_the_clock(words, at, HOME, now)
    if zone_of(market) in ("", HOME_ZONE):
        return here
    return words.pick("{} ({})", "{}（{}）").format(by_the_clock(words, at, market, now), here)


def time_left(words: Words, at: datetime, now: datetime) -> str:
    """Say how long it is until an instant, or how long ago it was."""
    length = _length(words, abs(at - now))
    if at < now:
        return words.gettext("%(span)s ago") % {"span": length}
    return words.gettext("in %(span)s") % {"span": length}


def _length(words: Words, length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    if minutes < 1:
        return words.gettext("under a minute")
    if minutes < 60:
        return words.gettext("%(m)s min") % {"m": minutes}
    if length < HOURS_TOLD:
        return words.gettext("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}
    return words.gettext("%(d)s days") % {"d": length.days}
