"""A mail server that answers as it is told, and a press list that leads to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any, Final

from aiosmtpd.controller import Controller

from integrations.press_list import PressList, read_press_list
from tests.api.serving import free_port

SENDER = "press@qinglan.example"
DAILY: Final[dict[str, Any]] = {
    "id": "daily", "name": "Daily News", "address": "desk@news.example", "languages": ["en"],
}  # fmt: skip
NIGHT: Final[dict[str, Any]] = {
    "id": "night", "name": "晚报", "address": "night@paper.example", "languages": ["zh-CN", "en"],
}  # fmt: skip
RADIO: Final[dict[str, Any]] = {
    "id": "radio", "name": "Radio", "address": "news@radio.example", "languages": ["en"],
    "markets": ["US"],
}  # fmt: skip


class Server:
    """What a mail server took, and how it answers: by reader, the answers of RCPT in turn."""

    def __init__(self) -> None:
        self.took: list[tuple[str, str, EmailMessage]] = []
        self.answers: dict[str, list[str]] = {}
        self.after_data: dict[str, str] = {}
        self.connections = 0
        self.closes = False
        self.pause_s = 0.0
        self.stuck_at: tuple[str, str] | None = None
        """The step, RCPT or DATA, and the reader at which it answers no more."""
        self.is_stuck = Event()

    async def at(self, step: str, reader: str) -> None:
        if (step, reader) == self.stuck_at:
            self.is_stuck.set()
            await asyncio.sleep(60)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for _, reader, message in self.took if reader == address]

    async def handle_EHLO(  # noqa: N802 - as aiosmtpd calls it
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.closes and getattr(session, "has_served", False):
            server.transport.abort()
        session.has_served = True
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await asyncio.sleep(self.pause_s)
        await self.at("RCPT", address)
        answers = self.answers.get(address, [])
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (reader,) = envelope.rcpt_tos
        told = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(told, EmailMessage)
        answer = self.after_data.pop(reader, "250 OK")
        if answer == "hang up":
            server.transport.abort()
            await asyncio.sleep(0)
        elif answer.startswith("250"):
            self.took.append((envelope.mail_from, reader, told))
        await self.at("DATA", reader)
        return answer


@contextmanager
def mail_server(**more: Any) -> Iterator[tuple[Server, int]]:
    """A mail server on a free port of this machine; `more` is what aiosmtpd is told besides."""
    server, port = Server(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


def row(port: int, *newsrooms: dict[str, Any], **more: Any) -> dict[str, Any]:
    """`[press_list]` as its file says it."""
    return {
        "host": "127.0.0.1", "port": port, "tls": "none", "from": SENDER, "name": "青岚新闻",
        "newsrooms": list(newsrooms or (DAILY, NIGHT, RADIO)), **more,
    }  # fmt: skip


def press_list(port: int, *newsrooms: dict[str, Any], **more: Any) -> PressList:
    read, wrong = read_press_list(row(port, *newsrooms, **more))
    assert read is not None, wrong
    return read
