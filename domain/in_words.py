"""Dates, times, numbers and rows of things, as people write them in eight languages.

What belongs here: how a value is written. What never does: which value, or a sentence around it.
A library would do this (the tests hold every form against Babel), but a text is made again when its
facts change, by the same `decide` on every later replay: its form may not follow a library's next
release. Form follows the language and, where people of one language differ, its region.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.market_clocks import at_zone

_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
}
MONTHS: Final = {language: names.split() for language, names in _MONTHS.items()}

NARROW_SPACE: Final = "\u202f"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language writes: a day, a time of day on a day, thousands, and a row of things."""

    day: Callable[[date], str]
    moment: Callable[[str, str, str], str]
    """From the day, the time of day and the name of the zone."""
    thousands: str
    comma: str
    bullet: str = "- "


def _day_of(language: str, form: str) -> Callable[[date], str]:
    def written(day: date) -> str:
        return form.format(y=day.year, m=MONTHS[language][day.month - 1], d=day.day)

    return written


def _french_day(day: date) -> str:
    """The first of a month is `1er`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS['fr'][day.month - 1]} {day.year}"


def _italian_day(day: date) -> str:
    """The first of a month is `1º`."""
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS['it'][day.month - 1]} {day.year}"


def _numbered(form: str) -> Callable[[date], str]:
    return lambda day: form.format(y=day.year, m=day.month, d=day.day)


MANNERS: Final = {
    "zh": Manner(_numbered("{y}年{m}月{d}日"), lambda d, t, z: f"{d}{t}（{z}）", ",", "、", "· "),
    "en": Manner(_day_of("en", "{d} {m} {y}"), lambda d, t, z: f"{t} {z}, {d}", ",", ", "),
    "en-US": Manner(_day_of("en", "{m} {d}, {y}"), lambda d, t, z: f"{t} {z}, {d}", ",", ", "),
    "de": Manner(_day_of("de", "{d}. {m} {y}"), lambda d, t, z: f"{d}, {t} Uhr ({z})", ".", ", "),
    "fr": Manner(_french_day, lambda d, t, z: f"{d} à {t} ({z})", NARROW_SPACE, ", "),
    "es": Manner(
        _day_of("es", "{d} de {m} de {y}"), lambda d, t, z: f"{d}, {t} h ({z})", ".", ", "
    ),
    "it": Manner(_italian_day, lambda d, t, z: f"{d}, ore {t} ({z})", ".", ", "),
    "ja": Manner(_numbered("{y}年{m}月{d}日"), lambda d, t, z: f"{d}{t}（{z}）", ",", "、", "・"),
    "ko": Manner(
        _numbered("{y}년 {m}월 {d}일"), lambda d, t, z: f"{d} {t}({z})", ",", ", ", "· "
    ),
}  # fmt: skip
"""What is not here is written as in English."""

_CENTRAL_EUROPE: Final = {
    "zh": "欧洲中部时间", "en": "CET|CEST", "de": "MEZ|MESZ", "fr": "heure d’Europe centrale",
    "es": "hora central europea", "it": "ora dell’Europa centrale", "ja": "中央ヨーロッパ時間",
    "ko": "중부 유럽 시간",
}  # fmt: skip

ZONES: Final = {
    "Asia/Shanghai": {
        "zh": "北京时间", "en": "Beijing time", "de": "Pekinger Zeit", "fr": "heure de Pékin",
        "es": "hora de Pekín", "it": "ora di Pechino", "ja": "北京時間", "ko": "베이징 시간",
    },
    "Asia/Tokyo": {
        "zh": "东京时间", "en": "Japan time", "de": "Tokioter Zeit", "fr": "heure de Tokyo",
        "es": "hora de Tokio", "it": "ora di Tokyo", "ja": "日本時間", "ko": "일본 시간",
    },
    "Asia/Seoul": {
        "zh": "首尔时间", "en": "Korea time", "de": "Seouler Zeit", "fr": "heure de Séoul",
        "es": "hora de Seúl", "it": "ora di Seul", "ja": "韓国時間", "ko": "한국 시간",
    },
    "America/New_York": {
        "zh": "美国东部时间", "en": "ET", "de": "New Yorker Zeit", "fr": "heure de New York",
        "es": "hora de Nueva York", "it": "ora di New York", "ja": "米国東部時間",
        "ko": "미국 동부 시간",
    },
    "Europe/London": {
        "zh": "英国时间", "en": "UK time", "de": "Londoner Zeit", "fr": "heure de Londres",
        "es": "hora de Londres", "it": "ora di Londra", "ja": "英国時間", "ko": "영국 시간",
    },
    "Europe/Brussels": _CENTRAL_EUROPE,
    "Europe/Berlin": _CENTRAL_EUROPE,
    "Europe/Paris": _CENTRAL_EUROPE | {"fr": "heure de Paris"},
    "Europe/Madrid": _CENTRAL_EUROPE | {"es": "hora peninsular"},
    "Europe/Rome": _CENTRAL_EUROPE | {"it": "ora italiana"},
}  # fmt: skip
"""Zones that have a name of their own in a text; every other one is told by its distance to UTC.

