"""Refusals and failures as pages: what happened, what to do, and a way on.

What belongs here: the page for each status. What never does: the answer to a program
(api/errors.py), or a form with what was typed, which shows its own refusals (acts.py, report.py).

A failure of ours is shown without asking a database for anything: it may be what failed.
"""

import re
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from api.access import house_of, signed_or_none
from api.errors import waits
from api.pages.carrying import Rows, carried_from, marked
from api.pages.frame import lens_of, local_address, raw_texts, see_other, typed_in
from api.pages.lens import Drawn, Lens
from api.pages.preview import nothing_here
from api.pages.public import no_notice
from api.pages.referring import page_before
from api.pages.sent_forms import sent_form
from api.rendering import Page, environment, keep_visitor, language_of, page_of, render
from api.word_lists import LISTS
from api.words import words_of
from domain.errors import AndonError, Busy, NotSignedIn
from domain.message import COMMANDS, CommandSpec
from services import reading
from services.answer_links import ANSWERS
from services.people import Signed
from services.previews import PREVIEWS
from services.rooms import ROOMS

KEPT: Final = frozenset({403, 409, 413, 422, 429, 503})
"""After these the page with the form is one step back, with what was typed still in it."""

RECALLS: Final = "/recalls/"
"""Where the public reads: whoever misses an address there is shown no console."""

_INCIDENT: Final = re.compile(r"/incidents/(INC-\d{4}-\d{4,})(?=/|$)")

BY_LINK: Final = (PREVIEWS, ANSWERS, ROOMS)
"""Pages for whoever has their address; a wrong one is answered alike, whatever the reason."""


async def keep_form(request: Request) -> None:
    """Read the form of somebody who was signed out meanwhile: the page shows what they typed."""
    with suppress(AndonError):
        request.state.form = await sent_form(request)


def problem_page(request: Request, told: dict[str, Any]) -> Response:
    """Show a refusal to a person: not signed in leads to the sign-in page and back again."""
    unsigned = told["status"] == 401 and told["code"] != "demo_refused"
    if unsigned and not _is_form(request):
        return _to_sign_in(request)
    if told["status"] >= 500 and told["status"] != 503:
        return failure_page(request, told)
    if told["status"] in (404, 405, 409) and request.scope["path"].startswith(BY_LINK):
        return nothing_here(request)
    missed = told["status"] in (404, 405, 422) or told["code"] == Busy.code
    if missed and f"{request.scope['path']}/".startswith(RECALLS):
        return no_notice(request, told)
    who = _who_if_known(request)
    lens = lens_of(house_of(request), who, request)
    roles = lens.roles(who.actor.roles) if who else ""
    page = page_of(request, who, roles=roles, zone=lens.zone_name)
    shown = _told(lens, told, _typed(request, lens))
    ways = _ways(request, lens, who, told)
    carried = _carried(request) if unsigned else []
    response = render(
        "console/problem.html",
        page,
        status=told["status"],
        told=shown,
        ways=ways,
        carried=marked(carried),
        back=request.scope["path"],
    )
    response.headers.update(waits(told))
    keep_visitor(request, response)
    return response


def failure_page(request: Request, told: dict[str, Any]) -> Response:
    """Show a failure of ours, with the number under which it stands in the log."""
    language = language_of(request)
    words = words_of(language)
    page = Page(language=language, path="/", person=None, csrf="")
    incident = _INCIDENT.match(request.scope["path"])
    ways = [_way(words.gettext("To the board"), "/")]
    if incident:
        told_back = words.gettext("To incident %(id)s") % {"id": incident.group(1)}
        ways.insert(0, _way(told_back, incident.group()))
    if request.method == "GET":
        ways.insert(0, _way(words.gettext("Try again"), _here(request)))
    said = {
        "heading": words.of("problem", "500"),
        "sentence": words.sentence(told["detail"]),
        "hint": words.sentence(told["hint"]),
        "reference": told.get("reference", ""),
        "is_post": request.method != "GET",
    }
    template = environment(language).get_template("console/failure.html")
    return HTMLResponse(template.render(page=page, told=said, ways=ways), told["status"])


