"""The board: everything that is open, the most urgent first, and where it stands.

What belongs here: the list as JSON; its stream is in stream.py.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from services import boards, reading

router = APIRouter(prefix="/api/board", tags=["incidents"])


@router.get("", responses=problems(401))
def board(request: Request, house: TheHouse, who: Reader) -> Response:
    """Give open incidents by urgency; `version` is the number that the board's stream tells."""
    version = boards.board_version(house)  # before the rows: a change between is told again
    etag = f'"{version}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    rows = [boards.row_document(row) for row in reading.board(house, who.actor)]
    return Json({"version": version, "incidents": rows}, headers={"ETag": etag})
