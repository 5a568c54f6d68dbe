"""How near an earlier incident is: a lot is a product's, and its number alone is no lot."""

import pytest

from services.earlier import Goods, Kin, Past, beside

CREAM, WIPES = "cream", "wipes"


def past(*lots: tuple[str, str], unknown: bool = False) -> Past:
    return Past(
        id="INC-2026-0001",
        status="accepted",
        products=frozenset({CREAM, WIPES}),
        lots=frozenset(lots),
        every_lot=False,
        lots_unknown=unknown,
        decision="",
        depth="",
        classes=(),
        linked_to="",
        hurt=0,
        told_besides=0,
        halts=(),
        ended_at=None,
    )


@pytest.mark.parametrize(
    ("there", "kin", "lots"),
    [
        pytest.param(past((CREAM, "7")), Kin.SAME_LOT, ("7",), id="same"),
        pytest.param(past((WIPES, "7"), (CREAM, "8")), Kin.OTHER_LOTS, ("8",), id="of another"),
        pytest.param(past((WIPES, "7")), Kin.MAYBE_SAME_LOT, (), id="none of ours is known"),
        pytest.param(past((CREAM, "8"), unknown=True), Kin.MAYBE_SAME_LOT, ("8",), id="unknown"),
    ],
)
def test_the_same_number_of_another_product_is_another_lot(
    there: Past, kin: Kin, lots: tuple[str, ...]
) -> None:
    goods = Goods(products=frozenset({CREAM}), lots=frozenset({(CREAM, "7")}))
    found = beside(goods, there, visible=True)
    assert found is not None
    assert (found.kin, found.lots) == (kin, lots)
