"""Limits that come again, and a time that new information starts anew."""

from datetime import datetime

import pytest

from domain.clock import Counting, local, parse_limit, retrace
from domain.clock_words import explain, explain_restart
from domain.errors import Malformed
from domain.recurring import Restart, came_within, nth, restarted
from tests.domain.test_clock import CN, DE, US

SAME, ROLLED = Counting.SAME_TIME, Counting.DAY_AFTER_ROLLED


@pytest.mark.parametrize(
    ("first", "every", "counting", "days"),
    [
        pytest.param(
            "2027-01-31T12:00-05:00",
            "1 mo",
            None,
            ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
            id="month-ends-do-not-drift",
        ),
        pytest.param(
            "2028-01-31T12:00-05:00",
            "1 mo",
            SAME,
            ["2028-02-29", "2028-03-31", "2028-04-30"],
            id="a-leap-day-is-a-month-end",
        ),
        pytest.param(
            "2026-10-12T09:00-04:00",
            "14 d",
            None,
            ["2026-10-26", "2026-11-09", "2026-11-23", "2026-12-07"],
            id="every-14-days-over-the-clock-change",
        ),
        pytest.param(
            "2026-12-07T09:00-05:00",
            "28 d",
            None,
            ["2027-01-04", "2027-02-01", "2027-03-01"],
            id="every-28-days-over-the-year-end",
        ),
        pytest.param(  # 4 July 2026 is a Saturday and 5 July a Sunday: number 2 moves, 3 does not.
            "2026-06-06T09:00-04:00",
            "14 d",
            ROLLED,
            ["2026-06-22", "2026-07-06", "2026-07-20", "2026-08-03"],
            id="what-rolls-does-not-move-those-behind",
        ),
        pytest.param(  # 18, (19 Juneteenth), 22; 23, 24; 25, 26
            "2026-06-17T09:00-04:00",
            "2 wd",
            None,
            ["2026-06-22", "2026-06-24", "2026-06-26"],
            id="working-days-are-counted-from-the-first-too",
        ),
    ],
)
def test_the_nth_of_a_series(
    first: str, every: str, counting: Counting | None, days: list[str]
) -> None:
    for number, on in enumerate(days, start=1):
        found = nth(datetime.fromisoformat(first), parse_limit(every), number, US, counting)
        assert f"{local(found.due_at, US):%Y-%m-%d}" == on
        assert retrace(found) == found.due_at


def test_the_number_is_told_with_the_derivation() -> None:
    found = nth(datetime.fromisoformat("2027-01-31T12:00+01:00"), parse_limit("1 mo"), 2, DE)
    assert explain(found, "en") == (
        "The clock starts on Sun 2027-01-31 at 12:00 (CET).",
        "Number 2 of a series; each is counted from the first.",
        "Sun 2027-01-31: the day it starts is not counted.",
        "Months counted: 2, from Mon 2027-02-01 to Wed 2027-03-31.",
        "Due when Wed 2027-03-31 ends, with the last second of 23:59.",
    )
    assert explain(found, "zh")[1] == "系列中的第2次；每次均自首次起算。"


@pytest.mark.parametrize(
    ("every", "number"),
    [("14 d", 0), ("14 d", -1), ("0 d", 1), ("-14 d", 1), ("at once", 1), ("14 d", 300)],
)
def test_a_number_that_makes_no_series_is_refused(every: str, number: int) -> None:
    with pytest.raises(Malformed) as refusal:
        nth(datetime.fromisoformat("2027-01-31T12:00+01:00"), parse_limit(every), number, DE)
    assert refusal.value.hint


# ---------------------------------------------------------------- new information


def anew(first: str, new: str) -> Restart:
    """Ask for 15 working days again, within a year of the first report (21 USC 364a(b)(2))."""
    return restarted(
        datetime.fromisoformat(first),
        datetime.fromisoformat(new),
        parse_limit("12 mo"),
        parse_limit("15 wd"),
        US,
    )


@pytest.mark.parametrize(
    ("new", "last_on"),
    [
        # 16 November: 17-20 (4), 23-25 and 27 (8), 30 to 4 December (13), 7, 8.
        pytest.param("2026-11-16T09:00-05:00", "2026-12-08", id="a-week-after"),
        # 9 November 2027, a Tuesday: 10, 12 (2), 15-19 (7), 22-24 and 26 (11), 29 to 2 December.
        pytest.param("2027-11-09T23:59:59-05:00", "2027-12-02", id="the-last-second-of-the-year"),
        pytest.param("2027-11-10T00:00-05:00", None, id="the-day-after-the-year"),
    ],
)
def test_new_information_within_a_year_starts_the_clock_anew(new: str, last_on: str | None) -> None:
    found = anew("2026-11-09T10:00-05:00", new)
    assert (found.due and f"{local(found.due.due_at, US):%Y-%m-%d}") == last_on
    assert found.until is not None
    assert f"{local(found.until.due_at, US):%Y-%m-%d}" == "2027-11-09"


def test_where_nobody_knows_information_is_taken_to_be_in_time() -> None:
    """The calendar typed by hand ends with 2028."""
    first_at = datetime.fromisoformat("2028-02-29T10:00-05:00")
    new_at = datetime.fromisoformat("2028-12-01T10:00-05:00")
    assert came_within(first_at, new_at, parse_limit("12 mo"), US)


def test_where_no_calendar_reaches_the_clock_starts_anew_and_says_why() -> None:
    found = anew("2028-02-28T10:00-05:00", "2028-11-27T09:00-05:00")
    assert found.until is None
    assert found.due is not None
    assert explain_restart(found, "en")[:2] == (
        "The calendar ends before the time after the first report does: taken as within it.",
        "New information came in time, on Mon 2028-11-27 at 09:00: the clock starts anew.",
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_restart_is_told_from_the_first_report_to_the_new_due_time(language: str) -> None:
    found = anew("2026-11-09T10:00-05:00", "2026-11-16T09:00-05:00")
    assert found.until is not None
    assert found.due is not None
    told = explain_restart(found, language)
    assert told[: len(found.until.steps)] == explain(found.until, language)
    assert told[len(found.until.steps) + 1 :] == explain(found.due, language)


def test_information_that_came_too_late_is_told_so() -> None:
    found = anew("2026-11-09T10:00-05:00", "2027-11-10T00:00-05:00")
    assert explain_restart(found, "en")[-1] == (
        "New information came too late, on Wed 2027-11-10 at 00:00: no new report is due."
    )
    assert explain_restart(found, "zh")[-1] == (
        "于2027-11-10（周三） 00:00获知新信息，期限已满：无需再次报告。"
    )
    with pytest.raises(Malformed, match="en or zh"):
        explain_restart(found, "fr")


def test_information_that_no_calendar_covers_is_refused() -> None:
    with pytest.raises(Malformed, match="2028"):
        restarted(
            datetime.fromisoformat("2026-06-01T10:00+08:00"),
            datetime.fromisoformat("2028-01-05T10:00+08:00"),
            parse_limit("12 mo"),
            parse_limit("15 wd"),
            CN,
        )
