"""Signing in and out for programs and scripts; the sign-in page calls the same service.

What belongs here: cookie in, cookie out. What never does: passwords (services/people.py).
"""

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.access import Reader, TheHouse, address_of, drop_session, set_session
from api.bodies import read_object
from api.errors import Json
from api.openapi import problems
from domain.errors import FieldError, Malformed
from services import people
from services.people import Signed

router = APIRouter(prefix="/api/sessions", tags=["sessions"])

_CREDENTIALS = {
    "type": "object",
    "required": ["name", "password"],
    "properties": {
        "name": {"type": "string", "title": "Sign-in name or e-mail address"},
        "password": {"type": "string", "format": "password"},
    },
    "additionalProperties": False,
}


@router.post(
    "",
    status_code=201,
    operation_id="sign_in",
    responses=problems(401, 413, 422, 429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _CREDENTIALS}},
        }
    },
)
async def sign_in(request: Request, house: TheHouse) -> Response:
    """Sign in: the answer sets the session cookie and gives the token that forms carry."""
    name, password = _credentials(await read_object(request))
    opened = await run_in_threadpool(
        people.sign_in, house, request.app.state.attempts, name, password, address_of(request)
    )
    told = {**_document(opened.signed), "expires_at": opened.expires_at.isoformat()}
    response = Json(told, 201)
    set_session(response, house.settings, opened)
    return response


@router.get("/current", operation_id="who_am_i", responses=problems(401))
def current(who: Reader) -> Response:
    """Say who is signed in, with which roles."""
    return Json(_document(who))


@router.delete("/current", status_code=204, operation_id="sign_out", responses=problems(401, 403))
def sign_out(house: TheHouse, who: Reader) -> Response:
    """End the session."""
    people.sign_out(house, who)
    response = Response(status_code=204)
    drop_session(response, house.settings)
    return response


def _credentials(body: dict[str, Any]) -> tuple[str, str]:
    faults = tuple(
        FieldError(name, "Text is needed here.")
        for name in ("name", "password")
        if not isinstance(body.get(name), str)
    ) + tuple(
        FieldError(name, "There is no such field.")
        for name in body
        if name not in ("name", "password")
    )
    if faults:
        raise Malformed("Send a name and a password.", "Nothing was changed.", fields=faults)
    return body["name"], body["password"]


def _document(who: Signed) -> dict[str, Any]:
    return {
        "id": who.id,
        "name_en": who.name_en,
        "name_zh": who.name_zh,
        "language": who.language,
        "roles": [str(role) for role in who.actor.roles],
        "deputy_for": [str(role) for role in who.actor.deputy_for],
        "csrf": who.csrf,
    }
