"""The API that dies where it is told to: before a request, around each call to Temporal, unanswered.

What belongs here: the real application, served as `andon up` serves it, with hooks that SIGKILL the
process. What never does: a change in what it does. A lower limit is written into what incidents
start with, so that one of a few acts runs over many runs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)

from api.app import create
from domain.envelope import StreamStart
from tests.durability.dying import Deaths
from tests.durability.home import settings_of


class AroundCalls(Interceptor):
    """Dies before and after each call that starts or updates a workflow."""

    def __init__(self, deaths: Deaths, limits: dict[str, int]) -> None:
        """Keep where to die, and the limits that incidents start with."""
        self._deaths, self._limits = deaths, limits

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's own name
        """Stand before the client."""
        return _Calls(next, self._deaths, self._limits)


class _Calls(OutboundInterceptor):
    def __init__(
        self, following: OutboundInterceptor, deaths: Deaths, limits: dict[str, int]
    ) -> None:
        super().__init__(following)
        self._deaths, self._limits = deaths, limits

    async def start_workflow(self, asked: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        """What the incident needs lies in the database; it does not run yet, and then it does."""
        start = asked.args[0]
        if isinstance(start, StreamStart):
            for name, limit in self._limits.items():
                setattr(start, name, limit)
        self._deaths.at(f"call:before-start:{asked.id}")
        handle = await super().start_workflow(asked)
        self._deaths.at(f"call:after-start:{asked.id}")
        return handle

    async def start_workflow_update(
        self, asked: StartWorkflowUpdateInput
    ) -> WorkflowUpdateHandle[Any]:
        """The act's private texts lie in the vault; it is not sent yet, and then it is recorded."""
        self._deaths.at(f"call:before-update:{asked.update_id}")
        handle = await super().start_workflow_update(asked)
        self._deaths.at(f"call:after-update:{asked.update_id}")
        return handle


class AroundRequests:
    """Dies when something was sent and nothing is done yet, and when it is done and not told."""

    def __init__(self, app: ASGIApp, deaths: Deaths) -> None:
        """Wrap the application."""
        self._app, self._deaths = app, deaths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with a point on the way in and on the way out."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        key = dict(scope["headers"]).get(b"idempotency-key", b"").decode()

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._deaths.at(f"request:unanswered:{key}")
            await send(message)

        self._deaths.at(f"request:unread:{key}")
        await self._app(scope, receive, tell)


def dying(app: FastAPI, deaths: Deaths, limits: dict[str, int]) -> ASGIApp:
    """Give the application with its hooks."""
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def with_hooks(inner: FastAPI) -> AsyncIterator[Any]:
        async with opened(inner) as state:
            config = inner.state.house.temporal.config()
            config["interceptors"].append(AroundCalls(deaths, limits))
            inner.state.house.client = Client(**config)
            yield state

    app.router.lifespan_context = with_hooks
    return AroundRequests(app, deaths)


def serve(home: Path, port: int, turn_over_after: int, state_travels_up_to: int) -> None:
    """Serve until killed."""
    limits = {"turn_over_after": turn_over_after, "state_travels_up_to": state_travels_up_to}
    app = dying(create(settings_of(home)), Deaths(home, "api"), limits)
    uvicorn.run(app, port=port, log_level="error", timeout_graceful_shutdown=1)
