"""A report to an authority for one reader: read from ledger, lists and vault, and filled.

What belongs here: gathering what a packet is filled from, with the private words that this reader
may open and no others. What never does: a value (domain/packets.py), or what the sheet looks like
(activities/filing_pdf.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from activities.filing_forms import form, form_ids
from activities.filing_pdf import packet_pdf
from activities.hotlines import number_for
from activities.words import Words, territories, words_in
from domain.canonical import sha256_hex
from domain.cases import CaseRegistered
from domain.errors import Malformed, NotFound, Refused
from domain.filing_forms import GENERIC, OURS, FilingForm
from domain.hazard import HazardEvaluated
from domain.ledger import read_numbered
from domain.markets import LANGUAGES, base_language, is_within
from domain.notifications import NotificationSent
from domain.packet_terms import (
    Account,
    CompanyKnown,
    FromEntries,
    ListedConsignee,
    ListedLot,
    ListedPerson,
    ListedProduct,
    Names,
    Packet,
    Told,
)
from domain.packets import packet
from domain.people import Access, Actor, Role
from domain.recall_terms import Reader, RecallMethod
from domain.regulation_terms import FilingKind
from domain.regulations import Rule
from domain.state import Incident
from domain.state.notice import Duty
from domain.values import PrivateText
from services import evidence, read_log, vaulting
from services.answering import answering
from services.company import about_company
from services.evidence import Brought
from services.house import House
from services.read_log import Read
from storage import catalog, company, people, streams

RESPONSIBLE: Final = {
    "CN": Role.DOMESTIC_RESPONSIBLE_CN,
    "US": Role.RESPONSIBLE_PERSON_US,
}
"""Who answers for a market towards its authorities; in all of Europe it is one role."""

LOTS_TOLD: Final = 500
"""Lots whose days a report tells; of more, the numbers alone."""

_READ: Final = ("CaseRegistered", "HazardEvaluated", "NotificationSent")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which report is asked for: form, kind, languages, and what a person filled in."""

    form: str = ""
    kind: FilingKind | None = None
    languages: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- which form, which kind


def duty_of(incident: Incident, duty: str) -> Duty:
    """Give a duty. Raises NotFound."""
    found = incident.notice.duties.get(duty)
    if found is None:
        raise NotFound(
            f"There is no duty {duty:.20} in {incident.id}.", "See the duties of the incident."
        )
    return found


def rule_of(incident: Incident, duty: Duty) -> Rule | None:
    """Give the rule of a duty, as the incident's own rules have it."""
    return next((one for one in incident.rules.regulations if one.id == duty.rule), None)


def form_of(incident: Incident, duty: Duty, wanted: str = "") -> FilingForm:
    """Give the form that a duty's rule names, the generic one where it names none; or a wanted one.

    Raises Malformed for one that is not among `forms_for`.
    """
    there = forms_for(incident, duty)
    if wanted and wanted not in there:
        raise Malformed(
            f"There is no form {wanted!r:.40} for {duty.id}.", f"Choose: {', '.join(there)}."
        )
    return form(wanted or there[0])


def forms_for(incident: Incident, duty: Duty) -> tuple[str, ...]:
    """List the forms of a duty: its own first, then the others of its market, then the generic."""
    rule = rule_of(incident, duty)
    own = (rule.form if rule else None) or GENERIC
    of_market = (one for one in form_ids() if one.startswith(f"{duty.market.lower()}-"))
    return tuple(dict.fromkeys((own, *of_market, GENERIC)))


def language_of(used: FilingForm, duty: Duty) -> str:
    """Give the language that a report is filed in: of the form's, one that its country speaks."""
    there = LANGUAGES.get(duty.place or duty.market, ())
    return next((one for one in used.languages if base_language(one) in there), used.languages[0])


def require_languages(used: FilingForm, languages: Iterable[str]) -> None:
    """Refuse languages that a form has no labels in. Raises Malformed."""
    there = dict.fromkeys((*used.languages, *OURS))
    for language in languages:
        if language not in there:
            raise Malformed(
                f"The form {used.id} has no labels in {language!r:.20}.",
                f"Choose: {', '.join(there)}.",
            )


