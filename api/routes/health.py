"""Whether this process lives, whether it can work, and its figures.

What belongs here: `/health/live`, `/health/ready`, `/metrics`. What never does: anything about an
incident. Ready means that database and Temporal answer; whether a worker takes work is told, and
does not count: reports are taken without one.
"""

import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response
from temporalio.service import RPCError

from api.access import TheHouse
from api.errors import Json
from domain.errors import AndonError
from services import boards, working
from services.house import House

router = APIRouter(tags=["health"])

ANSWERS_WITHIN: Final = timedelta(seconds=3)


@router.get("/health/live")
def live() -> Response:
    """Say that the process answers; nothing else is looked at."""
    return Json({"status": "alive"})


@router.get("/health/ready", responses={503: {"description": "Database or Temporal is away."}})
async def ready(house: TheHouse) -> Response:
    """Say whether database and Temporal answer, and beside it whether a worker takes work."""
    database, temporal, worker = await asyncio.gather(
        _database(house), _temporal(house), _worker(house)
    )
    is_ready = database == temporal == "answers"
    told = {
        "status": "ready" if is_ready else "not ready",
        "database": database,
        "temporal": temporal,
        "worker": worker,
    }
    return Json(told, 200 if is_ready else 503)


async def _database(house: House) -> str:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            await asyncio.to_thread(boards.database_answers, house)
    except AndonError as error:
        return error.code
    except TimeoutError:
        return "does not answer"
    return "answers"


async def _temporal(house: House) -> str:
    try:
        healthy = await house.temporal.service_client.check_health(timeout=ANSWERS_WITHIN)
    except RPCError:
        return "does not answer"
    return "answers" if healthy else "is not serving"


async def _worker(house: House) -> str:
    try:
        works = await working.somebody_works(house.temporal, ANSWERS_WITHIN)
    except RPCError:
        return "not known"
    return "takes work" if works else "nobody takes work"


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Give the figures of this process as Prometheus reads them."""
    registry = request.app.state.figures.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
