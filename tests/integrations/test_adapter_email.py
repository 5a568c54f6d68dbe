"""Orders by e-mail, over real SMTP; what every adapter keeps is in test_every_adapter.py."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activities import letter_records
from domain.envelope import FOLLOWED, WAITS, ChannelReply
from domain.errors import BrokenSetup, NotConfirmed
from integrations import adapter_email
from integrations.channels import Address
from integrations.connections import read_connections
from integrations.letters import Became
from storage import outbox
from tests.integrations.newsrooms import mail_server
from tests.integrations.receivers import ORDER, ORDERS, RESUME, Email
from tests.integrations.test_press_mail import certificate, checked

__all__ = ["certificate"]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Email]:
    """A retailer that reads mail."""
    with ExitStack() as stack:
        made = Email(tmp_path)
        made.open(stack)
        yield made


@dataclass
class Opened(Email):
    """A retailer behind a mail server of a kind of its own."""

    way: dict[str, Any] | None = None

    def open(self, stack: ExitStack) -> None:
        super().open(stack)
        self.server, self.port = stack.enter_context(mail_server(**self.way or {}))


@dataclass
class Named(Email):
    """A retailer as the company's list has it."""

    told: str = ORDERS
    called: str = "The receiver"

    def address(self, channel: str) -> Address:
        return replace(super().address(channel), address=self.told, name=self.called)


def row_of(there: Email) -> outbox.Message:
    [kept] = outbox.list_messages(there.database.bulk, incident=ORDER.incident)
    return kept


def test_a_letter_that_was_handed_over_counts_as_taken_and_stands_in_the_outbox_as_sent(
    there: Email,
) -> None:
    there.more = {"reply_to": "desk@qinglan.example"}
    proof = "Handed over to the mail server 127.0.0.1 at 2026-11-30 12:00 UTC."
    assert there.bring() == ChannelReply("accepted", proof=proof)
    [(sender, reader, told)] = there.server.took
    assert (sender, reader) == ("recall+mark@qinglan.example", ORDERS)
    assert told["Reply-To"] == "desk@qinglan.example"
    kept = row_of(there)
    assert (kept.state, kept.reason, kept.recipient) == ("sent", proof, ORDERS)
    assert told.get_content().replace("\r\n", "\n") == f"{kept.body}\n"
    assert (told["Subject"], told["Message-ID"]) == (kept.subject, kept.message_id)


def lost(there: Email) -> None:
    there.server.after_data[ORDERS] = "hang up"


def put_off(there: Email) -> None:
    there.server.answers[ORDERS] = ["451 4.7.1 Greylisted"]


def off(there: Email) -> None:
    there.more = {"tls": "starttls"}


@pytest.mark.parametrize(
    ("trouble", "state", "said"),
    [
        pytest.param(put_off, "later", "did not go out yet: 451 4.7.1 Greylisted", id="4xx"),
        pytest.param(off, "later", "STARTTLS", id="no TLS"),
    ],
)
def test_what_did_not_go_out_is_tried_again_as_the_same_letter(
    there: Email, trouble: Callable[[Email], None], state: str, said: str
) -> None:
    trouble(there)
    with pytest.raises(NotConfirmed, match=said):
        there.bring()
    first = row_of(there)
    assert first.state == state
    there.more = {}
    later = replace(ORDER, text="Other words by now.", answer_by="", answer_by_said="")
    assert there.bring(later).state == "accepted"
    [told] = there.server.to(ORDERS)
    assert told["Message-ID"] == first.message_id
    assert told["Date"].datetime == first.created_at.replace(microsecond=0)
    assert told.get_content().replace("\r\n", "\n") == f"{first.body}\n"


def test_a_letter_whose_answer_was_lost_goes_out_again_as_the_same_one(there: Email) -> None:
    lost(there)
    reply = there.bring()
    assert reply.state == "failed", "tried again after a pause, not at once"
    assert reply.error.startswith("It is not known whether the letter to them went out: ")
    first = row_of(there)
    assert first.state == "unsure"
    assert there.bring(replace(ORDER, text="Other words by now.")).state == "accepted"
    [told] = there.server.to(ORDERS)
    assert told["Message-ID"] == first.message_id
    assert told.get_content().replace("\r\n", "\n") == f"{first.body}\n"


