"""Sale resumes for some goods: what is left of each order goes on, with a number of its own."""

from typing import Any

import pytest

from domain.agenda import dues
from domain.desired import covered, holds
from domain.halt import HaltOrdered, OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.recall_scope import SetScope
from domain.resuming import LiftHalt, ResumeSale, SaleResumed
from domain.severity import HaltLevel
from domain.state.halt import first_of
from domain.values import ChannelId, LotNumber, ProductId
from tests.domain.recalls import (
    ASSESSOR,
    BOSS,
    COMMANDER,
    QSR,
    QUALITY,
    evaluation,
    lot,
    recall,
    scope,
    words,
)
from tests.domain.story import SERIOUS, Story
from tests.domain.test_drift import caused
from tests.domain.test_resuming_in_part import told_again
from tests.domain.test_two_orders import SEEN, answers

SHOP, PROMOTION = ChannelId("ch-own_shop"), ChannelId("ch-promotion")
BASIS = words("These lots are of another raw material.")
CREAM, SOAP = ProductId("cream"), ProductId("soap")
L1, L2, L9 = LotNumber("L1"), LotNumber("L2"), LotNumber("L9")


def ordered(*goods: tuple[tuple[ProductId, ...], tuple[LotNumber, ...]]) -> Story:
    """Tell an incident with orders of H2 for these goods."""
    story = Story()
    story.accepted(SERIOUS)
    story.keeps_evidence()
    freed(story)
    for products, lots in goods:
        story.did(
            COMMANDER, OrderHalt(level=HaltLevel.H2, products=products, lots=lots, reason=SEEN)
        )
    return story


def freed(story: Story, **named: Any) -> tuple[list[HaltOrdered], SaleResumed]:
    """Resume H2 for what is named, signed by two; gives the orders that go on, and the decision."""
    story.did(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))
    events = story.signed(QSR)
    left = [one for one in events if isinstance(one, HaltOrdered)]
    [resumed] = [one for one in events if isinstance(one, SaleResumed)]
    return left, resumed


def stopped(story: Story, channel: str = SHOP) -> set[tuple[str, str]]:
    """Give what is stopped at a channel, of all that the tests name."""
    there = [hold for hold in holds(story.incident) if hold.channel == channel]
    return {
        (product, lot)
        for product in (CREAM, SOAP)
        for lot in (L1, L2, L9)
        if covered(there, product, lot)
    }


BOTH = ((CREAM, SOAP), (L1, L2, L9))


@pytest.mark.parametrize(
    ("goods", "named", "stays"),
    [
        ([BOTH], {"lots": (L1,)}, {(CREAM, L2), (CREAM, L9), (SOAP, L2), (SOAP, L9)}),
        ([BOTH], {"products": (CREAM,)}, {(SOAP, L1), (SOAP, L2), (SOAP, L9)}),
        (
            [BOTH],
            {"products": (CREAM,), "lots": (L1, L2)},
            {(SOAP, L1), (SOAP, L2), (SOAP, L9), (CREAM, L9)},
        ),
        ([((CREAM,), (L1,)), ((CREAM,), (L1, L2))], {"lots": (L1,)}, {(CREAM, L2)}),
        ([((CREAM,), (L1,)), ((SOAP,), (L9,))], {"lots": (L1,)}, {(SOAP, L9)}),
    ],
    ids=[
        "a lot",
        "a product",
        "lots of a product",
        "a lot that two orders stop",
        "all of one order beside another",
    ],
)
def test_what_is_named_is_freed_and_the_rest_stays_stopped(
    goods: Any, named: Any, stays: set[tuple[str, str]]
) -> None:
    story = ordered(*goods)
    before = stopped(story)
    freed(story, **named)
    assert before > stays
    assert stopped(story) == stays == stopped(story, PROMOTION)
    assert story.incident.halt.levels == ("H1", "H2")


def test_what_is_left_goes_out_under_its_own_number_before_the_rest_resumes() -> None:
    story = ordered(BOTH)
    [left], resumed = freed(story, lots=(L1,))
    whole = left.part_of
    assert (left.number, left.lots, resumed.lots) == (whole + 1, (L2, L9), (L1,))
    assert resumed.orders == (whole,)
    assert {one.channel for one in left.channels} == set(resumed.channels) == {SHOP, PROMOTION}
    [halt, resume] = [one for one in caused(story) if one.name in ("halt", "resume")]
    assert (halt.target, halt.body["lots"], halt.seq < resume.seq) == (
        str(left.number),
        [L2, L9],
        True,
    )
    assert resume.body["carried"] == [[whole, [SHOP, PROMOTION]]], "its own order is carried on"


def test_a_channel_that_resumed_is_told_once_more_what_it_still_stops() -> None:
    story = ordered(BOTH)
    [left], _resumed = freed(story, lots=(L1,))
    now = story.incident.halt.channels[SHOP]
    assert (now.state, [one.order for one in now.by_order]) == ("resuming", [left.number])
    answers(story, "resumed", SHOP)
    now = story.incident.halt.channels[SHOP]
    assert (now.state, now.order) == ("ordered", left.number)
    [anew] = [one for one in caused(story) if one.name == "halt_again"]
    assert (anew.target, anew.body["lots"]) == (str(left.number), [L2, L9])


def test_goods_are_freed_at_the_named_channel_alone() -> None:
    story = ordered(BOTH)
    freed(story, lots=(L1,), channels=(SHOP,))
    assert (CREAM, L1) not in stopped(story)
    assert stopped(story, PROMOTION) == {(p, lot) for p in (CREAM, SOAP) for lot in (L1, L2, L9)}


