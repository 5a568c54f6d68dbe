"""The people of an incident: roles, deputies, absence, scribes, meetings, holds, outsiders."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import SignAct
from domain.agenda import deputies_now
from domain.dispatch import Effect
from domain.grading import RaiseGrade
from domain.halt import OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.hazard import EvaluateHazard
from domain.incident import effects
from domain.invitations import EndInvitation, InviteOutsider
from domain.ledger import read_entry
from domain.meetings import (
    AcknowledgeLegalHold,
    HoldMeeting,
    MeetingKind,
    PlaceLegalHold,
    ReleaseLegalHold,
    meeting_due,
)
from domain.people import Actor, Role
from domain.report import AcceptReport, AcknowledgeReport
from domain.scribe import ConfirmRecorded, RecordedOnBehalf
from domain.severity import CredibleHarm, Grade, HaltLevel, Likelihood, Noticeable
from domain.stages import Stage
from domain.state import incident_text, read_incident_text
from domain.team import (
    AcceptRole,
    AssignRole,
    DeclareInterest,
    HandOverRole,
    MarkAbsent,
    MarkPresent,
    missing_roles,
    on_team,
)
from domain.values import PersonId, PrivateText, PublicText
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person, rules

COMMANDER = person(Role.INCIDENT_COMMANDER)
DUTY = person(Role.DUTY_OFFICER)
QUALITY = person(Role.QUALITY)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
LEGAL = person(Role.LEGAL)
WANG = person(Role.QUALITY, name="wang")
DEPUTY = person(Role.STAFF, name="deputy", deputy_for=(Role.INCIDENT_COMMANDER,))


def words(text: str) -> Any:
    return PublicText(text)


def who(name: str) -> Any:
    return PersonId(name)


def assign(role: Role, name: str, **more: Any) -> AssignRole:
    return AssignRole(role=role, person=who(name), **more)


def formed(story: Story) -> None:
    """Everybody of the plan's team is named by the commander and accepts."""
    for role in missing_roles(story.incident):
        if role == Role.OUTSIDE_EXPERT:
            story.did(COMMANDER, invitation(story))
            continue
        story.did(COMMANDER, assign(role, str(role)))
        if role != Role.INCIDENT_COMMANDER:
            story.did(person(role), AcceptRole(role=role))


def meeting(story: Story, **more: Any) -> HoldMeeting:
    told = {
        "kind": MeetingKind.KICK_OFF,
        "started_at": story.now - timedelta(minutes=30),
        "ended_at": story.now,
        "attendees": (who("quality"), who("legal")),
    }
    return HoldMeeting(**{**told, **more})


def invitation(story: Story, **more: Any) -> InviteOutsider:
    told = {
        "person": who("prof.chen"),
        "scope": words("Is the amount of benzene a hazard?"),
        "opened": (Stage.INVESTIGATION,),
        "until_at": story.now + timedelta(days=14),
        "confidentiality_signed": True,
    }
    return InviteOutsider(**{**told, **more})


# ---------------------------------------------------------------- the team forms


def test_the_team_is_formed_when_every_role_of_the_plan_is_accepted() -> None:
    story = Story()
    story.accepted(MILD)
    due = story.due("form_team")
    assert due is not None
    assert missing_roles(story.incident) == (
        Role.QUALITY,
        Role.SERVICE_LEAD,
        Role.MARKET_MONITORING,
    )
    formed(story)
    assert missing_roles(story.incident) == ()
    assert story.due("form_team") is None


def test_on_the_team_is_who_carries_a_role_and_marked_apart_who_has_not_accepted() -> None:
    story = Story()
    story.accepted(MILD)
    assert on_team(story.incident) == (), "who could act by the company's list is not on it"
    led = replace(story.incident, report=replace(story.incident.report, commander="chief"))
    (lead,) = on_team(led)
    assert (lead.role, lead.person, lead.accepted) == (Role.INCIDENT_COMMANDER, "chief", True)
    story.did(COMMANDER, assign(Role.QUALITY, "wang"))
    named = [(one.role, one.person, one.accepted) for one in on_team(story.incident)]
    assert (Role.QUALITY, "wang", False) in named
    story.did(WANG, AcceptRole(role=Role.QUALITY))
    story.did(COMMANDER, assign(Role.QUALITY, "li"))
    of_quality = [one for one in on_team(story.incident) if one.role == Role.QUALITY]
    assert [(one.person, one.accepted) for one in of_quality] == [("wang", True), ("li", False)]


