"""Two orders at one channel: the end of one puts back its goods alone, and the other goes on."""

from typing import Any

import pytest

from domain.channels import ChannelOutcome, ReportOutcomes
from domain.desired import Hold, holds
from domain.halt import OrderHalt
from domain.people import PERFORMER
from domain.resumed_channels import ConfirmResumed
from domain.resuming import HaltLifted, LiftHalt, ResumeSale, SaleResumed
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, ProductId, PublicText
from tests.domain.recalls import COMMANDER, QSR, words
from tests.domain.story import MILD, Story
from tests.domain.test_drift import caused

PLANT = ChannelId("ch-plant")
"""Nothing is ordered there yet when a mild report is accepted."""

SEEN = PublicText("I saw it myself.")
CREAM = ("cream",)
Goods = tuple[tuple[str, ...], tuple[str, ...]]


def ordered(*goods: Goods) -> Story:
    """Tell an incident with one order at the plant for each of the goods, the last confirmed."""
    story = Story()
    story.accepted(MILD)
    story.keeps_evidence()
    for products, lots in goods:
        story.did(QSR, order(products, lots))
    answers(story, "confirmed")
    return story


def number(story: Story, which: int) -> int:
    """Give the number of the first, second, … order at the plant."""
    orders = [one.number for one in story.incident.halt.orders if one.level == HaltLevel.H4]
    return orders[which - 1]


def order(products: tuple[str, ...], lots: tuple[str, ...]) -> OrderHalt:
    return OrderHalt(
        level=HaltLevel.H4,
        products=tuple(map(ProductId, products)),
        lots=tuple(map(LotNumber, lots)),
        reason=SEEN,
    )


def answers(story: Story, state: str, channel: str = PLANT) -> list[Any]:
    """Let one channel answer the order that it has now."""
    now = story.incident.halt.channels[channel]
    outcome = ChannelOutcome(channel=channel, order=now.order, state=state, attempts=1)
    return story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))


def lifted(story: Story, which: int) -> HaltLifted:
    """Lift an order; gives what was lifted."""
    lift = LiftHalt(number=number(story, which), reason=words("A wrong number."))
    story.does(COMMANDER, lift)
    [event] = [one for one in story.signed(QSR) if isinstance(one, HaltLifted)]
    return event


@pytest.mark.parametrize(
    ("first", "second", "end", "goes_back"),
    [
        pytest.param(("cream", "L1"), ("cream", "L1 L2"), 2, ("cream", "L2", "L1"), id="grown: the growth ends"),
        pytest.param(("cream", "L1"), ("soap", "L9"), 1, ("cream", "L1", ""), id="apart: the earlier ends"),
        pytest.param(("cream", "L1"), ("soap", "L9"), 2, ("soap", "L9", ""), id="apart: the later ends"),
        pytest.param(("cream soap", "L1"), ("cream", "L1 L2"), 1, ("soap", "L1", ""), id="one product shared"),
    ],
)  # fmt: skip
def test_what_goes_back_is_what_no_other_order_stops(
    first: tuple[str, str], second: tuple[str, str], end: int, goes_back: tuple[str, str, str]
) -> None:
    made = [(tuple(one.split()), tuple(other.split())) for one, other in (first, second)]
    story = ordered(*made)
    stays = number(story, 3 - end)
    event = lifted(story, end)
    products, lots, kept = (tuple(one.split()) for one in goes_back)
    assert PLANT in event.partly
    [resume] = [one for one in caused(story) if one.name == "resume" and one.body["channels"]]
    body = resume.body
    assert (tuple(body["products"]), tuple(body["lots"])) == (products, lots)
    assert event.kept_lots == kept
    assert "kept" not in body, "what is recalled alone is sent back"
    assert story.incident.halt.channels[PLANT].state == "resuming"
    answers(story, "resumed")
    now = story.incident.halt.channels[PLANT]
    assert (now.state, now.order) == ("ordered", stays), "the other order goes out anew"
    assert now.answer_due_at is not None
    [again] = [one for one in caused(story) if one.name == "halt_again"]
    assert (again.target, again.body["channels"]) == (str(stays), [PLANT])
    assert not [one for one in caused(story) if one.name == "settle"]
    answers(story, "confirmed")
    assert {hold.order for hold in at_the_plant(story)} == {stays}


def at_the_plant(story: Story) -> list[Hold]:
    return [hold for hold in holds(story.incident) if hold.channel == PLANT]


