"""A time that a rise of the grade brought nearer is named where somebody was late for it."""

import pytest

from domain.agenda import RungReached
from domain.grading import AssessSeverity, SeverityAssessed
from domain.incident import fold, new_incident
from domain.ledger import read_entry
from domain.people import Role
from domain.severity import Answers
from domain.state import Incident
from services.questions.departures import departures
from services.questions.moved_times import moved_by_rises
from tests.domain.story import CRITICAL, SERIOUS, Story, person, rules

QUALITY = person(Role.QUALITY)


def told(answers: Answers, then: Answers, hours: float) -> tuple[Story, dict[str, int]]:
    """Grade an incident, some hours later again, and wait; gives what the second one moved."""
    story = Story()
    story.accepted(answers)
    story.later(hours=hours)
    story.did(QUALITY, AssessSeverity(answers=then))
    story.later(minutes=2)
    return story, moved_by_rises(map(read_entry, story.leaves), lambda seq: at(story, seq))


def at(story: Story, seq: int) -> Incident:
    """Fold the story up to an entry."""
    return fold(new_incident(story.incident.id, rules()), story.leaves[:seq])


def test_who_is_late_by_the_rise_is_named_with_it() -> None:
    story, moved = told(SERIOUS, CRITICAL, hours=3)
    entries = [read_entry(leaf) for leaf in story.leaves]
    assert moved, "texts that Serious gave four hours have two at Critical"
    [rise] = set(moved.values())
    assert type(entries[rise - 1].event).__name__ == "SeverityAssessed"
    late = [one for one in departures(entries, moved) if one.kind == "late"]
    why = {one.entry.event.due: one.reason for one in late}
    for due in moved:
        assert why[due] == f"Its time came nearer by the rise of the grade, entry {rise}."
        [first] = [
            one
            for one in entries
            if isinstance(one.event, RungReached) and one.event.due == due and one.event.overdue
        ][:1]
        assert first.seq > rise
    others = [one for one in late if one.entry.event.due not in moved]
    assert all(not one.reason for one in others)


@pytest.mark.parametrize(
    ("answers", "then", "hours"),
    [(SERIOUS, SERIOUS, 3), (SERIOUS, CRITICAL, 0.1), (CRITICAL, CRITICAL, 3)],
    ids=["no rise", "in good time", "late without a rise"],
)
def test_nothing_is_named_where_the_rise_made_nobody_late(
    answers: Answers, then: Answers, hours: float
) -> None:
    _story, moved = told(answers, then, hours)
    assert moved == {}


def test_the_first_grading_raises_nothing() -> None:
    story = Story()
    story.reported(CRITICAL)
    story.later(hours=3)
    entries = [read_entry(leaf) for leaf in story.leaves]
    [first] = [one for one in entries if isinstance(one.event, SeverityAssessed)]
    assert first.event.grade > first.event.before, "it is graded worse than an incident begins"
    assert any(one.kind == "late" for one in departures(entries))
    assert moved_by_rises(entries, lambda seq: at(story, seq)) == {}
