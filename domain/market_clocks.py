"""The clock that people of a market read a public text by: its main zone, and its distance to UTC.

What belongs here: which zone a market has, and how far it is from UTC at an instant. What never
does: when something is due (domain/clock.py, by calendars that an incident keeps), or how a time is
written (domain/in_words.py).

The rules are written out: a text is made again by `decide` on every later replay, and may not
follow what a machine's own list of zones says then. They hold from 2007 on; tests hold them against
that list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

_CET: Final = "AT BE CH CZ DK HR HU LI LU MT NL NO PL SE SI SK".split()

MARKET_ZONES: Final = {
    "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "TW": "Asia/Taipei", "SG": "Asia/Singapore",
    "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "US": "America/New_York", "GB": "Europe/London",
    "EU": "Europe/Brussels", "DE": "Europe/Berlin", "FR": "Europe/Paris", "ES": "Europe/Madrid",
    "IT": "Europe/Rome",
} | dict.fromkeys(_CET, "Europe/Brussels")  # fmt: skip
"""Of a market with several clocks the main one; a market that is not here has none."""

_EASTERN: Final = {
    "BG": "Europe/Sofia", "CY": "Asia/Nicosia", "EE": "Europe/Tallinn", "FI": "Europe/Helsinki",
    "GR": "Europe/Athens", "LT": "Europe/Vilnius", "LV": "Europe/Riga", "RO": "Europe/Bucharest",
}  # fmt: skip

AUTHORITY_ZONES: Final = MARKET_ZONES | _EASTERN | {
    "XI": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon",
    "IS": "Atlantic/Reykjavik", "CA": "America/Toronto", "MX": "America/Mexico_City",
    "BR": "America/Sao_Paulo", "AU": "Australia/Sydney", "NZ": "Pacific/Auckland",
    "BN": "Asia/Brunei", "ID": "Asia/Jakarta", "KH": "Asia/Phnom_Penh", "LA": "Asia/Vientiane",
    "MM": "Asia/Yangon", "MY": "Asia/Kuala_Lumpur", "PH": "Asia/Manila", "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip
"""By which clock a day ends that an authority sets: the one of its market's calendar.

