"""What is opened to an invited person from outside, for programs.

What belongs here: the shape of the answers. What never does: who is invited (services/opened.py).
"""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from services import opened
from services.opened import OpenedIncident

router = APIRouter(prefix="/api/opened", tags=["incidents"])


@router.get("", operation_id="list_opened", responses=problems(401))
def list_opened(house: TheHouse, who: Reader) -> Response:
    """List the open incidents that you are invited to from outside, and until when."""
    found = opened.list_opened(house, who.actor)
    return Json({"incidents": [_invitation(seen) for seen in found]})


@router.get("/{incident}", operation_id="see_opened", responses=problems(401, 404))
def see_opened(house: TheHouse, who: Reader, incident: str) -> Response:
    """Give the stages of an incident that are opened to you, as recorded now."""
    seen = opened.see_opened(house, who.actor, incident)
    return Json({**_invitation(seen), "state": opened.stage_documents(house, seen)})


def _invitation(seen: OpenedIncident) -> dict[str, Any]:
    return {
        "id": seen.row.id,
        "scope": seen.invitation.scope,
        "stages": [str(stage) for stage in seen.invitation.opened],
        "until_at": seen.invitation.until_at.isoformat(),
        "version": seen.version,
    }
