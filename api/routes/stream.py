"""Live streams: one per incident, one for the board; they carry a version and nothing else.

What belongs here: who may listen, and the response. What never does: what moved (the reader asks).
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import StreamingResponse

from api.access import Reader, TheHouse
from api.openapi import problems
from api.watcher import BOARD, Watcher, events
from services import boards, reading

router = APIRouter(tags=["streams"])

SENT_AS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "One event per version."}
}


def _incident_version(house: TheHouse, who: Reader, incident: str) -> int:
    return reading.visible(house, who.actor, incident).version


def _board_version(house: TheHouse, who: Reader) -> int:
    return boards.board_version(house)


@router.get("/api/incidents/{incident}/stream", responses=SENT_AS | problems(401, 404, 429))
async def incident_stream(
    request: Request,
    who: Reader,
    incident: str,
    version: Annotated[int, Depends(_incident_version)],
) -> StreamingResponse:
    """Tell the incident's version now and whenever it changes, for some minutes."""
    return _stream(request, incident, who.id, version)


@router.get("/api/board/stream", responses=SENT_AS | problems(401, 429))
async def board_stream(
    request: Request, who: Reader, version: Annotated[int, Depends(_board_version)]
) -> StreamingResponse:
    """Tell a number that grows with every change of any incident, for some minutes."""
    return _stream(request, BOARD, who.id, version)


def _stream(request: Request, about: str, person: str, version: int) -> StreamingResponse:
    watcher: Watcher = request.app.state.watcher
    watcher.require_room(person)

    async def text() -> AsyncIterator[str]:
        with watcher.subscribed(about, person, version) as subscriber:
            async for part in events(watcher, subscriber, request.app.state.streams_last_s):
                yield part

    return StreamingResponse(
        text(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
