"""What is set apart so far, by lot: every place and channel counts once, and the later number."""

from collections.abc import Callable

import pytest

from domain.apart_so_far import apart_by_lot
from domain.channel_answers import AnswerOrder, LotSetApart, OwnAnswer
from domain.channels import ConfirmChannel
from domain.halt import OrderHalt
from domain.people import Role, channel_actor
from domain.scope import LotCount
from domain.set_apart import SetStockApart
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, PrivateText, PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.test_resuming_goods import BOTH, L1, SHOP, freed, ordered
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
    assert {one.lot: one.units for one in apart_by_lot(story.incident.halt)} == apart


def test_what_an_older_order_set_apart_stays_counted_while_it_stands() -> None:
    story = Story()
    story.reported(SERIOUS)
    answers(story, STORE, {"L1": 12})
    more = OrderHalt(level=HaltLevel.H1, lots=(LotNumber("L9"),), reason=PublicText("Too."))
    story.did(SUPPLY, more)
    answers(story, STORE, {"L9": 4})
    assert {one.lot: one.units for one in apart_by_lot(story.incident.halt)} == {"L1": 12, "L9": 4}


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
    assert {one.lot: one.units for one in apart_by_lot(story.incident.halt)} == stay
    story.later(minutes=1)
    tell(story, SHOP, {"L2": 4, "L9": 5})
    assert {one.lot: one.units for one in apart_by_lot(story.incident.halt)} == stay | {"L2": 4}