def test_a_mail_server_is_spoken_to_on_few_lines_at_once(
    there: Email, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter_email, "AT_ONCE", 2)
    there.server.pause_s = 0.1
    gateway = there.gateways()["email"]
    orders = [replace(ORDER, effect_key=f"{ORDER.effect_key}{number}") for number in range(6)]
    began = time.monotonic()
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda one: gateway.bring(one, there.address("there")), orders))
    assert {one.state for one in found} == {"accepted"}
    assert len(there.server.took) == 6
    assert time.monotonic() - began >= 0.3, "three after each other on two lines"
    monkeypatch.setattr(adapter_email, "TURN_S", 0.0)
    there.server.pause_s = 0.5
    with ThreadPoolExecutor(6) as threads:
        again = [replace(one, effect_key=f"{one.effect_key}/") for one in orders]
        brought = [threads.submit(gateway.bring, one, there.address("there")) for one in again]
        waits = [one for one in brought if isinstance(one.exception(), NotConfirmed)]
    assert len(waits) == 4
    assert "waits behind others" in str(waits[0].exception())


def test_a_reader_that_the_server_refuses_is_refused_in_its_words_until_it_takes_them(
    there: Email,
) -> None:
    there.server.answers[ORDERS] = [f"550 5.1.1 <{ORDERS}>: no such user"]
    said = "The mail server did not take the letter to them: 550 5.1.1 …: no such user"
    assert there.bring() == ChannelReply("refused", error=said)
    assert row_of(there).state == "failed"
    assert there.bring().state == "accepted"


def test_a_letter_in_somebodys_hand_is_left_to_them_for_two_minutes(
    there: Email, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = there.tools().letters
    address = there.address("there")
    assert letters.claim(ORDER, address, "<a@qinglan.example>").is_ours
    with pytest.raises(NotConfirmed, match="is being handed over right now"):
        there.bring()
    assert there.server.took == []
    monkeypatch.setattr(letter_records, "IN_HAND", timedelta(0))
    assert there.bring().state == "accepted"
    assert there.server.to(ORDERS)[0]["Message-ID"] == "<a@qinglan.example>"


def test_a_letter_that_came_back_is_an_answer_until_its_goods_may_go(there: Email) -> None:
    there.bring()
    assert there.adapters.answers("there") == []
    there.tools().letters.note(ORDER.effect_key, Became.BOUNCED, "5.1.1 unknown")
    [late] = there.adapters.answers("there")
    returned = ChannelReply("refused", error="The letter did not arrive: 5.1.1 unknown")
    assert (late.incident, late.order, late.reply) == (ORDER.incident, ORDER.order, returned)
    assert there.bring() == returned, "and is not sent again"
    there.bring(RESUME)
    assert there.adapters.answers("there") == []


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "self-signed"])
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_letter_goes_over_tls_to_the_server_that_was_meant(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, trusted: bool
) -> None:  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    way = {"tls_context": context} if tls == "starttls" else {"ssl_context": context}
    with ExitStack() as stack:
        needs_user = {"authenticator": checked, "auth_require_tls": False}
        there = Opened(tmp_path, way={**way, **needs_user})
        there.more = {"tls": tls, "user": "press", "password": "secret-word"}
        there.open(stack)
        if trusted:
            assert there.bring().state == "accepted"
        else:
            with pytest.raises(NotConfirmed, match="certificate"):
                there.bring()
        assert len(there.server.took) == trusted


def test_a_wrong_password_is_said_without_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        there = Opened(tmp_path, way={"authenticator": checked, "auth_require_tls": False})
        there.more = {"user": "press", "password": "another-word"}
        there.open(stack)
        with pytest.raises(NotConfirmed, match="535 ") as told:
            there.bring()
        assert "another-word" not in str(told.value)