Public texts are told by MARKET_ZONES alone: what they said may never read otherwise.
"""


ZONES_AT_MOST: Final = 3
"""Clocks that one moment is told by, side by side."""


@dataclass(frozen=True, slots=True)
class _Zone:
    """Hours ahead of UTC in winter, and by whose rule an hour is added in summer."""

    hours: float
    summer: str = ""


_ZONES: Final = {
    "Asia/Shanghai": _Zone(8), "Asia/Hong_Kong": _Zone(8), "Asia/Taipei": _Zone(8),
    "Asia/Singapore": _Zone(8), "Asia/Tokyo": _Zone(9), "Asia/Seoul": _Zone(9),
    "America/New_York": _Zone(-5, "US"), "Europe/London": _Zone(0, "EU"),
    "Europe/Brussels": _Zone(1, "EU"), "Europe/Berlin": _Zone(1, "EU"),
    "Europe/Paris": _Zone(1, "EU"), "Europe/Madrid": _Zone(1, "EU"), "Europe/Rome": _Zone(1, "EU"),
    "Europe/Dublin": _Zone(0, "EU"), "Europe/Lisbon": _Zone(0, "EU"),
    "Atlantic/Reykjavik": _Zone(0), "America/Toronto": _Zone(-5, "US"),
    "America/Mexico_City": _Zone(-6), "America/Sao_Paulo": _Zone(-3),
    "Australia/Sydney": _Zone(10, "AU"), "Pacific/Auckland": _Zone(12, "NZ"),
    "Asia/Brunei": _Zone(8), "Asia/Jakarta": _Zone(7), "Asia/Phnom_Penh": _Zone(7),
    "Asia/Vientiane": _Zone(7), "Asia/Yangon": _Zone(6.5), "Asia/Kuala_Lumpur": _Zone(8),
    "Asia/Manila": _Zone(8), "Asia/Bangkok": _Zone(7), "Asia/Ho_Chi_Minh": _Zone(7),
} | dict.fromkeys(_EASTERN.values(), _Zone(2, "EU"))  # fmt: skip


def common_zone(markets: Iterable[str]) -> str:
    """Name the zone that all of some markets share; "" where they differ or one is not known."""
    zones = {MARKET_ZONES.get(market, "") for market in markets}
    return zones.pop() if len(zones) == 1 else ""


def several_zones(markets: Iterable[str]) -> str:
    """Name the zones of some markets one behind the other; "" for too many, or one not known."""
    zones = sorted({MARKET_ZONES.get(market, "") for market in markets})
    return " ".join(zones) if all(zones) and len(zones) <= ZONES_AT_MOST else ""


def at_zone(at: datetime, zone: str) -> datetime:
    """Show an instant on the clock of one of these zones."""
    kept, instant = _ZONES[zone], at.astimezone(UTC)
    hours = kept.hours + _is_summer(instant, kept)
    return instant.astimezone(timezone(timedelta(hours=hours)))


def end_of_day(on: date, zone: str) -> datetime:
    """Give the last second of a day on the clock of one of these zones; raises OverflowError."""
    kept = _ZONES[zone]
    last = datetime(on.year, on.month, on.day, 23, 59, 59, tzinfo=UTC) - timedelta(hours=kept.hours)
    return last - timedelta(hours=_is_summer(last, kept))


def law_day(at: datetime, market: str) -> date:
    """Give the day that it is by the law of a market; by UTC where its clock is not kept here."""
    zone = _law_zone(market)
    return (at_zone(at, zone) if zone else at.astimezone(UTC)).date()


def begin_of_day(on: date, market: str) -> datetime:
    """Give the first instant of a day by the law of a market, as `law_day` tells days."""
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    zone = _law_zone(market)
    if not zone:
        return midnight
    kept = _ZONES[zone]
    winter_at = midnight - timedelta(hours=kept.hours)
    # No clock of these changes in the hour before midnight: the day before tells the same.
    return winter_at - timedelta(hours=_is_summer(winter_at - timedelta(hours=1), kept))


def _law_zone(market: str) -> str:
    return MARKET_ZONES.get({"XI": "GB"}.get(market, market), "")


def _is_summer(at: datetime, zone: _Zone) -> bool:
    """Say whether an hour is added: Directive 2000/84/EC; Energy Policy Act of 2005, sec. 110.

    Standard Time Act 1987 (NSW); New Zealand Daylight Time Order 2007.
    """
    if zone.summer == "EU":
        return (
            _sunday(at.year, 3, last=True, hour=1) <= at < _sunday(at.year, 10, last=True, hour=1)
        )
    if zone.summer == "US":
        begins = _sunday(at.year, 3, nth=2) + timedelta(hours=2 - zone.hours)
        return begins <= at < _sunday(at.year, 11, nth=1) + timedelta(hours=1 - zone.hours)
    if zone.summer in ("AU", "NZ"):
        # Both ends at 2:00 of winter; summer spans the turn of the year.
        later = timedelta(hours=2 - zone.hours)
        begins = _sunday(at.year, 9, last=True) if zone.summer == "NZ" else _sunday(at.year, 10)
        return at >= begins + later or at < _sunday(at.year, 4) + later
    return False


def _sunday(year: int, month: int, *, hour: int = 0, nth: int = 1, last: bool = False) -> datetime:
    """Give an hour, by UTC, of a Sunday of a month: the last one, or the nth."""
    if last:
        days = (datetime(year, month + 1, 1, tzinfo=UTC) - timedelta(days=1)).day
        end = datetime(year, month, days, hour, tzinfo=UTC)
        return end - timedelta(days=(end.weekday() + 1) % 7)
    first = datetime(year, month, 1, hour, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))
