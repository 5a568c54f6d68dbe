"""Rooms for inspectors: what may be opened, until when, and what is asked and answered in them."""

from datetime import timedelta
from typing import Any

import pytest

from domain.agenda import dues
from domain.incident import effects
from domain.ledger import read_entry
from domain.openings import openings
from domain.people import (
    EVERYONE,
    SEES,
    SEES_INCIDENTS,
    Access,
    Actor,
    Role,
    channel_actor,
    inspector_actor,
)
from domain.review import CloseIncident, ReopenIncident
from domain.rooms import (
    ANSWERERS,
    KEEPERS,
    UNANSWERED_AT_MOST,
    AnswerInRoom,
    AskInRoom,
    CloseRoom,
    ExtendRoom,
    OpenRoom,
    find_room,
)
from domain.scene import Scene
from domain.state.rooms import Room, RoomPart
from domain.values import PrivateText, PublicText
from tests.domain.story import MILD, Story, person

LEGAL = person(Role.LEGAL)
COMMANDER = person(Role.INCIDENT_COMMANDER)
WORDS = PrivateText(ref="w", commitment="c", subject="s")
NAME = PrivateText(ref="n", commitment="c", subject="s")
INSPECTOR = inspector_actor("R1")


def asked_for(**more: Any) -> OpenRoom:
    whole: dict[str, Any] = {
        "inspector": NAME,
        "firm": PublicText("Shanghai MPA"),
        "purpose": PublicText("Inspection of 3 March"),
        "parts": (RoomPart.LEDGER, RoomPart.TIMELINE),
    } | more
    return OpenRoom(**whole)


def opened(who: Actor = LEGAL, **more: Any) -> Story:
    story = Story()
    story.accepted()
    story.did(who, asked_for(**more))
    return story


def room(story: Story, number: str = "R1") -> Room:
    found = find_room(story.incident, number)
    assert found is not None
    return found


@pytest.mark.parametrize("role", KEEPERS)
def test_a_room_is_open_for_seven_days_by_itself(role: Role) -> None:
    story = opened(person(role))
    one = room(story)
    assert (one.id, one.parts) == ("R1", (RoomPart.TIMELINE, RoomPart.LEDGER)), "in their order"
    assert one.until_at == story.now + timedelta(days=7)
    assert one.is_open(one.until_at - timedelta(seconds=1))
    assert not one.is_open(one.until_at)
    assert one.classes == ()
    assert b"secret" not in story.leaves[-1]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"until_at": timedelta(days=30, seconds=1)}, "too_long", id="too long"),
        pytest.param({"until_at": timedelta(0)}, "past", id="over already"),
        pytest.param({"parts": ()}, "no_parts", id="nothing to see"),
        pytest.param({"classes": (Access.PRIVILEGED,)}, "privileged", id="counsel's papers"),
    ],
)
def test_what_cannot_be_opened(more: dict[str, Any], code: str) -> None:
    story = Story()
    story.accepted()
    if "until_at" in more:
        more = {"until_at": story.now + more["until_at"]}
    assert story.refused(LEGAL, asked_for(**more)).reason == code
    assert story.incident.people.rooms == ()


def test_thirty_days_are_not_too_long() -> None:
    story = Story()
    story.accepted()
    story.did(LEGAL, asked_for(until_at=story.now + timedelta(days=30)))


@pytest.mark.parametrize("access", [one for one in Access if one is not Access.PRIVILEGED])
@pytest.mark.parametrize("role", KEEPERS)
def test_nobody_opens_what_they_may_not_read(role: Role, access: Access) -> None:
    story = Story()
    story.accepted()
    act = asked_for(classes=(access,))
    if role in SEES[access]:
        story.did(person(role), act)
        assert room(story).classes == (access,)
    else:
        assert story.refused(person(role), act).reason == "not_allowed"


@pytest.mark.parametrize("role", sorted(set(Role) - set(KEEPERS)))
def test_nobody_else_opens_a_room(role: Role) -> None:
    story = Story()
    story.accepted()
    assert story.refused(person(role), asked_for()).reason == "not_allowed"


def test_an_inspector_is_nobody_of_the_company() -> None:
    assert Role.INSPECTOR not in EVERYONE | SEES_INCIDENTS
    assert not any(Role.INSPECTOR in roles for roles in SEES.values())


def test_a_room_is_extended_and_closed_by_acts() -> None:
    story = opened()
    story.later(days=6)
    story.did(COMMANDER, ExtendRoom(room="R1", until_at=story.now + timedelta(days=30)))
    assert room(story).until_at == story.now + timedelta(days=30)
    later = ExtendRoom(room="R1", until_at=story.now + timedelta(days=31))
    assert story.refused(COMMANDER, later).reason == "too_long"
    story.did(COMMANDER, CloseRoom(room="R1"))
    assert not room(story).is_open(story.now)
    for act in (
        CloseRoom(room="R1"),
        ExtendRoom(room="R1", until_at=story.now),
        CloseRoom(room="R2"),
    ):
        assert story.refused(COMMANDER, act).reason == "no_room"


