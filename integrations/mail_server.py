"""The company's mail server: how it is reached, as whom we write, and to whom a message goes.

What belongs here: what a server and a mailbox are, and checking how they are written. What never
does: which file names them, or sending (integrations/press_mail.py).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

from domain.errors import FieldError

NAME_LENGTH: Final = 80
LOCAL_PART_AT_MOST: Final = 23
"""Characters before the @ of our own address: with 41 more, the mark of a message, they are 64."""

USUAL_PORT: Final = {"starttls": 587, "tls": 465, "none": 25}
"""The ways to reach a mail server, each with its usual port."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_ADDRESS: Final = 254

Problems = Iterator[FieldError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Who gets a message: the name that stands in it, and the address."""

    name: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server, and as whom we write."""

    host: str
    port: int
    tls: str
    sender: str = field(repr=False)
    name: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """The domain that we write from."""
        return self.sender.rpartition("@")[2]

    def return_path(self, mark: str) -> str:
        """Give the address to which servers report about the message of a mark."""
        local, _, domain = self.sender.rpartition("@")
        return f"{local}+{mark}@{domain}" if mark else self.sender


def server_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a checked row says of the server, by the names of `MailServer`."""
    return {
        "host": row["host"],
        "port": row.get("port", USUAL_PORT[_tls(row)]),
        "tls": _tls(row),
        "sender": row["from"],
        "name": row["name"],
        "user": row.get("user", ""),
        "password": row.get("password", ""),
    }


def server_problems(path: str, row: Mapping[str, Any]) -> Problems:
    """Find what is wrong with a server and with us as its sender; no value is quoted."""
    yield from _reached(path, row)
    yield from name_problems(path, row, "name")
    yield from address_problems(f"{path}.from", row.get("from"))
    if len(str(row.get("from")).partition("@")[0]) > LOCAL_PART_AT_MOST:
        sentence = f"Write at most {LOCAL_PART_AT_MOST} characters before the @: a mark follows."
        yield FieldError(f"{path}.from", sentence)


def name_problems(path: str, row: Mapping[str, Any], name: str) -> Problems:
    """Take one line alone: it stands in the head of a message."""
    told = row.get(name)
    fits = isinstance(told, str) and told.strip() and told.isprintable()
    if not fits or len(str(told)) > NAME_LENGTH:
        yield FieldError(f"{path}.{name}", f"Write one line of at most {NAME_LENGTH} characters.")


def address_problems(path: str, told: Any) -> Problems:
    """Take one address alone."""
    if not is_address(told):
        sentence = "Write one address such as desk@news.example, in Latin letters."
        yield FieldError(path, sentence)


def is_address(told: Any) -> bool:
    """Say whether this is one e-mail address and nothing else."""
    fits = isinstance(told, str) and len(told) <= _LONGEST_ADDRESS
    return fits and _ADDRESS.fullmatch(told) is not None


def is_here(host: Any) -> bool:
    """Say whether a host is this machine itself."""
    named = str(host)
    return named == "localhost" or (_is_ip(named) and ip_address(named).is_loopback)


def _reached(path: str, row: Mapping[str, Any]) -> Problems:
    host, port = row.get("host"), row.get("port", 1)
    if not isinstance(host, str) or not (_HOST.fullmatch(host) or _is_ip(host)):
        yield FieldError(f"{path}.host", "Write the name of the mail server.")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port <= 65535:
        yield FieldError(f"{path}.port", "Write a number from 1 to 65535, or leave it out.")
    if not isinstance(_tls(row), str) or _tls(row) not in USUAL_PORT:
        yield FieldError(f"{path}.tls", f"Choose among: {', '.join(USUAL_PORT)}.")
    given = [row.get(name, "") for name in ("user", "password")]
    if not all(isinstance(one, str) for one in given) or bool(given[0]) != bool(given[1]):
        yield FieldError(f"{path}.password", "Write user and password, or leave out both.")
    elif given[1] and _tls(row) == "none" and not is_here(host):
        yield FieldError(f"{path}.tls", "A password never goes out in the open: choose another.")


def _tls(row: Mapping[str, Any]) -> Any:
    return row.get("tls", "starttls")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
