"""How we are reached and how goods come back: no mark in the text, and the gate asks instead."""

import pytest

from activities.hotlines import hotline
from domain.fact_values import ValueKind
from domain.facts import VerifyFact
from domain.statement_gate import FactFault, fact_faults
from tests.domain.story import Story
from tests.domain.test_following import QSR, SOLD, records, story
from tests.domain.texts import AUTHOR, draft, now, text

__all__ = ["story"]


def test_words_of_service_bear_no_mark_and_are_asked_for_until_verified(story: Story) -> None:
    records(story, "每日8时至20时", verified=False, key="hotline_hours", kind=ValueKind.TEXT)  # fmt: skip
    records(story, verified=False)
    story.did(AUTHOR, draft("holding", text("zh-CN", "请致电（{{hotline_hours}}）。"), SOLD[1]))
    written = now(story)
    assert written.texts[0].body == "请致电（每日8时至20时）。"
    assert "(preliminary)" in written.texts[1].body
    (fault,) = fact_faults(story.incident, written, story.now, None)
    assert fault[:2] == ("hotline_hours", FactFault.NOT_VERIFIED)
    story.did(QSR, VerifyFact(key="hotline_hours"))
    assert fact_faults(story.incident, now(story), story.now, None) == ()
    assert now(story).version == written.version, "the words are the same: approvals stay"


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "400 1（中国）、0800 2（德国）"), ("de", "400 1 (China), 0800 2 (Deutschland)")],
)
def test_a_country_stands_in_the_brackets_of_the_language(language: str, said: str) -> None:
    about = {"hotline": "400 1", "home_market": "CN", "hotlines": [{"market": "DE", "number": "0800 2"}]}  # fmt: skip
    assert hotline(about, ("CN", "DE"), language) == said
