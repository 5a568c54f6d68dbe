"""The press list: which newsrooms get a published text by e-mail, and through which mail server.

What belongs here: reading and checking `[press_list]` of the file of outlets, and who takes which
language. What never does: sending (integrations/press_mail.py), or the words. Addresses of people
and the password of the server are never shown, in a sentence or in a log.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

from domain.errors import FieldError
from domain.markets import base_language, is_within

NEWSROOMS_AT_MOST: Final = 300
NAME_LENGTH: Final = 80
LOCAL_PART_AT_MOST: Final = 23
"""Characters before the @ of our own address: with 41 more, the mark of a message, they are 64."""

USUAL_PORT: Final = {"starttls": 587, "tls": 465, "none": 25}
"""The ways to reach a mail server, each with its usual port."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})*")
_MARKET: Final = re.compile(r"[A-Z]{2}")
_OF_LIST: Final = ("from", "host", "name", "newsrooms", "password", "port", "tls", "user")
_OF_NEWSROOM: Final = ("address", "id", "languages", "markets", "name")
_LONGEST_ADDRESS: Final = 254

Problems = Iterator[FieldError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsroom: where it is reached, which languages it reads (the first before the others).

    Without `markets` it gets texts of every market.
    """

    id: str
    name: str
    address: str = field(repr=False)
    languages: tuple[str, ...]
    markets: tuple[str, ...] = ()

    def reads(self, languages: Iterable[str], markets: Iterable[str]) -> str:
        """Give the language in which it gets a text of these languages; "" where it gets none."""
        of = tuple(markets)
        if self.markets and of and not any(is_within(one, self.markets) for one in of):
            return ""
        return next(filter(None, (nearest(own, languages) for own in self.languages)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PressList:
    """A mail server, as whom we write, and the newsrooms that are written to."""

    host: str
    port: int
    tls: str
    sender: str = field(repr=False)
    name: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    newsrooms: tuple[Newsroom, ...] = field(default=(), repr=False)

    @property
    def domain(self) -> str:
        """The domain that we write from."""
        return self.sender.rpartition("@")[2]

    def return_path(self, mark: str) -> str:
        """Give the address to which servers report about the message of a mark."""
        local, _, domain = self.sender.rpartition("@")
        return f"{local}+{mark}@{domain}" if mark else self.sender


def nearest(wanted: str, languages: Iterable[str]) -> str:
    """Give the language of several that is the wanted one, else one of another region; else ""."""
    there = list(languages)
    if wanted in there:
        return wanted
    of = base_language(wanted)
    return next((one for one in there if base_language(one) == of), "")


# ---------------------------------------------------------------- reading


def read_press_list(row: Any) -> tuple[PressList | None, tuple[FieldError, ...]]:
    """Read `[press_list]`; with problems, one sentence each, there is none."""
    wrong = tuple(_problems(row))
    if wrong:
        return None, wrong
    return (
        PressList(
            host=row["host"],
            port=row.get("port", USUAL_PORT[_tls(row)]),
            tls=_tls(row),
            sender=row["from"],
            name=row["name"],
            user=row.get("user", ""),
            password=row.get("password", ""),
            newsrooms=tuple(_newsroom(one) for one in row["newsrooms"]),
        ),
        (),
    )


def _tls(row: Mapping[str, Any]) -> Any:
    return row.get("tls", "starttls")


def _newsroom(row: Mapping[str, Any]) -> Newsroom:
    lists = {name: tuple(row.get(name, ())) for name in ("languages", "markets")}
    return Newsroom(id=row["id"], name=row["name"], address=row["address"], **lists)


def _problems(row: Any) -> Problems:
    if not isinstance(row, Mapping):
        yield FieldError("press_list", "Write a table [press_list] with host, from and name.")
        return
    yield from _others("press_list", row, _OF_LIST)
    yield from _server(row)
    yield from _words("press_list", row, "name")
    yield from _address("press_list.from", row.get("from"))
    if len(str(row.get("from")).partition("@")[0]) > LOCAL_PART_AT_MOST:
        sentence = f"Write at most {LOCAL_PART_AT_MOST} characters before the @: a mark follows."
        yield FieldError("press_list.from", sentence)
    rows = row.get("newsrooms")
    if not isinstance(rows, list) or not 0 < len(rows) <= NEWSROOMS_AT_MOST:
        sentence = f"Write 1 to {NEWSROOMS_AT_MOST} rows [[press_list.newsrooms]]."
        yield FieldError("press_list.newsrooms", sentence)
        return
    for number, one in enumerate(rows):
        yield from _newsroom_problems(f"press_list.newsrooms.{number}", one)
    yield from _twice(rows)


def _server(row: Mapping[str, Any]) -> Problems:
    host, port = row.get("host"), row.get("port", 1)
    if not isinstance(host, str) or not (_HOST.fullmatch(host) or _is_ip(host)):
        yield FieldError("press_list.host", "Write the name of the mail server.")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port <= 65535:
        yield FieldError("press_list.port", "Write a number from 1 to 65535, or leave it out.")
    if not isinstance(_tls(row), str) or _tls(row) not in USUAL_PORT:
        yield FieldError("press_list.tls", f"Choose among: {', '.join(USUAL_PORT)}.")
    given = [row.get(name, "") for name in ("user", "password")]
    if not all(isinstance(one, str) for one in given) or bool(given[0]) != bool(given[1]):
        yield FieldError("press_list.password", "Write user and password, or leave out both.")
    elif given[1] and _tls(row) == "none" and not _is_here(host):
        yield FieldError("press_list.tls", "A password never goes out in the open: choose another.")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(host: Any) -> bool:
    named = str(host)
    return named == "localhost" or (_is_ip(named) and ip_address(named).is_loopback)


def _newsroom_problems(path: str, row: Any) -> Problems:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row with id, name, address and languages.")
        return
    yield from _others(path, row, _OF_NEWSROOM)
    if not _matches(row.get("id"), _ID):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits and dashes.")
    yield from _words(path, row, "name")
    yield from _address(f"{path}.address", row.get("address"))
    if not row.get("languages") or not _all_match(row["languages"], _LANGUAGE):
        yield FieldError(f"{path}.languages", 'Write a list such as ["en", "zh-CN"].')
    if not _all_match(row.get("markets", []), _MARKET):
        yield FieldError(f"{path}.markets", 'Write a list such as ["CN", "US"], or leave it out.')


def _all_match(told: Any, form: re.Pattern[str]) -> bool:
    return isinstance(told, list) and all(_matches(one, form) for one in told)


def _matches(told: Any, form: re.Pattern[str]) -> bool:
    """Take text alone: a number would be another id than the same in quotation marks."""
    return isinstance(told, str) and form.fullmatch(told) is not None


def _others(path: str, row: Mapping[str, Any], known: Sequence[str]) -> Problems:
    for name in sorted(set(row) - set(known)):
        yield FieldError(f"{path}.{name}", f"Only these may stand here: {', '.join(known)}.")


def _words(path: str, row: Mapping[str, Any], name: str) -> Problems:
    """Take one line alone: it stands in the head of a message."""
    told = row.get(name)
    fits = isinstance(told, str) and told.strip() and told.isprintable()
    if not fits or len(str(told)) > NAME_LENGTH:
        yield FieldError(f"{path}.{name}", f"Write one line of at most {NAME_LENGTH} characters.")


def _address(path: str, told: Any) -> Problems:
    fits = isinstance(told, str) and len(told) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(told)
    if not fits:
        sentence = "Write one address such as desk@news.example, in Latin letters."
        yield FieldError(path, sentence)


def _twice(rows: Iterable[Any]) -> Problems:
    """Find what two newsrooms share: none gets a text twice, and a name tells which one it is."""
    seen = set[tuple[str, str]]()
    for number, row in enumerate(rows):
        for name in ("id", "name", "address"):
            told = (name, str(row.get(name)).casefold()) if isinstance(row, Mapping) else None
            if told in seen:
                path = f"press_list.newsrooms.{number}.{name}"
                yield FieldError(path, f"Another newsroom has this {name}.")
            elif told is not None:
                seen.add(told)
