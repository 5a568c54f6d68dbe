"""The texts of all incidents that wait for something, as JSON.

What belongs here: the list; its page is api/pages/text_queue.py. What never does: what a text waits
for, or the stages of one incident.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from api.pages.frame import Visit, lens_of
from api.pages.text_queue import ALL, document, queue

router = APIRouter(prefix="/api/texts", tags=["incidents"])


@router.get("", responses=problems(401))
def texts(
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: Annotated[str, Query(max_length=40)] = ALL,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Response:
    """Give the texts that wait for something, in the order of the page; `mine` is the asker's.

    Of all incidents, or of one `incident`.
    """
    rows = queue(Visit(request, house, who, lens_of(house, who, request)), incident)
    return Json({"count": len(rows), "texts": [document(row) for row in rows[:limit]]})