def kind_of(duty: Duty) -> FilingKind:
    """Say which report of a duty comes next: the first in writing, or one that follows."""
    follows = any(not one.spoken for one in duty.filings) or bool(duty.after)
    return FilingKind.FOLLOW_UP if follows else FilingKind.INITIAL


# ---------------------------------------------------------------- the packet


def prepare(
    house: House, actor: Actor, incident: Incident, duty: Duty, asked: Asked = Asked()
) -> Packet:
    """Fill the form of a duty with what is on record, for whoever reads it; that is noted."""
    read_log.note(house, actor.id, _read(incident, duty))
    used = form_of(incident, duty, asked.form)
    languages = tuple(asked.languages) or (language_of(used, duty),)
    known = _company(house, incident, duty)
    entries = _entries(house, actor, incident, duty)
    told = [
        Told(
            incident=incident,
            duty=duty,
            kind=asked.kind or kind_of(duty),
            language=language,
            speech=speech(language),
            company=known,
            entries=entries,
            law=_law(incident, duty),
            answers=asked.answers,
        )
        for language in languages
    ]
    return packet(used, told)


def pdf(house: House, made: Packet) -> bytes | None:
    """Set a packet as PDF; None where a character of it is in none of the fonts."""
    about = about_company(house)
    names = Names(en=about.get("name_en", ""), zh=about.get("name_zh", ""))
    name = speech(made.languages[0]).pick(names.en, names.zh)
    return packet_pdf(made, company=name, invented=company.is_demo(house.engine))


def cannot_be_set() -> Refused:
    """Say that a report cannot be set as PDF, and what to take instead."""
    return Refused(
        "This report cannot be set as PDF: it holds a character that is in none of the fonts.",
        "Take it as JSON, or change what was typed.",
        code="cannot_be_set",
    )


def keep(house: House, actor: Actor, made: Packet, content: bytes, suffix: str) -> str:
    """Keep the bytes of a report as a file that an act can name; the same bytes, the same file.

    With words about a person's health in it, only who may see those opens it again.
    """
    digest = sha256_hex(content)
    brought = Brought(
        content=content,
        name=f"{made.reference}-{made.form}.{suffix}",
        command_id=f"packet:{actor.id}:{made.incident}:{digest}",
        access=Access.HEALTH if made.is_private else Access.RESTRICTED,
    )
    return evidence.keep(house, actor, brought).address


def _law(incident: Incident, duty: Duty) -> str:
    rule = rule_of(incident, duty)
    return rule.citation if rule else duty.rule


# ---------------------------------------------------------------- words


@dataclass(frozen=True)
class Spoken:
    """One language's words: Chinese where it is Chinese, else our English ones."""

    words: Words
    countries: Mapping[str, str]

    def member(self, value: Any) -> str:
        """Give the word of a member of a closed list."""
        return self.words.member(value)

    def pick(self, en: str, zh: str) -> str:
        """Choose between two texts that stand side by side."""
        return self.words.pick(en, zh)

    def country(self, code: str) -> str:
        """Name a country or market."""
        return (
            self.words.gettext("European Union") if code == "EU" else self.countries.get(code, code)
        )


@cache
def speech(language: str) -> Spoken:
    """Give the words of a language; closed lists have words in Chinese and in English."""
    own = "zh_CN" if base_language(language) == "zh" else "en"
    return Spoken(words_in(own), territories(own))


# ---------------------------------------------------------------- what entries hold


def _entries(house: House, actor: Actor, incident: Incident, duty: Duty) -> FromEntries:
    found = [
        read_numbered(row.stream, row.seq, row.content)
        for row in streams.entries_of_types(house.engine, incident.id, _READ, incident.size)
    ]
    accounts: list[Account] = []
    hazard: tuple[int, HazardEvaluated] | None = None
    told_how: dict[RecallMethod, None] = {}
    for entry in found:
        match entry.event:
            case CaseRegistered(case=duty.case, account=PrivateText() as words):
                accounts.append(Account(seq=entry.seq, words=words))
            case HazardEvaluated() as evaluated:
                hazard = (entry.seq, evaluated)
            case NotificationSent() as sent if _told_there(sent, duty):
                told_how[sent.channel] = None
            case _:
                pass
    case = incident.report.cases.get(duty.case)
    private = [one.words for one in accounts]
    if case is not None and case.person is not None:
        private.append(case.person)
    return FromEntries(
        accounts=tuple(accounts),
        hazard=hazard,
        told_how=tuple(told_how),
        opened=_opened(house, actor, private, _read(incident, duty)),
    )


