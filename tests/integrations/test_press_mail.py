"""E-mails to newsrooms over real SMTP: their form, and what becomes of each."""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from integrations import press_mail
from integrations.press_list import PressList
from integrations.press_mail import Delivery, Letter, cleaned, message_id, postman, written
from tests.integrations.newsrooms import SENDER, Server, mail_server, press_list

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TITLE = "关于润泽面霜的首次回应\n请停止使用"
BODY = "我们已停止销售。\n\n.请停止使用：批号 L1。\nFrom here on: ünïcode.\n" + "长" * 1200
DESK = "desk@news.example"


def letter(to: PressList, number: int = 0, body: str = BODY) -> Letter:
    newsroom = to.newsrooms[number]
    return Letter(
        to=newsroom,
        language="zh-CN",
        subject=TITLE,
        body=body,
        message_id=message_id(f"newsroom:{newsroom.id}", to.domain),
        mark="mark",
        after=("<a@qinglan.example>", "<b@qinglan.example>"),
    )


def hand(port: int, *, times: int = 1) -> list[Delivery]:
    to = press_list(port)
    found = []
    with postman(to) as carrier:
        for _ in range(times):
            blocked = carrier.reach()
            found.append(Delivery("later", blocked) if blocked else carrier.hand(letter(to), NOW))
    return found


def test_a_message_is_the_very_words_with_heads_that_programs_understand() -> None:
    with mail_server() as (server, port):
        assert hand(port) == [Delivery("sent", "250 OK")]
    ((sender, reader, told),) = server.took
    assert (sender, reader) == ("press+mark@qinglan.example", DESK)
    assert told["Subject"] == "关于润泽面霜的首次回应 请停止使用"
    assert told["From"] == f"青岚新闻 <{SENDER}>"
    assert told["To"] == f"Daily News <{DESK}>"
    assert told["Auto-Submitted"] == "auto-generated"
    assert told["Message-ID"] == message_id("newsroom:daily", "qinglan.example")
    assert told["In-Reply-To"] == "<b@qinglan.example>"
    assert told["References"] == "<a@qinglan.example> <b@qinglan.example>"
    assert told["Date"].datetime == NOW
    assert told["Content-Language"] == "zh-CN"
    assert told.get_content_type() == "text/plain"
    assert told.get_content().replace("\r\n", "\n") == f"{BODY}\n"


def test_a_message_is_seven_bit_and_short_in_each_line() -> None:
    content = written(press_list(25), letter(press_list(25)), NOW)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert message_from_bytes(content, policy=policy.default)["Bcc"] is None


def refuse_reader(server: Server) -> None:
    server.answers[DESK] = [f"550 5.1.1 <{DESK}>: no such user"]


def put_off_reader(server: Server) -> None:
    server.answers[DESK] = ["451 4.7.1 Greylisted"]


def refuse_words(server: Server) -> None:
    server.after_data[DESK] = "554 5.6.0 no"


def put_off_words(server: Server) -> None:
    server.after_data[DESK] = "452 4.3.1 full"


def hang_up(server: Server) -> None:
    server.after_data[DESK] = "hang up"


@pytest.mark.parametrize(
    ("told", "outcome", "said"),
    [
        (refuse_reader, "refused", "550 5.1.1 …: no such user"),
        (put_off_reader, "later", "451 4.7.1 Greylisted"),
        (refuse_words, "refused", "554 5.6.0 no"),
        (put_off_words, "later", "452 4.3.1 full"),
        (hang_up, "unsure", "Connection unexpectedly closed"),
    ],
    ids=["reader refused", "reader put off", "words refused", "words put off", "broke after DATA"],
)
def test_what_a_server_answers_is_told_without_an_address_and_the_next_message_goes(
    told: Callable[[Server], None], outcome: str, said: str
) -> None:
    with mail_server() as (server, port):
        told(server)
        first, second = hand(port, times=2)
    assert (first.outcome, first.said) == (outcome, said)
    assert second.outcome == "sent"
    assert len(server.to(DESK)) == 1


def test_many_messages_take_one_connection() -> None:
    with mail_server() as (server, port):
        hand(port, times=5)
    assert (len(server.took), server.connections) == (5, 1)


def test_a_server_that_ends_a_connection_after_each_message_gets_each_once() -> None:
    with mail_server() as (server, port):
        server.closes = True
        found = hand(port, times=3)
    assert [one.outcome for one in found] == ["sent"] * 3
    assert (len(server.took), server.connections) == (3, 3)