def test_a_higher_grade_asks_for_more_people_in_a_time_of_its_own() -> None:
    story = Story()
    story.accepted(MILD)
    formed(story)
    story.later(hours=40)
    story.did(QUALITY, RaiseGrade(grade=Grade.CRITICAL, reason=words("A death.")))
    due = story.due("form_team")
    assert due is not None
    assert due.due_at == story.now + timedelta(minutes=30)
    assert Role.OUTSIDE_EXPERT in missing_roles(story.incident)
    formed(story)
    assert story.due("form_team") is None


def test_a_person_named_is_told_and_asked_until_they_accept() -> None:
    story = Story()
    story.accepted()
    named = story.did(COMMANDER, assign(Role.QUALITY, "wang", note=words("Start at line 3.")))
    told = _effects(story, named)
    assert [effect.body["person"] for effect in told] == ["wang"]
    due = story.due("accept_role")
    assert due is not None
    assert (due.person, due.roles) == ("wang", ())
    assert story.refused(QUALITY, AcceptRole(role=Role.QUALITY)).reason == "not_allowed"
    story.did(WANG, AcceptRole(role=Role.QUALITY))
    assert story.due("accept_role") is None
    assert story.incident.people.roles["quality"].carried_by == "wang"


def _effects(story: Story, events: list[Any]) -> list[Effect]:
    entries = [read_entry(leaf) for leaf in story.leaves[-len(events) :]]
    return [e for entry in entries for e in effects(story.incident, entry.event, entry.mark())]


def test_naming_somebody_gives_no_rights() -> None:
    story = Story()
    story.accepted()
    story.did(COMMANDER, assign(Role.QUALITY_SAFETY_RESPONSIBLE, "wang"))
    refusal = story.refused(WANG, AcceptRole(role=Role.QUALITY_SAFETY_RESPONSIBLE))
    assert refusal.reason == "role_not_held"
    assert story.refused(WANG, OrderHalt(level=HaltLevel.H3)).reason == "not_allowed"


def test_a_handed_over_role_stays_with_the_giver_until_the_other_accepts() -> None:
    story = Story()
    story.accepted()
    story.did(COMMANDER, assign(Role.QUALITY, "wang"))
    story.did(WANG, AcceptRole(role=Role.QUALITY))
    li = person(Role.QUALITY, name="li")
    over = HandOverRole(role=Role.QUALITY, person=who("li"), note=words("Lot L2 is open."))
    assert story.refused(li, over).reason == "not_allowed"
    story.did(WANG, over)
    assert story.incident.people.roles["quality"].carried_by == "wang"
    assert story.due("accept_role") is not None
    story.did(li, AcceptRole(role=Role.QUALITY))
    assert story.incident.people.roles["quality"].carried_by == "li"


