"""What authorities do to us, our answers, and who else must hear."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.authorities import (
    AnswerAuthority,
    AuthorityActReceived,
    AuthorityAnswered,
    ClassLine,
    RecordAuthorityAct,
)
from domain.canonical import sha256_hex
from domain.grading import AssessSeverity, SeverityAssessed
from domain.halt import HaltOrdered
from domain.partners import InformPartner, PartnerInformed
from domain.people import Role
from domain.regulation_terms import AuthorityActKind, AuthorityClass, PartnerKind
from domain.review import CloseIncident
from domain.severity import AuthorityAct, CredibleHarm, Grade, Likelihood
from domain.values import ProductId
from tests.domain.duties import COMMANDER, LEGAL, REGULATORY, Notified, words
from tests.domain.recalls import FILE, QUALITY
from tests.domain.story import MILD, START, person

K = AuthorityActKind


def an_act(story: Notified, kind: AuthorityActKind = K.INQUIRY, **more: Any) -> RecordAuthorityAct:
    told = {
        "authority": words("Jiangsu MPA"),
        "market": "CN",
        "kind": kind,
        "received_at": story.now,
        "words": words("Explain lot L1."),
    }
    return RecordAuthorityAct(**{**told, **more})


def answer(story: Notified, **more: Any) -> AnswerAuthority:
    told = {
        "act": "AU1",
        "channel": words("registered letter"),
        "sent_at": story.now,
        "text": words("Lot L1 was halted on 2 March."),
    }
    return AnswerAuthority(**{**told, **more})


def reported(**answers: Any) -> Notified:
    story = Notified()
    story.reported(replace(MILD, markets=("CN",), **answers))
    return story


# ---------------------------------------------------------------- acts and answers


def test_nothing_is_answered_before_it_reached_us() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, answer_due_at=START + timedelta(days=3)))
    early = answer(story, sent_at=story.now - timedelta(days=365))
    refusal = story.refused(LEGAL, early)
    assert (refusal.reason, refusal.sentence) == (
        "sent_before",
        "This was sent before AU1 reached us.",
    )


def test_an_inquiry_is_answered_by_its_own_clock() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, answer_due_at=START + timedelta(days=3), number="2026-8"))
    due = story.due("authority:AU1")
    assert due is not None
    assert (due.law, due.due_at, due.act) == (True, START + timedelta(days=3), "answer_authority")
    assert due.title == "Answer Jiangsu MPA: inquiry 2026-8"
    assert story.incident.notice.word == "running"
    [told] = story.did(LEGAL, answer(story))
    assert isinstance(told, AuthorityAnswered)
    assert (told.sha256, told.late) == (sha256_hex(told.text.encode()), False)
    assert story.due("authority:AU1") is None
    assert story.incident.notice.acts["AU1"].answered_seq == len(story.leaves)


def test_a_late_answer_says_why() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, answer_due_at=START + timedelta(days=3)))
    story.later(days=4)
    assert story.refused(LEGAL, answer(story)).reason == "late_reason"
    [told] = story.did(LEGAL, answer(story, late_reason=words("The laboratory was late.")))
    assert told.late


def test_an_act_is_answered_once() -> None:
    story = reported()
    assert story.refused(LEGAL, answer(story)).reason == "no_act"
    story.did(REGULATORY, an_act(story))
    story.did(LEGAL, answer(story))
    assert story.refused(LEGAL, answer(story)).reason == "answered"


def test_an_incident_does_not_close_while_an_authority_waits() -> None:
    story = Notified()
    story.accepted(MILD)
    story.did(REGULATORY, an_act(story, answer_due_at=START + timedelta(days=3)))
    close = CloseIncident(summary=words("Over."))
    assert (
        "the act AU1 of Jiangsu MPA waits for an answer" in story.refused(COMMANDER, close).sentence
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"market": "China"}, "bad_market"),
        ({"received_at": START + timedelta(hours=1)}, "ahead"),
        ({"answer_due_at": START - timedelta(hours=1)}, "due_before"),
        ({"kind": K.CLASS}, "class_lines"),
        ({"lines": (ClassLine(product=ProductId("cream"), assigned=AuthorityClass.I),)}, "class_lines"),
        ({"kind": K.CLASS, "lines": (ClassLine(product=ProductId("cream"), assigned=AuthorityClass.I),) * 2}, "twice"),
    ],
    ids=["market", "to come", "due before", "class of nothing", "inquiry with a class", "twice"],
)  # fmt: skip
def test_what_cannot_be_recorded(changes: dict[str, Any], reason: str) -> None:
    story = reported()
    assert story.refused(REGULATORY, an_act(story, **changes)).reason == reason


def test_inspectors_are_recorded_by_whoever_receives_them() -> None:
    story = reported()
    [told] = story.did(person(Role.PLANT_MANAGER), an_act(story, K.INSPECTION))
    assert isinstance(told, AuthorityActReceived)
    assert told.received_by == "plant_manager"
    assert story.refused(person(Role.PR_OFFICER), an_act(story)).reason == "not_allowed"


# ---------------------------------------------------------------- what it says to the severity


@pytest.mark.parametrize(
    ("kind", "said", "grade"),
    [
        (K.INQUIRY, AuthorityAct.INQUIRY, Grade.GENERAL),
        (K.INTERVIEW, AuthorityAct.INQUIRY, Grade.GENERAL),
        (K.SAMPLING_FAILED_OTHER, AuthorityAct.SAMPLING_OTHER, Grade.GENERAL),
        (K.SAMPLING_FAILED_SAFETY, AuthorityAct.SAMPLING_SAFETY, Grade.SERIOUS),
        (K.ORDER_STOP, AuthorityAct.ORDER_STOP, Grade.SERIOUS),
        (K.ORDER_RECALL, AuthorityAct.ORDER_RECALL, Grade.SERIOUS),
    ],
)
def test_an_act_answers_question_nine_and_the_rules_run_again(
    kind: AuthorityActKind, said: AuthorityAct, grade: Grade
) -> None:
    story = reported()
    events = story.did(REGULATORY, an_act(story, kind))
    assert [e.answers.authority_act for e in events if isinstance(e, SeverityAssessed)] == [said]
    assert story.incident.report.grade is grade


def test_an_order_to_stop_halts_by_the_plan() -> None:
    story = reported()
    events = story.did(REGULATORY, an_act(story, K.ORDER_STOP))
    assert [e.level for e in events if isinstance(e, HaltOrdered)] == ["H1"]


@pytest.mark.parametrize("kind", [K.SAMPLING, K.INSPECTION, K.COMMENT, K.TERMINATION])
def test_other_acts_grade_nothing(kind: AuthorityActKind) -> None:
    story = reported()
    events = story.did(REGULATORY, an_act(story, kind))
    assert [type(e) for e in events] == [AuthorityActReceived]


def test_a_milder_act_never_takes_a_graver_answer_back() -> None:
    story = reported()
    story.did(REGULATORY, an_act(story, K.ORDER_RECALL))
    story.did(REGULATORY, an_act(story, K.INQUIRY))
    assert story.incident.report.answers.authority_act is AuthorityAct.ORDER_RECALL


# ---------------------------------------------------------------- the class of a recall


def test_twenty_product_lines_with_two_classes_in_one_act() -> None:
    story = reported()
    story.did(
        QUALITY,
        AssessSeverity(
            answers=replace(
                story.incident.report.answers,
                credible_harm=CredibleHarm.SERIOUS_TREATABLE,
                likelihood=Likelihood.REMOTE,
            )
        ),
    )
    lines = tuple(
        ClassLine(
            product=ProductId(f"spray-{number}"),
            assigned=AuthorityClass.I if number < 2 else AuthorityClass.II,
            line=f"{number} oz",
        )
        for number in range(20)
    )
    story.did(REGULATORY, an_act(story, K.CLASS, market="US", lines=lines))
    classes = story.incident.notice.classes
    assert len(classes) == 20
    assert [c.assigned for c in classes.values()].count(AuthorityClass.I) == 2
    assert {c.expected for c in classes.values()} == {"II"}
    assert classes["spray-0/0 oz"].act == "AU1"


def test_a_new_class_of_a_line_stands_and_the_old_one_stays_in_the_record() -> None:
    story = reported()
    for word in (AuthorityClass.II, AuthorityClass.I):
        line = ClassLine(product=ProductId("cream"), assigned=word)
        story.did(REGULATORY, an_act(story, K.CLASS, market="US", lines=(line,)))
    assert story.incident.notice.classes["cream/"].assigned is AuthorityClass.I
    assert story.incident.notice.classes["cream/"].act == "AU2"


# ---------------------------------------------------------------- who else must hear


def test_a_partner_who_is_no_authority_is_told_without_a_clock_of_law() -> None:
    story = reported()
    before = story.incident.notice.duties
    told = InformPartner(
        kind=PartnerKind.INSURER,
        name=words("Harbour Insurance"),
        told_at=story.now,
        channel=words("e-mail"),
        document=FILE,
    )
    [informed] = story.did(LEGAL, told)
    assert isinstance(informed, PartnerInformed)
    assert informed.sha256 == FILE
    assert story.incident.notice.partners[0].kind is PartnerKind.INSURER
    assert story.incident.notice.duties == before
    nothing = replace(told, document=None)
    assert story.refused(LEGAL, nothing).reason == "nothing_sent"
