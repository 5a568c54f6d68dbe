"""The whole way out, from an order to the socket: where no adapter goes, whatever stands there."""

import gzip
import socket
import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.errors import AndonError, BrokenSetup, NotConfirmed
from integrations.channels import Adapters, Address
from integrations.connections import Article, Tools, gateways, read_connections
from integrations.inside import Inside, inside_of
from integrations.outgoing import Bounds
from tests.integrations.fake_shelf import FakeHolds, FakeJournal
from tests.integrations.receivers import GTIN, ORDER
from tests.integrations.servers.serving import Asked, Said, Server, serving
from tests.integrations.servers.shopify import TOKEN
from tests.integrations.test_outgoing import certificate, slow

ROWS: dict[str, Callable[[str], dict[str, str]]] = {
    "webhook": lambda url: {"url": url, "secret": TOKEN},
    "epcis": lambda url: {"url": url, "token": TOKEN},
    "shopify": lambda url: {"shop": url, "access_token": TOKEN},
    "woocommerce": lambda url: {"url": url, "consumer_key": "ck", "consumer_secret": TOKEN},
}
"""Every adapter that speaks HTTP, with a connection to an address."""

EVERY = pytest.mark.parametrize("adapter", ROWS)


class One:
    """A list of channels with one, reached by one adapter."""

    def __init__(self, adapter: str) -> None:
        self.adapter = adapter

    def address(self, channel: str) -> Address:
        return Address(channel=channel, adapter=self.adapter, address="ours", name="The receiver")


def bring(adapter: str, url: str, *, inside: Inside = False, within_s: float = 5) -> str:
    """Bring an order by an adapter to an address; give the state that came back."""
    article = Article(product="cream", numbers=("cream", GTIN), name="Cream")
    tools = Tools(
        journal=FakeJournal(), desired=FakeHolds(), bounds=Bounds(inside_allowed=inside, within_s=within_s),
        articles=lambda ids: dict.fromkeys(ids, article),
    )  # fmt: skip
    row = {"id": "ours", "adapter": adapter, **ROWS[adapter](url)}
    made = gateways(read_connections({"connections": [row]}), tools)
    return Adapters(One(adapter), made).bring(ORDER).state


def refused(adapter: str, url: str, *, inside: Inside = False, within_s: float = 5) -> AndonError:
    """Bring an order that comes nowhere; give why, with no key in it."""
    with pytest.raises((BrokenSetup, NotConfirmed)) as told:
        bring(adapter, url, inside=inside, within_s=within_s)
    assert TOKEN not in f"{told.value.sentence} {told.value.hint}"
    assert len(told.value.sentence) < 300
    return told.value


