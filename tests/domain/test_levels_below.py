"""A person's order of a level stops its goods at every level below it, also what was freed there."""

from typing import Any

import pytest

from domain.halt import HaltOrdered, OrderHalt, free_levels
from domain.severity import HaltLevel
from tests.domain.recalls import COMMANDER
from tests.domain.story import Story
from tests.domain.test_resuming_goods import (
    CREAM,
    L1,
    L2,
    L9,
    PROMOTION,
    SHOP,
    freed,
    ordered,
    stopped,
)
from tests.domain.test_resuming_in_part import told_again
from tests.domain.test_two_orders import SEEN, answers


def orders(story: Story, level: HaltLevel, *lots: Any) -> list[HaltOrdered]:
    said = OrderHalt(level=level, products=(CREAM,), lots=lots, reason=SEEN)
    return [one for one in story.did(COMMANDER, said) if isinstance(one, HaltOrdered)]


def resumed(**named: Any) -> Story:
    """Tell of goods that sell again at H2 by decision, while the level stands."""
    story = ordered(((CREAM,), (L1, L2)))
    _left, what = freed(story, **named)
    for channel in what.channels:
        answers(story, "resumed", channel)
    return story


@pytest.mark.parametrize("lots", [(L1,), (L1, L2), (L1, L2, L9)], ids=["freed", "both", "more"])
def test_what_was_freed_at_a_level_stops_there_with_a_level_above(lots: Any) -> None:
    story = resumed(lots=(L1,))
    assert (CREAM, L1) not in stopped(story)
    given = orders(story, HaltLevel.H3, *lots)
    assert {one.level for one in given} >= {HaltLevel.H2, HaltLevel.H3}
    for channel in (SHOP, PROMOTION):
        assert {(CREAM, lot) for lot in lots} <= stopped(story, channel)


def test_so_does_what_resumed_at_one_of_its_channels() -> None:
    story = resumed(channels=(SHOP,))
    given = orders(story, HaltLevel.H3, L1)
    assert [one.level for one in given] == [HaltLevel.H2, HaltLevel.H3]
    assert (CREAM, L1) in stopped(story)


def test_also_where_the_level_above_stands_already() -> None:
    story = resumed(lots=(L1,))
    orders(story, HaltLevel.H3, L1)
    freed(story, lots=(L1,))
    assert HaltLevel.H3 in free_levels(story.incident)
    assert [one.level for one in orders(story, HaltLevel.H3, L1)] == [HaltLevel.H2]
    assert (CREAM, L1) in stopped(story)
    again = OrderHalt(level=HaltLevel.H3, products=(CREAM,), lots=(L1,), reason=SEEN)
    assert story.refused(COMMANDER, again).reason == "halt_stands"


def test_a_level_that_stops_all_of_it_is_ordered_no_second_time() -> None:
    story = resumed(lots=(L1,))
    given = orders(story, HaltLevel.H3, L2)
    assert [one.level for one in given] == [HaltLevel.H3]
    assert (CREAM, L1) not in stopped(story)


def test_no_report_of_the_same_stops_what_was_freed_at_any_level() -> None:
    story = resumed(lots=(L1,))
    orders(story, HaltLevel.H3, L2)
    given = [one for one in told_again(story, "L1") if isinstance(one, HaltOrdered)]
    assert not [one for one in given if one.level == HaltLevel.H2]
    assert (CREAM, L1) not in stopped(story)
