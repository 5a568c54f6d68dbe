"""Units that nobody accounts for: at no consignee we know, or left open by an answer, lot by lot.

What belongs here: saying it wherever somebody decides, checks or completes. What never does: the
arithmetic (domain/unplaced.py).
"""

from collections.abc import Iterable
from typing import Final

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import listed_units, sold_direct
from domain.state.recall import ConsigneeState
from domain.unplaced import LeftOpen, Unplaced, all_left_open, left_open, sold_beyond, unplaced

NAMED: Final = 5
"""So many answers are named by themselves; the rest is counted."""


def nowhere_rows(view: View) -> list[Drawn]:
    """Give both: what is at nobody we know, and what consignees received and do not account for."""
    return [*unplaced_rows(view), *_left_open_rows(view)]


def _left_open_rows(view: View) -> list[Drawn]:
    lens, found = view.lens, all_left_open(view.state.recall)
    lines = [left_open_line(lens, one) for one in found[:NAMED]]
    if rest := found[NAMED:]:
        more = lens.words.ngettext(
            "%(n)s lot more: %(units)s units", "%(n)s lots more: %(units)s units", len(rest)
        )
        units = lens.number(sum(one.units for one in rest))
        lines.append(more % {"n": len(rest), "units": units})
    note = lens("Ask again: until somebody knows, they may still be on sale.")
    label = lens("Received by consignees, and not accounted for")
    return [{"label": label, "lines": lines, "note": note, "tone": "warning"}] if lines else []


def left_open_line(lens: Lens, one: LeftOpen) -> str:
    """Say of which units of a lot a consignee does not say where they are."""
    return lens(
        "%(name)s received %(received)s units of %(lot)s and does not say where %(units)s of them "
        "are.",
        name=lens.named("consignee", one.consignee),
        received=lens.number(one.received),
        lot=one.lot,
        units=lens.number(one.units),
    )


def left_open_sub(lens: Lens, one: ConsigneeState) -> str:
    """Say the same in a few words beside the consignee; nothing where all is accounted for."""
    units = sum(row.units for row in left_open(one.id, one.lots))
    return lens("%(n)s units not accounted for", n=lens.number(units)) if units else ""


def unplaced_rows(view: View) -> list[Drawn]:
    """Give one row with a line for each such lot; nothing where the list is not read.

    The list is of today, so it is not read for a past page; and nothing of it where it is too long.
    """
    recall, lens = view.state.recall, view.lens
    listed = None if view.as_of is not None or recall.scope is None else listed_units(view)
    if listed is None:
        return []
    direct = sold_direct(view)
    found = unplaced(recall, listed, direct)
    lines = [_line(lens, one) for one in found]
    note = lens("No letter and no check reaches these: find out who has them.")
    label = lens("Shipped, and at nobody we know")
    rows = [{"label": label, "lines": lines, "note": note, "tone": "warning"}] if lines else []
    return [*rows, *_beyond_rows(lens, sold_beyond(recall, direct))]


def _beyond_rows(lens: Lens, found: Iterable[tuple[str, int, int]]) -> list[Drawn]:
    """Say of which lots our own shops sold more than the scope says consumers bought in all."""
    lines = [
        lens(
            "lot %(lot)s: %(sold)s sold to consumers by the scope, %(direct)s by our own shops "
            "alone",
            lot=lot,
            sold=lens.number(sold),
            direct=lens.number(direct),
        )
        for lot, sold, direct in found
    ]
    note = lens("One of the two is wrong: set the scope anew with the number that is right.")
    label = lens("Numbers that do not fit")
    return [{"label": label, "lines": lines, "note": note, "tone": "warning"}] if lines else []


def _line(lens: Lens, one: Unplaced) -> str:
    told = lens(
        "lot %(lot)s: %(n)s units (shipped %(shipped)s, received by the consignees of the scope "
        "%(received)s, sold by our own shops %(direct)s)",
        lot=one.lot,
        n=lens.number(one.units),
        shipped=lens.number(one.shipped),
        received=lens.number(one.received),
        direct=lens.number(one.direct),
    )
    if not one.unknown:
        return told
    more = lens.words.ngettext(
        "%(n)s consignee gave no number", "%(n)s consignees gave no number", one.unknown
    )
    return f"{told} · {more % {'n': one.unknown}}"
