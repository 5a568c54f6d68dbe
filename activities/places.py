"""Places that drafts leave open: which, in which languages, the words around them, who fills them.

What belongs here: reading drafts and texts that are begun for what nobody has said yet. What never
does: a value (activities/derived.py), or the words of a draft (activities/drafting.py).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from activities import drafting
from activities.derived import TEMPLATES, Desk, asked, known_values
from domain.errors import NotFound
from domain.fact_languages import is_foreign
from domain.fact_values import Value
from domain.facts import all_facts
from domain.markets import base_language, markets_addressed
from domain.press_contract import Variable
from domain.references import PRINTED, REFERENCE, filled
from domain.state import Incident
from domain.state.statement import Statement
from domain.statement_facts import clock_of, quoted, with_names
from domain.statement_text import QuotedFact, Rendition
from domain.values import PublicText

MARK: Final = "＿＿＿＿"
"""What stands in a shown sentence where a field goes; a screen reader says it as a blank."""

_ENDS: Final = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
"""Where a sentence ends and the next begins."""

_AROUND: Final = "\"'“”‘’「」•-–·:：,，.。 "
"""What may stand around a place that is alone in its line."""


class Way(StrEnum):
    """How a place is filled that nobody has filled yet."""

    FACT = "fact"
    ACT = "act"
    LIST = "list"
    HAND = "hand"
    """In the text itself: it is of this text alone, or nobody wrote the phrase in its language."""


class FilledBy(NamedTuple):
    """How a place is filled, and where: the name of the act, or the key of the company's file."""

    way: Way
    at: str = ""


_FILLED: Final[Mapping[str, FilledBy]] = {
    "company": FilledBy(Way.LIST, "name_en, name_zh"),
    "product": FilledBy(Way.LIST, "products"),
    "codes": FilledBy(Way.LIST, "products: items"),
    "registration": FilledBy(Way.LIST, "products: registrations"),
    "hotline": FilledBy(Way.LIST, "hotlines"),
    "link": FilledBy(Way.LIST, "website"),
    "line": FilledBy(Way.ACT, "set_agreed_line"),
    "do_not_say": FilledBy(Way.ACT, "set_agreed_line"),
    "answers": FilledBy(Way.ACT, "set_agreed_line"),
    "speaker": FilledBy(Way.ACT, "set_agreed_line"),
    "lots": FilledBy(Way.ACT, "set_scope"),
    "cause": FilledBy(Way.ACT, "sign_finding"),
    "finish_by": FilledBy(Way.ACT, "sign_recall_plan"),
}
"""What no recorded fact fills: what people settle in an act, and what the company's file says."""


class OpenPlace(NamedTuple):
    """A place that a draft leaves open, and the languages in which it does.

    `is_known` says that somebody has settled it since: the text takes it in when it is sent again.
    """

    variable: Variable
    languages: tuple[str, ...]
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is looked at for open places: the first draft of a kind, or a text that is begun.

    `texts` are the words with their references and `facts` what was written into them, both empty
    for a first draft; `about` is the text that a correction is about.
    """

    kind: str
    markets: tuple[str, ...]
    languages: tuple[str, ...]
    about: str = ""
    texts: tuple[Rendition, ...] = ()
    facts: tuple[QuotedFact, ...] = ()


def filled_by(name: str) -> FilledBy:
    """Say how a place is filled by people: a fact, an act, the company's file, or by hand."""
    if name in _FILLED:
        return _FILLED[name]
    is_fact = any(one.name == name for one in asked())
    return FilledBy(Way.FACT if is_fact else Way.HAND)


def sheet_of(text: Statement) -> Sheet:
    """Give the sheet of a text that is begun, as it was typed."""
    return Sheet(
        kind=text.kind,
        markets=text.markets,
        languages=text.languages,
        about=text.about or text.id,
        texts=text.sources,
        facts=text.facts,
    )


def open_places(desk: Desk, incident: Incident, sheet: Sheet) -> tuple[OpenPlace, ...]:
    """List what a sheet leaves open, in the order of the text; a place stands there once."""
    if sheet.texts:
        return _open_in_text(desk, incident, sheet)
    if sheet.kind not in TEMPLATES.kinds():
        return ()
    form = TEMPLATES.form_for(sheet.kind, sheet.markets)
    there = TEMPLATES.languages(sheet.kind, form)
    found: dict[Variable, list[str]] = {}
    for language in sheet.languages:
        if TEMPLATES.written_in(sheet.kind, form, language) not in there:
            continue
        known = _known(desk, incident, sheet, language)
        for place in TEMPLATES.variables(sheet.kind, form):
            if place.name not in known:
                found.setdefault(place, []).append(language)
    return tuple(OpenPlace(place, tuple(languages)) for place, languages in found.items())


