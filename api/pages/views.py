"""All pages put together, in the order in which addresses are tried.

What belongs here: the list of routers, the page of components, the files beside the pages. What
never does: what a page shows. Acts come last: their addresses match almost anything.
"""

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages import (
    acts,
    audit,
    board,
    calendar_feed,
    duty,
    duty_list,
    incident,
    ledger,
    moments,
    opened,
    order_answer,
    outbox,
    packet,
    preview,
    privacy,
    public,
    public_feeds,
    public_papers,
    questions,
    report,
    room,
    rooms,
    searching,
    shop,
    sign_in,
    statement,
    stopped,
    team,
    text_queue,
    what_if,
    whole_plan,
)
from api.pages.drawing import reader_of
from api.pages.frame import Guest
from api.pages.problems import keep_form, problem_page
from api.pictures.samples import sample_pictures

STATIC: Final = Path(__file__).resolve().parent.parent / "static"

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

__all__ = ["STATIC", "keep_form", "page_routers", "problem_page"]


@router.get("/components")
def components(guest: Guest) -> Response:
    """Show every component with its states, live; all of it is invented."""
    lens = guest.lens
    pictures = sample_pictures(now=lens.now, reader=reader_of(lens))
    return guest.show("gallery.html", pictures=pictures)


def page_routers() -> tuple[APIRouter, ...]:
    """List the rooms of pages, the particular ones before the general ones."""
    return (
        router,
        sign_in.router,
        board.router,
        report.router,
        text_queue.router,
        duty_list.router,
        searching.router,
        calendar_feed.router,
        outbox.router,
        opened.router,
        shop.router,
        public_feeds.router,
        public_papers.router,
        public.router,
        preview.router,
        order_answer.router,
        room.router,
        audit.router,
        questions.router,
        privacy.router,
        whole_plan.router,
        ledger.router,
        statement.router,
        duty.router,
        what_if.router,
        packet.router,
        rooms.router,
        moments.router,
        incident.router,
        team.router,
        stopped.router,
        acts.router,
    )
