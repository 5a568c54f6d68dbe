"""The rules as rules: worse answers, unknown answers, reasons, and results that stand alone."""

from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.severity import (
    Answers,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    ExpectedClass,
    Fault,
    Grade,
    HaltLevel,
    Intent,
    Likelihood,
    Lots,
    Noticeable,
    Outcome,
    Publicity,
    Use,
    Users,
    Whereabouts,
)
from domain.severity_assessment import (
    Assessment,
    assess,
    attention,
    expected_class,
    explain,
    first_action,
)
from domain.severity_questions import QUESTIONS, Question
from domain.severity_rules import MODIFIERS, NOTHING_ELSE, RULES, Parameters
from tests.domain.test_severity import EVERY_ANSWER, HINTS

PLAN = Parameters()
ORDERED = [question for question in QUESTIONS if question.order]
NUMBERS = ("people", "serious_people", "units", "people_in_cluster")
FLAGS = ("medical_attention_mentioned", "social_impact_marked", "early_warning")
FLOORS = {row.id: row.floor for row in (*RULES, NOTHING_ELSE)} | {"M1": Grade.SERIOUS}
QUIET = Answers(
    worst_outcome=Outcome.NONE,
    fault=Fault.REPUTATION_ONLY,
    users=(Users.GENERAL,),
    whereabouts=Whereabouts.CONSUMERS,
)


def grade(answers: Answers) -> Grade:
    """Give the grade alone."""
    return assess(answers, PLAN).grade


def changed(answers: Answers, known: dict[str, Any]) -> Answers:
    """Give `answers` with some fields said otherwise."""
    return replace(answers, **known)


def with_answer(answers: Answers, question: Question, code: str) -> Answers:
    """Give `answers` with one ticked question answered by `code`."""
    return changed(answers, {question.code: HINTS[question.code](code)})


# ---------------------------------------------------------------- a worse answer never lowers


@pytest.mark.parametrize("question", ORDERED, ids=lambda question: question.code)
@given(answers=EVERY_ANSWER)
def test_a_worse_answer_never_lowers_the_grade(question: Question, answers: Answers) -> None:
    grades = [grade(with_answer(answers, question, code)) for code in question.order]
    assert all(milder <= worse for milder, worse in pairwise(grades))


