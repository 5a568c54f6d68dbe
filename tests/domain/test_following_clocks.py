"""Times in texts: told by the clock of who reads them, and followed by it when a fact moves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.fact_values import ValueKind
from domain.facts import all_facts
from domain.in_words import moment_in
from domain.statement_facts import as_listed, bind, quoted
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
            "en": "08:00 ET, July 2, 2026",
        }),
        (("US",), {"en": "08:00 ET, July 2, 2026"}),
        (("US", "GB"), {"en": "08:00 ET / 13:00 UK time, 2 July 2026"}),
        (("GB", "US"), {"en-GB": "13:00 UK time, 2 July 2026", "en-US": "08:00 ET, July 2, 2026"}),
        (("DE", "US"), {"en": "08:00 ET, July 2, 2026"}),
        (("CN", "GB", "US"), {
            "fr": "2 juillet 2026 à 8 h (heure de New York) / à 13 h (heure de Londres) / à 20 h",
        }),
        (("CN", "HK", "SG"), {"zh": "2026年7月2日20时（北京时间）"}),
        (("JP", "US"), {"zh": "2026年7月2日8时（美国东部时间）/21时（东京时间）"}),
        (("GB", "IE"), {"en": "20:00 UTC+8, 2 July 2026"}),
        (("CN", "DE", "GB", "US"), {"ko": "2026년 7월 2일 20시(UTC+8)"}),
    ],
    ids=[
        "a language, a market", "one market", "two clocks", "two regions", "one of two markets",
        "three clocks", "one distance", "no reader's own", "a zone not known", "too many clocks",
    ],
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


def test_where_the_day_differs_each_clock_tells_its_own() -> None:
    at = datetime(2026, 7, 2, 1, tzinfo=UTC)
    told = moment_in("en", at, "America/New_York Asia/Shanghai")
    assert told == "21:00 ET, 1 July 2026 / 09:00 Beijing time, 2 July 2026"


@pytest.mark.parametrize(
    ("markets", "language", "stood"),
    [
        (("US", "GB"), "en", "20:00 UTC+8, 2 July 2026"),
        (("US", "GB"), "en-GB", "20:00 UTC+8, 2 July 2026"),
        (("US", "DE"), "en", "08:00 ET, 2 July 2026"),
        (("US",), "en", "20:00 Beijing time, July 2, 2026"),
        (("US", "GB"), "en", "20:00 Beijing time, 2 July 2026"),
    ],
    ids=["a distance", "a distance, by region", "day first", "the company's", "of old"],
)
def test_a_time_told_as_texts_of_before_had_it_is_known_again(
    story: Story, markets: tuple[str, ...], language: str, stood: str
) -> None:
    records(story, "2026-07-02T12:00+00:00", key="planned", kind=ValueKind.MOMENT)
    story.did(AUTHOR, draft("holding", text(language, body=f"At {stood}."), markets=markets))
    fact = quoted(all_facts(story.incident)["planned"])
    assert tells(story.incident, replace(now(story), told=()), fact)


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
