"""Public notices: what stands at this installation's own place, and which lots are concerned.

What belongs here: reading what is published, once for each change, and the index behind "is mine
affected?". What never does: a word of our own, or anything that is not out. A recall draws a crowd
in an hour: a page asks the database for two numbers and no more.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.engine import Engine

from domain.errors import NotFound
from domain.gtin import gtin_is_valid
from domain.lot_check import LotIndex, index_of
from domain.markets import base_language, nearest_language
from domain.pack_marks import PackMarks, marks_of
from domain.state import read_incident_text
from domain.statement_text import phones_told
from services.house import House
from storage import catalog, incidents, publications
from storage.catalog import Lot
from storage.publications import StoredText

CHECKED: Final = frozenset({"recall_notice"})
"""Kinds of texts beside which people check a lot."""

PRINTED_DATES: Final = ("expires_on", "made_on")


@dataclass(frozen=True, slots=True)
class Notice:
    """A published text as it was approved: `document` is its bundle, `changed_by` newer words."""

    name: str
    incident: str
    statement: str
    version: int
    kind: str
    at: datetime
    sha256: str
    document: dict[str, Any]
    changed_by: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """List its languages."""
        return tuple(text["language"] for text in self.document["texts"])

    def words(self, language: str) -> tuple[str, str]:
        """Give headline and words in one of its languages."""
        found = {text["language"]: text for text in self.document["texts"]}[language]
        return found["title"], found["body"]

    def title_for(self, language: str) -> str:
        """Give its headline for readers of a language, in their own where there is one."""
        return self.words(nearest_language(self.languages, [language]) or self.languages[0])[0]

    @property
    def checks_lots(self) -> bool:
        """Say whether people can check their lot beside it: a recall that stands."""
        return self.kind in CHECKED


def notices(house: House) -> tuple[Notice, ...]:
    """List the newest version of every published text that is no drill, the newest first."""
    mark = publications.mark_of(house.engine)
    return house.kept.get("notices", mark, lambda: _read(house.engine))


def notice(house: House, name: str) -> Notice:
    """Give a notice by its name in the address. Raises NotFound."""
    for each in notices(house):
        if each.name == name:
            return each
    raise NotFound("There is no such notice.", "All notices are listed at /recalls.")


def approved_bytes(house: House, one: Notice) -> bytes:
    """Give what was approved, byte for byte: these are the bytes whose SHA-256 is shown."""
    stands = publications.stored_text(house.engine, one.incident, one.statement, one.version)
    return stands.content


def phones(house: House, one: Notice) -> tuple[str, ...]:
    """Give the phone numbers that the facts of a notice know as such, looked up once for each."""
    return house.kept.get(f"phones {one.name}", one.version, lambda: _phones(house, one))


def _phones(house: House, one: Notice) -> tuple[str, ...]:
    stored = incidents.load_state(house.engine, one.incident)
    if stored is None:
        return ()
    texts = read_incident_text(stored.state, house.rules(stored.rules_hash)).statement.statements
    return phones_told(texts[one.statement].facts) if one.statement in texts else ()


def lot_index(house: House, one: Notice) -> LotIndex | None:
    """Give the lots that a notice's recall reaches now; None where it has no scope yet.

    The scope is signed by people before it stands. It may reach further than the notice that is
    out says: then the check already answers for the wider scope, the safer side.
    """
    if not one.checks_lots:
        return None
    return _indexed(house, one.incident, scope_version(house, one))


def recalls(house: House, spoken: Iterable[str] = ()) -> tuple[tuple[Notice, LotIndex | None], ...]:
    """Give one notice for each recall beside which people check a lot, the newest first.

    Where a recall has several, for other markets, it is the one in a language of the reader:
    `spoken` names those, the best first. Without an index: nobody has settled yet which lots it
    reaches. One look at the database tells whether any of them changed.
    """
    wanted = [base_language(one) for one in spoken]
    newest: dict[str, Notice] = {}
    for one in notices(house):
        if one.checks_lots:
            before = newest.setdefault(one.incident, one)
            if _rank(one, wanted) < _rank(before, wanted):
                newest[one.incident] = one
    versions = incidents.versions_of(house.engine, tuple(newest))
    return tuple(
        (one, _indexed(house, incident, versions.get(incident, 0)))
        for incident, one in newest.items()
    )


def _rank(one: Notice, wanted: list[str]) -> tuple[bool, int]:
    """Say how well a notice fits a reader: one that stands unchanged, in a language of theirs."""
    own = {base_language(language) for language in one.languages}
    best = next((n for n, language in enumerate(wanted) if language in own), len(wanted))
    return bool(one.changed_by), best


def _indexed(house: House, incident: str, version: int) -> LotIndex | None:
    """Give the index of a recall, made anew where its incident has moved on."""
    indexes: dict[str, tuple[int, LotIndex | None]] = house.kept.get("lots", "", dict)
    known = indexes.get(incident)
    if known is None or known[0] != version:
        indexes[incident] = known = (version, _index(house, incident))
    return known[1]


def scope_version(house: House, one: Notice) -> int:
    """Give the number that grows whenever the scope of a notice may have changed."""
    return incidents.version_of(house.engine, one.incident)


def _index(house: House, incident: str) -> LotIndex | None:
    stored = incidents.load_state(house.engine, incident)
    if stored is None:
        return None
    scope = read_incident_text(stored.state, house.rules(stored.rules_hash)).recall.scope
    if scope is None:
        return None
    reached = scope.coverage.lots
    listed = catalog.lots_by_id(house.engine, reached)
    numbers = {lot: listed[lot].number if lot in listed else lot for lot in reached}
    return index_of(
        numbers.values(),
        unbounded=scope.unbounded,
        marks=_marks(house, scope.coverage.products, list(listed.values())),
    )


def _marks(house: House, products: Iterable[str], lots: Iterable[Lot]) -> PackMarks:
    """Read codes and dates from the company's list; a set has the code of its own, and counts."""
    listed = {item.id: item.document for item in catalog.list_items(house.engine, "product")}
    concerned, before = set(products), 0
    while before != len(concerned):
        before = len(concerned)
        concerned |= {
            each
            for each, told in listed.items()
            if concerned.intersection(told.get("contains", ()))
        }
    codes = {
        each: [pack.get("gtin", "") for pack in listed.get(each, {}).get("items", ())]
        for each in concerned
    }
    return marks_of(
        [code for each in codes.values() for code in each],
        every_code=bool(codes)
        and all(those and all(map(gtin_is_valid, those)) for those in codes.values()),
        dated=[(lot.number, day) for lot in lots for day in _dates(lot)],
    )


def _dates(lot: Lot) -> list[date]:
    """Give the dates that stand on a lot's packs, as far as the list has them."""
    found = []
    for name in PRINTED_DATES:
        with suppress(ValueError):
            found.append(date.fromisoformat(str(lot.document.get(name, ""))))
    return found


def _read(engine: Engine) -> tuple[Notice, ...]:
    newest: dict[str, StoredText] = {}
    for text in publications.list_texts(engine):
        name = f"{text.incident}-{text.statement}"
        if name not in newest or newest[name].version < text.version:
            newest[name] = text
    documents = {name: json.loads(text.content) for name, text in newest.items()}
    about: dict[str, list[str]] = {}
    for name, text in newest.items():
        if original := documents[name].get("about"):
            about.setdefault(f"{text.incident}-{original}", []).append(name)
    return tuple(
        Notice(
            name=name,
            incident=text.incident,
            statement=text.statement,
            version=text.version,
            kind=text.kind,
            at=text.at,
            sha256=text.sha256,
            document=documents[name],
            changed_by=tuple(about.get(name, ())),
        )
        for name, text in newest.items()
    )