@pytest.mark.parametrize("name", NUMBERS)
@given(answers=EVERY_ANSWER, counts=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_larger_number_never_lowers_the_grade(
    name: str, answers: Answers, counts: tuple[int, int]
) -> None:
    fewer, more = sorted(counts)
    assert grade(changed(answers, {name: fewer})) <= grade(changed(answers, {name: more}))


@pytest.mark.parametrize("name", FLAGS)
@given(answers=EVERY_ANSWER)
def test_a_mark_never_lowers_the_grade(name: str, answers: Answers) -> None:
    assert grade(changed(answers, {name: False})) <= grade(changed(answers, {name: True}))


@given(answers=EVERY_ANSWER, more=st.sampled_from(Users))
def test_one_more_group_of_users_never_lowers_the_grade(answers: Answers, more: Users) -> None:
    assert grade(answers) <= grade(replace(answers, users=(*answers.users, more)))


def test_no_worse_answer_lowers_the_grade_over_all_combinations_of_six_questions() -> None:
    """Questions 1, 3, 4, 5, 12, 13 in full: every step of every order, nothing sampled."""
    codes = ("worst_outcome", "whereabouts", "credible_harm", "likelihood")
    orders = {question.code: question.order for question in QUESTIONS}
    grades = {
        (fault, users, *ticked): grade(
            changed(Answers(fault=fault, users=users), dict(zip(codes, ticked, strict=True)))
        )
        for fault, users in product(Fault, ((Users.GENERAL,), (Users.PREGNANT,)))
        for ticked in product(Outcome, Whereabouts, CredibleHarm, Likelihood)
    }
    worse_than = {pair for code in codes for pair in pairwise(HINTS[code](c) for c in orders[code])}
    lowered = [
        (key, worse)
        for key, found in grades.items()
        for place, answer in enumerate(key)
        for milder, worse in worse_than
        if answer is milder and grades[*key[:place], worse, *key[place + 1 :]] < found
    ]
    assert lowered == []


# ---------------------------------------------------------------- unknown


@pytest.mark.parametrize("question", ORDERED, ids=lambda question: question.code)
@given(answers=EVERY_ANSWER)
def test_not_knowing_is_never_milder_than_the_mildest_answer(
    question: Question, answers: Answers
) -> None:
    unknown = grade(with_answer(answers, question, "unknown"))
    assert unknown >= grade(with_answer(answers, question, question.order[0]))


@given(answers=EVERY_ANSWER)
def test_a_fault_not_known_is_never_milder_than_a_fault_that_cannot_hurt(answers: Answers) -> None:
    unknown = grade(replace(answers, fault=Fault.UNKNOWN))
    assert unknown >= grade(replace(answers, fault=Fault.PACK_LABEL_COSMETIC))


@given(answers=EVERY_ANSWER)
def test_what_must_be_found_out_is_unknown_and_is_named_by_a_rule_that_counted(
    answers: Answers,
) -> None:
    found = assess(answers, PLAN)
    rows = {row.id: row for row in RULES}
    named = {code for id_ in found.rules if id_ in rows for code in rows[id_].names_unknown}
    if "M1" in found.rules:
        named |= {"worst_outcome", "fault", "whereabouts"}
    assert set(found.find_out) <= named
    assert all(getattr(answers, code) in {None, "unknown"} for code in found.find_out)
    assert ("M2" in found.rules) == bool(found.find_out)


NAMED_UNKNOWNS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("whereabouts of a dangerous fault", {"fault": Fault.SAFETY_LABEL}, "whereabouts"),
    ("whether anyone was hurt", {}, "worst_outcome"),
    ("the fault", {}, "fault"),
    (
        "likelihood of a fatal harm",
        {"credible_harm": CredibleHarm.FATAL_OR_IRREVERSIBLE},
        "likelihood",
    ),
    (
        "whether the lot recalled abroad is ours",
        {"authority_act": AuthorityAct.FOREIGN_RECALL},
        "same_lot",
    ),
)


@pytest.mark.parametrize(
    ("known", "code"), [row[1:] for row in NAMED_UNKNOWNS], ids=[row[0] for row in NAMED_UNKNOWNS]
)
def test_an_unknown_that_counted_becomes_a_thing_to_find_out(
    known: dict[str, Any], code: str
) -> None:
    assert code in assess(changed(Answers(), known), PLAN).find_out


def test_an_unknown_that_no_rule_counts_is_no_task() -> None:
    calm = replace(QUIET, whereabouts=Whereabouts.UNKNOWN)
    assert assess(calm, PLAN).find_out == ()


def test_a_number_that_is_not_known_never_counts_as_a_number() -> None:
    hurt = replace(QUIET, worst_outcome=Outcome.HOSPITALISED, serious_people=None)
    assert "K2" not in assess(hurt, PLAN).rules


def test_a_recall_abroad_counts_until_we_know_that_it_is_another_lot() -> None:
    abroad = replace(QUIET, authority_act=AuthorityAct.FOREIGN_RECALL)
    assert grade(abroad) == grade(replace(abroad, same_lot=True)) == Grade.SERIOUS
    assert grade(replace(abroad, same_lot=False)) == Grade.MINOR


# ---------------------------------------------------------------- reasons


