"""Stage halt: production stopped, stock set apart by lot, and what was stopped on its way."""

import pytest

from domain.left_at_end import left_at_end
from domain.people import Role
from domain.scope import LotCount
from domain.set_apart import OnItsWay, RecordInterception, RecordProductionStop, SetStockApart
from domain.state.halt import Intercepted
from domain.values import LotNumber, PublicText
from tests.domain.story import SERIOUS, Story, person

PLANT = person(Role.PLANT_MANAGER)
SUPPLY = person(Role.SUPPLY_CHAIN)
UNSECURED = "production stopped, and nobody confirmed that retained samples are secured"
DONE = PublicText("Called back to the hub.")


def of(lot: str, units: int) -> LotCount:
    return LotCount(lot=LotNumber(lot), units=units)


def story() -> Story:
    told = Story()
    told.reported(SERIOUS)
    return told


def counted(told: Story) -> dict[tuple[str, str], int]:
    return {(one.site, one.lot): one.units for one in told.incident.halt.quarantine}


def test_the_last_count_of_each_place_counts() -> None:
    told = story()
    told.did(SUPPLY, SetStockApart(site="East", place="Cage 3", counts=(of("L1", 40), of("L2", 0))))
    told.did(SUPPLY, SetStockApart(site="South", place="Rack", counts=(of("L1", 7),)))
    told.did(SUPPLY, SetStockApart(site="East", place="Cage 3", counts=(of("L1", 38),)))
    assert counted(told) == {("East", "L1"): 38, ("East", "L2"): 0, ("South", "L1"): 7}


def test_a_line_that_stopped_sets_its_own_goods_apart() -> None:
    told = story()
    stop = RecordProductionStop(
        site="Linhu", line="cream-1", set_apart=(of("L1", 900),), retained_samples_secured=True
    )
    told.did(PLANT, stop)
    assert counted(told) == {("Linhu", "L1"): 900}
    assert told.incident.halt.lines[0].retained_samples_secured
    assert told.incident.halt.quarantine[0].retained_samples_secured
    assert UNSECURED not in left_at_end(told.incident)


def test_the_end_names_a_stopped_line_whose_retained_samples_nobody_secured() -> None:
    told = story()
    told.did(PLANT, RecordProductionStop(site="Linhu", line="cream-1"))
    assert UNSECURED in left_at_end(told.incident)
    kept = SetStockApart(
        site="Linhu", place="Fridge 2", counts=(of("L1", 3),), retained_samples_secured=True
    )
    told.did(SUPPLY, kept)
    assert UNSECURED not in left_at_end(told.incident)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        pytest.param((of("L1", -1),), "bad_count", id="negative"),
        pytest.param((of("L1", 1), of("L1", 2)), "counted_twice", id="one lot twice"),
    ],
)
def test_a_count_that_cannot_be_is_refused(counts: tuple[LotCount, ...], reason: str) -> None:
    told = story()
    said = SetStockApart(site="East", place="Cage 3", counts=counts)
    assert told.refused(SUPPLY, said).reason == reason
    assert counted(told) == {}


def test_what_was_stopped_on_its_way_is_counted_by_kind_and_what_got_through_too() -> None:
    told = story()
    for kind, units, expected in (
        (OnItsWay.PARCELS, 9, 12),
        (OnItsWay.SAMPLES, 30, None),
        (OnItsWay.PARCELS, 1, 1),
    ):
        told.did(
            SUPPLY,
            RecordInterception(
                carrier="Swiftcrane", orders=1, units=units, outcome=DONE, kind=kind,
                expected_units=expected,
            ),
        )  # fmt: skip
    halt = told.incident.halt
    assert halt.intercepted_by_kind == (
        Intercepted(kind="parcels", units=10),
        Intercepted(kind="samples", units=30),
    )
    assert (halt.intercepted_units, halt.not_intercepted_units) == (40, 3)


def test_more_cannot_be_stopped_than_was_on_its_way() -> None:
    said = RecordInterception(carrier="S", orders=1, units=5, outcome=DONE, expected_units=4)
    assert story().refused(SUPPLY, said).reason == "bad_count"
