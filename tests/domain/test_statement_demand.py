"""Which texts the plan demands by when (table 4.6), and the stage's one word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import RegisterCase
from domain.enquiries import LogEnquiry, RecordMention
from domain.grading import AssessSeverity
from domain.overview import stage_words
from domain.people import PERFORMER, Role
from domain.report import CloseReport
from domain.severity import Answers, Fault, Outcome, Publicity, Whereabouts
from domain.statement import DecideStatementKind
from domain.values import PrivateText, PublicText
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person
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
HOUR = timedelta(hours=1)


def accepted(answers: Answers, publicity: Publicity = Publicity.NONE) -> Story:
    story = Story()
    story.accepted(replace(answers, publicity=publicity))
    return story


def due_in(story: Story, key: str) -> timedelta | None:
    due = story.due(key)
    return None if due is None else due.due_at - due.start_at


def word(story: Story) -> str:
    return stage_words(story.incident)["statement"]


def out(story: Story, statement: str, place: str) -> None:
    story.did(PR_LEAD, publish(now(story, statement), place))
    story.did(PERFORMER, placed(now(story, statement), place))


@pytest.mark.parametrize(
    ("answers", "publicity", "ready", "goes_out"),
    [
        (CRITICAL, Publicity.NONE, HOUR / 2, None),
        (CRITICAL, Publicity.POSTS, HOUR / 2, HOUR),
        (SERIOUS, Publicity.NONE, 2 * HOUR, None),
        (SERIOUS, Publicity.POSTS, 2 * HOUR, 4 * HOUR),
        (SERIOUS, Publicity.SPREADING, HOUR / 2, HOUR),
    ],
    ids=["critical", "critical, posts", "serious", "serious, posts", "serious, spreading"],
)
def test_a_first_statement_is_prepared_in_time_and_goes_out_when_it_is_public(
    answers: Answers, publicity: Publicity, ready: timedelta, goes_out: timedelta | None
) -> None:
    story = accepted(answers, publicity)
    assert due_in(story, "statement:holding:ready") == ready
    assert due_in(story, "statement:holding:out") == goes_out


def test_it_also_goes_out_when_a_journalist_asks() -> None:
    story = accepted(SERIOUS)
    story.later(minutes=30)
    asked = LogEnquiry(medium="press", topic=PublicText("面霜"), asked_by=SECRET)
    story.did(AUTHOR, asked)
    due = story.due("statement:holding:out")
    assert due is not None
    assert due.start_at == story.now
    assert due.due_at == story.now + 4 * HOUR


def test_what_is_ready_is_no_longer_due_and_what_is_out_neither() -> None:
    story = accepted(SERIOUS, Publicity.POSTS)
    assert story.due("statement:holding:ready").act == "draft_statement"  # type: ignore[union-attr]
    handed_in(story)
    due = story.due("statement:holding:ready")
    assert due is not None
    assert (due.act, due.item) == ("approve_statement", "S1")
    assert Role.LEGAL in due.roles
    approved(story)
    assert story.due("statement:holding:ready") is None
    due = story.due("statement:holding:out")
    assert due is not None
    assert (due.act, due.item, due.roles) == (
        "publish_statement",
        "S1",
        (Role.PR_LEAD, Role.SPOKESPERSON),
    )
    out(story, "S1", "site")
    assert story.due("statement:holding") is None


def test_silence_publishes_nothing() -> None:
    story = accepted(CRITICAL, Publicity.SPREADING)
    handed_in(story)
    approved(story)
    events = story.later(hours=6)
    assert {type(event).__name__ for event in events} <= {"RungReached", "HaltConfirmed"}
    assert now(story).status == "approved"
    assert any(e.due == "statement:holding:out" and e.overdue for e in events)


def test_before_acceptance_only_attention_asks_for_a_text() -> None:
    quiet, loud = Story(), Story()
    quiet.reported(SERIOUS)
    loud.reported(replace(MILD, publicity=Publicity.SPREADING))
    assert quiet.due("statement:") is None
    assert due_in(loud, "statement:holding:out") == HOUR
    assert loud.due("statement:staff") is None


def test_a_closed_report_demands_no_text() -> None:
    story = Story()
    story.reported(replace(Answers(worst_outcome=Outcome.NONE), publicity=Publicity.POSTS))
    assert story.due("statement:holding") is not None
    duty = person(Role.DUTY_OFFICER, Role.QUALITY, Role.INCIDENT_COMMANDER)
    story.did(duty, CloseReport(reason=PublicText("并非本公司产品")))
    while story.incident.pending:
        story.signed(person(Role.QUALITY, name="second"))
    assert story.incident.report.status == "closed"
    assert story.due("statement:") is None


def test_an_apology_is_due_after_harm_is_registered() -> None:
    story = accepted(SERIOUS)
    assert story.due("statement:apology") is None
    hurt = RegisterCase(
        outcomes=(Outcome.TREATED,),
        awareness_at=story.now,
        country="CN",
        product="cream",  # type: ignore[arg-type]
    )
    story.did(person(Role.SERVICE_AGENT), hurt)
    assert due_in(story, "statement:apology:out") == 48 * HOUR


def test_updates_follow_the_last_public_text() -> None:
    story = accepted(CRITICAL, Publicity.POSTS)
    assert story.due("statement:update") is None
    handed_in(story)
    approved(story)
    out(story, "S1", "site")
    assert due_in(story, "statement:update:again:S1") == 24 * HOUR
    story.later(hours=20)
    update = handed_in(story, draft("update", text(body="截至今日18时，新增情况如下。")))
    approved(story, update.id)
    out(story, update.id, "site")
    due = story.due("statement:update:again:S2")
    assert due is not None
    assert due.due_at == story.now + 24 * HOUR


def test_a_general_incident_keeps_its_word_of_the_next_news_within_a_week() -> None:
    story = accepted(MILD)
    assert story.incident.report.grade == "general"
    assert story.due("statement:update") is None  # nobody was told anything yet
    handed_in(story)
    approved(story)
    out(story, "S1", "site")
    assert due_in(story, "statement:update:again:S1") == 7 * 24 * HOUR


def test_a_brief_for_management_is_written_again_and_again() -> None:
    story = accepted(CRITICAL)
    assert due_in(story, "statement:management_brief:ready") == HOUR
    scribe = person(Role.SCRIBE)
    brief = handed_in(story, draft("management_brief", text(body="现状。")), scribe)
    approved(story, brief.id)
    assert story.due("statement:management_brief:ready") is None
    assert due_in(story, "statement:management_brief:again:S1") == 12 * HOUR


def test_the_press_conference_is_decided_and_then_held_or_not() -> None:
    story = accepted(CRITICAL)
    due = story.due("statement:press_brief:decided")
    assert due is not None
    assert (due.act, due.item, due.due_at - due.start_at) == (
        "decide_statement_kind",
        "press_brief",
        12 * HOUR,
    )
    yes = DecideStatementKind(kind="press_brief", wanted=True, reason=PublicText("媒体关注"))
    story.did(PR_LEAD, yes)
    assert due_in(story, "statement:press_brief:out") == 48 * HOUR
    no = DecideStatementKind(kind="press_brief", wanted=False, reason=PublicText("改为书面"))
    story.did(PR_LEAD, no)
    assert story.due("statement:press_brief") is None


# ---------------------------------------------------------------- one word


def test_the_word_of_the_stage() -> None:
    assert word(Story()) == "none"
    small = Answers(
        worst_outcome=Outcome.NONE,
        fault=Fault.PACK_LABEL_COSMETIC,
        whereabouts=Whereabouts.OWN_CONTROL,
    )
    assert word(accepted(small)) == "not_needed"
    story = accepted(SERIOUS, Publicity.POSTS)
    assert word(story) == "waiting"
    handed_in(story)
    assert word(story) == "running"


def test_the_stage_is_done_when_nothing_demanded_is_unpublished() -> None:
    story = accepted(MILD, Publicity.POSTS)
    handed_in(story)
    approved(story)
    out(story, "S1", "site")
    assert word(story) == "running"  # staff hears of it with the first public text
    staff = handed_in(story, draft("staff", text(body="对外口径见首次回应。")))
    approved(story, staff.id)
    out(story, staff.id, "staff")
    assert word(story) == "running"
    assert story.incident.report.grade == "general"


def test_wide_publicity_raises_the_attention_and_never_the_grade() -> None:
    story = accepted(SERIOUS)
    grade = story.incident.report.grade
    mention = RecordMention(
        medium="weibo", what=PublicText("话题上榜"), publicity=Publicity.SPREADING
    )
    story.did(person(Role.MARKET_MONITORING), mention)
    assert story.incident.report.attention == "high"
    assert story.incident.report.grade == grade
    assert due_in(story, "statement:holding:ready") == HOUR / 2
    less = RecordMention(medium="x", what=PublicText("一个帖子"), publicity=Publicity.POSTS)
    (only,) = story.did(person(Role.MARKET_MONITORING), less)
    assert type(only).__name__ == "MentionRecorded"
    assert story.incident.report.attention == "high"


def test_answers_that_calm_down_ask_for_less() -> None:
    story = accepted(SERIOUS, Publicity.SPREADING)
    calmer = replace(story.incident.report.answers, publicity=Publicity.POSTS)
    story.did(PR_LEAD, AssessSeverity(answers=calmer))
    assert due_in(story, "statement:holding:ready") == 2 * HOUR