@given(answers=EVERY_ANSWER)
def test_every_answer_has_a_result_with_the_rules_that_made_it(answers: Answers) -> None:
    found = assess(answers, PLAN)
    assert found.made_by
    assert set(found.made_by) <= set(found.rules)
    assert all(FLOORS[id_] == found.grade for id_ in found.made_by)
    assert all(FLOORS[id_] <= found.grade for id_ in found.rules if id_ in FLOORS)
    assert ("N1" in found.rules) == (found.grade is Grade.MINOR)
    assert tuple(reason.rule for reason in found.explanations) == found.rules
    assert found.rule_set == PLAN.rule_set


@given(answers=EVERY_ANSWER)
def test_each_named_rule_holds_by_itself_and_no_other_does(answers: Answers) -> None:
    named = assess(answers, PLAN).rules
    for rule in RULES:
        assert (rule.id in named) == rule.holds(answers, PLAN)


@given(answers=EVERY_ANSWER, data=st.data())
def test_the_order_of_users_regions_and_markets_does_not_matter(
    answers: Answers, data: st.DataObject
) -> None:
    shuffled = replace(
        answers,
        users=tuple(data.draw(st.permutations(answers.users))),
        regions=tuple(data.draw(st.permutations(answers.regions))),
        markets=tuple(data.draw(st.permutations(answers.markets))),
    )
    assert assess(shuffled, PLAN) == assess(answers, PLAN)


def test_every_row_of_the_table_explains_itself_and_its_letter_is_its_floor() -> None:
    letters = {
        "K": Grade.CRITICAL,
        "S": Grade.SERIOUS,
        "G": Grade.GENERAL,
        "N": Grade.MINOR,
    }
    rows = (*RULES, NOTHING_ELSE)
    assert all(row.floor is letters[row.id[0]] and row.condition for row in rows)
    ids = [*(row.id for row in rows), *(modifier.id for modifier in MODIFIERS)]
    assert len(set(ids)) == len(ids) == 18 + 8
    for reason in explain(ids, PLAN):
        assert reason.sentence_en.endswith(".")
        assert reason.sentence_zh.endswith("。")
        assert reason.source
        assert "{" not in reason.sentence_en + reason.sentence_zh


def test_an_explanation_names_the_numbers_of_the_plan() -> None:
    plan = Parameters(critical_serious_cases=5, cluster_people=4, cluster_days=9)
    serious, cluster = explain(["K2", "S4"], plan)
    assert "5" in serious.sentence_en
    assert "5" in serious.sentence_zh
    assert "9 days" in cluster.sentence_en
    assert "4" in cluster.sentence_zh


# ---------------------------------------------------------------- results stand alone


def without(found: Assessment, *names: str) -> Assessment:
    """Blank the named results, so that only the others are compared."""
    blank: dict[str, Any] = dict.fromkeys(names)
    return replace(found, **blank)


@given(answers=EVERY_ANSWER, other=st.sampled_from(Publicity))
def test_publicity_changes_attention_and_nothing_else(answers: Answers, other: Publicity) -> None:
    before = assess(answers, PLAN)
    after = assess(replace(answers, publicity=other), PLAN)
    assert without(before, "attention") == without(after, "attention")
    assert after.attention == attention(other)


@given(answers=EVERY_ANSWER, other=EVERY_ANSWER)
def test_attention_comes_from_publicity_alone(answers: Answers, other: Answers) -> None:
    same_publicity = replace(other, publicity=answers.publicity)
    assert assess(answers, PLAN).attention == assess(same_publicity, PLAN).attention


@given(answers=EVERY_ANSWER, other=EVERY_ANSWER)
def test_the_class_comes_from_harm_and_likelihood_alone(answers: Answers, other: Answers) -> None:
    same_hazard = replace(other, credible_harm=answers.credible_harm, likelihood=answers.likelihood)
    assert assess(answers, PLAN).expected_class == assess(same_hazard, PLAN).expected_class


