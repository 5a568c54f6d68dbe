"""Signing in and out, and choosing a language.

What belongs here: the two forms. What never does: passwords (services/people.py) or cookies' names
(api/access.py). On a demo installation the page names the invented people, never a password.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.access import (
    address_of,
    drop_session,
    house_of,
    set_session,
    signed_or_none,
)
from api.pages.carrying import Rows, carried_in, is_carried, marked, shown_by
from api.pages.frame import (
    form_of,
    lens_of,
    local_address,
    raw_texts,
    see_other,
    visitor_lens,
)
from api.pages.lens import Drawn, Lens
from api.rendering import keep_language, keep_visitor, page_of, render
from domain.errors import AndonError, NotSignedIn, TooMany
from domain.people import Role
from services import people
from services.company import people_file
from services.house import House
from services.people import Signed
from storage import company

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/sign-in")
def form(request: Request, back: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Show the sign-in form; who is signed in goes on to where they wanted to go."""
    if _known(request) is not None:
        return see_other(local_address(back))
    return _page(request, back=local_address(back))


def _known(request: Request) -> Signed | None:
    try:
        return signed_or_none(request)
    except NotSignedIn:
        return None


def _page(
    request: Request,
    *,
    back: str,
    name: str = "",
    wrong: AndonError | None = None,
    carried: Rows | None = None,
) -> Response:
    lens, house = visitor_lens(request), house_of(request)
    status = 200 if wrong is None else 429 if isinstance(wrong, TooMany) else 401
    told = None
    if wrong is not None:
        told = {
            "sentence": lens.sentence(wrong.sentence),
            "hint": lens.sentence(wrong.hint),
        }
    page = page_of(request, None, zone=lens.zone_name)
    response = render(
        "console/sign_in.html",
        page,
        status=status,
        back=back,
        carried=marked(carried or []),
        name=name,
        wrong=told,
        demo=_demo(lens, house),
    )
    keep_visitor(request, response)
    return response


def _demo(lens: Lens, house: House) -> Drawn | None:
    """Give where the passwords of the invented people stand, and who they are; None elsewhere."""
    if not (company.is_demo(house.engine) and house.settings.demo_allowed):
        return None
    shown = [person for person in lens.names.people.values() if person.demo and person.active]
    order = {str(role): number for number, role in enumerate(Role)}
    shown.sort(key=lambda person: (order.get(person.roles[0], 99), person.id))
    return {
        "file": str(people_file(house.settings)),
        "rows": [[one.id, lens.person(one.id), lens.roles(one.roles)] for one in shown],
    }


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Open a session and lead on; a wrong password keeps the name."""
    typed = await form_of(request, None)
    name, password = str(typed.get("name", "")), str(typed.get("password", ""))
    back, house = local_address(str(typed.get("next", "/"))), house_of(request)
    carried = carried_in(raw_texts(typed)) if is_carried(back) else []
    attempts = request.app.state.attempts
    try:
        opened = await run_in_threadpool(
            people.sign_in, house, attempts, name, password, address_of(request)
        )
    except (NotSignedIn, TooMany) as wrong:
        return await run_in_threadpool(
            _page, request, back=back, name=name[:200], wrong=wrong, carried=carried
        )
    response: Response
    if carried:
        response = await run_in_threadpool(_go_on, request, opened.signed, back, carried)
    else:
        response = see_other(back)
    set_session(response, house.settings, opened)
    return response


def _go_on(request: Request, who: Signed, back: str, carried: Rows) -> Response:
    """Lead on to the form that was left, with what was typed; the press there only shows it."""
    lens = lens_of(house_of(request), who, request)
    page = page_of(request, who, roles=lens.roles(who.actor.roles), zone=lens.zone_name)
    shows = shown_by(back)
    return render("console/go_on.html", page, back=back, rows=carried, shows=shows)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    who = await run_in_threadpool(_known, request)
    await form_of(request, who)
    if who is not None:
        await run_in_threadpool(people.sign_out, house_of(request), who)
    response = see_other("/sign-in")
    drop_session(response, house_of(request).settings)
    return response


@router.post("/language")
async def language(request: Request) -> Response:
    """Remember a language and come back to the same page."""
    who = await run_in_threadpool(_known, request)
    typed = await form_of(request, who)
    response = see_other(local_address(str(typed.get("next", "/"))))
    keep_language(response, house_of(request).settings, str(typed.get("language", "")))
    return response
