"""What a scribe may record for somebody, act by act; and that no hand is both of the four eyes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.actions import ActionKind, AssignAction, CompleteAction, Verdict, VerifyAction
from domain.facts import RecordFact, VerifyFact
from domain.halt import OrderHalt
from domain.halt_confirming import ConfirmHalt, HaltConfirmed
from domain.message import COMMANDS
from domain.openings import openings
from domain.own_hand import is_own_hand
from domain.people import SYSTEM_ROLES, Actor, Role
from domain.scene import Scene
from domain.scribe import ConfirmRecorded
from domain.severity import Grade, HaltLevel
from domain.team import AssignRole
from domain.values import PersonId, PublicText
from tests.domain.story import Story, person

COMMANDER = person(Role.INCIDENT_COMMANDER)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
QUALITY = person(Role.QUALITY)
HAND = "ning.ke"
"""Who types everything: a scribe who holds other roles beside."""

A_SCRIBE_RECORDS = frozenset(
    """
    accept_report acknowledge_report add_report answer_as_consignee answer_authority answer_enquiry
    ask_channels_again ask_for_review assess_severity assign_action attach_receipt
    attach_to_authority_act check_effectiveness close_room collect_evidence comment_statement
    complete_action confirm_channel confirm_published_by_hand confirm_reportable confirm_resumed correct_statement
    decide_statement_kind dispute_fact draft_statement drop_statement end_invitation extend_answer
    flag_statement follow_up_case hand_over_evidence hold_meeting inform_partner lift_schedule
    log_enquiry look_at_channels mark_present order_halt order_test place_legal_hold
    plan_recall_start raise_grade receive_goods record_authority_act record_fact record_facts
    record_hotline_call record_interception record_lesson record_mention record_notification
    record_production_stop record_termination record_test refuse_claim register_case report_drift
    report_problem report_situation retract_fact retract_statement revise_statement set_agreed_line
    set_due_by_hand set_stock_apart settle_comment supersede_statement take_over_channel
    take_over_consignee withdraw_preview
    """.split()
)
"""What was said on the phone and is written down. All else takes the person's own hand."""


@pytest.mark.parametrize(
    "name", [name for name, spec in COMMANDS.items() if not spec.roles <= SYSTEM_ROLES]
)
def test_each_act_is_a_scribes_or_the_persons_own(name: str) -> None:
    spec, plan = COMMANDS[name], Story().incident.rules.plan
    keys = {"order_halt": "halt_h4", "approve_statement": None, "override_finding": None}
    try:
        key = keys[name] if name in keys else spec.act(None)
    except AttributeError:
        key = None
    rules = [None if key is None else plan.act(key, grade) for grade in Grade]
    told = {is_own_hand(spec, rule) for rule in rules}
    assert told == {name not in A_SCRIBE_RECORDS}


def typed(principal: Actor) -> Actor:
    return replace(principal, id=HAND, on_behalf_of=principal.id, method="scribe")


def herself(*roles: Role) -> Actor:
    return person(Role.SCRIBE, *roles, name=HAND)


def ordered() -> Story:
    story = Story()
    story.accepted()
    story.did(typed(COMMANDER), OrderHalt(level=HaltLevel.H3, reason=PublicText("By phone.")))
    return story


def number_of(story: Story) -> int:
    return story.incident.halt.orders[-1].number


def test_one_scribe_is_not_both_of_the_four_eyes_over_a_halt() -> None:
    story = ordered()
    confirm = ConfirmHalt(number=number_of(story))
    assert story.refused(typed(QSR), confirm).reason == "own_hand"
    assert story.refused(herself(Role.QUALITY_SAFETY_RESPONSIBLE), confirm).reason == "four_eyes"
    assert isinstance(story.did(QSR, confirm)[0], HaltConfirmed)


def test_once_the_principal_has_confirmed_the_record_two_people_have_acted() -> None:
    story = ordered()
    first = story.incident.people.unconfirmed[0].first
    story.did(COMMANDER, ConfirmRecorded(entries=(first,)))
    story.did(herself(Role.QUALITY_SAFETY_RESPONSIBLE), ConfirmHalt(number=number_of(story)))
    assert story.incident.halt.orders[-1].confirmed_by == HAND


def test_one_scribe_does_not_verify_what_she_typed() -> None:
    story = Story()
    story.accepted()
    fact = RecordFact(
        name=PublicText("viscosity"), value=PublicText("1"), as_of=datetime(2026, 1, 1, tzinfo=UTC)
    )
    story.did(typed(QUALITY), fact)
    verify = VerifyFact(key="viscosity", version=1, how=PublicText("Read in the record."))
    assert story.refused(typed(QSR), verify).reason == "own_hand"
    me = herself(Role.QUALITY)
    assert story.refused(me, verify).reason == "four_eyes"
    assert openings(Scene(incident=story.incident, who=me, at=story.now), "verify_fact") is None
    story.did(QSR, verify)
    assert story.incident.investigation.facts["viscosity"].verifier == QSR.id


def test_a_scribe_gives_no_roles() -> None:
    story = Story()
    story.accepted()
    named = AssignRole(role=Role.LEGAL, person=PersonId(HAND))
    assert story.refused(typed(COMMANDER), named).reason == "own_hand"
    assert story.incident.people.roles == {}


def test_one_scribe_does_not_verify_the_action_that_she_wrote_down_as_done() -> None:
    story = Story()
    story.accepted()
    due = story.now.date() + timedelta(days=9)
    words = PublicText("Two samples of each batch.")
    story.did(
        COMMANDER,
        AssignAction(
            title=words,
            kind=ActionKind.TRAINING,
            owner=PersonId(QUALITY.id),
            due_on=due,
            test=words,
        ),
    )
    number = next(iter(story.incident.review.actions))
    story.did(typed(QUALITY), CompleteAction(action=number, outcome=words))
    verify = VerifyAction(action=number, verdict=Verdict.EFFECTIVE, finding=words)
    assert story.refused(typed(QSR), verify).reason == "own_hand"
    me = herself(Role.QUALITY_SAFETY_RESPONSIBLE)
    assert story.refused(me, verify).reason == "independence"
