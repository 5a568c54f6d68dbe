"""Calendars built from the packages, held against the lists typed by hand and the time zones."""

import asyncio
import json
import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.calendar_places import (
    ANNOUNCED_THROUGH,
    REGION_ZONES,
    SAME_AS,
    SUNDAYS_ONLY,
    SWAPPED_YEARLY,
    ZONES,
)
from activities.calendars import (
    FIRST_YEAR,
    LAST_YEAR,
    DerivedDue,
    build_calendar,
    derive_due,
    hash_of,
)
from domain.clock import DAY, Calendar, Counting, Doubt, Provisional, is_working_day, local
from domain.clock_words import clock_name
from domain.envelope import DueRequest
from domain.errors import Malformed
from domain.markets import EU_AND_EEA
from domain.wire import decode, encode
from tests.domain.test_clock import CN, DE, ENGLAND, SG, SYDNEY, US

CODES = [*ZONES, *SAME_AS, *SUNDAYS_ONLY, *REGION_ZONES, "DE-BE", "FR-57", "GB-ENG"]
NOTICES = sorted(holidays.country_holidays("CN").special_public_holidays)
LAST_NOTICE = NOTICES[-1]


def off_days(calendar: Calendar, year: int) -> list[date]:
    """List the days of a year that are not worked."""
    first_on = date(year, 1, 1)
    days = (first_on + n * DAY for n in range((date(year + 1, 1, 1) - first_on).days))
    return [on for on in days if not is_working_day(on, calendar)]


@pytest.mark.parametrize(
    ("by_hand", "years"),
    [
        pytest.param(CN, (2026,), id="CN-as-the-notice-of-4-november-2025"),
        pytest.param(US, (2026, 2027, 2028), id="US-as-5-USC-6103"),
        pytest.param(DE, (2026, 2027), id="DE"),
        pytest.param(ENGLAND, (2026, 2027), id="GB-ENG-as-gov-uk"),
        pytest.param(SG, (2026,), id="SG-HSA-sundays-and-public-holidays"),
        pytest.param(SYDNEY, (2026,), id="AU"),
    ],
)
def test_built_days_off_are_those_typed_by_hand(by_hand: Calendar, years: tuple[int, ...]) -> None:
    built = build_calendar(by_hand.code, years)
    for year in years:
        assert off_days(built, year) == off_days(by_hand, year)
    assert built.zone == by_hand.zone


@pytest.mark.parametrize(
    ("code", "on", "worked"),
    [
        ("DE", "2026-03-08", False),
        ("DE", "2027-03-08", True),
        ("DE-BE", "2027-03-08", False),
        ("GB", "2026-08-31", True),
        ("GB-ENG", "2026-08-31", False),
        ("FR", "2026-07-14", False),
        ("FR", "2027-03-26", True),
        ("FR-57", "2027-03-26", False),
        ("JP", "2026-05-06", False),
        ("JP", "2026-09-22", False),
        ("KR", "2026-09-24", False),
        ("KR", "2026-10-05", False),
        ("TW", "2026-02-20", False),
        ("TW", "2026-02-27", False),
        ("SG", "2026-10-31", False),
        ("SG-HSA", "2026-10-31", True),
        ("SG-HSA", "2026-11-09", False),
        ("CA", "2026-05-18", True),
        ("CA-ON", "2026-05-18", False),
        ("AU", "2026-06-08", True),
        ("AU-NSW", "2026-06-08", False),
        ("XI", "2026-03-17", False),
        ("GB", "2026-03-17", True),
        ("XI", "2026-07-13", False),
        ("IT", "2026-06-02", False),
        ("IT", "2026-06-29", True),
        ("IT-RM", "2026-06-29", False),
        ("ES", "2026-04-02", True),
        ("ES-MD", "2026-04-02", False),
        ("AT", "2026-10-26", False),
        ("AT-9", "2026-11-15", False),
        ("PT", "2026-06-10", False),
        ("CH", "2026-04-06", True),
        ("CH-ZH", "2026-04-06", False),
        ("HU", "2026-08-08", True),
        ("HU", "2026-08-21", False),
        ("LI", "2026-09-08", False),
        ("LI", "2026-02-02", True),
        ("LI", "2026-03-19", True),
        ("SK", "2026-05-08", True),
        ("SK", "2025-05-08", False),
        ("IS", "2026-06-17", False),
        ("NO", "2027-05-17", False),
        ("MY", "2026-11-08", False),
        ("MY", "2026-11-09", True),
        ("MY", "2026-06-02", False),
        ("MY-10", "2026-11-09", False),
        ("MY-03", "2026-09-18", False),
        ("MY-03", "2026-09-20", True),
        ("BN", "2026-09-18", False),
        ("BN", "2026-09-19", True),
        ("HK", "2026-09-19", True),
        ("ID", "2026-08-17", False),
        ("TH", "2026-04-15", False),
        ("VN", "2026-08-22", True),
        ("VN", "2026-08-31", False),
        ("PH", "2026-11-30", False),
    ],
)
def test_days_of_other_places(code: str, on: str, worked: bool) -> None:
    day = date.fromisoformat(on)
    assert is_working_day(day, build_calendar(code, (day.year,))) is worked


