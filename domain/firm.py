"""What the company is in each market, and what its products are by the law there.

What belongs here: the two lists of the plan, and asking them. What never does: a rule of a law
(plan/regulations/), or what is obliged to do what (domain/triggers.py).

A market of which the plan says nothing is one where the company owns the brand
(`USUAL_ROLES`); a product of which nobody says otherwise is a cosmetic.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.regulation_terms import USUAL_ROLES, Obliged, ProductClass


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmInMarket:
    """The roles of the company in one market of rules ("EU" for Union and EEA)."""

    market: str
    roles: tuple[Obliged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassedProduct:
    """What a product is in one market of rules, where that is no cosmetic."""

    product: str
    market: str
    product_class: ProductClass


def roles_in(firm: Iterable[FirmInMarket], market: str) -> frozenset[Obliged]:
    """Give what the company is in a market; the owner of the brand where nothing is said."""
    stated = (frozenset(row.roles) for row in firm if row.market == market)
    return next(stated, USUAL_ROLES)


def class_in(
    product: str,
    market: str,
    listed: Iterable[ClassedProduct],
    said: Mapping[str, ProductClass],
) -> ProductClass:
    """Give what a product is in a market: as people said in the incident, else as the plan has it.

    `said` is keyed by product and market ("sun-spray/US").
    """
    if f"{product}/{market}" in said:
        return said[f"{product}/{market}"]
    found = (r.product_class for r in listed if (r.product, r.market) == (product, market))
    return next(found, ProductClass.COSMETIC)
