"""People hurt that further reports tell of: said beside those registered, never added in silence."""

from dataclasses import replace

import pytest

from activities import brief
from domain.cases import RegisterCase
from domain.facts import all_facts
from domain.grading import AssessSeverity
from domain.next_steps import next_steps
from domain.people import Role
from domain.report import AddReport
from domain.severity import Outcome
from domain.values import PrivateText, ProductId
from tests.domain.story import MILD, START, Story, person

AGENT = person(Role.SERVICE_AGENT)
COMMANDER = person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
WORDS = PrivateText("v1", "c" * 64, "s1")


def told(people: int | None) -> AddReport:
    return AddReport(
        first_known_at=START, first_known_country="CN", words=WORDS, people_hurt=people
    )


def hurt(*, told_before: bool = False) -> RegisterCase:
    return RegisterCase(
        outcomes=(Outcome.MILD,),
        awareness_at=START,
        country="CN",
        product=ProductId("cream"),
        told_before=told_before,
    )


def counts(story: Story) -> tuple[int | None, int, int]:
    """Give how many are known to be hurt, registered, and told of besides."""
    report = story.incident.report
    return report.people_hurt, len(report.cases), report.told_besides


def three_and_three(first: int = 1) -> Story:
    """Three are registered, then two reports tell of three more."""
    story = Story()
    story.accepted(replace(MILD, people=first))
    for _ in range(3):
        story.did(AGENT, hurt())
    for people in (None, 1, 2):
        story.did(AGENT, told(people))
    return story


def test_whom_reports_tell_of_is_kept_beside_those_registered() -> None:
    story = three_and_three()
    assert counts(story) == (3, 3, 3)
    facts = all_facts(story.incident)
    assert (facts["people_hurt"].value, facts["people_told_besides"].value) == ("3", "3")
    titles = [step.title for step in next_steps(story.incident)]
    assert "Reports tell of 3 more people hurt who are not registered" in titles
    besides = "Reports tell of 3 more, not registered; whether some are counted twice is open."
    assert brief.people(story.incident, "en").endswith(f"3 registered. {besides}")


@pytest.mark.parametrize(
    ("first", "told_before", "after"),
    [
        pytest.param(1, True, (4, 4, 2), id="one of them"),
        pytest.param(1, False, (4, 4, 3), id="somebody else"),
        pytest.param(5, True, (6, 4, 2), id="one of them, and more were reported first"),
    ],
)
def test_whoever_is_registered_leaves_those_told_of_when_it_is_said(
    first: int, told_before: bool, after: tuple[int, int, int]
) -> None:
    story = three_and_three(first)
    story.did(AGENT, hurt(told_before=told_before))
    assert counts(story) == after


@pytest.mark.parametrize(
    ("people", "after"),
    [
        pytest.param(5, (5, 3, 0), id="another number counts them"),
        pytest.param(3, (3, 3, 3), id="the same number hides nobody"),
        pytest.param(None, (3, 3, 3), id="no number hides nobody"),
    ],
)
def test_whoever_answers_with_another_number_has_counted_them(
    people: int | None, after: tuple[int, int, int]
) -> None:
    story = three_and_three()
    story.did(COMMANDER, AssessSeverity(answers=replace(MILD, people=people)))
    assert counts(story) == after


def test_fewer_than_nobody_cannot_be_hurt() -> None:
    story = Story()
    story.accepted(MILD)
    assert "cannot be hurt" in story.refused(AGENT, told(-1)).sentence
