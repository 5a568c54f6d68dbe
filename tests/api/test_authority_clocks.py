"""Every authority's time stands by the clock that its limit is counted by, and names its city."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from activities.calendar_places import REGION_ZONES, SAME_AS, SUNDAYS_ONLY, ZONES
from activities.calendars import derived
from activities.zones import city_of, zone_of
from api.pages.duty_names import clock_of
from api.words import words_of
from domain.envelope import DueRequest
from domain.open_duties import OpenDuty
from domain.regulations import OF_COUNTRY, Rule
from domain.wire import read_instant
from tests.api.test_lens import lens
from tests.domain.story import regulations, rules

BEGAN = "2026-12-04T03:10:00Z"
"""Not yet the same day everywhere when it starts, and none of the limits ends at noon."""

CASES = [
    pytest.param(rule, country, id=f"{rule.id}:{country}")
    for rule in regulations()
    if rule.limit.text != "at once"
    for country in (ZONES if rule.calendar == OF_COUNTRY else (rule.market,))
]


def head_of(rule: Rule, country: str) -> tuple[OpenDuty, str]:
    row = SimpleNamespace(rule=rule.id, place=country, market=rule.market)
    return cast("OpenDuty", row), country if rule.calendar == OF_COUNTRY else rule.calendar


@pytest.mark.parametrize("place", [*ZONES, *REGION_ZONES, *SAME_AS, *SUNDAYS_ONLY, "GB-NIR", "EU"])
def test_every_calendar_has_a_clock_with_a_city_in_both_languages(place: str) -> None:
    zone = zone_of(place)
    assert zone == {**ZONES, **REGION_ZONES}.get(place, zone) != ""
    assert city_of(words_of("en"), zone).isascii()
    assert not city_of(words_of("zh"), zone).isascii()


@pytest.mark.parametrize(("rule", "country"), CASES)
def test_the_day_in_the_head_is_the_day_in_the_last_step(rule: Rule, country: str) -> None:
    row, calendar = head_of(rule, country)
    request = DueRequest(
        start_at=BEGAN, limit=rule.limit.text, calendar=calendar, counting=str(rule.counting or "")
    )
    found = derived(request)
    reader = lens("en", rules())
    at, last = read_instant(found.due_at), found.steps[-1]
    place = clock_of(row, reader)
    told = reader.due(at, place)
    day = datetime.fromisoformat(last.through or last.on)
    by_day = last.kind == "end_of_day"
    shown = str(told["text"] if by_day else told.get("authority", told["text"]))
    assert f"{day:%a} {day.day} {day:%b}" in shown or f"{day.day} {day:%b %Y}" in shown, told
    if by_day:
        assert "end of" in shown
        assert reader.due_on(at, place) == day.date()


@pytest.mark.parametrize(
    ("language", "text", "beside"),
    [
        ("en", "end of Sat 19 Dec, Dublin", "Sun 20 Dec, 07:59 Beijing"),
        ("zh_CN", "都柏林12月19日（周六）当天结束", "北京 12月20日（周日）07:59"),
    ],
    ids=["en", "zh"],
)
def test_a_day_of_dublin_is_said_as_one_and_ours_beside_it(
    language: str, text: str, beside: str
) -> None:
    due = lens(language).due(datetime(2026, 12, 19, 23, 59, 59, tzinfo=UTC), "IE")
    assert (due["text"], due["authority"]) == (text, beside)
