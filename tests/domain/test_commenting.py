"""Stage `statement`: remarks on a paragraph, and what came of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispatch import Act
from domain.incident import effects, mark_for
from domain.people import Role
from domain.statement_comment import (
    AT_MOST,
    EACH_AT_MOST,
    CommentStatement,
    SettleComment,
    open_comments,
    paragraphs,
)
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import AUTHOR, LEGAL, approved, draft, handed_in, now, revised, text

BODY = "我们已停止销售。\n\n我们正在调查。\n \n请保留包装。"


@pytest.fixture
def story() -> Story:
    """A serious incident with a text of three paragraphs, handed in."""
    told = Story()
    told.accepted(SERIOUS)
    handed_in(told, draft("holding", text(body=BODY)))
    return told


def remark(story: Story, place: str = "zh-CN/2", words: str = "太笼统。") -> CommentStatement:
    return CommentStatement(
        statement="S1", sha256=now(story).sha256, place=place, words=PublicText(words)
    )


def answer(number: int = 1) -> SettleComment:
    return SettleComment(statement="S1", number=number, answer=PublicText("已改。"))


def test_a_remark_keeps_the_paragraph_as_it_was_read(story: Story) -> None:
    event = story.did(LEGAL, remark(story))[0]
    assert (event.language, event.paragraph, event.quote) == ("zh-CN", 2, "我们正在调查。")
    story.did(AUTHOR, revised(now(story), text(body="换了说法。")))
    (kept,) = open_comments(now(story))
    assert (kept.version, kept.quote, now(story).version) == (1, "我们正在调查。", 2)


def test_the_headline_can_be_remarked_on(story: Story) -> None:
    assert story.did(LEGAL, remark(story, "zh-CN/0"))[0].quote == now(story).texts[0].title


def test_an_answer_settles_a_remark_once(story: Story) -> None:
    story.did(LEGAL, remark(story))
    story.did(LEGAL, remark(story, "zh-CN/1"))
    story.did(AUTHOR, answer())
    assert [one.number for one in open_comments(now(story))] == [2]
    assert story.refused(AUTHOR, answer()).reason == "no_comment"


def test_a_remark_holds_no_approval_up(story: Story) -> None:
    story.did(LEGAL, remark(story))
    assert approved(story).is_approved


@pytest.mark.parametrize("place", ["zh-CN/4", "en/1", "zh-CN", "zh-CN/x", "", "/"])
def test_a_paragraph_that_is_not_there_is_refused(story: Story, place: str) -> None:
    assert story.refused(LEGAL, remark(story, place)).reason == "no_paragraph"


def test_a_remark_on_words_that_changed_meanwhile_is_refused(story: Story) -> None:
    said = remark(story)
    story.did(AUTHOR, revised(now(story), text(body="换了说法。")))
    assert story.refused(LEGAL, said).reason == "text_changed"


def test_nobody_from_elsewhere_remarks(story: Story) -> None:
    assert story.refused(person(Role.STAFF), remark(story)).reason == "not_allowed"


def test_one_person_does_not_take_the_word_from_the_others(story: Story) -> None:
    for number in range(EACH_AT_MOST):
        story.did(LEGAL, remark(story, words=str(number)))
        story.did(AUTHOR, answer(number + 1))
    assert story.refused(LEGAL, remark(story)).reason == "too_many"
    story.did(AUTHOR, remark(story))


def test_remarks_without_end_are_refused(story: Story) -> None:
    for number in range(AT_MOST):
        who = person(Role.LEGAL, name=f"legal.{number // EACH_AT_MOST}")
        story.did(who, remark(story, words=str(number)))
    assert story.refused(person(Role.LEGAL, name="another"), remark(story)).reason == "too_many"


def test_who_wrote_the_text_is_told_and_not_who_remarked(story: Story) -> None:
    def told(who: object) -> list[str]:
        event = story.did(who, remark(story))[0]  # type: ignore[arg-type]
        act = Act(command_id="k", actor=LEGAL, at=story.now, happened_at=story.now, command=None)
        found = effects(story.incident, event, mark_for(story.incident, act))
        return [str(each.body["person"]) for each in found if each.name == "tell"]

    assert told(LEGAL) == [AUTHOR.id]
    assert told(AUTHOR) == []


@given(st.text(alphabet="a\n 停", max_size=60))
def test_paragraphs_hold_every_word_of_the_text(body: str) -> None:
    written = text(body=body or "x")
    joined = "".join(paragraphs(written)[1:])
    assert [c for c in joined if not c.isspace()] == [c for c in written.body if not c.isspace()]
