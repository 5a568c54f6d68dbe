"""Times at the edge of the calendar stay as they were typed; nothing breaks over them."""

from zoneinfo import ZoneInfo

import pytest

from api.typed import instant_of


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
