"""What the plan's rows ask before an act, whom they bar, and who reads it: row by row, as a table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.actions import ActionKind, AssignAction, CompleteAction, Verdict, VerifyAction
from domain.acts import ActProposed, SignAct
from domain.authorities import RecordAuthorityAct
from domain.conditions import MISSING, is_on_record
from domain.grading import LowerGrade
from domain.halt import OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.incident import effects
from domain.people import Actor, Role
from domain.plan import read_plan
from domain.plan_terms import Need
from domain.recall_end import CompleteRecall, RequestTermination
from domain.recall_scope import NarrowScope, SetScope, WidenScope
from domain.regulation_terms import AuthorityActKind
from domain.resuming import LiftHalt, ResumeSale
from domain.severity import Grade, HaltLevel
from domain.state import Mark, Signature
from domain.team import DeclareInterest
from domain.values import LotNumber, PersonId
from tests.domain.plans import changed, put
from tests.domain.recalls import (
    ASSESSOR,
    COMMANDER,
    FILE,
    L1,
    QSR,
    QUALITY,
    decided,
    evaluation,
    lot,
    no_recall,
    plan,
    recall,
    scope,
    scoped,
    words,
)
from tests.domain.story import CRITICAL, SERIOUS, Story, person, ruled_by

Told = Callable[[Story], Any]
COMMANDS: dict[str, tuple[Actor, Told]] = {
    "lift_halt": (COMMANDER, lambda _: LiftHalt(number=1, reason=words("It was another cream."))),
    "lower_grade": (COMMANDER, lambda _: LowerGrade(grade=Grade.GENERAL, reason=words("Remote."))),
    "decide_recall": (COMMANDER, lambda _: recall()),
    "decide_no_recall": (COMMANDER, no_recall),
    "widen_scope": (QSR, lambda _: WidenScope(**scope(lots=(L1, lot("L2"))))),
    "narrow_scope": (COMMANDER, lambda _: NarrowScope(**scope(evidence=(FILE,)))),
    "sign_recall_plan": (COMMANDER, plan),
    "resume_sale": (COMMANDER, lambda _: ResumeSale(basis=words("Tests are clean."))),
    "complete_recall": (COMMANDER, lambda _: CompleteRecall(market="CN")),
    "request_termination": (
        COMMANDER,
        lambda _: RequestTermination(market="CN", authority="NMPA", letter=FILE),
    ),
}


def accepted() -> Story:
    story = Story()
    story.accepted(SERIOUS)
    return story


def evaluated() -> Story:
    story = accepted()
    story.did(ASSESSOR, evaluation())
    return story


# ---------------------------------------------------------------- needs


@pytest.mark.parametrize(
    ("act", "story", "need", "who"),
    [
        pytest.param("lift_halt", accepted, Need.EVIDENCE, Role.QUALITY, id="lift-halt:evidence"),
        pytest.param("lower_grade", accepted, Need.HAZARD_EVALUATION, Role.SAFETY_ASSESSOR, id="lower-grade:evaluation"),
        pytest.param("decide_recall", accepted, Need.HAZARD_EVALUATION, Role.SAFETY_ASSESSOR, id="recall:evaluation"),
        pytest.param("decide_recall", evaluated, Need.SCOPE, Role.QUALITY, id="recall:scope"),
        pytest.param("decide_no_recall", accepted, Need.HAZARD_EVALUATION, Role.SAFETY_ASSESSOR, id="no-recall:evaluation"),
        pytest.param("decide_no_recall", evaluated, Need.SCOPE, Role.QUALITY, id="no-recall:scope"),
        pytest.param("widen_scope", accepted, Need.SCOPE, Role.QUALITY, id="widen:scope"),
        pytest.param("narrow_scope", accepted, Need.SCOPE, Role.QUALITY, id="narrow:scope"),
        pytest.param("sign_recall_plan", accepted, Need.SCOPE, Role.QUALITY, id="recall-plan:scope"),
        pytest.param("sign_recall_plan", scoped, Need.RECALL_DECISION, Role.INCIDENT_COMMANDER, id="recall-plan:decision"),
        pytest.param("resume_sale", accepted, Need.EVIDENCE, Role.QUALITY, id="resume:evidence"),
        pytest.param("complete_recall", scoped, Need.RECALL_DECISION, Role.INCIDENT_COMMANDER, id="complete:decision"),
        pytest.param("request_termination", scoped, Need.RECALL_DECISION, Role.INCIDENT_COMMANDER, id="terminate:decision"),
    ],
)  # fmt: skip
def test_an_act_waits_for_what_its_row_needs(
    act: str, story: Callable[[], Story], need: Need, who: Role
) -> None:
    told = story()
    actor, command = COMMANDS[act]
    assert need in told.incident.rules.plan.act(act).needs
    refusal = told.refused(actor, command(told))
    missing = MISSING[need]
    assert (refusal.reason, refusal.sentence) == (missing.code, missing.sentence)
    assert str(who) in refusal.who_could, "it names who can bring it"
    assert refusal.hint


@pytest.mark.parametrize(
    ("act", "story"),
    [
        pytest.param("decide_recall", scoped, id="recall"),
        pytest.param("decide_no_recall", scoped, id="no-recall"),
        pytest.param("widen_scope", scoped, id="widen"),
        pytest.param("sign_recall_plan", decided, id="recall-plan"),
    ],
)
def test_and_goes_on_once_it_is_on_the_record(act: str, story: Callable[[], Story]) -> None:
    told = story()
    actor, command = COMMANDS[act]
    told.did(actor, command(told))


@pytest.mark.parametrize("need", list(Need))
def test_any_need_that_a_plan_writes_is_asked_for(need: Need) -> None:
    """A company may ask more before sale resumes than the default plan does."""
    asking = read_plan(changed(put("acts.resume_sale.needs", [str(need)])))
    story = ruled_by(asking)
    story.accepted(CRITICAL)
    if need is Need.AUTHORITY_CONSENT:
        story.did(*_stop_ordered())
    assert not is_on_record(story.incident, need)
    actor, command = COMMANDS["resume_sale"]
    assert story.refused(actor, command(story)).reason == MISSING[need].code


def _stop_ordered(kind: AuthorityActKind = AuthorityActKind.ORDER_STOP, **more: Any) -> Any:
    told = RecordAuthorityAct(
        authority=words("Provincial medical products administration"),
        market="CN",
        kind=kind,
        received_at=Story().now,
        words=words("In writing."),
    )
    return person(Role.REGULATORY_AFFAIRS), told


def test_where_an_authority_ordered_the_stop_it_must_allow_to_go_on() -> None:
    story = accepted()
    story.keeps_evidence()
    story.did(*_stop_ordered())
    actor, command = COMMANDS["resume_sale"]
    refusal = story.refused(actor, command(story))
    assert refusal.reason == "authority_consent"
    assert "regulatory_affairs" in refusal.who_could
    story.did(*_stop_ordered(AuthorityActKind.CONSENT))
    assert isinstance(story.did(actor, command(story))[0], ActProposed)
    story.did(*_stop_ordered())
    assert story.signed(QSR)[-1].sentence == MISSING[Need.AUTHORITY_CONSENT].sentence, (
        "ordered again before the last signature: the act lapses"
    )


# ---------------------------------------------------------------- barred


RELEASED = Actor(
    id="zhou",
    roles=(Role.INCIDENT_COMMANDER, Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE),
)


@pytest.mark.parametrize(
    ("story", "command"),
    [
        pytest.param(accepted, lambda _: SetScope(**scope()), id="set-scope"),
        pytest.param(scoped, COMMANDS["widen_scope"][1], id="widen-scope"),
        pytest.param(lambda: scoped(lots=(L1, lot("L2"))), COMMANDS["narrow_scope"][1], id="narrow-scope"),
        pytest.param(accepted, COMMANDS["lift_halt"][1], id="lift-halt"),
        pytest.param(accepted, COMMANDS["resume_sale"][1], id="resume-sale"),
    ],
)  # fmt: skip
def test_who_released_a_lot_signs_neither_scope_nor_resumption(
    story: Callable[[], Story], command: Told
) -> None:
    told = story()
    told.keeps_evidence()
    told.did(RELEASED, DeclareInterest(released_lots=(LotNumber("L1"),)))
    refusal = told.refused(RELEASED, command(told))
    assert (refusal.reason, refusal.sentence) == (
        "lot_releaser",
        "zhou released a lot and does not sign this.",
    )
    assert refusal.who_could, "it names which roles can"


def test_nor_signs_second_and_a_late_declaration_undoes_the_act() -> None:
    story = accepted()
    story.keeps_evidence()
    actor, command = COMMANDS["resume_sale"]
    story.did(actor, command(story))
    story.did(RELEASED, DeclareInterest(released_lots=(LotNumber("L1"),)))
    assert story.refused(RELEASED, SignAct(act="A1")).reason == "lot_releaser"
    story.did(COMMANDER, DeclareInterest(released_lots=(LotNumber("L1"),)))
    assert (
        story.signed(QSR)[-1].sentence
        == "incident_commander released a lot and does not sign this."
    )
    assert story.incident.halt.levels, "nothing was resumed"


def test_a_second_person_of_the_level_confirms_its_halt() -> None:
    story = Story()
    story.accepted(CRITICAL)
    trade = next(o for o in story.incident.halt.orders if o.level == HaltLevel.H3)
    refusal = story.refused(QUALITY, ConfirmHalt(number=trade.number))
    assert refusal.who_could == ("incident_commander", "quality_safety_responsible")
    due = story.due(f"confirm_halt:{trade.number}")
    assert due is not None
    assert set(due.roles) == {Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE}
    story.did(COMMANDER, ConfirmHalt(number=trade.number))


def test_who_gave_an_order_does_not_confirm_it() -> None:
    story = Story()
    story.reported(SERIOUS)
    reason = words("Seen in three shops.")
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3, reason=reason))
    last = story.incident.halt.orders[-1]
    assert story.refused(COMMANDER, ConfirmHalt(number=last.number)).reason == "four_eyes"


def test_who_owned_an_action_does_not_verify_it() -> None:
    story = accepted()
    story.keeps_evidence()
    story.did(
        COMMANDER,
        AssignAction(
            title=words("New filter"),
            kind=ActionKind.CORRECTIVE,
            owner=PersonId("quality"),
            due_on=(story.now + timedelta(days=9)).date(),
            test=words("Three clean batches"),
        ),
    )
    story.did(QUALITY, CompleteAction(action="M1", outcome=words("Fitted.")))
    check = VerifyAction(action="M1", verdict=Verdict.EFFECTIVE, finding=words("Clean."))
    assert story.refused(QUALITY, check).reason == "independence"
    story.did(QSR, check)


# ---------------------------------------------------------------- readers


def test_who_must_read_an_act_is_shown_it_when_it_is_proposed() -> None:
    incident = accepted().incident
    proposed = ActProposed(
        act="A1",
        key="file_full",
        title="File the full report",
        command={},
        first=_signature(),
        slots=((Role.QUALITY_SAFETY_RESPONSIBLE,),),
        silence="escalates",
        due_at=None,
    )
    mark = Mark(
        seq=9, at=Story().now, happened_at=Story().now, actor="ra", roles=(), command_id="k"
    )
    (told,) = effects(incident, proposed, mark)
    assert (told.name, told.body["kind"], told.body["roles"]) == ("tell", "act_to_read", ["legal"])


def _signature() -> Any:
    return Signature(person="ra", role="regulatory_affairs", at=Story().now, meaning="I file this")
