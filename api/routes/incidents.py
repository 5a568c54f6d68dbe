"""Incidents: reporting one, listing, and one incident now or as it was.

What belongs here: the shape of the answers. What never does: acts (acts.py) or a rule.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import ActingPerson, Reader, TheHouse
from api.bodies import SentBeside, read_object
from api.errors import Json
from api.openapi import REPORT, problems
from domain.errors import Malformed
from domain.message import COMMANDS, command_schema
from services import acting, boards, moments, reading
from services.acting import Sent
from services.moment_documents import as_happened, as_recorded, difference_document, state_document
from services.moments import By, read_by, read_moment

router = APIRouter(prefix="/api/incidents", tags=["incidents"])

READ_AGAIN: Final = 5
AT: Final = (
    "An instant, by recorded time, or the number of an entry. One that has not come yet is told as "
    "the last entry; to_come then names it."
)
BY: Final = (
    "With at: recorded (what was known then) or happened (what is known now of that moment)."
)


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


@router.get("/{incident}", responses=problems(401, 404, 409, 422))
def show(
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    at: Annotated[str | None, Query(description=AT)] = None,
    by: Annotated[str | None, Query(description=BY)] = None,
) -> Response:
    """Give one incident: now, as it was recorded at a moment, or what happened until then."""
    if at is not None:
        return Json(_as_it_was(house, who, incident, at, by))
    if by is not None:
        raise Malformed("by says how to look at a moment, and none is given.", "Give at as well.")
    seen = _see_as_one(house, who, incident)
    etag = f'"{seen.version}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    whole = {
        **boards.row_document(seen.row),
        "recorded": seen.state is not None,
        "root": seen.root,
        **(state_document(seen.state) if seen.state is not None else {}),
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


@router.get("/{incident}/difference", responses=problems(401, 404, 409, 422))
def tell_apart(
    house: TheHouse,
    who: Reader,
    incident: str,
    first: Annotated[str, Query(alias="from", description=AT)],
    second: Annotated[str, Query(alias="to", description=AT)],
) -> Response:
    """Say what is different in an incident between two moments, by recorded time."""
    pair = read_moment(first, "from"), read_moment(second, "to")
    between = moments.between(house, who.actor, incident, *pair)
    return Json(difference_document(between, house))


def _as_it_was(
    house: TheHouse, who: Reader, incident: str, at: str, by: str | None
) -> dict[str, Any]:
    tell = as_happened if by is not None and read_by(by) is By.HAPPENED else as_recorded
    return {"at": at, **tell(house, who.actor, incident, read_moment(at))}
