"""An incident's pages: now, a stage, the ledger, an entry, and any of it as it was.

What belongs here: routes that read. What never does: forms (acts.py), or what a part shows.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from api.pages.earlier import earlier_of, open_elsewhere
from api.pages.frame import Guest, Visit, see_other
from api.pages.held_on_sale import held_on_sale
from api.pages.joined import also_reported, belongs_to
from api.pages.keeping import Fragments
from api.pages.lens import Drawn
from api.pages.looking import View, head_of, look, look_at
from api.pages.offered import acts_of, not_yet_of
from api.pages.parts import PARTS
from api.pages.report_ended import closed_note
from api.pages.returning import done_of
from api.pages.scrubbing import scrubber
from api.pages.stage_people import proposal
from api.pages.stages import stage_blocks
from api.pages.stopping import stopped_form
from api.rendering import environment, page_of
from domain.errors import NotFound
from domain.stages import SEVEN_STAGES, Stage
from services.opened import is_opened
from services.reading import Seen

CARDS_SHOWN: Final = 3
"""Cards of the notice page that stand open: there is one for each duty, and the next one leads."""

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Number = Annotated[int, Path(ge=0, le=10**9)]
_fragments = Fragments()


@router.get("/incidents/{incident}")
def show(guest: Guest, incident: str, reported: str = "") -> Response:
    """Show the incident now: what must be decided, the state, how we got here."""
    try:
        seen = look(guest, incident)
    except NotFound:
        if not is_opened(guest.house, guest.who.actor, incident):
            raise
        return see_other(f"/opened/{incident}")
    if isinstance(seen, Seen):
        return guest.show("waiting.html", row=seen.row, reported=bool(reported))
    return seen.show(
        "incident.html",
        parts=drawn_parts(seen),
        done=done_of(seen),
        reported=bool(reported),
        tabs=tabs(seen, "now"),
        earlier=earlier_of(seen),
        belongs=belongs_to(seen),
        closed=closed_note(seen),
        on_sale=held_on_sale(seen),
        elsewhere=open_elsewhere(seen) if seen.state.review.closed_at is not None else [],
        also=also_reported(seen),
    )


def drawn_parts(view: View) -> Drawn:
    """Draw every part of the page."""
    return {name: draw(view) for name, draw in PARTS.items()}


@router.get("/incidents/{incident}/parts/{part}")
def part(guest: Guest, incident: str, part: str) -> Response:
    """Give the inside of one live part, or 304 when the reader has it."""
    drawing = LIVE_PARTS.get(part)
    if drawing is None:
        raise NotFound(f"There is no part called {part!r:.40}.", "Load the page again.")
    seen = look(guest, incident)
    if isinstance(seen, Seen):
        return HTMLResponse("", 200)
    etag = _fragments.tag(guest, seen.version)
    if guest.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    text = _fragments.kept(
        (incident, part, etag),
        lambda: render_part(guest, seen, drawing.template, drawing.draw(seen)),
    )
    return HTMLResponse(text, headers={"ETag": etag})


def render_part(guest: Visit, view: View, name: str, drawn: Drawn) -> str:
    """Render one part alone, in the reader's language."""
    page = page_of(guest.request, guest.who, zone=guest.lens.zone_name)
    template = environment(page.language).get_template(f"console/parts/{name}.html")
    return template.render(page=page, view=head_of(view), part=drawn)


def require(seen: View | Seen) -> View:
    """Insist on an incident that is recorded. Raises NotFound while it is being recorded."""
    if isinstance(seen, Seen):
        raise NotFound(
            f"{seen.row.id} is received and being recorded.", "Load the page again in a moment."
        )
    return seen


def tabs(view: View, current: str) -> list[Drawn]:
    """Give the ways to the incident's other pages; the rail leads to the stages."""
    lens, base = view.lens, view.address
    if view.as_of is not None:
        base = f"{base}/at/{view.as_of}"
    found = [("now", lens("Now"), base), ("people", lens.word(Stage.PEOPLE), f"{base}/people")]
    if view.as_of is None:
        found += [
            ("ledger", lens("Ledger"), f"{base}/ledger"),
            ("replay", lens("Replay"), f"{base}/at"),
            ("audit", lens("Audit"), f"{base}/audit"),
        ]
    return [
        {"title": title, "href": href, "current": name == current} for name, title, href in found
    ]


