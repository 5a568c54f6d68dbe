"""What is set apart so far, by lot: every place and channel counts once, and the later number."""

from collections.abc import Callable

import pytest

from domain.apart_so_far import LotApart, apart_before, apart_by_lot, units_held
from domain.channel_answers import AnswerOrder, LotSetApart, OwnAnswer
from domain.channels import ChannelOutcome, ConfirmChannel, ReportOutcomes
from domain.counted_there import orders_held_back
from domain.halt import OrderHalt
from domain.people import PERFORMER, Role, channel_actor
from domain.resuming import ResumeSale
from domain.scope import LotCount
from domain.set_apart import SetStockApart
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, PrivateText, PublicText
from tests.domain.recalls import COMMANDER, QSR
from tests.domain.story import SERIOUS, Story, person
from tests.domain.test_resuming_goods import BASIS, BOTH, CREAM, L1, SHOP, freed, ordered
from tests.domain.test_two_orders import answers as told_by_the_channel

SUPPLY = person(Role.SUPPLY_CHAIN)
Tell = Callable[[Story, str, dict[str, int]], None]
STORE, CARRIER = "ch-warehouse", "ch-carrier"
NAME = PrivateText(ref="r", commitment="c", subject="s")


def answers(story: Story, channel: str, lots: dict[str, int]) -> None:
    order = story.incident.halt.channels[channel].order
    apart = tuple(LotSetApart(lot=lot, units=units) for lot, units in lots.items())
    said = AnswerOrder(
        channel=channel, order=order, answer=OwnAnswer.STOPPED, answered_by=NAME, set_apart=apart
    )
    story.did(channel_actor(channel), said)


def counts(story: Story, site: str, lots: dict[str, int]) -> None:
    rows = tuple(LotCount(lot=LotNumber(lot), units=units) for lot, units in lots.items())
    story.did(SUPPLY, SetStockApart(site=site, place="Cage 3", counts=rows))


def by_phone(story: Story, channel: str, lots: dict[str, int]) -> None:
    units = sum(lots.values())
    said = ConfirmChannel(channel=ChannelId(channel), proof=PublicText("By phone"), units=units)
    story.did(SUPPLY, said)


@pytest.mark.parametrize(
    ("told", "apart"),
    [
        pytest.param([(answers, STORE, {"L1": 12, "L2": 3}), (answers, CARRIER, {"L1": 5})],
                     {"L1": 17, "L2": 3}, id="two channels"),
        pytest.param([(answers, STORE, {"L1": 12}), (counts, "South", {"L1": 40})],
                     {"L1": 52}, id="a channel and a place of ours"),
        pytest.param([(answers, STORE, {"L1": 12, "L2": 3}), (counts, "Warehouse", {"L1": 11})],
                     {"L1": 11, "L2": 3}, id="the same place counted later"),
        pytest.param([(counts, "Warehouse", {"L1": 11}), (answers, STORE, {"L1": 12})],
                     {"L1": 12}, id="the same place answered later"),
        pytest.param([(answers, STORE, {"L1": 12}), (by_phone, STORE, {"": 20})],
                     {"": 20}, id="another number since"),
        pytest.param([(counts, "Warehouse", {"L1": 20}), (by_phone, STORE, {"": 20})],
                     {"L1": 20}, id="told by phone what was counted"),
        pytest.param([(answers, STORE, {"L1": 0})], {}, id="none"),
    ],
)  # fmt: skip
def test_units_that_are_set_apart_are_counted_once(
    told: list[tuple[Tell, str, dict[str, int]]], apart: dict[str, int]
) -> None:
    story = Story()
    story.reported(SERIOUS)
    for tell, place, said in told:
        story.later(minutes=1)
        tell(story, place, said)
    assert {one.lot: one.units for one in apart_by_lot(story.incident)} == apart


def test_what_an_older_order_set_apart_stays_counted_while_it_stands() -> None:
    story = Story()
    story.reported(SERIOUS)
    answers(story, STORE, {"L1": 12})
    more = OrderHalt(level=HaltLevel.H1, lots=(LotNumber("L9"),), reason=PublicText("Too."))
    story.did(SUPPLY, more)
    answers(story, STORE, {"L9": 4})
    assert {one.lot: one.units for one in apart_by_lot(story.incident)} == {"L1": 12, "L9": 4}


