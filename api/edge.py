"""What every request passes: limits coming in, headers going out, figures, HEAD, the last resort.

What belongs here: one ASGI middleware. What never does: who asks, or what is asked.
"""

import asyncio
import logging
import time
from http import HTTPStatus
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import FORM, JSON, KEY_HEADER, Limit, LimitedBody
from api.errors import (
    PageOfProblem,
    answer,
    is_for_people,
    new_reference,
    problem,
    unexpected,
)
from domain.errors import AndonError, NotFound, TooSlow, WrongHost
from domain.wire import text_fault
from services.answer_links import ANSWERS
from services.calendars import CALENDARS
from services.previews import PREVIEWS
from services.rooms import ROOMS

PATH_LIMIT: Final = 2000

CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SECURITY: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}

log = logging.getLogger("andon.api")


class Figures:
    """What a process counts; one registry per application, so that tests may have several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "andon_requests",
            "Requests answered, by route, method and status",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "andon_request_seconds",
            "How long answers took; event streams are left out",
            ("route", "method"),
            registry=self.registry,
            buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1, 2, 4, 8, 16),
        )
        self.refused = Counter(
            "andon_refused", "Requests refused, by code", ("code",), registry=self.registry
        )
        self.not_confirmed = Counter(
            "andon_not_confirmed", "Acts not confirmed in time", registry=self.registry
        )

    def count(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Count one request by its route; what has none counts together."""
        route = getattr(scope.get("route"), "path", "none")
        method = method if method in _METHODS else "other"
        self.requests.labels(route, method, str(status)).inc()
        if not route.endswith("/stream"):
            self.seconds.labels(route, method).observe(seconds)
        code = scope.get("state", {}).get("refused")
        if code is not None:
            self.refused.labels(code).inc()
        if status == HTTPStatus.SERVICE_UNAVAILABLE and method == "POST":
            self.not_confirmed.inc()


_METHODS: Final = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())


class Edge:
    """The one middleware: it never lets an exception out, and no body in that is too large."""

    def __init__(
        self,
        app: ASGIApp,
        figures: Figures,
        *,
        https: bool,
        page: PageOfProblem | None = None,
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        """Wrap the application; `hosts` are the names it answers to, any when empty."""
        self._app = app
        self._hosts = hosts
        self._figures = figures
        self._page = page
        self._headers = dict(SECURITY)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; HEAD is answered as GET is, without the body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, method = time.perf_counter(), scope["method"]
        if method == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        passage = _Passage(scope, receive, send, self._headers, self._page, self._hosts)
        try:
            await passage.through(self._app)
        finally:
            self._figures.count(scope, method, passage.status, time.perf_counter() - begun)


class _Headed(Exception):
    """The head of a stream was sent, and nobody asked for more."""


def _without_body(send: Send) -> Send:
    """Pass on the head of an answer and end it there."""

    async def headed(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        if message.get("more_body", False):
            raise _Headed

    return headed


class _Passage:
    """One request on its way through."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: dict[str, str],
        page: PageOfProblem | None,
        hosts: frozenset[str],
    ) -> None:
        self.status, self._hosts = 0, hosts
        self._scope, self._receive, self._send = scope, receive, send
        self._added, self._page = headers, page
        self._body = LimitedBody(_limit_of(scope["path"]))
        self._begun, self._arrived = asyncio.get_running_loop().time(), False

    async def through(self, app: ASGIApp) -> None:
        try:
            _check_path(self._scope["path"])
            _check_host(Headers(scope=self._scope).get("host", ""), self._hosts)
            self._body.announced(Headers(scope=self._scope).get("content-length"))
            await app(self._scope, self.receive, self.send)
        except _Headed:
            return
        except AndonError as error:
            await self._last_resort(problem(error))
        except Exception:
            reference = new_reference()
            method, path = self._scope["method"], as_logged(self._scope["path"])
            log.exception("%s unexpected: %s %s", reference, method, path)
            await self._last_resort(unexpected(reference))

    async def receive(self) -> Message:
        message = await (self._receive() if self._arrived else self._in_time())
        if message["type"] == "http.request":
            self._body.count(message.get("body", b""))
            self._arrived = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        """Wait for more of the body: half a request must not hold a connection for ever."""
        within_s = self._body.limit.within_s
        try:
            async with asyncio.timeout_at(self._begun + within_s):
                return await self._receive()
        except TimeoutError as error:
            raise TooSlow(
                f"The request did not arrive whole within {within_s:g} seconds; nothing was "
                "changed.",
                "Send it again, where the network is better or with smaller files.",
            ) from error

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in self._added.items():
            headers.setdefault(name, value)
        key = self._scope.get("state", {}).get("key")
        if key is not None:
            headers[KEY_HEADER] = key
        is_static = self._scope["path"].startswith("/static/")
        headers.setdefault("Cache-Control", "no-cache" if is_static else "no-store")

    async def _last_resort(self, told: dict[str, Any]) -> None:
        """Answer what nobody answered; a response that has begun can only be cut off."""
        if self.status:
            raise ConnectionAbortedError("the answer broke off")
        self._scope.setdefault("state", {})["refused"] = told["code"]
        said = answer(told)
        if self._page is not None and is_for_people(self._scope["path"]):
            said = await run_in_threadpool(self._page, Request(self._scope), told)
        await said(self._scope, self.receive, self.send)


def as_logged(path: str) -> str:
    """Give an address as the log may hold it: who has such an address may read, or answer."""
    secret = next(
        (each for each in (PREVIEWS, CALENDARS, ANSWERS, ROOMS) if path.startswith(each)), None
    )
    return path if secret is None else f"{secret}…"


def _check_path(path: str) -> None:
    """Answer an address that no thing of ours can have, before a database is asked for it."""
    if text_fault(path, PATH_LIMIT) is not None:
        raise NotFound("There is nothing at this address.", "Check the address.")


def _check_host(host: str, hosts: frozenset[str]) -> None:
    """Refuse what a page of another name sends here: a name that leads to us need not be ours."""
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    if hosts and name.lower() not in hosts:
        raise WrongHost(
            f"Nothing is served here under the name {name!r:.80}.",
            "Use the address that `andon up` prints, or set ANDON_PUBLIC_URL to yours.",
        )


def _limit_of(path: str) -> Limit:
    """Say how much may come in: pages and evidence carry files, JSON does not."""
    return FORM if is_for_people(path) or path == "/api/blobs" else JSON
