"""Goods as people are told them: beside each product the lots that are its own.

What belongs here: reading an order, all its products times all its lots, by the company's list of
which lot is of which product. What never does: what an order stops, which is every pair of them
(domain/goods_in_pairs.py), or what a machine is sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from domain.goods_in_pairs import Goods
from domain.state import Incident

Known = Mapping[str, Collection[str]]
"""The products of each lot, as the company's list has it; a lot that it does not know is left out.

Two products may carry one number.
"""


def by_product(
    parts: Sequence[Iterable[Goods]], known: Known, about: Collection[str] = ()
) -> list[tuple[Goods, ...]]:
    """Give the goods of each part of one sentence, beside each product its own lots alone.

    A lot that the list does not know, or that is of no product of these parts and none of `about`,
    stands beside every product. A product of which every lot is another's stands with these lots,
    as it was ordered; but where lots of its own are named elsewhere in the sentence. No part is
    left empty by that.
    """
    listed = [tuple(part) for part in parts]
    concerned = {*about, *(one for part in listed for products, _ in part for one in products)}
    own = [_own_lots(part, known, concerned) for part in listed]
    named = {product for each in own for product in each}
    return [
        _together(each | _as_ordered(part, named if each else ()))
        for part, each in zip(listed, own, strict=True)
    ]


def told_by_product(
    goods: Iterable[Goods], known: Known, about: Collection[str] = ()
) -> tuple[Goods, ...]:
    """Give goods that stand in a sentence alone, as `by_product` does."""
    return by_product([goods], known, about)[0]


def products_concerned(incident: Incident) -> frozenset[str]:
    """Give every product that a report, an order or the scope of an incident names."""
    ordered = (product for order in incident.halt.orders for product in order.products)
    return frozenset((*incident.report.products, *incident.recall.coverage.products, *ordered))


def _own_lots(
    part: Iterable[Goods], known: Known, concerned: set[str]
) -> dict[str, dict[str, None] | None]:
    """Give the lots beside each product that may be its own; None is all of them."""
    found: dict[str, dict[str, None] | None] = {}
    for products, lots in part:
        apart = [(lot, concerned.intersection(known.get(lot, ()))) for lot in lots]
        for product in products:
            if not lots:
                found[product] = None
            mine = dict.fromkeys(lot for lot, of in apart if not of or product in of)
            if mine and (before := found.setdefault(product, {})) is not None:
                before |= mine
    return found


def _as_ordered(part: Iterable[Goods], named: Collection[str]) -> dict[str, dict[str, None] | None]:
    """Give products of which no lot is their own, and that are named nowhere else."""
    found: dict[str, dict[str, None] | None] = {}
    for products, lots in part:
        for product in products:
            if product not in named:
                found[product] = {**(found.get(product) or {}), **dict.fromkeys(lots)}
    return found


def _together(lots_of: Mapping[str, dict[str, None] | None]) -> tuple[Goods, ...]:
    """Put products beside each other that have the same lots."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for product, lots in lots_of.items():
        alike.setdefault(tuple(lots or ()), []).append(product)
    return tuple((tuple(products), lots) for lots, products in alike.items())
