"""Messages to people: every kind has words in both languages that need nothing the effect lacks."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.message_words import OTHER, WORDS
from activities.speaking import Speeches
from storage.catalog import Item, put_items
from storage.database import open_database

ROOM = Path(__file__).parents[2] / "domain"


@pytest.mark.parametrize("kind", sorted(WORDS), ids=sorted(WORDS))
def test_both_languages_use_the_same_facts(kind: str) -> None:
    facts = {
        language: {name.removesuffix("_zh") for name in re.findall(r"{(\w+)}", " ".join(words))}
        for language, words in WORDS[kind].items()
    }
    assert set(facts) == {"en", "zh"}
    assert facts["zh"] <= facts["en"] | {"title"}


def test_an_unknown_kind_still_says_something() -> None:
    assert all("{title}" in happened for _subject, _ask, happened in OTHER.values())


def test_every_kind_that_the_plan_tells_has_words() -> None:
    told = set()
    for module in ROOM.glob("*.py"):
        told |= set(re.findall(r'"kind": "(\w+)"', module.read_text(encoding="utf-8")))
    assert told <= set(WORDS), told - set(WORDS)


BODY: dict[str, Any] = {
    "kind": "overdue",
    "roles": ["duty_officer"],
    "title": "Possibly: Notice of a recall to the FDA (US), to the Food and Drug Administration, "
    "division recall coordinator by phone (our own target; the law says: at once)",
    "due_at": "2026-12-04T18:10:00+00:00",
    "place": "buyers",
    "decision": "recall",
    "depth": "consumer",
    "market": "DE",
    "grade": "serious",
    "role": "legal",
    "by": "nobody.we.know",
    "products": ["dew-cream"],
    "channel": "no-such-channel",
}

SAID = {
    "en": {
        "place": "Buyers",
        "decision": "Recall from users",
        "depth": "Down to the consumer",
        "market": "Germany",
        "grade": "Serious",
        "role": "Legal",
        "by": "nobody.we.know",
        "products": "Dew cream",
        "channel": "no-such-channel",
    },
    "zh": {
        "place": "购买者",
        "decision": "从使用者处召回",
        "depth": "至消费者",
        "market": "德国",
        "grade": "严重",
        "products": "月露霜",
    },
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a database that knows one product and no plan."""
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    cream = Item(id="dew-cream", name_en="Dew cream", name_zh="月露霜")
    put_items(database.ledger, "product", [cream])
    yield database.ledger
    database.close()


@pytest.mark.parametrize("language", SAID)
def test_values_are_said_in_the_readers_words(language: str, engine: Engine) -> None:
    said = Speeches(engine).to(language).told(BODY)
    assert {name: said[name] for name in SAID[language]} == SAID[language]


NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "at", "said"),
    [
        ("en", "2026-12-04T18:10:00+00:00", "Sat 5 Dec, 02:10 Beijing time"),
        ("zh", "2026-12-04T18:10:00+00:00", "北京时间12月5日（周六）02:10"),
        ("en", "2026-12-04T16:00:00+00:00", "end of Fri 4 Dec, Beijing time"),
        ("zh", "2026-12-04T16:00:00+00:00", "北京时间12月4日（周五）当天结束"),
        ("en", "2027-01-04T18:10:00+00:00", "5 Jan 2027, 02:10 Beijing time"),
        ("zh", "2027-01-04T18:10:00+00:00", "北京时间2027年1月5日 02:10"),
    ],
)
def test_a_due_time_is_told_by_the_clock_on_the_wall(
    language: str, at: str, said: str, engine: Engine
) -> None:
    assert Speeches(engine).to(language, NOW).told({"due_at": at})["due_at"] == said


def test_a_title_is_chinese_to_its_last_part_and_names_stay(engine: Engine) -> None:
    title = Speeches(engine).to("zh").told(BODY)["title"]
    assert title.startswith("可能：")
    assert "以电话报告（公司自定时限；法规要求：立即）" in title
    english = Speeches(engine).to("en").told(BODY)["title"]
    assert english == BODY["title"].replace("(US)", "(United States)")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The city: Order to stop"), ("zh", "The city：责令停止")]
)
def test_what_an_authority_did_is_said_in_words(language: str, said: str, engine: Engine) -> None:
    assert Speeches(engine).to(language).sentence("The city: order stop") == said
