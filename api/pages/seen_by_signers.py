"""What whoever signs a proposed act is shown beside its words: what its proposer had before them.

What belongs here: choosing it by the kind of the act, as things stand now. What never does: asking
what is open (api/pages/ahead.py), or who may sign (domain/acts.py).
"""

from collections.abc import Callable
from typing import Any, Final

from api.pages.ahead import closing_rows, completing_row, resuming_rows, unaccounted_rows
from api.pages.deciding import deciding_rows, news_rows
from api.pages.earlier import halted_elsewhere
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.more_than_received import count_rows
from api.pages.scope_reach import moved_rows
from api.pages.unplaced_units import unplaced_rows
from domain.message import command_from_wire
from domain.recounts import CorrectDisposal
from domain.state import PendingAct


def seen_rows(view: View, pending: PendingAct) -> list[Drawn]:
    """Give the rows of a proposed act; none for an act that nothing has to be looked at for."""
    found = _SEEN.get(pending.command["type"])
    rows = found(view, pending) if found else moved_rows(view, pending.command)
    return [*count_rows(view, pending.command), *rows]


def _open(view: View, rows: list[Drawn]) -> list[Drawn]:
    return [{"label": view.lens("What is still open"), "rows": rows}]


def _closing(view: View, _pending: PendingAct) -> list[Drawn]:
    return _open(view, closing_rows(view))


def _completing(view: View, pending: PendingAct) -> list[Drawn]:
    row = completing_row(view, str(pending.command["body"]["market"]))
    return _open(view, [row, *unaccounted_rows(view), *unplaced_rows(view)])


def _deciding(view: View, pending: PendingAct) -> list[Drawn]:
    return [*news_rows(view, pending.proposed_at), *deciding_rows(view)]


def _resuming(view: View, _pending: PendingAct) -> list[Drawn]:
    return resuming_rows(view)


def _correcting(view: View, pending: PendingAct) -> list[Drawn]:
    """Show the units of a disposal as they stand beside those that would stand, lot by lot."""
    said: Any = command_from_wire(pending.command)
    assert isinstance(said, CorrectDisposal)
    stands = [one.lots for one in view.state.recall.disposed if one.id == said.disposal]
    old = {str(row.lot): row.units for row in (stands[0] if stands else ())}
    new = {str(row.lot): row.units for row in said.lots}
    lens = view.lens
    rows = [
        [lot, lens.number(old.get(lot, 0)), lens.number(new.get(lot, 0))]
        for lot in dict.fromkeys((*old, *new))
    ]
    titles = lens.each("Lot number", "Units as they stand", "Units by this correction")
    columns = [{"title": title, "number": n > 0} for n, title in enumerate(titles)]
    return [{"label": lens("What it changes"), "table": {"columns": columns, "rows": rows}}]


_SEEN: Final[dict[str, Callable[[View, PendingAct], list[Drawn]]]] = {
    "close_incident": _closing,
    "complete_recall": _completing,
    "decide_recall": _deciding,
    "decide_no_recall": _deciding,
    "resume_sale": _resuming,
    "lift_halt": lambda view, _pending: halted_elsewhere(view),
    "correct_disposal": _correcting,
}