def by_lot(story: Story, channel: str, lots: dict[str, int]) -> None:
    rows = tuple(LotCount(lot=LotNumber(lot), units=units) for lot, units in lots.items())
    proof = PublicText("By phone")
    story.did(SUPPLY, ConfirmChannel(channel=ChannelId(channel), proof=proof, set_apart=rows))


@pytest.mark.parametrize("tell", [answers, by_lot], ids=["itself", "by a person"])
def test_of_what_was_told_to_the_whole_the_lots_that_stay_stopped_stay_counted(tell: Tell) -> None:
    story = ordered(BOTH)
    tell(story, SHOP, {"L1": 12, "L2": 3, "L9": 5})
    freed(story, lots=(L1,))
    stay = {"L2": 3, "L9": 5}
    told_by_the_channel(story, "resumed", SHOP)
    assert {one.lot: one.units for one in apart_by_lot(story.incident)} == stay
    story.later(minutes=1)
    tell(story, SHOP, {"L2": 4, "L9": 5})
    assert {one.lot: one.units for one in apart_by_lot(story.incident)} == stay | {"L2": 4}


def in_all(story: Story, channel: str, lots: dict[str, int]) -> None:
    """Let a channel count all lots together."""
    answers(story, channel, {"": sum(lots.values())})


def emptied(story: Story, channel: str, lots: dict[str, int]) -> None:
    """Let a channel count by lot, and answer once more without a number."""
    answers(story, channel, lots)
    answers(story, channel, {})


def after(story: Story, channel: str, lots: dict[str, int]) -> None:
    """Let a channel count by lot, and somebody hear another number of all."""
    answers(story, channel, dict.fromkeys(lots, 1))
    by_phone(story, channel, lots)


COUNTED = {"L1": 140, "L2": 60, "L9": 35}


def units_of(found: tuple[LotApart, ...]) -> dict[str, int]:
    return {one.lot: one.units for one in found}


@pytest.mark.parametrize("tell", [in_all, emptied, by_phone, after], ids=lambda tell: tell.__name__)
def test_units_of_which_nobody_told_the_lots_stay_counted_where_part_is_freed(tell: Tell) -> None:
    story = ordered(BOTH)
    tell(story, SHOP, COUNTED)
    freed(story, lots=(L1,))
    for _resuming_then_resumed in range(2):
        [found] = apart_by_lot(story.incident)
        assert (found.lot, found.units) == ("", 235)
        assert [one.before_part for one in found.places] == [True]
        assert not apart_before(story.incident)
        told_by_the_channel(story, "resumed", SHOP)
    story.later(minutes=1)
    answers(story, SHOP, {"L2": 60, "L9": 35})
    assert units_of(apart_by_lot(story.incident)) == {"L2": 60, "L9": 35}, "it counted anew"


def test_of_two_orders_that_go_on_the_one_that_is_counted_anew_is_counted_once() -> None:
    story = ordered(BOTH)
    in_all(story, SHOP, COUNTED)
    left, _resumed = freed(story, products=(CREAM,), lots=(L1,))
    assert len(left) == 2
    told_by_the_channel(story, "resumed", SHOP)
    answers(story, SHOP, {"L9": 35})
    found = apart_by_lot(story.incident)
    assert sum(one.units for one in found) == 235
    first = left[0].number
    said = AnswerOrder(
        channel=SHOP, order=first, answer=OwnAnswer.STOPPED, answered_by=NAME,
        set_apart=(LotSetApart(lot="L2", units=60),),
    )  # fmt: skip
    story.did(channel_actor(SHOP), said)
    assert sum(one.units for one in apart_by_lot(story.incident)) == 95


