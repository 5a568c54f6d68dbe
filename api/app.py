"""The application: rooms of routes put together over one open house.

What belongs here: composition. What never does: an answer. `create` is the factory that uvicorn
calls: `uvicorn api.app:create --factory`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles

import domain.incident  # noqa: F401 - completes the registry before routes are derived from it
from api import errors
from api.access import is_secure
from api.edge import Edge, Figures
from api.pages.frame import put_away
from api.pages.views import STATIC, keep_form, page_routers, problem_page
from api.rendering import compile_ahead
from api.routes import (
    blobs,
    board,
    cases,
    dossier,
    duties,
    duty,
    heads,
    health,
    incidents,
    ledger,
    opened,
    packets,
    questions,
    search,
    sessions,
    stream,
    texts,
    what_if,
)
from api.routes.acts import add_acts
from api.watcher import LASTS_S, Watcher
from services.indexing import keep_index
from services.opening import open_house
from services.people import Attempts
from services.settings import Settings, load_settings
from services.walking import keep_walking

DESCRIPTION: Final = """
The emergency plan for a product that may hurt people. Every act is a POST under its incident and
stage; send an `Idempotency-Key`, and sending again counts once. Times are aware; private texts are
stored encrypted and stand in answers as references.
"""


def create(settings: Settings | None = None) -> FastAPI:
    """Make the application; the house is opened when it starts. Raises BrokenSetup."""
    settings = settings or load_settings()
    figures = Figures()
    app = FastAPI(
        title="Andon",
        version=version("andon-engine"),
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(settings),
    )
    app.state.figures = figures
    app.state.attempts = Attempts()
    app.state.streams_last_s = LASTS_S
    errors.install(app, page=problem_page, keep_form=keep_form)
    # The acts first, and not by way of a router of their own: nobody may wait for being routed.
    add_acts(app.router)
    cases.add_case_acts(app.router)
    for router in _routers():
        app.include_router(router)
    for router in page_routers():
        app.include_router(router, dependencies=[Depends(put_away)])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(
        Edge,
        figures=figures,
        https=is_secure(settings),
        page=problem_page,
        hosts=settings.hosts,
    )
    return app


def _routers() -> tuple[APIRouter, ...]:
    """List the rooms, but for the acts, which are derived when every command is registered."""
    return (
        health.router,
        sessions.router,
        incidents.router,
        duty.router,
        what_if.router,
        heads.router,
        ledger.router,
        dossier.router,
        opened.router,
        packets.router,
        questions.router,
        search.router,
        stream.router,
        board.router,
        texts.router,
        duties.router,
        blobs.router,
        cases.router,
    )


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings, identity="api") as house:
            app.state.house = house
            app.state.watcher = Watcher(house)
            tasks = (
                asyncio.create_task(app.state.watcher.run()),
                asyncio.create_task(keep_index(house)),
                asyncio.create_task(keep_walking(house)),
                asyncio.create_task(compile_ahead()),
            )
            yield
            for one in tasks:
                one.cancel()
            for one in tasks:
                with suppress(asyncio.CancelledError):
                    await one

    return opened
