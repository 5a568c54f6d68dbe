"""What a recall takes back is told anew to whoever keeps books of the goods, whenever it changes."""

from dataclasses import replace
from typing import Any

import pytest

from domain.desired import holds
from domain.dispatch import Effect
from domain.halt import ChannelsListed, HaltOrdered, ListChannels, OrderHalt
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import PERFORMER
from domain.recall import RecallDecided
from domain.recall_end import CompleteRecall
from domain.recall_scope import NarrowScope, ScopeSet, WidenScope
from domain.recall_terms import Depth, RecallAction
from domain.resuming import LiftHalt, ResumeSale
from domain.severity import HaltLevel
from domain.state.halt import ListedChannel
from domain.values import ChannelId, LotNumber, PublicText
from tests.domain.recalls import (
    BOSS,
    COMMANDER,
    FILE,
    L1,
    QSR,
    QUALITY,
    REGULATORY,
    decided,
    lot,
    recall,
    scope,
    scoped,
    words,
)
from tests.domain.story import Story, channels


def told(story: Story, by: type) -> list[Effect]:
    """Give what the newest entry of a kind tells to whoever keeps books."""
    entry = [one for one in map(read_entry, story.leaves) if isinstance(one.event, by)][-1]
    found = effects(story.incident, entry.event, entry.mark())
    return [one for one in found if one.name == "tell_recalled"]


def test_a_recall_that_is_decided_is_told_for_every_order_that_stands() -> None:
    story = decided()
    [effect] = told(story, RecallDecided)
    standing = [order for order in story.incident.halt.orders if order.channels]
    assert standing
    assert effect.body["orders"] == [
        {"number": one.number, "level": one.level, "products": list(one.products),
         "lots": list(one.lots), "channels": list(one.channels)}
        for one in standing
    ]  # fmt: skip


def test_a_scope_that_widens_or_narrows_is_told() -> None:
    story = decided()
    first = told(story, ScopeSet)[0].seq
    story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")))))
    wider = told(story, ScopeSet)[0].seq
    story.did(COMMANDER, NarrowScope(**scope(evidence=(FILE,))))
    story.signed(QSR)
    narrower = told(story, ScopeSet)[0].seq
    assert first < wider < narrower, "each is told by an entry of its own"


def test_a_recall_stops_again_what_was_sold_again() -> None:
    story = scoped()
    story.keeps_evidence()
    levels = story.incident.halt.levels
    levels_now = tuple(map(HaltLevel, levels))
    story.did(COMMANDER, ResumeSale(basis=PublicText("Nothing found."), levels=levels_now))
    story.signed(QSR)
    assert not story.incident.halt.levels
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert story.incident.halt.levels == levels
    last = story.incident.halt.orders[-1]
    assert (last.by_plan, last.lots) == (True, ("L1",))


def sold_again_after_the_recall(*levels: HaltLevel) -> Story:
    """Tell that the recall of L1 was completed, and that all else sells again at these levels."""
    story = decided()
    story.keeps_evidence()
    story.did(COMMANDER, CompleteRecall(market="CN", reason=PublicText("Done here.")))
    story.signed(REGULATORY)
    story.did(COMMANDER, ResumeSale(basis=PublicText("The others are sound."), levels=levels))
    story.signed(QSR)
    return story


@pytest.mark.parametrize("levels", [(), (HaltLevel.H2,)], ids=["every level", "one of them"])
@pytest.mark.parametrize(
    ("more", "lots"),
    [({"lots": (L1, lot("L2"))}, ("L1", "L2")), ({"lots": (), "unbounded": True}, ())],
    ids=["a lot", "every lot"],
)
def test_a_recall_that_is_widened_after_sale_resumed_stops_what_it_reaches(
    levels: tuple[HaltLevel, ...], more: dict[str, Any], lots: tuple[str, ...]
) -> None:
    story = sold_again_after_the_recall(*levels)
    before = story.incident.halt.orders
    stood = set(story.incident.halt.levels)
    story.did(QSR, WidenScope(**scope(**more)))
    new = story.incident.halt.orders[len(before) :]
    assert [one.number for one in new] == [len(before) + n for n in range(1, len(new) + 1)]
    assert set(story.incident.halt.levels) == {one.level for one in before}
    assert {one.level for one in new} == {one.level for one in before}
    again = [one for one in new if one.level not in stood]
    assert all((one.lots, one.by_plan) == (lots, True) for one in again)
    assert all(one.channels for one in again)


def test_a_recall_that_is_narrowed_after_sale_resumed_stops_nothing() -> None:
    story = sold_again_after_the_recall()
    story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")))))
    for market in story.incident.recall.coverage.markets:
        story.did(COMMANDER, CompleteRecall(market=market, reason=PublicText("Done here.")))
        story.signed(REGULATORY)
    story.did(COMMANDER, ResumeSale(basis=PublicText("The others are sound.")))
    story.signed(QSR)
    story.did(COMMANDER, NarrowScope(**scope(evidence=(FILE,))))
    story.signed(QSR)
    assert story.incident.halt.levels == ()