# ---------------------------------------------------------------- as it was


@router.get("/incidents/{incident}/at/{seq}")
def replay(guest: Guest, incident: str, seq: Number) -> Response:
    """Show the incident as it stood after an entry, with a scrubber over the ledger."""
    view = look_at(guest, incident, seq)
    return view.show(
        "replay.html",
        parts=drawn_parts(view),
        scrubber=scrubber(view),
        tabs=tabs(view, "now"),
    )


@router.get("/incidents/{incident}/at/{seq}/{stage}")
def replay_stage(guest: Guest, incident: str, seq: Number, stage: str) -> Response:
    """Show a stage as it stood after an entry."""
    view = look_at(guest, incident, seq)
    return _stage(view, stage_named(stage), scrubber=scrubber(view, f"/{stage}"))


# ---------------------------------------------------------------- a stage


@router.get("/incidents/{incident}/{stage}")
def stage_page(guest: Guest, incident: str, stage: str) -> Response:
    """Show a stage: its state in tables, and every act it knows."""
    return _stage(require(look(guest, incident)), stage_named(stage))


def stage_named(name: str) -> Stage:
    """Give the stage of an address. Raises NotFound."""
    if name not in {*SEVEN_STAGES, Stage.PEOPLE}:
        raise NotFound("There is nothing at this address.", "Go back to the board.")
    return Stage(name)


def stage_cards(view: View, stage: Stage) -> Drawn:
    """Give what must be decided at a stage: the cards that lead there."""
    place = f"{view.address}/{stage}"
    mine = PARTS["now"](view)["mine"]
    here = [card for card in mine if any(act["href"].startswith(place) for act in card["acts"])]
    shown = CARDS_SHOWN if stage is Stage.NOTICE else len(here)
    return {"now": here[:shown], "more": here[shown:]}


@dataclass(frozen=True)
class LivePart:
    """A part of a page that is asked for again: its template, and what it is given."""

    template: str
    draw: Callable[[View], Drawn]


LIVE_STAGES: Final = frozenset({Stage.HALT})
"""Stages whose page follows what happens while somebody looks."""

LIVE_PARTS: Final = {
    **{name: LivePart(name, draw) for name, draw in PARTS.items()},
    "halt-now": LivePart("stage_now", lambda view: stage_cards(view, Stage.HALT)),
    "halt-blocks": LivePart(
        "stage_blocks", lambda view: {"blocks": stage_blocks(view, Stage.HALT)}
    ),
}
"""Each live part by its name in the address `/incidents/{id}/parts/{part}`."""


def _stage(view: View, stage: Stage, *, scrubber: Drawn | None = None) -> Response:
    can_stop = stage is Stage.HALT and view.as_of is None
    form = Refilled(stopped_form(view)) if can_stop else Refilled()
    return stage_response(view, stage, form, scrubber=scrubber)


@dataclass(frozen=True)
class Refilled:
    """The form of a stage's page as it was sent: its fields, what is wrong, its token, the status.

    Only the stage `halt` has one: several channels confirmed in one press.
    """

    fields: Sequence[Drawn] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    status: int = 200


def stage_response(
    view: View, stage: Stage, form: Refilled, *, scrubber: Drawn | None = None
) -> Response:
    """Show a stage, with its form as it stands."""
    lens, is_now = view.lens, view.as_of is None
    cards = stage_cards(view, stage) if is_now else {"now": [], "more": []}
    return view.show(
        "stage.html",
        status=form.status,
        stage=str(stage),
        title=lens.word(stage),
        part={**cards, "blocks": stage_blocks(view, stage)},
        live=is_now and stage in LIVE_STAGES,
        acts=acts_of(view, stage) if is_now else [],
        not_yet=not_yet_of(view, stage) if is_now else [],
        done=done_of(view) if is_now else None,
        tabs=tabs(view, str(stage)),
        scrubber=scrubber,
        team=proposal(view) if stage is Stage.PEOPLE else [],
        stopped=form.fields,
        errors=[{"field": name, "sentence": told} for name, told in form.errors.items()],
        command_id=form.token or uuid.uuid4().hex,
    )
