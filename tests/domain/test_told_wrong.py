"""Who asked and was given what does not hold any more is told, by those who answer."""

from typing import Any

import pytest

from domain.enquiries import AnswerEnquiry, LogEnquiry
from domain.next_steps import next_steps
from domain.one_step import NextStep
from domain.openings import openings
from domain.people import PERFORMER
from domain.scene import Scene
from domain.statement_approval import AskForReview
from domain.statement_change import (
    ClearFlag,
    CorrectStatement,
    FlagStatement,
    RetractStatement,
    SupersedeStatement,
)
from domain.values import PrivateText, PublicText
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
)

WHY = PublicText("批号有误")
WRONG = FlagStatement(statement="S1", what=WHY)


def out(story: Story, statement: str) -> None:
    story.did(PR_LEAD, publish(now(story, statement), "site"))
    story.did(PERFORMER, placed(now(story, statement), "site"))


def given(story: Story, statement: str) -> None:
    story.did(PR_LEAD, AnswerEnquiry(enquiry="E1", statement=statement, language="zh-CN"))


@pytest.fixture
def story() -> Story:
    """A journalist asked and was given the first statement, which is out."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told)
    approved(told)
    out(told, "S1")
    who = PrivateText(ref="r", commitment="c", subject="s")
    told.did(AUTHOR, LogEnquiry(medium="press", topic=PublicText("面霜"), asked_by=who))
    given(told, "S1")
    return told


def asked(story: Story) -> NextStep | None:
    found = (one for one in next_steps(story.incident) if one.act == "answer_enquiry")
    return next(found, None)


def test_an_answer_that_holds_asks_for_nothing(story: Story) -> None:
    assert asked(story) is None
    assert openings(Scene(story.incident, PR_LEAD, story.now), "answer_enquiry") is None


@pytest.mark.parametrize(
    ("change", "more", "told", "urgent"),
    [
        (CorrectStatement, {"what_was_wrong": WHY}, "corrects", True),
        (RetractStatement, {"reason": WHY}, "takes back", False),
        (SupersedeStatement, {"reason": WHY}, "replaces", False),
    ],
    ids=["corrected", "retracted", "superseded"],
)
def test_who_was_given_it_is_told_with_a_text_that_stands(
    story: Story, change: type, more: dict[str, Any], told: str, urgent: bool
) -> None:
    story.did(AUTHOR, like(draft(), change, statement="S1", **more))
    assert asked(story) is None
    story.did(AUTHOR, AskForReview(statement="S2", sha256=now(story, "S2").sha256))
    approved(story, "S2")
    out(story, "S2")
    step = asked(story)
    assert step is not None
    assert (step.item, step.urgent) == ("E1", urgent)
    assert f"they were given S1, which S2 {told}" in step.title
    assert openings(Scene(story.incident, PR_LEAD, story.now), "answer_enquiry") == ("E1",)
    given(story, "S2")
    assert asked(story) is None


def test_a_text_that_is_called_wrong_is_told_until_it_is_found_right(story: Story) -> None:
    story.did(PR_LEAD, WRONG)
    step = asked(story)
    assert step is not None
    assert step.urgent
    story.did(PR_LEAD, ClearFlag(statement="S1", reason=PublicText("无误")))
    assert asked(story) is None