def test_nobody_there_is_safe_to_try_again() -> None:
    (found,) = hand(9)
    assert (found.outcome, found.said) == ("later", "Connection refused")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("tls", ["none", "tls"])
def test_a_server_that_says_nothing_is_left_before_and_within_its_handshake(
    monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    monkeypatch.setattr(press_mail, "MESSAGE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        to = press_list(silent.getsockname()[1], tls=tls)
        with postman(to) as carrier:
            assert carrier.reach()


@pytest.mark.timeout(10)
def test_a_message_and_its_second_connection_share_one_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server ends the connection that was there, and takes its time over the new one."""
    with mail_server() as (server, port):
        server.closes = True
        to = press_list(port)
        with postman(to) as carrier:
            assert (carrier.reach(), carrier.hand(letter(to), NOW).outcome) == ("", "sent")
            server.pause_s = 4.0
            monkeypatch.setattr(press_mail, "MESSAGE_S", 0.5)
            assert carrier.reach() == ""
            assert carrier.hand(letter(to), NOW).outcome == "later"
    assert len(server.took) == 1


def test_a_server_that_breaks_over_three_messages_is_not_reached_any_more() -> None:
    with mail_server() as (server, port):
        to = press_list(port)
        with postman(to) as carrier:
            for _ in range(press_mail.BROKE_AT_MOST):
                server.after_data[DESK] = "hang up"
                assert carrier.reach() == ""
                assert carrier.hand(letter(to), NOW).outcome == "unsure"
            assert carrier.reach() == "Connection unexpectedly closed"


def test_a_server_without_tls_is_not_talked_to_in_the_open() -> None:
    with mail_server() as (server, port):
        with postman(press_list(port, tls="starttls")) as carrier:
            assert "STARTTLS" in carrier.reach()
        assert server.took == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 in one file, made for these tests."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    day, now = timedelta(days=1), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(here, critical=False)
        .sign(key, SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    file.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return file


def checked(_server: Any, _session: Any, _envelope: Any, _way: str, told: Any) -> AuthResult:
    """Let one user in."""
    is_right = (told.login, told.password) == (b"press", b"secret-word")
    return AuthResult(success=is_right, handled=False)


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "of nobody we trust"])
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_words_and_password_go_over_tls_to_the_server_that_was_meant(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: str, trusted: bool
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    way = {"tls_context": context} if tls == "starttls" else {"ssl_context": context}
    needs_user = {"authenticator": checked, "auth_require_tls": False}
    with mail_server(**way, **needs_user) as (server, port):
        to = press_list(port, tls=tls, user="press", password="secret-word")
        with postman(to) as carrier:
            blocked = carrier.reach()
            if trusted:
                assert carrier.hand(letter(to), NOW).outcome == "sent"
    assert (len(server.took), "certificate" in blocked) == ((1, False) if trusted else (0, True))


def test_a_wrong_password_is_said_without_it() -> None:
    with mail_server(authenticator=checked, auth_require_tls=False) as (server, port):
        with postman(press_list(port, user="press", password="another-word")) as carrier:
            assert carrier.reach().startswith("535 ")
            assert "another-word" not in carrier.reach()
        assert server.took == []


def test_no_address_and_no_password_stands_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"), mail_server() as (server, port):
        refuse_reader(server)
        with postman(press_list(port, user="press", password="secret-word")) as carrier:
            assert carrier.reach()
    ours = " ".join(one.getMessage() for one in caplog.records if "mail.log" not in one.name)
    assert "secret-word" not in ours
    assert DESK not in ours


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"550 <desk@news.example> unknown", "550 … unknown"),
        ("two\r\nlines\x00\x1b[31m", "two lines [31m"),
        ("x" * 500, "x" * 159 + "…"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
    ids=["address", "control characters", "long", "no UTF-8"],
)
def test_what_a_server_says_is_one_short_line(said: object, shown: str) -> None:
    assert cleaned(said) == shown


def test_a_thread_that_waits_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the words and then says nothing: the message is in doubt, not lost."""
    monkeypatch.setattr(press_mail, "MESSAGE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_takes_and_is_silent, args=(listening,), daemon=True)
        thread.start()
        (found,) = hand(listening.getsockname()[1])
        thread.join(5)
    assert found.outcome == "unsure"


def _takes_and_is_silent(listening: socket.socket) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as told:
        line.sendall(b"220 hello\r\n")
        for word in told:
            if word.startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                break
            line.sendall(b"250 OK\r\n")
        told.read()
