"""One inspector's room as the company sees it: its link and code, and what was looked at in it.

What belongs here: that page. What never does: what an inspector sees (room.py), the list of rooms
(room_blocks.py), or a rule (domain/rooms.py).
"""

from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages import blocks
from api.pages.company_log import room_part, times_told
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn
from api.pages.looking import View, look
from api.pages.possible import act_link, may_now
from api.pages.readable import Opened
from api.pages.room_blocks import questions_of, texts_of_room
from api.pages.words_opened import opened_texts
from domain.errors import NotFound
from domain.rooms import KEEPERS, NotLetIn, find_room
from domain.state.rooms import Room
from services import read_log, room_doors
from services import rooms as services
from services.read_log import Read

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

SPACED: Final = 4
"""Digits of a code that stand together, as people say them."""


@router.get("/incidents/{incident}/rooms/{room}")
def show(guest: Guest, incident: str, room: str) -> Response:
    """Show one room: its link and code for who may hand them over, and what was read in it."""
    view = require(look(guest, incident))
    found = find_room(view.state, room)
    if found is None:
        raise NotFound(f"There is no room {room:.20} in {incident}.", "See the people's page.")
    opened = opened_texts(view, texts_of_room(view, found), "room", room)
    response = view.show(
        "room.html",
        room=room,
        rows=_about(view, found, opened),
        keys=_keys(view, found),
        questions=questions_of(view, found, opened),
        reads=_reads(view, found),
        refused=_refused(view, found),
        people=f"{view.address}/people#rooms",
        tabs=tabs(view, "people"),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _about(view: View, one: Room, opened: Opened) -> list[Drawn]:
    lens = view.lens
    name = opened.get(one.inspector.ref, lens("sealed"))
    is_open = services.is_open(view.visit.house, view.row, one)
    acts = act_link(view, "extend_room", one.id) + act_link(view, "close_room", one.id)
    return [
        {"label": lens("For whom"), "text": f"{name} · {one.firm}"},
        {"label": lens("What it is for"), "text": one.purpose},
        {"label": lens("May see"), "lines": [lens.word(part) for part in one.parts]},
        {
            "label": lens("Private words"),
            "text": lens.listed(lens.words.member(each) for each in one.classes) or lens("none"),
        },
        {
            "label": lens("State"),
            "text": lens("open to the inspector") if is_open else lens("ended"),
            "note": lens("until %(when)s", when=lens.when(one.closed_at or one.until_at)),
            "acts": acts if is_open else [],
        },
        {"label": lens("Opened by"), "text": lens.person(one.opened_by)},
    ]


def _keys(view: View, one: Room) -> Drawn | None:
    """Give link and code, made anew, to who may hand them over; that is noted first."""
    house = view.visit.house
    may = may_now(view, frozenset(KEEPERS)) and view.actor.on_behalf_of is None
    if not may or not services.is_open(house, view.row, one):
        return None
    read_log.note(house, view.actor.id, Read(what="room_keys", incident=view.row.id, item=one.id))
    path = services.path_of(house, view.row.id, one.id)
    code = services.code_of(house, view.row.id, one.id)
    return {
        "address": f"{house.settings.console_url}{path}",
        "path": path,
        "code": " ".join((code[:SPACED], code[SPACED:])),
    }


def _reads(view: View, one: Room) -> Drawn:
    """List what the inspector looked at, as the company's log has it."""
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [str(line.seq), lens.moment(line.at), room_part(lens, dict(line.body))]
        for line in services.reads_of(view.visit.house, view.row.id, one.id)
    ]
    columns = lens.each("Line of the log", "When", "Looked at")
    note = lens("From the company's log; the same part again within ten minutes is one line.")
    empty = lens("Nothing was looked at yet.")
    title = lens("What the inspector looked at")
    return blocks.table(title, columns, rows, note=note, empty=empty, id="reads")


def _refused(view: View, one: Room) -> Drawn:
    """List who was not let in, as the company's log has it: from which network, and how often."""
    lens = view.lens
    said = {
        NotLetIn.WRONG_CODE: lens("a wrong code"),
        NotLetIn.DOOR_SHUT: lens("a code, while the door was shut after many wrong ones"),
        NotLetIn.CLOSED: lens("the link, after the room was closed"),
        NotLetIn.OVER: lens("the link, after the room was over"),
    }
    rows: list[list[blocks.Cell]] = [
        [
            str(line.seq),
            lens.moment(line.at),
            said.get(line.body["why"], lens("unknown")),
            line.body["from"] or lens("several networks"),
            times_told(lens, line.body),
        ]
        for line in room_doors.refusals_of(view.visit.house, view.row.id, one.id)
    ]
    columns = lens.each("Line of the log", "When", "Tried", "From the network", "How often")
    note = lens(
        "Of each network the first try of a minute is a line, then the count as it grows. Ten "
        "wrong codes within an hour are told by letter to who may close the room."
    )
    empty = lens("Nobody was turned away.")
    return blocks.table(
        lens("Who was not let in"), columns, rows, note=note, empty=empty, id="refused"
    )
