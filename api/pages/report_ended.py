"""A report that ended without an incident: that it did, why, and what opened it again.

What belongs here: reading it from the record. What never does: to which incident it was linked
(api/pages/earlier.py), or deciding on it again.
"""

from typing import Final

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.telling import sentence_of
from domain.ledger import Entry
from domain.report import ReportDecided, ReportReopened

ACCEPTED: Final = "accepted"


def closed_note(view: View) -> Drawn | None:
    """Say at the top that a report is closed without an incident, why, and what opens it again."""
    lens, report = view.lens, view.state.report
    if report.status != "closed" or report.decided_at is None:
        return None
    return {
        "why": lens(
            "%(name)s closed it %(when)s: %(why)s",
            name=lens.person(report.decided_by or ""),
            when=lens.when(report.decided_at),
            why=lens.quoted(report.reason),
        )
    }


def ended_and_reopened(view: View) -> list[Drawn]:
    """List each end without an incident and each opening again, with the act that did it."""
    entries = view.entries()
    first_of: dict[str, Entry] = {}
    for entry in entries:
        first_of.setdefault(entry.command_id, entry)
    lens, rows = view.lens, []
    for entry in entries:
        happened = entry.event
        if isinstance(happened, ReportDecided) and happened.outcome != ACCEPTED:
            rows.append([lens.moment(entry.at), sentence_of(lens, happened), ""])
        elif isinstance(happened, ReportReopened):
            by = sentence_of(lens, first_of[entry.command_id].event)
            rows.append([lens.moment(entry.at), sentence_of(lens, happened), by])
    if not rows:
        return []
    columns = lens.each("When", "What happened", "Because of")
    return [blocks.table(lens("Closed, linked, opened again"), columns, rows, id="ended")]
