"""A notice that is published tells consumers where it speaks to them; nobody counts who read it."""

import pytest

from domain.notifications import in_public, public_is_told
from domain.people import PERFORMER
from domain.recall_end import unmet_figures
from tests.domain.recalls import PR, public_notice, running
from tests.domain.story import Story
from tests.domain.texts import PR_LEAD, approved, draft, handed_in, now, placed, publish, text

UNTOLD = "Consumers were not told."


def published(story: Story, kind: str, *markets: str) -> None:
    """Bring a text to the public notice page."""
    words = text("zh-CN", body="请立即停止使用该产品。")
    made = handed_in(story, draft(kind, words, markets=markets))
    approved(story, made.id)
    story.did(PR_LEAD, publish(now(story, made.id), "site"))
    story.did(PERFORMER, placed(now(story, made.id), "site"))


@pytest.mark.parametrize(
    ("kind", "told"), [("recall_notice", True), ("holding", False)], ids=["notice", "other text"]
)
def test_a_published_notice_tells_the_consumers_of_its_markets(kind: str, *, told: bool) -> None:
    story = running()
    assert UNTOLD in list(unmet_figures(story.incident, "CN"))
    published(story, kind, "CN")
    assert (UNTOLD in list(unmet_figures(story.incident, "CN"))) is not told
    assert public_is_told(story.incident, "DE") is False
    assert (story.due("consumers_told") is None) is told
    assert [place.place for _, place in in_public(story.incident)] == ["site"] * told


def test_readers_that_are_counted_are_told_everywhere() -> None:
    story = running()
    story.did(PR, public_notice())
    assert public_is_told(story.incident, "DE")