def test_who_takes_the_commanders_role_leads() -> None:
    story = Story()
    story.accepted()
    night = person(Role.INCIDENT_COMMANDER, name="night")
    story.did(DUTY, assign(Role.INCIDENT_COMMANDER, "night"))
    story.did(night, AcceptRole(role=Role.INCIDENT_COMMANDER))
    assert story.incident.report.commander == "night"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(assign(Role.AUDITOR, "wang"), "no_team_role", id="an auditor reads"),
        pytest.param(assign(Role.OUTSIDE_EXPERT, "wang"), "no_team_role", id="an expert is invited"),
        pytest.param(assign(Role.QUALITY, "wang", deputy=who("wang")), "refused", id="own deputy"),
        pytest.param(HandOverRole(role=Role.LEGAL, person=who("li"), note=words("")), "not_named", id="nobody named yet"),
        pytest.param(MarkPresent(role=Role.LEGAL), "refused", id="nobody was away"),
        pytest.param(DeclareInterest(), "refused", id="nothing declared"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(command: Any, reason: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(COMMANDER, command).reason == reason


# ---------------------------------------------------------------- deputies


def test_a_deputy_acts_while_the_holder_is_away_and_no_longer() -> None:
    story = Story()
    story.accepted()
    halt = OrderHalt(level=HaltLevel.H3)
    assert story.refused(DEPUTY, halt).reason == "not_allowed"
    story.did(
        DUTY, MarkAbsent(role=Role.INCIDENT_COMMANDER, until_at=story.now + timedelta(days=2))
    )
    assert story.incident.people.deputies_active == (Role.INCIDENT_COMMANDER,)
    story.did(DEPUTY, halt)
    due = story.due("absent")
    assert due is not None
    assert due.act == "mark_present"
    story.did(COMMANDER, MarkPresent(role=Role.INCIDENT_COMMANDER))
    assert story.due("absent") is None
    assert story.refused(DEPUTY, RaiseGrade(grade=Grade.CRITICAL, reason=words("x"))).reason == (
        "not_allowed"
    )


def test_a_deputy_does_not_declare_the_holder_absent() -> None:
    story = Story()
    story.accepted()
    deputy = replace(DEPUTY, roles=(Role.QUALITY,))
    refusal = story.refused(deputy, MarkAbsent(role=Role.INCIDENT_COMMANDER))
    assert refusal.reason == "four_eyes"
    assert story.refused(QUALITY, MarkAbsent(role=Role.LEGAL)).reason == "not_allowed"
    story.did(LEGAL, MarkAbsent(role=Role.LEGAL))


def test_a_thing_overdue_lets_the_deputy_act_until_it_is_done() -> None:
    story = Story()
    story.reported(MILD)
    deputy = person(Role.STAFF, name="deputy", deputy_for=(Role.DUTY_OFFICER,))
    assert Role.DUTY_OFFICER not in deputies_now(story.incident)
    story.later(hours=5)
    assert Role.DUTY_OFFICER in deputies_now(story.incident)
    story.did(deputy, AcknowledgeReport())
    assert Role.DUTY_OFFICER not in deputies_now(story.incident)
    assert story.refused(deputy, AcceptReport()).reason == "not_allowed"


def test_escalating_to_the_commander_does_not_let_the_commanders_deputy_act() -> None:
    story = Story()
    story.accepted()
    formed(story)
    story.did(COMMANDER, meeting(story, next_at=story.now + timedelta(days=60)))
    story.later(days=20)
    deputies = deputies_now(story.incident)
    assert Role.SAFETY_ASSESSOR in deputies, "the evaluation is overdue"
    assert Role.LEGAL_REPRESENTATIVE not in deputies, "only told, not asked"


def test_what_is_asked_of_one_person_lets_no_deputy_act() -> None:
    story = Story()
    story.accepted()
    story.did(LEGAL, hold(custodians=(who("finance"),)))
    story.later(hours=5)
    due = story.due("hold:L1:finance")
    assert due is not None
    assert due.due_at < story.now
    assert Role.FINANCE not in deputies_now(story.incident)


# ---------------------------------------------------------------- scribes


def scribe_for(principal: Actor) -> Actor:
    return replace(principal, id="scribe.li", on_behalf_of=principal.id)


def test_what_a_scribe_recorded_waits_for_the_principals_word() -> None:
    story = Story()
    story.accepted()
    told = story.now - timedelta(minutes=40)
    events = story.did(scribe_for(COMMANDER), OrderHalt(level=HaltLevel.H3), happened_at=told)
    kept = next(e for e in events if isinstance(e, RecordedOnBehalf))
    assert (kept.principal, kept.scribe) == ("incident_commander", "scribe.li")
    assert read_entry(story.leaves[kept.first - 1]).backfilled
    due = story.due("confirm_recorded")
    assert due is not None
    assert (due.person, due.due_at) == ("incident_commander", kept.confirm_by)
    for wrong in (QSR, scribe_for(COMMANDER)):
        refusal = story.refused(wrong, ConfirmRecorded(entries=(kept.first,)))
        assert refusal.reason in ("not_waiting", "own_hand")
    confirm = ConfirmRecorded(entries=(kept.first,))
    story.did(COMMANDER, confirm)
    assert story.due("confirm_recorded") is None
    assert story.refused(COMMANDER, confirm).reason == "not_waiting"


def test_a_principal_may_contradict_and_scribe_and_commander_hear_of_it() -> None:
    story = Story()
    story.accepted()
    first = story.incident.size + 1
    story.did(scribe_for(LEGAL), hold())
    wrong = ConfirmRecorded(entries=(first,), is_right=False, note=words("Only the mail."))
    events = story.did(LEGAL, wrong)
    assert [e.body["kind"] for e in _effects(story, events)] == ["record_contradicted"]
    assert story.incident.people.holds, "the entry stands as written until somebody acts anew"


def test_a_scribe_proposes_nothing_that_is_signed() -> None:
    story = Story()
    story.accepted()
    both = person(Role.SAFETY_ASSESSOR, Role.QUALITY_SAFETY_RESPONSIBLE, name="both")
    evaluation = EvaluateHazard(
        preliminary=False,
        injuries=words("1"),
        conditions=words("2"),
        groups_at_risk=words("3"),
        seriousness=words("4"),
        occurrence=words("5"),
        consequences=words("6"),
        credible_harm=CredibleHarm.REVERSIBLE,
        likelihood=Likelihood.REMOTE,
        noticeable=Noticeable.YES,
        credentials=words("Physician"),
    )
    assert story.refused(scribe_for(both), evaluation).reason == "own_hand"
    story.did(both, evaluation)
    assert story.refused(both, SignAct(act="A1")).reason == "four_eyes"
    story.signed(QSR)


# ---------------------------------------------------------------- meetings


def test_meetings_have_a_first_time_and_then_a_rhythm() -> None:
    story = Story()
    story.accepted(CRITICAL)
    first = story.due("meeting:1")
    assert first is not None
    assert first.due_at == story.now + timedelta(hours=1)
    story.later(minutes=50)
    story.did(person(Role.SCRIBE), meeting(story, decisions=(1, 2), dissent=words("Legal: wait.")))
    second = story.due("meeting:2")
    assert second is not None
    assert second.due_at == story.now + timedelta(hours=12)


def test_the_group_may_choose_its_next_time_and_agree_on_one_line() -> None:
    story = Story()
    story.accepted()
    next_at = story.now + timedelta(days=3)
    line = words("We stopped the sale and are looking for the cause.")
    story.did(COMMANDER, meeting(story, next_at=next_at, agreed_line=line))
    due = story.due("meeting:2")
    assert due is not None
    assert due.due_at == next_at
    story.later(hours=2)
    story.did(COMMANDER, meeting(story))
    assert story.incident.people.agreed_line == line


def test_a_closed_incident_meets_no_more() -> None:
    story = Story()
    story.accepted()
    story.did(COMMANDER, meeting(story))
    assert len(tuple(meeting_due(story.incident))) == 1
    closed = replace(story.incident.review, closed_at=story.now)
    assert tuple(meeting_due(replace(story.incident, review=closed))) == ()


def test_one_meeting_is_enough_at_grade_general() -> None:
    story = Story()
    story.accepted(MILD)
    assert story.due("meeting:1") is not None
    story.did(COMMANDER, meeting(story))
    assert story.due("meeting") is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            {"ended_at": Story().now + timedelta(hours=9)}, "bad_times", id="not over yet"
        ),
        pytest.param({"ended_at": Story().now - timedelta(hours=9)}, "bad_times", id="ended first"),
        pytest.param({"decisions": (999,)}, "no_entry", id="an entry that is not there"),
        pytest.param({"next_at": Story().now - timedelta(days=1)}, "refused", id="next is past"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused(change: dict[str, Any], reason: str) -> None:
    story = Story()
    story.accepted()
    assert story.refused(COMMANDER, meeting(story, **change)).reason == reason


# ---------------------------------------------------------------- legal hold


def hold(**more: Any) -> PlaceLegalHold:
    told: dict[str, Any] = {
        "scope": words("Everything about lot L1"),
        "custodians": (who("quality"), who("plant_manager")),
        "systems": ("mail", "LIMS"),
        "samples": ("E1",),
    }
    return PlaceLegalHold(**{**told, **more})


def test_a_legal_hold_is_due_placed_and_confirmed_by_each_person() -> None:
    story = Story()
    story.accepted()
    due = story.due("legal_hold")
    assert due is not None
    assert due.due_at == story.now + timedelta(hours=4)
    placed = story.did(LEGAL, hold())
    assert [e.body["person"] for e in _effects(story, placed)] == ["plant_manager", "quality"]
    assert story.due("legal_hold") is None
    assert story.refused(WANG, AcknowledgeLegalHold(hold="L1")).reason == "not_allowed"
    story.did(QUALITY, AcknowledgeLegalHold(hold="L1"))
    assert story.refused(QUALITY, AcknowledgeLegalHold(hold="L1")).reason == "refused"
    assert story.due("hold:L1:quality") is None
    assert story.due("hold:L1:plant_manager") is not None


def test_a_hold_is_released_by_two_and_stands_until_then() -> None:
    story = Story()
    story.accepted()
    story.did(LEGAL, hold())
    story.did(LEGAL, ReleaseLegalHold(hold="L1", reason=words("Settled.")))
    before = story.incident.people
    story.signed(COMMANDER)
    assert (before.legal_hold_stands, story.incident.people.legal_hold_stands) == (True, False)
    assert story.due("hold:") is None
    assert story.due("legal_hold") is None
    assert story.refused(QUALITY, AcknowledgeLegalHold(hold="L1")).reason == "no_hold"


# ---------------------------------------------------------------- people from outside


def test_an_outsider_sees_what_was_opened_until_the_time_given() -> None:
    story = Story()
    story.accepted()
    story.did(COMMANDER, invitation(story))
    expert = story.incident.people.outsiders["prof.chen"]
    assert expert.opened == (Stage.INVESTIGATION,)
    assert expert.may_enter(story.now)
    assert not expert.may_enter(story.now + timedelta(days=14))
    story.did(LEGAL, EndInvitation(person=who("prof.chen")))
    assert not story.incident.people.outsiders["prof.chen"].may_enter(story.now)
    assert story.refused(LEGAL, EndInvitation(person=who("prof.chen"))).reason == "refused"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"confidentiality_signed": False}, "no_confidentiality", id="no promise"),
        pytest.param({"until_at": Story().now}, "past", id="over already"),
    ],
)
def test_nothing_is_opened_without_a_promise_and_a_time(
    change: dict[str, Any], reason: str
) -> None:
    story = Story()
    story.accepted()
    assert story.refused(COMMANDER, invitation(story, **change)).reason == reason


