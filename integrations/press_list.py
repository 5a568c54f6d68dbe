"""The press list: which newsrooms get a published text by e-mail, and through which mail server.

What belongs here: reading and checking `[press_list]` of the file of outlets, and who takes which
language. What never does: sending (integrations/press_mail.py), or the words. Addresses of people
and the password of the server are never shown, in a sentence or in a log.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.errors import FieldError
from domain.markets import base_language, is_within
from integrations.mail_server import (
    Mailbox,
    MailServer,
    Problems,
    address_problems,
    name_problems,
    server_of,
    server_problems,
)

NEWSROOMS_AT_MOST: Final = 300
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})*")
_MARKET: Final = re.compile(r"[A-Z]{2}")
_OF_LIST: Final = ("from", "host", "name", "newsrooms", "password", "port", "tls", "user")
_OF_NEWSROOM: Final = ("address", "id", "languages", "markets", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom(Mailbox):
    """A newsroom: where it is reached, which languages it reads (the first before the others).

    Without `markets` it gets texts of every market.
    """

    id: str
    languages: tuple[str, ...]
    markets: tuple[str, ...] = ()

    def reads(self, languages: Iterable[str], markets: Iterable[str]) -> str:
        """Give the language in which it gets a text of these languages; "" where it gets none."""
        of = tuple(markets)
        if self.markets and of and not any(is_within(one, self.markets) for one in of):
            return ""
        return next(filter(None, (nearest(own, languages) for own in self.languages)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PressList(MailServer):
    """A mail server, as whom we write, and the newsrooms that are written to."""

    newsrooms: tuple[Newsroom, ...] = field(default=(), repr=False)


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
        PressList(**server_of(row), newsrooms=tuple(_newsroom(one) for one in row["newsrooms"])),
        (),
    )


def _newsroom(row: Mapping[str, Any]) -> Newsroom:
    lists = {name: tuple(row.get(name, ())) for name in ("languages", "markets")}
    return Newsroom(id=row["id"], name=row["name"], address=row["address"], **lists)


def _problems(row: Any) -> Problems:
    if not isinstance(row, Mapping):
        yield FieldError("press_list", "Write a table [press_list] with host, from and name.")
        return
    yield from _others("press_list", row, _OF_LIST)
    yield from server_problems("press_list", row)
    rows = row.get("newsrooms")
    if not isinstance(rows, list) or not 0 < len(rows) <= NEWSROOMS_AT_MOST:
        sentence = f"Write 1 to {NEWSROOMS_AT_MOST} rows [[press_list.newsrooms]]."
        yield FieldError("press_list.newsrooms", sentence)
        return
    for number, one in enumerate(rows):
        yield from _newsroom_problems(f"press_list.newsrooms.{number}", one)
    yield from _twice(rows)


def _newsroom_problems(path: str, row: Any) -> Problems:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row with id, name, address and languages.")
        return
    yield from _others(path, row, _OF_NEWSROOM)
    if not _matches(row.get("id"), _ID):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits and dashes.")
    yield from name_problems(path, row, "name")
    yield from address_problems(f"{path}.address", row.get("address"))
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