def test_neither_grade_nor_class_tells_the_other() -> None:
    hazard: dict[str, Any] = {
        "credible_harm": CredibleHarm.SERIOUS_TREATABLE,
        "likelihood": Likelihood.REASONABLE,
    }
    out, kept = (
        assess(changed(QUIET, hazard | {"whereabouts": place}), PLAN)
        for place in (Whereabouts.CONSUMERS, Whereabouts.OWN_CONTROL)
    )
    assert out.expected_class is kept.expected_class is ExpectedClass.I
    assert (out.grade, kept.grade) == (Grade.CRITICAL, Grade.GENERAL)
    died = assess(replace(QUIET, worst_outcome=Outcome.DEATH), PLAN)
    assert died.grade is out.grade
    assert died.expected_class is ExpectedClass.NONE_YET


ONE, TWO, THREE, NONE_YET = ExpectedClass
CLASSES = {
    CredibleHarm.FATAL_OR_IRREVERSIBLE: (ONE, TWO, THREE, NONE_YET),
    CredibleHarm.SERIOUS_TREATABLE: (ONE, TWO, THREE, NONE_YET),
    CredibleHarm.REVERSIBLE: (TWO, TWO, THREE, NONE_YET),
    CredibleHarm.NONE: (THREE, THREE, THREE, THREE),
    CredibleHarm.UNKNOWN: (NONE_YET, NONE_YET, NONE_YET, NONE_YET),
}


@pytest.mark.parametrize("harm", CredibleHarm)
def test_the_expected_class_follows_the_table(harm: CredibleHarm) -> None:
    columns = (
        Likelihood.REASONABLE,
        Likelihood.REMOTE,
        Likelihood.NOT_LIKELY,
        Likelihood.UNKNOWN,
    )
    assert tuple(expected_class(harm, likelihood) for likelihood in columns) == CLASSES[harm]


# ---------------------------------------------------------------- modifiers and first action

BABIES = replace(QUIET, users=(Users.INFANTS_CHILDREN,))

M1_CASES = (
    ("harm", {"worst_outcome": Outcome.MILD}, Grade.SERIOUS),
    ("a fault that may affect people", {"fault": Fault.MICROBIAL_LIMIT}, Grade.SERIOUS),
    ("a fault not known", {"fault": Fault.UNKNOWN}, Grade.SERIOUS),
    ("only an inquiry", {"authority_act": AuthorityAct.INQUIRY}, Grade.GENERAL),
    ("only a credible passing harm", {"credible_harm": CredibleHarm.REVERSIBLE}, Grade.GENERAL),
    (
        "harm, all stock with us",
        {"worst_outcome": Outcome.MILD, "whereabouts": Whereabouts.OWN_CONTROL},
        Grade.GENERAL,
    ),
    (
        "harm, whereabouts not known",
        {"worst_outcome": Outcome.MILD, "whereabouts": Whereabouts.UNKNOWN},
        Grade.SERIOUS,
    ),
)


@pytest.mark.parametrize(
    ("known", "expected"), [row[1:] for row in M1_CASES], ids=[row[0] for row in M1_CASES]
)
def test_general_becomes_serious_for_people_who_are_hurt_more_easily(
    known: dict[str, Any], expected: Grade
) -> None:
    found = assess(changed(BABIES, known), PLAN)
    assert found.grade == expected
    assert ("M1" in found.rules) == (expected is Grade.SERIOUS)


SINGLE_RULES = (
    ("K5 tampering in shops", {"intent": Intent.TAMPERING}, "K5"),
    ("K6 two people marked it", {"social_impact_marked": True}, "K6"),
    ("S4 three people in a week", {"people_in_cluster": 3}, "S4"),
    ("S4 early warning", {"early_warning": True}, "S4"),
    (
        "S5 serious but remote",
        {"credible_harm": CredibleHarm.SERIOUS_TREATABLE, "likelihood": Likelihood.REMOTE},
        "S5",
    ),
    (
        "S6 a hospital is mentioned",
        {"worst_outcome": Outcome.UNKNOWN, "medical_attention_mentioned": True},
        "S6",
    ),
    ("G4 the authority asks", {"authority_act": AuthorityAct.INQUIRY}, "G4"),
    ("G5 a fake", {"intent": Intent.COUNTERFEIT}, "G5"),
)


