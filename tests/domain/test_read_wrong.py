"""What people read wrong comes first, and what corrects it reaches all of them."""

import pytest

from domain.left_at_end import left_at_end
from domain.next_steps import next_steps
from domain.one_step import NextStep
from domain.openings import openings
from domain.people import PERFORMER
from domain.publication import ConfirmPublishedByHand
from domain.publishing import free_places
from domain.scene import Scene
from domain.statement_approval import AskForReview
from domain.statement_change import (
    ClearFlag,
    CorrectStatement,
    FlagStatement,
    RetractStatement,
)
from domain.statement_places import Place
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    like,
    now,
    placed,
    publish,
    text,
)

WHY = PublicText("The lot was wrong.")


@pytest.fixture
def story() -> Story:
    """A holding statement in two languages for two markets, on our page and with the press."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(told)
    told.did(PR_LEAD, publish(now(told), "site", "press"))
    return told


def seen(story: Story, words: str) -> None:
    """Somebody looks at what the press made of it."""
    look = ConfirmPublishedByHand(
        statement="S1", place=Place.PRESS, link="x", text_seen=PublicText(words)
    )
    story.did(PR_LEAD, look)


def first(story: Story) -> tuple[str, str, bool]:
    """The step that comes before all others."""
    step: NextStep = next_steps(story.incident)[0]
    return step.act, step.item, step.urgent


def test_other_words_at_a_place_come_first_until_they_are_put_right(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press"))
    assert not any(step.urgent for step in next_steps(story.incident))
    seen(story, "We recall everything.")
    assert first(story) == ("confirm_published_by_hand", "S1", True)
    other = "text S1 was seen at a place in other words than those approved"
    assert other in left_at_end(story.incident)
    seen(story, f"{text().body}{text('en').body}")
    assert not any(step.urgent for step in next_steps(story.incident))
    assert other not in left_at_end(story.incident)


def test_other_words_on_our_own_page_are_sent_again(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press", read_back="0" * 64))
    assert first(story) == ("publish_statement", "S1", True)


def test_a_text_that_is_called_wrong_comes_first_until_its_correction_is_out(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press"))
    story.did(PR_LEAD, FlagStatement(statement="S1", what=WHY))
    assert first(story) == ("correct_statement", "S1", True)
    said = draft("holding", text(), text("en"), markets=("CN", "US"))
    made = like(said, CorrectStatement, statement="S1", what_was_wrong=WHY)
    story.did(AUTHOR, made)
    assert first(story) == ("ask_for_review", "S2", True)
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    approved(story, "S2")
    assert first(story) == ("publish_statement", "S2", True)


@pytest.mark.parametrize(
    ("languages", "markets", "missing"),
    [
        pytest.param(("zh-CN",), ("CN", "US"), "English", id="a language"),
        pytest.param(("zh-CN", "en"), ("CN",), "US", id="a market"),
    ],
)
@pytest.mark.parametrize("act", [CorrectStatement, RetractStatement], ids=["correct", "retract"])
def test_a_correction_is_handed_in_for_all_who_read_the_first_text(
    story: Story, act: type, languages: tuple[str, ...], markets: tuple[str, ...], missing: str
) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press"))
    said = draft("holding", *map(text, languages), markets=markets)
    why = {"what_was_wrong" if act is CorrectStatement else "reason": WHY}
    story.did(AUTHOR, like(said, act, statement="S1", **why))
    refusal = story.refused(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    assert (refusal.reason, missing in refusal.sentence) == ("smaller_reach", True)


def test_a_correction_goes_where_other_words_stand_too(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press"))
    seen(story, "We recall everything.")
    said = draft("holding", text(), text("en"), markets=("CN", "US"))
    story.did(AUTHOR, like(said, CorrectStatement, statement="S1", what_was_wrong=WHY))
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    approved(story, "S2")
    assert story.refused(PR_LEAD, publish(now(story, "S2"), "site")).reason == "smaller_reach"
    story.did(PR_LEAD, publish(now(story, "S2"), "site", "press"))


def test_what_is_said_to_be_wrong_goes_nowhere_else(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press"))
    assert Place.SOCIAL in free_places(story.incident, now(story))
    story.did(PR_LEAD, FlagStatement(statement="S1", what=WHY))
    assert not free_places(story.incident, now(story))
    assert not openings(Scene(story.incident, PR_LEAD, story.now), "publish_statement")
    assert story.refused(PR_LEAD, publish(now(story), "social")).reason == "said_to_be_wrong"
    story.did(PR_LEAD, ClearFlag(statement="S1", reason=WHY))
    story.did(PR_LEAD, publish(now(story), "social"))


def test_what_is_said_to_be_wrong_is_still_put_right_on_our_own_page(story: Story) -> None:
    story.did(PERFORMER, placed(now(story), "site", "press", read_back="0" * 64))
    seen(story, f"{text().body}{text('en').body}")
    story.did(PR_LEAD, FlagStatement(statement="S1", what=WHY))
    story.did(PR_LEAD, publish(now(story), "site"))
