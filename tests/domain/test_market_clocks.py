"""The clocks of markets, held against the list of zones that comes with Python's tzdata."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.market_clocks import AUTHORITY_ZONES, at_zone, begin_of_day, common_zone, law_day
from domain.references import Clock


@pytest.mark.parametrize("zone", sorted(set(AUTHORITY_ZONES.values())))
def test_a_zone_is_as_far_from_utc_as_the_list_says(zone: str) -> None:
    at = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)
    while at.year < 2031:
        assert at_zone(at, zone).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset(), at
        at += timedelta(hours=1 if at.month in (3, 4, 9, 10, 11) else 24)


def test_markets_share_a_zone_or_have_none() -> None:
    assert common_zone(("DE",)) == "Europe/Berlin"
    assert common_zone(("AT", "NL")) == "Europe/Brussels"
    assert common_zone(("DE", "US")) == common_zone(("BR",)) == common_zone(()) == ""


@pytest.mark.parametrize("market", ["CN", "US", "GB", "EU", "XI", "AU"])
def test_a_day_of_law_begins_with_its_first_instant_on_the_clock_of_its_market(market: str) -> None:
    on = date(2026, 1, 1)
    while on.year < 2028:
        begins_at = begin_of_day(on, market)
        assert law_day(begins_at, market) == on
        assert law_day(begins_at - timedelta(seconds=1), market) == on - timedelta(days=1)
        on += timedelta(days=1)


def beijing(at: datetime) -> datetime:
    return at_zone(at, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("markets", "language", "zone"),
    [
        (("DE",), "de", "Europe/Berlin"),
        (("CN", "US", "DE"), "de", "Europe/Berlin"),
        (("CN", "US", "DE"), "en", "America/New_York"),
        (("CN", "US", "DE"), "zh-CN", "Asia/Shanghai"),
        (("US", "GB"), "en", "America/New_York Europe/London"),
        (("US", "GB"), "en-GB", "Europe/London"),
        (("US", "IE"), "en", ""),
        (("CN", "US", "DE", "GB"), "ja", ""),
        (("BR",), "pt", ""),
        ((), "de", "Asia/Shanghai"),
    ],
)
def test_readers_are_told_the_time_of_their_market(
    markets: tuple[str, ...], language: str, zone: str
) -> None:
    assert Clock(beijing, "Asia/Shanghai", markets=markets).told_by(language)[1] == zone
