"""People are told beside each product the lots that are its own, by the company's list."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lots_by_product import by_product, told_by_product

KNOWN = {"C1": ("cream",), "C2": ("cream",), "S9": ("soap",), "B5": ("cream", "soap")}
CREAM, SOAP = ("cream",), ("soap",)
BOTH = ("cream", "soap")


@pytest.mark.parametrize(
    ("goods", "about", "told"),
    [
        (
            [(BOTH, ("C1", "C2", "S9"))],
            (),
            [(CREAM, ("C1", "C2")), (SOAP, ("S9",))],
        ),
        ([(BOTH, ("C1", "S9", "U"))], (), [(CREAM, ("C1", "U")), (SOAP, ("S9", "U"))]),
        ([(BOTH, ("U", "V"))], (), [(BOTH, ("U", "V"))]),
        ([(BOTH, ())], (), [(BOTH, ())]),
        ([(BOTH, ("B5",))], (), [(BOTH, ("B5",))]),
        ([(CREAM, ("C1", "S9"))], (), [(CREAM, ("C1", "S9"))]),
        ([(CREAM, ("C1", "S9"))], BOTH, [(CREAM, ("C1",))]),
        ([(BOTH, ("C1",))], (), [(BOTH, ("C1",))]),
        ([(CREAM, ("C1",)), (CREAM, ("C1", "C2"))], (), [(CREAM, ("C1", "C2"))]),
        ([(CREAM, ("C1",)), (CREAM, ())], (), [(CREAM, ())]),
        ([(BOTH, ("C1",)), (SOAP, ("S9",))], (), [(CREAM, ("C1",)), (SOAP, ("S9",))]),
    ],
    ids=[
        "each its own",
        "a lot that nobody knows is of each",
        "nothing is known",
        "all lots",
        "a number of two products",
        "a lot of a product that nobody asks about",
        "a lot of another product of the incident",
        "a product without a lot of its own is never left out in silence",
        "twice",
        "some and all",
        "named by another order",
    ],
)
def test_beside_each_product_stand_its_own_lots(goods: Any, about: Any, told: Any) -> None:
    assert list(told_by_product(goods, KNOWN, about)) == told


def test_a_product_that_another_part_of_the_sentence_names_needs_no_lots_of_others() -> None:
    again, stays = by_product([[(BOTH, ("S9",))], [(BOTH, ("C1", "C2"))]], KNOWN)
    assert again == ((SOAP, ("S9",)),)
    assert stays == ((CREAM, ("C1", "C2")),)


def test_what_somebody_named_against_the_list_is_told_as_it_was_named() -> None:
    again, stays = by_product([[(CREAM, ("S9",))], [(BOTH, ("C1",))]], KNOWN, BOTH)
    assert again == ((CREAM, ("S9",)),)
    assert stays == ((BOTH, ("C1",)),)


PRODUCTS = st.sampled_from(("a", "b", "c"))
LOTS = st.sampled_from(("1", "2", "3", "4"))
ORDERS = st.lists(
    st.tuples(st.lists(PRODUCTS, min_size=1, unique=True), st.lists(LOTS, unique=True)), min_size=1
)
LISTS = st.dictionaries(LOTS, st.lists(PRODUCTS, min_size=1, unique=True))


@given(ORDERS, LISTS)
def test_nothing_is_told_that_no_order_names_and_no_product_is_lost(
    orders: Any, known: Any
) -> None:
    goods = [(tuple(products), tuple(lots)) for products, lots in orders]
    told = told_by_product(goods, known)
    ordered = {(one, lot) for products, lots in goods for one in products for lot in lots or ("",)}
    found = [(one, lot) for products, lots in told for one in products for lot in lots or ("",)]
    assert set(found) <= ordered
    assert len(found) == len(set(found))
    assert {one for one, _ in found} == {one for one, _ in ordered}
    for one, lot in ordered - set(found):
        whole = (one, "") in ordered
        assert whole or one not in known.get(lot, (one,)), "left out though it may be its own"
