"""Outlets: mailing lists, webhooks of newsrooms, accounts on social networks, through Apprise.

What belongs here: which outlets there are, and handing one text to one of them. What never does:
the words, whether it may go out, or trying again: an outlet cannot be asked whether it has a text
already, so a text is handed to it once, and people look where that is in doubt.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from threading import Thread
from typing import Any, Final

from domain.errors import BrokenSetup, FieldError
from domain.markets import base_language
from domain.statement_places import Place, is_by_hand
from integrations.press_list import PressList, read_press_list

OUTLETS_AT_MOST: Final = 50
TAKES_S: Final = 25.0
"""Seconds that an outlet may take; after them nobody knows whether it has the text."""

NAME_LENGTH: Final = 80
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_KEYS: Final = frozenset({"id", "name", "place", "url", "languages"})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where texts for one place are handed on by themselves; `url` is an address of Apprise.

    The address holds passwords: it is never shown. Without `languages` it takes every language.
    """

    id: str
    name: str
    place: Place
    url: str = field(repr=False)
    languages: tuple[str, ...] = ()

    def takes(self, language: str) -> bool:
        """Say whether it takes texts of a language."""
        own = {base_language(one) for one in self.languages}
        return not own or base_language(language) in own


@dataclass(frozen=True)
class Outlets:
    """The outlets of one installation, and its press list; none on the embedded default."""

    every: tuple[Outlet, ...] = ()
    press_list: PressList | None = None

    def at(self, place: str, language: str) -> tuple[Outlet, ...]:
        """List those of a place that take a language."""
        return tuple(one for one in self.every if one.place == place and one.takes(language))

    def hand(self, outlet: Outlet, title: str, body: str) -> bool | None:
        """Hand a text to an outlet, once; say whether it took it, None where nobody can know."""
        apprise = _apprise()
        outside = apprise.Apprise()
        if not outside.add(outlet.url):
            return False
        kind = apprise.NotifyFormat.TEXT
        return _within(
            TAKES_S,
            outlet.id,
            lambda: bool(outside.notify(title=title, body=body, body_format=kind)),
        )


def _within(limit_s: float, outlet: str, hand: Callable[[], bool]) -> bool | None:
    """Wait for an outlet, but not for ever: one that sends a sign now and then holds no other."""
    took: list[bool] = []

    def handing() -> None:
        try:
            took.append(hand())
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, its address too
            log.warning("outlet %s raised %s", outlet, type(error).__name__)
            took.append(False)

    waiting = Thread(target=handing, name=f"outlet {outlet}", daemon=True)
    waiting.start()
    waiting.join(limit_s)
    return took[0] if took else None


def read_outlets(document: Mapping[str, Any]) -> Outlets:
    """Read what the TOML file holds: rows of `[[outlets]]`, and the table `[press_list]`.

    Raises BrokenSetup with one sentence per problem; an address is never quoted in it.
    """
    rows = document.get("outlets", [])
    wrong = [FieldError(name, "Only [[outlets]] and [press_list] may stand here.")
             for name in document if name not in ("outlets", "press_list")]  # fmt: skip
    if not isinstance(rows, list) or len(rows) > OUTLETS_AT_MOST:
        wrong.append(FieldError("outlets", f"Write at most {OUTLETS_AT_MOST} rows [[outlets]]."))
        rows = []
    found, taken = [], set[str]()
    for number, row in enumerate(rows):
        problems = list(_problems(f"outlets.{number}", row, taken))
        wrong += problems
        if not problems:
            taken.add(row["id"])
            found.append(_outlet(row))
    press_list = None
    if "press_list" in document:
        press_list, problems_of_list = read_press_list(document["press_list"])
        wrong += problems_of_list
    if wrong:
        first = wrong[0]
        raise BrokenSetup(
            f"The file of outlets cannot be used: {first.path}. {first.sentence}",
            "Correct what is named here.",
            fields=tuple(wrong),
        )
    return Outlets(tuple(found), press_list)


def _problems(path: str, row: Any, taken: Iterable[str]) -> Iterable[FieldError]:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row [[outlets]] with id, name, place and url.")
        return
    for name in sorted(set(row) - _KEYS):
        yield FieldError(
            f"{path}.{name}", f"Only these may stand here: {', '.join(sorted(_KEYS))}."
        )
    for name in ("id", "name", "place", "url"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            yield FieldError(f"{path}.{name}", "Write it, in quotation marks.")
            return
    if not _ID.fullmatch(row["id"]):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits and dashes.")
    if len(row["name"]) > NAME_LENGTH or not row["name"].isprintable():
        yield FieldError(f"{path}.name", f"Write one line of at most {NAME_LENGTH} characters.")
    if row["id"] in taken:
        yield FieldError(f"{path}.id", "Another outlet has this id.")
    yield from _unreachable(path, row)


def _unreachable(path: str, row: Mapping[str, Any]) -> Iterable[FieldError]:
    if row["place"] not in _PLACES:
        yield FieldError(f"{path}.place", f"Choose among: {', '.join(_PLACES)}.")
    languages = row.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
        yield FieldError(f"{path}.languages", 'Write a list such as ["en", "zh-CN"].')
    if not _apprise().Apprise().add(row["url"]):
        yield FieldError(f"{path}.url", "Apprise does not know such an address; see its list.")


_PLACES: Final = tuple(str(place) for place in Place if is_by_hand(place))


def _outlet(row: Mapping[str, Any]) -> Outlet:
    return Outlet(
        id=row["id"],
        name=row["name"],
        place=Place(row["place"]),
        url=row["url"],
        languages=tuple(row.get("languages", ())),
    )


def _apprise() -> Any:
    """Give the library, once it is needed: it takes a second to load, and most never need it.

    What it logs names addresses with their passwords: it says nothing here.
    """
    logging.getLogger("apprise").disabled = True
    return import_module("apprise")
