"""That a part of the goods sells again answers for nothing that stays stopped."""

from typing import Any

import pytest

from domain.channels import (
    ChannelOutcome,
    ConfirmChannel,
    ReportOutcomes,
    TakeOverChannel,
    standing,
)
from domain.drift import ReportDrift
from domain.halt import OrderHalt
from domain.orders_there import orders_at
from domain.people import PERFORMER
from domain.resumed_channels import ConfirmResumed
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.sold_again import said_that_they_sell
from domain.under_way import is_resuming, under_way
from domain.values import LotNumber
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_drift import CHANNELS, MONITOR, caused
from tests.domain.test_resuming_goods import CREAM, L1, L2, SHOP, SOAP, freed, ordered, stopped
from tests.domain.test_two_orders import SEEN, answers
from tests.domain.test_under_way import at_shop, told

DRIVES = TakeOverChannel(channel=SHOP, reason=words("I drive there."))


def refuses(story: Story, order: int) -> None:
    """Let the shop refuse an order."""
    outcome = ChannelOutcome(
        channel=SHOP, order=order, state="refused", attempts=1, error="We have no time."
    )
    story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))


def anew(story: Story) -> list[Any]:
    return [one.body["lots"] for one in caused(story) if one.name == "halt_again"]


def part_freed(story: Story) -> str:
    """Free L2 of the cream while L1 stays stopped; gives the order that says so."""
    _left, resumed = freed(story, lots=(L2,))
    return str(resumed.number)


@pytest.fixture
def taken() -> Story:
    story = ordered(((CREAM,), (L1, L2)))
    story.did(CHANNELS, DRIVES)
    return story


@pytest.mark.parametrize("came", ["accepted", "resumed", "failed"])
def test_what_a_person_took_over_is_left_to_them(taken: Story, came: str) -> None:
    resume = part_freed(taken)
    before = at_shop(taken)
    assert (before.state, before.taken_over_by) == ("taken_over", CHANNELS.id)
    assert before.order == taken.incident.halt.orders[-1].number
    assert is_resuming(before), "it is told what may be sold again all the same"
    told(taken, resume, came, error="401" if came == "failed" else "")
    assert anew(taken) == []
    assert at_shop(taken).state == "taken_over"
    assert is_resuming(at_shop(taken)) is (came != "resumed")


def test_a_person_says_that_it_sells_again_and_still_answers_for_the_rest(taken: Story) -> None:
    part_freed(taken)
    taken.did(CHANNELS, ConfirmResumed(channel=SHOP, proof=words("They rang.")))
    assert (at_shop(taken).state, is_resuming(at_shop(taken))) == ("taken_over", False)


def test_where_nothing_is_left_there_is_nothing_to_answer_for(taken: Story) -> None:
    taken.does(COMMANDER, LiftHalt(number=at_shop(taken).order, reason=SEEN))
    taken.signed(QSR)
    assert at_shop(taken).state == "resuming"


@pytest.mark.parametrize("came", ["accepted", "failed"])
def test_what_was_refused_stays_refused_until_somebody_answers_for_it(came: str) -> None:
    story = ordered(((CREAM,), (L1, L2)))
    refuses(story, at_shop(story).order)
    resume = part_freed(story)
    assert refusal(story) == ("refused", "We have no time.")
    told(story, resume, came, error="401" if came == "failed" else "")
    assert standing(at_shop(story), story.now) == "refused"
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I was there.")))
    assert standing(at_shop(story), story.now) != "refused"


def refusal(story: Story) -> tuple[str, str]:
    """Give where the shop stands and what it said."""
    now = at_shop(story)
    said = next(one.error for one in now.by_order if one.state == "refused")
    return standing(now, story.now), str(said)


def test_who_takes_a_refusal_over_keeps_it_when_the_rest_was_told() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    refuses(story, at_shop(story).order)
    resume = part_freed(story)
    story.did(CHANNELS, DRIVES)
    assert (at_shop(story).state, is_resuming(at_shop(story))) == ("taken_over", True)
    told(story, resume, "accepted")
    assert anew(story) == []
    assert (at_shop(story).state, at_shop(story).taken_over_by) == ("taken_over", CHANNELS.id)


