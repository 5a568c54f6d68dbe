"""The one way out: where requests may go, how long they may take, how much is read."""

import datetime as dt
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.errors import BrokenSetup, NotConfirmed
from integrations.inside import is_outside
from integrations.outgoing import Bounds, Outgoing, checked_url, quoted, understood
from tests.integrations.servers.serving import Said, Server, serving

INSIDE = Bounds(inside_allowed=True, within_s=5)
OUTSIDE = Bounds(plain_allowed=True, within_s=5)


def get(outgoing: Outgoing, url: str) -> int:
    return outgoing.send("The shop", "GET", url, {}).status


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, none to listen at
        "224.0.0.1", "255.255.255.255", "::1", "::", "fd00::1", "fe80::1%eth0",
        "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "2002:7f00:1::", "ff02::1", "64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1", "::127.0.0.1",
        "fec0::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_known_however_they_are_wrapped(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_addresses_outside_are_known(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]",
     "[::ffff:127.0.0.1]", "169.254.169.254", "[::ffff:a9fe:a9fe]"],
)  # fmt: skip
def test_nothing_inside_is_reached_however_it_is_written(host: str) -> None:
    server = Server(lambda _asked: Said(200, {}))
    with serving(server):
        port = server.url.rpartition(":")[2]
        with pytest.raises((BrokenSetup, NotConfirmed)) as told:
            get(Outgoing(OUTSIDE), f"http://{host}:{port}/")
    assert server.asked == []
    expected = ("inside this network", "hand out keys", "no web address", "has no address now")
    assert any(words in told.value.sentence for words in expected)


