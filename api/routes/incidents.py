"""Incidents: reporting one, listing, and one incident now or as it was.

What belongs here: the shape of the answers. What never does: acts (acts.py) or a rule.
"""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import ActingPerson, Reader, TheHouse
from api.bodies import SentBeside, read_object, read_time
from api.errors import Json
from api.openapi import REPORT, problems
from domain.agenda import dues, next_ring
from domain.dispatch import Due
from domain.errors import Malformed
from domain.message import COMMANDS, command_schema
from domain.overview import stage_words
from domain.state import Incident, incident_document
from domain.wire import encode
from services import acting, boards, ledgers, reading
from services.acting import Sent

router = APIRouter(prefix="/api/incidents", tags=["incidents"])

NUMBER_DIGITS: Final = 9
READ_AGAIN: Final = 5


@router.post(
    "",
    status_code=201,
    summary=COMMANDS[REPORT].title,
    operation_id=REPORT,
    responses=problems(401, 403, 413, 422, 429, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": command_schema(COMMANDS[REPORT])}},
        }
    },
)
async def report(
    request: Request, house: TheHouse, who: ActingPerson, beside: SentBeside
) -> Response:
    """Report a problem: the number is durable at once, also while the worker is down."""
    sent = Sent(
        command=REPORT,
        body=await read_object(request),
        command_id=beside.command_id(who.id),
        happened_at=beside.happened_at,
    )
    reported = await acting.report(house, who.actor, sent)
    return Json(
        {"id": reported.id, "received": True},
        201,
        headers={"Location": f"/api/incidents/{reported.id}"},
    )


@router.get("", responses=problems(401, 422))
def list_incidents(
    house: TheHouse,
    who: Reader,
    *,
    closed: bool = False,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> Response:
    """List what you may see: open ones, the most urgent first; or closed ones, the last first."""
    if closed:
        rows = boards.closed(house, who.actor, limit=limit, offset=offset)
    else:
        rows = reading.board(house, who.actor)[offset : offset + limit]
    return Json({"incidents": [boards.row_document(row) for row in rows]})


@router.get("/{incident}", responses=problems(401, 404, 422))
def show(
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    at: Annotated[str | None, Query(description="An instant, or the number of an entry.")] = None,
) -> Response:
    """Give one incident as recorded: now, at an instant (by recorded time), or after an entry."""
    if at is not None:
        return Json(_as_it_was(house, who, incident, at))
    seen = _see_as_one(house, who, incident)
    etag = f'"{seen.version}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    whole = {
        **boards.row_document(seen.row),
        "recorded": seen.state is not None,
        "root": seen.root,
        **(_state_document(seen.state) if seen.state is not None else {}),
    }
    return Json(whole, headers={"ETag": etag})


def _see_as_one(house: TheHouse, who: Reader, incident: str) -> reading.Seen:
    """Read row and state until both are of one version: an entry may be recorded between."""
    seen = reading.see(house, who.actor, incident)
    for _ in range(READ_AGAIN):
        if seen.row.version == seen.version:
            break
        seen = reading.see(house, who.actor, incident)
    return seen


def _as_it_was(house: TheHouse, who: Reader, incident: str, at: str) -> dict[str, Any]:
    if at.isascii() and at.isdigit():
        if len(at) > NUMBER_DIGITS:
            raise Malformed(f"There is no entry {at:.20}….", "Give the number of an entry.")
        state = reading.at_entry(house, who.actor, incident, int(at))
    else:
        instant: datetime = read_time(at, "at")
        state = reading.at_instant(house, who.actor, incident, instant)
    return {
        "id": incident,
        "at": at,
        "recorded": state.size > 0,
        "size": state.size,
        "root": ledgers.root_at(house, incident, state.size),
        **_state_document(state),
    }


def _state_document(state: Incident) -> dict[str, Any]:
    rings_at = next_ring(state)
    return {
        "stages": stage_words(state),
        "dues": [encode(Due, due) for due in dues(state)],
        "next_ring": rings_at.isoformat() if rings_at else None,
        "state": incident_document(state),
    }
