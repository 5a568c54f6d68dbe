"""Replay: one moment of an incident by both times, and what is different between two.

What belongs here: the two pages, and reading which moment is meant. What never does: how things
are named (moment_words.py, difference_words.py), or a rule. Nothing on these pages acts.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages import scrubbing
from api.pages.difference_words import difference_told
from api.pages.frame import Guest, see_other
from api.pages.incident import render_part, tabs
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, entries_in, look_at
from api.pages.moment_words import (
    SOON,
    as_of_told,
    columns_told,
    exactly,
    not_now_told,
    to_come_told,
    told_apart,
)
from api.pages.parts import PARTS
from api.pages.sold_again import again_line
from api.pages.team_words import team_told
from api.pages.telling import sentence_of
from api.typed import instant_of
from api.word_lists import STAGE
from domain.ledger import Entry
from domain.message import event_spec
from services import moments
from services.moments import Between, By, Columns, Moment, read_moment
from services.reading import visible
from storage import streams

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

LATER_SHOWN: Final = 30
ENTRIES_SHOWN: Final = 200
"""Entries listed between two moments; the page of the ledger has them all."""

Typed = Annotated[str, Query()]
Number = Annotated[int | None, Query(ge=0, le=10**9)]


@router.get("/incidents/{incident}/at")
def show(
    guest: Guest, incident: str, at: Typed = "", when: Typed = "", seq: Number = None
) -> Response:
    """Show an incident at a moment: `at` a number or an instant, `when` a time of the reader's.

    `seq` leads to the whole page as of an entry, as it always did.
    """
    row = visible(guest.house, guest.who.actor, incident)
    if seq is not None:
        return see_other(f"/incidents/{row.id}/at/{min(seq, row.size)}")
    moment = moment_of(guest.lens, at or when, row.size)
    if isinstance(moment, int):
        moment = min(moment, row.size)
    view = look_at(guest, row.id, moment)
    drawn = _moment(view, moment)
    if guest.is_fragment:
        return HTMLResponse(render_part(guest, view, "moment", drawn))
    return view.show("moment.html", part=drawn, tabs=tabs(_now(view), "replay"))


@router.get("/incidents/{incident}/difference")
def tell_apart(
    guest: Guest,
    incident: str,
    first: Annotated[str, Query(alias="from")] = "",
    second: Annotated[str, Query(alias="to")] = "",
) -> Response:
    """Show what is different between two moments; nothing typed is the beginning, and now."""
    row = visible(guest.house, guest.who.actor, incident)
    pair = moment_of(guest.lens, first, 0), moment_of(guest.lens, second, row.size)
    view = look_at(guest, row.id, pair[1])
    between = moments.between(guest.house, guest.who.actor, row.id, *pair)
    ledger = f"/incidents/{row.id}/ledger"
    return view.show(
        "difference.html",
        told=difference_told(view.lens, between, ledger),
        ends=[_end(guest.lens, between.before), _end(guest.lens, between.after)],
        typed={"first": first, "second": second},
        entries=_entries_between(view, between, ledger),
        tabs=tabs(_now(view), "replay"),
        action=f"/incidents/{row.id}/difference",
    )


def moment_of(lens: Lens, typed: str, otherwise: int) -> Moment:
    """Read a moment that was typed, by the reader's clock where no zone stands. Raises Malformed.

    Nothing typed is another one.
    """
    told = typed.strip()
    if not told:
        return otherwise
    return read_moment(told if told.isdigit() else instant_of(told, lens.zone), lens("Moment"))


def _now(view: View) -> View:
    """Give the view whose ways lead to the pages of now."""
    return replace(view, as_of=None)


# ---------------------------------------------------------------- one moment


def _moment(view: View, moment: Moment) -> Drawn:
    """Give what the page shows of a moment."""
    house, actor, name = view.visit.house, view.actor, view.row.id
    recorded = moments.columns(house, actor, name, moment)
    happened = moments.columns(house, actor, name, moment, By.HAPPENED)
    ledger, lens = f"/incidents/{name}/ledger", view.lens
    listed = {**moments.at_moment(house, actor, name, view.row.size).state.halt.listed}
    then = columns_told(lens, recorded, listed, ledger)
    known = columns_told(lens, happened, listed, ledger)
    return {
        **_through(view, recorded.at),
        "then": then,
        "known": known,
        "same": told_apart(then, known),
        "again": again_line(lens, view.state),
        "later": _later(view, happened, ledger),
        "later_more": max(0, len(happened.later) - LATER_SHOWN),
        "people": team_told(lens, view.state),
        "clocks": PARTS["clocks"](view),
    }


def _through(view: View, at: datetime) -> Drawn:
    """Give the ways through time from this moment."""
    seq, size, base = view.as_of or 0, view.row.size, f"/incidents/{view.row.id}"
    address = f"{base}/at?at="
    beside = {"first": 1, "back": seq - 1, "on": seq + 1, "last": size}
    lens = view.lens
    return {
        "seq": seq,
        "size": size,
        "at": exactly(view.reading_lens, at),
        "at_iso": _typed_at(lens, at),
        "told": as_of_told(view.reading_lens, seq, at, view.to_come),
        "entry": lens("entry %(seq)s of %(size)s", seq=seq, size=size),
        "aside": not_now_told(lens, seq, size),
        "zone": lens.zone_name,
        "ways": {
            name: f"{address}{to}" if 0 <= to <= size and to != seq else ""
            for name, to in beside.items()
        },
        "go": f"{base}/at",
        "today": base,
        "whole": f"{base}/at/{seq}",
        "difference": f"{base}/difference?from={seq}&to={size}",
        "before": f"{base}/difference?from={max(seq - 1, 0)}&to={seq}",
        "marks": scrubbing.marks(view, address + "{}"),
    }


def _typed_at(lens: Lens, at: datetime) -> str:
    """Write a moment as the form takes it: the next whole second, so that it is not lost."""
    whole = at.replace(microsecond=0) + timedelta(seconds=1 if at.microsecond else 0)
    return whole.astimezone(lens.zone).strftime("%Y-%m-%dT%H:%M:%S")


def _later(view: View, happened: Columns, ledger: str) -> list[Drawn]:
    """Give what had happened by then and was recorded only afterwards."""
    name = view.row.id
    numbers = happened.later[-LATER_SHOWN:]
    rows = streams.entries_at(view.visit.house.engine, [(name, seq) for seq in numbers])
    found = {one.seq: one for one in entries_in(rows)}
    lens = view.lens
    return [
        {
            "seq": seq,
            "href": f"{ledger}/{seq}",
            "text": sentence_of(lens, found[seq].event),
            "times": times_of(lens, found[seq]),
        }
        for seq in numbers
    ]


def times_of(lens: Lens, entry: Entry) -> str:
    """Say when an entry happened, and when it was recorded where that is another time."""
    if entry.recorded_at - entry.happened_at < SOON:
        return lens(
            "happened %(when)s, recorded a moment later", when=lens.exactly(entry.happened_at)
        )
    return lens(
        "happened %(happened)s, recorded %(recorded)s",
        happened=lens.exactly(entry.happened_at),
        recorded=lens.exactly(entry.recorded_at),
    )


# ---------------------------------------------------------------- two moments


def _end(lens: Lens, as_of: moments.AsOf) -> Drawn:
    """Name one of the two moments."""
    return {
        "seq": as_of.seq,
        "at": exactly(lens, as_of.at),
        "to_come": to_come_told(lens, as_of.to_come, as_of.at) if as_of.to_come else "",
        "href": f"/incidents/{as_of.row.id}/at?at={as_of.seq}",
    }


def _entries_between(view: View, between: Between, ledger: str) -> Drawn:
    """Give the entries between two moments by stage, each with its sentence."""
    first, last = sorted((between.before.seq, between.after.seq))
    shown = min(last, first + ENTRIES_SHOWN)
    name, by_stage = between.after.row.id, dict[str, list[Any]]()
    rows = streams.read_entries(view.visit.house.engine, name, first + 1, shown) if shown else []
    for one in entries_in(rows):
        by_stage.setdefault(str(event_spec(one.event).stage), []).append({
            "seq": one.seq,
            "href": f"{ledger}/{one.seq}",
            "at": view.lens.exactly(one.recorded_at),
            "text": sentence_of(view.lens, one.event),
        })  # fmt: skip
    return {
        "stages": [
            {"title": view.lens(STAGE[stage]), "rows": by_stage[stage]}
            for stage in STAGE
            if stage in by_stage
        ],
        "all": last - first,
        "more": last - shown,
    }
