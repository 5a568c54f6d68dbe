"""Times as people read them: in the reader's zone, and midnight as the end of a day."""

from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from api.pages.lens import Lens, Names
from api.words import words_of
from domain.rules import Rules
from services.house import House

NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
NOBODY = cast("House", None)
"""Times ask nothing of the house."""


def lens(language: str, rules: Rules | None = None) -> Lens:
    return Lens(
        words=words_of(language),
        zone=ZoneInfo("Asia/Shanghai"),
        zone_name="",
        now=NOW,
        names=Names(NOBODY),
        rules=rules,
    )


@pytest.mark.parametrize(
    ("language", "at", "told"),
    [
        pytest.param("en", datetime(2026, 12, 4, 16, tzinfo=UTC), "end of Fri 4 Dec", id="en"),
        pytest.param(
            "zh_CN", datetime(2026, 12, 4, 16, tzinfo=UTC), "12月4日（周五）当天结束", id="zh"
        ),
        pytest.param(
            "en", datetime(2026, 12, 31, 16, tzinfo=UTC), "end of Thu 31 Dec", id="en:last of year"
        ),
        pytest.param(
            "en", datetime(2026, 12, 4, 15, 59, tzinfo=UTC), "Fri 4 Dec, 23:59", id="near"
        ),
        pytest.param(
            "en",
            datetime(2026, 12, 4, 15, 59, 59, tzinfo=UTC),
            "end of Fri 4 Dec",
            id="with its last second, as laws count",
        ),
        pytest.param(
            "en", datetime(2027, 1, 4, 16, tzinfo=UTC), "end of 4 Jan 2027", id="another year"
        ),
    ],
)
def test_what_is_due_at_midnight_is_due_at_the_end_of_the_day(
    language: str, at: datetime, told: str
) -> None:
    due = lens(language).due(at)
    assert due["text"] == told
    assert due["iso"] == at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("language", "there"),
    [("en", "end of Fri 4 Dec "), ("zh_CN", "12月4日（周五）当天结束")],
    ids=["en", "zh"],
)
def test_an_authoritys_day_ends_by_its_own_clock(language: str, there: str) -> None:
    midnight_in_berlin = datetime(2026, 12, 4, 23, tzinfo=UTC)
    due = lens(language).due(midnight_in_berlin, "DE")
    assert there.strip() in due["text"]
    assert "00:00" not in due["text"]


@pytest.mark.parametrize(("place", "there"), [("TW", False), ("JP", True)], ids=["same", "another"])
def test_a_clock_that_shows_the_same_stands_there_once(place: str, *, there: bool) -> None:
    at = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    assert ("authority" in lens("en").due(at, place)) is there
    assert ("authority" in (lens("en").moment(at, place) or {})) is there
