"""E-mails: one message for each reader, over one connection to the company's mail server.

What belongs here: the form of a message, and handing it over once. What never does: who gets one,
the words, or trying again (activities/newsrooms.py, integrations/adapter_email.py).

Until the server has answered DATA nothing of a message was handed over, and it is safe to try
again. From then until its answer nobody knows: such a message is never sent again by itself.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Timer
from typing import Final, Literal

from domain.canonical import sha256_hex
from integrations.mail_server import Mailbox, MailServer

STEP_S: Final = 15.0
"""Seconds that a mail server may take for one answer."""
MESSAGE_S: Final = 60.0
"""Seconds for one message with all connections that it needs; then its connection is ended: a
server that gives a sign now and then must not hold everybody else."""
LEAVE_S: Final = 5.0
"""Seconds that a server may take to say good-bye; a message needs two of them at most."""
BROKE_AT_MOST: Final = 3
"""Messages in a row over which a connection broke; then the server is not to be reached: it would
break over the others too, and leave each of them in doubt or hold it for its whole time."""

SAID_AT_MOST: Final = 160
_SAID_READ: Final = 1_000
_PLAIN: Final = SMTP.clone(cte_type="7bit")
_DOT: Final = re.compile(rb"(?m)^\.")
_ADDRESS: Final = re.compile(r"<?[^\s<>]*@[^\s<>]*>?")
_BUSY: Final = 421
_TAKEN: Final = frozenset({250, 251, 252, 354})
_GO_ON: Final = 354
_BROKEN: Final = (smtplib.SMTPException, OSError, ValueError)
"""What a connection that breaks, or a server that makes no sense, raises."""

Outcome = Literal["sent", "refused", "later", "unsure"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message; `said` is what the server answered, without any address."""

    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail to one reader: the words, its own number, and the numbers it answers to."""

    to: Mailbox
    language: str
    subject: str
    body: str
    message_id: str
    mark: str = ""
    after: tuple[str, ...] = ()
    reply_to: str = ""


def message_id(key: str, domain: str) -> str:
    """Give the number of a message: the same for the same key, and telling nothing of it."""
    return f"<{sha256_hex(key.encode())[:40]}@{domain}>"


def written(server: MailServer, letter: Letter, now: datetime) -> bytes:
    """Write a message as it goes over the line: the very words as plain text, and nothing else."""
    message = EmailMessage(policy=_PLAIN)
    message["From"] = Address(server.name, addr_spec=server.sender)
    message["To"] = Address(letter.to.name, addr_spec=letter.to.address)
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = letter.message_id
    if letter.after:
        message["In-Reply-To"] = letter.after[-1]
        message["References"] = " ".join(letter.after)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    message["Content-Language"] = letter.language  # after the words: they take every Content-* away
    return message.as_bytes()


def one_line(told: str) -> str:
    """Give a text as it may stand in a head: nothing in it begins another one."""
    return " ".join("".join(one if one.isprintable() else " " for one in told).split())


def cleaned(said: object) -> str:
    """Give what a server said as one short line, without addresses and control characters."""
    told = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    line = one_line(_ADDRESS.sub("…", one_line(told[:_SAID_READ])))
    return line if len(line) <= SAID_AT_MOST else f"{line[: SAID_AT_MOST - 1]}…"


# ---------------------------------------------------------------- the connection


class _Line(smtplib.SMTP):
    """A connection that is ended when it takes too long, whoever waits on it.

    It is watched from its first byte: a TLS handshake may be as slow as everything else.
    """

    _watch: Timer | None = None
    _wire: socket.socket | None = None

    def __init__(
        self, until: float, host: str, port: int, *, tls: ssl.SSLContext | None, domain: str
    ) -> None:
        """Connect before a moment of the monotonic clock; with `tls` from the first byte."""
        self._until, self._tls = until, tls
        self.guard(until)
        try:
            super().__init__(host, port, timeout=STEP_S, local_hostname=domain)
        except BaseException:
            self.close()
            raise

    def guard(self, until: float) -> None:
        """Watch what comes next until a moment of the monotonic clock."""
        self.rest()
        self._watch = Timer(max(until - time.monotonic(), 0.0), self._hang_up)
        self._watch.daemon = True
        self._watch.start()

    def rest(self) -> None:
        """Watch no longer."""
        if self._watch is not None:
            self._watch.cancel()

    def close(self) -> None:
        """Close, and watch no longer."""
        self.rest()
        super().close()
        if self._wire is not None:
            self._wire.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the first address that answers while there is time."""
        failed: OSError = TimeoutError("timed out")
        # Looking up a name has the resolver's own limits, some 30 seconds.
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            left = self._until - time.monotonic()
            if left <= 0:
                break
            try:
                made = socket.create_connection((str(address[0]), port), min(timeout, left))
            except OSError as error:
                failed = error
                continue
            made.settimeout(timeout)
            # A handle of its own: another thread reads through the TLS layer.
            self._wire = made.dup()
            if time.monotonic() >= self._until:
                self._hang_up()
            return self._tls.wrap_socket(made, server_hostname=host) if self._tls else made
        raise failed

    def _hang_up(self) -> None:
        wire = self._wire
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