# ---------------------------------------------------------------- where


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Give names of our own to the machine; one that moves leads to its next address each time."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def found(host: Any, port: Any, *more: Any, **rest: Any) -> Any:
        there = known.get(str(host))
        if there is None:
            return real(host, port, *more, **rest)
        address = there.pop(0) if len(there) > 1 else there[0]
        return real(address, port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return known


INSIDE = [
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "0.0.0.0",  # noqa: S104
    "255.255.255.255", "[::1]", "[::]", "[fd00::1]", "[fd00:ec2::254]", "[fe80::1]",
    "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]",
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0xa9fea9fe", "2852039166",
    "localhost", "LOCALHOST", "localhost.", "①②⑦.⓪.⓪.①",
]  # fmt: skip


@EVERY
@pytest.mark.parametrize("host", INSIDE)
def test_no_order_goes_inside_however_the_address_is_written(adapter: str, host: str) -> None:
    error = refused(adapter, f"https://{host}:9/capture")
    expected = ("inside this network", "hand out keys", "no web address", "has no address now")
    assert any(words in error.sentence for words in expected)


@EVERY
@pytest.mark.parametrize(
    ("private", "what"),
    [
        ("127.0.0.1", "which is inside"),
        ("10.0.0.5", "which is inside"),
        ("192.168.0.1", "which is inside"),
        ("169.254.169.254", "where clouds hand out keys"),
        ("fd00::5", "which is inside"),
    ],
)
def test_no_name_leads_inside(
    adapter: str, private: str, what: str, names: dict[str, list[str]]
) -> None:
    names["shop.example"] = [private]
    error = refused(adapter, "https://shop.example/capture")
    assert f"shop.example leads to {private}, {what}" in error.sentence


@EVERY
def test_a_name_that_moves_inside_after_it_was_looked_at_leads_nowhere(
    adapter: str, names: dict[str, list[str]]
) -> None:
    """What was looked at is what is connected to: the name itself is not asked a second time."""
    server = Server(lambda _asked: Said(200, {}))
    with serving(server):
        port = server.url.rpartition(":")[2]
        names["shop.example"] = ["93.184.216.34", "127.0.0.1"]
        url = f"https://shop.example:{port}/capture"
        assert "cannot be reached" in refused(adapter, url, within_s=0.3).sentence
        assert "leads to 127.0.0.1" in refused(adapter, url, within_s=0.3).sentence
    assert server.asked == []


@EVERY
@pytest.mark.parametrize(
    "url",
    ["https://me:secret@shop.example/", "https://shop.example@127.0.0.1/", "ftp://shop.example/",
     "file:///etc/passwd", "gopher://shop.example/", "javascript:alert(1)", "https://",
     "https://shop.example:99999/", "https://[::1/", "https://shop.example/\r\nhost: other"],
)  # fmt: skip
def test_what_is_no_address_of_a_shop_is_refused(adapter: str, url: str) -> None:
    error = refused(adapter, url)
    assert "secret@" not in error.sentence
    assert isinstance(error, BrokenSetup)


@EVERY
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(adapter: str, status: int) -> None:
    elsewhere = Server(lambda _asked: Said(200, {}))
    with serving(elsewhere):
        away = {"location": elsewhere.url}
        server = Server(lambda _asked: Said(status, b"", away))
        with serving(server):
            try:
                state = bring(adapter, server.url, inside=True)
            except AndonError as error:
                state = error.sentence
    assert state not in ("confirmed", "accepted")
    assert elsewhere.asked == []


# ---------------------------------------------------------------- what the setting names


@EVERY
@pytest.mark.parametrize(
    ("setting", "host", "is_let"),
    [
        pytest.param("127.0.0.1", "127.0.0.1", True, id="the one that is named"),
        pytest.param("10.0.0.0/8, 127.0.0.0/8", "127.0.0.1", True, id="in a network"),
        pytest.param("true", "127.0.0.1", True, id="all private"),
        pytest.param("10.0.0.0/8", "127.0.0.1", False, id="another network"),
        pytest.param("127.0.0.2", "127.0.0.1", False, id="its neighbour"),
        pytest.param("false", "127.0.0.1", False, id="none"),
        pytest.param("true", "169.254.169.254", False, id="a cloud's keys"),
        pytest.param("169.254.0.0/16", "169.254.169.254", False, id="a cloud's keys, named"),
        pytest.param("true", "[fd00:ec2::254]", False, id="the same in IPv6"),
        pytest.param("true", "[::ffff:169.254.169.254]", False, id="the same, wrapped"),
    ],
)
def test_the_setting_allows_what_it_names(
    adapter: str, setting: str, host: str, is_let: bool
) -> None:
    server = Server(lambda _asked: Said(503, b""))
    with serving(server):
        url = f"http://{host}:{server.url.rpartition(':')[2]}/capture"
        error = refused(adapter, url, inside=inside_of(setting))
    assert bool(server.asked) is is_let
    words = ("inside this network", "hand out keys", "https", "unencrypted")
    assert any(one in error.sentence for one in words) is not is_let


@pytest.mark.parametrize("adapter", ["shopify", "woocommerce"])
def test_a_key_goes_to_nobody_outside_in_the_clear_whatever_is_set(
    adapter: str, names: dict[str, list[str]]
) -> None:
    names["shop.example"] = ["93.184.216.34"]
    error = refused(adapter, "http://shop.example/", inside=True)
    assert "unencrypted" in error.sentence


# ---------------------------------------------------------------- how much, how long


BOMB = gzip.compress(b"x" * 50_000_000)


def headers(asked: Asked) -> Said:
    return Said(200, {}, {f"x-{number}": "y" * 1000 for number in range(500)})


ANSWERS: dict[str, Callable[[Asked], Said]] = {
    "huge": lambda _asked: Said(200, b"x" * (9 * 1024 * 1024)),
    "a packed bomb": lambda _asked: Said(200, BOMB, {"content-encoding": "gzip"}),
    "packed twice": lambda _asked: Said(
        200, gzip.compress(BOMB), {"content-encoding": "gzip, gzip"}
    ),
    "headers without end": headers,
    "deep": lambda _asked: Said(200, b"[" * 60_000),
    "a wrong length": lambda _asked: Said(200, b"{}", {"content-length": "5000000"}),
}


@EVERY
@pytest.mark.parametrize("kind", ANSWERS)
def test_a_hostile_answer_is_no_confirmation(adapter: str, kind: str) -> None:
    server = Server(ANSWERS[kind])
    with serving(server):
        try:
            state = bring(adapter, server.url, inside=True)
        except AndonError as error:
            state = error.code
    assert state in ("refused", "accepted", "not_confirmed", "broken_setup")


@EVERY
@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"x-more: 1\r\n", id="headers that drip"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b"x", id="a body that drips"),
        pytest.param(b"", b"", id="silence"),
    ],
)
def test_an_answer_that_never_ends_is_left(adapter: str, first: bytes, then: bytes) -> None:
    with slow(first, lambda: then) as url:
        assert "cannot be reached" in refused(adapter, url, inside=True, within_s=0.4).sentence


# ---------------------------------------------------------------- to whom


TLS = {
    "nobody vouches for it": {"ours": True},
    "of another name": {"ours": False},
    "of yesterday": {"ours": True, "expired": True},
    "TLS 1.0": {"ours": True},
    "no TLS at all": {"ours": True},
}


@EVERY
@pytest.mark.parametrize("kind", TLS)
def test_nothing_is_sent_to_whom_it_is_not_for(
    adapter: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine trusts the certificate's maker, but where nobody vouches for it."""
    tls = certificate(tmp_path, **TLS[kind])
    if kind != "nobody vouches for it":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    if kind == "TLS 1.0":
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
    server = Server(lambda _asked: Said(200, {}))
    with serving(server, tls if kind != "no TLS at all" else None):
        url = server.url.replace("http:", "https:")
        assert "cannot be reached" in refused(adapter, url, inside=True).sentence
    assert server.asked == []


@EVERY
def test_whom_the_machine_trusts_is_spoken_to(
    adapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificate(tmp_path, ours=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    server = Server(lambda _asked: Said(503, b""))
    with serving(server, tls):
        refused(adapter, server.url, inside=True)
    assert server.asked
