"""Lifting the newest order where others stop all of it asks nobody anew who answered those."""

from domain.agenda import dues
from domain.channels import ChannelOutcome, ReportOutcomes, TakeOverChannel, standing
from domain.halt import OrderHalt
from domain.people import PERFORMER
from domain.resuming import HaltLifted, LiftHalt
from domain.severity import HaltLevel
from domain.values import LotNumber
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_drift import CHANNELS, caused
from tests.domain.test_resuming_goods import CREAM, L1, L2, PROMOTION, SHOP, freed, ordered
from tests.domain.test_two_orders import SEEN
from tests.domain.test_under_way import L3, at_shop, told

L4 = LotNumber("L4")


def halts(story: Story, *lots: LotNumber) -> int:
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=lots, reason=SEEN))
    return story.incident.halt.orders[-1].number


def lifts(story: Story, number: int) -> HaltLifted:
    story.does(COMMANDER, LiftHalt(number=number, reason=SEEN))
    [lifted] = [one for one in story.signed(QSR) if isinstance(one, HaltLifted)]
    return lifted


def three_orders() -> tuple[Story, int, int, int]:
    """Order L1 and L2, L2 and L3, and last L3 and L1, which the first two stop without it."""
    story = ordered(((CREAM,), (L1, L2)))
    first = story.incident.halt.orders[-1].number
    return story, first, halts(story, L2, L3), halts(story, L3, L1)


def states(story: Story) -> dict[int, str]:
    return {one.order: one.state for one in at_shop(story).by_order}


def asked_anew(story: Story) -> set[tuple[str, str]]:
    return {
        (one.target, channel)
        for one in caused(story)
        if one.name == "halt_again"
        for channel in one.body["channels"]
    }


def test_what_a_channel_refused_stays_refused_and_the_rest_is_asked_for() -> None:
    story, first, second, last = three_orders()
    refusal = ChannelOutcome(channel=SHOP, order=first, state="refused", attempts=1, error="No.")
    story.did(PERFORMER, ReportOutcomes(outcomes=(refusal,)))
    assert lifts(story, last).stay
    assert states(story) == {first: "refused", second: "ordered"}
    assert (at_shop(story).state, at_shop(story).last_error) == ("refused", "No.")


def test_what_a_named_person_took_over_is_left_to_them() -> None:
    story, _first, second, last = three_orders()
    story.did(CHANNELS, TakeOverChannel(channel=SHOP, reason=words("I drive there.")))
    lifts(story, last)
    now = at_shop(story)
    assert (now.state, now.order, now.by_order) == ("taken_over", second, ())
    assert SHOP not in {channel for _, channel in asked_anew(story)}
    assert PROMOTION in {channel for _, channel in asked_anew(story)}
    assert not [one for one in dues(story.incident) if one.item == SHOP]


def test_who_answered_nothing_is_asked_for_each_that_stands() -> None:
    story, first, second, last = three_orders()
    lifts(story, last)
    assert states(story) == {first: "ordered", second: "ordered"}
    assert {(str(first), SHOP), (str(second), SHOP)} <= asked_anew(story)


def test_an_order_that_is_lifted_is_open_nowhere_while_the_rest_of_it_goes_back() -> None:
    story = ordered(((CREAM,), (L2, L3)), ((CREAM,), (L1, L2, L4)))
    [whole], resumed = freed(story, lots=(L4,))
    for channel in (SHOP, PROMOTION):
        told(story, str(resumed.number), "resumed", channel=channel)
    assert lifts(story, whole.number).partly
    assert whole.number not in states(story)
    assert f"channel:{SHOP}:{whole.number}" not in {one.key for one in dues(story.incident)}
    refusal = ChannelOutcome(
        channel=SHOP, order=whole.number, state="refused", attempts=1, error="No."
    )
    assert not story.did(PERFORMER, ReportOutcomes(outcomes=(refusal,)))
    assert standing(at_shop(story), story.now) == "resuming"