@pytest.mark.parametrize("came", ["", "failed"])
def test_goods_that_were_found_on_sale_stay_found_while_the_rest_resumes(came: str) -> None:
    story = ordered(((CREAM,), (L1, L2)))
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    resume = part_freed(story)
    if came:
        told(story, resume, came, error="401")
    assert standing(at_shop(story), story.now) == "selling"
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I took them off.")))
    assert at_shop(story).drift is None
    assert is_resuming(at_shop(story))


def test_goods_found_on_sale_can_be_taken_over_while_the_rest_resumes() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    part_freed(story)
    story.did(CHANNELS, DRIVES)
    assert (at_shop(story).state, at_shop(story).drift) == ("taken_over", None)


def test_signed_goods_come_back_when_the_order_that_held_them_is_lifted() -> None:
    """Cream of L2 was freed; an order for both products held it again, and is lifted."""
    story = ordered(((CREAM, SOAP), (L1, L2)))
    freed(story, products=(CREAM,), lots=(L2,))
    wider = OrderHalt(level=HaltLevel.H2, products=(CREAM, SOAP), lots=(L2,), reason=SEEN)
    story.did(COMMANDER, wider)
    assert not is_resuming(at_shop(story))
    story.does(COMMANDER, LiftHalt(number=at_shop(story).order, reason=SEEN))
    story.signed(QSR)
    [waits] = under_way(at_shop(story))
    assert (waits.products, waits.lots) == ((CREAM,), (L2,))
    assert stopped(story) == {(CREAM, L1), (SOAP, L1), (SOAP, L2)}
    assert SHOP not in said_that_they_sell(story.incident)


def test_where_the_newest_order_ends_the_one_that_is_left_is_the_one_they_answer_for() -> None:
    story = ordered(((CREAM,), (L1,)), ((SOAP,), ()))
    story.did(CHANNELS, DRIVES)
    freed(story, products=(SOAP,))
    assert at_shop(story).state == "taken_over"
    assert at_shop(story).order == max(o.number for o in orders_at(story.incident, SHOP))


def test_of_two_orders_the_refused_one_stays_so_when_the_other_ends_in_part() -> None:
    story = ordered(((CREAM,), (L1, L2)), ((SOAP,), ()))
    refuses(story, story.incident.halt.orders[-1].number)
    part_freed(story)
    assert refusal(story)[0] == "refused"


def test_where_it_had_confirmed_it_confirms_what_is_left_anew() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    answers(story, "confirmed", SHOP)
    resume = part_freed(story)
    told(story, resume, "accepted")
    assert anew(story) == [["L1"]]
    assert at_shop(story).state == "ordered"


def both_confirmed() -> Story:
    """Cream and soap are stopped and confirmed; the soap may be sold again."""
    story = ordered(((CREAM,), ()), ((SOAP,), ()))
    for order in orders_at(story.incident, SHOP):
        outcome = ChannelOutcome(channel=SHOP, order=order.number, state="confirmed", attempts=1)
        story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))
    freed(story, products=(SOAP,))
    assert at_shop(story).state == "resuming"
    return story


def test_what_was_confirmed_and_is_found_on_sale_is_found_while_others_resume() -> None:
    story = both_confirmed()
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    assert standing(at_shop(story), story.now) == "selling"
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("I took them off.")))
    assert (at_shop(story).drift, is_resuming(at_shop(story))) == (None, True)


def test_an_answer_for_one_order_ends_no_sight_of_what_another_stops() -> None:
    story = ordered(((CREAM,), (L1, L2)), ((SOAP,), ()))
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    soap = story.incident.halt.orders[-1].number
    freed(story, products=(CREAM,), lots=(L2,))
    outcome = ChannelOutcome(channel=SHOP, order=soap, state="confirmed", attempts=1)
    story.does(PERFORMER, ReportOutcomes(outcomes=(outcome,)))
    assert standing(at_shop(story), story.now) == "selling"


def test_of_two_parts_with_the_same_goods_the_refusal_of_one_stays() -> None:
    story = ordered(((CREAM,), (L1, L2)), ((CREAM,), (L1, LotNumber("L3"))))
    refuses(story, orders_at(story.incident, SHOP)[0].number)
    freed(story, lots=(L2, LotNumber("L3")))
    assert refusal(story)[0] == "refused"
