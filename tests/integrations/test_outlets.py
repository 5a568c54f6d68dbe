"""Outlets: which there are, and that each is handed a text once, over real SMTP and real HTTP."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from domain.errors import BrokenSetup
from domain.statement_places import Place
from integrations import outlets
from integrations.outlets import Outlet, Outlets, read_outlets
from tests.api.serving import free_port

TITLE, BODY = (
    "关于润泽面霜的首次回应",
    "我们已停止销售。\n\n请停止使用：批号 L1。\n<script>alert(1)</script>",
)


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.took: list[tuple[list[str], EmailMessage]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            told = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(told, EmailMessage)
            self.took.append((list(envelope.rcpt_tos), told))
        return self.answer


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on a free port of this machine."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


@contextmanager
def newsroom(status: int = 200) -> Iterator[tuple[list[Any], int]]:
    """A web server that takes JSON."""
    took: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            took.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield took, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def outlet(url: str, place: str = "press", *languages: str) -> Outlet:
    return Outlet(id="one", name="Press list", place=Place(place), url=url, languages=languages)


def mail(port: int, to: str = "desk@news.example,night@paper.example") -> str:
    return f"mailto://127.0.0.1:{port}?from=press@qinglan.example&to={to}&mode=insecure"


def test_a_mailing_list_gets_the_very_words_and_no_reader_sees_the_others() -> None:
    with mail_server() as (mailbox, port):
        assert Outlets().hand(outlet(mail(port)), TITLE, BODY)
    assert sorted(to for each, _ in mailbox.took for to in each) == [
        "desk@news.example",
        "night@paper.example",
    ]
    for recipients, told in mailbox.took:
        assert len(recipients) == 1
        assert told["Subject"] == TITLE
        part = told.get_body(("plain",))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").strip() == BODY
        others = {"desk@news.example", "night@paper.example"} - set(recipients)
        assert not any(other in str(told) for other in others)


def test_a_newsroom_gets_the_very_words() -> None:
    with newsroom() as (took, port):
        assert Outlets().hand(outlet(f"json://127.0.0.1:{port}/in"), TITLE, BODY)
    assert [(each["title"], each["message"]) for each in took] == [(TITLE, BODY)]


@pytest.mark.parametrize("status", [302, 403, 500])
def test_an_outlet_that_refuses_did_not_take_it(status: int) -> None:
    with newsroom(status) as (took, port):
        assert not Outlets().hand(outlet(f"json://127.0.0.1:{port}/in"), TITLE, BODY)
    assert len(took) == 1


def test_a_mail_server_that_refuses_did_not_take_it() -> None:
    with mail_server() as (mailbox, port):
        mailbox.answer = "554 no"
        assert not Outlets().hand(outlet(mail(port)), TITLE, BODY)


def test_nobody_there_is_no_delivery() -> None:
    assert not Outlets().hand(outlet("json://127.0.0.1:9/in"), TITLE, BODY)


def test_an_outlet_that_never_ends_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlets, "TAKES_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert Outlets().hand(outlet(f"json://127.0.0.1:{port}/in"), TITLE, BODY) is None


def test_no_password_stands_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        assert not Outlets().hand(outlet("jsons://user:secret-word@127.0.0.1:9/in"), TITLE, BODY)
        assert not Outlets().hand(outlet("carrier-pigeon://secret-word@x"), TITLE, BODY)
    assert "secret-word" not in caplog.text


def test_an_outlet_takes_its_place_and_its_languages() -> None:
    both = outlet("json://127.0.0.1:9", "press", "en", "zh")
    social = outlet("json://127.0.0.1:9", "social")
    found = Outlets((both, social))
    assert found.at("press", "zh-CN") == (both,)
    assert found.at("press", "de") == ()
    assert found.at("social", "de") == (social,)


ROW = {"id": "list", "name": "Press list", "place": "press", "url": "json://127.0.0.1/x"}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"outlets": [ROW | {"place": "site"}]}, "outlets.0.place"),
        ({"outlets": [ROW | {"place": "moon"}]}, "outlets.0.place"),
        ({"outlets": [ROW | {"url": "carrier-pigeon://secret-word@x"}]}, "outlets.0.url"),
        ({"outlets": [ROW | {"languages": "en"}]}, "outlets.0.languages"),
        ({"outlets": [ROW | {"password": "x"}]}, "outlets.0.password"),
        ({"outlets": [ROW | {"id": "A list"}]}, "outlets.0.id"),
        ({"outlets": [ROW | {"name": "n" * 81}]}, "outlets.0.name"),
        ({"outlets": [ROW | {"name": "two\nlines"}]}, "outlets.0.name"),
        ({"outlets": [ROW, ROW]}, "outlets.1.id"),
        ({"outlets": [{"id": "list"}]}, "outlets.0.name"),
        ({"outlets": ["list"]}, "outlets.0"),
        ({"outlets": [ROW] * 51}, "outlets"),
        ({"outlet": [ROW]}, "outlet"),
    ],
    ids=["our own page", "no place", "no address", "languages", "more", "id", "long name", "two lines", "twice", "less", "a word",
         "too many", "another name"],
)  # fmt: skip
def test_a_file_that_cannot_be_meant_is_refused_and_quotes_no_address(
    document: dict[str, Any], path: str
) -> None:
    with pytest.raises(BrokenSetup) as refused:
        read_outlets(document)
    assert path in [field.path for field in refused.value.fields]
    assert "secret-word" not in str(refused.value) + "".join(
        f.sentence for f in refused.value.fields
    )


def test_what_is_read_hides_its_address() -> None:
    (read,) = read_outlets({"outlets": [ROW | {"languages": ["en"]}]}).every
    assert (read.place, read.languages) == (Place.PRESS, ("en",))
    assert "127.0.0.1" not in repr(read)
