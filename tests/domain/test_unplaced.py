"""Units shipped that no consignee is known to have received: named, and never guessed."""

from dataclasses import replace

import pytest

from domain.recall_scope import WidenScope
from domain.scope import LotAnswer
from domain.unplaced import LeftOpen, all_left_open, left_open, sold_beyond, unplaced
from domain.values import LotNumber
from tests.domain.recalls import COMMANDER, COUNTED, SHOPS, SUPPLY, answer, lot, running, scope

LISTED = {("shop-1", "L1"): 300, ("shop-2", "L1"): 200, ("elsewhere", "L1"): 50}
UNSAID = LotAnswer(lot=LotNumber("L1"))
OTHER = LotAnswer(lot=LotNumber("L2"), received=7)


@pytest.mark.parametrize(
    ("answers", "direct", "units", "unknown"),
    [
        pytest.param((), {}, 290, 0, id="by our list: who is not of the scope holds nothing"),
        pytest.param((), {"L1": 40}, 250, 0, id="less what our own shops sold"),
        pytest.param((answer(SHOPS[0]),), {}, 580, 0, id="it says that it received fewer"),
        pytest.param(
            (answer(SHOPS[0], lots=(), never_had=True),), {}, 590, 0, id="it says that it had none"
        ),
        pytest.param((answer(SHOPS[4], lots=(UNSAID,)),), {}, 290, 1, id="it does not say"),
        pytest.param(
            (answer(SHOPS[0], lots=(OTHER,)),), {}, 290, 0, id="of this lot the list speaks for it"
        ),
        pytest.param((), {"L1": 290}, None, 0, id="all are accounted for"),
    ],
)
def test_units_that_are_at_nobody_we_know_are_named(
    answers: tuple[object, ...], direct: dict[str, int], units: int | None, unknown: int
) -> None:
    story = running(lots=(lot(**COUNTED),))
    for said in answers:
        story.did(SUPPLY, said)
    found = unplaced(story.incident.recall, LISTED, direct)
    assert [(one.units, one.unknown) for one in found] == (
        [] if units is None else [(units, unknown)]
    )


def test_a_lot_whose_shipped_number_nobody_gave_has_no_such_number() -> None:
    story = running(lots=(lot(**{**COUNTED, "shipped": None, "returned": None, "sold": None}),))
    assert unplaced(story.incident.recall, LISTED, {}) == []


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        pytest.param({}, 9, id="nine say nothing"),
        pytest.param({"lots": (OTHER,)}, 10, id="of this lot it says nothing either"),
        pytest.param({"lots": (), "never_had": True}, 9, id="it never had any"),
    ],
)
def test_silence_is_not_zero_where_the_list_does_not_have_the_lot(
    said: dict[str, object], unknown: int
) -> None:
    story = running(lots=(lot(**COUNTED),))
    story.did(SUPPLY, answer(SHOPS[0], **said))
    (found,) = unplaced(story.incident.recall, {("shop-1", "L2"): 5}, {})
    assert found.unknown == unknown


def test_never_having_had_any_is_no_answer_about_lots_that_joined_later() -> None:
    story = running(lots=(lot(**COUNTED),))
    story.did(SUPPLY, answer(SHOPS[0], lots=(), never_had=True))
    story.later(hours=1)
    both = (lot(**COUNTED), replace(lot(**COUNTED), lot=LotNumber("L2")))
    story.did(COMMANDER, WidenScope(**scope(lots=both)))
    found = {one.lot: one for one in unplaced(story.incident.recall, {("shop-1", "L2"): 300}, {})}
    assert found["L2"].received == 300


@pytest.mark.parametrize(
    ("told", "units"),
    [
        pytest.param({"received": 200, "on_hand": 50, "sold_on": 60, "returned": 30,
                      "destroyed": 10}, 50, id="fewer than it received"),
        pytest.param({"received": 200, "on_hand": 150}, 50, id="left empty is not zero"),
        pytest.param({"received": 200}, 200, id="it says nothing of any"),
        pytest.param({"received": 200, "on_hand": 150, "sold_on": 50}, None, id="all of them"),
        pytest.param({"on_hand": 150}, None, id="it does not say what it received"),
        pytest.param({"received": 200, "quarantined": 120}, 80, id="what is set apart is there"),
        pytest.param(
            {"received": 200, "on_hand": 150, "quarantined": 120}, 50, id="and is counted once"
        ),
        pytest.param(
            {"received": 200, "quarantined": 120, "sold_on": 120}, None, id="more than received"
        ),
    ],
)  # fmt: skip
def test_units_that_an_answer_does_not_account_for_are_named(
    told: dict[str, int], units: int | None
) -> None:
    story = running(lots=(lot(**COUNTED),))
    said = answer(SHOPS[0], lots=(LotAnswer(lot=LotNumber("L1"), **told),))
    story.did(SUPPLY, said)
    expected = LeftOpen(consignee="shop-1", lot="L1", units=units or 0, received=200)
    assert left_open(said.consignee, said.lots) == [expected] * (units is not None)
    assert all_left_open(story.incident.recall) == [expected] * (units is not None)


@pytest.mark.parametrize(
    ("sold", "direct", "found"),
    [
        (2100, {"L1": 3635}, [("L1", 2100, 3635)]),
        (3635, {"L1": 3635}, []),
        (4000, {"L1": 3635}, []),
        (None, {"L1": 3635}, []),
        (2100, {}, []),
        (2100, {"L2": 3635}, []),
    ],
    ids=["more than consumers bought", "as many", "fewer", "not known", "no list", "another lot"],
)
def test_our_shops_never_sold_more_than_consumers_bought(
    sold: int | None, direct: dict[str, int], found: list[tuple[str, int, int]]
) -> None:
    counted = {**COUNTED, "made": 9000, "shipped": 8000, "on_hand": 1000, "sold": sold}
    story = running(lots=(lot(**{**counted, "returned": None, "scrapped": None}),))
    assert sold_beyond(story.incident.recall, direct) == found
