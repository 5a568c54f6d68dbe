"""Several signatures under one act, and refusals as entries."""

from domain.acts import (
    ActDeclined,
    ActLapsed,
    ActProposed,
    ActRefused,
    DeclineAct,
    SignAct,
    is_repeated_refusal,
)
from domain.people import Actor, Role
from domain.report import AcceptReport
from domain.resuming import ResumeSale
from domain.values import PublicText
from tests.domain.story import CRITICAL, Story, person

COMMANDER = person(Role.INCIDENT_COMMANDER)
QUALITY_HEAD = person(Role.QUALITY_SAFETY_RESPONSIBLE)
RESUME = ResumeSale(basis=PublicText("Tests are clean."))


def proposed() -> Story:
    story = Story()
    story.accepted(CRITICAL)
    story.keeps_evidence()
    assert isinstance(story.did(COMMANDER, RESUME)[0], ActProposed)
    return story


def test_nobody_signs_twice() -> None:
    story = proposed()
    both = Actor(id=COMMANDER.id, roles=(Role.QUALITY_SAFETY_RESPONSIBLE, Role.INCIDENT_COMMANDER))
    assert story.refused(both, SignAct(act="A1")).reason == "four_eyes"


def test_a_scribe_signs_for_nobody() -> None:
    story = proposed()
    scribe = Actor(
        id="scribe", roles=(Role.QUALITY_SAFETY_RESPONSIBLE,), on_behalf_of="head", method="scribe"
    )
    assert story.refused(scribe, SignAct(act="A1")).reason == "own_hand"


def test_the_wrong_role_signs_nothing() -> None:
    story = proposed()
    refusal = story.refused(person(Role.FINANCE), SignAct(act="A1"))
    assert refusal.who_could == ("quality_safety_responsible",)
    assert "A1" in story.incident.pending


def test_a_declined_act_is_gone_with_its_reason() -> None:
    story = proposed()
    reason = PublicText("The second laboratory has not answered.")
    declined = story.did(QUALITY_HEAD, DeclineAct(act="A1", reason=reason))[0]
    assert isinstance(declined, ActDeclined)
    assert (declined.veto, declined.withdrawn) == (True, False)
    assert story.incident.pending == {}
    assert story.incident.halt.levels


def test_the_same_act_is_proposed_once() -> None:
    story = proposed()
    assert story.refused(COMMANDER, RESUME).reason == "already_proposed"


def test_an_act_lapses_when_the_state_has_moved() -> None:
    story = proposed()
    other = ResumeSale(basis=PublicText("Another laboratory agrees."))
    story.did(COMMANDER, other)
    story.did(QUALITY_HEAD, SignAct(act="A2"))
    late = story.did(QUALITY_HEAD, SignAct(act="A1"))
    assert isinstance(late[-1], ActLapsed)
    assert story.incident.pending == {}


def test_a_refusal_is_an_entry_and_a_repeated_one_is_only_counted() -> None:
    story = Story()
    story.reported(CRITICAL)
    agent = person(Role.SERVICE_AGENT)
    refusal = story.refused(agent, AcceptReport())
    assert isinstance(refusal, ActRefused)
    assert is_repeated_refusal(story.incident, refusal, story.now)
    story.later(hours=2)
    assert not is_repeated_refusal(story.incident, refusal, story.now)