def test_a_scope_that_is_widened_while_nothing_is_recalled_stops_nothing_that_was_resumed() -> None:
    story = scoped()
    story.keeps_evidence()
    story.did(COMMANDER, ResumeSale(basis=PublicText("Nothing found.")))
    story.signed(QSR)
    story.did(QSR, WidenScope(**scope(lots=(L1, lot("L2")))))
    assert story.incident.halt.levels == ()


def test_a_recall_orders_nothing_where_everything_stands() -> None:
    story = scoped()
    orders = story.incident.halt.orders
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    assert story.incident.halt.orders == orders


def test_a_scope_before_any_decision_is_not() -> None:
    assert not told(scoped(), ScopeSet)


def test_what_is_corrected_where_it_stands_is_not_taken_back() -> None:
    story = scoped()
    story.did(COMMANDER, recall(action=RecallAction.CORRECT_IN_PLACE, depth=Depth.CONSUMER))
    story.signed(QSR, BOSS)
    assert story.incident.recall.is_decided
    assert not told(story, RecallDecided)


def test_an_order_that_was_lifted_tells_nothing() -> None:
    story = scoped()
    story.keeps_evidence()
    for order in story.incident.halt.orders:
        if order.confirmed_at is None:
            story.did(QUALITY, LiftHalt(number=order.number, reason=PublicText("An error.")))
            story.signed(QSR)
    standing = [one.number for one in story.incident.halt.orders if one.lifted_at is None]
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    listed = [row["number"] for one in told(story, RecallDecided) for row in one.body["orders"]]
    assert listed == standing


def test_where_sale_resumed_in_part_only_what_is_recalled_is_told() -> None:
    story = scoped()
    story.keeps_evidence()
    shop = ChannelId("ch-own_shop")
    wider = OrderHalt(
        level=HaltLevel.H2, lots=(LotNumber("L1"), LotNumber("L2")), reason=PublicText("Both.")
    )
    story.did(QSR, wider)
    story.did(COMMANDER, ResumeSale(basis=PublicText("It never had L2."), channels=(shop,)))
    story.signed(QSR)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    [effect] = told(story, RecallDecided)
    there = [one["lots"] for one in effect.body["orders"] if shop in one["channels"]]
    assert there
    assert all(lots == ["L1"] for lots in there)
    whole = [one for one in effect.body["orders"] if one["lots"] == ["L1", "L2"]]
    assert whole
    assert all(shop not in one["channels"] for one in whole)


def test_a_recall_stops_again_where_a_part_was_sold_again_and_asks_nobody_else() -> None:
    story = scoped()
    story.keeps_evidence()
    shop = ChannelId("ch-own_shop")
    story.did(COMMANDER, ResumeSale(basis=PublicText("Nothing found."), channels=(shop,)))
    story.signed(QSR)
    before = len(story.incident.halt.orders)
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    new = story.incident.halt.orders[before:]
    assert {one.channels for one in new} == {(shop,)}


NEW = ListedChannel(
    id="shop-new", kind="own_shop", level="H2", name="New", name_zh="新店", market="CN"
)


@pytest.mark.parametrize("over", [True, False], ids=["all resumed", "the level stands"])
def test_recalled_lots_are_held_also_at_a_channel_that_joins_when_all_else_resumed(
    *, over: bool
) -> None:
    story = decided()
    story.keeps_evidence()
    if over:
        story.did(COMMANDER, CompleteRecall(market="CN", reason=words("Done here.")))
        story.signed(REGULATORY)
        story.later(seconds=1)
        story.did(COMMANDER, ResumeSale(basis=words("All other lots are sound.")))
        story.signed(QSR)
    events = story.did(PERFORMER, ListChannels(channels=(*channels(), NEW)))
    there = [one for one in holds(story.incident) if one.channel == NEW.id]
    assert [(one.recalled, one.lots) for one in there if one.recalled] == [(True, ("L1",))]
    is_told = any(isinstance(one, HaltOrdered) for one in events)
    assert is_told is not over, "nothing is ordered anew where sale resumed"
    assert heard_of(story) == ([NEW.id] if over else []), "people hear of it, and call"
    story.did(PERFORMER, ListChannels(channels=(*channels(), NEW)))
    assert heard_of(story) == [], "once"


def heard_of(story: Story) -> list[str]:
    """Give the channels of which people hear by the newest list that nobody told them."""
    entry = [one for one in map(read_entry, story.leaves) if isinstance(one.event, ChannelsListed)]
    found = effects(story.incident, entry[-1].event, entry[-1].mark())
    return [one.body["channel"] for one in found if one.body.get("kind") == "joined_untold"]


def test_a_channel_of_a_level_that_never_stopped_holds_nothing() -> None:
    story = decided()
    plant = replace(NEW, id="plant-new", kind="plant", level="H4")
    story.did(PERFORMER, ListChannels(channels=(*channels(), plant)))
    assert not [one for one in holds(story.incident) if one.channel == plant.id]