class Postman:
    """Hands messages to one mail server, over one connection for as long as it holds."""

    def __init__(self, server: MailServer, within_s: float | None = None) -> None:
        """Keep where to, and how long a message may take; nothing is connected before its time."""
        self._server = server
        self._within_s = within_s
        self._line: _Line | None = None
        self._is_fresh = True
        self._until = 0.0
        self._broke, self._said = 0, ""

    def reach(self) -> str:
        """Connect where that is not done; give what stands in the way, "" for nothing.

        The time of the message that is handed over next begins.
        """
        if self._line is None and self._broke >= BROKE_AT_MOST:
            return self._said
        self._until = time.monotonic() + (self._within_s or MESSAGE_S)
        return self._reach_in_time()

    def _reach_in_time(self) -> str:
        if self._line is not None:
            return ""
        try:
            self._line = self._connected()
        except _BROKEN as error:
            return _told(error)
        self._is_fresh = True
        return ""

    def hand(self, letter: Letter, now: datetime) -> Delivery:
        """Hand one message over, at most once; `reach` was asked before."""
        became = self._handed(letter, written(self._server, letter, now))
        self._broke = 0 if self._line is not None else self._broke + 1
        self._said = became.said
        return became

    def _handed(self, letter: Letter, content: bytes) -> Delivery:
        while True:
            line, is_fresh, self._is_fresh = self._line, self._is_fresh, False
            assert line is not None, "reach() was not asked"
            line.guard(self._until)
            try:
                return self._announced(line, letter) or self._given(line, content)
            except _BROKEN as error:
                self.leave()
                # Many servers end a connection after some messages: that is worth a new one.
                if is_fresh or self._reach_in_time():
                    return Delivery("later", _told(error))
            finally:
                line.rest()

    def leave(self) -> None:
        """End the connection, where there is one."""
        line, self._line = self._line, None
        if line is not None:
            _ended(line)

    def _connected(self) -> _Line:
        to, context = self._server, ssl.create_default_context()
        tls = context if to.tls == "tls" else None
        line = _Line(self._until, to.host, to.port, tls=tls, domain=to.domain)
        try:
            if to.tls == "starttls":
                line.starttls(context=context)
            line.ehlo_or_helo_if_needed()
            if to.user:
                line.login(to.user, to.password)
        except BaseException:
            _ended(line)
            raise
        line.rest()
        return line

    def _announced(self, line: smtplib.SMTP, letter: Letter) -> Delivery | None:
        """Name sender and reader and ask to go on; give the answer where the server says no."""
        steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
            lambda: line.mail(self._server.return_path(letter.mark)),
            lambda: line.rcpt(letter.to.address),
            lambda: line.docmd("DATA"),
        )
        code, said = 0, b""
        for step in steps:
            code, said = step()
            if code not in _TAKEN:
                self._begin_anew(line, code)
                return _answer(code, said, unknown="later")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, said)
        return None

    def _begin_anew(self, line: smtplib.SMTP, code: int) -> None:
        """Make the connection ready for the next message, or give it up."""
        try:
            if code != _BUSY and line.rset()[0] == 250:
                return
        except _BROKEN:
            pass
        self.leave()

    def _given(self, line: smtplib.SMTP, content: bytes) -> Delivery:
        """Give the content; whatever breaks here leaves it in doubt."""
        try:
            line.send(_DOT.sub(b"..", content) + b".\r\n")
            code, said = line.getreply()
        except _BROKEN as error:
            self.leave()
            return Delivery("unsure", _told(error))
        if code == _BUSY:
            self.leave()
        return _answer(code, said, unknown="unsure")


@contextmanager
def postman(server: MailServer, within_s: float | None = None) -> Iterator[Postman]:
    """Give a postman whose connection is ended afterwards."""
    one = Postman(server, within_s)
    try:
        yield one
    finally:
        one.leave()


def _ended(line: _Line) -> None:
    line.guard(time.monotonic() + LEAVE_S)
    with suppress(*_BROKEN):
        line.quit()
    line.close()


def _answer(code: int, said: bytes, *, unknown: Outcome) -> Delivery:
    """Say what an answer means: 2xx took it, 4xx later, 5xx never; others make no sense."""
    by_class: dict[int, Outcome] = {2: "sent", 4: "later", 5: "refused"}
    return Delivery(by_class.get(code // 100, unknown), cleaned(f"{code} {_text(said)}"))


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def _told(error: BaseException) -> str:
    """Say what went wrong, without an address and without anything that was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return cleaned(f"{error.smtp_code} {_text(said) if isinstance(said, bytes) else said}")
    if isinstance(error, OSError) and error.strerror:
        return cleaned(error.strerror)
    return cleaned(error) or type(error).__name__