@pytest.mark.parametrize(
    "tell", [answers, in_all, by_phone, by_lot], ids=lambda tell: tell.__name__
)
def test_what_no_order_stops_any_more_was_counted_before_wherever_it_stands(tell: Tell) -> None:
    story = ordered(BOTH)
    tell(story, SHOP, COUNTED)
    counts(story, "South", {"L1": 40})
    counts(story, "Warehouse", {"L2": 5})
    before = sum(one.units for one in apart_by_lot(story.incident))
    assert before == 280
    freed(story)
    story.did(COMMANDER, ResumeSale(basis=BASIS, levels=(HaltLevel.H1,)))
    story.signed(QSR)
    assert not story.incident.halt.levels
    assert not apart_by_lot(story.incident)
    assert sum(one.units for one in apart_before(story.incident)) == before
    told_by_the_channel(story, "resumed", SHOP)
    assert sum(one.units for one in apart_before(story.incident)) == before


def test_a_lot_is_counted_where_it_is_stopped_still_and_before_where_it_is_freed() -> None:
    story = ordered(BOTH)
    answers(story, SHOP, {"L1": 12, "L2": 3})
    counts(story, "South", {"L1": 40, "L9": 5, "L7": 1})
    freed(story, lots=(L1,))
    stays = units_of(apart_by_lot(story.incident))
    assert stays == {"L1": 40, "L2": 3, "L7": 1, "L9": 5}, "H1 stops it there, L7 no order names"
    assert units_of(apart_before(story.incident)) == {"L1": 12}


def test_at_a_channel_what_is_held_is_told_apart_from_what_may_be_sold_again() -> None:
    """The newest order ends, and one before goes on: the count of the newest stays on its row."""
    story = ordered(((CREAM,), (L1,)))
    l3 = LotNumber("L3")
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(l3,), reason=BASIS))
    answers(story, SHOP, {"L3": 40})
    now = story.incident.halt.channels[SHOP]
    assert [(one.lot, one.units) for one in units_held(story.incident, now)] == [("L3", 40)]
    freed(story, lots=(l3,))
    now = story.incident.halt.channels[SHOP]
    assert now.units == 40
    assert units_held(story.incident, now) == ()
    assert {one.lot: one.units for one in apart_before(story.incident)} == {"L3": 40}


def further_lot(story: Story, lot: str) -> None:
    """Stop one more lot of the cream."""
    one = OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=(LotNumber(lot),), reason=BASIS)
    story.later(minutes=1)
    story.did(COMMANDER, one)


def at_once(story: Story, channel: str, lots: dict[str, int]) -> None:
    """Let the system of a channel answer with how many it took off sale."""
    now = story.incident.halt.channels[channel]
    outcome = ChannelOutcome(
        channel=channel, order=now.order, state="confirmed", attempts=1, units=sum(lots.values())
    )
    story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))


def all_held(story: Story) -> dict[str, int]:
    return units_of(apart_by_lot(story.incident))


WAYS = [answers, in_all, by_phone, by_lot, at_once]


@pytest.mark.parametrize("tell", WAYS, ids=lambda tell: tell.__name__)
def test_a_further_lot_takes_away_nothing_that_was_counted(tell: Tell) -> None:
    story = ordered(((CREAM,), (L1,)))
    tell(story, SHOP, {"L1": 1200})
    counted = all_held(story)
    assert sum(counted.values()) == 1200
    for lot in ("L3", "L4"):
        further_lot(story, lot)
        assert all_held(story) == counted
        assert not apart_before(story.incident)
        now = story.incident.halt.channels[SHOP]
        if tell in (by_phone, by_lot, at_once):
            assert sum(one.units for one in units_held(story.incident, now)) == 1200
    story.later(minutes=1)
    answers(story, SHOP, {"L4": 40})
    assert sum(all_held(story).values()) == 1240, "the newest is counted beside it"


@pytest.mark.parametrize("tell", [by_phone, by_lot], ids=lambda tell: tell.__name__)
def test_a_person_s_later_word_is_about_all_that_stands_there(tell: Tell) -> None:
    story = ordered(((CREAM,), (L1,)))
    tell(story, SHOP, {"L1": 1200})
    further_lot(story, "L3")
    story.later(minutes=1)
    by_lot(story, SHOP, {"L1": 1000, "L3": 7})
    assert all_held(story) == {"L1": 1000, "L3": 7}


