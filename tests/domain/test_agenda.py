"""The clock: reminders, deputies, silence."""

from domain.agenda import RungReached
from domain.people import Role
from domain.report import AcceptReport, AcknowledgeReport, ReportDecided
from tests.domain.story import CRITICAL, MILD, Story, person


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