@pytest.mark.parametrize(
    ("goods", "named", "code", "said"),
    [
        ([BOTH], {"lots": (LotNumber("L7"),)}, "not_halted", "L7"),
        ([((CREAM,), (L1,))], {"products": (SOAP,)}, "not_halted", "soap"),
    ],
    ids=["a lot that sells", "a product that sells"],
)
def test_what_cannot_be_freed_is_refused(goods: Any, named: Any, code: str, said: str) -> None:
    story = ordered(*goods)
    refusal = story.refused(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))
    assert refusal.reason == code
    assert said in refusal.sentence


def test_of_an_order_for_all_lots_products_alone_are_freed() -> None:
    story = ordered(BOTH)
    unbounded = scope(products=(CREAM, SOAP), lots=(), unbounded=True)
    story.did(QUALITY, SetScope(**unbounded))
    lots = ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), lots=(L1,))
    refusal = story.refused(COMMANDER, lots)
    assert (refusal.reason, "every lot" in refusal.sentence) == ("unbounded", True)
    _left, resumed = freed(story, products=(CREAM,))
    assert (resumed.products, resumed.lots) == ((CREAM,), ())
    assert stopped(story) == {(SOAP, L1), (SOAP, L2), (SOAP, L9)}


def test_more_is_freed_only_once_the_channels_sell_what_was_freed_before() -> None:
    story = ordered(BOTH)
    freed(story, lots=(L1,))
    more = ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), lots=(L2,))
    assert story.refused(COMMANDER, more).reason == "still_resuming"
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    freed(story, lots=(L2,))
    assert stopped(story) == {(CREAM, L9), (SOAP, L9)}


def test_all_that_stands_is_the_whole_of_it() -> None:
    story = ordered(BOTH)
    left, resumed = freed(story, lots=(L1, L2, L9))
    assert (left, resumed.orders, resumed.part) == ([], (), False)
    assert (stopped(story), story.incident.halt.levels) == (set(), ("H1",))


def test_what_is_left_is_lifted_by_nobody_alone_once_its_whole_was_confirmed() -> None:
    story = ordered(BOTH)
    story.did(QSR, ConfirmHalt(number=story.incident.halt.orders[-1].number))
    [left], _resumed = freed(story, lots=(L1,))
    refusal = story.refused(COMMANDER, LiftHalt(number=left.number, reason=SEEN))
    assert refusal.reason == "needs_resume"


def test_whoever_ordered_the_whole_does_not_confirm_what_is_left_of_it() -> None:
    story = ordered(BOTH)
    [left], _resumed = freed(story, lots=(L1,))
    own = story.refused(COMMANDER, ConfirmHalt(number=left.number))
    assert own.reason == "four_eyes"
    story.did(QSR, ConfirmHalt(number=left.number))
    assert story.incident.halt.orders[-1].confirmed_by == QSR.id


def test_what_is_left_twice_of_an_order_of_the_plan_is_still_the_plans() -> None:
    story = ordered()
    told_again(story, "L3")
    told_again(story, "L4")
    whole = story.incident.halt.orders[-1]
    assert (whole.by_plan, whole.level, whole.lots) == (True, "H1", ("L1", "L3", "L4"))
    for free in (L1, LotNumber("L3")):
        story.did(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H1,), lots=(free,)))
        story.signed(QSR)
        for channel in story.incident.halt.orders[-1].channels:
            answers(story, "resumed", channel)
    last = story.incident.halt.orders[-1]
    assert (last.lots, last.part_of > whole.number) == (("L4",), True)
    assert (
        first_of(story.incident.halt.orders, last) == story.incident.halt.orders[whole.number - 1]
    )


def test_a_person_stops_it_again_and_so_does_a_new_lot_but_no_report_of_the_same() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    freed(story, lots=(L1,))
    assert not [one for one in told_again(story, "L1") if isinstance(one, HaltOrdered)]
    new = [one for one in told_again(story, "L3") if isinstance(one, HaltOrdered)]
    assert [one.lots for one in new if one.level == "H2"] == [("L3",)]
    assert stopped(story) == {(CREAM, L2)}
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L1,), reason=SEEN))
    assert stopped(story) == {(CREAM, L1), (CREAM, L2)}


def test_what_was_freed_is_forgotten_with_the_end_of_its_level() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    freed(story, lots=(L1,))
    freed(story)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L2,), reason=SEEN))
    assert [one for one in told_again(story, "L1") if isinstance(one, HaltOrdered)]
    assert (CREAM, L1) in stopped(story)


@pytest.mark.parametrize(
    ("recalled", "stops"), [(L2, set()), (L1, {L1})], ids=["what stayed", "what was freed"]
)
def test_a_recall_stops_freed_goods_again_where_it_reaches_them_and_not_otherwise(
    recalled: LotNumber, stops: set[LotNumber]
) -> None:
    story = ordered(((CREAM,), (L1, L2)))
    freed(story, lots=(L1,))
    before = len(story.incident.halt.orders)
    story.did(QUALITY, SetScope(**scope(lots=(lot(recalled),))))
    story.did(ASSESSOR, evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    new = [one for one in story.incident.halt.orders[before:] if SHOP in one.channels]
    assert {name for one in new for name in one.lots} & {L1} == stops


def test_whoever_has_not_resumed_in_the_time_of_what_is_left_is_asked_for_that() -> None:
    story = ordered(BOTH)
    [left], _resumed = freed(story, lots=(L1,))
    keys = {one.key: one.act for one in dues(story.incident)}
    assert keys[f"channel:{SHOP}:{left.number}"] == "confirm_resumed"
    answers(story, "resumed", SHOP)
    keys = {one.key: one.act for one in dues(story.incident)}
    assert keys[f"channel:{SHOP}:{left.number}"] == "confirm_channel"