def test_a_name_of_a_channel_begins_no_head(tmp_path: Path) -> None:
    with ExitStack() as stack:
        there = Named(tmp_path, called="Shop\r\nBcc: x@y.example\x00" + "长" * 100)
        there.open(stack)
        there.bring(replace(ORDER, goods="Cream\r\nBcc: x@y.example\x1b"))
        [told] = there.server.to(ORDERS)
    assert told["Bcc"] is None
    assert told["To"].addresses[0].addr_spec == ORDERS
    assert len(there.server.took) == 1


@pytest.mark.parametrize(
    ("limit", "state"), [(33_554_432, "accepted"), (10_000, "refused")], ids=["taken", "too large"]
)
def test_a_huge_letter_arrives_whole_or_is_refused(tmp_path: Path, limit: int, state: str) -> None:
    with ExitStack() as stack:
        there = Opened(tmp_path, way={"data_size_limit": limit})
        there.open(stack)
        text = "长" * 200_000
        assert there.bring(replace(ORDER, text=text)).state == state
        took = there.server.to(ORDERS)
    assert [text in one.get_content() for one in took] == [True] * (state == "accepted")


@pytest.mark.timeout(10)
def test_a_server_that_hangs_is_left(there: Email, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_email, "HAND_OVER_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there.port = silent.getsockname()[1]
        with pytest.raises(NotConfirmed):
            there.bring()
    assert row_of(there).state == "later"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (f"ours:{ORDERS}", ""),
        (f"theirs:{ORDERS}", "names the connection 'theirs', which is not there"),
        ("ours:", "no e-mail address"),
        (f"{ORDERS},x@y.example", "no e-mail address"),
        (f"{ORDERS}\nBcc: x@y.example", "names the connection"),
    ],
    ids=["by its connection", "no such connection", "nobody", "two", "a head"],
)
def test_a_channel_is_written_to_at_one_address(tmp_path: Path, told: str, said: str) -> None:
    with ExitStack() as stack:
        there = Named(tmp_path, told=told)
        there.open(stack)
        if said:
            with pytest.raises(BrokenSetup, match=said):
                there.bring()
        else:
            there.bring()
        assert len(there.server.to(ORDERS)) == (not said)


def test_among_several_servers_a_channel_names_its_own(there: Email) -> None:
    rows = [{"id": name, "adapter": "email", **there.row} for name in ("a", "b")]
    found = {one.id: one for one in read_connections({"connections": rows})}
    gateway = adapter_email.gateway(found, there.tools())
    with pytest.raises(BrokenSetup, match="through which mail server") as told:
        gateway.bring(ORDER, there.address("there"))
    assert told.value.hint.endswith("a, b.")
    named = replace(there.address("there"), address=f"b:{ORDERS}")
    assert gateway.bring(ORDER, named).state == "accepted"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host": "mail.example", "tls": "none"}, "Orders never go out in the open"),
        ({"from": "recall@qinglan.example\r\nBcc: x@y.example"}, "from: Write one address"),
        ({"name": "two\nlines"}, "name: Write one line"),
        ({"port": "many"}, "port: Write a number"),
        ({"port": "70000"}, "port: Write a number"),
        ({"tls": "perhaps"}, "tls: Choose among"),
        ({"user": "recall"}, "Write user and password"),
        ({"reply_to": "nobody"}, "reply_to: Write one address"),
        ({"from": ""}, "from: Write the address that orders come from"),
    ],
    ids=["open", "a head", "name", "no number", "port", "tls", "user alone", "reply to", "no from"],
)
def test_a_connection_that_cannot_be_used_is_named(
    there: Email, changes: dict[str, str], sentence: str
) -> None:
    row = {"id": "ours", "adapter": "email", **there.row, **changes}
    with pytest.raises(BrokenSetup) as told:
        read_connections({"connections": [row]})
    assert sentence in told.value.sentence
    assert "x@y.example" not in str(told.value)


def test_a_letter_that_follows_another_in_a_moment_leaves_once(there: Email) -> None:
    found = [there.bring(replace(ORDER, behind=one)).state for one in (WAITS, FOLLOWED)]
    assert (found, there.server.took) == (["", FOLLOWED], [])


def test_a_letter_says_nothing_where_nothing_may_be_sold(there: Email) -> None:
    there.bring(replace(RESUME, is_all_held=True))
    assert there.server.took == []
