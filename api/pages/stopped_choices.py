"""The goods that a form to sell again offers: what is stopped now and may be sold again.

What belongs here: products, and lots product by product, each once. What never does: what may be
sold (domain/resuming.py), or the choices of other forms (api/pages/choices.py).
"""

from typing import Any

from api.pages.goods_told import goods_apart
from api.pages.lens import Lens
from api.pages.looking import View
from domain.lots_by_product import products_concerned
from domain.resuming_goods import goods_stopped
from domain.values import LotNumber, ProductId
from storage import catalog


def goods_offered(view: View | None, command: str, asked: Any) -> list[dict[str, str]] | None:
    """Give the products or lots to choose from; None on any other form and for any other field."""
    if view is None or command != "resume_sale" or asked not in (ProductId, LotNumber):
        return None
    stopped = goods_stopped(view.state)
    if asked is ProductId:
        return [_option(one, view.lens.named("product", one)) for one in stopped]
    return _lots(view, view.lens, stopped)


def _lots(view: View, lens: Lens, stopped: dict[str, set[str]]) -> list[dict[str, str]]:
    """Offer lots with the product of each, as the company's list has it; the others at the end.

    A lot of a product that is on sale again is offered under no other product.
    """
    goods = [((product,), tuple(sorted(lots))) for product, lots in stopped.items() if lots]
    [told] = goods_apart(lens, [goods], products_concerned(view.state))
    left = {lot for _, lots in told for lot in lots}
    found = {
        lot.number: _option(lot.number, lot.number, lens.named("product", product))
        for product in stopped
        for lot in catalog.lots_of(view.visit.house.engine, product)
        if lot.number in left
    }
    return [*found.values(), *(_option(lot, lot) for lot in sorted(left - {*found}))]


def _option(value: str, label: str, about: str = "") -> dict[str, str]:
    return {"value": value, "label": label, "help": about}
