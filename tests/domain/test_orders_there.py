"""Several orders of different goods at one channel: it has stopped when each is answered for."""

import pytest

from domain.agenda import dues
from domain.channels import ChannelOutcome, ConfirmChannel, ReportOutcomes
from domain.drift import AskChannelsAgain, ReportDrift
from domain.halt import OrderHalt
from domain.people import PERFORMER
from domain.resuming import LiftHalt
from domain.severity import HaltLevel
from domain.state.halt import ChannelHalt
from domain.values import ChannelId, LotNumber, ProductId, PublicText
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import CRITICAL, Story
from tests.domain.test_drift import MONITOR, SEEN, caused

RETAILER = ChannelId("ch-retailer")


def also(story: Story, product: str, *lots: str) -> None:
    """Order goods to stop at the level of the retailer."""
    story.did(
        QSR,
        OrderHalt(
            level=HaltLevel.H3, products=(ProductId(product),),
            lots=tuple(map(LotNumber, lots)), reason=PublicText("The same raw material."),
        ),
    )  # fmt: skip


def twice(product: str = "soap", *lots: str) -> tuple[Story, int, int]:
    """Tell two orders at one retailer, of cream L1 and of something else."""
    story = Story()
    story.reported(CRITICAL)
    first = there(story).order
    also(story, product, *(lots or ("S1",)))
    return story, first, there(story).order


def there(story: Story) -> ChannelHalt:
    return story.incident.halt.channels[RETAILER]


def answers(story: Story, order: int, state: str, error: str = "") -> list[object]:
    one = ChannelOutcome(channel=RETAILER, order=order, state=state, attempts=1, error=error)
    return story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))


@pytest.mark.parametrize("state", ["refused", "failed", "unreadable"])
def test_an_older_order_that_did_not_get_through_counts_at_once(state: str) -> None:
    story, first, second = twice()
    answers(story, second, "confirmed")
    assert there(story).state == "ordered", "the older order stands there unanswered"
    answers(story, first, state, "We do not.")
    assert (there(story).state, there(story).last_error) == (state, "We do not.")
    assert answers(story, first, state, "We do not.") == [], "the same again is no news"
    assert f"channel:{RETAILER}:{first}" in [due.key for due in dues(story.incident)]
    story.did(COMMANDER, AskChannelsAgain(channels=(RETAILER,)))
    assert [(one.name, one.target) for one in caused(story)] == [("halt_again", str(first))]
    answers(story, first, "confirmed")
    assert (there(story).state, there(story).by_order) == ("confirmed", ())


def test_a_failure_before_a_newer_order_is_still_seen_and_its_time_runs_on() -> None:
    story = Story()
    story.reported(CRITICAL)
    before = there(story)
    answers(story, before.order, "failed", "No line.")
    story.later(minutes=10)
    also(story, "soap", "S1")
    assert (there(story).state, there(story).answer_due_at) == ("failed", before.answer_due_at)


def test_an_order_that_names_the_older_goods_too_is_answered_for_both() -> None:
    story, first, second = twice("cream", "L1", "L2")
    assert there(story).by_order == ()
    answers(story, second, "confirmed")
    assert there(story).state == "confirmed"
    assert [one.body["order"] for one in caused(story)] == [first], "its carrier hears of it"


def test_a_person_s_word_is_about_every_order_there() -> None:
    story, first, second = twice()
    story.did(COMMANDER, ConfirmChannel(channel=RETAILER, proof=PublicText("I was there.")))
    assert there(story).state == "confirmed"
    assert {one.body["order"] for one in caused(story)} == {first, second}


def test_goods_found_on_sale_send_every_order_anew_and_each_is_answered() -> None:
    story, first, second = twice()
    for order in (first, second):
        answers(story, order, "confirmed")
    story.did(MONITOR, ReportDrift(channel=RETAILER, how_seen=SEEN))
    sent = [one for one in caused(story) if one.name == "halt_again"]
    assert [(one.target, one.body["products"]) for one in sent] == [
        (str(first), ["cream"]), (str(second), ["soap"]),
    ]  # fmt: skip
    assert {one.order for one in there(story).again} == {first, second}
    answers(story, second, "confirmed")
    assert there(story).state == "selling"
    answers(story, first, "confirmed")
    assert (there(story).state, there(story).drift) == ("confirmed", None)


def test_what_stands_when_one_of_three_is_lifted_is_all_ordered_anew() -> None:
    story, first, second = twice()
    also(story, "lotion", "T1")
    third = there(story).order
    story.keeps_evidence()
    story.did(COMMANDER, LiftHalt(number=third, reason=words("An error.")))
    story.signed(QSR)
    answers(story, 0, "resumed")
    sent = [one.target for one in caused(story) if one.name == "halt_again"]
    assert sent == [str(first), str(second)]
    answers(story, second, "confirmed")
    assert there(story).state == "ordered"
    answers(story, first, "confirmed")
    assert there(story).state == "confirmed"
