"""What may be sold again while others of its order stay stopped, and what stays."""

from typing import Any

import pytest

from domain.halt import OrderHalt
from domain.recall_scope import SetScope
from domain.severity import HaltLevel
from domain.sold_again import lots_stopped, sold_again
from tests.domain.recalls import COMMANDER, QUALITY, scope
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


@pytest.mark.parametrize(
    ("goods", "named", "again"),
    [
        ([BOTH], {"lots": (L1,)}, [((CREAM, SOAP), (L1,), (SHOP, PROMOTION))]),
        (
            [BOTH],
            {"products": (CREAM,), "lots": (L1, L2)},
            [((CREAM,), (L1, L2), (SHOP, PROMOTION))],
        ),
        ([BOTH], {"lots": (L1,), "channels": (SHOP,)}, [((CREAM, SOAP), (L1,), (SHOP,))]),
        (
            [((CREAM,), (L1,)), ((CREAM,), (L1, L2))],
            {"lots": (L1,)},
            [((CREAM,), (L1,), (SHOP, PROMOTION))],
        ),
        ([BOTH], {"lots": (L1, L2, L9)}, []),
    ],
    ids=["a lot", "lots of a product", "at one channel", "of two orders", "all of it"],
)
def test_what_was_freed_is_named_once(goods: Any, named: Any, again: Any) -> None:
    story = ordered(*goods)
    freed(story, **named)
    found = sold_again(story.incident)
    assert [(one.products, one.lots, one.channels) for one in found] == again
    assert all(one.since == story.incident.halt.orders[-1].ordered_at for one in found)


def test_what_is_freed_later_is_told_apart_and_what_is_stopped_again_is_gone() -> None:
    story = ordered(BOTH)
    freed(story, lots=(L1,))
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    freed(story, lots=(L2,))
    assert [one.lots for one in sold_again(story.incident)] == [(L1,), (L2,)]
    assert lots_stopped(story.incident, (SHOP,)) == (L9,)
    again = OrderHalt(level=HaltLevel.H2, products=(CREAM, SOAP), lots=(L1,), reason=SEEN)
    story.did(COMMANDER, again)
    assert [one.lots for one in sold_again(story.incident)] == [(L2,)]


def test_no_lot_that_is_stopped_again_is_named_beside_the_product_that_it_is_stopped_of() -> None:
    story = ordered(((CREAM, SOAP), (L1, L9)), ((SOAP,), (L2,)))
    freed(story, lots=(L1, L9))
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L1,), reason=SEEN))
    told = [(one.products, one.lots) for one in sold_again(story.incident)]
    assert told == [((CREAM,), (L9,)), ((SOAP,), (L1, L9))]


@pytest.mark.parametrize("again", [(), (L1,)], ids=["nothing else", "one lot of it"])
def test_of_all_lots_those_that_are_stopped_again_are_left_out(again: Any) -> None:
    story = ordered(BOTH)
    story.did(QUALITY, SetScope(**scope(products=(CREAM, SOAP), lots=(), unbounded=True)))
    freed(story, products=(CREAM,))
    if again:
        order = OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=again, reason=SEEN)
        story.did(COMMANDER, order)
    every = [one for one in sold_again(story.incident) if not one.lots]
    assert [(one.products, one.but) for one in every] == [((CREAM,), again)]
