"""More of a lot at a consignee than it received is noticed; what nobody knows is not."""

from typing import Any

import pytest

from domain.beyond_received import Beyond, beyond_received
from domain.recall_terms import GoodsSource
from domain.recounts import CorrectCount
from domain.scope import LotAnswer
from domain.values import ConsigneeId, LotNumber
from tests.domain.recalls import COUNTERS, SHOPS, SUPPLY, answer, goods, running, words

SHOP = str(SHOPS[0])
LISTED = {(SHOP, "L1"): 120}


def told(**numbers: Any) -> tuple[LotAnswer, ...]:
    return (LotAnswer(lot=LotNumber("L1"), **numbers),)


def from_shop(units: int) -> Any:
    return goods(units, source=GoodsSource.CONSIGNEE, consignee=ConsigneeId(SHOP))


@pytest.mark.parametrize(
    ("numbers", "units"),
    [
        pytest.param({"received": 130}, 130, id="received"),
        pytest.param({"sold_on": 100, "returned": 21}, 121, id="in-parts"),
        pytest.param({"received": 120}, None, id="as-much"),
        pytest.param(
            {"received": 120, "on_hand": 100, "returned": 80}, None, id="contradicts-itself"
        ),
        pytest.param({}, None, id="nothing-known"),
    ],
)
def test_an_answer_is_held_against_the_list(numbers: dict[str, int], units: int | None) -> None:
    recall = running().incident.recall
    said = answer(SHOPS[0], lots=told(**numbers))
    assert [one.units for one in beyond_received(recall, said, LISTED)] == [units] * bool(units)
    assert beyond_received(recall, said, {}) == ()


def test_what_came_in_is_held_against_what_the_consignee_says_before_the_list() -> None:
    story = running()
    story.did(SUPPLY, from_shop(70))
    assert beyond_received(story.incident.recall, from_shop(50), LISTED) == ()
    beyond = Beyond(
        consignee=SHOP, lot="L1", units=121, received=120, counted=True, by_list=True
    )  # fmt: skip
    assert beyond_received(story.incident.recall, from_shop(51), LISTED) == (beyond,)
    story.did(SUPPLY, answer(SHOPS[0], lots=told(received=100)))
    (own,) = beyond_received(story.incident.recall, from_shop(50), LISTED)
    assert (own.received, own.by_list) == (100, False)
    assert beyond_received(story.incident.recall, goods(500), LISTED) == ()


@pytest.mark.parametrize(("units", "found"), [(130, 1), (120, 0), (60, 0)])
def test_a_count_that_grows_by_its_correction_is_asked_about(units: int, found: int) -> None:
    story = running()
    story.did(SUPPLY, from_shop(70))
    count = story.incident.recall.counts[0].id
    said = CorrectCount(count=count, units=units, reason=words("Typed wrong."), **COUNTERS)
    assert len(beyond_received(story.incident.recall, said, LISTED)) == found
