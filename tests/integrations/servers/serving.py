"""One HTTP server in a thread, and what may go wrong with any of them.

What belongs here: sockets and trouble. What never does: one system's own protocol, or an assertion.
"""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Said:
    """One answer: a status, a body (JSON unless bytes), and headers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """Give the bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Server:
    """What a system says to each request; `trouble` comes first, one word for each request.

    Words: "ok"; a status such as "503" (nothing happens); "lost 500" (it happens, and 500 is
    answered); "cut" (nothing happens, the line breaks); "lost" (it happens, the line breaks).
    `instead` answers everything, whatever was asked.
    """

    answers: Callable[[Asked], Said]
    trouble: list[str] = field(default_factory=list)
    instead: Callable[[Asked], Said] | None = None
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> Said | None:
        """Give the answer; None to break the line."""
        self.asked.append(asked)
        if self.instead is not None:
            return self.instead(asked)
        word = self.trouble.pop(0) if self.trouble else "ok"
        if word == "cut":
            return None
        if word.isdigit():
            return Said(int(word), b"<h1>trouble</h1>", {"content-type": "text/html"})
        said = self.answers(asked)
        if word == "lost":
            return None
        return Said(500, b"") if word == "lost 500" else said


@contextmanager
def serving(server: Server, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve while the block runs."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = server.answer(Asked(self.command, self.path, headers, self.rfile.read(length)))
            if said is None:
                self.close_connection = True
                return
            body = said.raw()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as listening:
        listening.daemon_threads = True
        listening.handle_error = lambda *_args: None  # type: ignore[method-assign]
        if tls is not None:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True)
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        scheme = "http" if tls is None else "https"
        server.url = f"{scheme}://127.0.0.1:{listening.server_port}"
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
