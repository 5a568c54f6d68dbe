"""Where other orders still stop all that may be sold again nothing is sent, and nothing is said."""

from typing import Any

from domain.agenda import dues
from domain.channels import ALL_HELD, RESUME, ChannelOutcome, ReportOutcomes, standing
from domain.people import PERFORMER
from tests.domain.story import Story
from tests.domain.test_resuming_goods import CREAM, L1, L2, SHOP, freed, ordered
from tests.domain.test_under_way import L3, at_shop, halts, told


def held_there(story: Story, resume: str) -> list[Any]:
    """Let whoever carries an order to resume find that others hold all of it at the shop."""
    one = ChannelOutcome(
        channel=SHOP, order=RESUME, state="resumed", attempts=1, resume=resume, all_held=True
    )
    return story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))


def all_held() -> Story:
    story = ordered(((CREAM,), (L1, L2)))
    _left, resumed = freed(story, channels=(SHOP,))
    [answered] = held_there(story, str(resumed.number))
    assert (answered.state, answered.all_held) == ("resumed", True)
    return story


def test_nothing_is_due_of_a_channel_to_which_nothing_was_sent_and_it_has_not_said_so() -> None:
    story = all_held()
    story.later(hours=100)
    assert standing(at_shop(story), story.now) == ALL_HELD
    assert not [one for one in dues(story.incident) if one.item == SHOP]


def test_one_that_sells_some_of_it_again_has_said_so() -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    _left, first = freed(story, lots=(L1,))
    halts(story, L3)
    _left, second = freed(story, lots=(L2,))
    told(story, str(second.number), "resumed")
    assert at_shop(story).all_held is False
    held_there(story, str(first.number))
    assert not at_shop(story).all_held


def test_where_others_hold_each_of_two_it_has_nothing_to_say() -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    for lots in ((L1,), (L2,)):
        _left, resumed = freed(story, lots=lots)
        held_there(story, str(resumed.number))
    assert at_shop(story).all_held


def test_a_newer_order_for_other_goods_is_no_word_that_it_sells_them() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    _left, resumed = freed(story, lots=(L1,))
    held_there(story, str(resumed.number))
    halts(story, L3)
    assert at_shop(story).all_held


def test_what_is_told_later_is_answered_by_itself() -> None:
    story = all_held()
    halts(story, L1)
    _left, resumed = freed(story, channels=(SHOP,))
    assert at_shop(story).all_held is None
    told(story, str(resumed.number), "resumed")
    assert standing(at_shop(story), story.now) == "resumed"
