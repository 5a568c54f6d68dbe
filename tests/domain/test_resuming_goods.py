"""Sale resumes for some goods: what is left of each order goes on, with a number of its own."""

from collections.abc import Iterable
from typing import Any

import pytest

from domain.acts import ActLapsed, SignAct
from domain.agenda import dues
from domain.channels import ConfirmChannel
from domain.desired import covered, holds
from domain.drift import ReportDrift
from domain.halt import HaltOrdered, OrderHalt
from domain.halt_confirming import ConfirmHalt
from domain.on_its_way import CountedOnItsWay, way_tally
from domain.people import channel_actor
from domain.recall_scope import SetScope, WidenScope
from domain.resuming import LiftHalt, ResumeSale, SaleResumed
from domain.set_apart import OnItsWay
from domain.severity import HaltLevel
from domain.state.halt import HaltOrder, first_of
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
from tests.domain.test_drift import CHANNELS, MONITOR, caused
from tests.domain.test_on_its_way import said
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
    proposed(story, **named)
    events = story.signed(QSR)
    left = [one for one in events if isinstance(one, HaltOrdered)]
    [resumed] = [one for one in events if isinstance(one, SaleResumed)]
    return left, resumed


def proposed(story: Story, **named: Any) -> None:
    """Propose, a second later, to resume H2 for what is named; nobody else has signed it yet."""
    story.later(seconds=1)
    story.did(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))


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
        ([BOTH], {"products": (CREAM, ProductId("L1"))}, "not_halted", "L1"),
        ([BOTH], {"lots": (L1, LotNumber("cream"))}, "not_halted", "cream"),
        ([BOTH], {"lots": (LotNumber("l1"),)}, "not_halted", "l1"),
    ],
    ids=[
        "a lot that sells",
        "a product that sells",
        "a product called as a lot",
        "a lot called as a product",
        "a lot in another case",
    ],
)
def test_what_cannot_be_freed_is_refused(goods: Any, named: Any, code: str, said: str) -> None:
    story = ordered(*goods)
    refusal = story.refused(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))
    assert refusal.reason == code
    assert said in refusal.sentence


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"products": (CREAM, SOAP), "lots": (L1,)}, "soap is stopped at these levels, but not"),
        ({"products": (CREAM,), "lots": (L1, L9)}, "L9 is stopped at these levels, but not"),
    ],
    ids=["a product whose other lots are", "a lot that is of another product"],
)
def test_what_is_stopped_otherwise_is_not_said_to_sell(named: Any, said: str) -> None:
    story = ordered(((CREAM,), (L1,)), ((SOAP,), (L9,)))
    refusal = story.refused(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), **named))
    assert (refusal.reason, said in refusal.sentence) == ("not_halted", True)


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


def test_an_order_that_stops_every_lot_elsewhere_is_not_in_the_way() -> None:
    story = ordered(((CREAM,), (L1,)))
    story.did(QUALITY, SetScope(**scope(products=(CREAM,), lots=(), unbounded=True)))
    freed(story, channels=(SHOP,))
    answers(story, "resumed", SHOP)
    story.did(
        COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L1, L2), reason=SEEN)
    )
    elsewhere = stopped(story, PROMOTION)
    freed(story, lots=(L1,), channels=(SHOP,))
    assert stopped(story) == {(CREAM, L2)}
    assert stopped(story, PROMOTION) == elsewhere


def test_more_is_freed_only_once_the_channels_sell_what_was_freed_before() -> None:
    story = ordered(BOTH)
    freed(story, lots=(L1,))
    more = ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), lots=(L2,))
    assert story.refused(COMMANDER, more).reason == "still_resuming"
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    freed(story, lots=(L2,))
    assert stopped(story) == {(CREAM, L9), (SOAP, L9)}


@pytest.mark.parametrize("before", [((CREAM,), (L1, L2)), ((CREAM,), (L2,))], ids=["some", "all"])
def test_a_signature_ends_no_order_that_was_given_since_it_was_proposed(before: Any) -> None:
    story = ordered(before)
    proposed(story, lots=(L2,))
    new = OrderHalt(level=HaltLevel.H2, products=(CREAM, SOAP), lots=(L2,), reason=SEEN)
    story.did(COMMANDER, new)
    later = story.incident.halt.orders[-1]
    [resumed] = [one for one in story.signed(QSR) if isinstance(one, SaleResumed)]
    assert later.number not in resumed.orders
    assert later in story.incident.halt.orders
    assert {(CREAM, L2), (SOAP, L2)} <= stopped(story)


