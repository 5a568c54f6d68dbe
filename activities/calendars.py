"""Calendars for deadlines: built from the `holidays` and `tzdata` packages, and put to use.

What belongs here: turning the packages' answers into a `Calendar` value that says where it came
from and how sure it is. What never does: which place a code means (activities/calendar_places.py),
arithmetic (domain/clock.py) or a legal limit (plan/).

The safe side. The plain code of a country whose regions have days off of their own (DE, FR, GB, ES,
IT, CH, AU, CA ...) counts only the days that are off everywhere, and US the federal ones: a due
time may come out early, never late. A code with a region ("DE-BE") counts that region's days too.

Hong Kong and SG-HSA leave out Sundays alone and count Saturdays; Brunei's weekend is Friday and
Sunday. Malaysia's plain code is the calendar of the federal offices, to which duties go (the NPRA
sits in Petaling Jaya): the days of the whole federation, and a weekend of Saturday and Sunday, with
the Monday after a holiday on a Sunday. In Kedah, Kelantan and Terengganu (MY-02, MY-03, MY-11)
Friday and Saturday are off and Sunday is worked; in Johor (MY-01) it was so until 2024, and years
of both ways are not built in one.

How sure. China's days off and make-up days are fixed a year at a time by notice of the State
Council, about November; the package goes on by rule and says nothing. A year for which it holds
no notice is marked, and so are the last days of the year before it, which such notices have moved
(29 December 2001, 2007, 2018). Hungary, Latvia, Vietnam and Myanmar swap days by an order for each
year: the years after the last one are marked. Days that follow the moon are marked where the
package calls them estimates (Singapore, Malaysia, Indonesia, Brunei, the Philippines), and after
the last official list elsewhere; Japan's equinoxes are announced one year ahead. Days off that a
government adds at short notice (an election, a bridge day) are nowhere foreseen: without them a due
time is early.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays
from temporalio import activity

from activities.calendar_places import (
    ANNOUNCED_THROUGH,
    LISTED_IN_FULL,
    REGION_ZONES,
    SAME_AS,
    SUNDAYS_ONLY,
    SWAPPED_YEARLY,
    WORKED_ALL_THE_SAME,
    ZONES,
)
from activities.translation import translated
from domain.canonical import canonical, sha256_hex
from domain.clock import (
    ALLOWED_COUNTING,
    DAY,
    Calendar,
    Counting,
    DayName,
    Doubt,
    Due,
    Limit,
    OffsetChange,
    Provisional,
    Unit,
    due,
    parse_limit,
)
from domain.clock_words import explain
from domain.envelope import DueRequest
from domain.errors import Malformed
from domain.wire import encode, instant_text, read_instant

FIRST_YEAR = 2010
LAST_YEAR = 2099
SATURDAY, SUNDAY = 5, 6
SEARCH_STEP = timedelta(days=1)

_CN_NOTICE_REACHES_BACK = (12, 29)
_HOURS_AT_MOST = {
    Unit.IMMEDIATELY: 0,
    Unit.MINUTES: 1,
    Unit.HOURS: 2,
    Unit.CALENDAR_DAYS: 24,
    Unit.WORKING_DAYS: 48,
    Unit.MONTHS: 31 * 24,
}
_US_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


@dataclass(frozen=True, slots=True)
class _Place:
    """What a calendar code stands for."""

    country: str
    region: str | None
    zone: str
    weekend: frozenset[int] | None


def build_calendar(code: str, years: tuple[int, ...]) -> Calendar:
    """Build the calendar `code` from the first to the last of `years`, both whole.

    `code` is a country ("CN"), a country and region ("DE-BE"), or an authority's own way of
    counting ("SG-HSA"). Raises Malformed for a code or year that is not known.
    """
    if not years or min(years) < FIRST_YEAR or max(years) > LAST_YEAR:
        raise Malformed(
            f"Calendar {code} cannot be built for {', '.join(map(str, years)) or 'no year'}.",
            f"Ask for years from {FIRST_YEAR} to {LAST_YEAR}.",
            code="calendar_not_covered",
        )
    return _build(code, min(years), max(years))


@lru_cache(maxsize=128)
def _build(code: str, first_year: int, last_year: int) -> Calendar:
    place = _place(code)
    first_on, last_on = date(first_year, 1, 1), date(last_year, 12, 31)
    days = _days_off(place, first_year, last_year, "en_US")
    unsealed = Calendar(
        code=code,
        zone=place.zone,
        offsets=_offsets(place.zone, first_on, last_on),
        weekend=tuple(sorted(_weekend(place, days, first_on, last_on))),
        holidays=tuple(sorted(on for on in days if first_on <= on <= last_on)),
        make_up_days=tuple(sorted(d for d in days.weekend_workdays if first_on <= d <= last_on)),
        first_on=first_on,
        last_on=last_on,
        source=f"holidays {place.country}, tzdata {place.zone}",
        version=_packages(),
        hash="",
        names=_names(place, days, first_on, last_on),
        provisional=_provisional(place, days, first_year, last_year),
    )
    return replace(unsealed, hash=hash_of(unsealed))


@cache
def _packages() -> str:
    """Name the packages that calendars come from, with their versions."""
    return f"holidays {version('holidays')}, tzdata {version('tzdata')}"


@lru_cache(maxsize=512)
def zone_of(code: str) -> str:
    """Name the zone that a calendar counts by. Raises Malformed for a code that is not known."""
    return _place(code).zone


def hash_of(calendar: Calendar) -> str:
    """Give SHA-256 over the canonical form of everything in a calendar but its hash."""
    content = {name: v for name, v in encode(Calendar, calendar).items() if name != "hash"}
    return sha256_hex(canonical(content))


def _place(code: str) -> _Place:
    if code in SUNDAYS_ONLY:
        country = SUNDAYS_ONLY[code]
        return _Place(country, None, ZONES[country], frozenset({SUNDAY}))
    country, dash, region = SAME_AS.get(code, code).partition("-")
    zone = ZONES.get(country)
    if zone is not None and dash:
        zone = _region_zone(country, region, zone)
    if zone is None:
        chosen = [one for one in REGION_ZONES if one[:2] not in LISTED_IN_FULL]
        raise Malformed(
            f"There is no calendar {code!r:.20}.",
            f"Use one of {', '.join([*ZONES, *SAME_AS, *SUNDAYS_ONLY])}, or one with a region, "
            f"such as DE-BE, GB-ENG, {', '.join(chosen)}.",
            code="no_calendar",
        )
    return _Place(country, region or None, zone, None)


def _region_zone(country: str, region: str, capital: str) -> str | None:
    """Give the clock of a region; None for one that is not known, or whose clock is not."""
    known = holidays.country_holidays(country)
    listed = REGION_ZONES.get(f"{country}-{region}")
    if not any(other.startswith(f"{country}-") for other in REGION_ZONES):
        regions = {*known.subdivisions, *known.subdivisions_aliases}
        return capital if region in regions else None
    # By another name a region would escape its clock: where clocks differ, only its code is known.
    if region not in known.subdivisions:
        return None
    return listed or (capital if country in LISTED_IN_FULL else None)


def _weekend(
    place: _Place, days: holidays.HolidayBase, first_on: date, last_on: date
) -> frozenset[int]:
    """Give the weekdays that are off in every week of the dates; refuses dates of two ways."""
    if place.weekend is not None:
        return place.weekend
    middles = (date(year, 7, 1) for year in range(first_on.year, last_on.year + 1))
    weeks = {
        frozenset(on.weekday() for n in range(7) if days.is_weekend(on := middle + n * DAY))
        for middle in middles
    }
    if len(weeks) > 1:
        raise Malformed(
            f"The weekend of {place.country}-{place.region} changed between {first_on.year} and "
            f"{last_on.year}.",
            "Ask for the years before the change, or for those after it.",
            code="calendar_not_covered",
        )
    return weeks.pop()


def _days_off(place: _Place, first: int, last: int, language: str) -> holidays.HolidayBase:
    # One year more: the next year's notice and observed days may lie in December.
    days = holidays.country_holidays(
        place.country,
        subdiv=place.region,
        years=range(first, last + 2),
        expand=False,
        language=language,
    )
    worked = WORKED_ALL_THE_SAME.get(place.country, frozenset())
    for on in [on for on in days if (on.month, on.day) in worked]:
        del days[on]
    return days


def _names(
    place: _Place, days: holidays.HolidayBase, first_on: date, last_on: date
) -> tuple[DayName, ...]:
    chinese = (
        _days_off(place, first_on.year, last_on.year, "zh_CN")
        if "zh_CN" in days.supported_languages
        else {}
    )
    return tuple(
        DayName(on=on, en=_US_DATE.sub(r"\3-\1-\2", days[on]), zh=chinese.get(on, ""))
        for on in sorted(days)
        if first_on <= on <= last_on
    )


@lru_cache(maxsize=128)
def _offsets(zone: str, first_on: date, last_on: date) -> tuple[OffsetChange, ...]:
    """List the clock changes of a zone from the packaged database, never the machine's own."""
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as stored:
        tz = ZoneInfo.from_file(stored, key=zone)

    def seconds(at: datetime) -> int:
        return int((at.astimezone(tz).utcoffset() or timedelta()).total_seconds())

    at = datetime.combine(first_on - 2 * DAY, datetime.min.time(), UTC)
    end_at = datetime.combine(last_on + 2 * DAY, datetime.min.time(), UTC)
    changes = [OffsetChange(from_at=at, seconds=seconds(at))]
    while at < end_at:
        following = at + SEARCH_STEP
        if seconds(following) != changes[-1].seconds:
            low, high = at, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
                low, high = (middle, high) if seconds(middle) == seconds(at) else (low, middle)
            changes.append(OffsetChange(from_at=high, seconds=seconds(high)))
        at = following
    return tuple(changes)


