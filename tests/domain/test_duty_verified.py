"""A rule that nobody had verified is verified, or gone, in the plan that an incident adopts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.determining import ConfirmRuleApplies, ReviewDetermination
from domain.duty_verified import DutyVerified
from domain.incident import new_incident
from domain.regulation_terms import Determination, DueBasis, DutyStatus, FilingKind
from domain.report import AcceptReport
from domain.rules import Rules, Shelf
from domain.severity import Outcome
from tests.domain.duties import (
    COMMANDER,
    LEGAL,
    REGULATORY,
    Notified,
    by_hand,
    determined,
    events_of,
    words,
)
from tests.domain.story import MILD, rules
from tests.domain.test_adopting import adopts
from tests.domain.versions import version

SELF = "CN-ADR-SELF-SERIOUS"


def verified() -> Rules:
    """The rules a month later: somebody has read the law behind this one."""
    own = rules().regulations
    return version(
        regulations=tuple(replace(one, verified=True) if one.id == SELF else one for one in own)
    )


def without() -> Rules:
    return version(regulations=tuple(one for one in rules().regulations if one.id != SELF))


def under(*new: Rules) -> Notified:
    """One person in hospital in China, accepted, under rules that may become others."""
    known = replace(new_incident("INC-2026-0001", rules()), find_rules=Shelf(rules(), *new))
    story = Notified(incident=known)
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    story.did(COMMANDER, AcceptReport())
    return story


def says(*, applies: bool = True, limit: str = "") -> ConfirmRuleApplies:
    return ConfirmRuleApplies(rule=SELF, applies=applies, limit=limit, citation=words("Art. 22"))


@pytest.mark.parametrize("read", ["", "90 d"], ids=["legal said nothing", "legal read a limit"])
def test_an_open_duty_counts_by_the_law_once_its_rule_is_verified(read: str) -> None:
    new = verified()
    story = under(new)
    if read:
        story.did(LEGAL, says(limit=read))
    adopts(story, new)
    duty, rule = story.duty(SELF), next(one for one in new.regulations if one.id == SELF)
    assert (duty.verified, duty.counts, duty.limit) == (True, True, rule.limit.text)
    assert duty.due_at is not None
    assert (duty.due_basis, duty.law) == (DueBasis(rule.force), True)
    assert not [due for due in story.clocks(duty) if due.act == "confirm_rule_applies"]
    [told] = events_of(story, DutyVerified)
    assert (told.duty, told.old_limit) == (duty.id, read or rule.limit.text)


def test_a_time_set_by_hand_gives_way_to_that_of_the_verified_law() -> None:
    story = under(gone := without(), new := verified())
    adopts(story, gone)
    story.did(LEGAL, by_hand(story, SELF, days=80))
    adopts(story, new)
    assert story.duty(SELF).due_basis is DueBasis.LAW


def test_what_was_said_of_the_unverified_text_does_not_rule_out_the_verified_one() -> None:
    new = verified()
    story = under(new)
    story.did(REGULATORY, says(applies=False))
    story.signed(LEGAL)
    adopts(story, new)
    story.hurt("CN", Outcome.DEATH)
    for person in ("P1", "P2"):
        duty = story.duty(SELF, person)
        assert (duty.status, duty.counts, duty.due_basis) == (DutyStatus.OPEN, True, DueBasis.LAW)
    assert [e.kind for e in story.filed_full(story.duty(SELF, "P1"), FilingKind.INITIAL)]


def test_what_two_people_determined_of_one_duty_stands_when_its_rule_is_verified() -> None:
    new = verified()
    story = determined(under(new), SELF)
    adopts(story, new)
    assert story.duty(SELF).status is DutyStatus.DETERMINED


def test_of_a_rule_that_is_gone_nobody_asks_whether_it_applies_and_a_time_may_be_set() -> None:
    story = under(new := without())
    adopts(story, new)
    [asked] = story.clocks(story.duty(SELF))
    assert asked.act == "set_due_by_hand"
    story.did(LEGAL, by_hand(story, SELF))
    duty = story.duty(SELF)
    assert (duty.counts, duty.due_at) == (True, story.now + timedelta(days=20))
    assert {due.act for due in story.clocks(duty)} == {"file_first"}
    assert story.filed(duty)


def test_of_a_rule_that_is_gone_nothing_to_file_is_determined_and_looked_at_again() -> None:
    story = under(new := without())
    story.did(REGULATORY, says(applies=False))
    story.signed(LEGAL)
    adopts(story, new)
    duty = story.duty(SELF)
    assert duty.determinations[-1].outcome is Determination.RULE_DOES_NOT_APPLY
    story.did(LEGAL, ReviewDetermination(duty=duty.id, stands=False, reason=words("It was ours.")))
    assert story.duty(SELF).is_open
    determined(story, SELF)
    assert story.duty(SELF).status is DutyStatus.DETERMINED
