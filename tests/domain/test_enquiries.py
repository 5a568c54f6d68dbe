"""Enquiries are answered with approved texts only; the agreed line binds every text."""

from datetime import timedelta

import pytest

from domain.enquiries import AnswerEnquiry, LogEnquiry, RecordMention, SetAgreedLine
from domain.people import PERFORMER, Role
from domain.severity import Publicity
from domain.state.statement import MENTIONS_KEPT
from domain.statement_approval import AskForReview
from domain.values import PrivateText, PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    text,
)

SECRET = PrivateText(ref="r", commitment="c", subject="s")
AGENT = person(Role.SERVICE_AGENT, name="agent")


@pytest.fixture
def story() -> Story:
    """A serious incident in which a journalist asked."""
    told = Story()
    told.accepted(SERIOUS)
    told.did(AUTHOR, asked())
    return told


def asked(**more: object) -> LogEnquiry:
    return LogEnquiry(medium="press", topic=PublicText("面霜投诉"), asked_by=SECRET, **more)  # type: ignore[arg-type]


def answer(statement: str = "S1", language: str = "zh-CN") -> AnswerEnquiry:
    return AnswerEnquiry(enquiry="E1", statement=statement, language=language)


def test_a_question_waits_until_their_deadline_or_the_time_of_the_plan(story: Story) -> None:
    due = story.due("enquiry:E1")
    assert due is not None
    assert due.due_at == story.now + timedelta(hours=2)
    assert (due.act, due.item) == ("answer_enquiry", "E1")
    story.did(AUTHOR, asked(answer_by=story.now + timedelta(minutes=20)))
    second = story.due("enquiry:E2")
    assert second is not None
    assert second.due_at == story.now + timedelta(minutes=20)


def test_who_asked_and_their_words_are_private(story: Story) -> None:
    assert "E1" in story.incident.statement.enquiries
    assert story.incident.statement.enquiries["E1"].asked_by == SECRET
    assert story.incident.report.attention == "rising"  # a journalist asked


def test_an_approved_reply_answers_and_the_record_says_which_bytes(story: Story) -> None:
    statement = handed_in(
        story, draft("reply", text(body="我们正在调查，下次通报时间为18时。")), AUTHOR
    )
    assert story.refused(AGENT, answer()).reason == "not_approved"
    approved(story)
    (event,) = story.did(AGENT, answer())
    assert (event.statement, event.version, event.sha256) == ("S1", 1, statement.sha256)
    assert story.due("enquiry:E1") is None
    assert story.incident.statement.enquiries["E1"].answers[0].by == "agent"


def test_a_holding_statement_answers_only_once_it_is_out(story: Story) -> None:
    handed_in(story)
    approved(story)
    assert story.refused(AGENT, answer()).reason == "not_approved"
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    story.did(AGENT, answer())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer("S9"), "no_statement"),
        (answer(language="en"), "no_language"),
        (AnswerEnquiry(enquiry="E9", statement="S1", language="zh-CN"), "no_enquiry"),
    ],
    ids=["text", "language", "enquiry"],
)
def test_an_answer_names_what_exists(story: Story, said: AnswerEnquiry, code: str) -> None:
    handed_in(story, draft("reply", text(body="我们正在调查。")))
    approved(story)
    assert story.refused(AGENT, said).reason == code


def test_what_is_written_for_inside_answers_nobody_outside(story: Story) -> None:
    brief = handed_in(story, draft("management_brief", text(body="现状。")), person(Role.SCRIBE))
    approved(story, brief.id)
    assert story.refused(AGENT, answer(brief.id)).reason == "not_for_outside"


def test_a_reply_with_a_persons_number_goes_nowhere(story: Story) -> None:
    handed_in(story, draft("reply", text(body="请联系 13812345678。")))
    approved(story)
    assert story.refused(AGENT, answer()).reason == "not_clean"


def test_the_agreed_line_is_versioned_and_its_words_block_texts(story: Story) -> None:
    line = SetAgreedLine(
        messages=(PublicText("我们已停售并正在调查"),),
        do_not_say=(PublicText("供货商"),),
        spokesperson="xia.zhi",
    )
    assert story.refused(AGENT, line).reason == "not_allowed"
    story.did(PR_LEAD, line)
    (second,) = story.did(PR_LEAD, line)
    assert second.version == 2
    (drafted,) = story.did(AUTHOR, draft("holding", text(body="我们正在询问供货商。")))
    hand_in = AskForReview(statement=drafted.statement, sha256=drafted.sha256)
    assert story.refused(AUTHOR, hand_in).reason == "wording_blocked"
    blank = SetAgreedLine(messages=(PublicText("x"),), do_not_say=(PublicText(" "),))
    assert story.refused(PR_LEAD, blank).sentence == "A phrase on the do-not-say list is blank."


def test_the_state_keeps_the_last_mentions_and_counts_all(story: Story) -> None:
    mention = RecordMention(medium="forum", what=PublicText("一个帖子"), publicity=Publicity.POSTS)
    for _ in range(MENTIONS_KEPT + 2):
        story.did(person(Role.MARKET_MONITORING), mention)
    assert len(story.incident.statement.mentions) == MENTIONS_KEPT
    assert story.incident.statement.mentions_counted == MENTIONS_KEPT + 2
