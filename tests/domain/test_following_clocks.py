"""Times in texts: told by the clock of who reads them, and followed by it when a fact moves."""

import pytest

from domain.fact_values import ValueKind
from tests.domain.story import Story
from tests.domain.test_following import read_back, records, story
from tests.domain.texts import AUTHOR, draft, now, text

__all__ = ["story"]


@pytest.mark.parametrize(
    ("markets", "said"),
    [
        (("CN", "DE", "US"), {
            "zh-CN": "2026年7月2日20时（北京时间）", "de": "2. Juli 2026, 14:00 Uhr (MESZ)",
            "en": "08:00 ET, 2 July 2026",
        }),
        (("US",), {"en": "08:00 ET, July 2, 2026"}),
        (("US", "GB"), {"en": "20:00 UTC+8, 2 July 2026"}),
    ],
    ids=["a language, a market", "one market", "no clock in common"],
)  # fmt: skip
def test_a_time_is_told_by_the_clock_of_the_readers_and_follows_by_it(
    story: Story, markets: tuple[str, ...], said: dict[str, str]
) -> None:
    records(story, "2026-07-02T12:00+00:00", key="planned", kind=ValueKind.MOMENT)
    bodies = [text(one, body="{{planned}}") for one in said]
    story.did(AUTHOR, draft("holding", *bodies, markets=markets))
    for one in now(story).texts:
        assert one.body.startswith(said[one.language])
    read_back(story)