def _told_there(sent: NotificationSent, duty: Duty) -> bool:
    """Say whether consignees of the report's market may have been told by it."""
    here = not sent.market or is_within(sent.market, [duty.place or duty.market])
    return sent.reader is Reader.CONSIGNEE and here


def _read(incident: Incident, duty: Duty) -> Read:
    return Read(what="packet", incident=incident.id, item=duty.id)


def _opened(house: House, actor: Actor, texts: Iterable[PrivateText], read: Read) -> dict[str, str]:
    """Give the private words that this reader may read; why others are not shown is no word."""
    opened = vaulting.open_texts(house, actor, texts, read)
    return {ref: said for ref, said in opened.items() if vaulting.is_shown(said)}


# ---------------------------------------------------------------- what the lists say


def _company(house: House, incident: Incident, duty: Duty) -> CompanyKnown:
    about, market = about_company(house), duty.place or duty.market
    wanted = {*incident.report.products, *incident.recall.coverage.products}
    wanted |= {case.product for case in incident.report.cases.values()}
    lots = {*incident.recall.coverage.lots, *incident.report.lots}
    lots |= {case.lot for case in incident.report.cases.values() if case.lot}
    responsible = RESPONSIBLE.get(market, Role.RESPONSIBLE_PERSON_EU)
    return CompanyKnown(
        name=_names(about),
        website=about.get("website", ""),
        hotline=number_for(about, market) or about.get("hotline", ""),
        contacts=_people(house, about, Role.REGULATORY_AFFAIRS, market),
        responsible=_people(house, about, responsible, market),
        products={
            item.id: _product(item)
            for item in catalog.items_among(house.engine, "product", wanted).values()
        },
        lots={lot.number: _lot(lot, about) for lot in _lots(house, wanted, lots)},
        consignees={
            item.id: ListedConsignee(
                name=Names(en=item.name_en, zh=item.name_zh), market=item.market
            )
            for item in catalog.items_among(
                house.engine, "consignee", incident.recall.consignees
            ).values()
        },
    )


def _names(row: Mapping[str, Any]) -> Names:
    return Names(en=row.get("name_en", ""), zh=row.get("name_zh", ""))


def _people(
    house: House, about: Mapping[str, Any], role: Role, market: str
) -> tuple[ListedPerson, ...]:
    """List who holds a role and answers for the market."""
    holders = {one.id: one for one in people.list_people(house.engine) if str(role) in one.roles}
    return tuple(
        ListedPerson(
            name=Names(en=holders[one].name_en, zh=holders[one].name_zh),
            email=holders[one].email or "",
        )
        for one in answering(about, holders, market=market)
    )


def _product(item: catalog.Item) -> ListedProduct:
    row = item.document
    return ListedProduct(
        id=item.id,
        name=Names(en=item.name_en, zh=item.name_zh),
        brand=row.get("brand", ""),
        category=Names(en=row.get("category_en", ""), zh=row.get("category_zh", "")),
        codes=tuple(pack["gtin"] for pack in row.get("items", ())),
        registrations=tuple((one["market"], one["number"]) for one in row.get("registrations", ())),
    )


def _lots(house: House, products: Iterable[str], lots: Iterable[str]) -> list[catalog.Lot]:
    return catalog.lots_among(house.engine, products, lots, LOTS_TOLD) or []


def _lot(lot: catalog.Lot, about: Mapping[str, Any]) -> ListedLot:
    row = lot.document
    sites: Mapping[str, Any] = {one["id"]: one for one in about.get("sites", ())}
    return ListedLot(
        number=lot.number,
        made_on=_day(row.get("made_on")),
        expires_on=_day(row.get("expires_on")),
        site=_names(sites.get(row.get("plant", ""), {})),
    )


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
