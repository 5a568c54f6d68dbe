"""That sale resumes decides on the levels that stood; what nobody decided on is still asked."""

import pytest

from domain.halt import OrderHalt
from domain.halt_decisions import DecideAgainstHalt, levels_asked
from domain.people import Role
from domain.resuming import ResumeSale
from domain.severity import Answers, HaltLevel
from domain.values import PublicText
from tests.domain.recalls import COMMANDER, QSR
from tests.domain.story import CRITICAL, SERIOUS, Story, person

PLANT = person(Role.PLANT_MANAGER)
WHY = PublicText("The line made nothing of it.")


def resumed(answers: Answers, *, decided: str = "") -> Story:
    """Tell an incident in which all sale resumes, after a decision on production or without."""
    story = Story()
    story.accepted(answers)
    story.keeps_evidence()
    if decided == "ordered":
        story.did(PLANT, OrderHalt(level=HaltLevel.H4, reason=WHY))
    if decided == "left off":
        story.did(PLANT, DecideAgainstHalt(level=HaltLevel.H4, reason=WHY))
    story.later(minutes=5)
    story.did(COMMANDER, ResumeSale(basis=WHY))
    story.signed(QSR)
    assert story.incident.halt.levels == ()
    return story


@pytest.mark.parametrize(
    ("answers", "level"), [(CRITICAL, "H4"), (SERIOUS, "H3")], ids=["production", "trade"]
)
def test_a_level_that_nobody_decided_on_is_asked_until_somebody_does(
    answers: Answers, level: str
) -> None:
    story = resumed(answers)
    assert levels_asked(story.incident) == (level,)
    key = f"order_halt:{level}:{story.incident.report.grade}"
    before = story.due(key)
    assert before is not None
    story.later(hours=1)
    after = story.due(key)
    assert after is not None
    assert after.due_at == before.due_at, "its clock is the one that ran"
    who = COMMANDER if level == "H3" else PLANT
    story.did(who, DecideAgainstHalt(level=HaltLevel(level), reason=WHY))
    assert levels_asked(story.incident) == ()


@pytest.mark.parametrize("decided", ["ordered", "left off"])
def test_what_was_decided_is_asked_no_more(decided: str) -> None:
    assert levels_asked(resumed(CRITICAL, decided=decided).incident) == ()
