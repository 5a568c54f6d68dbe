"""One duty of an incident as JSON, with everything that its page shows.

What belongs here: the route. What never does: the shape (api/pages/duty_document.py).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.duty_numbers import DutyRoute
from api.errors import Json
from api.openapi import problems
from api.pages.duty import find
from api.pages.duty_document import document
from api.pages.duty_past import whole_duty
from api.pages.frame import Visit, lens_of
from api.pages.incident import require
from api.pages.looking import look

router = APIRouter(prefix="/api/incidents", tags=["notice"], route_class=DutyRoute)


@router.get("/{incident}/notice/{duty}", responses=problems(401, 404))
def show_duty(request: Request, house: TheHouse, who: Reader, incident: str, duty: str) -> Response:
    """Give one duty: what waits for whom, when it is due and why, down to each step of the count.

    With its rule as it stood, every due time it had, reminders, filings, and what is kept.
    """
    view = require(look(Visit(request, house, who, lens_of(house, who, request)), incident))
    return Json(document(view, whole_duty(view, find(view, duty))))
