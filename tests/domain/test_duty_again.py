"""A duty whose time was over and that opens again, or gets another time: who is told what, once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.agenda import RungReached
from domain.arising import duties_follow_facts
from domain.determining import ConfirmRuleApplies, ReviewDetermination, SetDueByHand
from domain.dispatch import Act
from domain.duties import DutyDue, DutyMoved, DutyOverdue, with_duty
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import CLOCK
from domain.regulation_terms import DueBasis, DutyStatus
from domain.severity import Outcome
from domain.state.notice import Duty
from domain.wire import instant_text
from tests.domain.duties import (
    COMMANDER,
    LEGAL,
    REGULATORY,
    Notified,
    answer_to,
    clock,
    determined,
    events_of,
    recalled_in_the_us,
    story_of,
    utc,
    words,
)
from tests.domain.test_product_class import begins, recalled_in_singapore

SELF, ADR, STATUS = "CN-ADR-SELF-SERIOUS", "CN-ADR-SERIOUS", "US-CFR-7-53"


def overdue(story: Notified, rule: str) -> list[Any]:
    return [event.due_at for event in events_of(story, DutyOverdue) if event.rule == rule]


def by_hand(duty: Duty, due_at: Any) -> SetDueByHand:
    return SetDueByHand(duty=duty.id, due_at=due_at, reason=words("The FDA said so."))


def applies(**more: Any) -> ConfirmRuleApplies:
    return ConfirmRuleApplies(**{"rule": SELF, "applies": True, "citation": words("Art. 22"), **more})  # fmt: skip


def opens(story: Notified, rule: str) -> list[Any]:
    said = ReviewDetermination(duty=story.duty(rule).id, stands=False, reason=words("It was ours."))
    return story.does(LEGAL, said)


def told(story: Notified, kind: str) -> list[str]:
    """Name the duties that people were told of in messages of a kind."""
    entries = [read_entry(leaf) for leaf in story.leaves]
    sent = [one for e in entries for one in effects(story.incident, e.event, e.mark())]
    return [str(one.body["duty"]) for one in sent if one.body.get("kind") == kind]


# ---------------------------------------------------------------- opened again


def test_a_duty_that_opens_after_its_time_is_told_and_climbs_the_ladder_anew() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.later(days=60)
    determined(story, ADR)
    due_at = story.duty(ADR).due_at
    story.later(days=1)
    before = len(events_of(story, RungReached))
    opens(story, ADR)
    assert told(story, "duty_reopened") == [story.duty(ADR).id]
    assert story.duty(ADR).overdue_at is None
    story.later(hours=1)
    key = clock(story, ADR, "duty:").key
    assert [e for e in events_of(story, RungReached)[before:] if e.due == key]
    assert overdue(story, ADR) == [due_at, due_at]
    story.later(days=9)
    assert overdue(story, ADR) == [due_at, due_at]


def test_what_is_said_of_a_rule_is_undone_at_the_rule() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(REGULATORY, applies(applies=False))
    story.signed(LEGAL)
    said = ReviewDetermination(duty=story.duty(SELF).id, stands=False, reason=words("Wrong."))
    assert story.refused(LEGAL, said).reason == "settled_by_rule"
    story.did(LEGAL, replace(said, stands=True))
    story.did(LEGAL, applies(limit="20 d"))
    assert story.duty(SELF).status is DutyStatus.OPEN


# ---------------------------------------------------------------- another time


def test_a_later_time_by_hand_may_be_over_again_and_an_earlier_one_is_not_told_twice() -> None:
    story = recalled_in_the_us()
    duty, began = story.duty(STATUS), story.now
    first, later = began + timedelta(days=5), began + timedelta(days=20)
    story.did(LEGAL, by_hand(duty, first))
    story.later(days=6)
    story.did(LEGAL, by_hand(duty, first - timedelta(days=1)))
    story.later(hours=1)
    assert overdue(story, STATUS) == [first]
    story.did(LEGAL, by_hand(duty, later))
    assert story.duty(STATUS).overdue_at is None
    story.later(days=30)
    assert overdue(story, STATUS) == [first, later]


def test_a_later_limit_that_legal_read_may_be_over_again() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(LEGAL, applies())
    story.later(days=3)
    assert story.duty(SELF).overdue_at is not None
    story.did(LEGAL, applies(limit="20 d"))
    assert story.duty(SELF).overdue_at is None
    story.later(days=40)
    assert len(overdue(story, SELF)) == 2


def test_a_recall_that_begins_later_on_the_same_day_off_keeps_what_was_over() -> None:
    story = recalled_in_singapore()
    story.did(COMMANDER, begins(utc("2026-03-08 02:00")))  # a Sunday
    story.later(days=5, hours=20)
    before = story.duty("SG-BEFORE")
    assert before.overdue_at is not None
    story.did(COMMANDER, begins(utc("2026-03-08 06:00")))
    same = story.duty("SG-BEFORE")
    assert (same.due_at, same.overdue_at) == (before.due_at, before.overdue_at)
    story.did(COMMANDER, begins(utc("2026-03-20 06:00")))
    assert story.duty("SG-BEFORE").overdue_at is None
    story.later(days=30)
    assert overdue(story, "SG-BEFORE")[-2:] == [before.due_at, story.duty("SG-BEFORE").due_at]


def test_a_limit_that_legal_read_is_never_shown_as_law() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(LEGAL, applies(limit="900 d"))
    duty, due = story.duty(SELF), clock(story, SELF, "duty:")
    assert (duty.due_basis, duty.law, due.law) == (DueBasis.READ, False, False)
    assert due.title.endswith("(as legal read it here)")
    assert not [e for e in events_of(story, DutyDue) if e.duty == duty.id and e.law]


# ---------------------------------------------------------------- what the calendar may not say


def test_the_calendar_never_writes_over_a_time_set_by_hand() -> None:
    story = recalled_in_the_us()
    duty = story.duty(STATUS)
    entries = [read_entry(leaf) for leaf in story.leaves]
    asked = [one for e in entries for one in effects(story.incident, e.event, e.mark())]
    [body] = [one.body for one in asked if one.name == "derive_due" and one.target == duty.id]
    story.did(LEGAL, by_hand(duty, story.now + timedelta(days=5)))
    story.does(CLOCK, answer_to(body))
    assert story.duty(STATUS).due_basis is DueBasis.BY_HAND


def test_an_answer_about_a_limit_that_holds_no_more_is_not_recorded() -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    story.did(LEGAL, applies(limit="20 d"))
    duty = story.duty(SELF)
    story.did(LEGAL, applies(limit="10 wd"))
    holds = story.duty(SELF).due_at
    asked = {name: str(getattr(duty, name)) for name in ("limit", "calendar", "counting")}
    story.does(
        CLOCK, answer_to({"duty": duty.id, "start_at": instant_text(duty.start_at), **asked})
    )
    assert duty.due_at != holds
    assert story.duty(SELF).due_at == holds


@pytest.mark.parametrize(("earlier", "moves"), [(1, False), (-1, True)], ids=["later", "earlier"])
def test_facts_move_a_clock_to_an_earlier_start_and_never_to_a_later(
    earlier: int, moves: bool
) -> None:
    story = story_of("CN", Outcome.HOSPITALISED)
    duty = story.duty(ADR)
    held = replace(duty, start_at=duty.start_at - timedelta(hours=earlier))
    act = Act(command_id="", actor=LEGAL, at=story.now, happened_at=story.now, command=None)
    changed = duties_follow_facts(with_duty(story.incident, held), act)
    assert bool([e for e in changed if isinstance(e, DutyMoved) and e.duty == duty.id]) is moves