def test_every_member_of_the_union_and_the_eea_and_of_asean_has_a_calendar() -> None:
    asean = set("BN ID KH LA MM MY PH SG TH VN".split())
    assert set(ZONES) >= EU_AND_EEA | asean
    for code in sorted(EU_AND_EEA | asean | {"XI"}):
        calendar = build_calendar(code, (2026, 2027))
        assert calendar.code == code
        assert len(calendar.holidays) > 10


REGIONAL = "AT AU BE BR CA CH DE ES FI FR GB IT NL NO NZ PL PT".split()


@pytest.mark.parametrize("country", REGIONAL)
def test_a_plain_code_counts_only_days_that_are_off_in_every_region(country: str) -> None:
    years = range(2026, 2028)
    everywhere = holidays.country_holidays(country, years=years, expand=False)
    for region in everywhere.subdivisions:
        own = holidays.country_holidays(country, subdiv=region, years=years, expand=False)
        assert [on for on in everywhere if on not in own and not own.is_weekend(on)] == []


@pytest.mark.parametrize(
    ("code", "midnight"),
    [
        ("ES", "2026-01-14T23:00+00:00"),
        ("ES-MD", "2026-01-14T23:00+00:00"),
        ("ES-CN", "2026-01-15T00:00+00:00"),
        ("PT", "2026-01-15T00:00+00:00"),
        ("PT-20", "2026-01-15T01:00+00:00"),
        ("FR", "2026-01-14T23:00+00:00"),
        ("FR-974", "2026-01-14T20:00+00:00"),
        ("ID", "2026-01-14T17:00+00:00"),
        ("MM", "2026-01-14T17:30+00:00"),
        ("BR", "2026-01-15T03:00+00:00"),
        ("BR-AM", "2026-01-15T04:00+00:00"),
    ],
)
def test_the_clock_is_that_of_the_capital_but_for_regions_with_their_own(
    code: str, midnight: str
) -> None:
    shown = local(datetime.fromisoformat(midnight), build_calendar(code, (2026,)))
    assert f"{shown:%Y-%m-%d %H:%M}" == "2026-01-15 00:00"


def test_years_over_which_a_weekend_changed_are_not_built_in_one() -> None:
    with pytest.raises(Malformed, match="MY-01 changed between 2024 and 2025") as refusal:
        build_calendar("MY-01", (2024, 2025))
    assert refusal.value.code == "calendar_not_covered"
    assert build_calendar("MY-01", (2024,)).weekend == (4, 5)
    assert build_calendar("MY-01", (2025, 2027)).weekend == (5, 6)


