"""Audit: is the record whole, and the ten questions, each with the place that answers it.

What belongs here: verifying on the page what the ledger holds. What never does: repairing it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages import blocks
from api.pages.departures import departures, refused_acts
from api.pages.frame import Guest, Visit
from api.pages.incident import require, tabs
from api.pages.lens import Drawn
from api.pages.looking import View, entries_in, look
from api.word_lists import STAGE
from domain.halt import HaltOrdered
from domain.ledger import Entry
from domain.people import Role
from domain.report import ReportReceived
from domain.tree import Tree, leaf_hash
from services import boards, ledgers, reading, vaulting
from storage import company, streams
from storage.streams import EntryRow

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

LOG_SHOWN: Final = 100
SHOWN: Final = 100
"""Entries of the table on one page; the tree is computed over all of them."""

REFUSED_NOTE: Final = (
    "Refused by the plan; what was malformed never reached it. The same act refused again to the "
    "same person for the same reason within an hour is counted with their next such refusal, and "
    "has no entry of its own."
)
"""What the figure of refusals counts (`domain.acts.is_repeated_refusal`)."""

READS_LOG: Final = frozenset({Role.AUDITOR, Role.PRIVACY_OFFICER, Role.ADMIN, Role.LEGAL})

ANSWERED_AT: Final = (
    "report#times",
    "report#grade",
    "recall#scope",
    "recall#decision",
    "at",
    "notice#duties",
    "recall#consignees",
    "statement",
    "audit#departures",
    "audit#whole",
)
"""Where each of the auditor's ten questions (api/page_words.py) is answered within an incident."""


@dataclass(frozen=True)
class Verdict:
    """What verifying an incident's ledger found; `faults` is empty when it is whole."""

    size: int
    computed: str
    stored: str
    faults: tuple[str, ...]


def verify(view: View, rows: Sequence[EntryRow]) -> Verdict:
    """Compute the root of the tree over the stored bytes and hold it to the stored root."""
    lens = view.lens
    hashes = [leaf_hash(row.content) for row in rows]
    computed = Tree(hashes).root().hex()
    head = streams.head(view.visit.house.engine, view.row.id)
    faults = []
    if computed != head.root:
        faults.append(lens("The tree over the entries is not the tree that was recorded."))
    if [row.seq for row in rows] != list(range(1, head.size + 1)):
        faults.append(lens("The numbers of the entries have a gap."))
    times = [row.recorded_at for row in rows]
    if times != sorted(times):
        faults.append(lens("An entry was recorded before the one ahead of it."))
    altered = altered_in(view, rows)
    if altered:
        faults.append(
            lens(
                "The private text of entry %(entries)s is not the one that was recorded.",
                entries=lens.listed([f"#{seq}" for seq in altered]),
            )
        )
    return Verdict(len(rows), computed, head.root, tuple(faults))


def altered_in(view: View, rows: Sequence[EntryRow]) -> list[int]:
    """List the entries that name a private text which is not the one that was recorded."""
    sealed = [row for row in rows if b'"commitment"' in row.content]
    texts = {row.seq: list(ledgers.private_in(json.loads(row.content))) for row in sealed}
    every = [text for each in texts.values() for text in each]
    altered = set(vaulting.altered_texts(view.visit.house, every))
    return [seq for seq, each in texts.items() if altered & {text.ref for text in each}]


@router.get("/incidents/{incident}/audit")
def audit(
    guest: Guest, incident: str, after: Annotated[int, Query(ge=0, le=10**9)] = 0
) -> Response:
    """Verify an incident's ledger and list its entries with what an auditor asks of each."""
    view = require(look(guest, incident))
    rows = streams.read_entries(guest.house.engine, incident)
    told = entries_in(rows)
    shown = rows[after : after + SHOWN]
    here = f"{view.address}/audit?after="
    return view.show(
        "audit_incident.html",
        verdict=verify(view, rows),
        questions=_questions(view),
        entries=_entries(view, shown, told),
        back=f"{here}{max(0, after - SHOWN)}#entries" if after else "",
        on=f"{here}{after + SHOWN}#entries" if after + SHOWN < len(rows) else "",
        lists=_lists(view, rows, refused_acts(told)),
        departures=departures(view, told),
        tabs=tabs(view, "audit"),
    )


def _questions(view: View) -> list[Drawn]:
    found = []
    for number, place in enumerate(ANSWERED_AT, 1):
        rest = f"at/{view.state.size}" if place == "at" else place
        text = view.lens.words.of("audit_question", str(number))
        found.append({"text": text, "href": f"{view.address}/{rest}"})
    return found


