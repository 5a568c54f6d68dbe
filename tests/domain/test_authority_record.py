"""After an authority's act: more time, answers in parts, objections, files, and mistakes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.authorities import AnswerAuthority, AuthorityAnswered, ClassLine
from domain.authority_record import (
    AnswerDueMoved,
    AttachToAuthorityAct,
    ExtendAnswer,
    ObjectionSettled,
    SettleObjection,
    WithdrawAuthorityAct,
)
from domain.authority_times import asked_by
from domain.errors import Refused
from domain.grading import AssessSeverity
from domain.halt import HaltOrdered
from domain.market_clocks import AUTHORITY_ZONES
from domain.next_steps import next_steps
from domain.people import Role
from domain.regulation_terms import AuthorityActKind, AuthorityClass
from domain.severity import AuthorityAct as Answer
from domain.state import incident_text, read_incident_text
from domain.state.notice import AuthorityAct
from domain.values import ProductId
from tests.domain.duties import LEGAL, REGULATORY, Notified, words
from tests.domain.recalls import FILE, QUALITY
from tests.domain.story import MILD, SERIOUS, START, person
from tests.domain.test_authorities import an_act, answer

K = AuthorityActKind
DAYS = timedelta(days=1)


def reported(answers: Any = MILD) -> Notified:
    story = Notified()
    story.accepted(answers)
    return story


def asked(**more: Any) -> Notified:
    story = reported()
    story.did(REGULATORY, an_act(story, **{"answer_due_at": START + 3 * DAYS, **more}))
    return story


def kept(story: Notified, name: str = "AU1") -> AuthorityAct:
    return story.incident.notice.acts[name]


def more_time(**more: Any) -> ExtendAnswer:
    told = {"act": "AU1", "reason": words("Ms Li, by phone."), "due_at": START + 9 * DAYS}
    return ExtendAnswer(**{**told, **more})


# ---------------------------------------------------------------- the authority's own day


@pytest.mark.parametrize(
    ("market", "on", "ends"),
    [
        ("CN", date(2026, 3, 5), datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)),
        ("DE", date(2026, 3, 5), datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)),
        ("FR", date(2026, 7, 5), datetime(2026, 7, 5, 21, 59, 59, tzinfo=UTC)),
        ("US", date(2026, 3, 5), datetime(2026, 3, 6, 4, 59, 59, tzinfo=UTC)),
        ("AU", date(2026, 3, 5), datetime(2026, 3, 5, 12, 59, 59, tzinfo=UTC)),
        ("CA", date(2026, 3, 5), datetime(2026, 3, 6, 4, 59, 59, tzinfo=UTC)),
        ("FI", date(2026, 7, 5), datetime(2026, 7, 5, 20, 59, 59, tzinfo=UTC)),
        ("IE", date(2026, 7, 5), datetime(2026, 7, 5, 22, 59, 59, tzinfo=UTC)),
        ("US", date(2026, 3, 8), datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)),
    ],
    ids=[
        "Beijing",
        "Berlin",
        "Paris in summer",
        "New York",
        "Sydney in summer",
        "Toronto",
        "Helsinki in summer",
        "Dublin in summer",
        "the day clocks go forward",
    ],
)
def test_a_day_without_an_hour_ends_by_the_authoritys_clock(
    market: str, on: date, ends: datetime
) -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, market=market, answer_due_on=on))
    assert kept(story).answer_due_at == ends
    due = story.due("authority:AU1")
    assert due is not None
    assert (due.due_at, due.law, due.market) == (ends, True, market)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"answer_due_on": date(2026, 2, 1)}, "due_before"),
        ({"answer_due_on": date(9999, 12, 31), "market": "US"}, "due_far"),
        ({"answer_due_at": datetime(9999, 12, 31, tzinfo=UTC)}, "due_far"),
        ({"answer_due_on": date(2026, 3, 9), "answer_due_at": START + DAYS}, "two_times"),
        ({"answer_due_on": date(2026, 3, 9), "market": "ZA"}, "no_clock"),
        ({"objection_due_on": date(2026, 2, 1)}, "due_before"),
        ({"objection_due_at": START}, "due_before"),
    ],
    ids=["before the act", "year 9999", "hour of 9999", "two times", "no clock",
         "objection before", "objection at once"],
)  # fmt: skip
def test_a_time_that_cannot_be_meant(more: dict[str, Any], reason: str) -> None:
    story = reported()
    assert story.refused(REGULATORY, an_act(story, **more)).reason == reason


@given(
    st.sampled_from(sorted(AUTHORITY_ZONES)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.dates(),
)
def test_a_time_is_after_the_act_and_near_or_it_is_refused(
    market: str, at: datetime | None, on: date | None
) -> None:
    try:
        found = asked_by(market, at, on, after=START)
    except Refused:
        return
    assert found is None or START < found <= START + timedelta(days=3660)


# ---------------------------------------------------------------- another time for the answer


def test_more_time_moves_the_clock_and_the_old_time_stays() -> None:
    story = asked()
    story.later(days=2, hours=20)
    before = story.due("authority:AU1")
    assert before is not None
    assert story.incident.rungs[before.key] == 2
    [moved] = story.did(LEGAL, more_time(document=FILE))
    assert isinstance(moved, AnswerDueMoved)
    assert (moved.old_due_at, moved.due_at) == (START + 3 * DAYS, START + 9 * DAYS)
    due = story.due("authority:AU1")
    assert due is not None
    assert (due.due_at, due.key, due.start_at) == (START + 9 * DAYS, "authority:AU1:1", story.now)
    assert kept(story).old_dues == (START + 3 * DAYS,)
    story.later(days=5)
    [told] = story.did(LEGAL, answer(story))
    assert not told.late


def test_less_time_makes_an_answer_late_and_a_first_time_can_be_set() -> None:
    story = asked(answer_due_at=None)
    assert story.due("authority:AU1") is None
    story.did(REGULATORY, more_time(due_at=None, due_on=date(2026, 3, 3)))
    assert kept(story).old_dues == (None,)
    story.later(days=2)
    assert story.refused(LEGAL, answer(story)).reason == "late_reason"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"act": "AU9" * 6}, "no_act"),
        ({"due_at": START + 3 * DAYS}, "same_time"),
        ({"due_at": None}, "no_time"),
        ({"due_at": START - DAYS}, "due_before"),
        ({"due_at": datetime(9999, 1, 1, tzinfo=UTC)}, "due_far"),
        ({"reason": words(" ")}, "no_reason"),
        ({"due_on": date(2026, 3, 20)}, "two_times"),
    ],
    ids=["no act", "same", "none", "before the act", "year 9999", "no reason", "two"],
)
def test_another_time_that_is_refused(more: dict[str, Any], reason: str) -> None:
    story = asked()
    assert story.refused(REGULATORY, more_time(**more)).reason == reason
    assert kept(story).answer_due_at == START + 3 * DAYS


@given(st.lists(st.integers(min_value=1, max_value=400), max_size=5))
def test_every_time_that_held_stays_on_record(days: list[int]) -> None:
    story, held = asked(), [START + 3 * DAYS]
    for number in days:
        due_at = START + number * DAYS + timedelta(hours=1)
        if due_at != held[-1]:
            story.did(LEGAL, more_time(due_at=due_at))
            held.append(due_at)
    assert [*kept(story).old_dues, kept(story).answer_due_at] == held
    text = incident_text(story.incident)
    assert read_incident_text(text, story.incident.rules) == story.incident


def test_an_answered_act_gets_no_other_time() -> None:
    story = asked()
    story.did(LEGAL, answer(story))
    assert story.refused(REGULATORY, more_time()).reason == "answered"


# ---------------------------------------------------------------- an answer in parts


def test_a_part_of_the_answer_keeps_the_clock() -> None:
    story = asked()
    [part] = story.did(LEGAL, answer(story, part=True))
    assert isinstance(part, AuthorityAnswered)
    assert part.sha256
    assert story.due("authority:AU1") is not None
    assert story.incident.notice.unanswered == ("AU1",)
    story.later(days=1)
    story.did(LEGAL, answer(story, part=True, text=words("y" * 4000)))
    story.did(LEGAL, answer(story, text=words("The whole of it.")))
    assert len(kept(story).parts) == 2
    assert story.due("authority:AU1") is None
    assert story.refused(LEGAL, answer(story, part=True)).reason == "answered"


# ---------------------------------------------------------------- objection and re-test


def test_a_failed_sample_has_a_clock_for_the_re_test_of_its_own() -> None:
    story = reported()
    on = date(2026, 3, 9)
    sample = an_act(story, K.SAMPLING_FAILED_OTHER, answer_due_on=on, objection_due_on=on)
    story.did(REGULATORY, sample)
    due = story.due("objection:AU1")
    assert due is not None
    assert (due.act, due.law) == ("settle_objection", True)
    said = SettleObjection(
        act="AU1",
        asked=True,
        reason=words("The retained sample is clean."),
        sent_at=story.now,
        text=words("We ask for a re-test of lot L1."),
    )
    [settled] = story.did(LEGAL, said)
    assert isinstance(settled, ObjectionSettled)
    assert (settled.late, bool(settled.sha256)) == (False, True)
    assert story.due("objection:AU1") is None
    assert story.due("authority:AU1") is not None
    assert story.refused(LEGAL, said).reason == "no_objection"


@pytest.mark.parametrize("kind", [K.RETEST_PASSED, K.RETEST_FAILED])
def test_the_result_of_a_re_test_is_an_act_that_grades_nothing(kind: AuthorityActKind) -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, K.SAMPLING_FAILED_SAFETY))
    events = story.did(REGULATORY, an_act(story, kind))
    assert len(events) == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"sent_at": None}, "no_time"),
        ({"text": words("")}, "nothing_sent"),
        ({"sent_at": START + 90 * DAYS}, "ahead"),
        ({"sent_at": START.replace(year=2025)}, "sent_before"),
        ({"reason": words("")}, "no_reason"),
        ({"act": "AU2"}, "no_objection"),
    ],
    ids=["no time", "nothing sent", "to come", "another year", "no reason", "nothing to object to"],
)
def test_an_objection_that_is_refused(more: dict[str, Any], reason: str) -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, K.SAMPLING_FAILED_OTHER, objection_due_at=START + DAYS))
    story.did(REGULATORY, an_act(story))
    said = SettleObjection(act="AU1", asked=True, reason=words("We doubt it."), sent_at=START,
                           text=words("Please test again."))  # fmt: skip
    assert story.refused(LEGAL, replace(said, **more)).reason == reason


def test_a_named_person_says_why_we_do_not_object() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, K.SAMPLING_FAILED_OTHER, objection_due_at=START + DAYS))
    story.did(LEGAL, SettleObjection(act="AU1", asked=False, reason=words("Our own test agrees.")))
    objected = kept(story).objected
    assert objected is not None
    assert (objected.asked, objected.by) == (False, LEGAL.id)
    assert story.due("objection:AU1") is None


# ---------------------------------------------------------------- files


def test_minutes_are_kept_with_the_act_once() -> None:
    story = asked(kind=K.INTERVIEW)
    file = AttachToAuthorityAct(act="AU1", what=words("Minutes"), document=FILE)
    story.did(person(Role.SCRIBE), file)
    assert [one.what for one in kept(story).files] == ["Minutes"]
    assert story.refused(LEGAL, file).reason == "twice"


# ---------------------------------------------------------------- recorded by mistake


def gone(name: str = "AU1", why: str = "It was for another company.") -> WithdrawAuthorityAct:
    return WithdrawAuthorityAct(act=name, reason=words(why))


def test_an_act_recorded_by_mistake_stays_and_asks_for_nothing() -> None:
    story = asked(objection_due_at=START + DAYS)
    story.did(LEGAL, gone())
    assert story.due("authority:AU1") is None
    assert story.due("objection:AU1") is None
    assert story.incident.notice.unanswered == ()
    withdrawn = kept(story).withdrawn
    assert withdrawn is not None
    assert withdrawn.reason == "It was for another company."
    for act in (gone(), more_time(), answer(story), SettleObjection(act="AU1", asked=False, reason=words("No."))):  # fmt: skip
        assert story.refused(LEGAL, act).reason == "withdrawn"


@pytest.mark.parametrize("part", [True, False], ids=["in part", "wholly"])
def test_an_answered_act_is_not_withdrawn(part: bool) -> None:
    story = asked()
    story.did(LEGAL, answer(story, part=part))
    assert story.refused(LEGAL, gone()).reason == "answered"


def test_the_classes_of_a_withdrawn_act_are_no_classes() -> None:
    story = reported()
    line = ClassLine(product=ProductId("cream"), assigned=AuthorityClass.I)
    story.did(REGULATORY, an_act(story, K.CLASS, market="US", lines=(line,)))
    story.did(LEGAL, gone())
    assert story.incident.notice.classes == {}


def test_the_grade_that_a_withdrawn_act_led_to_is_asked_for_again() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, K.ORDER_RECALL))
    story.did(LEGAL, gone())
    assert story.incident.report.answers.authority_act is Answer.ORDER_RECALL
    assert "assess_severity" in [step.act for step in next_steps(story.incident) if step.own]
    answers = replace(story.incident.report.answers, authority_act=Answer.NONE)
    story.did(QUALITY, AssessSeverity(answers=answers))
    titles = [step.title for step in next_steps(story.incident)]
    assert not [title for title in titles if "recorded by mistake" in title]


# ---------------------------------------------------------------- orders


def test_an_order_to_recall_names_the_decision_as_the_next_step() -> None:
    story = reported(SERIOUS)
    story.did(REGULATORY, an_act(story, K.ORDER_RECALL))
    steps = [step for step in next_steps(story.incident) if step.urgent]
    assert [(step.act, step.title) for step in steps] == [
        ("set_scope", "Jiangsu MPA ordered a recall (AU1): say which goods, then decide")
    ]
    story.did(LEGAL, gone())
    assert not [step for step in next_steps(story.incident) if step.urgent]


def test_an_order_to_stop_halts_or_names_the_halt_as_the_next_step() -> None:
    story = reported()
    events = story.did(REGULATORY, an_act(story, K.ORDER_STOP))
    assert any(isinstance(event, HaltOrdered) for event in events)
    assert not [step for step in next_steps(story.incident) if step.act == "order_halt"]


def test_an_old_answer_is_the_whole_one() -> None:
    said = AnswerAuthority(act="AU1", channel=words("x"), sent_at=START)
    assert not said.part
