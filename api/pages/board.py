"""The board: what is open, the most urgent first, and what is still on sale.

What belongs here: rows of the board. What never does: who may see them (services/reading.py) or the
order of urgency (storage/incidents.py).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages import stage_halt
from api.pages.duty_order import gathered
from api.pages.earlier import board_notes
from api.pages.frame import Guest, Visit
from api.pages.keeping import Fragments, Kept
from api.pages.lens import Drawn, Lens
from api.pages.looking import deciding, late_stages, rail_words
from api.pages.opened import opened_rows
from api.rendering import environment, page_of
from domain.agenda import dues
from domain.channels import standing
from domain.dispatch import Due
from domain.duty_clocks import is_our_time
from domain.people import Role
from domain.state import read_incident_text
from services import boards, reading
from services.earlier import Goods, lots_of
from storage import incidents

LOTS_NAMED: Final = 2
"""Lots of an incident in its row; of more it is said how many."""

WITH_TEXTS: Final = frozenset(
    {Role.PR_LEAD, Role.PR_OFFICER, Role.SPOKESPERSON, Role.LEGAL, Role.LANGUAGE_REVIEWER}
)
"""Whose work are texts: the board leads them to those of all incidents."""

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_fragments = Fragments()
_kept = Kept()


@dataclass(frozen=True)
class Glance:
    """What the board shows of an incident's state; the same for every reader and language."""

    title: str
    products: tuple[str, ...]
    lots: tuple[str, ...]
    lots_unknown: bool
    next_due: Due | None
    next_stage: str
    next_at: datetime | None
    channels: Counter[str]
    to_sign: int
    signing: tuple[str, ...]
    late: tuple[tuple[str, str], ...]
    next_is_ours: bool


@router.get("/")
def show(guest: Guest) -> Response:
    """Show what is open, drills apart, and what was closed last."""
    return guest.show("board.html", version=boards.board_version(guest.house), part=drawn(guest))


@router.get("/parts/board")
def part(guest: Guest) -> Response:
    """Give the inside of the board, or 304 when the reader has it."""
    etag = _fragments.tag(guest, boards.board_version(guest.house))
    if guest.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    page = page_of(guest.request, guest.who, zone=guest.lens.zone_name)
    template = environment(page.language).get_template("console/parts/board.html")
    text = template.render(page=page, part=drawn(guest))
    return HTMLResponse(text, headers={"ETag": etag})


def drawn(guest: Visit) -> Drawn:
    """Draw the board: incidents by urgency, drills apart, the last ones closed."""
    rows = reading.board(guest.house, guest.who.actor)
    closed = boards.closed(guest.house, guest.who.actor, limit=10, offset=0)
    is_open = [row for row in rows if row.is_open]
    closed += [row for row in rows if not row.is_open and row not in closed]
    real = [row for row in is_open if not row.drill]
    notes = board_notes(guest, _undecided(guest, is_open))
    return {
        "opened": opened_rows(guest),
        "invited": guest.who.actor.is_from_outside,
        "rows": [{**_row(guest, row), "earlier": notes.get(row.id)} for row in real],
        "drills": [
            {**_row(guest, row), "earlier": notes.get(row.id)} for row in is_open if row.drill
        ],
        "closed": [_closed(guest.lens, row) for row in closed],
        "count": len(real),
        "duties": not guest.who.actor.is_from_outside,
        "texts": guest.who.actor.holds(WITH_TEXTS),
    }


def glance(guest: Visit, row: incidents.IncidentRow) -> Glance | None:
    """Read what the board needs of an incident, once for each of its versions."""
    key = (str(guest.house.engine.url), row.id, row.version)
    return _kept.get(key, lambda: _look(guest, row))


def _look(guest: Visit, row: incidents.IncidentRow) -> Glance | None:
    stored = incidents.load_state(guest.house.engine, row.id)
    if stored is None:
        return None
    state = read_incident_text(stored.state, guest.house.rules(stored.rules_hash))
    found = [group[0] for group in gathered(state, dues(state))]
    channels = Counter(standing(one, guest.lens.now) for one in state.halt.channels.values())
    return Glance(
        title=row.title,
        products=state.report.products,
        lots=state.report.lots,
        lots_unknown=state.report.lots_unknown,
        next_due=found[0] if found else None,
        next_stage=str(found[0].stage) if found else "",
        next_at=found[0].due_at if found else None,
        channels=channels,
        to_sign=len(state.pending),
        signing=tuple(deciding(state)),
        late=tuple(sorted(late_stages(state, found, guest.lens.now).items())),
        next_is_ours=bool(found) and is_our_time(state, found[0]),
    )