def _provisional(
    place: _Place, days: holidays.HolidayBase, first: int, last: int
) -> tuple[Provisional, ...]:
    spans: list[Provisional] = []
    for span in _doubtful(place, days, first, last):
        before = spans[-1] if spans else None
        if before and before.reason is span.reason and before.last_on + DAY == span.first_on:
            spans[-1] = replace(before, last_on=span.last_on)
        else:
            spans.append(span)
    return tuple(spans)


def _doubtful(
    place: _Place, days: holidays.HolidayBase, first: int, last: int
) -> Iterator[Provisional]:
    """Yield, per year and in order, the days that may still change."""
    estimated = {on.year for on, name in days.items() if "estimated" in name}
    for year in range(first, last + 1):
        begin, end = date(year, 1, 1), date(year, 12, 31)
        if place.country == "CN" and not _has_notice(days, year):
            yield Provisional(first_on=begin, last_on=end, reason=Doubt.NOT_PUBLISHED)
        elif place.country == "CN" and not _has_notice(days, year + 1):
            reached = date(year, *_CN_NOTICE_REACHES_BACK)
            yield Provisional(first_on=reached, last_on=end, reason=Doubt.NOT_PUBLISHED)
        elif place.country in SWAPPED_YEARLY and year > max(days.special_public_holidays):
            yield Provisional(first_on=begin, last_on=end, reason=Doubt.NOT_PUBLISHED)
        elif year in estimated or year > ANNOUNCED_THROUGH.get(place.country, year):
            yield Provisional(first_on=begin, last_on=end, reason=Doubt.ESTIMATED)


