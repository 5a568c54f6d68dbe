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
from domain.review import open_items
from domain.severity import Answers, Outcome
from domain.statement_lookup import situations
from domain.values import PrivateText, ProductId
from domain.wording import Situation
from tests.domain.story import MILD, START, Story, person

NOBODY_HURT = Answers(worst_outcome=Outcome.NONE, people=0, serious_people=0)
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
    ("people", "has_them", "after"),
    [
        pytest.param(5, True, (5, 3, 0), id="said to have them in it"),
        pytest.param(3, True, (3, 3, 0), id="the same number, said to have them in it"),
        pytest.param(5, False, (5, 3, 3), id="another number hides nobody"),
        pytest.param(2, False, (3, 3, 3), id="a figure put right hides nobody"),
        pytest.param(None, False, (3, 3, 3), id="no number hides nobody"),
    ],
)
def test_whom_reports_tell_of_are_counted_by_a_number_only_when_somebody_says_so(
    people: int | None, has_them: bool, after: tuple[int, int, int]
) -> None:
    story = three_and_three()
    answers = replace(MILD, people=people)
    story.did(COMMANDER, AssessSeverity(answers=answers, counts_told_besides=has_them))
    assert counts(story) == after


def test_nobody_is_counted_in_a_number_that_is_not_there() -> None:
    story = three_and_three()
    said = AssessSeverity(answers=replace(MILD, people=None), counts_told_besides=True)
    assert story.refused(COMMANDER, said).reason == "no_number"
    fewer = replace(said, answers=replace(MILD, people=2))
    assert "tell of 3 people besides" in story.refused(COMMANDER, fewer).sentence


def test_whom_reports_tell_of_is_hurt_wherever_that_decides_something() -> None:
    story = Story()
    story.accepted(NOBODY_HURT)
    story.did(AGENT, told(30))
    now = story.incident
    assert Situation.SOMEONE_HURT in situations(now)
    assert not {"people_hurt", "people_seriously_hurt"} & all_facts(now).keys()
    assert brief.people(now, "en").startswith("Reports tell of 30 more")
    assert "30 people whom reports tell of as hurt are not registered" in open_items(now)
    assert any("say that nobody is" in step.title for step in next_steps(now))


def test_fewer_than_nobody_cannot_be_hurt() -> None:
    story = Story()
    story.accepted(MILD)
    assert "cannot be hurt" in story.refused(AGENT, told(-1)).sentence