Where the name differs in summer both stand, winter first.
"""

SUMMER: Final = timedelta(hours=2)
"""How far the zones whose name differs in summer are ahead of UTC then."""

CLOSE_SET: Final = frozenset({"zh", "ja"})
"""Languages that are written without spaces between words."""


def manner_of(language: str) -> Manner:
    """Give how a language is written: its region's way where it has one."""
    return MANNERS.get(language) or MANNERS.get(language.partition("-")[0]) or MANNERS["en"]


def day_in(language: str, day: date) -> str:
    """Write a day: 2026年3月2日, 2 March 2026, March 2, 2026, 2. März 2026, 1er mars 2026."""
    return manner_of(language).day(day)


def moment_in(language: str, at: datetime, zone: str) -> str:
    """Write an instant on the clock of a zone, which it names; `at` stands in that zone already.

    Of several zones, with spaces between them, each tells it: 08:00 ET / 13:00 UK time.
    """
    several = zone.split()
    if len(several) > 1:
        return _side_by_side(language, [(at_zone(at, one), one) for one in several])
    manner, base = manner_of(language), language.partition("-")[0]
    name = _zone_name(base, at, zone)
    return manner.moment(manner.day(at.date()), _time_of_day(base, at), name)


def _zone_name(base: str, at: datetime, zone: str) -> str:
    names = ZONES.get(zone, {})
    winter, _, summer = (names.get(base) or names.get("en") or _distance(at)).partition("|")
    return summer if summer and at.utcoffset() == SUMMER else winter


def _side_by_side(language: str, clocks: list[tuple[datetime, str]]) -> str:
    """Write one instant on several clocks, from west to east; a day that all share stands once.

    A zone that is known by its distance alone says nothing beside a named one at that distance.
    """
    named = {at.utcoffset() for at, zone in clocks if zone in ZONES}
    own = [(at, zone) for at, zone in clocks if zone in ZONES or at.utcoffset() not in named]
    own.sort(key=lambda one: one[0].replace(tzinfo=None))
    told = list(dict.fromkeys(moment_in(language, at, zone) for at, zone in own))
    days = {at.date() for at, _ in own}
    if len(days) == 1:
        day = manner_of(language).day(days.pop())
        told[1:] = [one.removeprefix(day).lstrip(", ") for one in told[1:]]
        told[:-1] = [one.removesuffix(day).rstrip(", ") for one in told[:-1]]
    return ("/" if language.partition("-")[0] in CLOSE_SET else " / ").join(told)


def number_in(language: str, number: int) -> str:
    """Write a whole number with its thousands set apart; Spanish does so from five digits on."""
    separator = manner_of(language).thousands
    if language.partition("-")[0] == "es" and abs(number) < 10_000:  # RAE, Ortografía 2010
        separator = ""
    return f"{number:,}".replace(",", separator)


def row_in(language: str, things: Iterable[str]) -> str:
    """Write things in a row: A、B or A, B."""
    return manner_of(language).comma.join(things)


def points_in(language: str, things: Iterable[str]) -> str:
    """Write things below each other, each behind the mark of a point."""
    bullet = manner_of(language).bullet
    return "\n".join(f"{bullet}{thing}" for thing in things)


def _time_of_day(base: str, at: datetime) -> str:
    if base == "zh":
        return f"{at.hour}时{at.minute}分" if at.minute else f"{at.hour}时"
    if base == "ja":
        return f"{at.hour}時{at.minute}分" if at.minute else f"{at.hour}時"
    if base == "ko":
        return f"{at.hour}시 {at.minute}분" if at.minute else f"{at.hour}시"
    if base == "fr":
        return f"{at.hour} h {at.minute:02}" if at.minute else f"{at.hour} h"
    return f"{at.hour:02}:{at.minute:02}"


def _distance(at: datetime) -> str:
    """Give the distance to UTC as people read it: UTC, UTC+1, UTC-3:30."""
    offset = at.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset is not None else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


_TWO_STOPS: Final = re.compile(r"(?<![.。…])[.。]([.。])(?=[\s”’\"')）」]|$)")
_BRACKETS: Final = re.compile(r" \(([^()]+)\)|（([^（）]+)）")
_ALL_BRACKETS: Final = re.compile(r" ?\(([^()]+)\)|（([^（）]+)）")


def with_single_stops(told: str) -> str:
    """Give sentences that were put together with one full stop at the end of each, never two.

    What stands in a sentence may be one itself, or end with an abbreviation; an ellipsis stays.
    """
    return _TWO_STOPS.sub(r"\1", told)


def without_brackets(told: str, *, close: bool = False) -> str:
    """Give words that are to stand in brackets without brackets of their own: behind a comma.

    With `close` also brackets that follow a word without a space, as in Korean; else those stay,
    for they belong to a number: 7.41(b).
    """

    def behind_a_comma(found: re.Match[str]) -> str:
        return f", {found[1]}" if found[1] else f"，{found[2]}"

    return (_ALL_BRACKETS if close else _BRACKETS).sub(behind_a_comma, told)