def _spec(request: Request) -> CommandSpec | None:
    path = request.scope["path"]
    return COMMANDS.get("report_problem" if path == "/report" else path.rpartition("/")[2])


def _is_form(request: Request) -> bool:
    """Say whether somebody sent a form of an act, with something in it."""
    return bool(getattr(request.state, "form", None)) and _spec(request) is not None


def _typed(request: Request, lens: Lens) -> list[Drawn]:
    """Give what was typed into the form that this answers, field by field."""
    kept: list[Drawn] = getattr(request.state, "typed", [])
    form, spec = getattr(request.state, "form", None), _spec(request)
    return kept or (typed_in(lens, spec, raw_texts(form)) if form and spec else [])


def _carried(request: Request) -> Rows:
    """Give what goes along through the sign-in, so that the form opens with it again."""
    form = getattr(request.state, "form", None)
    return carried_from(request, raw_texts(form)) if form else []


def _to_sign_in(request: Request) -> Response:
    if request.headers.get("x-fragment") == "1":
        return HTMLResponse("", 401)
    back = request.scope["path"] if request.method == "GET" else "/"
    return see_other(f"/sign-in?next={quote(back)}")


def _who_if_known(request: Request) -> Signed | None:
    try:
        return signed_or_none(request)
    except NotSignedIn:
        return None


def _told(lens: Lens, told: dict[str, Any], typed: list[Drawn]) -> Drawn:
    status = told["status"]
    return {
        "status": status,
        "heading": lens.words.of(
            "problem", str(status) if str(status) in LISTS["problem"] else "422"
        ),
        "sentence": lens.sentence(told["detail"]),
        "hint": "" if status in (404, 405) else lens.sentence(told["hint"]),
        "who": lens.holders(told.get("who_could", ())),
        "errors": [lens.sentence(one["detail"]) for one in told.get("errors", ())],
        "kept": status in KEPT,
        "typed": typed,
    }


# ---------------------------------------------------------------- ways on


def _ways(request: Request, lens: Lens, who: Signed | None, told: dict[str, Any]) -> list[Drawn]:
    """Give where to go from here, the likeliest first."""
    found = []
    came_from = _came_from(request)
    if told["status"] in KEPT and request.method != "GET" and came_from:
        found.append(_way(lens("Back to the page you came from"), came_from))
    if told["status"] in (429, 503) and request.method == "GET":
        found.append(_way(lens("Try again"), _here(request)))
    incident = _visible_incident(request, who)
    if incident:
        found.append(_way(lens("To incident %(id)s", id=incident), f"/incidents/{incident}"))
    if told["status"] == 401:
        back = quote(came_from or "/", safe="")
        return [*found, _way(lens("Sign in"), f"/sign-in?next={back}")]
    if who is None:
        return [*found, _way(lens("Safety notices"), "/recalls"), _way(lens("Sign in"), "/sign-in")]
    return [*found, _way(lens("To the board"), "/"), _way(lens("Report a problem"), "/report")]


def _way(text: str, href: str) -> Drawn:
    return {"text": text, "href": href}


def _here(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return local_address(quote(request.scope["path"]) + (f"?{query}" if query else ""))


def _came_from(request: Request) -> str:
    """Give the page of ours that sent this request, or nothing."""
    return local_address(page_before(request))


def _visible_incident(request: Request, who: Signed | None) -> str:
    """Give the incident of the address, when there is one that this person may see."""
    found = _INCIDENT.match(request.scope["path"])
    if found is None or who is None or found.group() == request.scope["path"]:
        return ""
    try:
        return reading.visible(house_of(request), who.actor, found.group(1)).id
    except AndonError:
        return ""
