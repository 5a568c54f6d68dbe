"""Stage `investigation`: evidence, tests, facts, the hazard evaluation, the finding, the grade."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.cases import RegisterCase
from domain.facts import (
    DisputeFact,
    RecordFact,
    RetractFact,
    VerifyFact,
    all_facts,
)
from domain.finding import FindingSigned, SignFinding
from domain.grading import (
    READ_BY_RULES,
    AssessSeverity,
    LowerGrade,
    RaiseGrade,
    SeverityAssessed,
    is_worse,
)
from domain.hazard import EvaluateHazard, HazardEvaluated
from domain.investigation import CollectEvidence, HandOverEvidence, OrderTest, RecordTest
from domain.known_facts import known_facts
from domain.people import Actor, Role
from domain.severity import (
    Answers,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    ExpectedClass,
    Fault,
    Grade,
    Intent,
    Likelihood,
    Noticeable,
    Outcome,
    Publicity,
    Users,
    Whereabouts,
)
from domain.severity_assessment import assess
from domain.severity_rules import RULES, Parameters
from domain.state import incident_text, read_incident_text
from domain.state.investigation import FactStatus, FindingOutcome, Origin, Verdict
from domain.team import DeclareInterest
from domain.values import PrivateText, ProductId, PublicText
from tests.domain.story import MILD, SERIOUS, Story, person, rules

QUALITY = person(Role.QUALITY)
ASSESSOR = person(Role.SAFETY_ASSESSOR)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
COMMANDER = person(Role.INCIDENT_COMMANDER)
AGENT = person(Role.SERVICE_AGENT)

BENZENE = Answers(
    worst_outcome=Outcome.NONE,
    fault=Fault.TOXIC_CONTAMINANT,
    whereabouts=Whereabouts.CONSUMERS,
    evidence=Evidence.OWN_RECORDS,
    credible_harm=CredibleHarm.FATAL_OR_IRREVERSIBLE,
)


def words(text: str) -> Any:
    return PublicText(text)


def evaluation(**more: Any) -> EvaluateHazard:
    told = {
        "preliminary": False,
        "injuries": words("None known."),
        "conditions": words("Inhaled in a closed room."),
        "groups_at_risk": words("Everyone; children most."),
        "seriousness": words("Cancer after long exposure."),
        "occurrence": words("Remote at the amount found."),
        "consequences": words("None at once."),
        "credible_harm": CredibleHarm.FATAL_OR_IRREVERSIBLE,
        "likelihood": Likelihood.REMOTE,
        "noticeable": Noticeable.NO,
        "credentials": words("Toxicologist."),
    }
    return EvaluateHazard(**{**told, **more})


def evaluated(story: Story, **more: Any) -> list[Any]:
    story.did(ASSESSOR, evaluation(**more))
    return story.signed(QSR)


def lowered(story: Story, grade: Grade, **more: Any) -> list[Any]:
    story.did(COMMANDER, LowerGrade(grade=grade, reason=words("The evaluation says so."), **more))
    return story.signed(QSR)


def sample(story: Story, **more: Any) -> CollectEvidence:
    told = {
        "what": words("A jar, half used"),
        "source": words("The person who was hurt"),
        "taken_at": story.now,
        "place": words("Hospital in Suzhou"),
        "storage": words("Refrigerator 3"),
        "seal_number": "S-1",
        "lot": "L1",
    }
    return CollectEvidence(**{**told, **more})


def finding(**more: Any) -> SignFinding:
    told = {
        "outcome": FindingOutcome.CONFIRMED,
        "basis": ("E1",),
        "i_released_the_lot": False,
        "cause": words("A preservative was left out."),
        "origin": Origin.OWN,
        "lots": ("L1",),
    }
    return SignFinding(**{**told, **more})


def hospital_case(story: Story) -> RegisterCase:
    return RegisterCase(
        outcomes=(Outcome.HOSPITALISED,),
        awareness_at=story.now,
        country="CN",
        product=ProductId("cream"),
    )


# ---------------------------------------------------------------- evidence and tests


def test_evidence_keeps_its_chain_of_custody() -> None:
    story = Story()
    story.accepted()
    taker = PrivateText(ref="v1", commitment="c", subject="s")
    story.did(AGENT, sample(story, taken_by=taker))
    story.did(
        QUALITY,
        HandOverEvidence(
            evidence="E1",
            handed_to=words("Laboratory A"),
            storage=words("Room 2"),
            seal_intact=True,
        ),
    )
    story.did(
        QUALITY,
        HandOverEvidence(
            evidence="E1",
            handed_to=words("Laboratory B"),
            storage=words("Room 7"),
            seal_intact=False,
            seal_number="S-2",
        ),
    )
    kept = story.incident.investigation.evidence["E1"]
    assert [(link.handed_to, link.seal_number, link.seal_intact) for link in kept.custody] == [
        ("Laboratory A", "S-1", True),
        ("Laboratory B", "S-2", False),
    ]
    assert (kept.storage, kept.seal_number, kept.lot) == ("Room 7", "S-2", "L1")
    assert story.incident.investigation.word == "running"


def test_nothing_is_taken_after_now() -> None:
    story = Story()
    story.accepted()
    assert story.refused(AGENT, sample(story, taken_at=story.now + timedelta(hours=1))).reason == (
        "ahead"
    )


def test_a_result_stands_once_and_a_doubt_is_a_re_test() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    order = OrderTest(laboratory="CTI", method="ISO 21149", sample="E1", accreditation="CNAS L1")
    story.did(QUALITY, order)
    result = RecordTest(
        test="T1", result=words("2,400"), unit="CFU/g", limit="1,000", verdict=Verdict.FAIL
    )
    told = story.did(QUALITY, result)[0]
    assert (told.laboratory, told.lot, told.limit) == ("CTI", "L1", "1,000")
    assert story.refused(QUALITY, result).reason == "result_stands"
    story.did(QUALITY, replace(order, re_test_of="T1"))
    story.did(QUALITY, replace(result, test="T2", verdict=Verdict.INCONCLUSIVE))
    tests = story.incident.investigation.tests
    assert [test.verdict for test in tests.values()] == [Verdict.FAIL, Verdict.INCONCLUSIVE]
    assert tests["T2"].re_test_of == "T1"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(RecordTest(test="T9", result=words("1"), verdict=Verdict.PASS), "no_test", id="no test"),
        pytest.param(OrderTest(laboratory="A", method="B", sample="E9"), "no_evidence", id="no sample"),
        pytest.param(OrderTest(laboratory="A", method="B", re_test_of="T9"), "no_test", id="no first test"),
        pytest.param(HandOverEvidence(evidence="E9", handed_to=words("A"), storage=words("B"), seal_intact=True), "no_evidence", id="no evidence"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_record_is_refused(command: Any, reason: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(QUALITY, command).reason == reason


def test_an_expected_result_is_due_until_it_comes() -> None:
    story = Story()
    story.accepted()
    order = OrderTest(laboratory="A", method="B", expected_at=story.now + timedelta(days=3))
    story.did(QUALITY, order)
    due = story.due("test:T1")
    assert due is not None
    assert due.due_at == story.now + timedelta(days=3)
    story.did(QUALITY, RecordTest(test="T1", result=words("1"), verdict=Verdict.PASS))
    assert story.due("test:T1") is None


# ---------------------------------------------------------------- facts


def fact(story: Story, value: str = "1,200", **more: Any) -> RecordFact:
    return RecordFact(key="units_sold", value=words(value), unit="units", as_of=story.now, **more)


def test_a_fact_is_verified_by_another_person_who_stays_named() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, fact(story, source=1))
    assert story.refused(QUALITY, VerifyFact(key="units_sold")).reason == "four_eyes"
    story.did(QSR, VerifyFact(key="units_sold"))
    head = story.incident.investigation.facts["units_sold"]
    assert (head.status, head.verifier, head.recorded_by) == (
        FactStatus.VERIFIED,
        "quality_safety_responsible",
        "quality",
    )
    assert (head.source, head.seq, head.version) == (1, story.incident.size, 1)


def test_a_new_value_is_a_new_version_that_nobody_verified_yet() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, fact(story))
    story.did(QSR, VerifyFact(key="units_sold"))
    story.did(QUALITY, fact(story, "1,350"))
    head = story.incident.investigation.facts["units_sold"]
    assert (head.version, head.value, head.status, head.verifier) == (
        2,
        "1,350",
        FactStatus.REPORTED,
        None,
    )
    assert story.refused(QSR, VerifyFact(key="units_sold", version=1)).reason == "fact_changed"
    story.did(QSR, VerifyFact(key="units_sold", version=2))


def test_a_disputed_fact_is_settled_or_retracted() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, fact(story))
    story.did(AGENT, DisputeFact(key="units_sold", reason=words("Gifts are missing.")))
    assert story.incident.investigation.facts["units_sold"].status == FactStatus.DISPUTED
    story.did(QSR, VerifyFact(key="units_sold", how=words("Gifts are in it.")))
    story.did(QUALITY, RetractFact(key="units_sold", reason=words("Wrong warehouse.")))
    head = story.incident.investigation.facts["units_sold"]
    assert (head.status, head.reason) == (FactStatus.RETRACTED, "Wrong warehouse.")
    for act in (VerifyFact(key="units_sold"), RetractFact(key="units_sold", reason=words("x"))):
        assert story.refused(QSR, act).reason == "refused"
    story.did(QUALITY, fact(story, "1,100"))
    assert story.incident.investigation.facts["units_sold"].version == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"key": "Units sold"}, "bad_key", id="a name no text can refer to"),
        pytest.param({"as_of": Story().now + timedelta(days=1)}, "ahead", id="as of tomorrow"),
        pytest.param({"source": 999}, "refused", id="from an entry that is not there"),
    ],
)
def test_a_fact_that_cannot_stand_is_refused(change: dict[str, Any], reason: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(QUALITY, replace(fact(story), **change)).reason == reason


def test_the_incident_offers_what_it_knows_and_never_a_zero_for_the_unknown() -> None:
    story = Story()
    assert known_facts(story.incident) == ()
    story.accepted(replace(SERIOUS, people=None))
    offered = {fact.key: fact.value for fact in known_facts(story.incident)}
    assert offered == {"products": "cream", "lots": "L1", "cases_registered": "0"}
    story.did(AGENT, hospital_case(story))
    offered = {fact.key: fact.value for fact in known_facts(story.incident)}
    assert offered["people_hurt"] == offered["people_seriously_hurt"] == "1"
    story.did(QUALITY, replace(fact(story, "2"), key="people_hurt"))
    assert all_facts(story.incident)["people_hurt"].value == "2"


FACT_ACTS = st.tuples(
    st.sampled_from([QUALITY, QSR, AGENT]),
    st.sampled_from(["record", "verify", "dispute", "retract"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(FACT_ACTS, max_size=12))
def test_whatever_people_do_nobody_verifies_their_own_fact(acts: list[tuple[Actor, str]]) -> None:
    story = Story()
    story.accepted()
    for who, act in acts:
        command = {
            "record": fact(story),
            "verify": VerifyFact(key="units_sold"),
            "dispute": DisputeFact(key="units_sold", reason=words("?")),
            "retract": RetractFact(key="units_sold", reason=words("!")),
        }[act]
        story.does(who, command)
        for head in story.incident.investigation.facts.values():
            assert (head.verifier is not None) == (head.status == FactStatus.VERIFIED)
            assert head.verifier != head.recorded_by


# ---------------------------------------------------------------- the hazard evaluation


def test_a_preliminary_evaluation_takes_one_signature_and_a_signed_one_two() -> None:
    story = Story()
    story.accepted()
    story.did(ASSESSOR, evaluation(preliminary=True))
    now = story.incident.investigation
    assert (now.has_evaluation, now.evaluation_signed) == (True, False)
    events = evaluated(story)
    told = next(e for e in events if isinstance(e, HazardEvaluated))
    assert [s.person for s in told.signers] == ["safety_assessor", "quality_safety_responsible"]
    assert told.evaluator == "safety_assessor"
    now = story.incident.investigation
    assert (now.evaluation_signed, now.evaluation_signed_at) == (True, story.now)
    assert [e.preliminary for e in now.evaluations] == [True, False]


def test_only_the_assessor_evaluates() -> None:
    story = Story()
    story.accepted()
    for preliminary in (True, False):
        refusal = story.refused(QUALITY, evaluation(preliminary=preliminary))
        assert refusal.who_could == ("safety_assessor",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"likelihood": Likelihood.UNKNOWN}, "evaluation_open", id="no likelihood"),
        pytest.param({"credible_harm": CredibleHarm.UNKNOWN}, "evaluation_open", id="no harm"),
        pytest.param({"valid_until_at": Story().now}, "not_valid", id="run out"),
    ],
)
def test_a_signed_evaluation_says_how_bad_and_how_likely(
    change: dict[str, Any], reason: str
) -> None:
    story = Story()
    story.accepted()
    assert story.refused(ASSESSOR, evaluation(**change)).reason == reason


def test_an_evaluation_runs_the_rules_again_and_raises_but_never_lowers() -> None:
    story = Story()
    story.accepted(MILD)
    events = story.did(ASSESSOR, evaluation(preliminary=True, likelihood=Likelihood.REASONABLE))
    assert story.incident.report.grade == Grade.CRITICAL
    assert story.incident.report.expected_class == ExpectedClass.I
    assert any(isinstance(event, SeverityAssessed) for event in events)
    story.did(
        ASSESSOR,
        evaluation(preliminary=True, credible_harm=CredibleHarm.NONE, likelihood=Likelihood.REMOTE),
    )
    assert story.incident.report.grade == Grade.CRITICAL


def test_not_knowing_leaves_an_earlier_answer_standing() -> None:
    story = Story()
    story.accepted(MILD)
    story.did(ASSESSOR, evaluation(preliminary=True, users=(Users.PREGNANT,)))
    before = story.incident.report.answers
    events = story.did(ASSESSOR, evaluation(preliminary=True, likelihood=Likelihood.UNKNOWN))
    assert [type(event) for event in events] == [HazardEvaluated]
    assert story.incident.report.answers == before


def test_an_evaluation_is_asked_for_and_asked_for_again_when_it_runs_out() -> None:
    story = Story()
    story.accepted()
    preliminary, signed = story.due("hazard_preliminary"), story.due("hazard_signed")
    assert preliminary is not None
    assert signed is not None
    assert preliminary.due_at == story.now + timedelta(hours=24)
    assert signed.due_at == story.now + timedelta(hours=72)
    until = story.now + timedelta(days=10)
    evaluated(story, valid_until_at=until)
    assert story.due("hazard_preliminary") is None
    assert story.due("hazard_signed") is None
    due = story.due("hazard_valid")
    assert due is not None
    assert due.due_at == until


# ---------------------------------------------------------------- lowering the grade (M5)


def test_benzene_critical_before_evaluation_lowered_by_signatures_to_serious_after_remote() -> None:
    story = Story()
    story.accepted(BENZENE)
    assert story.incident.report.grade == Grade.CRITICAL
    low = LowerGrade(grade=Grade.SERIOUS, reason=words("Remote."))
    assert story.refused(COMMANDER, low).reason == "evaluation_missing"
    evaluated(story, likelihood=Likelihood.REMOTE)
    assert story.incident.report.grade == Grade.CRITICAL, "an evaluation lowers nothing by itself"
    assert story.incident.report.expected_class == ExpectedClass.II
    result = next(e for e in lowered(story, Grade.SERIOUS) if isinstance(e, SeverityAssessed))
    assert (result.before, result.grade, result.rules) == (Grade.CRITICAL, Grade.SERIOUS, ("M5",))
    assert len(result.signers) == 2


def test_a_lowered_grade_is_not_pushed_up_again_by_the_same_answers() -> None:
    story = Story()
    story.accepted(BENZENE)
    evaluated(story, likelihood=Likelihood.REMOTE)
    lowered(story, Grade.GENERAL)
    same = story.incident.report.answers
    assert assess(same, Parameters()).grade == Grade.SERIOUS, "the rules alone would say more"
    for answers in (same, replace(same, publicity=Publicity.SPREADING, units=9_000)):
        result = story.did(QUALITY, AssessSeverity(answers=answers))[0]
        assert result.grade == Grade.GENERAL
        assert result.rules[-1] == "M5"


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        pytest.param({"worst_outcome": Outcome.DEATH}, Grade.CRITICAL, id="somebody died"),
        pytest.param({"likelihood": Likelihood.REASONABLE}, Grade.CRITICAL, id="likelier than thought"),
        pytest.param({"worst_outcome": Outcome.MILD}, Grade.SERIOUS, id="a first rash: the rules count in full"),
        pytest.param({"users": (Users.INFANTS_CHILDREN,)}, Grade.SERIOUS, id="children use it"),
        pytest.param({"authority_act": AuthorityAct.ORDER_STOP}, Grade.SERIOUS, id="an authority ordered a stop"),
        pytest.param({"serious_people": 2}, Grade.CRITICAL, id="two serious cases"),
    ],
)  # fmt: skip
def test_a_worse_answer_raises_a_lowered_grade(change: dict[str, Any], grade: Grade) -> None:
    story = Story()
    story.accepted(BENZENE)
    evaluated(story, likelihood=Likelihood.REMOTE)
    lowered(story, Grade.GENERAL)
    worse = replace(story.incident.report.answers, **change)
    story.did(QUALITY, AssessSeverity(answers=worse))
    assert story.incident.report.grade == grade
    assert story.incident.report.lowered_on is None


def test_a_newly_registered_serious_case_raises_a_lowered_grade() -> None:
    story = Story()
    story.accepted(BENZENE)
    evaluated(story, likelihood=Likelihood.REMOTE)
    lowered(story, Grade.GENERAL)
    story.did(AGENT, hospital_case(story))
    assert story.incident.report.grade == Grade.SERIOUS


def test_in_the_first_day_silence_alone_lowers_nothing() -> None:
    story = Story()
    story.accepted(BENZENE)
    evaluated(story, likelihood=Likelihood.REMOTE)
    low = LowerGrade(grade=Grade.SERIOUS, reason=words("Quiet."), only_no_new_reports=True)
    assert story.refused(COMMANDER, low).reason == "only_no_new_reports"
    story.later(hours=24)
    lowered(story, Grade.SERIOUS, only_no_new_reports=True)
    assert story.incident.report.grade == Grade.SERIOUS


def test_an_evaluation_that_ran_out_lowers_nothing() -> None:
    story = Story()
    story.accepted(BENZENE)
    evaluated(story, likelihood=Likelihood.REMOTE, valid_until_at=story.now + timedelta(days=5))
    story.later(days=6)
    low = LowerGrade(grade=Grade.SERIOUS, reason=words("Remote."))
    assert story.refused(COMMANDER, low).reason == "evaluation_not_signed"


def test_a_manual_raise_stays_provisional_while_only_people_say_so() -> None:
    story = Story()
    story.accepted(replace(MILD, evidence=Evidence.ALLEGATION))
    assert story.incident.report.assessments[-1].provisional
    story.did(AGENT, RaiseGrade(grade=Grade.SERIOUS, reason=words("A child.")))
    assert story.incident.report.assessments[-1].provisional


LISTED = {
    "worst_outcome": Outcome,
    "fault": Fault,
    "whereabouts": Whereabouts,
    "authority_act": AuthorityAct,
    "intent": Intent,
    "credible_harm": CredibleHarm,
    "likelihood": Likelihood,
}
ANSWERS = st.builds(
    Answers,
    **{name: st.sampled_from(values) for name, values in LISTED.items()},
    users=st.lists(st.sampled_from(Users), max_size=3).map(tuple),
    same_lot=st.sampled_from([None, True, False]),
    serious_people=st.sampled_from([None, 0, 1, 2, 3]),
    people_in_cluster=st.integers(0, 4),
    medical_attention_mentioned=st.booleans(),
    social_impact_marked=st.booleans(),
    early_warning=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(
    before=ANSWERS,
    changes=st.lists(st.tuples(st.sampled_from(sorted(READ_BY_RULES)), ANSWERS), max_size=3),
)
def test_what_is_not_called_worse_never_leads_the_rules_higher(
    before: Answers, changes: list[tuple[str, Answers]]
) -> None:
    now = before
    for name, other in changes:
        now = replace(now, **{name: getattr(other, name)})
    if not is_worse(now, before):
        parameters = Parameters()
        assert assess(now, parameters).grade <= assess(before, parameters).grade
    assert not is_worse(before, before)


class _Reading:
    """Answers that remember which of their fields were asked for."""

    def __init__(self, answers: Answers, asked: set[str]) -> None:
        self._answers, self._asked = answers, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.add(name)
        return getattr(self._answers, name)


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_the_rules_read_no_answer_that_worse_does_not_look_at(answers: Answers) -> None:
    asked: set[str] = set()
    for rule in RULES:
        rule.holds(_Reading(answers, asked), Parameters())  # type: ignore[arg-type]
    assert asked <= READ_BY_RULES <= {f.name for f in fields(Answers)}


# ---------------------------------------------------------------- the finding


def test_a_finding_takes_two_signatures_and_names_its_evidence() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    evidence = story.incident.size
    story.did(QUALITY, finding(basis=("E1", "1")))
    assert story.incident.investigation.finding is None
    signed = next(e for e in story.signed(QSR) if isinstance(e, FindingSigned))
    assert signed.basis == (1, evidence)
    assert len(signed.signers) == 2
    assert story.incident.investigation.word == "done"


def test_a_later_finding_replaces_the_earlier_and_both_are_kept() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    for command in (
        finding(outcome=FindingOutcome.NOT_FOUND, cause=words(""), interim=True),
        finding(outcome=FindingOutcome.COUNTERFEIT),
    ):
        story.did(QUALITY, command)
        story.signed(QSR)
    now = story.incident.investigation
    assert [f.outcome for f in now.findings] == [
        FindingOutcome.NOT_FOUND,
        FindingOutcome.COUNTERFEIT,
    ]
    assert now.finding is now.findings[-1]
    assert now.is_concluded


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"i_released_the_lot": True}, "lot_releaser", id="released the lot"),
        pytest.param({"cause": words(" ")}, "cause_missing", id="a cause without words"),
        pytest.param({"basis": ("E7",)}, "no_evidence", id="evidence that is not there"),
        pytest.param({"basis": ("T1",)}, "no_result", id="a test without result"),
        pytest.param({"basis": ("9999",)}, "no_entry", id="an entry that is not there"),
        pytest.param({"basis": ("hearsay",)}, "no_entry", id="words"),
    ],
)
def test_a_finding_without_ground_is_refused(change: dict[str, Any], reason: str) -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    story.did(QUALITY, OrderTest(laboratory="A", method="B"))
    assert story.refused(QUALITY, finding(**change)).reason == reason


def test_a_finding_needs_evidence_on_the_record() -> None:
    story = Story()
    story.accepted()
    assert story.refused(QUALITY, finding(basis=("1",))).reason == "evidence_missing"


def test_who_declared_a_release_signs_no_finding_as_first_or_as_second() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    released = person(Role.QUALITY, name="released")
    story.did(released, DeclareInterest(released_lots=("L1",)))  # type: ignore[arg-type]
    assert story.refused(released, finding()).reason == "lot_releaser"
    story.did(QUALITY, finding())
    story.did(QSR, DeclareInterest(released_lots=("L1",)))  # type: ignore[arg-type]
    assert story.refused(QSR, SignAct(act="A1")).reason == "lot_releaser"
    assert list(story.incident.pending) == ["A1"], "a colleague may still sign it"


def test_a_finding_is_due_and_after_an_interim_one_the_next() -> None:
    story = Story()
    story.accepted(BENZENE)
    first = story.due("cause_finding")
    assert first is not None
    assert first.due_at.date() == (story.now + timedelta(days=7)).date()
    story.did(QUALITY, sample(story))
    story.later(days=3)
    story.did(QUALITY, finding(outcome=FindingOutcome.PROBABLE, interim=True))
    story.signed(QSR)
    second = story.due("cause_finding:2")
    assert second is not None
    assert second.due_at.date() == (story.now + timedelta(days=7)).date()
    story.did(QUALITY, finding())
    story.signed(QSR)
    assert story.due("cause_finding") is None


# ---------------------------------------------------------------- when times run


def test_nothing_is_due_before_the_report_is_accepted() -> None:
    story = Story()
    story.reported()
    for key in ("hazard", "cause_finding", "form_team", "legal_hold", "meeting"):
        assert story.due(key) is None
    story.did(ASSESSOR, evaluation(preliminary=True))


def test_a_minor_report_has_no_times_of_an_investigation() -> None:
    story = Story()
    story.accepted(
        Answers(
            worst_outcome=Outcome.NONE,
            fault=Fault.PACK_LABEL_COSMETIC,
            whereabouts=Whereabouts.CONSUMERS,
        )
    )
    assert story.incident.report.grade == Grade.MINOR
    for key in ("hazard", "cause_finding", "form_team", "legal_hold", "meeting"):
        assert story.due(key) is None


def test_a_limit_that_comes_with_a_higher_grade_counts_from_the_rise() -> None:
    story = Story()
    story.accepted(MILD)
    story.later(hours=30)
    story.did(AGENT, RaiseGrade(grade=Grade.CRITICAL, reason=words("A second child.")))
    due = story.due("hazard_preliminary")
    assert due is not None
    assert due.due_at == story.now + timedelta(hours=4)


def test_the_stage_travels_as_text_and_comes_back_the_same() -> None:
    story = Story()
    story.accepted()
    story.did(QUALITY, sample(story))
    story.did(QUALITY, OrderTest(laboratory="A", method="B", sample="E1"))
    story.did(QUALITY, fact(story))
    evaluated(story)
    story.did(QUALITY, finding())
    story.signed(QSR)
    assert read_incident_text(incident_text(story.incident), rules()) == story.incident