# ---------------------------------------------------------------- whatever people do

PEOPLE = (COMMANDER, DUTY, QUALITY, WANG, LEGAL, DEPUTY, scribe_for(COMMANDER), scribe_for(LEGAL))
ROLES = (Role.INCIDENT_COMMANDER, Role.QUALITY, Role.LEGAL)
ACTS = st.one_of(
    st.builds(assign, st.sampled_from(ROLES), st.sampled_from(["wang", "legal", "quality"])),
    st.builds(AcceptRole, role=st.sampled_from(ROLES)),
    st.builds(MarkAbsent, role=st.sampled_from(ROLES)),
    st.builds(MarkPresent, role=st.sampled_from(ROLES)),
    st.builds(
        HandOverRole,
        role=st.sampled_from(ROLES),
        person=st.just(who("li")),
        note=st.just(words("")),
    ),
    st.builds(ConfirmRecorded, entries=st.tuples(st.integers(1, 60))),
    st.just(hold()),
    st.just(AcknowledgeLegalHold(hold="L1")),
    st.just(ConfirmHalt(number=1)),
    st.just(DeclareInterest(interest=PrivateText(ref="v", commitment="c", subject="s"))),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PEOPLE), ACTS, st.integers(0, 12)), max_size=12))
def test_whatever_people_do_the_record_holds_together(
    acts: list[tuple[Actor, Any, int]],
) -> None:
    story = Story()
    story.accepted(SERIOUS)
    for actor, command, hours in acts:
        story.does(actor, command)
        story.later(hours=hours)
        people = story.incident.people
        assert set(people.deputies_active) == {a.role for a in people.absences.values()}
        assert all(kept.principal != kept.scribe for kept in people.unconfirmed)
        assert set(people.deputies_active) <= deputies_now(story.incident)
    assert read_incident_text(incident_text(story.incident), rules()) == story.incident