def _entries(view: View, rows: Sequence[EntryRow], told: Sequence[Entry]) -> Drawn:
    lens, by_plan = view.lens, _by_plan(view, told)
    table: list[list[blocks.Cell]] = []
    for row in rows:
        document = json.loads(row.content)
        table.append(
            [
                {"text": f"#{row.seq}", "href": f"{view.address}/ledger/{row.seq}"},
                lens.event(row.type),
                lens(STAGE.get(row.stage, row.stage)),
                by_plan.get(row.seq) or lens.person(row.actor),
                lens.moment(row.recorded_at),
                lens.words.of("Access", document["access"]) if _is_sealed(row) else "–",
                _marks(view, document),
                leaf_hash(row.content).hex()[:12],
            ]
        )
    columns = lens.each(
        "Entry",
        "Type",
        "Stage",
        "Actor",
        "Recorded",
        "Who may open its private text",
        "Marks",
        "Leaf",
    )
    if not rows:
        return blocks.table(lens("Every entry"), columns, table)
    first, last = rows[0].seq, rows[-1].seq
    title = lens("Entries %(first)s to %(last)s", first=first, last=last)
    return blocks.table(title, columns, table)


def _is_sealed(row: EntryRow) -> bool:
    """Say whether an entry has private text in the vault."""
    return b'"commitment"' in row.content


def _by_plan(view: View, told: Sequence[Entry]) -> dict[int, str]:
    """Say on whose act the plan ordered by itself: nobody gave those orders."""
    lens = view.lens
    reports = {one.command_id for one in told if isinstance(one.event, ReportReceived)}
    found = {}
    for one in told:
        if isinstance(one.event, HaltOrdered) and one.event.by_plan:
            name = lens.person(one.actor.id)
            found[one.seq] = (
                lens("by the plan, on the report of %(name)s", name=name)
                if one.command_id in reports
                else lens("by the plan, on an act of %(name)s", name=name)
            )
    return found


def _marks(view: View, document: dict[str, Any]) -> str:
    lens, found = view.lens, []
    if document.get("backfilled"):
        found.append(lens("entered late"))
    if document["actor"].get("on_behalf_of"):
        found.append(
            lens("on behalf of %(name)s", name=lens.person(document["actor"]["on_behalf_of"]))
        )
    if document.get("signature"):
        found.append(lens("signed"))
    return lens.listed(found)


def _lists(view: View, rows: Sequence[EntryRow], refused: int) -> list[Drawn]:
    """Count what an auditor asks for first: late entries, refusals, sealed texts."""
    lens = view.lens
    documents = [json.loads(row.content) for row in rows]
    late = sum(bool(one.get("backfilled")) for one in documents)
    sealed = sum(map(_is_sealed, rows))
    behalf = sum(bool(one["actor"].get("on_behalf_of")) for one in documents)
    return [
        blocks.figure(lens("Entries"), len(rows)),
        blocks.figure(lens("Entered late"), late),
        blocks.figure(lens("Refused acts"), refused, note=lens(REFUSED_NOTE)),
        blocks.figure(lens("Recorded for somebody else"), behalf),
        blocks.figure(lens("Entries with sealed texts"), sealed),
    ]


# ---------------------------------------------------------------- all incidents, the company log


@router.get("/audit")
def everything(guest: Guest) -> Response:
    """List all incidents with their audits, and the company's log for those who may read it."""
    lens, house = guest.lens, guest.house
    rows = [*reading.board(house, guest.who.actor)]
    known = {row.id for row in rows}
    rows += [
        r for r in boards.closed(house, guest.who.actor, limit=200, offset=0) if r.id not in known
    ]
    table: list[list[blocks.Cell]] = [
        [
            {"text": row.id, "href": f"/incidents/{row.id}/audit"},
            lens.products(row.products or row.title.split(", ")),
            lens.words.of("Grade", row.grade) if row.grade else lens("being recorded"),
            lens.number(row.size),
            lens.moment(row.recorded_at),
            lens("open") if row.is_open else lens("closed"),
        ]
        for row in rows
    ]
    columns = lens.each("Incident", "Products", "Grade", "Entries", "Last recorded", "State")
    return guest.show(
        "audit.html",
        incidents=blocks.table(lens("Incidents"), columns, table, numbers=(3,)),
        log=_log(guest),
    )


def _log(guest: Visit) -> Drawn | None:
    """Give the last lines of the company's log to those who may read it."""
    lens = guest.lens
    if not guest.who.actor.holds(READS_LOG):
        return None
    lines = company.read_log(guest.house.engine, limit=10_000)[-LOG_SHOWN:]
    table: list[list[blocks.Cell]] = [
        [
            str(line.seq),
            lens.moment(line.at),
            line.type,
            ", ".join(f"{name}: {value}" for name, value in dict(line.body).items()),
        ]
        for line in reversed(lines)
    ]
    columns = lens.each("Line", "When", "What", "About")
    return blocks.table(lens("Company log, the last lines"), columns, table)
