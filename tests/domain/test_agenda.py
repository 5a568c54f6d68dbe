"""The clock: reminders, deputies, silence."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.agenda import PassTime, RungReached, next_ring
from domain.people import CLOCK, Role
from domain.plan import read_plan
from domain.report import AcceptReport, AcknowledgeReport, CloseReport, ReportDecided
from domain.severity import Answers
from domain.values import PublicText
from tests.domain.plans import changed, drop, put
from tests.domain.recalls import COMMANDER, recall, scoped
from tests.domain.story import CRITICAL, MILD, SERIOUS, START, Story, person, ruled_by


def rungs(events: list[object], due: str) -> list[tuple[int, str]]:
    return [
        (event.percent, event.act)
        for event in events
        if isinstance(event, RungReached) and event.due.startswith(due)
    ]


def test_a_critical_report_climbs_by_minutes_until_somebody_answers() -> None:
    story = Story()
    story.reported(CRITICAL)
    assert rungs(story.later(minutes=2), "acknowledge") == []
    assert rungs(story.later(minutes=2), "acknowledge") == [(50, "remind"), (80, "remind_loud")]
    assert rungs(story.later(minutes=7), "acknowledge") == [
        (100, "deputy_may_act"),
        (150, "commander"),
        (150, "legal_representative"),
    ]


def test_an_acknowledged_report_is_left_in_peace() -> None:
    story = Story()
    story.reported(CRITICAL)
    story.did(person(Role.DUTY_OFFICER), AcknowledgeReport())
    assert rungs(story.later(minutes=14), "acknowledge") == []


def test_silence_accepts_the_report_when_its_time_is_over() -> None:
    story = Story()
    story.reported(CRITICAL)
    decided = [e for e in story.later(minutes=16) if isinstance(e, ReportDecided)]
    assert [(e.outcome, e.by, e.by_silence) for e in decided] == [("accepted", "plan", True)]


def test_a_deputy_waits_until_the_time_is_over() -> None:
    story = Story()
    story.reported(MILD)
    deputy = person(Role.STAFF, name="deputy", deputy_for=(Role.DUTY_OFFICER,))
    refusal = story.refused(deputy, AcceptReport())
    assert refusal.reason == "not_allowed"
    story.later(hours=5)
    story.did(deputy, AcceptReport())


def test_the_clock_never_rings_for_nothing() -> None:
    story = Story()
    story.accepted(MILD)
    before = len(story.leaves)
    rung = story.later(days=60)
    assert len(story.leaves) - before == len(rung)
    assert len(rung) < 200


# ---------------------------------------------------------------- escalated again and again


@pytest.mark.parametrize(
    ("answers", "within", "every"),
    [
        pytest.param(CRITICAL, timedelta(minutes=30), timedelta(minutes=30), id="critical:30min"),
        pytest.param(SERIOUS, timedelta(hours=2), timedelta(hours=2), id="serious:2h"),
    ],
)
def test_a_recall_that_nobody_signs_is_escalated_again_and_again(
    answers: Answers, within: timedelta, every: timedelta
) -> None:
    story = scoped(answers)
    story.did(COMMANDER, recall())
    proposed = story.now
    assert rungs(story.later(hours=within / timedelta(hours=2)), "sign:A1")[0][0] == 50
    top = proposed + within * (1.5 if every < timedelta(hours=1) else 2)
    story.later(minutes=(top - story.now) / timedelta(minutes=1))
    for _ in range(3):
        again = [
            e
            for e in story.later(minutes=every / timedelta(minutes=1))
            if isinstance(e, RungReached)
        ]
        again = [e for e in again if e.due == "sign:A1"]
        assert [(e.act, e.overdue) for e in again] == [("legal_representative", True)]
        assert Role.LEGAL_REPRESENTATIVE in again[0].roles
    assert not story.incident.recall.decision, "silence never recalls"


def test_what_rang_while_nobody_listened_is_told_once() -> None:
    story = scoped(CRITICAL)
    story.did(COMMANDER, recall())
    story.later(hours=2)
    story.now += timedelta(days=2)
    told = [e for e in story.does(CLOCK, PassTime()) if getattr(e, "due", "") == "sign:A1"]
    assert len(told) == 1
    bell = next_ring(story.incident)
    assert bell is not None
    assert bell > story.now


def test_other_acts_are_not_escalated_beyond_the_ladder() -> None:
    story = Story()
    story.reported(SERIOUS)
    told = [e for e in story.later(days=2) if getattr(e, "due", "").startswith("acknowledge")]
    assert [e.rung for e in told] == [1, 2, 3, 4, 5]


# ---------------------------------------------------------------- quiet hours


def at_night(answers: Answers, *, quiet: bool = True) -> Story:
    """A report at 21:00 in Shanghai, on a Monday."""
    document = changed(lambda _: None) if quiet else changed(drop("quiet"))
    story = ruled_by(read_plan(document))
    story.now = START.replace(hour=13)
    story.reported(answers)
    return story


def test_reminders_of_small_matters_wait_for_the_morning_but_never_beyond_the_time() -> None:
    story = at_night(MILD)
    due = story.due("acknowledge_report")
    assert due is not None
    assert due.due_at == datetime(2026, 3, 2, 17, tzinfo=UTC), "01:00 at night, Shanghai"
    assert not [e for e in story.later(hours=3, minutes=50) if isinstance(e, RungReached)]
    at_due = [e.act for e in story.later(minutes=15) if isinstance(e, RungReached)]
    assert at_due == ["remind", "remind_loud", "deputy_may_act"], "what is overdue never waits"


def test_a_reminder_at_five_comes_at_seven() -> None:
    story = ruled_by(read_plan(changed(put("times.acknowledge_report.within.general", "16 h"))))
    story.now = START.replace(hour=13)
    story.reported(MILD)
    story.later(hours=9, minutes=59)
    assert "acknowledge_report" not in story.incident.rungs
    story.later(minutes=2)
    assert story.incident.rungs["acknowledge_report"] == 1
    story.later(hours=2, minutes=48)
    assert story.incident.rungs["acknowledge_report"] == 2


@pytest.mark.parametrize(
    ("answers", "quiet"),
    [
        pytest.param(SERIOUS, True, id="serious"),
        pytest.param(MILD, False, id="a-plan-without-quiet-hours"),
    ],
)
def test_nothing_serious_waits_for_the_morning(answers: Answers, *, quiet: bool) -> None:
    story = at_night(answers, quiet=quiet)
    due = story.due("acknowledge_report")
    assert due is not None
    half = (due.due_at - due.start_at) / 2
    story.later(minutes=half / timedelta(minutes=1) + 1)
    assert story.incident.rungs.get("acknowledge_report") == 1


# ---------------------------------------------------------------- closing a report


def test_a_plan_may_let_a_closing_wait_instead_of_accepting() -> None:
    close = CloseReport(reason=PublicText("A loose pump; nobody was hurt."))
    for silence, accepted in (("accepted_by_plan", True), ("stays_open", False)):
        story = ruled_by(read_plan(changed(put("acts.close_report.silence", silence))))
        story.reported(MILD)
        story.did(person(Role.DUTY_OFFICER), close)
        told = story.later(days=20)
        assert any(isinstance(e, ReportDecided) for e in told) is accepted
