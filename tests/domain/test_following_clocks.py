"""Times in texts: told by the clock of who reads them, and followed by it when a fact moves."""

import pytest

from domain.fact_values import ValueKind
from domain.statement_facts import as_listed, bind
from domain.statement_follow import tells
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


@pytest.mark.parametrize(
    ("kept", "berlin"),
    [("2026-11-29T19:15:00+00:00", "29. November 2026"), ("2026-11-30", "30. November 2026")],
    ids=["of an instant", "as typed"],
)
def test_a_day_of_an_instant_is_that_of_its_readers_and_a_typed_one_stays(
    story: Story, kept: str, berlin: str
) -> None:
    at = story.now
    heard = as_listed("heard_since", ValueKind.DAY, {"de": kept, "zh-CN": kept}, at, of=2)
    bodies = [text(one, body="{{heard_since}}") for one in ("de", "zh-CN")]
    made = bind(story.incident, tuple(bodies), ("CN", "DE"), listed=(heard,))
    assert [one.body for one in made.texts] == [berlin, "2026年11月30日"]
    story.did(AUTHOR, draft("holding", *made.texts, markets=("CN", "DE")))
    assert tells(story.incident, now(story), heard)
