"""What is offered to whom: nothing too early, nothing settled, and nothing hidden that can be done."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.acts import ActRefused
from domain.channels import ConfirmChannel
from domain.errors import AndonError
from domain.facts import RecordFact
from domain.halt import OrderHalt
from domain.message import command_spec
from domain.openings import openings, waits_for
from domain.people import Actor, Role
from domain.report import AcknowledgeReport
from domain.scene import Scene
from domain.severity import Answers, HaltLevel
from domain.state import Incident
from domain.values import ChannelId, PublicText
from tests.domain import recalls
from tests.domain.story import CRITICAL, MILD, SERIOUS, Story, person
from tests.properties.acts import acts

COMMANDER = person(Role.INCIDENT_COMMANDER)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)

WIDER = frozenset(
    {
        "adopt_plan",  # kept rules that are not those of new incidents
        "acknowledge_report",  # once the report is accepted, somebody looks into it anyway
        "answer_as_consignee",  # before the recall is decided, and of somebody not yet listed
        "check_effectiveness",  # the authority's own check needs nothing of ours
        "complete_action",  # said to be done a second time
        "confirm_channel",  # confirmed again, or never asked
        "confirm_halt",  # an order that needs no second person
        "confirm_published_by_hand",  # seen again where it stands already
        "file_full",  # a follow-up to what was filed
        "mark_absent",  # a longer absence
        "receive_goods",  # goods that nobody stopped or recalled
        "record_notification",  # suppliers and doctors, before the recall is decided
        "take_over_channel",  # from somebody who has it
        "take_over_consignee",
    }
)
"""Acts that `decide` takes in states in which no page suggests them."""


def offered(incident: Incident, who: Actor, command: str, story: Story) -> tuple[str, ...] | None:
    return openings(Scene(incident, who, story.now), command)


def hidden(story: Story, who: Actor, command: Any) -> bool:
    """Say whether an act that is about to be done is not offered to who does it."""
    spec = command_spec(command)
    found = offered(story.incident, who, spec.name, story)
    item = getattr(command, spec.item) if spec.item else None
    return found is None or (bool(found) and item is not None and str(item) not in found)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    answers=st.sampled_from([MILD, SERIOUS, CRITICAL]),
    run=st.lists(st.tuples(acts(), st.integers(min_value=0, max_value=300)), max_size=8),
)
def test_nothing_that_can_be_done_is_hidden(
    answers: Answers, run: list[tuple[tuple[Actor, Any], int]]
) -> None:
    story = Story()
    story.accepted(answers)
    for (who, command), minutes in run:
        name, was_hidden = command_spec(command).name, hidden(story, who, command)
        try:
            events = story.does(who, command)
        except AndonError:
            continue
        taken = not (events and all(isinstance(event, ActRefused) for event in events))
        assert not (taken and was_hidden and name not in WIDER), (name, command)
        story.later(minutes=minutes)


def test_a_closed_incident_offers_only_to_open_it_again() -> None:
    story = Story()
    story.accepted(MILD)
    review = replace(story.incident.review, closed_at=story.now)
    closed = replace(story.incident, review=review)
    assert offered(closed, COMMANDER, "reopen_incident", story) == ()
    assert offered(closed, COMMANDER, "record_fact", story) is None
    assert offered(story.incident, COMMANDER, "reopen_incident", story) is None


def test_a_report_is_acknowledged_and_decided_once() -> None:
    story = Story()
    story.reported(SERIOUS)
    duty = person(Role.DUTY_OFFICER)
    assert offered(story.incident, duty, "acknowledge_report", story) == ()
    story.did(duty, AcknowledgeReport())
    assert offered(story.incident, duty, "acknowledge_report", story) is None
    assert offered(story.incident, COMMANDER, "accept_report", story) == ()
    # The plan has halted own stock: what stands is lifted before a report is closed.
    assert offered(story.incident, COMMANDER, "close_report", story) is None


def test_a_fact_is_verified_by_somebody_else() -> None:
    story = Story()
    story.accepted(SERIOUS)
    quality = person(Role.QUALITY)
    story.did(quality, RecordFact(key="units_sold", value=PublicText("12"), as_of=story.now))
    assert offered(story.incident, quality, "verify_fact", story) is None
    assert offered(story.incident, QSR, "verify_fact", story) == ("units_sold",)
    assert offered(story.incident, quality, "verify_facts", story) is None
    assert offered(story.incident, QSR, "verify_facts", story) == ()


def test_levels_and_channels_are_offered_while_they_are_open() -> None:
    story = Story()
    story.accepted(SERIOUS)
    assert offered(story.incident, COMMANDER, "resume_sale", story) is None, "it needs evidence"
    story.keeps_evidence()
    assert offered(story.incident, COMMANDER, "resume_sale", story) == ()
    assert offered(story.incident, COMMANDER, "decide_against_halt", story) == ("H3",)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H3))
    assert offered(story.incident, COMMANDER, "decide_against_halt", story) is None
    waiting = offered(story.incident, COMMANDER, "confirm_channel", story) or ()
    story.did(COMMANDER, ConfirmChannel(channel=ChannelId(waiting[0]), proof=PublicText("Seen.")))
    assert offered(story.incident, COMMANDER, "confirm_channel", story) == waiting[1:]
    assert offered(story.incident, COMMANDER, "confirm_halt", story) == ("1",)  # not the own one
    assert "3" in (offered(story.incident, QSR, "confirm_halt", story) or ())


@pytest.mark.parametrize(
    ("command", "accepted", "scope_stands", "is_decided"),
    [
        ("set_scope", True, False, False),
        ("widen_scope", False, True, True),
        ("decide_recall", False, True, False),  # down to the consumer: nothing goes further
        ("decide_no_recall", False, True, False),
        ("sign_recall_plan", False, False, True),
        ("record_notification", False, False, True),
        ("check_effectiveness", False, False, False),  # the plan draws who is checked
        ("complete_recall", False, False, True),
        ("request_termination", False, False, False),
    ],
)
def test_the_steps_of_a_recall_are_offered_in_their_order(
    command: str, accepted: bool, scope_stands: bool, is_decided: bool
) -> None:
    first = Story()
    first.accepted(SERIOUS)
    stories = (first, recalls.scoped(), recalls.decided())
    found = [offered(story.incident, COMMANDER, command, story) is not None for story in stories]
    assert found == [accepted, scope_stands, is_decided]


def test_consignees_are_checked_once_the_plan_is_signed() -> None:
    story = recalls.running()
    names = offered(story.incident, person(Role.SUPPLY_CHAIN), "check_effectiveness", story)
    assert set(names or ()) == set(recalls.SHOPS)


@pytest.mark.parametrize("is_halted", [True, False], ids=["halted", "nothing is halted"])
def test_what_lacks_only_evidence_waits_for_it(is_halted: bool) -> None:
    story = Story()
    if is_halted:
        story.accepted(CRITICAL)
    assert bool(story.incident.halt.levels) is is_halted
    found = waits_for(Scene(story.incident, COMMANDER, story.now), "resume_sale")
    assert [one.code for one in found] == (["evidence_missing"] if is_halted else [])
    assert offered(story.incident, COMMANDER, "resume_sale", story) is None
