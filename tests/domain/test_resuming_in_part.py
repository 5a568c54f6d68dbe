"""Sale resumes at some channels: the halt goes on at the others, and each end is as any other."""

from typing import Any

import pytest

from domain.desired import holds
from domain.halt import HaltOrdered, ListChannels, OrderHalt, halted_lots, halted_products
from domain.people import PERFORMER, Role
from domain.recall_scope import SetScope
from domain.report import AddReport
from domain.resuming import ResumeSale, SaleResumed
from domain.severity import HaltLevel
from domain.state.halt import ListedChannel
from domain.values import ChannelId, LotNumber, ProductId
from tests.domain.recalls import COMMANDER, QSR, lot, scope, words
from tests.domain.story import SERIOUS, START, Story, channels, person
from tests.domain.test_drift import caused
from tests.domain.test_report import WORDS
from tests.domain.test_two_orders import SEEN, answers

SHOP, PROMOTION = ChannelId("ch-own_shop"), ChannelId("ch-promotion")
BASIS = words("Its stock is of another lot.")


def resumed(story: Story, *channels: ChannelId, levels: tuple[HaltLevel, ...] = ()) -> SaleResumed:
    """Resume at channels, signed by two; gives the decision."""
    story.did(COMMANDER, ResumeSale(basis=BASIS, channels=channels, levels=levels))
    [event] = [one for one in story.signed(QSR) if isinstance(one, SaleResumed)]
    return event


def at_the_shop() -> Story:
    """Tell an incident whose H1 and H2 stand, and whose shop alone sells again."""
    story = Story()
    story.accepted(SERIOUS)
    story.keeps_evidence()
    assert resumed(story, SHOP).part
    return story


def held(story: Story) -> set[str]:
    return {hold.channel for hold in holds(story.incident) if hold.level == HaltLevel.H2}


def test_the_named_channels_alone_are_put_back_and_answer_as_any() -> None:
    story = at_the_shop()
    [resume] = [one for one in caused(story) if one.name == "resume"]
    assert resume.body["channels"] == [SHOP]
    assert held(story) == {PROMOTION}
    assert story.incident.halt.levels == ("H1", "H2")
    assert story.incident.halt.channels[PROMOTION].state == "ordered"
    answers(story, "resumed", SHOP)
    assert story.incident.halt.channels[SHOP].state == "resumed", "no order stands there"


def test_the_last_of_its_channels_ends_the_order() -> None:
    story = at_the_shop()
    rest = resumed(story, levels=(HaltLevel.H2,))
    assert (rest.channels, rest.part) == ((PROMOTION,), False)
    assert held(story) == set()
    assert story.incident.halt.levels == ("H1",)


def test_a_channel_that_is_not_stopped_is_not_resumed() -> None:
    story = at_the_shop()
    refusal = story.refused(COMMANDER, ResumeSale(basis=BASIS, channels=(SHOP,)))
    assert refusal.reason == "not_halted"
    assert SHOP in refusal.sentence


def test_a_person_stops_it_again_and_so_does_a_new_lot_but_no_report_of_the_same() -> None:
    story = at_the_shop()
    assert not [one for one in told_again(story, "L1") if isinstance(one, HaltOrdered)]
    assert held(story) == {PROMOTION}
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=SEEN))
    assert held(story) == {SHOP, PROMOTION}
    story = at_the_shop()
    assert [one for one in told_again(story, "L2") if isinstance(one, HaltOrdered)]
    assert held(story) == {SHOP, PROMOTION}


def told_again(story: Story, lot: str) -> list[Any]:
    """Let a further report come in."""
    report = AddReport(
        first_known_at=START, first_known_country="CN", words=WORDS, lots=(LotNumber(lot),)
    )
    return story.did(person(Role.SERVICE_AGENT), report)


def grown(story: Story, **more: Any) -> list[HaltOrdered]:
    """Widen what the incident is about; gives the orders of the level of the shop."""
    events = story.did(person(Role.QUALITY), SetScope(**scope(**more)))
    ordered = [one for one in events if isinstance(one, HaltOrdered)]
    return [one for one in ordered if one.level == HaltLevel.H2]


def goods_at(orders: list[HaltOrdered], channel: str) -> list[tuple[Any, Any]]:
    return [
        (one.products, one.lots)
        for one in orders
        if channel in [each.channel for each in one.channels]
    ]


@pytest.mark.parametrize(
    ("more", "at_shop"),
    [
        ({"lots": (lot("L2"),)}, [(("cream",), ("L2",))]),
        ({"products": (ProductId("cream"), ProductId("soap"))}, [(("soap",), ("L1",))]),
        ({"lots": (), "unbounded": True}, [(("cream",), ())]),
    ],
    ids=["a new lot", "a new product", "no bounds any more"],
)
def test_where_sale_resumed_only_what_is_new_stops(more: Any, at_shop: list[Any]) -> None:
    story = at_the_shop()
    answers(story, "resumed", SHOP)
    orders = grown(story, **more)
    assert goods_at(orders, SHOP) == at_shop
    [(products, lots)] = goods_at(orders, PROMOTION)
    assert (products, lots) == (halted_products(story.incident), halted_lots(story.incident))


def test_the_same_scope_again_orders_nothing_where_sale_resumed() -> None:
    story = at_the_shop()
    answers(story, "resumed", SHOP)
    assert grown(story) == []


def test_a_known_lot_is_new_of_another_product_where_sale_resumed() -> None:
    story = at_the_shop()
    answers(story, "resumed", SHOP)
    soap, lots = (ProductId("soap"),), (LotNumber("L2"),)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=soap, lots=lots, reason=SEEN))
    orders = grown(story, products=(ProductId("cream"), *soap), lots=(lot("L1"), lot("L2")))
    assert goods_at(orders, SHOP) == [(("cream",), ("L2",)), (("soap",), ("L1",))]


NEW_SHOP = ListedChannel(
    id="shop-new", kind="own_shop", level="H2", name="New", name_zh="新店", market="CN"
)


def test_an_order_to_a_new_channel_alone_is_no_order_everywhere() -> None:
    story = at_the_shop()
    [_listed, ordered] = story.did(PERFORMER, ListChannels(channels=(*channels(), NEW_SHOP)))
    assert [one.channel for one in ordered.channels] == ["shop-new"]
    again = story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=BASIS))
    assert SHOP in {one.channel for one in again[0].channels}
    refusal = story.refused(COMMANDER, OrderHalt(level=HaltLevel.H2, reason=BASIS))
    assert "stands already" in refusal.sentence, "two orders together stand everywhere"
