"""Stage `halt`: goods as pairs of a product and a lot, which alone can be told apart and compared.

What belongs here: pairs of what an order or a scope names, and goods of pairs. What never does:
which of them are stopped, freed or recalled (domain/freed_goods.py).

Products beside lots say too little: cream L1 and soap L9 are not soap L1. Lots that nobody has
named are one more lot, `OTHERS`: an order for all lots stops them, an order for some does not.
"""

from collections.abc import Collection, Iterable
from itertools import product
from typing import Final

from domain.state import Incident

Goods = tuple[tuple[str, ...], tuple[str, ...]]
"""Products and lots; no lots are all of them."""

OTHERS: Final = None

Pair = tuple[str, str | None]


def lots_named(incident: Incident) -> frozenset[str]:
    """Give every lot that a report, an order or the scope of an incident names."""
    ordered = (lot for order in incident.halt.orders for lot in order.lots)
    return frozenset((*incident.report.lots, *incident.recall.coverage.lots, *ordered))


def pairs_of(products: Iterable[str], lots: Collection[str], named: Iterable[str]) -> set[Pair]:
    """Give the pairs of products and lots; no lots are all that are `named`, and all others."""
    wanted: Collection[str | None] = lots or (*named, OTHERS)
    return set(product(products, wanted))


def goods_of(pairs: Iterable[Pair]) -> tuple[Goods, ...]:
    """Give goods that hold all of these pairs, and more where all lots of a product are needed."""
    lots_of: dict[str, set[str | None]] = {}
    for one, lot in pairs:
        lots_of.setdefault(one, set()).add(lot)
    found: dict[tuple[str, ...], list[str]] = {}
    for one, lots in sorted(lots_of.items()):
        told = () if OTHERS in lots else tuple(sorted(lot for lot in lots if lot is not None))
        found.setdefault(told, []).append(one)
    return tuple((tuple(products), lots) for lots, products in found.items())