def _open_in_text(desk: Desk, incident: Incident, sheet: Sheet) -> tuple[OpenPlace, ...]:
    """List what the references of a text that is begun find no words for."""
    told, found = {fact.key: fact for fact in sheet.facts}, dict[str, list[str]]()
    for text in sheet.texts:
        for match in REFERENCE.finditer(f"{text.title}\n{text.body}"):
            fact = told.get(match.group(1))
            is_told = fact is not None and fact.status in PRINTED
            if fact is None or not is_told or is_foreign(text.language, fact):
                found.setdefault(match.group(1), []).append(text.language)
    known = {one: _known(desk, incident, sheet, one) for one in sheet.languages} if found else {}
    return tuple(
        OpenPlace(place, lacking or languages, not lacking)
        for name, spoken in found.items()
        for languages in [tuple(dict.fromkeys(spoken))]
        for lacking in [tuple(one for one in languages if name not in known[one])]
        if (place := _variable(name)) is not None
    )


def _known(desk: Desk, incident: Incident, sheet: Sheet, language: str) -> Mapping[str, Value]:
    markets = markets_addressed(language, sheet.markets)
    return known_values(desk, incident, language, sheet.about, markets)


def _variable(name: str) -> Variable | None:
    try:
        return TEMPLATES.catalogue().variable(name)
    except NotFound:
        return None


class Sentences:
    """The sentences around places, with MARK there: each text of a sheet is written once."""

    def __init__(self, desk: Desk, incident: Incident, now: datetime) -> None:
        """Take the desk and the incident, and the moment as of which figures are listed."""
        self._desk, self._incident, self._now = desk, incident, now
        self._read: dict[tuple[Sheet, str], _Read | None] = {}

    def around(self, sheet: Sheet, name: str, language: str) -> str:
        """Give the sentence of a sheet around a place in a language; "" where there is none.

        Other facts are written in as they stand; a place that is alone in its line has the line
        before it.
        """
        if not sheet.texts and name not in _names(sheet):
            return ""
        key = (sheet, base_language(language))
        if key not in self._read:
            self._read[key] = self._looked_up(sheet, language)
        read = self._read[key]
        said = _sentence(f"{read.text.title}\n{read.text.body}", name) if read else ""
        if read is None or not said:
            return ""
        one = replace(read.text, title=PublicText(""), body=PublicText(said))
        return str(filled(one, read.facts, clock_of(self._incident, sheet.markets)).text.body)

    def _looked_up(self, sheet: Sheet, language: str) -> "_Read | None":
        text = next(iter(_words(self._desk, self._incident, sheet, language)), None)
        if text is None:
            return None
        listed = drafting.listed(
            self._desk, self._incident, (text,), self._now, sheet.about, sheet.markets
        )
        facts = {fact.key: fact for fact in listed}
        facts |= {
            key: with_names(quoted(fact), facts.get(key))
            for key, fact in all_facts(self._incident).items()
        }
        return _Read(text, facts)


class _Read(NamedTuple):
    text: Rendition
    facts: Mapping[str, QuotedFact]


def _names(sheet: Sheet) -> tuple[str, ...]:
    """Name what the templates of a kind speak of; nothing for what has none."""
    if sheet.kind not in TEMPLATES.kinds():
        return ()
    return TEMPLATES.contract(sheet.kind, TEMPLATES.form_for(sheet.kind, sheet.markets)).names


def _words(desk: Desk, incident: Incident, sheet: Sheet, language: str) -> Iterable[Rendition]:
    """Give the words of a sheet in a language, with their references."""
    base = base_language(language)
    if sheet.texts:
        return (one for one in sheet.texts if base_language(one.language) == base)
    try:
        told = drafting.suggest(
            desk, incident, sheet.kind, language, sheet.about, sheet.markets, referring=True
        )
    except NotFound:
        return ()
    title, body = PublicText(told.title), PublicText(told.body)
    return (Rendition(language=language, title=title, body=body),)


def _sentence(said: str, name: str) -> str:
    before = ""
    for line in filter(None, map(str.strip, said.split("\n"))):
        marked = REFERENCE.sub(lambda m: MARK if m.group(1) == name else m.group(), line)
        if MARK in marked:
            one = next(part for part in _ENDS.split(marked) if MARK in part).strip()
            return f"{before} {one}".strip() if one.strip(_AROUND) == MARK else one
        if REFERENCE.sub("", line).strip(_AROUND):
            before = line
    return ""
