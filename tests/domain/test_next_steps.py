"""What comes next although no clock asks for it, and that it is gone once it is done."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.cases import RegisterCase
from domain.enquiries import SetAgreedLine
from domain.facts import CAME_BACK_BEFORE, RecordFact, VerifyFact
from domain.grading import AssessSeverity, is_provisional, known_evidence
from domain.investigation import OrderTest, RecordTest
from domain.next_steps import next_steps
from domain.people import PERFORMER, Role
from domain.recall_end import CompleteRecall, RequestTermination
from domain.recall_scope import WidenScope
from domain.recall_terms import NeighbourKind, NeighbourVerdict
from domain.scope import Neighbour
from domain.severity import Evidence, Outcome
from domain.state.investigation import Verdict
from domain.values import ProductId, PublicText
from tests.domain.recalls import COMMANDER, FILE, REGULATORY, SHOPS, running, scope
from tests.domain.story import MILD, SERIOUS, Story, person
from tests.domain.test_plan_rows_decide import acted, found, learnt
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    text,
)

QUALITY = person(Role.QUALITY)

Told = Callable[[], Story]
Taken = Callable[[Story], object]


def steps(story: Story) -> set[tuple[str, str]]:
    return {(step.act, step.item) for step in next_steps(story.incident)}


def two_hurt() -> Story:
    story = Story()
    story.reported(replace(SERIOUS, people=2))
    registered(story)
    return story


def registered(story: Story) -> None:
    hurt = RegisterCase(
        outcomes=(Outcome.HOSPITALISED,),
        awareness_at=story.now,
        country="CN",
        product=ProductId("cream"),
    )
    story.did(person(Role.SERVICE_LEAD), hurt)


def looked_around(story: Story) -> None:
    seen = tuple(Neighbour(kind=k, verdict=NeighbourVerdict.NONE_EXIST) for k in NeighbourKind)
    story.did(COMMANDER, WidenScope(**scope(neighbours=seen, consignees=SHOPS)))


def completed() -> Story:
    story = running()
    done = CompleteRecall(market="CN", reason=PublicText("The shops closed for good."))
    story.did(COMMANDER, done)
    story.signed(REGULATORY)
    return story


def asked_to_end(story: Story) -> None:
    story.did(COMMANDER, RequestTermination(market="CN", authority="NMPA", letter=FILE))
    story.signed(REGULATORY)


def worded() -> Story:
    story = Story()
    story.accepted()
    handed_in(story)
    approved(story)
    return story


def published(story: Story) -> None:
    story.did(PR_LEAD, publish(now(story), "press"))
    story.did(PERFORMER, placed(now(story), "press"))


def cause_found() -> Story:
    story = Story()
    story.accepted()
    found(story)
    return story


def just_accepted() -> Story:
    story = Story()
    story.accepted()
    return story


def kept() -> Story:
    story = just_accepted()
    story.keeps_evidence()
    return story


def ordered(story: Story, accreditation: str = "") -> None:
    order = OrderTest(laboratory="Own", method="pH", sample="E1", accreditation=accreditation)
    story.did(QUALITY, order)


def measured(verdict: Verdict = Verdict.FAIL, accreditation: str = "") -> Story:
    story = kept()
    ordered(story, accreditation)
    story.did(QUALITY, RecordTest(test="T1", result=PublicText("11.8"), verdict=verdict))
    return story


def asked_the_laboratory() -> Story:
    story = kept()
    ordered(story)
    return story


def answered(story: Story) -> None:
    story.did(QUALITY, RecordTest(test="T1", result=PublicText("5.5"), verdict=Verdict.PASS))


def fact_verified() -> Story:
    story = just_accepted()
    told = RecordFact(key="ph", value=PublicText("11.8"), as_of=story.now)
    story.did(QUALITY, told)
    story.did(person(Role.QUALITY, name="other"), VerifyFact(key="ph"))
    return story


def looked_back(story: Story) -> None:
    before = PublicText("Two complaints in May, no recall.")
    story.did(QUALITY, RecordFact(key=CAME_BACK_BEFORE, value=before, as_of=story.now))


def graded_again(story: Story) -> None:
    now = story.incident
    answers = replace(now.report.answers, evidence=known_evidence(now))
    story.did(QUALITY, AssessSeverity(answers=answers))


@pytest.mark.parametrize(
    ("told", "step", "taken"),
    [
        pytest.param(just_accepted, ("collect_evidence", ""), Story.keeps_evidence, id="evidence"),
        pytest.param(kept, ("order_test", ""), ordered, id="a test to order"),
        pytest.param(asked_the_laboratory, ("record_test", "T1"), answered, id="a result"),
        pytest.param(kept, ("record_fact", CAME_BACK_BEFORE), looked_back, id="was it before"),
        pytest.param(measured, ("assess_severity", ""), graded_again, id="a test was measured"),
        pytest.param(fact_verified, ("assess_severity", ""), graded_again, id="a fact verified"),
        pytest.param(cause_found, ("assess_severity", ""), graded_again, id="a finding signed"),
        pytest.param(two_hurt, ("register_case", ""), registered, id="a hurt person to register"),
        pytest.param(running, ("widen_scope", ""), looked_around, id="neighbours of the lot"),
        pytest.param(completed, ("request_termination", "CN"), asked_to_end, id="an end to ask"),
        pytest.param(worded, ("publish_statement", "S1"), published, id="an approved text"),
        pytest.param(cause_found, ("assign_action", ""), acted, id="an action against the cause"),
        pytest.param(cause_found, ("record_lesson", ""), learnt, id="a lesson"),
    ],
)
def test_a_step_is_named_until_it_is_taken(told: Told, step: tuple[str, str], taken: Taken) -> None:
    story = told()
    assert step in steps(story)
    taken(story)
    assert step not in steps(story)


@pytest.mark.parametrize(
    ("verdict", "accreditation", "evidence"),
    [
        pytest.param(Verdict.FAIL, "", Evidence.OWN_RECORDS, id="our own"),
        pytest.param(Verdict.PASS, "CNAS L1", Evidence.ACCREDITED_LAB, id="accredited"),
        pytest.param(Verdict.INCONCLUSIVE, "CNAS L1", Evidence.UNKNOWN, id="inconclusive"),
    ],
)
def test_how_we_know_follows_from_a_test_that_says_something(
    verdict: Verdict, accreditation: str, evidence: Evidence
) -> None:
    assert known_evidence(measured(verdict, accreditation).incident) is evidence


def test_a_measured_test_asks_again_whatever_was_graded_meanwhile() -> None:
    story = measured()
    registered(story)
    story.did(QUALITY, AssessSeverity(answers=replace(SERIOUS, people=3)))
    assert ("assess_severity", "") in steps(story)
    graded_again(story)
    assert not is_provisional(story.incident)
    assert ("assess_severity", "") not in steps(story)


def test_what_is_known_better_is_not_asked_again() -> None:
    story = measured()
    answers = replace(SERIOUS, evidence=Evidence.AUTHORITY)
    story.did(QUALITY, AssessSeverity(answers=answers))
    assert known_evidence(story.incident) is Evidence.AUTHORITY
    assert ("assess_severity", "") not in steps(story)


def test_when_the_recall_is_completed_sale_is_the_next_question() -> None:
    assert ("resume_sale", "") not in steps(running())
    assert ("resume_sale", "") in steps(completed())


def test_closing_is_named_when_nothing_blocks_it() -> None:
    story = running()
    found(story)
    assert ("close_incident", "") not in steps(story)
    story = Story()
    story.accepted(MILD)
    found(story)
    assert ("close_incident", "") in steps(story)


def test_a_sealed_incident_has_no_next_step() -> None:
    story = cause_found()
    review = replace(story.incident.review, closed_at=story.now)
    assert next_steps(replace(story.incident, review=review)) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("我们已停止销售，正在调查。", set()),
        ("这是个别现象，我们已停止销售。", {"override_finding", "revise_statement"}),
        ("我们已停止销售：【待填写：批次】。", {"revise_statement"}),
    ],
    ids=["nothing holds it", "a rule of the house", "a gap that nobody may let pass"],
)
def test_a_text_that_a_rule_holds_waits_for_legal_or_for_other_words(
    body: str, expected: set[str]
) -> None:
    story = Story()
    story.accepted()
    story.did(AUTHOR, draft("holding", text(body=body)))
    asked = {one.act: one for one in next_steps(story.incident) if one.item == "S1"}
    assert set(asked) == expected
    legal = asked.get("override_finding")
    if legal is not None:
        assert legal.title == "S1 waits for legal: may these words stand? “个别现象”"
        assert legal.roles == (Role.LEGAL,)


def test_a_text_that_was_held_since_it_was_approved_waits_for_other_words() -> None:
    story = Story()
    story.accepted()
    handed_in(story)
    approved(story)
    line = SetAgreedLine(messages=(PublicText("我们在核实。"),), do_not_say=(PublicText("停止"),))
    story.did(PR_LEAD, line)
    assert ("revise_statement", "S1") in steps(story)
    assert ("override_finding", "S1") not in steps(story)
