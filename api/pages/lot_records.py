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

LOOKED_AT: Final = 500
"""Lots that a form reads from the list; where there are more, it begins without their numbers."""

Received = dict[str, list[tuple[str, int]]]
"""By consignee the lots it received, with units."""


def scope_rows(view: View) -> list[dict[str, Any]]:
    """Begin a scope with the reported lots: their product and units, as far as the list knows.

    Samples we retain are units still with us; what went from our own shops straight to consumers is
    shipped. How many of those at consignees were sold on is not known here. A number that two
    reported products carry stands for both lots.
    """
    report = view.state.report
    known: dict[str, list[catalog.Lot]] = {}
    for lot in _listed(view, report.lots) or ():
        known.setdefault(lot.number, []).append(lot)
    first = report.products[0] if report.products else ""
    rows: list[dict[str, Any]] = []
    for number in report.lots:
        listed = known.get(number, ())
        rows += [{"lot": number, "product": lot.product, **_units(lot.document)} for lot in listed]
        if not listed:
            rows.append({"lot": number, "product": first})
    return rows


def _units(document: Mapping[str, Any]) -> dict[str, int]:
    """Give the numbers of a lot that its list entry states; a list that is empty states nothing."""
    made, scrapped = _whole(document.get("quantity")), _whole(document.get("scrapped"))
    on_hand, shipped = _sum(document.get("on_hand")), _sum(document.get("shipped"))
    found = {
        "made": made,
        "on_hand": _plus(on_hand, document.get("retained")),
        "shipped": _plus(shipped, _sum(document.get("sold_direct"))),
        "scrapped": _plus(scrapped, document.get("packed_into_sets")),
    }
    return {name: units for name, units in found.items() if units is not None}


def _plus(units: int | None, more: Any) -> int | None:
    return None if units is None else units + (_whole(more) or 0)


def _sum(parts: Any) -> int | None:
    """Add up the units of several places; None where nothing, or no number, stands there."""
    if not isinstance(parts, list) or not parts:
        return None
    found = [_whole(part.get("units")) if isinstance(part, dict) else None for part in parts]
    return None if None in found else sum(units for units in found if units is not None)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def received(view: View) -> Received:
    """Say who received the lots that the incident is about, those most concerned first.

    Where nobody can say which lots, every lot of its products counts.
    """
    return _received(view) or {}


def received_of(view: View, products: Iterable[str], numbers: Iterable[str] | None) -> Received:
    """Say who received some lots of some products, or every lot of them; kept for the request."""
    state = view.visit.request.state
    kept: dict[Any, Received] = getattr(state, "received_of", {})
    key = (tuple(sorted(set(products))), None if numbers is None else tuple(sorted(set(numbers))))
    if key not in kept:
        listed = catalog.lots_among(view.visit.house.engine, *key, LOOKED_AT) or []
        state.received_of = kept = {**kept, key: _by_consignee(listed)}
    return kept[key]


def _received(view: View) -> Received | None:
    """Say who received what; None where the list cannot be read."""
    lots = _concerned(view)
    return None if lots is None else _by_consignee(lots)


def _by_consignee(lots: Iterable[catalog.Lot]) -> Received:
    found: Received = {}
    for lot in lots:
        for part in lot.document.get("shipped") or ():
            units = _whole(part.get("units"))
            if units is not None and isinstance(part.get("consignee"), str):
                found.setdefault(part["consignee"], []).append((lot.number, units))
    return dict(sorted(found.items(), key=lambda one: -sum(units for _, units in one[1])))


def shipped_to(view: View) -> dict[str, dict[str, int]]:
    """Give by consignee and lot the units of the scope that it received, as the list has it.

    Nothing is told of a past page: the list is of today.
    """
    coverage = view.state.recall.coverage
    found: dict[str, dict[str, int]] = {}
    for (consignee, lot), units in (listed_units(view) or {}).items():
        if coverage.unbounded or lot in coverage.lots:
            found.setdefault(consignee, {})[lot] = units
    return found


def listed_units(view: View) -> dict[tuple[str, str], int] | None:
    """Give the units that each consignee received of each lot, as the list of today has it.

    None where the list cannot be read, as where its lots are too many: that is not an empty list.
    """
    found = {} if view.as_of is not None else _received(view)
    if found is None:
        return None
    units: dict[tuple[str, str], int] = {}
    for consignee, lots in found.items():
        for lot, number in lots:
            units[consignee, lot] = units.get((consignee, lot), 0) + number
    return units


def sold_direct(view: View) -> dict[str, int]:
    """Count by lot the units that our own shops sold straight to consumers, as the list has it."""
    found = {lot.number: _sum(lot.document.get("sold_direct")) for lot in _concerned(view) or ()}
    return {lot: units for lot, units in found.items() if units is not None}


def market_of(view: View, consignee: str) -> str:
    """Give the market of a consignee, as the list has it; nothing where it has none."""
    item = view.lens.names.items("consignee").get(consignee)
    return item.market if item else ""


def _concerned(view: View) -> list[catalog.Lot] | None:
    """Read the lots that the incident is about once for a request; None where they are too many."""
    kept: dict[Any, list[catalog.Lot] | None] = getattr(view.visit.request.state, "concerned", {})
    key = (view.row.id, view.version)
    if key not in kept:
        view.visit.request.state.concerned = kept = {key: _looked_up(view)}
    return kept[key]


def _looked_up(view: View) -> list[catalog.Lot] | None:
    scope, report = view.state.recall.scope, view.state.report
    named = (*view.state.recall.coverage.lots, *report.lots)
    every = scope.unbounded if scope else report.lots_unknown or not named
    found = _listed(view, None if every else named)
    # Two products may carry one number: where the scope names it, it names the product too.
    of = {str(lot.lot): str(lot.product) for lot in (scope.lots if scope else ())}
    return found and [one for one in found if of.get(one.number, one.product) == one.product]


def _listed(view: View, numbers: Iterable[str] | None) -> list[catalog.Lot] | None:
    """Read lots of the incident's products from the list; None where they are too many."""
    scope, report = view.state.recall.scope, view.state.report
    products = scope.products if scope else report.products
    engine = view.visit.house.engine
    return catalog.lots_among(engine, products, numbers, LOOKED_AT)


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
