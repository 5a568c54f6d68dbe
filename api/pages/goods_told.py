"""Goods of orders on a page: each product by its name, with the lots that are its own.

What belongs here: wording goods by the company's list of lots. What never does: the rule which lot
stands beside which product (domain/lots_by_product.py), or what an order stops.
"""

from collections.abc import Collection, Iterable, Sequence

from api.pages.lens import Lens
from domain.goods_in_pairs import Goods
from domain.lots_by_product import by_product, products_concerned
from domain.state import Incident
from domain.state.halt import HaltOrder, ResumeThere


def goods_apart(
    lens: Lens, parts: Sequence[Iterable[Goods]], about: Collection[str] = ()
) -> list[tuple[Goods, ...]]:
    """Give the goods of the parts of one statement by the company's list; `about`: of whatever."""
    listed = [tuple(part) for part in parts]
    lots = {lot for part in listed for _, lots in part for lot in lots}
    return by_product(listed, lens.names.products_of(lots), about)


def goods_line(lens: Lens, goods: Goods) -> str:
    """Name products and their lots in one line; no lots are all of them."""
    products, lots = goods
    return lens.named_line(lens.products(products), lens.listed(lots) or lens("all lots"))


def goods_lines(lens: Lens, goods: Iterable[Goods], about: Collection[str] = ()) -> list[str]:
    """Give goods as lines, beside each product its own lots."""
    return [goods_line(lens, one) for one in goods_apart(lens, [goods], about)[0]]


def listed_goods(lens: Lens, lines: Iterable[str]) -> str:
    """Put lines of goods behind each other in a sentence: commas stand between their lots."""
    return ("；" if lens.words.is_chinese else "; ").join(lines)


def order_goods(lens: Lens, state: Incident, orders: Iterable[HaltOrder | ResumeThere]) -> str:
    """Name in one line what orders stop, or free, beside each product its own lots."""
    goods = ((each.products, each.lots) for each in orders)
    return listed_goods(lens, goods_lines(lens, goods, products_concerned(state)))


def parts_told(lens: Lens, state: Incident, parts: Sequence[Iterable[HaltOrder]]) -> list[str]:
    """Name in one line each what the orders of each part of one statement stop.

    Where all parts are lots of the same products, the lots alone.
    """
    goods = [((each.products, each.lots) for each in part) for part in parts]
    apart = goods_apart(lens, goods, products_concerned(state))
    named = [one for part in apart for one in part]
    is_one = all(apart) and len({products for products, _ in named}) == 1
    if is_one and all(lots for _, lots in named):
        return [_lots_alone(lens, [lot for _, lots in part for lot in lots]) for part in apart]
    return [listed_goods(lens, (goods_line(lens, one) for one in part)) for part in apart]


def _lots_alone(lens: Lens, lots: Sequence[str]) -> str:
    told = lens.words.ngettext("lot %(lots)s", "lots %(lots)s", len(lots))
    return told % {"lots": lens.listed(lots)}


def goods_in_brackets(lens: Lens, goods: Iterable[Goods]) -> str:
    """Name goods inside a sentence: products, the lots that are meant of them in brackets."""
    told = [
        _bracketed(lens, lens.products(products), lens.listed(lots)) for products, lots in goods
    ]
    return lens.listed(told)


def _bracketed(lens: Lens, products: str, lots: str) -> str:
    if not products or not lots:
        return products or lots
    return f"{products}（{lots}）" if lens.words.is_chinese else f"{products} ({lots})"