def test_a_name_that_leads_inside_a_moment_later_leads_nowhere() -> None:
    """Each connection goes to the address that was looked at for it, and looks for itself."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    outgoing = Outgoing(Bounds(plain_allowed=True, within_s=0.2), resolve=rebinding)
    server = Server(lambda _asked: Said(200, {}))
    with serving(server):
        url = f"http://shop.example:{server.url.rpartition(':')[2]}/"
        with pytest.raises(NotConfirmed, match="cannot be reached"):
            get(outgoing, url)
        with pytest.raises(BrokenSetup, match=r"shop\.example leads to 127\.0\.0\.1"):
            get(outgoing, url)
    assert asked == ["shop.example", "shop.example"]
    assert server.asked == []


KEYS = "No setting allows it: correct the address."
NAMES = "Orders go outside only, and to what ANDON_ALLOW_INSIDE names."


@pytest.mark.parametrize("allowed", [False, True], ids=["none allowed", "private ones allowed"])
@pytest.mark.parametrize(
    ("host", "address", "sentence", "hint"),
    [
        pytest.param("169.254.169.254", "169.254.169.254",
                     "169.254.169.254 is where clouds hand out keys.", KEYS, id="keys"),
        pytest.param("keys.example", "fd00:ec2::254",
                     "keys.example leads to fd00:ec2::254, where clouds hand out keys.", KEYS,
                     id="a name that leads to keys"),
        pytest.param("169.254.1.1", "169.254.1.1", "169.254.1.1 is inside this network.", NAMES,
                     id="inside"),
        pytest.param("shop.example", "169.254.1.1",
                     "shop.example leads to 169.254.1.1, which is inside this network.", NAMES,
                     id="a name that leads inside"),
    ],
)  # fmt: skip
def test_a_refusal_says_each_thing_once_and_names_the_setting_only_where_it_helps(
    host: str, address: str, sentence: str, hint: str, *, allowed: bool
) -> None:
    bounds = Bounds(plain_allowed=True, inside_allowed=allowed)
    outgoing = Outgoing(bounds, resolve=lambda _host, _port: [address])
    with pytest.raises(BrokenSetup) as told:
        get(outgoing, f"http://{host}/")
    assert (told.value.sentence, told.value.hint) == (sentence, hint)


def test_one_address_inside_among_several_is_enough() -> None:
    mixed = Outgoing(OUTSIDE, resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(BrokenSetup, match="inside this network"):
        get(mixed, "http://shop.example/")


def test_a_name_without_an_address_may_have_one_later() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(NotConfirmed, match="has no address now"):
        get(Outgoing(OUTSIDE, resolve=unknown), "https://shop.example/")


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://shop:99999/", "ftp://shop/", "http://", "shop", "javascript:alert(1)",
     "https://me:secret@shop.example/", "https://shop.example/\nhost: other"],
)  # fmt: skip
def test_what_is_no_address_says_so_without_a_password(url: str) -> None:
    with pytest.raises(BrokenSetup, match="no web address") as told:
        checked_url(url, plain_allowed=True)
    assert "secret" not in str(told.value)


def test_a_key_goes_over_https_alone() -> None:
    with pytest.raises(BrokenSetup, match="unencrypted"):
        get(Outgoing(Bounds()), "http://shop.example/")


def test_no_redirect_is_followed() -> None:
    elsewhere = Server(lambda _asked: Said(200, {}))
    with serving(elsewhere):
        server = Server(lambda _asked: Said(302, b"", {"location": elsewhere.url}))
        with serving(server):
            assert get(Outgoing(INSIDE), server.url) == 302
    assert elsewhere.asked == []


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = Server(lambda _asked: Said(200, {}))
    with serving(server):
        assert get(Outgoing(INSIDE), server.url) == 200


# ---------------------------------------------------------------- whom


def certificate(folder: Path, *, ours: bool, expired: bool = False) -> ssl.SSLContext:
    """Make a certificate for this machine, or for another one, and serve with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    names: list[x509.GeneralName] = [x509.DNSName("other.example")]
    if ours:
        names = [x509.IPAddress(ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + dt.timedelta(days=-1 if expired else 1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("ours", "expired", "is_trusted"),
    [
        pytest.param(True, False, False, id="nobody vouches for it"),
        pytest.param(False, False, True, id="of another name"),
        pytest.param(True, True, True, id="of yesterday"),
    ],
)
def test_nothing_is_sent_to_whom_the_certificate_does_not_name(
    tmp_path: Path, ours: bool, expired: bool, is_trusted: bool
) -> None:
    tls = certificate(tmp_path, ours=ours, expired=expired)
    trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem") if is_trusted else None
    server = Server(lambda _asked: Said(200, {}))
    with serving(server, tls), pytest.raises(NotConfirmed, match="cannot be reached"):
        get(Outgoing(INSIDE, trusted=trusted), server.url)
    assert server.asked == []


def test_a_right_certificate_is_taken(tmp_path: Path) -> None:
    tls = certificate(tmp_path, ours=True)
    trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    server = Server(lambda _asked: Said(200, {}))
    with serving(server, tls):
        assert get(Outgoing(INSIDE, trusted=trusted), server.url) == 200


# ---------------------------------------------------------------- how much, how long


def test_a_long_answer_is_read_to_its_limit() -> None:
    server = Server(lambda _asked: Said(200, b"x" * 2001))
    few = Bounds(inside_allowed=True, at_most=2000)
    with serving(server), pytest.raises(NotConfirmed, match="more than 2000 bytes"):
        get(Outgoing(few), server.url)


@contextmanager
def slow(first: bytes, then: Callable[[], bytes]) -> Iterator[str]:
    """Answer the first bytes at once, and go on a little at a time for ever."""
    over = threading.Event()

    def serve(listening: socket.socket) -> None:
        line, _address = listening.accept()
        with line:
            line.recv(4096)
            try:
                line.sendall(first)
                while not over.wait(0.05):
                    line.sendall(then())
            except OSError:
                return  # the other side has enough

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", lambda: b"x-more: 1\r\n", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", lambda: b"x", id="body"),
        pytest.param(b"", lambda: b"", id="silence"),
    ],
)
def test_an_answer_that_drips_ends_at_one_instant(first: bytes, then: Callable[[], bytes]) -> None:
    short = Bounds(inside_allowed=True, within_s=0.6)
    began = time.monotonic()
    with slow(first, then) as url, pytest.raises(NotConfirmed, match="cannot be reached"):
        get(Outgoing(short), url)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("said", ["1e999", "NaN", '"many"', "[]", "{}"])
def test_a_number_that_is_none_is_an_answer_nobody_can_read(said: str) -> None:
    with pytest.raises(NotConfirmed, match="cannot read"), understood("The shop"):
        int(json.loads(said))


def test_what_is_quoted_is_one_short_line_without_our_keys() -> None:
    said = "Bad <b>key</b>\n\x1b[31m shpat_secret " + "x" * 1000
    told = quoted(said, ["shpat_secret"])
    assert told.startswith("Bad key [31m … xxx")
    assert len(told) == 160


def test_systems_that_hang_leave_room_for_the_next() -> None:
    """The library would open ten connections at once: ten shops that hang would be all of them."""
    outgoing, came, over = Outgoing(INSIDE), threading.Semaphore(0), threading.Event()

    def hang(_asked: object) -> Said:
        came.release()
        over.wait(4)
        return Said(200)

    with serving(Server(hang)) as hanging, serving(Server(lambda _asked: Said(200))) as prompt:
        asked = [threading.Thread(target=get, args=(outgoing, hanging.url)) for _ in range(24)]
        for one in asked:
            one.start()
        try:
            assert all(came.acquire(timeout=3) for _ in asked), "all of them are under way"
            assert get(outgoing, prompt.url) == 200
        finally:
            over.set()
            for one in asked:
                one.join()
