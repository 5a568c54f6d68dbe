"""What was already on its way, as channels count it: what they may say, and one tally of it all."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.channel_answers import AnswerOrder, OrderAnswered, OwnAnswer
from domain.halt import OrderHalt
from domain.ledger import read_entry
from domain.message import command_from_wire, to_wire
from domain.on_its_way import CountedOnItsWay, kinds_at, way_tally
from domain.people import Role, channel_actor
from domain.plan_terms import SELLS, ChannelKind
from domain.resuming import LiftHalt
from domain.set_apart import OnItsWay, RecordInterception
from domain.severity import HaltLevel
from domain.values import LotNumber, PrivateText, ProductId, PublicText
from tests.domain.story import SERIOUS, Story, person

SUPPLY = person(Role.SUPPLY_CHAIN)
STORE, CARRIER = "ch-warehouse", "ch-carrier"
NAME = PrivateText(ref="r", commitment="c", subject="s")
PARCELS, GIFTS = OnItsWay.PARCELS, OnItsWay.GIFTS
Tell = Callable[[Story], None]


def row(
    stopped: int | None, through: int | None = None, kind: OnItsWay = PARCELS, lot: str = ""
) -> CountedOnItsWay:
    return CountedOnItsWay(kind=kind, lot=lot, stopped=stopped, got_through=through)


def said(*rows: CountedOnItsWay, channel: str = STORE, order: int = 1, **more: Any) -> AnswerOrder:
    whole: dict[str, Any] = {"answer": OwnAnswer.STOPPED, "answered_by": NAME} | more
    return AnswerOrder(channel=channel, order=order, on_its_way=rows, **whole)


def answers(*rows: CountedOnItsWay, channel: str = STORE, **more: Any) -> Tell:
    """Let a channel answer."""

    def tell(story: Story) -> None:
        story.did(channel_actor(channel), said(*rows, channel=channel, **more))

    return tell


def records(carrier: str, units: int, expected: int | None = None, kind: Any = PARCELS) -> Tell:
    """Let our own people record an interception."""

    def tell(story: Story) -> None:
        one = RecordInterception(
            carrier=carrier, orders=1, units=units, outcome=PublicText("Back."), kind=kind,
            expected_units=expected,
        )  # fmt: skip
        story.did(SUPPLY, one)

    return tell


def orders(product: str = "cream", lots: tuple[str, ...] = ()) -> Tell:
    """Give one more order to the same level."""

    def tell(story: Story) -> None:
        more = OrderHalt(
            level=HaltLevel.H1, products=(ProductId(product),), reason=PublicText("Too."),
            lots=tuple(LotNumber(lot) for lot in lots),
        )  # fmt: skip
        story.did(SUPPLY, more)

    return tell


wider = orders(lots=("L1", "L2"))
"""One more order, which stops all that the first one does."""


def lifts(story: Story) -> None:
    """Lift the first order."""
    story.keeps_evidence()
    story.did(person(Role.QUALITY), LiftHalt(number=1, reason=PublicText("An error.")))
    story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))


def told(*acts: Tell) -> Story:
    """Tell an incident whose own stock of lot L1 is ordered to stop, and what came after."""
    story = Story()
    story.reported(SERIOUS)
    for act in acts:
        act(story)
    return story


def tally(story: Story) -> tuple[dict[str, int], int]:
    """Give what was stopped by kind and what got through; the sums agree."""
    found = way_tally(story.incident.halt)
    assert found.units == sum(one.units for one in found.by_kind)
    return {one.kind: one.units for one in found.by_kind}, found.got_through


@pytest.mark.parametrize(
    ("acts", "stopped", "through"),
    [
        pytest.param([answers(row(9, 3))], {"parcels": 9}, 3, id="a channel"),
        pytest.param([answers(row(9, 3, lot="L1"))], {"parcels": 9}, 3, id="by lot"),
        pytest.param([answers(row(9, 3)), answers(row(9, 3))], {"parcels": 9}, 3, id="sent again"),
        pytest.param([answers(row(9, 3)), answers(row(7, 5))], {"parcels": 7}, 5, id="corrected"),
        pytest.param([answers(row(9, 3)), answers(row(0, 0))], {}, 0, id="taken back"),
        pytest.param([answers(row(9)), answers(row(8, lot="L1"))], {"parcels": 8}, 0,
                     id="in all, then by lot"),
        pytest.param([answers(row(9, 3)), answers()], {"parcels": 9}, 3, id="said no more of it"),
        pytest.param([answers(row(9, 3)), answers(row(2, kind=GIFTS))],
                     {"gifts": 2, "parcels": 9}, 3, id="another kind later"),
        pytest.param([answers(row(None, 3))], {}, 3, id="all of it got through"),
        pytest.param([answers(row(2, 1), answer=OwnAnswer.NONE_HERE)], {"parcels": 2}, 1,
                     id="none is there any more"),
        pytest.param(
            [answers(row(2, 1), answer=OwnAnswer.CANNOT, reason=PublicText("No key."))],
            {"parcels": 2}, 1, id="it cannot stop"),
        pytest.param([answers(row(9, 3)), answers(row(5), channel=CARRIER)], {"parcels": 14}, 3,
                     id="two channels"),
        pytest.param([records("Swiftcrane", 9, 12), answers(row(5))], {"parcels": 14}, 3,
                     id="ours elsewhere"),
        pytest.param([records("Warehouse", 9, 12), answers(row(10, 2))], {"parcels": 10}, 2,
                     id="ours at the same channel"),
        pytest.param([answers(row(10, 2)), records(" WAREHOUSE ", 9), records(STORE, 4)],
                     {"parcels": 13}, 0, id="ours account for more"),
        pytest.param([records(STORE, 9), answers(row(None, 3))], {"parcels": 9}, 3,
                     id="ours and what it alone knows"),
        pytest.param([records(STORE, 9, kind=GIFTS), answers(row(10))],
                     {"gifts": 9, "parcels": 10}, 0, id="ours of another kind"),
        pytest.param([answers(row(9)), wider, answers(row(12), order=2)], {"parcels": 12}, 0,
                     id="a wider order"),
        pytest.param([wider, answers(row(12), order=2), answers(row(9), order=1)],
                     {"parcels": 12}, 0, id="a wider order was answered first"),
        pytest.param([answers(row(9)), orders("other"), answers(row(12), order=2)],
                     {"parcels": 21}, 0, id="other goods"),
        pytest.param([answers(row(9)), wider, answers(row(2, kind=GIFTS), order=2)],
                     {"gifts": 2, "parcels": 9}, 0, id="of a wider order another kind"),
        pytest.param([answers(row(9, 3)), lifts], {"parcels": 9}, 3, id="lifted since"),
    ],
)  # fmt: skip
def test_everything_is_counted_once(
    acts: list[Tell], stopped: dict[str, int], through: int
) -> None:
    assert tally(told(*acts)) == (stopped, through)


def test_one_lot_under_two_orders_counts_as_it_was_said_last() -> None:
    story = told(orders(lots=("L1", "L2")), orders(lots=("L2", "L3")))
    rows = [row(4, lot="L1"), row(6, lot="L2")]
    for act in (answers(*rows, order=2), answers(row(5, lot="L2"), row(1, lot="L3"), order=3)):
        act(story)
    assert tally(story)[0] == {"parcels": 4 + 5 + 1}
    answers(*rows, order=2)(story)
    assert tally(story)[0] == {"parcels": 4 + 6 + 1}


def test_what_only_channels_counted_is_told_apart() -> None:
    story = told(records(STORE, 4), answers(row(10)), records("Swiftcrane", 7))
    found = way_tally(story.incident.halt)
    assert (found.units, found.by_channels) == (17, 6)


NUMBER = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(NUMBER, NUMBER).filter(lambda two: two != (None, None)), min_size=1))
def test_however_often_it_answers_the_last_word_counts(
    numbers: list[tuple[int | None, int | None]],
) -> None:
    stopped, through = numbers[-1]
    story = told(*(answers(row(*two)) for two in numbers))
    found = way_tally(story.incident.halt)
    assert (found.units, found.got_through) == (stopped or 0, through or 0)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param([row(-1)], "bad_count", id="negative"),
        pytest.param([row(0, -1)], "bad_count", id="less than none got through"),
        pytest.param([row(10**9 + 1)], "bad_count", id="huge"),
        pytest.param([row(None)], "bad_count", id="no number"),
        pytest.param([row(1, lot="L1"), row(1, lot="L1")], "bad_count", id="a lot twice"),
        pytest.param([row(1), row(1, lot="L1")], "bad_count", id="in all and by lot"),
        pytest.param([row(1, lot="L9")], "other_lot", id="a lot of another order"),
        pytest.param([row(1, lot=" L1")], "other_lot", id="a lot written otherwise"),
    ],
)
def test_what_is_refused(rows: list[CountedOnItsWay], code: str) -> None:
    story = told(answers(row(9, 3)))
    assert story.refused(channel_actor(STORE), said(*rows)).reason == code
    assert tally(story) == ({"parcels": 9}, 3)


def test_a_carrier_counts_parcels_alone() -> None:
    one = said(row(1, kind=GIFTS), channel=CARRIER)
    assert told().refused(channel_actor(CARRIER), one).reason == "other_kind"


def test_nobody_counts_for_another_channel() -> None:
    assert told().refused(channel_actor(CARRIER), said(row(1))).reason == "not_allowed"


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_whoever_sells_may_have_something_on_its_way(kind: ChannelKind) -> None:
    ours = {ChannelKind.WAREHOUSE, ChannelKind.CARRIER, ChannelKind.SAMPLES}
    assert bool(kinds_at(kind)) == (kind in SELLS | ours)


def test_an_answer_of_before_reads_as_one_that_counted_nothing() -> None:
    story = told()
    plain = to_wire(said(row(1)))
    del plain["body"]["on_its_way"]
    before = command_from_wire(plain)
    assert before == said()
    story.did(channel_actor(STORE), before)
    kept = read_entry(story.leaves[-1]).event
    assert isinstance(kept, OrderAnswered)
    assert kept.on_its_way == ()