@pytest.mark.parametrize(
    ("known", "rule"), [row[1:] for row in SINGLE_RULES], ids=[row[0] for row in SINGLE_RULES]
)
def test_one_fact_is_enough_for_its_rule(known: dict[str, Any], rule: str) -> None:
    found = assess(changed(QUIET, known), PLAN)
    assert found.made_by == (rule,)


MARKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("M3", {"lots": Lots.UNBOUNDED}),
    ("M4", {"evidence": Evidence.SEVERAL}),
    ("M6", {"use": Use.UNFORESEEABLE}),
    ("M7", {"noticeable": Noticeable.SOMETIMES}),
    ("M7", {"noticeable": Noticeable.NO}),
)


@pytest.mark.parametrize(
    ("rule", "known"), MARKS, ids=[f"{rule} {', '.join(known.values())}" for rule, known in MARKS]
)
def test_a_mark_is_told_and_leaves_the_grade_alone(rule: str, known: dict[str, Any]) -> None:
    plain = replace(QUIET, evidence=Evidence.ACCREDITED_LAB)
    marked = assess(changed(plain, known), PLAN)
    assert rule in marked.rules
    assert rule not in assess(plain, PLAN).rules
    assert marked.grade == grade(plain)
    assert marked.provisional == (rule == "M4")
    assert marked.recall_depth_consumer == (rule == "M7")


@given(answers=EVERY_ANSWER, other=st.sampled_from(Evidence))
def test_evidence_never_changes_the_grade(answers: Answers, other: Evidence) -> None:
    assert grade(answers) == grade(replace(answers, evidence=other))


@pytest.mark.parametrize("evidence", Evidence)
def test_a_serious_grade_stops_trade_when_more_than_one_word_stands_behind_it(
    evidence: Evidence,
) -> None:
    alone = evidence in {Evidence.UNKNOWN, Evidence.ALLEGATION}
    expected = HaltLevel.H2 if alone else HaltLevel.H3
    assert first_action(Grade.SERIOUS, replace(QUIET, evidence=evidence)) == expected


def test_what_an_authority_found_stops_trade_before_question_seven_is_answered() -> None:
    ordered = assess(replace(QUIET, authority_act=AuthorityAct.ORDER_STOP), PLAN)
    assert ordered.first_action == HaltLevel.H3


@given(answers=EVERY_ANSWER, grades=st.tuples(st.sampled_from(Grade), st.sampled_from(Grade)))
def test_a_higher_grade_never_stops_less(answers: Answers, grades: tuple[Grade, Grade]) -> None:
    lower, higher = sorted(grades)
    assert first_action(lower, answers) <= first_action(higher, answers)


@pytest.mark.parametrize(
    ("fault", "markets", "evidence", "stops"),
    [
        (Fault.PACK_INJURY, (), Evidence.ALLEGATION, True),
        (Fault.MICROBIAL_LIMIT, ("CN",), Evidence.OWN_RECORDS, True),
        (Fault.MICROBIAL_LIMIT, ("EU",), Evidence.OWN_RECORDS, False),
        (Fault.MICROBIAL_LIMIT, ("CN",), Evidence.ALLEGATION, False),
        (Fault.PACK_LABEL_COSMETIC, ("CN",), Evidence.OWN_RECORDS, False),
    ],
    ids=["can injure", "own finding in China", "own finding elsewhere", "a word", "a blemish"],
)
def test_production_stops_for_what_can_injure_and_for_our_own_findings_in_china(
    fault: Fault, markets: tuple[str, ...], evidence: Evidence, stops: bool
) -> None:
    answers = replace(QUIET, fault=fault, markets=markets, evidence=evidence)
    assert (HaltLevel.H4 in assess(answers, PLAN).halt_levels) == stops
