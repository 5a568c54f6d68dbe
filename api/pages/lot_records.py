"""What the company's own list says of lots: their units, and who received them.

What belongs here: reading the list for forms to begin with. What never does: deciding what
counts: a person looks at the numbers, changes them and signs for them. What the list does not know
stays empty: unknown is never zero.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.pages.lens import Lens
from api.pages.looking import View
from storage import catalog

LOTS_SHOWN: Final = 3
"""Lots named beside a consignee before the rest is counted."""

Received = dict[str, list[tuple[str, int]]]
"""By consignee the lots it received, with units."""


def scope_row(view: View, number: str) -> dict[str, Any]:
    """Begin a reported lot of a scope with its product and units, as far as the list knows them.

    Samples we retain are units still with us; what went from our own shops straight to consumers is
    shipped. How many of those at consignees were sold on is not known here.
    """
    products = view.state.report.products
    listed = [lot for lot in _numbered(view, number) if lot.product in products]
    if len(listed) == 1:
        return {"lot": number, "product": listed[0].product, **_units(listed[0].document)}
    return {"lot": number, "product": products[0] if products else ""}


def _units(document: Mapping[str, Any]) -> dict[str, int]:
    """Give the numbers of a lot that its list entry adds up to; none where it does not say."""
    if "quantity" not in document:
        return {}
    direct = _sum(document.get("sold_direct", ()))
    return {
        "made": document["quantity"],
        "on_hand": _sum(document.get("on_hand", ())) + document.get("retained", 0),
        "shipped": _sum(document.get("shipped", ())) + direct,
        "scrapped": document.get("scrapped", 0) + document.get("packed_into_sets", 0),
    }


def _sum(parts: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(part["units"]) for part in parts)


def received(view: View) -> Received:
    """Say who received the lots that the incident is about, those most concerned first.

    Where nobody can say which lots, every lot of its products counts.
    """
    found: Received = {}
    for lot in _lots(view):
        for part in lot.document.get("shipped", ()):
            found.setdefault(part["consignee"], []).append((lot.number, int(part["units"])))
    ranked = sorted(found.items(), key=lambda one: -sum(units for _, units in one[1]))
    return dict(ranked)


def _lots(view: View) -> list[catalog.Lot]:
    scope, report = view.state.recall.scope, view.state.report
    named = dict.fromkeys((*view.state.recall.coverage.lots, *report.lots))
    every = scope.unbounded if scope else report.lots_unknown or not named
    products = scope.products if scope else report.products
    if every:
        engine = view.visit.house.engine
        return [lot for product in products for lot in catalog.lots_of(engine, product)]
    return [lot for number in named for lot in _numbered(view, number) if lot.product in products]


def _numbered(view: View, number: str) -> list[catalog.Lot]:
    return catalog.lots_numbered(view.visit.house.engine, number)


def receipt(lens: Lens, lots: Iterable[tuple[str, int]]) -> str:
    """Say in words what a consignee received, as the company's list has it."""
    listed = list(lots)
    parts = [
        lens("%(lot)s: %(units)s units", lot=lot, units=lens.number(units))
        for lot, units in listed[:LOTS_SHOWN]
    ]
    rest = len(listed) - LOTS_SHOWN
    if rest > 0:
        parts.append(lens.words.ngettext("%(n)s lot more", "%(n)s lots more", rest) % {"n": rest})
    return lens("received %(lots)s", lots=lens.listed(parts))
