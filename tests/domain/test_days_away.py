"""Days without a worker: what passed meanwhile is recorded once, and told in one letter."""

from datetime import timedelta

from domain.agenda import PassTime, RungReached, next_ring
from domain.duties import DutyOverdue
from domain.people import CLOCK, Role
from domain.severity import Outcome
from tests.domain.duties import Notified, story_of


def after_days_away() -> tuple[Notified, list[RungReached], list[DutyOverdue]]:
    """A person in hospital and 60 days without a worker: what the clock then does."""
    story = story_of("CN", Outcome.HOSPITALISED)
    story.hurt("US", Outcome.DEATH)
    story.now += timedelta(days=60)
    events = story.does(CLOCK, PassTime()) + story.later(seconds=0)
    reached = [event for event in events if isinstance(event, RungReached)]
    return story, reached, [event for event in events if isinstance(event, DutyOverdue)]


def test_each_passed_deadline_is_recorded_once_in_order_of_its_time() -> None:
    story, _, passed = after_days_away()
    times = [event.due_at for event in passed]
    assert times == sorted(times)
    counted = [duty.id for duty in story.incident.notice.duties.values() if duty.due_at]
    assert sorted(event.duty for event in passed) == sorted(counted)
    assert len(counted) > 2
    bell = next_ring(story.incident)
    assert bell is None or bell > story.now


def test_of_all_rungs_passed_at_once_one_letter_tells_to_everybody_of_them() -> None:
    story, reached, _ = after_days_away()
    duty = story.duty("CN-ADR-SERIOUS")
    of_duty = [event for event in reached if f":{duty.id}:" in event.due]
    assert {event.due.split(":")[0] for event in of_duty} == {"duty", "duty_target"}
    told = [event for event in of_duty if not event.quiet]
    assert [(event.due, event.rung) for event in told] == [(f"duty:{duty.id}:1", 5)]
    assert set(told[0].roles) == {
        Role.REGULATORY_AFFAIRS,
        Role.INCIDENT_COMMANDER,
        Role.LEGAL_REPRESENTATIVE,
    }


def test_a_rung_that_comes_in_its_time_is_told_in_its_time() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    rung = [event for event in story.later(days=16) if isinstance(event, RungReached)]
    key = f"duty:{story.duty('CN-ADR-SERIOUS').id}:1"
    # At the limit of a law two rungs come together: the commander's letter tells of both.
    assert [event.quiet for event in rung if event.due == key] == [False, False, True, False]
