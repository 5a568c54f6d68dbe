"""Deadline arithmetic, against calendars typed by hand from the official lists.

The days off of China are those of the State Council's notice of 4 November 2025, of the United
States those of 5 USC 6103, of England those of gov.uk; clock changes are written as instants.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.clock import (
    ALLOWED_COUNTING,
    DAY,
    WORKED,
    Calendar,
    Counting,
    DayName,
    Doubt,
    Due,
    Limit,
    OffsetChange,
    Provisional,
    StepKind,
    Unit,
    day_kind,
    due,
    is_working_day,
    local,
    parse_limit,
    retrace,
)
from domain.clock_reach import share
from domain.clock_words import explain
from domain.errors import Malformed
from domain.wire import decode, encode

# ---------------------------------------------------------------- calendars typed by hand


def days(*spans: str) -> tuple[date, ...]:
    """Read dates and spans such as "2026-10-01..07"."""
    found = []
    for span in spans:
        first, _, last = span.partition("..")
        on = date.fromisoformat(first)
        found += [on + n * DAY for n in range(int(last or on.day) - on.day + 1)]
    return tuple(found)


def clock(hours: int, *changes: tuple[str, int]) -> tuple[OffsetChange, ...]:
    """Write a zone: hours east of UTC before all, then (UTC instant, hours from then on)."""
    rows = (("2025-12-01T00:00", hours), *changes)
    return tuple(
        OffsetChange(from_at=datetime.fromisoformat(f"{at}:00+00:00"), seconds=3600 * to)
        for at, to in rows
    )


SATURDAY_SUNDAY = (5, 6)
EUROPE = ("2026-03-29T01:00", "2026-10-25T01:00", "2027-03-28T01:00", "2027-10-31T01:00")

CN = Calendar(
    code="CN",
    zone="Asia/Shanghai",
    offsets=clock(8),
    weekend=SATURDAY_SUNDAY,
    holidays=days(
        "2026-01-01..03",
        "2026-02-15..23",
        "2026-04-04..06",
        "2026-05-01..05",
        "2026-06-19..21",
        "2026-09-25..27",
        "2026-10-01..07",
    ),
    make_up_days=days(
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
    ),
    first_on=date(2026, 1, 1),
    last_on=date(2026, 12, 31),
    source="notice of 4 November 2025",
    version="1",
    hash="0" * 64,
    names=(DayName(on=date(2026, 10, 1), en="National Day", zh="国庆节"),),
    provisional=(
        Provisional(
            first_on=date(2026, 12, 29), last_on=date(2026, 12, 31), reason=Doubt.NOT_PUBLISHED
        ),
    ),
)
US = replace(
    CN,
    code="US",
    zone="America/New_York",
    offsets=clock(
        -5,
        ("2026-03-08T07:00", -4),
        ("2026-11-01T06:00", -5),
        ("2027-03-14T07:00", -4),
        ("2027-11-07T06:00", -5),
        ("2028-03-12T07:00", -4),
        ("2028-11-05T06:00", -5),
    ),
    holidays=days(
        *"2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07".split(),
        *"2026-10-12 2026-11-11 2026-11-26 2026-12-25".split(),
        *"2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06".split(),
        *"2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31".split(),
        *"2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09".split(),
        *"2028-11-10 2028-11-23 2028-12-25".split(),
    ),
    make_up_days=(),
    last_on=date(2028, 12, 31),
    names=(),
    provisional=(),
)
DE = replace(
    US,
    code="DE",
    zone="Europe/Berlin",
    offsets=clock(1, *zip(EUROPE, (2, 1, 2, 1), strict=True)),
    holidays=days(
        *"2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25".split(),
        *"2026-10-03 2026-12-25 2026-12-26".split(),
        *"2027-01-01 2027-03-26 2027-03-29 2027-05-01 2027-05-06 2027-05-17".split(),
        *"2027-10-03 2027-12-25 2027-12-26".split(),
    ),
    last_on=date(2027, 12, 31),
)
ENGLAND = replace(
    DE,
    code="GB-ENG",
    zone="Europe/London",
    offsets=clock(0, *zip(EUROPE, (1, 0, 1, 0), strict=True)),
    holidays=days(
        *"2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31".split(),
        *"2026-12-25 2026-12-28".split(),
        *"2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30".split(),
        *"2027-12-27 2027-12-28".split(),
    ),
)
SYDNEY = replace(
    DE,
    code="AU",
    zone="Australia/Sydney",
    offsets=clock(
        11,
        ("2026-04-04T16:00", 10),
        ("2026-10-03T16:00", 11),
        ("2027-04-03T16:00", 10),
        ("2027-10-02T16:00", 11),
    ),
    holidays=days("2026-01-01", "2026-01-26", "2026-04-03", "2026-04-06", "2026-12-25"),
    last_on=date(2026, 12, 31),
)
SG = replace(
    CN,
    code="SG-HSA",
    zone="Asia/Singapore",
    weekend=(6,),
    holidays=days(
        *"2026-01-01 2026-02-17 2026-02-18 2026-03-21 2026-04-03 2026-05-01 2026-05-27".split(),
        *"2026-06-01 2026-08-10 2026-11-09 2026-12-25".split(),
    ),
    make_up_days=(),
    names=(),
    provisional=(),
)
CALENDARS = (CN, US, DE, ENGLAND, SYDNEY, SG)

AFTER, ROLLED = Counting.DAY_AFTER, Counting.DAY_AFTER_ROLLED
SAME, FIRST, OPEN = Counting.SAME_TIME, Counting.FIRST_DAY_COUNTS, Counting.OPEN_DAYS
USUAL = None
END = "T23:59:59"

Row = tuple[Calendar, str, str, Counting | None, str, str]
# Calendar, start, limit, counting, local due time, and why it is so.
# fmt: off
CHINA: list[Row] = [
    (CN, "2026-09-30T15:00+08:00", "1 wd", USUAL, f"2026-10-08{END}", "1-to-7-october-are-off"),
    (CN, "2026-09-30T15:00+08:00", "2 wd", USUAL, f"2026-10-09{END}", "friday-after-the-week-off"),
    (CN, "2026-09-30T15:00+08:00", "3 wd", USUAL, f"2026-10-10{END}", "saturday-made-up-for-7-oct"),
    (CN, "2026-09-30T15:00+08:00", "4 wd", USUAL, f"2026-10-12{END}", "11-october-is-a-real-sunday"),
    (CN, "2026-09-18T09:00+08:00", "1 wd", USUAL, f"2026-09-20{END}", "sunday-made-up-for-6-october"),
    (CN, "2026-09-18T09:00+08:00", "2 wd", USUAL, f"2026-09-21{END}", "monday-after-worked-sunday"),
    (CN, "2026-09-20T08:00+08:00", "1 wd", USUAL, f"2026-09-21{END}", "start-on-a-worked-sunday"),
    (CN, "2026-09-24T10:00+08:00", "1 wd", USUAL, f"2026-09-28{END}", "mid-autumn-25-to-27"),
    (CN, "2026-02-13T15:00+08:00", "1 wd", USUAL, f"2026-02-14{END}", "saturday-made-up-for-20-feb"),
    (CN, "2026-02-13T15:00+08:00", "2 wd", USUAL, f"2026-02-24{END}", "spring-festival-15-to-23"),
    (CN, "2026-02-14T10:00+08:00", "1 wd", USUAL, f"2026-02-24{END}", "start-on-worked-saturday"),
    (CN, "2026-02-27T10:00+08:00", "1 wd", USUAL, f"2026-02-28{END}", "saturday-made-up-for-23-feb"),
    (CN, "2026-02-27T10:00+08:00", "2 wd", USUAL, f"2026-03-02{END}", "sunday-1-march-is-off"),
    (CN, "2026-01-01T09:00+08:00", "1 wd", USUAL, f"2026-01-04{END}", "sunday-made-up-for-2-january"),
    (CN, "2026-04-03T09:00+08:00", "1 wd", USUAL, f"2026-04-07{END}", "tomb-sweeping-4-to-6"),
    (CN, "2026-04-30T09:00+08:00", "1 wd", USUAL, f"2026-05-06{END}", "labour-day-1-to-5"),
    (CN, "2026-05-08T09:00+08:00", "1 wd", USUAL, f"2026-05-09{END}", "saturday-made-up-for-5-may"),
    (CN, "2026-06-18T09:00+08:00", "1 wd", USUAL, f"2026-06-22{END}", "dragon-boat-19-to-21"),
    (CN, "2026-09-30T15:00+08:00", "3 wd", SAME, "2026-10-10T15:00:00", "same-time-on-a-make-up-day"),
    (CN, "2026-10-03T10:00+08:00", "1 wd", SAME, f"2026-10-08{END}", "start-on-a-day-off-waits"),
    (CN, "2026-09-30T15:00+08:00", "1 wd", FIRST, f"2026-09-30{END}", "first-day-is-day-one"),
    (CN, "2026-10-03T10:00+08:00", "1 wd", FIRST, f"2026-10-08{END}", "a-day-off-is-never-day-one"),
    (CN, "2026-09-25T10:00+08:00", "15 d", AFTER, f"2026-10-10{END}", "serious-reaction-15-days"),
    (CN, "2026-02-10T10:00+08:00", "30 d", AFTER, f"2026-03-12{END}", "february-has-28-days"),
    (CN, "2026-09-30T10:00+08:00", "3 d", AFTER, f"2026-10-03{END}", "calendar-days-run-through"),
    (CN, "2026-09-30T10:00+08:00", "3 d", ROLLED, f"2026-10-08{END}", "last-day-off-moves-on"),
    (CN, "2026-09-16T10:00+08:00", "4 d", ROLLED, f"2026-09-20{END}", "worked-sunday-does-not-move"),
    (CN, "2026-09-30T10:00+08:00", "1 d", FIRST, f"2026-09-30{END}", "one-day-ends-today"),
    (CN, "2026-09-30T18:00+08:00", "24 h", OPEN, "2026-10-08T18:00:00", "6-h-today-18-h-on-8-oct"),
    (CN, "2026-10-01T00:00+08:00", "30 min", USUAL, "2026-10-01T00:30:00", "minutes-know-no-holiday"),
    (CN, "2026-09-30T23:00+08:00", "48 h", USUAL, "2026-10-02T23:00:00", "hours-know-no-holiday"),
    (CN, "2026-10-03T10:00+08:00", "at once", USUAL, "2026-10-03T10:00:00", "at-once-on-a-day-off"),
]
AMERICA: list[Row] = [
    (US, "2026-11-09T10:00-05:00", "15 wd", USUAL, f"2026-12-02{END}", "veterans-and-thanksgiving"),
    (US, "2026-11-25T10:00-05:00", "1 wd", USUAL, f"2026-11-27{END}", "day-after-thanksgiving-worked"),
    (US, "2026-07-02T10:00-04:00", "1 wd", USUAL, f"2026-07-06{END}", "4-july-saturday-off-on-3"),
    (US, "2027-07-02T10:00-04:00", "1 wd", USUAL, f"2027-07-06{END}", "4-july-sunday-off-on-5"),
    (US, "2027-06-17T10:00-04:00", "1 wd", USUAL, f"2027-06-21{END}", "juneteenth-saturday-off-on-18"),
    (US, "2027-12-23T10:00-05:00", "1 wd", USUAL, f"2027-12-27{END}", "christmas-saturday-off-on-24"),
    (US, "2027-12-30T10:00-05:00", "1 wd", USUAL, f"2028-01-03{END}", "new-year-2028-off-on-31-dec"),
    (US, "2026-12-31T10:00-05:00", "1 wd", USUAL, f"2027-01-04{END}", "over-the-year-end"),
    (US, "2026-12-31T23:59:59-05:00", "1 min", USUAL, "2027-01-01T00:00:59", "minute-over-year-end"),
    (US, "2026-03-07T10:00-05:00", "24 h", USUAL, "2026-03-08T11:00:00", "24-h-over-a-23-h-day"),
    (US, "2026-03-07T10:00-05:00", "1 d", USUAL, "2026-03-08T10:00:00", "a-day-of-23-h"),
    (US, "2026-03-07T02:30-05:00", "1 d", USUAL, "2026-03-08T03:00:00", "0230-does-not-exist"),
    (US, "2026-03-07T10:00-05:00", "1 d", AFTER, f"2026-03-08{END}", "end-of-the-short-day"),
    (US, "2026-03-06T09:00-05:00", "1 wd", SAME, "2026-03-09T09:00:00", "monday-after-clocks-forward"),
    (US, "2026-10-31T10:00-04:00", "24 h", USUAL, "2026-11-01T09:00:00", "24-h-over-a-25-h-day"),
    (US, "2026-10-31T10:00-04:00", "1 d", USUAL, "2026-11-01T10:00:00", "a-day-of-25-h"),
    (US, "2026-10-31T01:30-04:00", "1 d", USUAL, "2026-11-01T01:30:00-04:00", "0130-twice-first-pass"),
    (US, "2026-11-01T01:30-04:00", "1 d", USUAL, "2026-11-02T01:00:00", "first-pass-counts-from-0100"),
    (US, "2026-11-01T01:30-05:00", "1 d", USUAL, "2026-11-02T01:30:00", "second-pass-as-it-is"),
    (US, "2026-10-30T15:00-04:00", "24 h", OPEN, "2026-11-02T15:00:00", "long-weekend-stands-still"),
    (US, "2026-07-02T15:00-04:00", "24 h", OPEN, "2026-07-06T15:00:00", "24-h-without-holiday-weekend"),
    (US, "2028-02-28T12:00-05:00", "1 d", USUAL, "2028-02-29T12:00:00", "leap-day-is-a-day"),
    (US, "2028-02-28T12:00-05:00", "2 d", AFTER, f"2028-03-01{END}", "leap-day-counted"),
    (US, "2027-02-27T12:00-05:00", "2 d", AFTER, f"2027-03-01{END}", "no-leap-day-in-2027"),
    (US, "2028-02-28T12:00-05:00", "2 wd", USUAL, f"2028-03-01{END}", "leap-tuesday-is-worked"),
    (US, "2028-01-31T12:00-05:00", "1 mo", USUAL, f"2028-02-29{END}", "no-31-february-leap-year"),
    (US, "2027-01-31T12:00-05:00", "1 mo", USUAL, f"2027-02-28{END}", "no-31-february"),
    (US, "2026-11-30T12:00-05:00", "3 mo", SAME, "2027-02-28T23:59:59", "months-over-the-year-end"),
    (US, "2026-03-08T10:00-04:00", "-24 h", USUAL, "2026-03-07T09:00:00", "24-h-before-over-23-h-day"),
    (US, "2026-03-08T10:00-04:00", "-1 d", USUAL, "2026-03-07T10:00:00", "a-day-before-same-time"),
    (US, "2026-11-30T10:00-05:00", "-3 wd", USUAL, "2026-11-24T00:00:00", "27-25-24-not-thanksgiving"),
    (US, "2026-11-30T10:00-05:00", "-1 wd", SAME, "2026-11-27T10:00:00", "friday-before-same-time"),
    (US, "2026-11-29T10:00-05:00", "-1 wd", SAME, "2026-11-27T00:00:00", "from-sunday-all-of-friday"),
    (US, "2028-03-31T10:00-04:00", "-1 mo", USUAL, "2028-02-29T00:00:00", "a-month-before-31-march"),
    (US, "2026-11-28T10:00-05:00", "0 wd", USUAL, "2026-11-28T10:00:00", "nothing-added-on-a-saturday"),
]
ELSEWHERE: list[Row] = [
    (DE, "2026-03-28T12:00+01:00", "24 h", USUAL, "2026-03-29T13:00:00", "berlin-24-h-forward"),
    (DE, "2026-03-28T12:00+01:00", "1 d", USUAL, "2026-03-29T12:00:00", "berlin-day-of-23-h"),
    (DE, "2026-03-28T02:30+01:00", "1 d", USUAL, "2026-03-29T03:00:00", "berlin-0230-does-not-exist"),
    (DE, "2026-10-24T12:00+02:00", "24 h", USUAL, "2026-10-25T11:00:00", "berlin-24-h-back"),
    (DE, "2026-10-24T12:00+02:00", "1 d", USUAL, "2026-10-25T12:00:00", "berlin-day-of-25-h"),
    (DE, "2026-10-10T09:00+02:00", "20 d", AFTER, f"2026-10-30{END}", "eu-20-days-over-clocks-back"),
    (DE, "2026-04-02T09:00+02:00", "1 wd", USUAL, f"2026-04-07{END}", "good-friday-to-easter-monday"),
    (DE, "2026-04-24T09:00+02:00", "7 d", ROLLED, f"2026-05-04{END}", "1-may-friday-moves-to-monday"),
    (DE, "2026-12-31T09:00+01:00", "1 wd", USUAL, f"2027-01-04{END}", "new-year-is-a-friday"),
    (ENGLAND, "2026-03-28T01:30+00:00", "1 d", USUAL, "2026-03-29T02:00:00", "london-0130-not-there"),
    (ENGLAND, "2026-10-24T01:30+01:00", "1 d", USUAL, "2026-10-25T01:30:00+01:00", "london-first-pass"),
    (ENGLAND, "2026-10-24T12:00+01:00", "24 h", USUAL, "2026-10-25T11:00:00", "london-24-h-back"),
    (ENGLAND, "2026-08-28T09:00+01:00", "1 wd", USUAL, f"2026-09-01{END}", "late-summer-bank-holiday"),
    (ENGLAND, "2026-12-24T09:00+00:00", "1 wd", USUAL, f"2026-12-29{END}", "boxing-day-off-on-monday"),
    (SYDNEY, "2026-04-04T10:00+11:00", "24 h", USUAL, "2026-04-05T09:00:00", "sydney-24-h-back-in-april"),
    (SYDNEY, "2026-04-04T10:00+11:00", "1 d", USUAL, "2026-04-05T10:00:00", "sydney-day-of-25-h"),
    (SYDNEY, "2026-10-03T10:00+10:00", "24 h", USUAL, "2026-10-04T11:00:00", "sydney-24-h-forward"),
    (SYDNEY, "2026-10-03T02:30+10:00", "1 d", USUAL, "2026-10-04T03:00:00", "sydney-0230-not-there"),
    (SYDNEY, "2026-10-02T16:00+10:00", "2 d", AFTER, f"2026-10-04{END}", "two-days-end-on-summer-time"),
    (SG, "2026-11-03T10:00+08:00", "-24 h", OPEN, "2026-11-02T10:00:00", "day-before-an-ordinary-day"),
    (SG, "2026-11-02T10:00+08:00", "-24 h", OPEN, "2026-10-31T10:00:00", "sunday-does-not-count"),
    (SG, "2026-10-31T10:00+08:00", "-24 h", OPEN, "2026-10-30T10:00:00", "saturday-counts"),
    (SG, "2026-11-01T10:00+08:00", "-24 h", OPEN, "2026-10-31T00:00:00", "from-sunday-all-of-saturday"),
    (SG, "2026-11-10T10:00+08:00", "-24 h", OPEN, "2026-11-07T10:00:00", "deepavali-monday-off-too"),
    (SG, "2026-10-31T10:00+08:00", "24 h", OPEN, "2026-11-02T10:00:00", "forward-over-a-sunday"),
    (SG, "2026-11-02T10:00+08:00", "-24 h", USUAL, "2026-11-01T10:00:00", "elapsed-hours-count-sunday"),
]
# fmt: on
GOLDEN = [
    pytest.param(*row[:5], id=f"{row[0].code}-{row[2].replace(' ', '')}-{row[5]}")
    for row in CHINA + AMERICA + ELSEWHERE
]


@pytest.mark.parametrize(("calendar", "start", "limit", "counting", "expected"), GOLDEN)
def test_due(
    calendar: Calendar, start: str, limit: str, counting: Counting | None, expected: str
) -> None:
    result = due(datetime.fromisoformat(start), parse_limit(limit), calendar, counting)
    shown = local(result.due_at, calendar).isoformat()
    assert shown.startswith(expected)
    assert result.due_at.tzinfo is UTC


def test_there_are_golden_rows_enough() -> None:
    assert len(GOLDEN) >= 60
    assert len({row.id for row in GOLDEN}) == len(GOLDEN)


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30 min", Limit(30, Unit.MINUTES)),
        ("4 h", Limit(4, Unit.HOURS)),
        ("4h", Limit(4, Unit.HOURS)),
        ("  48 H ", Limit(48, Unit.HOURS)),
        ("10 d", Limit(10, Unit.CALENDAR_DAYS)),
        ("3 wd", Limit(3, Unit.WORKING_DAYS)),
        ("6 mo", Limit(6, Unit.MONTHS)),
        ("-24 h", Limit(-24, Unit.HOURS)),
        ("\u221224 h", Limit(-24, Unit.HOURS)),
        ("at once", Limit(0, Unit.IMMEDIATELY)),
        ("immediately", Limit(0, Unit.IMMEDIATELY)),
    ],
)
def test_a_limit_reads_as_the_plan_writes_it(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "wd",
        "3 weeks",
        "1.5 h",
        "+3 d",
        "3 d 4 h",
        "on decision",
        "1e3 h",
        "100001 d",
        "٣ h",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_limit(text)
    assert refusal.value.hint


@given(st.integers(-120, 120), st.sampled_from([u for u in Unit if u != "immediately"]))
def test_a_written_limit_reads_back(amount: int, unit: Unit) -> None:
    assert parse_limit(Limit(amount, unit).text) == Limit(amount, unit)
    assert parse_limit(Limit(0, Unit.IMMEDIATELY).text) == Limit(0, Unit.IMMEDIATELY)


def test_at_once_has_no_number() -> None:
    with pytest.raises(Malformed):
        Limit(3, Unit.IMMEDIATELY)


@pytest.mark.parametrize(
    ("limit", "counting"),
    [("4 h", AFTER), ("4 h", SAME), ("3 wd", ROLLED), ("3 d", OPEN), ("3 wd", Counting.ELAPSED)],
)
def test_a_counting_that_does_not_fit_the_unit_is_refused(limit: str, counting: Counting) -> None:
    with pytest.raises(Malformed, match="Count"):
        due(datetime(2026, 6, 1, tzinfo=UTC), parse_limit(limit), CN, counting)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(Malformed, match="zone"):
        due(datetime(2026, 6, 1, 9), Limit(1, Unit.HOURS), CN)  # noqa: DTZ001 - what is refused


# ---------------------------------------------------------------- what a calendar covers


@pytest.mark.parametrize(
    ("start", "limit", "counting", "year"),
    [
        pytest.param("2026-12-30T10:00+08:00", "5 wd", None, "2027", id="working-days-run-over"),
        pytest.param("2026-12-30T10:00+08:00", "5 d", None, "2027", id="calendar-days-run-over"),
        pytest.param("2026-12-31T20:00+08:00", "5 h", None, "2027", id="hours-run-over"),
        pytest.param("2026-12-31T20:00+08:00", "5 h", OPEN, "2027", id="open-hours-run-over"),
        pytest.param("2026-11-30T20:00+08:00", "2 mo", None, "2027", id="months-run-over"),
        pytest.param("2026-11-30T20:00+08:00", "120 mo", None, "2036", id="months-beyond-dates"),
        pytest.param("2026-01-02T10:00+08:00", "-2 wd", None, "2025", id="back-before-the-first"),
        pytest.param(
            "2025-12-31T10:00+08:00", "at once", None, "2025", id="start-before-the-first"
        ),
        pytest.param("2027-01-01T00:00+08:00", "1 h", None, "2027", id="start-after-the-last"),
    ],
)
def test_a_date_that_is_not_covered_is_refused_by_its_year(
    start: str, limit: str, counting: Counting | None, year: str
) -> None:
    with pytest.raises(Malformed, match=f"does not cover the year {year}") as refusal:
        due(datetime.fromisoformat(start), parse_limit(limit), CN, counting)
    assert refusal.value.code == "calendar_not_covered"


def test_the_last_covered_day_can_be_due() -> None:
    result = due(datetime(2026, 12, 30, 2, tzinfo=UTC), Limit(1, Unit.WORKING_DAYS), CN)
    assert local(result.due_at, CN).isoformat() == "2026-12-31T23:59:59+08:00"


def test_an_instant_that_is_not_covered_is_not_shown() -> None:
    with pytest.raises(Malformed, match="2029"):
        local(datetime(2029, 6, 1, tzinfo=UTC), US)


@pytest.mark.parametrize(
    "fault",
    [
        {"offsets": ()},
        {"offsets": tuple(reversed(US.offsets))},
        {"first_on": date(2030, 1, 1)},
    ],
    ids=["no-clock", "clock-out-of-order", "no-dates"],
)
def test_a_calendar_that_cannot_answer_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        decode(Calendar, encode(Calendar, US) | encode_fault(fault))


def encode_fault(fault: dict[str, object]) -> dict[str, object]:
    """Write the faulty fields as they would arrive."""
    plain: dict[str, object] = {}
    for name, value in fault.items():
        rows = value if isinstance(value, tuple) else ()
        plain[name] = (
            value.isoformat()
            if isinstance(value, date)
            else [encode(OffsetChange, row) for row in rows]
        )
    return plain


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.code)
def test_a_calendar_travels(calendar: Calendar) -> None:
    assert decode(Calendar, encode(Calendar, calendar)) == calendar


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("2026-10-01", StepKind.HOLIDAY),
        ("2026-10-04", StepKind.HOLIDAY),
        ("2026-10-09", StepKind.WORKING_DAY),
        ("2026-10-10", StepKind.MAKE_UP_DAY),
        ("2026-10-11", StepKind.WEEKEND),
    ],
)
def test_what_a_day_is(on: str, kind: StepKind) -> None:
    assert day_kind(date.fromisoformat(on), CN) is kind


# ---------------------------------------------------------------- the ladder


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, "10:00"), (50, "12:00"), (80, "13:12"), (100, "14:00"), (150, "16:00"), (200, "18:00")],
)
def test_rungs_are_shares_of_the_time(percent: int, expected: str) -> None:
    start_at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert f"{share(start_at, start_at + timedelta(hours=4), percent):%H:%M}" == expected


# ---------------------------------------------------------------- words


def told(start: str, limit: str, calendar: Calendar, counting: Counting | None = None) -> Due:
    """Derive a due time from texts."""
    return due(datetime.fromisoformat(start), parse_limit(limit), calendar, counting)


def test_a_derivation_tells_each_day_in_english() -> None:
    sentences = explain(told("2026-09-30T15:00+08:00", "3 wd", CN), "en")
    assert sentences[:3] == (
        "The clock starts on Wed 2026-09-30 at 15:00 (Beijing time).",
        "Wed 2026-09-30: the day it starts is not counted.",
        "Thu 2026-10-01: holiday (National Day), not counted.",
    )
    assert sentences[-4:] == (
        "Thu 2026-10-08: working day 1.",
        "Fri 2026-10-09: working day 2.",
        "Sat 2026-10-10: worked to make up for a holiday, working day 3.",
        "Due when Sat 2026-10-10 ends, with the last second of 23:59.",
    )


def test_a_derivation_tells_each_day_in_chinese() -> None:
    sentences = explain(told("2026-09-30T15:00+08:00", "3 wd", CN), "zh")
    assert sentences[2] == "2026-10-01（周四）：节假日（国庆节），不计。"
    assert sentences[-2:] == (
        "2026-10-10（周六）：调休上班，第3个工作日。",
        "于2026-10-10（周六）结束时到期（23:59最后一秒）。",
    )


@pytest.mark.parametrize(
    ("start", "limit", "counting", "sentence"),
    [
        pytest.param(
            "2026-03-07T02:30-05:00",
            "1 d",
            None,
            "Sun 2026-03-08: that time does not exist (clocks go forward); due at 03:00.",
            id="gap",
        ),
        pytest.param(
            "2026-11-01T01:30-04:00",
            "1 d",
            None,
            "Sun 2026-11-01: this hour happens twice (clocks go back); from 01:00 on.",
            id="repeated-hour",
        ),
        pytest.param(
            "2026-07-01T10:00-04:00",
            "3 d",
            ROLLED,
            "The last day, Sat 2026-07-04, is a day off; it moves to Mon 2026-07-06.",
            id="rolled",
        ),
        pytest.param(
            "2027-01-31T10:00-05:00",
            "1 mo",
            None,
            "That month has no such day; Sun 2027-02-28, its last day, stands for it.",
            id="month-end",
        ),
        pytest.param(
            "2026-03-08T10:00-04:00",
            "-90 min",
            None,
            "1 h 30 min pass backwards, whatever the days: Sun 2026-03-08, 08:30.",
            id="backwards",
        ),
    ],
)
def test_what_is_unusual_is_said(
    start: str, limit: str, counting: Counting | None, sentence: str
) -> None:
    assert sentence in explain(told(start, limit, US, counting), "en")


@pytest.mark.parametrize(
    ("start", "clock"),
    [("2026-03-28T23:59+01:00", "CET"), ("2026-07-01T10:00+02:00", "CEST")],
)
def test_a_clock_whose_name_changes_in_summer_is_called_as_it_is_then(
    start: str, clock: str
) -> None:
    assert f"({clock})." in explain(told(start, "1 d", DE), "en")[0]


def test_other_languages_are_refused() -> None:
    with pytest.raises(Malformed, match="en or zh"):
        explain(told("2026-03-07T02:30-05:00", "1 d", US), "fr")


@pytest.mark.parametrize(
    ("limit", "counting", "doubtful"),
    [
        pytest.param("2 wd", None, True, id="working-days-ask-for-days-off"),
        pytest.param("24 h", OPEN, True, id="open-hours-ask-for-days-off"),
        pytest.param("2 d", ROLLED, True, id="rolling-asks-for-days-off"),
        pytest.param("2 d", AFTER, False, id="calendar-days-do-not"),
        pytest.param("24 h", None, False, id="hours-do-not"),
        pytest.param("1 wd", FIRST, False, id="before-the-doubtful-days"),
    ],
)
def test_unpublished_days_make_a_result_provisional(
    limit: str, counting: Counting | None, doubtful: bool
) -> None:
    result = told("2026-12-28T10:00+08:00", limit, CN, counting)
    assert result.provisional is doubtful
    assert (result.steps[-1].kind is StepKind.NOT_PUBLISHED) is doubtful


# ---------------------------------------------------------------- rules that hold for all

PAIRS = [(unit, counting) for unit, allowed in ALLOWED_COUNTING.items() for counting in allowed]
LARGEST = {
    Unit.IMMEDIATELY: 0,
    Unit.MINUTES: 5_000,
    Unit.HOURS: 300,
    Unit.CALENDAR_DAYS: 60,
    Unit.WORKING_DAYS: 30,
    Unit.MONTHS: 1,
}
WALLS = [
    "2026-03-08T06:00",
    "2026-03-29T00:30",
    "2026-04-04T15:00",
    "2026-10-03T15:30",
    "2026-10-25T00:00",
    "2026-11-01T05:00",
]
"""Just before the clocks change somewhere (UTC)."""


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    """Draw instants of the middle of 2026, every third beside a clock change."""
    if draw(st.integers(0, 2)) == 0:
        around_at = datetime.fromisoformat(draw(st.sampled_from(WALLS))).replace(tzinfo=UTC)
        offset = timedelta(seconds=draw(st.integers(-90_000, 10_000)))
        return around_at + offset + timedelta(microseconds=draw(st.integers(0, 999_999)))
    return draw(
        st.datetimes(datetime(2026, 3, 10), datetime(2026, 10, 20), timezones=st.just(UTC))  # noqa: DTZ001 - zones are drawn beside
    )


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, Counting]:
    """Draw a limit that fits into the covered dates, with a counting that fits its unit."""
    unit, counting = draw(st.sampled_from(PAIRS))
    return Limit(draw(st.integers(-LARGEST[unit], LARGEST[unit])), unit), counting


calendars = st.sampled_from(CALENDARS)


@given(starts(), starts(), limits(), calendars)
def test_a_later_start_is_never_due_earlier(
    one_at: datetime, other_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    limit, counting = asked
    first_at, second_at = sorted((one_at, other_at))
    first, second = (due(at, limit, calendar, counting).due_at for at in (first_at, second_at))
    assert first <= second


@given(starts(), st.integers(0, 3 * 86_400), limits(), calendars)
@example(  # the 29th of March has no day a month before: once it was due before the 28th was
    datetime(2026, 3, 28, 20, 23, tzinfo=UTC),
    9_420,
    (Limit(-1, Unit.MONTHS), Counting.SAME_TIME),
    DE,
)
def test_a_start_soon_after_is_never_due_earlier(
    start_at: datetime, later: int, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    limit, counting = asked
    then_at = start_at + timedelta(seconds=later)
    first, second = (due(at, limit, calendar, counting).due_at for at in (start_at, then_at))
    assert first <= second


@given(starts(), limits(), calendars)
def test_a_smaller_amount_is_never_due_later(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    limit, counting = asked
    if limit.unit is not Unit.IMMEDIATELY:
        less = Limit(limit.amount - 1, limit.unit)
        less_at = due(start_at, less, calendar, counting).due_at
        assert less_at <= due(start_at, limit, calendar, counting).due_at


@given(starts(), st.sampled_from(PAIRS), calendars)
def test_adding_nothing_changes_nothing(
    start_at: datetime, pair: tuple[Unit, Counting], calendar: Calendar
) -> None:
    unit, counting = pair
    assert due(start_at, Limit(0, unit), calendar, counting).due_at == start_at


@given(starts(), st.integers(-300, 300), calendars)
def test_hours_are_exact_elapsed_seconds(
    start_at: datetime, hours: int, calendar: Calendar
) -> None:
    result = due(start_at, Limit(hours, Unit.HOURS), calendar)
    assert result.due_at - start_at == timedelta(seconds=3600 * hours)


@given(starts(), limits(), calendars)
def test_the_steps_fold_to_the_due_time(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    result = due(start_at, asked[0], calendar, asked[1])
    at = result.steps[0].at
    for step in result.steps:
        at += timedelta(seconds=step.seconds)
        assert at == step.at
    assert at == result.due_at == retrace(result)


working_limits = st.integers(-30, 30).filter(bool).map(lambda n: Limit(n, Unit.WORKING_DAYS))
working_countings = st.sampled_from(ALLOWED_COUNTING[Unit.WORKING_DAYS])


@given(starts(), working_limits, working_countings, calendars)
def test_working_days_are_never_due_on_a_day_off(
    start_at: datetime, limit: Limit, counting: Counting, calendar: Calendar
) -> None:
    result = due(start_at, limit, calendar, counting)
    assert is_working_day(local(result.due_at, calendar).date(), calendar)


@given(starts(), working_limits, calendars)
def test_between_start_and_due_lie_as_many_working_days_as_asked(
    start_at: datetime, limit: Limit, calendar: Calendar
) -> None:
    start_on = local(start_at, calendar).date()
    due_on = local(due(start_at, limit, calendar).due_at, calendar).date()
    low, high = sorted((start_on, due_on))
    between = [low + n * DAY for n in range((high - low).days + 1)]
    assert sum(is_working_day(on, calendar) for on in between if on != start_on) == abs(
        limit.amount
    )


@given(starts(), working_limits, working_countings, calendars)
def test_every_day_of_the_way_is_told_once_and_rightly(
    start_at: datetime, limit: Limit, counting: Counting, calendar: Calendar
) -> None:
    result = due(start_at, limit, calendar, counting)
    kinds = {StepKind.WEEKEND, StepKind.HOLIDAY} | WORKED
    told_days = [step for step in result.steps if step.kind in kinds]
    on = [step.on for step in told_days]
    one = DAY if limit.amount > 0 else -DAY
    assert on == [on[0] + n * one for n in range(len(on))]
    assert all(step.kind is day_kind(step.on, calendar) for step in told_days)
    assert sum(step.kind in WORKED for step in told_days) == abs(limit.amount)


@given(starts(), st.integers(1, 60), calendars)
def test_calendar_days_end_with_the_last_second_of_the_right_date(
    start_at: datetime, amount: int, calendar: Calendar
) -> None:
    limit = Limit(amount, Unit.CALENDAR_DAYS)
    shown = local(due(start_at, limit, calendar, AFTER).due_at, calendar)
    assert shown.date() == local(start_at, calendar).date() + amount * DAY
    assert shown.time() == time(23, 59, 59)


@given(starts(), limits(), calendars)
def test_open_hours_count_only_time_on_working_days(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    limit = Limit(asked[0].amount, Unit.MINUTES)
    result = due(start_at, limit, calendar, OPEN)
    counted = [step for step in result.steps if step.kind is StepKind.TIME_COUNTED]
    assert sum(step.seconds for step in counted) == limit.amount * 60
    assert all(is_working_day(step.on, calendar) for step in counted)


def test_a_day_of_which_no_second_is_crossed_is_not_told() -> None:
    result = told("2026-11-09T00:00+08:00", "-24 h", SG, OPEN)
    assert [(step.on.day, step.seconds) for step in result.steps[1:-1]] == [
        (8, -86_400),
        (7, -86_400),
    ]


def test_hours_counted_on_open_days_end_with_a_line_that_says_when_it_is_due() -> None:
    result = told("2026-11-09T10:00+08:00", "24 h", SG, OPEN)
    assert result.steps[-1].kind is StepKind.DUE
    assert explain(result, "en")[-1] == "Due on Wed 2026-11-11 at 00:00."


@given(starts(), limits(), calendars, st.sampled_from(["en", "zh"]))
def test_every_step_has_its_sentence(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar, language: str
) -> None:
    result = due(start_at, asked[0], calendar, asked[1])
    sentences = explain(result, language)
    assert len(sentences) == len(result.steps)
    assert all(s.strip() and "{" not in s and "  " not in s for s in sentences)


@given(starts(), limits(), calendars)
def test_the_zone_a_start_is_written_in_does_not_matter(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    elsewhere = start_at.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert due(elsewhere, asked[0], calendar, asked[1]) == due(
        start_at, asked[0], calendar, asked[1]
    )


@given(starts(), limits(), calendars)
def test_a_derivation_travels(
    start_at: datetime, asked: tuple[Limit, Counting], calendar: Calendar
) -> None:
    result = due(start_at, asked[0], calendar, asked[1])
    assert decode(Due, encode(Due, result)) == result
