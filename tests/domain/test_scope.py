"""The arithmetic of a recall: balances, differences, samples, the return rate."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recall_terms import EffectivenessLevel, NeighbourKind, NeighbourVerdict
from domain.scope import (
    NOTHING,
    NUMBERS,
    Coverage,
    LotAnswer,
    LotRecovery,
    LotScope,
    Neighbour,
    answer_contradiction,
    balance,
    contradiction,
    difference,
    not_looked_at,
    percent_of,
    recounted,
    return_rate,
    sample,
    sample_size,
    total,
)
from domain.values import LotNumber, ProductId


def but(lot: LotScope, /, **changes: Any) -> LotScope:
    """Give a lot with some of its fields changed."""
    return replace(lot, **changes)


LOT = LotScope(lot=LotNumber("L1"), product=ProductId("cream"))
KNOWN = but(LOT, made=1000, on_hand=100, shipped=880, sold=600, returned=10, scrapped=15)


def reach(
    lots: str = "", *, products: str = "cream", markets: str = "CN", unbounded: bool = False
) -> Coverage:
    return Coverage(
        products=tuple(products.split()),
        lots=tuple(lots.split()),
        markets=tuple(markets.split()),
        unbounded=unbounded,
    )


# ---------------------------------------------------------------- balances


def test_a_lot_balances_to_the_unit() -> None:
    found = balance(KNOWN)
    assert (found.unexplained, found.out, found.unknown) == (5, 870, ())
    assert contradiction(KNOWN) is None


@pytest.mark.parametrize(
    ("number", "unexplained_known", "out_known"),
    [
        ("made", False, True),
        ("on_hand", False, True),
        ("scrapped", False, True),
        ("shipped", False, False),
        ("returned", True, False),
        ("sold", True, True),
    ],
)
def test_unknown_is_unknown_and_never_zero(
    number: str, unexplained_known: bool, out_known: bool
) -> None:
    found = balance(but(KNOWN, **{number: None}))
    assert (found.unexplained is not None) is unexplained_known
    assert (found.out is not None) is out_known
    assert found.unknown == (number,)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"on_hand": -1}, "on hand is below zero", id="negative"),
        pytest.param({"sold": 881}, "881 sold, but only 880 shipped", id="sold-more-than-shipped"),
        pytest.param(
            {"returned": 900}, "900 returned, but only 880", id="returned-more-than-shipped"
        ),
        pytest.param(
            {"made": 900},
            "995 on hand, scrapped or shipped, but only 900 made",
            id="more-than-made",
        ),
        pytest.param(
            {"made": 900, "scrapped": None}, "980 on hand", id="more-than-made-with-one-unknown"
        ),
    ],
)
def test_numbers_that_contradict_one_another_are_named(change: dict[str, Any], words: str) -> None:
    found = contradiction(but(KNOWN, **change))
    assert found is not None
    assert words in found


maybe = st.none() | st.integers(-5, 60)


@given(numbers=st.fixed_dictionaries(dict.fromkeys(NUMBERS, maybe)))
def test_what_is_not_contradictory_never_has_a_negative_balance(numbers: dict[str, Any]) -> None:
    lot = but(LOT, **numbers)
    if contradiction(lot) is not None:
        return
    found = balance(lot)
    assert found.unexplained is None or found.unexplained >= 0
    assert found.out is None or found.out >= 0
    if found.unexplained is not None:
        assert lot.made == lot.on_hand + lot.scrapped + lot.shipped + found.unexplained  # type: ignore[operator]


@given(
    numbers=st.fixed_dictionaries(dict.fromkeys(NUMBERS, st.none() | st.integers(0, 60))),
    name=st.sampled_from(NUMBERS),
)
def test_knowing_less_never_makes_a_contradiction(numbers: dict[str, Any], name: str) -> None:
    lot = but(LOT, **numbers)
    if contradiction(lot) is None:
        assert contradiction(but(lot, **{name: None})) is None


@given(st.lists(st.none() | st.integers(0, 1000)))
def test_a_sum_says_for_how_many_lots_it_could_not_count(numbers: list[int | None]) -> None:
    found = total(numbers)
    assert found.unknown_lots == numbers.count(None)
    assert found.known == sum(number or 0 for number in numbers)


answers = st.builds(
    LotAnswer,
    lot=st.just("L1"),
    received=maybe,
    on_hand=maybe,
    quarantined=maybe,
    sold_on=maybe,
    returned=maybe,
    destroyed=maybe,
)


@given(answers)
def test_an_answer_that_is_taken_can_be_true(row: LotAnswer) -> None:
    if answer_contradiction(row) is not None:
        return
    parts = (row.on_hand, row.sold_on, row.returned, row.destroyed)
    assert min(part or 0 for part in (*parts, row.received, row.quarantined)) >= 0
    if row.received is not None:
        assert sum(part or 0 for part in parts) <= row.received
    if row.on_hand is not None and row.quarantined is not None:
        assert row.quarantined <= row.on_hand


# ---------------------------------------------------------------- versions


@pytest.mark.parametrize(
    ("before", "after", "grows", "shrinks"),
    [
        pytest.param(NOTHING, reach("L1"), True, False, id="the-first"),
        pytest.param(reach("L1"), reach("L1"), False, False, id="the-same"),
        pytest.param(reach("L1"), reach("L1 L2"), True, False, id="a-lot-more"),
        pytest.param(reach("L1 L2"), reach("L1"), False, True, id="a-lot-less"),
        pytest.param(reach("L1 L2"), reach("L1 L3"), True, True, id="one-for-another"),
        pytest.param(reach("L1"), reach("L1", markets="CN FR"), True, False, id="a-market-more"),
        pytest.param(reach("L1", markets="CN FR"), reach("L1"), False, True, id="a-market-less"),
        pytest.param(reach("L1"), reach(unbounded=True), True, False, id="every-lot-now"),
        pytest.param(reach(unbounded=True), reach("L1 L2"), False, True, id="bounded-now"),
        pytest.param(
            reach(unbounded=True),
            reach("L9", unbounded=True),
            False,
            False,
            id="naming-a-lot-of-all",
        ),
        pytest.param(
            reach(unbounded=True),
            reach(products="cream set", unbounded=True),
            True,
            False,
            id="a-product-more",
        ),
        pytest.param(
            reach("L1", products="cream set"),
            reach(unbounded=True),
            True,
            True,
            id="every-lot-of-one-product-less",
        ),
    ],
)
def test_versions_differ(before: Coverage, after: Coverage, grows: bool, shrinks: bool) -> None:
    found = difference(before, after)
    assert (found.grows, found.shrinks) == (grows, shrinks)


lots = st.lists(st.sampled_from(["L1", "L2", "L3"]), unique=True).map(
    lambda names: " ".join(sorted(names))
)
coverages = st.builds(
    reach,
    lots,
    products=st.sampled_from(["cream", "set", "cream set"]),
    markets=st.sampled_from(["CN", "FR", "CN FR"]),
    unbounded=st.booleans(),
)


@given(coverages, coverages)
def test_what_grows_one_way_shrinks_the_other(one: Coverage, other: Coverage) -> None:
    there, back = difference(one, other), difference(other, one)
    assert (there.grows, there.shrinks) == (back.shrinks, back.grows)


def test_recounting_is_seen_lot_by_lot() -> None:
    second = but(KNOWN, lot="L2")
    after = (
        but(KNOWN, on_hand=None),
        but(second, because="same bulk"),
        but(KNOWN, lot="L3"),
    )
    assert recounted((KNOWN, second), after) == ("L1",)


def test_neighbours_that_nobody_looked_at_are_named() -> None:
    bulk = Neighbour(kind=NeighbourKind.SAME_BULK, verdict=NeighbourVerdict.INCLUDED)
    sets = Neighbour(kind=NeighbourKind.SETS, verdict=NeighbourVerdict.OPEN)
    missing = not_looked_at((bulk, sets))
    assert NeighbourKind.SAME_BULK not in missing
    assert NeighbourKind.SETS in missing
    assert len(missing) == len(NeighbourKind) - 1


# ---------------------------------------------------------------- what came back


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        pytest.param(
            [LotRecovery(lot="L1", out=200, received=50, destroyed=30, remedied=20)],
            5000,
            id="half",
        ),
        pytest.param([LotRecovery(lot="L1", out=3, received=1)], 3333, id="rounded-down"),
        pytest.param(
            [LotRecovery(lot="L1", out=100, received=150), LotRecovery(lot="L2", out=100)],
            5000,
            id="too-many-of-one-hides-nothing-of-another",
        ),
        pytest.param(
            [LotRecovery(lot="L1", out=100, received=100), LotRecovery(lot="L2", out=None)],
            None,
            id="one-lot-unknown",
        ),
        pytest.param([LotRecovery(lot="L1", out=0)], None, id="nothing-outside"),
        pytest.param([], None, id="no-lot"),
    ],
)
def test_the_return_rate_is_known_or_it_is_none(rows: list[LotRecovery], rate: int | None) -> None:
    assert return_rate(rows) == rate


recoveries = st.builds(
    LotRecovery,
    lot=st.just("L1"),
    out=st.none() | st.integers(0, 50),
    received=st.integers(0, 60),
    destroyed=st.integers(0, 9),
    remedied=st.integers(0, 9),
)


@given(st.lists(recoveries))
def test_units_never_vanish_and_are_never_counted_twice(rows: list[LotRecovery]) -> None:
    for row in rows:
        if row.out is not None and row.unaccounted is not None:
            assert row.out == row.recovered - row.too_many + row.unaccounted
            assert min(row.unaccounted, row.too_many) == 0
    rate = return_rate(rows)
    assert rate is None or 0 <= rate <= 10_000
    if rate == 10_000:
        assert all(row.unaccounted == 0 for row in rows)


# ---------------------------------------------------------------- effectiveness checks


@pytest.mark.parametrize(
    ("level", "asked", "percent", "of_230"),
    [
        ("A", None, 100, 230),
        ("B", 50, 50, 115),
        ("C", None, 10, 23),
        ("D", None, 2, 5),
        ("E", None, 0, 0),
        ("A", 100, 100, 230),
    ],
)
def test_levels_give_sample_sizes(level: str, asked: int | None, percent: int, of_230: int) -> None:
    assert percent_of(EffectivenessLevel(level), asked) == percent
    assert sample_size(230, percent) == of_230


@pytest.mark.parametrize(
    ("level", "asked"), [("B", None), ("B", 10), ("B", 100), ("C", 20), ("E", 5)]
)
def test_a_share_must_fit_its_level(level: str, asked: int | None) -> None:
    assert percent_of(EffectivenessLevel(level), asked) is None


names = st.lists(st.text(min_size=1, max_size=5), max_size=40)


@given(
    names=names,
    percent=st.integers(0, 100),
    seed=st.text(max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_a_sample_is_the_same_in_any_order(
    names: list[str], percent: int, seed: str, order: Any
) -> None:
    drawn = sample(names, percent, seed)
    shuffled = [*names, *names[:3]]
    order.shuffle(shuffled)
    assert sample(shuffled, percent, seed) == drawn
    assert set(drawn) <= set(names)
    assert len(drawn) == sample_size(len(set(names)), percent)


@given(names=names, less=st.integers(0, 100), more=st.integers(0, 100), seed=st.text(max_size=8))
def test_a_larger_share_only_adds(names: list[str], less: int, more: int, seed: str) -> None:
    less, more = sorted((less, more))
    assert set(sample(names, less, seed)) <= set(sample(names, more, seed))


@given(
    names=st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=30),
    percent=st.integers(1, 100),
    seed=st.text(max_size=8),
    new=st.text(min_size=6, max_size=7),
)
def test_a_consignee_more_puts_at_most_one_other_out(
    names: list[str], percent: int, seed: str, new: str
) -> None:
    before, after = set(sample(names, percent, seed)), set(sample([*names, new], percent, seed))
    assert len(before - after) <= 1


def test_another_seed_draws_others() -> None:
    many = [f"shop-{number}" for number in range(200)]
    assert sample(many, 10, "one") != sample(many, 10, "two")
