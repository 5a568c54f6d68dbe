"""The questions and the answers: the table that forms are drawn from, and what travels."""

import typing
from dataclasses import fields
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.severity import Answers, Attention, Grade, Outcome
from domain.severity_assessment import Assessment, assess
from domain.severity_questions import QUESTIONS, Question, Step, prompt
from domain.severity_rules import Parameters
from domain.wire import decode, encode

HINTS = typing.get_type_hints(Answers)
TICKED = [question for question in QUESTIONS if question.answers]

COUNT = st.integers(min_value=0, max_value=9)
PLACES = st.lists(st.sampled_from(["CN", "EU", "US"]), max_size=3).map(tuple)
DRAWN_APART: dict[str, st.SearchStrategy[object]] = {
    **dict.fromkeys(("people", "serious_people", "units"), st.none() | COUNT),
    **dict.fromkeys(("regions", "markets"), PLACES),
    "people_in_cluster": COUNT,
}
EVERY_ANSWER = st.builds(
    Answers, **{name: DRAWN_APART.get(name, st.from_type(tp)) for name, tp in HINTS.items()}
)
"""Any answers at all, also those that contradict each other."""


def answer_list(question: Question) -> type[StrEnum]:
    """Give the answer list behind a ticked question."""
    hint = HINTS[question.code]
    return typing.cast("type[StrEnum]", typing.get_args(hint)[0] if question.several else hint)


def test_the_fourteen_questions_stand_in_order_and_the_first_five_come_before_the_halt() -> None:
    assert [question.number for question in QUESTIONS] == list(range(1, 15))
    assert [q.number for q in QUESTIONS if q.step is Step.IMMEDIATE] == [1, 2, 3, 4, 5]
    assert [q.number for q in QUESTIONS if q.step is Step.ASSESSMENT] == [6, 7, 8, 9, 10, 11]
    assert [q.number for q in QUESTIONS if q.step is Step.HAZARD] == [12, 13, 14]


@pytest.mark.parametrize("question", TICKED, ids=lambda question: question.code)
def test_a_form_offers_every_answer_once_and_not_known_last(question: Question) -> None:
    codes = [choice.code for choice in question.answers]
    assert sorted(codes) == sorted(answer_list(question))
    assert codes[-1] == "unknown"
    assert set(question.order) <= set(codes) - {"unknown"}


@pytest.mark.parametrize("question", TICKED, ids=lambda question: question.code)
def test_every_answer_has_its_own_words_in_both_languages(question: Question) -> None:
    for language in ("label_en", "label_zh"):
        labels = [getattr(choice, language) for choice in question.answers]
        assert all(labels)
        assert len(set(labels)) == len(labels)


def test_each_question_and_part_is_a_field_of_the_answers_and_can_be_asked() -> None:
    codes = {q.code for q in QUESTIONS} | {part.code for q in QUESTIONS for part in q.parts}
    beside = {
        "medical_attention_mentioned",
        "social_impact_marked",
        "early_warning",
        "people_in_cluster",
    }
    assert codes | beside == {f.name for f in fields(Answers)}
    assert all(all(prompt(code)) for code in codes)


def test_nothing_said_means_nothing_known() -> None:
    silent = Answers()
    for name, hint in HINTS.items():
        value = getattr(silent, name)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            assert value == "unknown"
        else:
            assert not value


def test_grades_compare_by_gravity_and_not_by_the_alphabet() -> None:
    order = [Grade.MINOR, Grade.GENERAL, Grade.SERIOUS, Grade.CRITICAL]
    assert sorted([order[2], order[0], order[3], order[1]]) == order
    assert max(order) is Grade.CRITICAL
    assert Grade.MINOR < Grade.CRITICAL
    assert Grade.SERIOUS >= "serious"
    assert Grade.SERIOUS <= "critical"
    assert Attention.HIGH > Attention.RISING


def test_a_grade_is_not_compared_with_a_word_that_is_no_grade() -> None:
    with pytest.raises(ValueError, match="awful"):
        assert Grade.MINOR < "awful"


@given(EVERY_ANSWER)
def test_answers_and_their_assessment_travel_unchanged(answers: Answers) -> None:
    assessment = assess(answers, Parameters())
    assert decode(Answers, encode(Answers, answers), strict=True) == answers
    assert decode(Assessment, encode(Assessment, assessment), strict=True) == assessment


def test_the_list_of_outcomes_runs_from_nobody_hurt_to_death() -> None:
    order = QUESTIONS[0].order
    assert order[0] == Outcome.NONE
    assert order[-1] == Outcome.DEATH