def _has_notice(days: holidays.HolidayBase, year: int) -> bool:
    return year in getattr(days, "special_public_holidays", {})


# ---------------------------------------------------------------- the activity


@dataclass(frozen=True, slots=True)
class DerivedStep:
    """One step of a derivation in plain fields, with its sentence in English and Chinese."""

    kind: str
    on: str
    through: str
    at: str
    clock: str
    seconds: int
    count: int
    name: str
    name_zh: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class DerivedDue:
    """A due time with all that is needed to derive it again and to explain it.

    `calendar_first_on` and `calendar_last_on` say which years to build to get `calendar_hash`.
    """

    due_at: str
    start_at: str
    limit: str
    counting: str
    provisional: bool
    calendar: str
    calendar_source: str
    calendar_version: str
    calendar_hash: str
    calendar_first_on: str
    calendar_last_on: str
    steps: list[DerivedStep]


@activity.defn(name="derive_due", no_thread_cancel_exception=True)
def derive_due(request: DueRequest) -> DerivedDue:
    """Derive a due time over a calendar built for it; a refusal is not to be tried again."""
    with translated():
        return derived(request)


def derived(request: DueRequest) -> DerivedDue:
    """Answer a request for a due time; raises Malformed naming what cannot be read.

    `start_at` is ISO 8601 with its zone, `limit` as the plan writes it ("15 wd"), `calendar` a code
    of `build_calendar`, `counting` the usual one of the limit's unit when empty.
    """
    limit = parse_limit(request.limit)
    counting = _counting(request.counting, limit)
    try:
        start_at = read_instant(request.start_at)
    except (ValueError, OverflowError) as error:
        raise Malformed(
            f"{request.start_at!r:.40} is not an instant.",
            "Give a date and time with its zone, such as 2026-11-22T14:00+08:00.",
            code="bad_instant",
        ) from error
    calendar = build_calendar(request.calendar, _years(start_at, limit))
    return _plain(due(start_at, limit, calendar, counting), calendar)


def _counting(text: str, limit: Limit) -> Counting | None:
    if text and text not in set(Counting):
        raise Malformed(
            f"There is no counting {text!r:.40}.",
            f"Leave it empty or use one of: {', '.join(ALLOWED_COUNTING[limit.unit])}.",
            code="bad_counting",
        )
    return Counting(text) if text else None


def _years(start_at: datetime, limit: Limit) -> tuple[int, ...]:
    """Give years enough: a year more at both ends, and room for days that do not count."""
    years = limit.amount * _HOURS_AT_MOST[limit.unit] // (365 * 24)
    return (start_at.year + min(years, 0) - 1, start_at.year + max(years, 0) + 1)


def _plain(result: Due, calendar: Calendar) -> DerivedDue:
    sentences = zip(result.steps, explain(result, "en"), explain(result, "zh"), strict=True)
    return DerivedDue(
        due_at=instant_text(result.due_at),
        start_at=instant_text(result.start_at),
        limit=result.limit.text,
        counting=result.counting.value,
        provisional=result.provisional,
        calendar=calendar.code,
        calendar_source=calendar.source,
        calendar_version=calendar.version,
        calendar_hash=calendar.hash,
        calendar_first_on=calendar.first_on.isoformat(),
        calendar_last_on=calendar.last_on.isoformat(),
        steps=[
            DerivedStep(
                kind=step.kind.value,
                on=step.on.isoformat(),
                through=step.through.isoformat(),
                at=instant_text(step.at),
                clock=step.clock,
                seconds=step.seconds,
                count=step.count,
                name=step.name,
                name_zh=step.name_zh,
                en=en,
                zh=zh,
            )
            for step, en, zh in sentences
        ],
    )
