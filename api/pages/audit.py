"""Audit: is the record whole, the way to the ten questions, departures, the privilege log.

What belongs here: verifying on the page what the ledger holds. What never does: repairing it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages import blocks, company_log
from api.pages.audit_witnesses import newest_head, time_stamps, witnesses
from api.pages.departures import departures, refused_acts
from api.pages.doers import doer
from api.pages.frame import Guest, Visit
from api.pages.incident import require, tabs
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, entries_in, look
from api.pages.question_tables import drawn_tables
from api.pages.questions import question_links
from api.word_lists import STAGE
from domain.erasure import READS
from domain.errors import NotWhole
from domain.ledger import Entry
from domain.people import READS_LOG
from domain.tree import leaf_hash
from services import boards, read_log, reading
from services.counsels import counsels_entries
from services.dossier import may_make
from services.fault import Fault
from services.questions import asking
from services.questions.rows import is_of_the_plan
from services.read_log import Read
from services.verifying import Verdict, verify
from storage import company
from storage.heads import SIGNED
from storage.streams import EntryRow

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

LOG_SHOWN: Final = 100
FAULTS_SHOWN: Final = 20
FAULTS: Final = {
    "tree": "The tree over the entries is not the tree that was recorded.",
    "gap": "The numbers of the entries have a gap.",
    "order": "An entry was recorded before the one ahead of it.",
    "unreadable": "Entry %(n)s cannot be read.",
    "leaf": "The stored leaf of entry %(n)s is not the hash of its bytes.",
    "column": "Column %(what)s of entry %(n)s says other than its bytes.",
    "state": "The stored state is not what the entries come to.",
    "private": "The private text of entry #%(n)s is not the one that was recorded.",
    "access": "Who may open a private text of entry #%(n)s is not what its field says.",
    "duties": "The rows of what is owed to authorities are not what the entries come to.",
    "holds": "The rows of what must not be sold where are not what the entries come to.",
    "row": "Column %(what)s of the incident is not what the entries come to.",
    "rows_unreadable": "A row beside the entries cannot be read.",
    "command": "What is kept of the command of entry #%(n)s is not what it led to: %(what)s.",
    "file": "A file that entry #%(n)s names is missing or altered: %(what)s.",
    "erased_untold": "A key was destroyed, and nothing says that anything was erased: %(what)s.",
    "published": "The public text %(what)s is not the one that was approved.",
}
"""What may not agree, by kind (services/verifying.py); a fold that broke off says so itself."""

SHOWN: Final = 15
"""Entries of the table at first: on a phone each is a card. The tree is computed over all."""

MANY: Final = 100
"""Entries on one page for whoever asks for more at once."""

REFUSED_NOTE: Final = (
    "Refused by the plan; what was malformed never reached it. The same act refused again to the "
    "same person for the same reason within an hour is counted with their next such refusal, and "
    "has no entry of its own."
)
"""What the figure of refusals counts (`domain.acts.is_repeated_refusal`)."""


def _faults(view: View, verdict: Verdict) -> list[str]:
    """Say what does not agree, each by its entry."""
    told = [_told(view.lens, fault) for fault in verdict.faults[:FAULTS_SHOWN]]
    more = len(verdict.faults) - len(told)
    return told + ([view.lens("and %(n)s more", n=more)] if more else [])


def _told(lens: Lens, fault: Fault) -> str:
    """Say one thing that does not agree."""
    said = {"n": fault.seq, "what": fault.what}
    if fault.kind == "fold":
        return lens.sentence(fault.what)
    return lens(FAULTS[fault.kind], **said)


@router.get("/incidents/{incident}/audit")
def audit(
    guest: Guest,
    incident: str,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    show: Annotated[int, Query(ge=1, le=MANY)] = SHOWN,
) -> Response:
    """Verify an incident's ledger and list its entries with what an auditor asks of each."""
    view = require(look(guest, incident))
    read_log.note(guest.house, view.actor.id, Read(what="audit", incident=view.row.id))
    verdict = verify(guest.house, view.row.id)
    rows = list(verdict.entries.values())
    told = _readable(rows)
    shown = verdict.numbers[after : after + show]
    return view.show(
        "audit_incident.html",
        verdict={
            "size": len(verdict.numbers),
            "computed": verdict.computed,
            "stored": verdict.stored,
            "faults": _faults(view, verdict),
        },
        dossier=_dossier(view),
        counsels=counsels_entries(view.visit.house, view.row.id, view.state.size),
        questions=question_links(view),
        exports=_exports(view),
        entries=_entries(view, shown, verdict, told),
        **_pages(view, len(verdict.numbers), after, show),
        lists=_lists(view, rows, refused_acts(told)),
        departures=departures(view, told),
        privileged=_privileged(view, told),
        tabs=tabs(view, "audit"),
    )


def _pages(view: View, size: int, after: int, show: int) -> Drawn:
    """Give the ways to earlier and later entries, and to more of them at once."""

    def to(first: int, many: int) -> str:
        return f"{view.address}/audit?after={first}&show={many}#entries"

    is_more = show < MANY and size > show
    return {
        "back": to(max(0, after - show), show) if after else "",
        "on": to(after + show, show) if after + show < size else "",
        "many": {"href": to(after, MANY), "n": MANY} if is_more else None,
    }


