"""What plan and law give a time is measured as it went, by the same fold that pages show."""

from datetime import timedelta

from domain.agenda import dues
from domain.channels import ConfirmChannel
from domain.grading import AssessSeverity
from domain.incident import new_incident
from domain.people import Role
from domain.report import AcknowledgeReport
from services.measuring import Measured, measured
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person, rules

HOUR = timedelta(hours=1)


def times(story: Story) -> dict[str, Measured]:
    found = measured(new_incident("INC-2026-0001", rules()), story.leaves)
    return {seen.due.key: seen for seen in found}


def test_nothing_is_measured_where_nothing_happened() -> None:
    assert measured(new_incident("INC-2026-0001", rules()), []) == []


def test_what_was_done_in_time() -> None:
    story = Story()
    story.reported(SERIOUS)
    story.later(minutes=4)
    story.did(person(Role.DUTY_OFFICER), AcknowledgeReport())
    seen = times(story)["acknowledge_report"]
    assert (seen.took, seen.is_late, seen.late_by) == (timedelta(minutes=4), False, timedelta(0))
    assert seen.allowed == seen.due.due_at - seen.due.start_at
    assert seen.share == seen.took / seen.allowed
    assert seen.ending is not None
    assert (seen.ending.actor, seen.ending.events) == ("duty_officer", ("ReportAcknowledged",))
    assert seen.ending.seq == len(story.leaves)


def test_what_silence_did_is_said_to_be_done_by_nobody() -> None:
    story = Story()
    story.reported(SERIOUS)
    story.later(hours=3)
    seen = times(story)["accept_report"]
    assert seen.ending is not None
    assert seen.ending.by_itself
    assert "ReportDecided" in seen.ending.events


def test_what_is_open_at_the_end_has_no_ending_and_takes_its_time() -> None:
    story = Story()
    story.accepted(SERIOUS)
    story.later(days=2)
    seen = times(story)["hazard_preliminary"]
    assert seen.ending is None
    assert seen.is_late
    assert seen.late_by == seen.end_at - seen.due.due_at
    open_now = {due.key for due in dues(story.incident)}
    assert {key for key, each in times(story).items() if each.ending is None} == open_now


def test_a_channel_that_stopped_is_done_with_its_answer() -> None:
    story = Story()
    story.accepted(SERIOUS)
    story.later(minutes=20)
    story.did(
        person(Role.CHANNEL_LEAD),
        ConfirmChannel(channel="ch-own_shop", proof="Looked: empty."),  # type: ignore[arg-type]
    )
    done = [seen for seen in times(story).values() if seen.due.item == "ch-own_shop"]
    assert [(seen.group, seen.took, seen.ending is not None) for seen in done] == [
        ("channel", timedelta(minutes=20), True)
    ]


def test_what_is_asked_anew_before_it_was_answered_counts_once() -> None:
    story = Story()
    story.accepted(MILD)
    assert {key for key in times(story) if key.startswith("form_team")} == {"form_team:general"}
    story.later(minutes=30)
    story.did(person(Role.QUALITY), AssessSeverity(answers=CRITICAL))
    teams = {key for key in times(story) if key.startswith("form_team")}
    assert teams == {"form_team:critical"}
