"""Witnesses: who keeps signed heads of the record where nobody at our server can reach them.

What belongs here: which witnesses there are, reading the file that names them, and handing heads to
one: a folder (of another machine, or one that can only be added to), a mailbox, a webhook. What
never does: choosing heads (activities/witnesses.py), or signing.

Whoever holds one signed head of the company's log can show later that nothing before it was taken
out or altered: the head is over all incidents. What the record's own server holds proves nothing
against somebody who has the server and its keys.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from domain.errors import FieldError, NotConfirmed
from integrations.mail_server import (
    Mailbox,
    MailServer,
    address_problems,
    is_here,
    server_of,
    server_problems,
)
from integrations.outgoing import Outgoing
from integrations.press_mail import Letter, message_id, postman
from integrations.rows import read_rows

AT_MOST: Final = 20
KINDS: Final = ("folder", "mail", "webhook")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_OF_MAIL: Final = ("to", "host", "port", "tls", "from", "name", "user", "password", "every_minutes")
_FIELDS: Final = {"folder": ("folder",), "mail": _OF_MAIL, "webhook": ("url", "token")}
USUAL_MINUTES: Final = 60
"""A mailbox is written to no more often: each head of the log covers all before it."""

LOG_FOLDER: Final = "log"
"""The folder of a witness's folder with the heads of the company's log, by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A signed head to be kept: the ledger's name, its number of entries, the signed note."""

    stream: str
    size: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a witness is handed: the log's head, and the heads of ledgers that it covers since.

    `path` proves, in hex, that the log of `log.size` lines begins with the `old` lines of the head
    handed before (RFC 6962, 2.1.2); `keys` are the words of the keys that verify.
    """

    origin: str
    old: int
    log: Head
    path: tuple[str, ...]
    heads: tuple[Head, ...]
    keys: tuple[str, ...]
    at: datetime


class Witness(Protocol):
    """Somebody who keeps heads."""

    @property
    def id(self) -> str:
        """By which name the file of witnesses has it."""

    @property
    def every_minutes(self) -> int:
        """How often it is written to at most."""

    @property
    def takes_all(self) -> bool:
        """Whether it keeps the heads of ledgers too, and not the newest of the log alone."""

    def newest(self) -> str:
        """Give the newest head of the log that it holds, as a note; "" where it cannot say."""

    def take(self, handed: Handed) -> None:
        """Keep what is handed; the same twice is kept once. Raises NotConfirmed."""


@dataclass(frozen=True, slots=True)
class FolderWitness:
    """A folder: one file for each head and each key, never written twice."""

    id: str
    folder: Path
    every_minutes: int = 0
    takes_all: bool = True

    def newest(self) -> str:
        """Read the newest head back, by its number. Raises NotConfirmed."""
        try:
            if not self.folder.is_dir():
                raise FileNotFoundError("there is no such folder")
            kept = sorted((self.folder / LOG_FOLDER).glob("*.note"), reverse=True)
            return next(filter(None, (one.read_text(encoding="utf-8") for one in kept)), "")
        except (OSError, UnicodeDecodeError) as error:
            raise self._unreachable(error) from error

    def take(self, handed: Handed) -> None:
        """Write each head, and each key, into a file of its own, the newest of the log last."""
        try:
            if not self.folder.is_dir():
                raise FileNotFoundError("there is no such folder")
            for key in handed.keys:
                self._write("keys", f"{key.split('+')[1]}.vkey", f"{key}\n")
            for head in (*handed.heads, handed.log):
                name = f"{head.size:012d}.note"
                self._write(head.stream.replace("/", "_"), name, head.note)
        except OSError as error:
            raise self._unreachable(error) from error

    def _write(self, folder: str, name: str, text: str) -> None:
        place = self.folder / folder
        place.mkdir(exist_ok=True)
        _write(place / name, text)

    def _unreachable(self, error: Exception) -> NotConfirmed:
        why = getattr(error, "strerror", None) or str(error)
        return NotConfirmed(
            f"The folder of the witness {self.id} cannot be used: {why}.",
            "Mount it, or correct the file that ANDON_WITNESSES names.",
        )


def _write(path: Path, text: str) -> None:
    """Write a file once: a folder that can only be added to takes it too.

    What is there is left as it is; a file that is empty, for its writer died, is written.
    """
    if path.exists() and path.stat().st_size:
        return
    with path.open("ab") as opened:
        opened.write(text.encode())
        opened.flush()
        os.fsync(opened.fileno())


@dataclass(frozen=True, slots=True)
class MailWitness:
    """A mailbox elsewhere: one message with the newest head of the log, which covers all others."""

    id: str
    server: MailServer
    to: str = field(repr=False)
    every_minutes: int = USUAL_MINUTES
    takes_all: bool = False

    def newest(self) -> str:
        """Say nothing: a mailbox is not read back."""
        return ""

    def take(self, handed: Handed) -> None:
        """Send the head. Raises NotConfirmed where the server takes nothing now."""
        number = message_id(f"{handed.origin}:{handed.log.size}", self.server.domain)
        keys = "\n".join(handed.keys)
        letter = Letter(
            to=Mailbox(name="", address=self.to),
            language="en",
            subject=f"Andon {handed.origin}: signed head over {handed.log.size} lines",
            body=f"{_KEEP}\n\n{handed.log.note}\n{keys}\n",
            message_id=number,
        )
        with postman(self.server) as carrier:
            blocked = carrier.reach()
            became = None if blocked else carrier.hand(letter, handed.at)
        if became is None or became.outcome in ("later", "refused"):
            said = blocked if became is None else became.said
            raise NotConfirmed(
                f"The mail to the witness {self.id} did not go out: {said}.",
                "It is tried again. Correct the file that ANDON_WITNESSES names if it stays so.",
            )


_KEEP: Final = (
    "Keep this message. It holds the signed head of a company's record of recalls. With it anybody "
    "can show later that nothing recorded before was taken out or altered "
    "(andon verify --witness).\n"
    "请保存此邮件。其中是公司召回记录的签名树头；日后凭此可证明此前的记录未被删改"
    "（andon verify --witness）。"
)


@dataclass(frozen=True, slots=True)
class WebhookWitness:
    """An address elsewhere that is sent all heads as JSON."""

    id: str
    outgoing: Outgoing
    url: str = field(repr=False)
    token: str = field(default="", repr=False)
    every_minutes: int = 0
    takes_all: bool = True

    def newest(self) -> str:
        """Say nothing: it checks by itself, with the proof that it is handed."""
        return ""

    def take(self, handed: Handed) -> None:
        """Send the heads. Raises NotConfirmed unless the answer is a 2xx."""
        told = {
            "origin": handed.origin,
            "old": handed.old,
            "log": {"size": handed.log.size, "note": handed.log.note},
            "consistency": list(handed.path),
            "heads": [
                {"stream": one.stream, "size": one.size, "note": one.note} for one in handed.heads
            ],
            "keys": list(handed.keys),
        }
        headers = {
            "content-type": "application/json",
            "idempotency-key": f"{handed.origin}:{handed.log.size}",
        }
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        answer = self.outgoing.send(
            f"The witness {self.id}", "POST", self.url, headers, json.dumps(told).encode()
        )
        if not 200 <= answer.status < 300:
            raise NotConfirmed(
                f"The witness {self.id} answered {answer.status}.",
                "It is tried again. A 409 means that it holds a head which ours does not follow "
                "from: find out why before anything else.",
            )


def read_witnesses(document: Mapping[str, Any], outgoing: Outgoing) -> tuple[Witness, ...]:
    """Read what the TOML file holds: rows of `[[witnesses]]`.

    Raises BrokenSetup with one sentence per problem; no value is quoted.
    """
    return read_rows(document, "witnesses", AT_MOST, _problems, lambda row: _witness(row, outgoing))


def _witness(row: Mapping[str, Any], outgoing: Outgoing) -> Witness:
    if row["kind"] == "folder":
        return FolderWitness(row["id"], Path(row["folder"]))
    if row["kind"] == "mail":
        every = row.get("every_minutes", USUAL_MINUTES)
        return MailWitness(row["id"], MailServer(**server_of(row)), row["to"], every)
    return WebhookWitness(row["id"], outgoing, row["url"], row.get("token", ""))


def _problems(path: str, row: Any, taken: Mapping[str, Witness]) -> Iterator[FieldError]:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row [[witnesses]] with id and kind.")
        return
    if not isinstance(row.get("id"), str) or not _ID.fullmatch(row["id"]):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits and -.")
    elif row["id"] in taken:
        yield FieldError(f"{path}.id", "Another witness has this id.")
    kind = row.get("kind")
    if kind not in KINDS:
        yield FieldError(f"{path}.kind", f"Choose among: {', '.join(KINDS)}.")
        return
    fields = _FIELDS[str(kind)]
    for name in sorted(set(row) - {"id", "kind", *fields}):
        yield FieldError(f"{path}.{name}", f"Only these may stand here: {', '.join(fields)}.")
    yield from {"folder": _of_folder, "mail": _of_mail, "webhook": _of_webhook}[str(kind)](
        path, row
    )


def _of_folder(path: str, row: Mapping[str, Any]) -> Iterator[FieldError]:
    folder = row.get("folder")
    if not isinstance(folder, str) or "\0" in folder or not Path(folder).is_absolute():
        yield FieldError(f"{path}.folder", "Write the whole path of a folder, from / on.")


def _of_mail(path: str, row: Mapping[str, Any]) -> Iterator[FieldError]:
    yield from address_problems(f"{path}.to", row.get("to"))
    yield from server_problems(path, row)
    every = row.get("every_minutes", USUAL_MINUTES)
    if isinstance(every, bool) or not isinstance(every, int) or not 1 <= every <= 10_080:
        yield FieldError(f"{path}.every_minutes", "Write a number from 1 to 10080.")


def _of_webhook(path: str, row: Mapping[str, Any]) -> Iterator[FieldError]:
    url, token = row.get("url"), row.get("token", "")
    told = url if isinstance(url, str) else ""
    scheme, host = _scheme_and_host(told)
    is_address = scheme in ("http", "https") and bool(host)
    if not is_address or not told.isascii() or not told.isprintable() or " " in told:
        yield FieldError(f"{path}.url", "Write an address such as https://witness.example/heads.")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        yield FieldError(f"{path}.token", "Write it in quotation marks, in Latin letters.")
    elif token and scheme == "http" and not is_here(host):
        yield FieldError(f"{path}.token", "A token never goes out in the open: write https.")


def _scheme_and_host(told: str) -> tuple[str, str]:
    try:
        parts = urlsplit(told)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""
