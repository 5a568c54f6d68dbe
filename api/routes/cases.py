"""After-sales cases: opening one, every act on one, lists, one case now or as it was, its ledger.

`POST /api/cases/{id}[/{item}]/{command}`, derived from the registry. What belongs here: the shape
of requests and answers. What never does: the name of a command, or a rule.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import ActingPerson, Reader, TheHouse
from api.bodies import SentBeside, read_time
from api.errors import Json
from api.openapi import ANSWER_SCHEMA, act_extra, problems
from api.routes.acts import Endpoint, add_act, read_sent
from api.routes.ledger import Asked, stored_bytes, told_page, wants_bytes
from domain.agenda import dues, next_ring
from domain.dispatch import Due
from domain.errors import Malformed
from domain.message import CASE_COMMANDS, COMMANDS, CommandSpec
from domain.people import SYSTEM_ROLES
from domain.state.service_case import ServiceCase
from domain.wire import encode
from services import cases
from services.cases import OPEN
from services.house import House
from services.people import Signed
from services.sending import Sent

NUMBER_DIGITS: Final = 9
_OPENING = CASE_COMMANDS[OPEN]

router = APIRouter(prefix="/api/cases", tags=["cases"])


# ---------------------------------------------------------------- opening and reading


@router.post(
    "",
    status_code=201,
    summary=_OPENING.title,
    operation_id=OPEN,
    responses=problems(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=act_extra(_OPENING),
)
async def open_case(
    request: Request, house: TheHouse, who: ActingPerson, beside: SentBeside
) -> Response:
    """Open a case: the number is durable at once, also while the worker is down."""
    opened = await cases.open_case(
        house, who.actor, await read_sent(request, who, _OPENING, beside)
    )
    headers = {"Location": f"/api/cases/{opened.id}"}
    return Json({"id": opened.id, "received": True}, 201, headers=headers)


@router.get("", responses=problems(401, 404))
def list_cases(
    house: TheHouse,
    who: Reader,
    incident: Annotated[str | None, Query(description="Only the cases of this incident.")] = None,
) -> Response:
    """List the open cases you may see, what is due next first; or all cases of an incident."""
    rows = cases.list_cases(house, who.actor, incident)
    return Json({"cases": [cases.row_document(row) for row in rows]})


@router.get("/{case}", responses=problems(401, 404, 422))
def show(
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    case: str,
    at: Annotated[str | None, Query(description="An instant, or the number of an entry.")] = None,
    opened: Annotated[
        bool, Query(alias="open", description="Add the private texts your roles may read.")
    ] = False,
) -> Response:
    """Give one case as recorded: now, at an instant (by recorded time), or after an entry."""
    if at is not None:
        state = _as_it_was(house, who, case, at)
        told = {"id": case, "at": at, "recorded": state.size > 0, "size": state.size}
        return Json({**told, **_state_document(state), **_texts(house, who, state, asked=opened)})
    seen = cases.see_case(house, who.actor, case)
    etag = f'"{seen.version}"'
    if not opened and request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    whole = {**cases.row_document(seen.row), "root": seen.root}
    if seen.state is not None:
        whole |= {**_state_document(seen.state), **_texts(house, who, seen.state, asked=opened)}
    return Json(whole, headers={"ETag": etag})


def _as_it_was(house: House, who: Signed, case: str, at: str) -> ServiceCase:
    if at.isascii() and at.isdigit():
        if len(at) > NUMBER_DIGITS:
            raise Malformed(f"There is no entry {at:.20}….", "Give the number of an entry.")
        return cases.case_at_entry(house, who.actor, case, int(at))
    return cases.case_at_instant(house, who.actor, case, read_time(at, "at"))


def _state_document(state: ServiceCase) -> dict[str, Any]:
    rings_at = next_ring(state)
    return {
        "dues": [encode(Due, due) for due in dues(state)],
        "next_ring": rings_at.isoformat() if rings_at else None,
        "state": encode(ServiceCase, state),
    }


def _texts(house: House, who: Signed, state: ServiceCase, *, asked: bool) -> dict[str, Any]:
    return {"texts": cases.texts_of(house, who.actor, state)} if asked else {}


@router.get("/{case}/ledger", responses=problems(401, 404, 422))
def ledger(  # noqa: PLR0913 - what the framework hands in
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    case: str,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    opened: Annotated[
        bool, Query(alias="open", description="Add the private texts your roles may read.")
    ] = False,
) -> Response:
    """Give entries after a number; `Accept: application/jsonl` streams the stored bytes.

    Private texts stand in entries as references; `open=1` adds `texts`, by reference.
    """
    asked = Asked("case", case, opened=opened)
    if wants_bytes(request, asked):
        return stored_bytes(cases.case_bytes(house, who.actor, case, after))
    page = cases.case_page(house, who.actor, case, after=after, limit=limit)
    return told_page(house, who, asked, page)


# ---------------------------------------------------------------- acting


def given_by_people() -> Iterator[CommandSpec]:
    """List the commands that act on a case and that people may give."""
    for spec in CASE_COMMANDS.values():
        if spec.name != OPEN and not spec.roles <= SYSTEM_ROLES:
            yield spec


def path_of(spec: CommandSpec) -> str:
    """Give the route of a command on a case; an item is named as the command's field is."""
    item = "/{item}" if spec.item else ""
    return f"/api/cases/{{case}}{item}/{spec.name}"


def add_case_acts(router: APIRouter) -> None:
    """Derive one route per command, as the registry stands when the application starts."""
    for spec in given_by_people():
        name = f"case_{spec.name}" if spec.name in COMMANDS else spec.name
        add_act(
            router,
            spec,
            path_of(spec),
            _endpoint(spec),
            responses=_act_responses(),
            name=name,
            operation_id=name,
            tags=["cases"],
        )


def _act_responses() -> dict[int | str, dict[str, Any]]:
    properties = {**ANSWER_SCHEMA["properties"], "case": {"type": "object"}}
    properties.pop("stage")
    schema = {"type": "object", "required": sorted(properties), "properties": properties}
    return {
        200: {"description": "Recorded.", "content": {"application/json": {"schema": schema}}},
        **problems(401, 403, 404, 409, 413, 422, 503),
    }


def _endpoint(spec: CommandSpec) -> Endpoint:
    async def act(
        request: Request, house: TheHouse, who: ActingPerson, beside: SentBeside, case: str
    ) -> Response:
        return await _answer(house, who, case, await read_sent(request, who, spec, beside))

    async def act_on(
        *,
        request: Request,
        house: TheHouse,
        who: ActingPerson,
        beside: SentBeside,
        case: str,
        item: Annotated[str, Path(description=f"The {spec.item} this act is about.")],
    ) -> Response:
        sent = await read_sent(request, who, spec, beside)
        named = replace(sent, body={**sent.body, spec.item or "": item})
        return await _answer(house, who, case, named)

    return act_on if spec.item else act


async def _answer(house: House, who: Signed, case: str, sent: Sent) -> Response:
    answer = await cases.act_on_case(house, who.actor, case, sent)
    seen = await asyncio.to_thread(cases.see_case, house, who.actor, case)
    state = encode(ServiceCase, seen.state) if seen.state is not None else {}
    return Json(
        {
            "seq": answer.last,
            "events": answer.events,
            "case": state,
            "pending": state.get("pending", {}),
        }
    )