def test_an_order_that_names_all_of_it_is_counted_in_place_of_the_older_one() -> None:
    story = ordered(((CREAM,), (L1,)))
    at_once(story, SHOP, {"L1": 30})
    both = (L1, LotNumber("L3"))
    story.did(COMMANDER, OrderHalt(level=HaltLevel.H2, products=(CREAM,), lots=both, reason=BASIS))
    assert all_held(story) == {"": 30}
    story.later(minutes=1)
    at_once(story, SHOP, {"L1": 28, "L3": 62})
    assert all_held(story) == {"": 90}


def test_the_count_of_a_system_that_answers_late_for_the_older_order_counts_too() -> None:
    story = ordered(((CREAM,), (L1,)))
    first = story.incident.halt.channels[SHOP].order
    further_lot(story, "L3")
    late = ChannelOutcome(channel=SHOP, order=first, state="confirmed", attempts=2, units=30)
    story.did(PERFORMER, ReportOutcomes(outcomes=(late,)))
    assert all_held(story) == {"": 30}
    at_once(story, SHOP, {"L3": 4})
    assert all_held(story) == {"": 34}


@pytest.mark.parametrize("tell", WAYS, ids=lambda tell: tell.__name__)
def test_what_was_counted_before_sale_resumed_is_not_set_apart_by_a_later_halt(tell: Tell) -> None:
    story = ordered(((CREAM,), (L1,)))
    tell(story, SHOP, {"L1": 880})
    freed(story)
    told_by_the_channel(story, "resumed", SHOP)
    further_lot(story, "L1")
    assert not all_held(story), "nobody has counted since"
    assert sum(one.units for one in apart_before(story.incident)) == 880
    story.later(minutes=1)
    answers(story, SHOP, {"L1": 5})
    assert all_held(story) == {"L1": 5}


def test_paid_orders_that_a_shop_holds_back_add_up_over_its_orders() -> None:
    story = ordered(((CREAM,), (L1,)))
    for lot, held in (("", 12), ("L3", 5)):
        if lot:
            further_lot(story, lot)
            assert orders_held_back(story.incident.halt.channels[SHOP]) == 12
        now = story.incident.halt.channels[SHOP]
        outcome = ChannelOutcome(
            channel=SHOP, order=now.order, state="confirmed", attempts=1, units=1, orders=held
        )
        story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))
    assert orders_held_back(story.incident.halt.channels[SHOP]) == 17


def test_what_a_channel_counts_itself_for_an_older_order_replaces_what_was_told_for_it() -> None:
    story = ordered(((CREAM,), (L1,)))
    first = story.incident.halt.channels[SHOP].order
    by_phone(story, SHOP, {"L1": 50})
    further_lot(story, "L3")
    story.later(minutes=1)
    said = AnswerOrder(
        channel=SHOP, order=first, answer=OwnAnswer.STOPPED, answered_by=NAME,
        set_apart=(LotSetApart(lot="L1", units=30),),
    )  # fmt: skip
    story.does(channel_actor(SHOP), said)
    assert all_held(story) == {"L1": 30}


def test_a_lot_that_was_freed_is_not_set_apart_again_because_it_is_stopped_again() -> None:
    story = ordered(((CREAM,), (L1, LotNumber("L2"))))
    by_lot(story, SHOP, {"L1": 12, "L2": 3})
    freed(story, lots=(L1,))
    told_by_the_channel(story, "resumed", SHOP)
    further_lot(story, "L1")
    assert all_held(story) == {"L2": 3}
    assert units_of(apart_before(story.incident)) == {"L1": 12}


def test_who_counts_the_goods_by_phone_takes_back_no_order_that_is_held_back() -> None:
    story = ordered(((CREAM,), (L1,)))
    now = story.incident.halt.channels[SHOP]
    outcome = ChannelOutcome(
        channel=SHOP, order=now.order, state="confirmed", attempts=1, units=30, orders=12
    )
    story.did(PERFORMER, ReportOutcomes(outcomes=(outcome,)))
    further_lot(story, "L3")
    by_phone(story, SHOP, {"": 50})
    assert all_held(story) == {"": 50}
    assert orders_held_back(story.incident.halt.channels[SHOP]) == 12
