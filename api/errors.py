"""Refusals on their way out: one table of statuses, one shape for programs, one page for people.

What belongs here: translating the error tree to HTTP (RFC 9457). What never does: deciding what is
wrong. Nothing of the inside (paths, SQL, stack) is ever told.
"""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from domain.errors import (
    AndonError,
    Busy,
    FieldError,
    KeyReused,
    LedgerConflict,
    Malformed,
    NotAllowed,
    NotConfirmed,
    NotFound,
    NotSignedIn,
    NotWhole,
    Refused,
    TooLarge,
    TooMany,
    TooSlow,
    WrongHost,
)

STATUS: Final[dict[type[AndonError], int]] = {
    Malformed: 422,
    KeyReused: 422,
    TooLarge: 413,
    NotSignedIn: 401,
    NotFound: 404,
    Refused: 409,
    NotAllowed: 403,
    TooMany: 429,
    TooSlow: 408,
    WrongHost: 421,
    NotConfirmed: 503,
    Busy: 503,
    NotWhole: 409,
    LedgerConflict: 500,
    AndonError: 500,
}
"""By class; a subclass without a row of its own has that of the nearest above it."""

PROBLEM: Final = "application/problem+json"
PROGRAMS: Final = ("/api/", "/health/", "/metrics")
"""Addresses that are answered for programs; every other one is a page."""

LOOK: Final = "The API stands in /api/openapi.json."
"""What a program that missed the address is told; a page has its own ways on."""

BY_KEY: Final = (
    "A program sends it again with the same Idempotency-Key; without one it looks first whether "
    "the act is recorded."
)
"""What a program is told beside a hint to press again: only its key makes it count once."""

AGAIN_AFTER_S: Final = {429: 60, 503: 1}

log = logging.getLogger("andon.api")

PageOfProblem = Callable[[Request, dict[str, Any]], Response]


class Json(JSONResponse):
    """JSON that can always be sent: half a character, quoted back to who sent it, becomes `?`."""

    def render(self, content: Any) -> bytes:
        """Write compact JSON as UTF-8."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def status_of(error: AndonError) -> int:
    """Give the HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(error: AndonError) -> dict[str, Any]:
    """Give a refusal as problem+json: code for programs, detail and hint for people."""
    status = status_of(error)
    told: dict[str, Any] = {
        "type": f"urn:andon:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": error.sentence,
        "hint": error.hint,
    }
    if error.fields:
        told["errors"] = [{"field": f.path, "detail": f.sentence} for f in error.fields]
    if isinstance(error, Refused) and error.who_could:
        told["who_could"] = list(error.who_could)
    return told


def answer(told: dict[str, Any]) -> Response:
    """Give a problem as a response for programs."""
    headers = waits(told)
    if told["code"] == NotConfirmed.code:
        told = {**told, "hint": f"{told['hint']} {BY_KEY}".strip()}
    if told["status"] == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="Andon"'
    return Json(told, told["status"], headers=headers, media_type=PROBLEM)


def waits(told: dict[str, Any]) -> dict[str, str]:
    """Give the header that says when to come again, for what may be tried again."""
    if told["status"] == HTTPStatus.REQUEST_TIMEOUT:
        return {"Connection": "close"}
    seconds = AGAIN_AFTER_S.get(told["status"])
    return {} if seconds is None else {"Retry-After": str(seconds)}


def is_for_people(path: str) -> bool:
    """Say whether an address is a page, so that its refusals are pages too."""
    return not f"{path}/".startswith(PROGRAMS)


def new_reference() -> str:
    """Make the number under which a failure of ours stands in the log and on the page."""
    number = secrets.token_hex(4).upper()
    return f"{number[:4]}-{number[4:]}"


def unexpected(reference: str) -> dict[str, Any]:
    """Tell what nobody expected; `reference` leads whoever runs Andon to the line in the log."""
    return {
        "type": "urn:andon:problem:unexpected",
        "title": HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
        "status": 500,
        "code": "unexpected",
        "detail": "Something went wrong on our side; it was written to the log.",
        "hint": "Try again; what you sent counts once. If it stays so, tell whoever runs Andon.",
        "reference": reference,
    }


def install(
    app: FastAPI,
    page: PageOfProblem | None = None,
    keep_form: Callable[[Request], Awaitable[None]] | None = None,
) -> None:
    """Translate every refusal and every error of the framework; `page` shows one to people.

    `keep_form` reads the form of somebody who is not signed in any more, for that page.
    """

    async def told(request: Request, error: AndonError, status: int | None = None) -> Response:
        whole = problem(error)
        if status is not None:
            whole |= {"status": status, "title": HTTPStatus(status).phrase}
        if whole["status"] == HTTPStatus.INTERNAL_SERVER_ERROR:
            whole["reference"] = new_reference()
            log.error("%s %s: %s", whole["reference"], error.code, error)
        request.state.refused = whole["code"]
        if page is not None and is_for_people(request.scope["path"]):
            if (
                whole["status"] == HTTPStatus.UNAUTHORIZED
                and request.method == "POST"
                and keep_form
            ):
                await keep_form(request)
            return await run_in_threadpool(page, request, whole)
        return answer(whole)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, AndonError)
        return await told(request, error)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = tuple(_field(each) for each in error.errors())
        sentence = fields[0].sentence if len(fields) == 1 else "Some values cannot be read."
        hint = "Correct what is named below; nothing was changed."
        return await told(request, Malformed(sentence, hint, fields=fields))

    async def of_the_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return await told(request, _framework(error, request.method), error.status_code)

    app.add_exception_handler(AndonError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, of_the_framework)


def _field(told: dict[str, Any]) -> FieldError:
    place = ".".join(str(part) for part in told["loc"][1:]) or str(told["loc"][0])
    return FieldError(place, f"{str(told['msg']).rstrip('.')}.")


def _framework(error: HTTPException, method: str) -> AndonError:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound("There is nothing at this address.", LOOK)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return AndonError(f"{method:.20} is not possible here.", LOOK, code="method_not_allowed")
    return AndonError(str(error.detail), "Correct the request.", code="bad_request")