def test_what_went_on_of_an_order_that_stood_is_freed_by_what_was_proposed_before() -> None:
    story = ordered(BOTH)
    proposed(story, lots=(L2,))
    act = list(story.incident.pending)[-1]
    freed(story, lots=(L1,))
    for channel in (SHOP, PROMOTION):
        answers(story, "resumed", channel)
    story.did(QSR, SignAct(act=act))
    assert stopped(story) == {(CREAM, L9), (SOAP, L9)}


def test_it_lapses_when_only_orders_given_since_stop_what_it_names() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    proposed(story, lots=(L2,))
    act = list(story.incident.pending)[-1]
    story.did(COMMANDER, LiftHalt(number=story.incident.halt.orders[-1].number, reason=SEEN))
    story.signed(QSR)
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(L2,), reason=SEEN))
    events = story.did(QSR, SignAct(act=act))
    [lapsed] = [one for one in events if isinstance(one, ActLapsed)]
    assert "L2 is stopped only by orders that were given since" in lapsed.sentence
    assert (CREAM, L2) in stopped(story)


def test_a_long_name_that_is_refused_stands_in_short_in_the_refusal() -> None:
    story = ordered(BOTH)
    long = LotNumber("x" * 5000)
    said = ResumeSale(basis=BASIS, levels=(HaltLevel.H2,), lots=(long,))
    assert len(story.refused(COMMANDER, said).sentence) < 200


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
        story.later(minutes=1)  # what is ordered in the instant of a proposal is none of it
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
    new = at_shop(recalled_after(story, lots=(lot(recalled),)))
    assert {name for one in new for name in one.lots} & {L1} == stops


def recalled_after(story: Story, **said: Any) -> tuple[HaltOrder, ...]:
    """Decide a recall of a scope, signed by two; gives the orders that follow."""
    before = len(story.incident.halt.orders)
    if story.incident.recall.scope is None:
        story.did(QUALITY, SetScope(**scope(**said)))
    story.did(ASSESSOR, evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    return story.incident.halt.orders[before:]


def at_shop(orders: Iterable[HaltOrder]) -> list[HaltOrder]:
    return [one for one in orders if SHOP in one.channels]


@pytest.mark.parametrize(
    ("goods", "named"),
    [
        ([((CREAM, SOAP), (L1,))], {"products": (CREAM,)}),
        ([((CREAM, SOAP), (L1, L2))], {"products": (CREAM,), "lots": (L1,)}),
        ([((CREAM,), (L1, L2)), ((SOAP,), (L1,))], {"products": (CREAM,), "lots": (L1,)}),
    ],
    ids=["the other product of its order", "of an order for more lots", "of an order of its own"],
)
def test_that_another_product_stops_with_the_same_lot_keeps_no_recall_from_freed_goods(
    goods: Any, named: Any
) -> None:
    story = ordered(*goods)
    freed(story, **named)
    assert (CREAM, L1) not in stopped_by_orders(story)
    assert at_shop(recalled_after(story, lots=(lot(L1),)))
    assert {(CREAM, L1), (SOAP, L1)} <= stopped_by_orders(story)


def stopped_by_orders(story: Story) -> set[tuple[str, str]]:
    """Give what orders stop at the shop, beside what is recalled for good."""
    there = [hold for hold in holds(story.incident) if hold.channel == SHOP and not hold.recalled]
    return {(one, lot) for one in (CREAM, SOAP) for lot in (L1, L2, L9) if covered(there, one, lot)}


@pytest.mark.parametrize("meanwhile", [(), (L9,)], ids=["nothing", "one lot of it"])
def test_a_recall_of_every_lot_stops_a_freed_product_again(
    meanwhile: tuple[LotNumber, ...],
) -> None:
    story = ordered(BOTH)
    story.did(QUALITY, SetScope(**scope(products=(CREAM, SOAP), lots=(), unbounded=True)))
    freed(story, products=(CREAM,))
    if meanwhile:
        again = OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=meanwhile, reason=SEEN)
        story.did(COMMANDER, again)
    assert [(one.products, one.lots) for one in at_shop(recalled_after(story))] == [
        ((CREAM, SOAP), ())
    ]


