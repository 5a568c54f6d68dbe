"""What whoever signs a proposed act is shown beside its words: what its proposer had before them.

What belongs here: choosing it by the kind of the act, as things stand now. What never does: asking
what is open (api/pages/ahead.py), or who may sign (domain/acts.py).
"""

from collections.abc import Callable
from typing import Any, Final

from api.pages.ahead import closing_rows, completing_row, unaccounted_rows
from api.pages.deciding import deciding_rows, news_rows
from api.pages.files import file_fields
from api.pages.lens import Drawn
from api.pages.looking import View, look, subtitle_of, title_of
from api.pages.more_than_received import count_rows
from api.pages.scope_reach import moved_rows
from api.pages.selling_again import lifting_rows, resuming_rows
from api.pages.unplaced_units import nowhere_rows
from api.pages.waiting_already import meanwhile
from domain.errors import NotFound
from domain.message import COMMANDS, command_from_wire, field_labels, private_access
from domain.people import may_open
from domain.recounts import CorrectCount, CorrectDisposal
from domain.resuming_goods import Named
from domain.state import PendingAct
from services.reading import Seen


def seen_rows(view: View, pending: PendingAct) -> list[Drawn]:
    """Give the rows of a proposed act; none for an act that nothing has to be looked at for."""
    found = _SEEN.get(pending.command["type"])
    rows = found(view, pending) if found else moved_rows(view, pending.command)
    first = [*meanwhile(view, pending), *count_rows(view, pending.command)]
    return [*first, *rows, *_files(view, pending)]


def _files(view: View, pending: PendingAct) -> list[Drawn]:
    """Lead to each file that the act names, who may open it: its address alone says nothing."""
    spec = COMMANDS[pending.command["type"]]
    said, access, labels = (
        command_from_wire(pending.command),
        private_access(spec),
        dict[str, str](),
    )
    for name in file_fields(spec):
        value = getattr(said, name)
        listed = value if isinstance(value, tuple) else (value,) if value else ()
        if may_open(view.actor, access[name]):
            labels |= dict.fromkeys(map(str, listed), field_labels(spec)[name])
    lens = view.lens
    links = [
        {"text": lens("Open: %(what)s", what=lens(label)), "href": f"/api/blobs/{address}"}
        for address, label in labels.items()
    ]
    told = lens("Read them before you sign.")
    return [{"label": lens("Files of this act"), "text": told, "acts": links}] if links else []


def _open(view: View, rows: list[Drawn]) -> list[Drawn]:
    return [{"label": view.lens("What is still open"), "rows": rows}]


def _closing(view: View, _pending: PendingAct) -> list[Drawn]:
    return _open(view, closing_rows(view))


def _completing(view: View, pending: PendingAct) -> list[Drawn]:
    row = completing_row(view, str(pending.command["body"]["market"]))
    return _open(view, [row, *unaccounted_rows(view), *nowhere_rows(view)])


def _deciding(view: View, pending: PendingAct) -> list[Drawn]:
    return [*news_rows(view, pending.proposed_at), *deciding_rows(view)]


def _resuming(view: View, pending: PendingAct) -> list[Drawn]:
    body = pending.command["body"]
    named = Named(tuple(body.get("products", ())), tuple(body.get("lots", ())))
    levels, channels = body.get("levels", ()), body.get("channels", ())
    return resuming_rows(view, levels, channels, named, pending)


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


def _recounting(view: View, pending: PendingAct) -> list[Drawn]:
    """Show the count that is corrected: its lot, its place, whose goods, and both numbers."""
    said: Any = command_from_wire(pending.command)
    assert isinstance(said, CorrectCount)
    lens = view.lens
    one = next((row for row in view.state.recall.counts if row.id == said.count), None)
    if one is None:
        return []
    whose = lens.named("consignee", one.consignee) if one.consignee else lens.word(one.source)
    titles = lens.each(
        "Lot number", "Where from?", "Place", "Units as they stand", "Units by this correction"
    )
    columns = [{"title": title, "number": n > 2} for n, title in enumerate(titles)]
    row = [one.lot, whose, one.place, lens.number(one.units), lens.number(said.units)]
    table = {"columns": columns, "rows": [row]}
    return [{"label": lens("What it changes"), "table": table}]


def _linking(view: View, pending: PendingAct) -> list[Drawn]:
    """Show what the other incident is about, how far it is, and what stands stopped there."""
    lens, other = view.lens, str(pending.command["body"]["incident"])
    label = lens("The incident it would belong to")
    try:
        there = look(view.visit, other)
    except NotFound:
        told = lens("%(id)s: you may not see it. Ask somebody who may before you sign.", id=other)
        return [{"label": label, "text": told, "tone": "warning"}]
    if isinstance(there, Seen):
        return [{"label": label, "text": lens("%(id)s is still being recorded.", id=other)}]
    state, levels = there.state, lens.listed(map(lens.level, there.state.halt.levels))
    lines = [
        lens.named_line(other, title_of(lens, state)),
        subtitle_of(lens, state),
        lens("Grade: %(grade)s", grade=lens.word(state.grade)),
        lens.words.of("report_status", state.report.status),
        lens("Stopped there: %(levels)s", levels=levels or lens("nothing")),
        lens("It is closed.") if state.review.closed_at is not None else "",
    ]
    link = {"text": lens("Go to %(id)s", id=other), "href": there.address}
    return [{"label": label, "lines": [one for one in lines if one], "acts": [link]}]


_SEEN: Final[dict[str, Callable[[View, PendingAct], list[Drawn]]]] = {
    "close_incident": _closing,
    "complete_recall": _completing,
    "decide_recall": _deciding,
    "decide_no_recall": _deciding,
    "resume_sale": _resuming,
    "lift_halt": lambda view, pending: lifting_rows(view, int(pending.command["body"]["number"])),
    "correct_disposal": _correcting,
    "correct_count": _recounting,
    "link_report": _linking,
}
