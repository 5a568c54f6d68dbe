"""The ledger of an incident: pages for readers, and the stored bytes for whoever verifies.

What belongs here: the two forms of the answer. What never does: changing a byte of an entry.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from domain.errors import Malformed
from services import ledgers, vaulting

router = APIRouter(prefix="/api/incidents", tags=["ledger"])

JSON_LINES = "application/jsonl"


@router.get("/{incident}/ledger", responses=problems(401, 404, 422))
def ledger(  # noqa: PLR0913 - what the framework hands in
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    opened: Annotated[
        bool, Query(alias="open", description="Add the private texts your roles may read.")
    ] = False,
) -> Response:
    """Give entries after a number; `Accept: application/jsonl` streams them as the bytes they are.

    Private texts stand in entries as references; `open=1` adds `texts`, by reference.
    """
    if JSON_LINES in request.headers.get("accept", ""):
        if opened:
            raise Malformed(
                "The stored bytes hold references, not words.",
                f"Leave out open=1, or do not ask for {JSON_LINES}.",
            )
        lines = ledgers.stored_bytes(house, who.actor, incident, after)
        return StreamingResponse(lines, media_type=JSON_LINES)
    page = ledgers.page(house, who.actor, incident, after=after, limit=limit)
    told: dict[str, Any] = {
        "incident": incident,
        "size": page.size,
        "root": page.root,
        "entries": page.entries,
        "next_after": page.next_after,
    }
    if opened:
        told["texts"] = vaulting.open_texts(house, who.actor, page.refs)
    return Json(told)