def _dossier(view: View) -> list[Drawn]:
    """Offer the record as a file to who may take it away."""
    if not may_make(view.actor, redacted=False):
        return []
    here = f"/api{view.address}/dossier"
    return [
        {"label": view.lens("Make the dossier"), "href": here},
        {"label": view.lens("Without names and files"), "href": f"{here}?redacted=true"},
        {
            "label": view.lens("With private texts and closed files"),
            "href": f"{here}?private=true",
        },
    ]


def _readable(rows: Sequence[EntryRow]) -> list[Entry]:
    """Read the entries that can be read; the verdict names the others."""
    found = []
    for row in rows:
        with suppress(NotWhole):
            found += entries_in([row])
    return found


def _exports(view: View) -> Drawn:
    """Give the addresses of what an auditor takes away."""
    base = f"/api/incidents/{view.row.id}"
    return {
        "all_csv": f"{base}/questions?format=zip",
        "all_json": f"{base}/questions",
        "departures": f"{base}/departures?format=csv",
        "privileged": f"{base}/privilege-log?format=csv",
    }


def _entries(view: View, numbers: Sequence[int], verdict: Verdict, told: Sequence[Entry]) -> Drawn:
    lens = view.lens
    by_plan = {one.seq: doer(lens, one) for one in told if is_of_the_plan(one)}
    table: list[list[blocks.Cell]] = []
    for seq in numbers:
        row = verdict.entries.get(seq)
        unread: list[blocks.Cell] = [f"#{seq}", lens("cannot be read"), *[""] * 6]
        table.append(unread if row is None else _entry(view, row, by_plan.get(seq)))
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
    if not numbers:
        return blocks.table(lens("Every entry"), columns, table)
    first, last = numbers[0], numbers[-1]
    title = lens("Entries %(first)s to %(last)s", first=first, last=last)
    return blocks.table(title, columns, table)


def _entry(view: View, row: EntryRow, by_plan: str | None) -> list[blocks.Cell]:
    """Give what an auditor asks of one entry: what its bytes say."""
    lens, document = view.lens, json.loads(row.content)
    access = lens.words.of("Access", str(document.get("access", "")))
    return [
        {"text": f"#{row.seq}", "href": f"{view.address}/ledger/{row.seq}"},
        lens.event(row.type),
        lens(STAGE.get(row.stage, row.stage)),
        by_plan or lens.person(row.actor),
        lens.moment(row.recorded_at),
        access if _is_sealed(row) else "–",
        _marks(view, document),
        leaf_hash(row.content).hex()[:12],
    ]


def _is_sealed(row: EntryRow) -> bool:
    """Say whether an entry has private text in the vault."""
    return b'"commitment"' in row.content


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


def _privileged(view: View, told: Sequence[Entry]) -> Drawn:
    """Draw the privilege log: every entry under privilege, never a word of it."""
    found = asking.privileged_of(view.visit.house, view.state, told)
    export = f"/api/incidents/{view.row.id}/privilege-log?format=csv"
    (drawn,) = drawn_tables(view.lens, view.address, (found,), {}, export)
    return {**drawn, "export": export}


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
def everything(guest: Guest, log: Annotated[str, Query(max_length=20)] = "") -> Response:
    """List all incidents with their audits, and the company's log for those who may read it.

    A busy day keeps hundreds of histories: their lines are shown where the `log` asked for is all.
    """
    lens, house = guest.lens, guest.house
    read_log.note(house, guest.who.actor.id, Read(what="audit"))
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
        head=newest_head(guest),
        witnesses=witnesses(guest),
        stamps=time_stamps(guest),
        log=_log(guest, whole=log == "all"),
        privacy=guest.who.actor.holds(READS),
    )


def _log(guest: Visit, *, whole: bool) -> Drawn | None:
    """Give the last lines of the company's log to those who may read it."""
    lens = guest.lens
    if not guest.who.actor.holds(READS_LOG):
        return None
    read_log.note(guest.house, guest.who.actor.id, Read(what="company_log"))
    but = (SIGNED,) if whole else (SIGNED, company.ARCHIVED)
    lines = company.last_lines(guest.house.engine, LOG_SHOWN, but=but)
    table: list[list[blocks.Cell]] = [
        [
            str(line.seq),
            lens.moment(line.at),
            company_log.told(lens, line.type, dict(line.body)),
        ]
        for line in lines
    ]
    columns = lens.each("Line of the log", "When", "What happened")
    note = lens(
        "Numbers that are not here are lines that tell of signed heads, one for each, and of "
        "histories that were kept. They stand in the log all the same, and no number is missing "
        "there; `andon verify` counts."
    )
    if whole:
        note = lens(
            "Numbers that are not here are lines that tell of signed heads, one for each. They "
            "stand in the log all the same, and no number is missing there; `andon verify` counts."
        )
    shown = blocks.table(lens("Company log, the last lines"), columns, table, note=note)
    shown["more"] = {
        "href": f"/audit{'' if whole else '?log=all'}#log",
        "text": lens("Without kept histories") if whole else lens("With kept histories too"),
    }
    return shown
