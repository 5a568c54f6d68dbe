"""An order to sell again that was handed over is told, not followed: somebody has to say so."""

from typing import Any

import pytest

from domain.channel_answers import AnswerOrder, LotSetApart, OwnAnswer, ended_at
from domain.channels import RESUME, ChannelAnswered, ChannelOutcome, ReportOutcomes, TakeOverChannel
from domain.halt import OrderHalt
from domain.orders_there import orders_at
from domain.people import PERFORMER, channel_actor
from domain.resumed_channels import ConfirmResumed, unsaid
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.state.halt import ChannelHalt
from domain.values import LotNumber, PrivateText
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import Story
from tests.domain.test_drift import CHANNELS, caused
from tests.domain.test_resuming_goods import CREAM, L1, L2, SHOP, freed, ordered

OUTBOX = "message in the outbox"
CALLED = ConfirmResumed(channel=SHOP, proof=words("Mr Zhou said so on the telephone."))


def carried(story: Story, state: str, error: str = "") -> list[Any]:
    """Report what came of the order to resume at the shop."""
    one = ChannelOutcome(
        channel=SHOP, order=RESUME, state=state, attempts=1, error=error,
        proof="" if error else OUTBOX,
    )  # fmt: skip
    return story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))


def resuming(*lots: LotNumber) -> Story:
    """Tell an incident of two lots whose shop is told to sell again: all, or some of its lots."""
    story = ordered(((CREAM,), (L1, L2)))
    freed(story, channels=(SHOP,), lots=lots)
    return story


def shop(story: Story) -> ChannelHalt:
    return story.incident.halt.channels[SHOP]


def waited_for(story: Story) -> list[str]:
    """Give the channels that have another order and have not said that they sell the rest."""
    return sorted(unsaid(story.incident))


def carriers_ended(story: Story) -> list[str]:
    return [one.body["resume"] for one in caused(story) if one.name == "settle"]


def test_a_letter_that_was_handed_over_is_no_answer_and_a_person_gives_it() -> None:
    story = resuming()
    [told] = carried(story, "accepted")
    assert (told.state, told.error, told.under) == ("resuming", "", 0)
    assert (shop(story).state, shop(story).proof) == ("resuming", OUTBOX)
    assert carriers_ended(story) == ["2"], "nobody carries it on: people wait for the answer"
    story.did(CHANNELS, CALLED)
    assert shop(story).state == "resumed"


def test_a_shop_that_says_itself_that_it_sells_again_has_resumed() -> None:
    story = resuming()
    carried(story, "resumed")
    assert shop(story).state == "resumed"


def test_what_was_handed_over_ends_the_error_before() -> None:
    story = resuming()
    carried(story, "failed", "The mail server is away.")
    assert shop(story).resume_failed_at is not None
    carried(story, "accepted")
    assert shop(story).resume_failed_at is None
    assert not shop(story).last_error


def in_part() -> Story:
    story = resuming(L1)
    carried(story, "accepted")
    return story


def test_what_stays_stopped_is_ordered_anew_at_once_and_the_rest_is_waited_for_beside_it() -> None:
    story = in_part()
    assert (shop(story).state, waited_for(story)) == ("ordered", [SHOP])
    assert [one.body["lots"] for one in caused(story) if one.name == "halt_again"] == [["L2"]]
    assert carriers_ended(story) == ["2"]
    before = shop(story)
    story.did(CHANNELS, CALLED)
    assert not waited_for(story)
    assert shop(story) == before, "of what stops there it says nothing"
    assert not caused(story), "nobody who carries the other order is told that it is over"
    assert story.refused(CHANNELS, CALLED).reason == "needs_resume"


def test_that_it_has_stopped_the_others_does_not_say_that_it_sells_these() -> None:
    story = in_part()
    story.did(CHANNELS, TakeOverChannel(channel=SHOP, reason=words("I drive there.")))
    assert (shop(story).state, waited_for(story)) == ("taken_over", [SHOP])


def own_word(story: Story, order: int) -> AnswerOrder:
    """Give the shop's own word, on the page of one of its orders, that it sells again."""
    return AnswerOrder(
        channel=SHOP, order=order, answer=OwnAnswer.RESUMED,
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
    )  # fmt: skip


def test_the_channel_says_itself_on_the_page_of_the_order_that_ended() -> None:
    story = in_part()
    ended, stands = ended_at(story.incident, SHOP), shop(story).order
    assert ended != stands
    refusal = story.refused(channel_actor(SHOP), own_word(story, stands))
    assert refusal.reason == "not_asked", "that order stands"
    answered, said = story.did(channel_actor(SHOP), own_word(story, ended))
    assert (answered.state, said.answer, waited_for(story)) == ("resumed", "resumed", [])
    assert story.refused(channel_actor(SHOP), own_word(story, ended)).reason == "not_asked"


def test_its_own_word_keeps_what_it_counted_when_it_stopped() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    counted = AnswerOrder(
        channel=SHOP, order=shop(story).order, answer=OwnAnswer.STOPPED,
        set_apart=(LotSetApart(lot="L2", units=7),),
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
    )  # fmt: skip
    story.did(channel_actor(SHOP), counted)
    freed(story, channels=(SHOP,))
    carried(story, "accepted")
    before = shop(story).own_answer
    story.did(channel_actor(SHOP), own_word(story, ended_at(story.incident, SHOP)))
    assert (shop(story).state, shop(story).own_answer) == ("resumed", before)


def test_an_order_beside_another_is_asked_of_after_it_was_lifted() -> None:
    story = ordered(((CREAM,), (L1,)), ((CREAM,), (L2,)))
    [first] = [one.number for one in orders_at(story.incident, SHOP) if one.lots == (L1,)]
    story.did(COMMANDER, LiftHalt(number=first, reason=words("An error.")))
    story.signed(QSR)
    carried(story, "accepted")
    assert (shop(story).state, waited_for(story)) == ("ordered", [SHOP])
    story.did(channel_actor(SHOP), own_word(story, first))
    assert not waited_for(story)


def test_nobody_waits_for_goods_that_are_stopped_again() -> None:
    story = in_part()
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=words("It happened again.")))
    assert not waited_for(story)
    assert story.refused(CHANNELS, CALLED).reason == "needs_resume"


def test_a_channel_that_sells_again_by_its_own_word_beside_another_order_is_not_waited_for() -> (
    None
):
    story = resuming(L1)
    carried(story, "resumed")
    assert (shop(story).state, waited_for(story)) == ("ordered", [])


@pytest.mark.parametrize("state", ["resuming", "resumed"])
def test_one_letter_is_told_once(state: str) -> None:
    story = resuming()
    carried(story, "accepted" if state == "resuming" else "resumed")
    if state == "resumed":
        assert not [one for one in carried(story, "accepted") if isinstance(one, ChannelAnswered)]
    assert shop(story).state == state
