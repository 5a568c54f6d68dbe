"""What is resumed with nothing named leaves out what is on sale again already."""

from typing import Any

import pytest

from domain.halt import OrderHalt
from domain.resuming import SaleResumed
from domain.severity import HaltLevel
from tests.domain.recalls import COMMANDER
from tests.domain.story import Story
from tests.domain.test_drift import caused
from tests.domain.test_resuming_goods import (
    BOTH,
    CREAM,
    L1,
    L2,
    L9,
    PROMOTION,
    SHOP,
    SOAP,
    freed,
    ordered,
)
from tests.domain.test_two_orders import SEEN, answers

EVERY = ((CREAM, SOAP), (L1, L2, L9))


def resumed(story: Story, **named: Any) -> SaleResumed:
    """Resume the rest of H2."""
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    _left, last = freed(story, **named)
    return last


@pytest.mark.parametrize(
    ("first", "goods"),
    [
        ({"products": (CREAM,)}, ((SOAP,), (L1, L2, L9))),
        ({"lots": (L1,)}, ((CREAM, SOAP), (L2, L9))),
        ({"products": (CREAM,), "lots": (L1,)}, EVERY),
        ({"products": (CREAM,), "channels": (SHOP,)}, EVERY),
    ],
    ids=["a product", "a lot", "a lot that is stopped of the other", "at one channel alone"],
)
def test_the_rest_names_nothing_that_is_on_sale_again(first: Any, goods: Any) -> None:
    story = ordered(BOTH)
    freed(story, **first)
    last = resumed(story)
    assert (last.products, last.lots) == goods
    [effect] = [one for one in caused(story) if one.name == "resume"][-1:]
    assert (tuple(effect.body["products"]), tuple(effect.body["lots"])) == goods


def test_what_was_stopped_again_is_named_again() -> None:
    story = ordered(BOTH)
    freed(story, products=(CREAM,))
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    again = OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L1,), reason=SEEN)
    story.did(COMMANDER, again)
    last = resumed(story)
    assert last.products == (CREAM, SOAP)


def test_at_the_channel_where_it_is_sold_the_rest_alone_is_named() -> None:
    story = ordered(BOTH)
    freed(story, products=(CREAM,), channels=(SHOP,))
    last = resumed(story, channels=(SHOP,))
    assert (last.products, last.lots) == ((SOAP,), (L1, L2, L9))
