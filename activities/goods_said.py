"""The goods of an order as letters and the page behind their link say them: lots by product.

What belongs here: which goods of an incident stand beside those that a letter names, and joining
them. What never does: the rule which lot stands beside which product (domain/lots_by_product.py).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy.engine import Engine

from activities.speaking import Speech
from domain.goods_in_pairs import Goods
from domain.lots_by_product import by_product, products_concerned
from domain.state import Incident
from domain.state.halt import first_of
from storage import catalog

BETWEEN: Final = {True: "；", False: "; "}
"""What stands between goods, in Chinese and in any other language."""


def goods_by_product(
    engine: Engine, goods: Sequence[Goods], incident: Incident | None, beside: Iterable[Goods] = ()
) -> tuple[Goods, ...]:
    """Give goods by the company's list of lots; `beside` are those that the reader knows of too."""
    others = tuple(beside)
    lots = {lot for part in (goods, others) for _, named in part for lot in named}
    known = catalog.products_of_lots(engine, lots) if lots else {}
    about = products_concerned(incident) if incident is not None else ()
    return by_product([goods, others], known, about)[0]


def goods_beside(incident: Incident | None, action: str, number: int) -> tuple[Goods, ...]:
    """Give what the reader of an order knows of beside it.

    Of one that is left of another, all that the whole named; of one to sell again, all that was
    ordered; of any other nothing, so that every product that it names is told.
    """
    if incident is None:
        return ()
    orders = incident.halt.orders
    if action == "resume":
        return tuple((one.products, one.lots) for one in orders)
    whole = (first_of(orders, one) for one in orders if one.number == number and one.part_of)
    return tuple((one.products, one.lots) for one in whole)


def goods_said(speech: Speech, goods: Iterable[Goods], *, others: bool = False) -> str:
    """Say goods in one line, product by product."""
    told = (speech.goods(products, lots, others=others) for products, lots in goods)
    return BETWEEN[speech.words.is_chinese].join(told)


def lots_of_goods(goods: Sequence[Goods]) -> list[str]:
    """Give each lot that is told beside a product once; none where all of one are meant."""
    if not all(lots for _, lots in goods):
        return []
    return list(dict.fromkeys(lot for _, lots in goods for lot in lots))
