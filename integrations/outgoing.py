"""Requests to systems outside: where they may go, how long they may take, how much is read.

What belongs here: the rules that hold for every system that is spoken to over HTTP. What never
does: one system's own protocol (a file each), or trying again (Temporal's).

A name is resolved once for each connection, and the connection goes to the very address that was
looked at: a name that leads inside a moment later leads nowhere. No redirect is followed. Proxies
of the environment are not used: what they connect to could not be looked at.
"""

import ipaddress
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore2
import httpx2

from domain.errors import BrokenSetup, NotConfirmed
from domain.wire import one_line
from integrations.inside import Inside, hands_out_keys, is_outside, may_reach

WITHIN_S: Final = 20.0
"""Seconds for a whole request, however slowly its answer comes in."""

QUOTED: Final = 160
"""Signs of what another system said that are quoted to people."""

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: status, headers by their small names, and the whole body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What requests are allowed: addresses of this network, plain HTTP, seconds, bytes.

    Plain HTTP goes inside too where that is allowed, and outside only if it is allowed itself.
    """

    inside_allowed: Inside = False
    plain_allowed: bool = False
    within_s: float = WITHIN_S
    at_most: int = 64 * 1024


def resolved(host: str, port: int) -> list[str]:
    """Give the addresses of a name."""
    return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port)})


class Outgoing:
    """The one way out."""

    def __init__(
        self,
        bounds: Bounds,
        *,
        resolve: Resolve = resolved,
        trusted: ssl.SSLContext | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep the bounds; `trusted` certificates are the machine's own unless given.

        `alive` is called at each request: work of many requests shows that it goes on.
        """
        self._bounds = bounds
        self._alive = alive
        context = trusted or httpx2.create_ssl_context()
        self._backend = _Backend(bounds, resolve)
        self._client = httpx2.Client(
            transport=_Transport(context, self._backend),
            timeout=bounds.within_s,
            follow_redirects=False,
            trust_env=False,
        )

    def send(
        self, name: str, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Send one request to a system, called `name` to people.

        Raises NotConfirmed when it cannot be had now, BrokenSetup when it may never be asked. What
        is sent is in no error: headers hold keys.
        """
        self._alive()
        self._check(url)
        sent = {**headers, "accept-encoding": "identity"}  # nothing unpacks to more than was read
        try:
            with self._client.stream(method, url, content=body or None, headers=sent) as answer:
                said = self._read(name, answer.iter_raw())
                return Answer(status=answer.status_code, body=said, headers=dict(answer.headers))
        except httpx2.HTTPError as error:
            raise NotConfirmed(
                f"{name} cannot be reached ({type(error).__name__}).",
                "It is tried again; call the channel if it stays so.",
            ) from None

    def _check(self, url: str) -> None:
        bounds = self._bounds
        checked_url(url, plain_allowed=bounds.plain_allowed or bool(bounds.inside_allowed))
        parts = urlsplit(url)
        if parts.scheme == "https" or bounds.plain_allowed or parts.hostname is None:
            return
        if any(map(is_outside, self._backend.addresses(parts.hostname, parts.port or 80))):
            checked_url(url, plain_allowed=False)

    def _read(self, name: str, parts: Iterable[bytes]) -> bytes:
        said = b""
        for part in parts:
            said += part
            if len(said) > self._bounds.at_most:
                raise NotConfirmed(
                    f"{name} answered with more than {self._bounds.at_most} bytes.",
                    "Its system is at fault: call the channel.",
                )
        return said


def checked_url(url: str, *, plain_allowed: bool) -> str:
    """Give a web address back. Raises BrokenSetup when it is none, or not safe to send a key to."""
    try:
        parts = urlsplit(url)
        httpx2.URL(url)  # what will send there must be able to read it too
        is_one = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except (httpx2.InvalidURL, ValueError):  # a bracket left open, a port out of range
        parts, is_one = urlsplit(""), False
    if not is_one or parts.username is not None or not url.isprintable():
        shown = url.rpartition("@")[2]  # what stands before it may be a password
        raise BrokenSetup(f"{shown!r:.80} is no web address.", "Correct the channel's address.")
    if parts.scheme == "http" and not plain_allowed:
        raise BrokenSetup(
            f"{url!r:.80} would send orders and keys unencrypted.", "Write an https address."
        )
    return url


def require_reachable(url: str, bounds: Bounds) -> None:
    """Refuse an address that no request will ever go to, as far as it says so itself.

    For a warning long before anything is sent. A name is looked up when it is connected to, and
    may lead elsewhere by then: of names only `localhost` is known. Raises BrokenSetup.
    """
    host = urlsplit(url).hostname or ""
    address = _written(host)
    if address is not None and not may_reach(address, bounds.inside_allowed):
        raise _not_to_be_spoken_to(host, address)


def _written(host: str) -> str | None:
    """Give the address that a host is, in whatever form it is written; None for a name."""
    if host.rstrip(".") == "localhost":
        return "127.0.0.1"
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    with suppress(OSError, UnicodeError):
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f000001: as connecting reads it
    return None


# ---------------------------------------------------------------- what was answered


def read_json(name: str, answer: Answer) -> Any:
    """Read an answer. Raises NotConfirmed when it is none that anybody means."""
    with understood(name):
        return json.loads(answer.body)


@contextmanager
def understood(name: str) -> Iterator[None]:
    """Raise NotConfirmed where an answer is not shaped as its publisher says."""
    try:
        yield
    except (
        LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError,
    ):  # fmt: skip
        raise NotConfirmed(
            f"{name} answered in a way that Andon cannot read.",
            "It is tried again; call the channel if it stays so.",
        ) from None


def quoted(said: object, secrets: Iterable[str] = ()) -> str:
    """Give what another system said, fit to be shown: one line, short, without any of our keys."""
    text = str(said)
    for secret in secrets:
        text = text.replace(secret, "…")
    return one_line(re.sub(r"<[^>]*>", " ", text), QUOTED)


# ---------------------------------------------------------------- connections


class _Backend(httpcore2.NetworkBackend):
    """Opens connections to addresses that were looked at, each with one time for all it does."""

    def __init__(self, bounds: Bounds, resolve: Resolve) -> None:
        self._bounds = bounds
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        until = time.monotonic() + self._bounds.within_s
        failed: Exception = httpcore2.ConnectError("no address")
        for address in self.addresses(host, port):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, _left(until, timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
                continue
            return _Timed(stream, until)
        raise failed

    def addresses(self, host: str, port: int) -> list[str]:
        """Give where a name leads. Raises BrokenSetup where one of that may not be spoken to."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise NotConfirmed(
                f"{host} has no address now.", "Check the name; it is tried again."
            ) from None
        for address in found:
            if not may_reach(address, self._bounds.inside_allowed):
                raise _not_to_be_spoken_to(host, address)
        return found


def _not_to_be_spoken_to(host: str, address: str) -> BrokenSetup:
    """Say why nothing goes to an address, and what can be done; a name is said beside it."""
    if hands_out_keys(address):
        told = (
            f"{address} is where clouds hand out keys."
            if host == address
            else f"{host} leads to {address}, where clouds hand out keys."
        )
        return BrokenSetup(told, "No setting allows it: correct the address.")
    told = (
        f"{address} is inside this network."
        if host == address
        else f"{host} leads to {address}, which is inside this network."
    )
    return BrokenSetup(told, "Orders go outside only, and to what ANDON_ALLOW_INSIDE names.")


class _Timed(httpcore2.NetworkStream):
    """A connection that ends at one instant, also when a sign comes now and then."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self._until, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time for the whole request is over")
    return left if timeout is None else min(left, timeout)


class _Transport(httpx2.HTTPTransport):
    """HTTP over those connections; each serves one request, so that each was looked at for it."""

    def __init__(self, trusted: ssl.SSLContext, backend: _Backend) -> None:
        super().__init__(verify=trusted, trust_env=False)
        # As many at once as are asked: of the library's ten, ten shops that hang would leave none.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trusted,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=backend,
        )
