"""What is counted so far in each market of a running recall."""

from dataclasses import replace

import pytest

from domain.market_counts import market_counts
from domain.recall_scope import WidenScope
from domain.recall_terms import GoodsSource
from domain.recounts import CorrectCount
from domain.scope import LotAnswer, Total
from domain.values import ConsigneeId, LotNumber
from tests.domain.recalls import (
    COMMANDER,
    COUNTERS,
    QUALITY,
    SHOPS,
    SUPPLY,
    answer,
    goods,
    running,
    scope,
    words,
)

MARKETS = dict.fromkeys(map(str, SHOPS), "CN")
FIRST = str(SHOPS[0])


def told(**units: int) -> tuple[LotAnswer, ...]:
    return (LotAnswer(lot=LotNumber("L1"), **units),)


def test_what_nobody_says_is_as_the_list_has_it_or_unknown() -> None:
    recall = running().incident.recall
    none = market_counts(recall, MARKETS, {})[0]
    assert none.recalled == Total(known=0, unknown_lots=len(SHOPS))
    assert (none.share, none.counted_at) == (None, None)
    listed = market_counts(recall, MARKETS, {str(name): {"L1": 100} for name in SHOPS})[0]
    assert listed.recalled == Total(known=100 * len(SHOPS), unknown_lots=0)
    assert (listed.from_list, listed.came_back, listed.share) == (len(SHOPS), 0, 0)


def test_an_answer_stands_for_the_list_and_what_came_in_counts_as_corrected() -> None:
    story = running()
    story.did(SUPPLY, answer(SHOPS[0], lots=told(received=40, destroyed=5)))
    from_first = {"source": GoodsSource.CONSIGNEE, "consignee": ConsigneeId(FIRST)}
    story.did(SUPPLY, goods(30, **from_first))
    count = story.incident.recall.counts[0]
    story.did(
        SUPPLY, CorrectCount(count=count.id, units=15, reason=words("A typing error."), **COUNTERS)
    )
    story.signed(QUALITY)
    story.did(SUPPLY, goods(7))  # of a consumer: counted for no market
    one = market_counts(story.incident.recall, MARKETS, {FIRST: {"L1": 100}})[0]
    assert one.recalled == Total(known=40, unknown_lots=len(SHOPS) - 1)
    assert (one.came_back, one.from_list) == (20, 0)
    assert one.counted_at is not None
    only = market_counts(story.incident.recall, {FIRST: "CN"}, {})[0]
    assert (only.consignees, only.share) == (1, 5000)


@pytest.mark.parametrize(
    ("lots", "listed", "total", "from_list"),
    [
        pytest.param(
            (LotAnswer(lot=LotNumber("L1"), received=40), LotAnswer(lot=LotNumber("L2"))),
            {"L1": 100}, Total(known=40, unknown_lots=0), 0, id="a lot that is only named",
        ),
        pytest.param(
            (LotAnswer(lot=LotNumber("L1"), received=40),),
            {"L1": 100, "L2": 9}, Total(known=49, unknown_lots=0), 1, id="the other by the list",
        ),
        pytest.param(
            (LotAnswer(lot=LotNumber("L1"), received=40),
             LotAnswer(lot=LotNumber("L2"), on_hand=3)),
            {"L1": 100}, Total(known=0, unknown_lots=1), 0, id="a lot that nobody has a number of",
        ),
    ],
)  # fmt: skip
def test_what_is_answered_for_one_lot_is_no_word_about_another(
    lots: tuple[LotAnswer, ...], listed: dict[str, int], total: Total, from_list: int
) -> None:
    story = running()
    story.did(SUPPLY, answer(SHOPS[0], lots=lots))
    only = market_counts(story.incident.recall, {FIRST: "CN"}, {FIRST: listed})[0]
    assert (only.recalled, only.from_list) == (total, from_list)


def test_a_consignee_elsewhere_counts_elsewhere() -> None:
    recall = running().incident.recall
    one = market_counts(recall, dict.fromkeys(map(str, SHOPS), "FR"), {})[0]
    assert (one.market, one.consignees, one.share) == ("CN", 0, None)


@pytest.mark.parametrize(
    ("markets", "counted"),
    [
        pytest.param(("EU",), {"EU": 1}, id="a country in its group"),
        pytest.param(("DE", "FR"), {"DE": 1, "FR": 0}, id="told as the group, listed in a country"),
        pytest.param(("DE", "EU"), {"DE": 1, "EU": 0}, id="once, in the narrower one"),
    ],
)
def test_a_consignee_of_a_country_counts_once(
    markets: tuple[str, ...], counted: dict[str, int]
) -> None:
    story = running()
    story.did(COMMANDER, WidenScope(**scope(markets=("CN", *markets))))
    recall = story.incident.recall
    row = replace(recall.consignees[FIRST], market="EU")
    recall = replace(recall, consignees={FIRST: row})
    found = {one.market: one.consignees for one in market_counts(recall, {FIRST: "DE"}, {})}
    assert found == {"CN": 0, **counted}


def test_an_answer_without_goods_counts_nothing() -> None:
    story = running()
    story.did(SUPPLY, answer(SHOPS[0], lots=told(received=40)))
    assert market_counts(story.incident.recall, MARKETS, {})[0].counted_at is None
