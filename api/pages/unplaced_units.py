"""Units shipped that no consignee of the scope is known to have received, named lot by lot.

What belongs here: saying it wherever somebody decides, checks or completes. What never does: the
arithmetic (domain/unplaced.py).
"""

from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import listed_units, sold_direct
from domain.unplaced import Unplaced, unplaced


def unplaced_rows(view: View) -> list[Drawn]:
    """Give one row with a line for each such lot; nothing where the list is not read.

    The list is of today, so it is not read for a past page; and nothing of it where it is too long.
    """
    recall, lens = view.state.recall, view.lens
    listed = None if view.as_of is not None or recall.scope is None else listed_units(view)
    if listed is None:
        return []
    found = unplaced(recall, listed, sold_direct(view))
    lines = [_line(lens, one) for one in found]
    note = lens("No letter and no check reaches these: find out who has them.")
    label = lens("Shipped, and at nobody we know")
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
