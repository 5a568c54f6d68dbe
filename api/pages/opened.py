"""What an invited person from outside sees: the stages opened for them, to read and nothing else.

What belongs here: those pages, and taking out of them every way to other rooms. What never does:
who is invited to what (services/opened.py), or what a stage shows (stages.py).
"""

from dataclasses import replace
from functools import partial
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.files_given import file_response
from api.pages import blocks
from api.pages.closed_off import closed_off
from api.pages.frame import Guest, Visit
from api.pages.lens import Drawn
from api.pages.looking import View, title_of
from api.pages.stages import stage_blocks
from api.pages.statement import rendition
from domain.errors import NotFound
from domain.stages import Stage
from services import opened
from services.opened import OpenedIncident

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

FILES: Final = "/api/blobs/"
"""Where the links of a stage lead to its files."""


@router.get("/opened/{incident}")
def show(guest: Guest, incident: str) -> Response:
    """Show the first stage that is opened to whoever asks."""
    seen = opened.see_opened(guest.house, guest.who.actor, incident)
    return _page(guest, seen, seen.invitation.opened[0])


@router.get("/opened/{incident}/{stage}")
def show_stage(guest: Guest, incident: str, stage: str) -> Response:
    """Show one of the stages that are opened to whoever asks."""
    seen = opened.see_opened(guest.house, guest.who.actor, incident)
    found = [one for one in seen.invitation.opened if one == stage]
    if not found:
        raise NotFound("This stage is not opened to you.", "Go back to the board.")
    return _page(guest, seen, found[0])


@router.get("/opened/{incident}/files/{address}")
def give_file(guest: Guest, incident: str, address: str) -> Response:
    """Give a file that stands in an opened stage."""
    kept = opened.open_file(guest.house, guest.who.actor, incident, address)
    return file_response(kept, address)


def opened_rows(guest: Visit) -> list[Drawn]:
    """Give what stands on the board of an invited person."""
    return [
        {
            "href": address_of(seen),
            "title": title_of(guest.lens, seen.state),
            "id": seen.row.id,
            "scope": seen.invitation.scope,
            "until": guest.lens.when(seen.invitation.until_at),
        }
        for seen in opened.list_opened(guest.house, guest.who.actor)
    ]


def address_of(seen: OpenedIncident) -> str:
    """Give where the pages of an invited person stand."""
    return f"/opened/{seen.row.id}"


def _page(guest: Visit, seen: OpenedIncident, stage: Stage) -> Response:
    lens = replace(guest.lens, rules=seen.state.rules)
    view = View(replace(guest, lens=lens), seen.row, seen.state, seen.version, "")
    drill = seen.row.drill and lens("Exercise %(id)s", id=seen.row.id)
    return guest.show(
        "opened.html",
        drill=drill or None,
        id=seen.row.id,
        title=title_of(lens, seen.state),
        scope=seen.invitation.scope,
        invited_by=lens.person(seen.invitation.invited_by),
        until=lens.when(seen.invitation.until_at),
        as_of=lens.when(seen.state.last_at or lens.now),
        stage=lens.word(stage),
        tabs=[
            {"title": lens.word(one), "href": f"{address_of(seen)}/{one}", "current": one == stage}
            for one in seen.invitation.opened
        ],
        blocks=closed_off(_blocks(view, stage), partial(_leading, address_of(seen))),
    )


def _blocks(view: View, stage: Stage) -> list[Drawn]:
    """Give a stage as blocks, and its texts word for word: they have no other page here."""
    found = stage_blocks(view, stage)
    if stage is Stage.STATEMENT:
        found += [
            blocks.texts(f"{one.id} · {title}", [rendition(view, each) for each in one.texts])
            for one in view.state.statement.statements.values()
            if (title := view.lens.title_of(one))
        ]
    return found


def _leading(here: str, href: str) -> str:
    """Give where a link of a stage leads to for an invited person; "" for nowhere."""
    if href.startswith(FILES):
        return f"{here}/files/{href.removeprefix(FILES)}"
    return href if href.startswith("#") else ""