def test_what_has_ended_is_not_offered() -> None:
    story = opened(until_at=None)
    for act in ("extend_room", "close_room"):
        assert openings(Scene(story.incident, LEGAL, story.now), act) == ("R1",)
        assert openings(Scene(story.incident, LEGAL, story.now + timedelta(days=8)), act) is None
    assert openings(Scene(story.incident, LEGAL, story.now), "answer_in_room") is None


# ---------------------------------------------------------------- the end of the incident


def sealed(story: Story) -> None:
    close = CloseIncident(
        summary=PublicText("It is over."), reason_for_open_items=PublicText("The halt stays.")
    )
    story.did(COMMANDER, close)
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE), LEGAL)
    assert story.incident.review.closed_at is not None


def test_a_room_ends_for_good_with_its_incident() -> None:
    story = Story()
    story.accepted(MILD)
    story.did(LEGAL, asked_for())
    story.later(hours=1)
    sealed(story)
    ended_at = story.now
    story.later(hours=1)
    story.did(COMMANDER, ReopenIncident(new_fact=PublicText("A second person called.")))
    assert room(story).closed_at == ended_at
    assert not room(story).is_open(story.now)
    for act in (CloseRoom(room="R1"), ExtendRoom(room="R1", until_at=story.now)):
        assert story.refused(LEGAL, act).reason == "no_room"
    assert story.refused(INSPECTOR, asked(story)).reason == "no_room"
    story.did(LEGAL, asked_for())
    assert room(story, "R2").is_open(story.now), "another act, another room"


def test_a_room_that_had_ended_before_its_incident_keeps_its_time() -> None:
    story = Story()
    story.accepted(MILD)
    story.did(LEGAL, asked_for())
    story.did(LEGAL, asked_for())
    story.did(LEGAL, CloseRoom(room="R2"))
    closed_at = room(story, "R2").closed_at
    story.later(days=8)
    sealed(story)
    assert room(story).closed_at is None, "its time was over"
    assert room(story, "R2").closed_at == closed_at


# ---------------------------------------------------------------- questions


def asked(story: Story, **more: Any) -> AskInRoom:
    return AskInRoom(room="R1", words=WORDS, **more)


def test_a_question_waits_until_its_time_and_is_answered_for_all_to_see() -> None:
    story = opened()
    by = story.now + timedelta(hours=5)
    story.did(INSPECTOR, asked(story, answer_by=by))
    due = next(one for one in dues(story.incident) if one.key == "room:Q1")
    assert (due.due_at, due.roles, due.act, due.item) == (by, ANSWERERS, "answer_in_room", "Q1")
    entry = read_entry(story.leaves[-1])
    assert entry.actor.method == "room_link"
    told = effects(story.incident, entry.event, entry.mark())
    assert [one.name for one in told] == ["tell"]
    story.did(person(Role.REGULATORY_AFFAIRS), AnswerInRoom(question="Q1", words=WORDS))
    assert not [one for one in dues(story.incident) if one.key == "room:Q1"]
    story.did(LEGAL, AnswerInRoom(question="Q1", words=WORDS))
    assert [one.by for one in story.incident.people.room_questions[0].answers] == [
        "regulatory_affairs",
        "legal",
    ]


def test_without_a_time_the_plans_first_answer_counts() -> None:
    story = opened()
    story.did(INSPECTOR, asked(story))
    limit = story.incident.rules.plan.step("first_answer", story.incident.report.grade)
    assert limit is not None
    wanted = story.incident.rules.due_at(story.now, limit)
    assert story.incident.people.room_questions[0].due_at == wanted


@pytest.mark.parametrize("role", sorted(set(Role) - set(ANSWERERS)))
def test_nobody_else_answers(role: Role) -> None:
    story = opened()
    story.did(INSPECTOR, asked(story))
    answer = AnswerInRoom(question="Q1", words=WORDS)
    assert story.refused(person(role), answer).reason == "not_allowed"


@pytest.mark.parametrize(
    "who",
    [
        inspector_actor("R2"),
        channel_actor("R1"),
        LEGAL,
        person(Role.AUDITOR),
        person(Role.OUTSIDE_EXPERT),
    ],
    ids=lambda who: who.id,
)
def test_nobody_asks_in_a_room_of_others(who: Actor) -> None:
    story = opened()
    assert story.refused(who, asked(story)).reason == "not_allowed"


def test_a_room_that_ended_takes_no_question_but_its_questions_are_answered() -> None:
    story = opened()
    story.did(INSPECTOR, asked(story))
    story.did(LEGAL, CloseRoom(room="R1"))
    assert story.refused(INSPECTOR, asked(story)).reason == "no_room"
    story.did(LEGAL, AnswerInRoom(question="Q1", words=WORDS))
    unknown = AnswerInRoom(question="Q9", words=WORDS)
    assert story.refused(LEGAL, unknown).reason == "no_question"


def test_a_room_does_not_fill_the_record_with_questions() -> None:
    story = opened()
    for _ in range(UNANSWERED_AT_MOST):
        story.did(INSPECTOR, asked(story))
    assert story.refused(INSPECTOR, asked(story)).reason == "too_many_questions"
    story.did(LEGAL, AnswerInRoom(question="Q1", words=WORDS))
    story.did(INSPECTOR, asked(story))
