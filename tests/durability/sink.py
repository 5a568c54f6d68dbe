"""A channel that takes signed HTTP orders, as a retailer would have one: it remembers every key.

What belongs here: what arrived, how often, and what was done about it: once per key; and channels
of which some are ill. What never does: dying. It answers some first attempts with 503, for a real
one does.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CONFIRMED = b'{"state": "confirmed", "proof": "till blocked"}'
FAIL_AT_FIRST, HANG, REFUSE, SLOW = range(1, 21), range(21, 26), range(26, 29), range(29, 31)
"""Which retailers are ill, and how."""


@dataclass
class Sink:
    """What arrived: every body by its idempotency key."""

    port: int = 0
    ill_every: int = 5
    arrived: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, key: str, body: bytes) -> int:
        """Note an order and give the status to answer with."""
        with self.lock:
            self.arrived[key].append(body)
            first = len(self.arrived[key]) == 1
            return 503 if first and len(self.arrived) % self.ill_every == 0 else 200

    def answer(self, key: str, body: bytes) -> tuple[int, bytes]:
        """Take an order, and say what the channel says."""
        return self.take(key, body), CONFIRMED

    def orders(self, incident: str) -> dict[str, dict[str, Any]]:
        """Give what was ordered for an incident, by key; a key with two contents is a fault."""
        with self.lock:
            found = {}
            for key, bodies in self.arrived.items():
                assert len(set(bodies)) == 1, f"{key} came with different orders: {set(bodies)}"
                order = json.loads(bodies[0])
                if order["incident"] == incident:
                    found[key] = order
            return found

    def repeats(self) -> int:
        """Count the arrivals of keys that had come before."""
        with self.lock:
            return sum(len(bodies) - 1 for bodies in self.arrived.values())


@dataclass
class IllSink(Sink):
    """Many retailers, of which 30 are ill, by their numbers.

    20 fail at first, 5 hang until they are `released`, 3 refuse, 2 take the order and say no more.
    """

    released: threading.Event = field(default_factory=threading.Event, repr=False)

    def answer(self, key: str, body: bytes) -> tuple[int, bytes]:
        """Say what the retailer's number says."""
        number = int(json.loads(body)["channel"].rpartition("-")[2])
        with self.lock:
            self.arrived[key].append(body)
            is_first = len(self.arrived[key]) == 1
        if number in HANG:
            self.released.wait(60)
        if number in FAIL_AT_FIRST and is_first:
            return 503, b""
        if number in REFUSE:
            return 200, b'{"state": "refused", "error": "No such article here."}'
        return 200, b'{"state": "accepted"}' if number in SLOW else CONFIRMED


@contextmanager
def open_sink(made: Sink | None = None) -> Iterator[Sink]:
    """Listen on a free port of the loopback."""
    sink = made or Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the caller died in the middle of a word
            status, said = sink.answer(self.headers["idempotency-key"], body)
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing when the caller died before it was answered: it will come again."""

    with Server(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