@pytest.mark.parametrize(("end", "order_there"), [(1, 3), (3, 2)], ids=["earlier", "last"])
def test_where_others_stop_all_of_it_nothing_goes_back(end: int, order_there: int) -> None:
    story = ordered((CREAM, ("L1",)), (CREAM, ("L2",)), (CREAM, ("L1", "L2")))
    event = lifted(story, end)
    assert (PLANT in event.channels, event.partly) == (False, ())
    now = story.incident.halt.channels[PLANT]
    assert now.order == number(story, order_there)
    assert now.state == ("confirmed" if end == 1 else "ordered")
    again = [one.target for one in caused(story) if one.name == "halt_again"]
    left = [str(number(story, 1)), str(now.order)]
    assert again == ([] if end == 1 else left), "every order that stands goes out"
    assert {lot for hold in at_the_plant(story) for lot in hold.lots} == {"L1", "L2"}


def test_sale_resumes_for_all_that_was_stopped_also_beside_what_was_reported() -> None:
    story = ordered((CREAM, ("L1",)), (("soap",), ("L9",)))
    story.did(COMMANDER, ResumeSale(basis=words("All tests passed.")))
    resumed: SaleResumed = story.signed(QSR)[-1]
    assert (resumed.products, resumed.lots) == (("cream", "soap"), ("L1", "L9"))


def test_sale_resumes_whichever_order_a_channel_heard_last() -> None:
    story = ordered((CREAM, ("L1",)), (("soap",), ("L9",)))
    lifted(story, 2)
    story.did(COMMANDER, ResumeSale(basis=words("All tests passed.")))
    resumed: SaleResumed = story.signed(QSR)[-1]
    assert PLANT in resumed.channels
    story.did(COMMANDER, ConfirmResumed(channel=PLANT, proof=SEEN))
    assert story.incident.halt.channels[PLANT].state == "resumed"
    assert holds(story.incident) == ()


KEPT = ((("lotion", "soap"), ("L1",)), (("lotion", "soap"), ("L9",)), (("soap",), ("L1", "L9")))
"""Lifted in their order, L1 of lotion is kept back: soap of the same lot is still stopped."""


def test_the_last_lift_puts_back_what_those_before_kept_back() -> None:
    story = ordered(*KEPT)
    for which in (1, 2):
        lifted(story, which)
        answers(story, "resumed")
    event = lifted(story, 3)
    assert PLANT in event.channels
    [body] = [one.body for one in caused(story) if one.name == "resume" and one.body["channels"]]
    assert (body["products"], body["lots"]) == (["lotion", "soap"], ["L1", "L9"])
    [target] = [
        one.target for one in caused(story) if one.name == "resume" and one.body["channels"]
    ]
    assert story.incident.halt.channels[PLANT].resume == target


def test_resuming_puts_back_what_lifts_before_kept_back() -> None:
    story = ordered(*KEPT)
    for which in (1, 2):
        lifted(story, which)
        answers(story, "resumed")
    story.did(COMMANDER, ResumeSale(basis=words("All tests passed."), levels=(HaltLevel.H4,)))
    resumed: SaleResumed = story.signed(QSR)[-1]
    assert (resumed.products, resumed.lots) == (("cream", "lotion", "soap"), ("L1", "L9"))


def test_an_order_that_ended_before_this_one_began_is_not_named_again() -> None:
    story = ordered((("soap",), ("L9",)))
    lifted(story, 1)
    answers(story, "resumed")
    story.later(hours=1)
    story.did(QSR, order(CREAM, ("L1",)))
    assert lifted(story, 2).too == ()


def test_a_refusal_stands_since_it_was_said_also_under_a_further_order() -> None:
    story = ordered((CREAM, ("L1",)))
    story.did(QSR, order(CREAM, ("L3",)))
    story.later(minutes=1)
    answers(story, "refused")
    refused_at = story.incident.halt.channels[PLANT].answered_at
    story.later(minutes=2)
    story.did(QSR, order(CREAM, ("L4",)))
    now = story.incident.halt.channels[PLANT]
    assert (now.state, now.answered_at) == ("refused", refused_at)
    assert refused_at is not None
    assert now.ordered_at > refused_at
    story.later(minutes=2)
    answers(story, "confirmed")
    now = story.incident.halt.channels[PLANT]
    assert now.state == "refused"


def test_what_is_asked_anew_waits_since_it_was_asked() -> None:
    story = ordered((CREAM, ("L1",)))
    story.later(minutes=2)
    story.did(QSR, order(CREAM, ("L3",)))
    now = story.incident.halt.channels[PLANT]
    assert (now.state, now.answered_at) == ("ordered", None)
