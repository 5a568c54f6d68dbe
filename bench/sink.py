"""A channel that takes every order: a small HTTP server of this process that notes when.

What belongs here: answering at once and noting the moment. What never does: a delay or a fault: ill
channels stand in bench/halting.py.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Self

PATIENCE_S = 60.0
ANSWER = json.dumps({"state": "accepted", "proof": "noted"}).encode()
RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(ANSWER),
    ANSWER,
)


class Sink:
    """Takes signed orders; `async with Sink() as sink`.

    An order counts once by its `Idempotency-Key`, for the incident that its body names.
    """

    def __init__(self) -> None:
        """Take nothing yet."""
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.BaseTransport] = set()
        self._accepted: dict[str, dict[bytes, float]] = defaultdict(dict)
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Line(self._lines, self.note), "127.0.0.1", 0
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening, and hang up."""
        assert self._server is not None
        self._server.close()
        for line in self._lines:
            line.close()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """Where orders are sent."""
        assert self._server is not None, "the sink is not open"
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/orders"

    async def last_of(self, incident: str, count: int) -> float:
        """Wait until an incident's orders are all here; give when the last came (perf_counter)."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self._accepted[incident]) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return max(self._accepted.pop(incident).values())

    def note(self, key: bytes, order: dict[str, Any]) -> bytes | None:
        """Note an order, and give the answer; None leaves it without one."""
        now = time.perf_counter()
        self._accepted[order["incident"]].setdefault(key, now)
        self._arrived.set()
        return RESPONSE


class _Line(asyncio.Protocol):
    """One connection: requests with a Content-Length, one after the other."""

    def __init__(
        self,
        lines: set[asyncio.BaseTransport],
        note: Callable[[bytes, dict[str, Any]], bytes | None],
    ) -> None:
        self._lines, self._note = lines, note
        self._come = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._lines.add(transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._lines.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._come += data
        while (end := self._come.find(b"\r\n\r\n")) >= 0:
            headers = _headers(self._come[:end])
            whole = end + 4 + int(headers[b"content-length"])
            if len(self._come) < whole:
                return
            order = json.loads(self._come[end + 4 : whole])
            self._come = self._come[whole:]
            said = self._note(headers[b"idempotency-key"], order)
            if said is not None:
                self._transport.write(said)


def _headers(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}