def _undecided(
    guest: Visit, rows: Iterable[incidents.IncidentRow]
) -> Iterator[tuple[incidents.IncidentRow, Goods]]:
    """Give the reports that nobody has decided on, each with the goods it is about."""
    for row in rows:
        seen = glance(guest, row) if _words(row.stage_words).get("report") == "running" else None
        if seen is not None:
            yield (
                row,
                Goods(
                    products=frozenset(seen.products),
                    lots=lots_of(guest.house, seen.products, seen.lots),
                    lots_unknown=seen.lots_unknown,
                ),
            )


def _row(guest: Visit, row: incidents.IncidentRow) -> Drawn:
    lens, seen = guest.lens, glance(guest, row)
    words: dict[str, str] = _words(row.stage_words)
    next_at = seen.next_at if seen is not None else row.next_due_at
    drawn: Drawn = {
        "id": row.id,
        "href": f"/incidents/{row.id}",
        "title": lens.products(row.products or row.title.split(", ")),
        "grade": row.grade or "ungraded",
        "drill": bool(row.drill),
        "due": lens.due(next_at) if next_at else None,
        "late": next_at is not None and next_at < lens.now,
        "next": lens("nothing is due"),
        "on_sale": lens("not recorded: send the report again")
        if row.is_lost(lens.now)
        else lens("received, being recorded"),
        "stages": rail_words(lens, words, {}, ()),
        "recorded": row.size > 0,
        "attention": "" if row.attention in ("", "low") else row.attention,
    }
    if seen is not None:
        late = dict(seen.late) if drawn["late"] else {}
        drawn["stages"] = rail_words(lens, words, late, seen.signing)
        drawn["ours"] = seen.next_is_ours
        drawn["on_sale"] = _on_sale(lens, seen)
        if seen.next_due is not None:
            drawn["next"] = lens.sentence(seen.next_due.titled(lens.now))
        drawn["title"] += f" · {_lots(lens, seen.lots)}"
    return drawn


def _lots(lens: Lens, lots: Sequence[str]) -> str:
    """Name the first lots, and say how many more there are."""
    if not lots:
        return lens("lot not known yet")
    told, more = lens.listed(lots[:LOTS_NAMED]), len(lots) - LOTS_NAMED
    return f"{told} {lens('+ %(n)s more', n=lens.number(more))}" if more > 0 else told


def _words(told: Any) -> dict[str, str]:
    """Read the stage words of a row, whichever way the database gives JSON back."""
    plain = json.loads(told) if isinstance(told, str) else told
    return dict(plain) if plain else {}


def _on_sale(lens: Lens, seen: Glance) -> str:
    """Say how many channels are not known to stand still: what is on sale, as far as we know."""
    found, n = seen.channels, stage_halt.whole(seen.channels)
    if not n:
        return lens("sold again, by decision") if found else lens("nothing is ordered to stop")
    open_ones = stage_halt.open_ones(found)
    parts = [
        lens("%(open)s of %(all)s channels not confirmed stopped", open=open_ones, all=n)
        if open_ones
        else _all_stopped(lens, n)
        if found["confirmed"] == n
        else lens("%(stopped)s of %(all)s channels have stopped", stopped=found["confirmed"], all=n)
    ]
    if found["selling"]:
        parts.append(lens("%(n)s seen on sale", n=found["selling"]))
    if found["silent"]:
        parts.append(lens("%(n)s silent", n=found["silent"]))
    if found["taken_over"]:
        parts.append(lens("%(n)s with a named person", n=found["taken_over"]))
    return " · ".join(parts)


def _all_stopped(lens: Lens, n: int) -> str:
    told = lens.words.ngettext("%(n)s channel has stopped", "all %(n)s channels have stopped", n)
    return told % {"n": n}


def _closed(lens: Lens, row: incidents.IncidentRow) -> Drawn:
    return {
        "id": row.id,
        "href": f"/incidents/{row.id}",
        "title": lens.products(row.products or row.title.split(", ")),
        "grade": row.grade or "minor",
        "at": lens.moment(row.recorded_at),
    }