@pytest.mark.parametrize("code", sorted(ZONES))
@given(at=st.datetimes(datetime(2026, 1, 2), datetime(2028, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - zones are drawn beside
def test_the_clock_shows_what_the_zone_database_says(code: str, at: datetime) -> None:
    calendar = build_calendar(code, (2026, 2027, 2028))
    assert local(at, calendar).replace(tzinfo=None) == at.astimezone(
        ZoneInfo(calendar.zone)
    ).replace(tzinfo=None)


@pytest.mark.parametrize("code", sorted(ZONES))
def test_the_clock_changes_at_the_very_second(code: str) -> None:
    calendar = build_calendar(code, (2026, 2027))
    zone = ZoneInfo(calendar.zone)
    for change in calendar.offsets[1:]:
        for at in (change.from_at - timedelta(seconds=1), change.from_at):
            assert local(at, calendar).utcoffset() == at.astimezone(zone).utcoffset()


# ---------------------------------------------------------------- how sure


def test_a_year_without_a_chinese_notice_is_provisional_with_the_days_before_it() -> None:
    calendar = build_calendar("CN", (LAST_NOTICE, LAST_NOTICE + 1, LAST_NOTICE + 2))
    assert calendar.provisional == (
        Provisional(
            first_on=date(LAST_NOTICE, 12, 29),
            last_on=date(LAST_NOTICE + 2, 12, 31),
            reason=Doubt.NOT_PUBLISHED,
        ),
    )


def test_no_make_up_day_is_known_where_there_is_no_notice() -> None:
    later = build_calendar("CN", (LAST_NOTICE + 1,))
    assert later.make_up_days == ()
    assert later.holidays


def test_published_chinese_years_are_certain_and_2026_is_published() -> None:
    assert LAST_NOTICE >= 2026
    assert build_calendar("CN", (FIRST_YEAR, LAST_NOTICE - 1)).provisional == ()


def test_chinese_make_up_days_are_weekend_days_of_a_published_year() -> None:
    calendar = build_calendar("CN", (FIRST_YEAR, LAST_NOTICE))
    assert {on.weekday() for on in calendar.make_up_days} == {5, 6}
    assert {on.year for on in calendar.make_up_days} == set(range(FIRST_YEAR, LAST_NOTICE + 1))


def test_a_make_up_day_of_december_comes_from_next_years_notice() -> None:
    # 31 December 2011, a Saturday, was worked for 3 January 2012.
    assert date(2011, 12, 31) in build_calendar("CN", (2011,)).make_up_days


@pytest.mark.parametrize(
    ("code", "years", "doubtful_from"),
    [
        pytest.param("US", (2026, 2040), None, id="US-by-statute"),
        pytest.param("DE", (2026, 2040), None, id="DE-by-statute"),
        pytest.param("SG", (2026, 2027), None, id="SG-announced"),
        pytest.param("SG", (2026, 2029), date(2028, 1, 1), id="SG-moon-sightings"),
        pytest.param("SG-HSA", (2028, 2028), date(2028, 1, 1), id="SG-HSA-as-SG"),
        pytest.param("JP", (2026, 2027), None, id="JP-equinoxes-announced"),
        pytest.param(
            "JP",
            (2026, 2030),
            date(ANNOUNCED_THROUGH["JP"] + 1, 1, 1),
            id="JP-equinoxes-computed",
        ),
        pytest.param("MY", (2025, 2027), None, id="MY-gazetted"),
        pytest.param("MY", (2026, 2029), date(2028, 1, 1), id="MY-moon-sightings"),
        pytest.param("MY-13", (2028, 2028), date(2028, 1, 1), id="MY-Sarawak-too"),
        pytest.param("ID", (2025, 2026), None, id="ID-joint-decree"),
        pytest.param("ID", (2026, 2028), date(2027, 1, 1), id="ID-moon-sightings"),
        pytest.param("BN", (2026, 2028), date(2027, 1, 1), id="BN-moon-sightings"),
        pytest.param("PH", (2026, 2028), date(2027, 1, 1), id="PH-moon-sightings"),
        pytest.param("TH", (2025, 2028), date(2027, 1, 1), id="TH-after-the-last-list"),
        pytest.param("KH", (2025, 2028), date(2026, 1, 1), id="KH-after-the-last-list"),
        pytest.param("LA", (2025, 2028), date(2027, 1, 1), id="LA-after-the-last-list"),
        pytest.param("IT", (2026, 2040), None, id="IT-by-statute"),
        pytest.param("ES", (2026, 2040), None, id="ES-plain-without-the-moon-of-Ceuta"),
        pytest.param("ES-CE", (2026, 2027), date(2027, 1, 1), id="ES-Ceuta"),
        pytest.param("KR", (2026, 2040), None, id="KR-moon-is-computed"),
    ],
)
def test_estimates_are_marked(
    code: str, years: tuple[int, ...], doubtful_from: date | None
) -> None:
    spans = build_calendar(code, years).provisional
    assert [span.first_on for span in spans] == ([doubtful_from] if doubtful_from else [])
    assert all(span.reason is Doubt.ESTIMATED for span in spans)


@pytest.mark.parametrize("code", sorted(SWAPPED_YEARLY))
def test_a_year_without_an_order_for_worked_saturdays_is_provisional(code: str) -> None:
    last = max(holidays.country_holidays(code).special_public_holidays)
    calendar = build_calendar(code, (last, last + 2))
    assert calendar.provisional == (
        Provisional(
            first_on=date(last + 1, 1, 1),
            last_on=date(last + 2, 12, 31),
            reason=Doubt.NOT_PUBLISHED,
        ),
    )


# ---------------------------------------------------------------- where it came from


@pytest.mark.parametrize("code", CODES)
def test_a_calendar_travels_and_carries_its_own_hash(code: str) -> None:
    calendar = build_calendar(code, (2026, 2027))
    back = decode(Calendar, json.loads(json.dumps(encode(Calendar, calendar))))
    assert back == calendar
    assert hash_of(back) == calendar.hash
    assert len(calendar.hash) == 64
    assert "holidays 0." in calendar.version
    assert calendar.zone in calendar.source
    assert [name.on for name in calendar.names] == list(calendar.holidays)


def test_any_change_changes_the_hash() -> None:
    calendar = build_calendar("CN", (2026,))
    changed = [
        replace(calendar, make_up_days=calendar.make_up_days[1:]),
        replace(calendar, holidays=calendar.holidays[1:]),
        replace(calendar, version="another"),
        build_calendar("CN", (2026, 2027)),
    ]
    hashes = {hash_of(each) for each in changed}
    assert len(hashes | {calendar.hash}) == len(changed) + 1


def test_names_are_told_in_english_and_chinese() -> None:
    names = {name.on: name for name in build_calendar("CN", (2026,)).names}
    assert names[date(2026, 10, 1)].zh == "国庆节"
    assert names[date(2026, 10, 7)].en == "Day off (substituted from 2026-10-10)"
    assert build_calendar("US", (2026,)).names[0].zh == ""


@pytest.mark.parametrize(
    "code", ["", "XX", "cn", "DE-", "DE-XX", "US-TX", "AU-XX", "EU", "SG-XX", "FR-REU", "XI-X"]
)
def test_an_unknown_place_is_refused_with_those_that_are_known(code: str) -> None:
    with pytest.raises(Malformed, match="SG-HSA") as refusal:
        build_calendar(code, (2026,))
    assert refusal.value.code == "no_calendar"


@pytest.mark.parametrize("years", [(), (FIRST_YEAR - 1,), (2026, LAST_YEAR + 1)])
def test_years_out_of_reach_are_refused(years: tuple[int, ...]) -> None:
    with pytest.raises(Malformed, match=f"{FIRST_YEAR} to {LAST_YEAR}"):
        build_calendar("CN", years)


def test_each_of_the_authorities_calendars_can_be_built() -> None:
    for code in CODES:
        assert build_calendar(code, (2026, 2027, 2028)).holidays


# ---------------------------------------------------------------- the activity


def derive(start: str, limit: str, calendar: str, counting: str = "") -> DerivedDue:
    """Run the activity as a worker does."""
    return ActivityEnvironment().run(derive_due, DueRequest(start, limit, calendar, counting))


@pytest.mark.parametrize(
    ("start", "limit", "calendar", "counting", "expected"),
    [
        pytest.param(
            "2026-09-25T10:00+08:00",
            "15 d",
            "CN",
            "day_after",
            "2026-10-10T15:59:59.000000Z",
            id="CN-serious-reaction-15-days",
        ),
        pytest.param(
            "2026-09-30T10:00+08:00",
            "2 wd",
            "CN",
            "",
            "2026-10-09T15:59:59.000000Z",
            id="CN-two-working-days-over-national-day",
        ),
        pytest.param(
            "2026-11-09T10:00-05:00",
            "15 wd",
            "US",
            "",
            "2026-12-03T04:59:59.000000Z",
            id="US-serious-event-15-business-days",
        ),
        pytest.param(
            "2026-10-10T09:00+02:00",
            "20 d",
            "DE",
            "day_after",
            "2026-10-30T22:59:59.000000Z",
            id="EU-20-days-over-clocks-back",
        ),
        pytest.param(
            "2026-11-02T10:00+08:00",
            "-24 h",
            "SG-HSA",
            "open_days",
            "2026-10-31T02:00:00.000000Z",
            id="SG-24-h-before-without-sunday",
        ),
        pytest.param(
            "2026-11-22T10:00+08:00",
            "6 mo",
            "TW",
            "",
            "2027-05-22T15:59:59.000000Z",
            id="TW-third-class-recall-6-months",
        ),
        pytest.param(
            "2026-02-10T10:00-05:00",
            "2190 d",
            "US",
            "day_after",
            "2032-02-10T04:59:59.000000Z",
            id="US-2190-days-hold-a-leap-day",
        ),
    ],
)
def test_duties_are_derived(
    start: str, limit: str, calendar: str, counting: str, expected: str
) -> None:
    result = derive(start, limit, calendar, counting)
    assert result.due_at == expected
    assert result.steps[-1].at == expected
    assert result.steps[-1].en
    assert result.steps[-1].zh
    years = (int(result.calendar_first_on[:4]), int(result.calendar_last_on[:4]))
    assert build_calendar(calendar, years).hash == result.calendar_hash


def test_a_derivation_into_an_unpublished_year_says_so() -> None:
    result = derive(f"{LAST_NOTICE}-12-24T10:00+08:00", "15 wd", "CN")
    assert result.provisional
    assert result.steps[-1].kind == "not_published"
    assert "not published" in result.steps[-1].en
    assert "尚无官方放假安排" in result.steps[-1].zh


def test_a_derivation_within_a_published_year_is_certain() -> None:
    assert not derive("2026-09-30T10:00+08:00", "3 wd", "CN").provisional


async def converted(result: DerivedDue, into: type) -> object:
    """Send a result through Temporal's default converter and read it back as a type."""
    payloads = await DataConverter.default.encode([result])
    return (await DataConverter.default.decode(payloads, [into]))[0]


@pytest.mark.parametrize("into", [DerivedDue, dict])
def test_an_answer_travels_as_plain_json(into: type) -> None:
    result = derive("2026-09-30T10:00+08:00", "3 wd", "CN")
    back = asyncio.run(converted(result, into))
    assert back == (result if into is DerivedDue else asdict(result))


@pytest.mark.parametrize(
    ("start", "limit", "calendar", "counting", "code"),
    [
        pytest.param("2026-09-30", "3 weeks", "CN", "", "bad_limit", id="limit"),
        pytest.param("2026-09-30T10:00", "3 wd", "CN", "", "bad_instant", id="no-zone"),
        pytest.param("soon", "3 wd", "CN", "", "bad_instant", id="no-instant"),
        pytest.param("2026-09-30T10:00Z", "3 wd", "CN", "guess", "bad_counting", id="counting"),
        pytest.param("2026-09-30T10:00Z", "3 wd", "CN", "elapsed", "bad_counting", id="misfit"),
        pytest.param("2026-09-30T10:00Z", "3 wd", "ZZ", "", "no_calendar", id="place"),
        pytest.param("2098-09-30T10:00Z", "3660 d", "CN", "", "calendar_not_covered", id="too-far"),
    ],
)
def test_what_cannot_be_derived_is_refused_and_not_retried(
    start: str, limit: str, calendar: str, counting: str, code: str
) -> None:
    with pytest.raises(ApplicationError) as refusal:
        derive(start, limit, calendar, counting)
    assert refusal.value.type == code
    assert refusal.value.non_retryable


@pytest.mark.parametrize("limit", ["30 min", "48 h", "10 d", "15 wd", "-15 wd", "250 wd", "6 mo"])
@pytest.mark.parametrize("code", ["CN", "US", "JP"])
@given(
    start_at=st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - zones are drawn beside
)
@settings(max_examples=15)
def test_the_calendar_built_for_a_question_always_reaches(
    code: str, limit: str, start_at: datetime
) -> None:
    result = derive(start_at.isoformat(), limit, code)
    assert result.counting in set(Counting)
    assert result.calendar_first_on <= result.due_at[:10] <= result.calendar_last_on


@pytest.mark.parametrize("zone", sorted({*ZONES.values(), *REGION_ZONES.values()}))
def test_every_clock_has_a_name_that_people_know(zone: str) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z ]+ time|ET|CET", clock_name(zone, "en"))
    assert re.fullmatch(r"[\u4e00-\u9fff]+时间", clock_name(zone, "zh"))