def test_a_recall_that_is_widened_to_freed_goods_stops_them_again() -> None:
    story = ordered(((CREAM, SOAP), (L1, L2)))
    freed(story, products=(CREAM,), lots=(L1,))
    recalled_after(story, lots=(lot(L2),))
    assert (CREAM, L1) not in stopped_by_orders(story)
    story.did(QSR, WidenScope(**scope(lots=(lot(L1), lot(L2)))))
    assert (CREAM, L1) in stopped_by_orders(story)


def test_a_recall_that_is_widened_stops_what_a_shop_alone_sold_again() -> None:
    story = ordered(((CREAM,), (L1, L2)))
    freed(story, channels=(SHOP,))
    recalled_after(story, lots=(lot(L1),))
    assert (CREAM, L2) not in stopped_by_orders(story)
    story.did(QSR, WidenScope(**scope(lots=(lot(L1), lot(L2)))))
    assert {(CREAM, L1), (CREAM, L2)} <= stopped_by_orders(story)


@pytest.mark.parametrize("named", [{"lots": (L2,)}, {}], ids=["a lot was freed", "nothing was"])
def test_a_scope_that_grows_stops_each_lot_of_each_product_whatever_was_freed(named: Any) -> None:
    story = ordered(((CREAM,), (L1, L2)), ((SOAP,), (L9,)))
    if named:
        freed(story, **named)
    grown = scope(products=(CREAM, SOAP), lots=(lot(L1), lot(L9)))
    story.did(QUALITY, SetScope(**grown))
    kept = set() if named else {(CREAM, L2)}
    assert stopped(story) == {(CREAM, L1), (CREAM, L9), (SOAP, L1), (SOAP, L9)} | kept


def test_whoever_has_not_resumed_in_the_time_of_what_is_left_is_asked_for_that() -> None:
    story = ordered(BOTH)
    [left], _resumed = freed(story, lots=(L1,))
    keys = {one.key: one.act for one in dues(story.incident)}
    assert keys[f"channel:{SHOP}:{left.number}"] == "confirm_resumed"
    answers(story, "resumed", SHOP)
    keys = {one.key: one.act for one in dues(story.incident)}
    assert keys[f"channel:{SHOP}:{left.number}"] == "confirm_channel"


@pytest.mark.parametrize("before", [True, False], ids=["before", "while it resumes"])
def test_goods_that_are_found_on_sale_stay_somebodys_while_others_resume(*, before: bool) -> None:
    story = ordered(BOTH)
    answers(story, "confirmed", SHOP)
    sight = ReportDrift(channel=SHOP, how_seen=SEEN)
    if before:
        story.did(MONITOR, sight)
    freed(story, lots=(L1,))
    if not before:
        story.did(MONITOR, sight)
    assert story.due(f"drift:{SHOP}:")
    answers(story, "resumed", SHOP)
    assert story.incident.halt.channels[SHOP].state == "ordered"
    assert story.due(f"drift:{SHOP}:"), "that L1 sells says nothing of the others"
    story.did(CHANNELS, ConfirmChannel(channel=SHOP, proof=words("They took it off.")))
    assert not story.due(f"drift:{SHOP}:")


def test_goods_that_were_found_on_sale_are_nobodys_once_all_may_be_sold() -> None:
    story = ordered(BOTH)
    story.did(MONITOR, ReportDrift(channel=SHOP, how_seen=SEEN))
    freed(story)
    assert not story.due(f"drift:{SHOP}:")
    answers(story, "resumed", SHOP)
    assert story.incident.halt.channels[SHOP].drift is None


@pytest.mark.parametrize(
    ("first", "later", "units"),
    [
        ({"L1": 3, "L2": 10}, {"L2": 50}, 53),
        ({"L1": 3, "L2": 10}, {"L2": 0}, 3),
        ({"": 20}, {"L2": 10}, 20),
    ],
    ids=["more", "taken back", "told in all before"],
)
def test_what_a_channel_counts_of_what_is_left_is_its_last_word_of_those_lots(
    first: dict[str, int], later: dict[str, int], units: int
) -> None:
    story = ordered(((CREAM,), (L1, L2)))

    def counts(numbers: dict[str, int]) -> None:
        rows = tuple(
            CountedOnItsWay(kind=OnItsWay.PARCELS, lot=name, stopped=n)
            for name, n in numbers.items()
        )
        number = story.incident.halt.channels[SHOP].order
        story.did(channel_actor(SHOP), said(*rows, channel=SHOP, order=number))

    counts(first)
    freed(story, lots=(L1,))
    answers(story, "resumed", SHOP)
    counts(later)
    assert way_tally(story.incident.halt).units == units
