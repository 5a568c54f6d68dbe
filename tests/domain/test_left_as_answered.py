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
from domain.people import PERFORMER
from domain.resumed_channels import ConfirmResumed
from domain.resuming import LiftHalt
from domain.under_way import is_resuming
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_drift import CHANNELS, caused
from tests.domain.test_resuming_goods import CREAM, L1, L2, SHOP, SOAP, freed, ordered
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
