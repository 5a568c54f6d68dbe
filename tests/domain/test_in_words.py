"""How days, moments, numbers and rows are written, held against Babel and against people."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from domain.in_words import (
    MANNERS,
    day_in,
    moment_in,
    number_in,
    points_in,
    row_in,
)
from domain.market_clocks import at_zone

BABEL = {
    "zh": "zh_CN", "en": "en_GB", "en-US": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES",
    "it": "it_IT", "ja": "ja_JP", "ko": "ko_KR",
}  # fmt: skip
ORDINAL_FIRST = {"fr", "it"}
"""Languages that write the first of a month as an ordinal, which Babel's long form does not."""


@pytest.mark.parametrize("language", MANNERS)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_days_are_written_as_babel_has_them(language: str, day: date) -> None:
    if language in ORDINAL_FIRST and day.day == 1:
        return
    assert day_in(language, day) == format_date(day, "long", locale=BABEL[language])


@pytest.mark.parametrize("language", MANNERS)
@given(number=st.integers(0, 10**9))
def test_numbers_are_written_as_babel_has_them(language: str, number: int) -> None:
    if language == "es" and 1_000 <= number < 10_000:
        return  # Babel does not know that Spanish sets thousands apart from five digits on
    assert number_in(language, number) == format_decimal(number, locale=BABEL[language])


@pytest.mark.parametrize(("number", "said"), [(4_800, "4800"), (48_000, "48.000")])
def test_spanish_sets_thousands_apart_from_five_digits_on(number: int, said: str) -> None:
    assert number_in("es", number) == said


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "1er mars 2026"), ("it", "1º marzo 2026"), ("de", "1. März 2026")]
)
def test_the_first_of_a_month(language: str, said: str) -> None:
    assert day_in(language, date(2026, 3, 1)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", "2026年3月2日18时30分（北京时间）"),
        ("en", "18:30 Beijing time, 2 March 2026"),
        ("en-US", "18:30 Beijing time, March 2, 2026"),
        ("de", "2. März 2026, 18:30 Uhr (Pekinger Zeit)"),
        ("fr", "2 mars 2026 à 18 h 30 (heure de Pékin)"),
        ("es", "2 de marzo de 2026, 18:30 h (hora de Pekín)"),
        ("it", "2 marzo 2026, ore 18:30 (ora di Pechino)"),
        ("ja", "2026年3月2日18時30分（北京時間）"),
        ("ko", "2026년 3월 2일 18시 30분(베이징 시간)"),
        ("pt-BR", "18:30 Beijing time, 2 March 2026"),
    ],
)
def test_a_moment_names_its_zone(language: str, said: str) -> None:
    at = datetime(2026, 3, 2, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert moment_in(language, at, "Asia/Shanghai") == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Helsinki", "12:30 UTC+2, 2 March 2026"),
        ("America/St_Johns", "07:00 UTC-3:30, 2 March 2026"),
        ("UTC", "10:30 UTC, 2 March 2026"),
    ],
)
def test_a_zone_without_a_name_is_told_by_its_distance(zone: str, said: str) -> None:
    at = datetime(2026, 3, 2, 10, 30, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert moment_in("en", at, zone) == said


@pytest.mark.parametrize(
    ("language", "row", "points"),
    [
        ("zh-CN", "A2602、A2603", "· A2602\n· A2603"),
        ("ja", "A2602、A2603", "・A2602\n・A2603"),
        ("de", "A2602, A2603", "- A2602\n- A2603"),
    ],
)
def test_several_things(language: str, row: str, points: str) -> None:
    lots = ("A2602", "A2603")
    assert row_in(language, lots) == row
    assert points_in(language, lots) == points


@pytest.mark.parametrize(
    ("language", "zone", "month", "said"),
    [
        ("de", "Europe/Berlin", 3, "2. März 2026, 13:30 Uhr (MEZ)"),
        ("de", "Europe/Berlin", 7, "2. Juli 2026, 14:30 Uhr (MESZ)"),
        ("en-US", "America/New_York", 7, "08:30 ET, July 2, 2026"),
        ("en", "Europe/London", 3, "12:30 UK time, 2 March 2026"),
        ("fr", "Europe/Paris", 7, "2 juillet 2026 à 14 h 30 (heure de Paris)"),
        ("ja", "Asia/Tokyo", 3, "2026年3月2日21時30分（日本時間）"),
        ("pl", "Europe/Brussels", 7, "14:30 CEST, 2 July 2026"),
    ],
)
def test_a_moment_on_the_clock_of_a_market(language: str, zone: str, month: int, said: str) -> None:
    at = at_zone(datetime(2026, month, 2, 12, 30, tzinfo=UTC), zone)
    assert moment_in(language, at, zone) == said
