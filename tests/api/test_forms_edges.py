"""Forms at their edges: times that cannot be, and a choice where only one thing is there."""

from zoneinfo import ZoneInfo

import pytest

from api.forms import Filling, Option, sections
from api.typed import instant_of
from api.words import words_of
from domain.report import LinkReport


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("0001-01-01T00:00", "Asia/Shanghai", id="first minute, east"),
        pytest.param("9999-12-31T23:59", "America/New_York", id="last minute, west"),
        pytest.param("tomorrow", "Asia/Shanghai", id="no time at all"),
    ],
)
def test_a_time_that_cannot_be_is_kept_as_typed(text: str, zone: str) -> None:
    assert instant_of(text, ZoneInfo(zone)) == text


@pytest.mark.parametrize(
    ("more", "chosen"),
    [
        pytest.param({}, "INC-2026-0001", id="the only thing it can be about"),
        pytest.param({"may_be_meant": False}, "", id="there by chance"),
    ],
)
def test_the_only_choice_stands_chosen_where_it_must_be_meant(more: Option, chosen: str) -> None:
    only: list[Option] = [{"value": "INC-2026-0001", "label": "INC-2026-0001", **more}]
    filling = Filling(
        words=words_of("en"),
        zone=ZoneInfo("UTC"),
        zone_name="UTC",
        choose=lambda asked: only if asked.path == "incident" else None,
    )
    (section,) = sections(LinkReport, filling)
    assert section.fields[0]["value"] == chosen
