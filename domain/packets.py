"""Stage `notice`: a report to an authority, filled from what is on record, and what it lacks.

What belongs here: from incident, duty, form and the company's lists to a packet, its canonical
bytes, and what is missing in words of what to do. What never does: a value that is not on record,
a form (templates/filings/), or sending (domain/filing.py). What is missing never keeps a report
back: the first one goes out with minimum data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from domain import packet_recall, packet_values
from domain.canonical import canonical
from domain.clock import local
from domain.fact_languages import contradicts, is_foreign, said_as
from domain.fact_values import Here, ValueKind, value_of, written
from domain.facts import all_facts
from domain.filing_forms import PRIVATE, FilingForm, FormField, FormSection, FormSource
from domain.market_clocks import at_zone, common_zone
from domain.packet_terms import (
    Found,
    Missing,
    Packet,
    PacketField,
    PacketSection,
    Standing,
    Told,
)
from domain.references import Clock
from domain.state.investigation import FactStatus
from domain.state.statement import STANDS
from domain.statement_facts import clock_of, quoted
from domain.wire import instant_text

# ---------------------------------------------------------------- a fact, texts, what is typed


_OF_FACT: Final = {
    FactStatus.VERIFIED: Standing.KNOWN,
    FactStatus.REPORTED: Standing.PRELIMINARY,
    FactStatus.DISPUTED: Standing.DISPUTED,
}


def _fact(told: Told, one: FormField) -> Found | None:
    """Give a fact as it stands; words of another language stay, and are marked as such."""
    fact = all_facts(told.incident).get(one.fact or "")
    if fact is None or fact.status is FactStatus.RETRACTED:
        return None
    foreign = is_foreign(told.language, quoted(fact))
    standing = Standing.OTHER_LANGUAGE if foreign else _OF_FACT[fact.status]
    clock = _clock(told)
    said = said_as(told.language, fact.said_in, clock.region_for(told.language))
    value = value_of(fact.kind, fact.value if said is None else said, _here(told))
    seqs = (fact.seq,) if fact.seq else ()
    return Found(value=value, kind=fact.kind, seqs=seqs, standing=standing)


def _texts(told: Told, one: FormField) -> Found | None:
    """Name the texts that stand or went out: number, headline, hash of what was approved."""
    standing = [
        text
        for text in told.incident.statement.statements.values()
        if text.kind in one.kinds and text.status in STANDS
    ]
    said = (
        packet_values.BETWEEN.join((text.id, text.texts[0].title, f"SHA-256 {text.sha256}"))
        for text in standing
    )
    return packet_values.lines(said, *(text.entry for text in standing))


def _typed(told: Told, one: FormField) -> Found | None:
    value = told.answers.get(one.key, "").strip()
    return Found(value=value, standing=Standing.TYPED) if value else None


FINDERS: Final = {**packet_values.FINDERS, **packet_recall.FINDERS}


def _found(told: Told, one: FormField) -> Found | None:
    match one.source:
        case FormSource.FACT:
            return _fact(told, one)
        case FormSource.TEXTS:
            return _texts(told, one)
        case FormSource.PERSON:
            return _typed(told, one)
        case _:
            return _in_own_words(told, one, FINDERS[one.source](told))


_WRITTEN_ROOMS: Final = frozenset({"hazard", "finding"})
_WRITTEN: Final = frozenset(
    {FormSource.RECALL_REASON, FormSource.RECALL_CRITERIA, FormSource.CASE_ACCOUNT}
)
"""Sources whose words somebody wrote: in one language, whichever the report is in."""


def _in_own_words(told: Told, one: FormField, found: Found | None) -> Found | None:
    """Mark somebody's own words where their script shows that they are of another language."""
    written_by_hand = one.source in _WRITTEN or one.source.partition(".")[0] in _WRITTEN_ROOMS
    if found is None or not written_by_hand or not isinstance(found.value, str):
        return found
    if contradicts(told.language, found.value):
        return replace(found, standing=Standing.OTHER_LANGUAGE)
    return found


# ---------------------------------------------------------------- how a value is written


def _clock(told: Told) -> Clock:
    return clock_of(told.incident, (told.market,))


def _here(told: Told) -> Here:
    return partial(local, calendar=told.incident.rules.calendar)


def _written(told: Told, found: Found) -> str:
    """Write a value in the language of the report, times on the clock of the authority's country.

    Whichever language it is in: a translation beside it tells the same hour.
    """
    clock, value = _clock(told), found.value
    zone = common_zone((told.market,))
    here, zone = (partial(at_zone, zone=zone), zone) if zone else clock.told_by(told.language)
    if isinstance(value, datetime):
        value = here(value) if found.kind is ValueKind.MOMENT else here(value).date()
    if isinstance(value, tuple) and found.kind is not ValueKind.ROW:
        return "\n".join(value)
    return written(found.kind, clock.manner(told.language), value, zone)


# ---------------------------------------------------------------- what is missing


@dataclass(frozen=True, slots=True)
class _Supply:
    """What to do so that a source has a value, and the act that does it."""

    what: str
    act: str = ""


_LIST: Final = _Supply("It stands on no list of the company: add it there.")
_CASE: Final = _Supply("Register the person who was hurt.", "register_case")
_EVALUATE: Final = _Supply("The health hazard is not evaluated.", "evaluate_hazard")
_FIND: Final = _Supply("No finding on the cause is signed.", "sign_finding")
_DECIDE: Final = _Supply("No recall is decided.", "decide_recall")
_SCOPE: Final = _Supply("The scope does not give it: set it, with its numbers.", "set_scope")
_PLAN: Final = _Supply("No recall plan is signed.", "sign_recall_plan")
_TELL: Final = _Supply("Nobody recorded whom we told.", "record_notification")
_ANSWER: Final = _Supply("No consignee has answered with numbers.", "answer_as_consignee")
_COUNT: Final = _Supply("Nothing has been counted in.", "receive_goods")

BY_ROOM: Final[Mapping[str, _Supply]] = {
    "company": _LIST,
    "product": _LIST,
    "lots": _SCOPE,
    "case": _CASE,
    "cases": _CASE,
    "hazard": _EVALUATE,
    "finding": _FIND,
    "tests": _Supply("No result of a laboratory is recorded.", "record_test"),
    "halt": _Supply("Nothing is halted.", "order_halt"),
    "recall": _DECIDE,
    "units": _SCOPE,
    "consignees": _TELL,
    "consumers": _TELL,
    "checks": _Supply("No effectiveness check is recorded.", "check_effectiveness"),
    "authority": _Supply("No letter or call of the authority is recorded.", "record_authority_act"),
    "incident": _Supply("Answer the questions on severity.", "assess_severity"),
    "texts": _Supply("No such text is approved: write it.", "draft_statement"),
    "person": _Supply("No record holds it: whoever prepares the report fills it in."),
}
"""What is to be done by the first word of a source."""

_BY_SOURCE: Final[Mapping[FormSource, _Supply]] = {
    FormSource.LOTS_DATES: _LIST,
    FormSource.COMPANY_ROLE: _Supply(
        "The plan names no role of ours in this market that the rule obliges: see [[firm]]."
    ),
    FormSource.COMPANY_SITES: _LIST,
    FormSource.CASE_LOT: _Supply("Add the lot to the case, once it is known.", "follow_up_case"),
    FormSource.CASE_PERSON: _Supply("The case does not say who it is.", "register_case"),
    FormSource.CASE_ACCOUNT: _Supply(
        "The case does not say what happened: add it.", "follow_up_case"
    ),
    FormSource.RECALL_METHODS: _PLAN,
    FormSource.RECALL_REMEDIES: _PLAN,
    FormSource.RECALL_FINISH: _PLAN,
    FormSource.RECALL_CHECK_LEVEL: _PLAN,
    FormSource.RECALL_CRITERIA: _PLAN,
    FormSource.RECALL_MARKETS: _SCOPE,
    FormSource.RECALL_WHY_LOTS: _SCOPE,
    FormSource.UNITS_RETURNED: _COUNT,
    FormSource.UNITS_RETURN_RATE: _COUNT,
    FormSource.UNITS_DISPOSED: _Supply("No disposal is recorded.", "dispose_goods"),
    FormSource.CONSIGNEES_COUNT: _SCOPE,
    FormSource.CONSIGNEES_LIST: _SCOPE,
    FormSource.CONSIGNEES_ANSWERED: _ANSWER,
    FormSource.CONSIGNEES_HOLD: _ANSWER,
    FormSource.CONSIGNEES_RETURNED: _ANSWER,
}

_ABOUT_CASE: Final = frozenset({"follow_up_case"})


def _missing(told: Told, one: FormField, made: PacketField) -> Iterator[Missing]:
    if made.standing is Standing.SEALED and one.required:
        what = "It lies sealed, and your role may not open it: whoever may prepares the report."
        yield Missing(key=one.key, labels=made.labels, what=what)
    if made.standing is Standing.OTHER_LANGUAGE and one.required:
        what = "It is on record in another language only: translate it before you send it."
        yield Missing(key=one.key, labels=made.labels, what=what)
    if made.standing is not Standing.MISSING:
        return
    if one.source is FormSource.FACT:
        what = "Record it as a fact."
        yield Missing(
            key=one.key, labels=made.labels, what=what, act="record_fact", item=one.fact or ""
        )
        return
    supply = _BY_SOURCE.get(one.source) or BY_ROOM[one.source.partition(".")[0]]
    item = told.duty.case if supply.act in _ABOUT_CASE else ""
    yield Missing(key=one.key, labels=made.labels, what=supply.what, act=supply.act, item=item)


# ---------------------------------------------------------------- the packet


def packet(form: FilingForm, told: Sequence[Told]) -> Packet:
    """Fill a form for a duty, in one language or several: the one that is filed stands first.

    What is not on record stays empty and is named in `missing`, as far as the form asks for it.
    """
    first = told[0]
    languages = tuple(each.language for each in told)
    sections = tuple(_section(section, told) for section in form.sections)
    made = {one.key: one for section in sections for one in section.fields}
    incident, duty = first.incident, first.duty
    return Packet(
        form=form.id,
        form_version=form.version,
        languages=languages,
        titles=_said(form.title, languages),
        official_seen=form.official_seen,
        verified=form.verified,
        citation=form.citation,
        source=form.source,
        note=_said(form.note, languages) if form.note else (),
        incident=incident.id,
        drill=bool(incident.drill),
        duty=duty.id,
        rule=duty.rule,
        kind=first.kind,
        reference=packet_values.reference_of(first),
        size=incident.size,
        as_of=incident.last_at,
        rules=incident.rules.hash,
        sections=sections,
        missing=tuple(lack for one in form.fields for lack in _missing(first, one, made[one.key])),
    )


def _said(words: Mapping[str, str], languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(words.get(language) or words["en"] for language in languages)


def _section(section: FormSection, told: Sequence[Told]) -> PacketSection:
    languages = [each.language for each in told]
    fields = tuple(_field(one, told) for one in section.fields)
    return PacketSection(titles=_said(section.title, languages), fields=fields)


def _field(one: FormField, told: Sequence[Told]) -> PacketField:
    found = [_found(each, one) for each in told]
    first = found[0]
    if first is None:
        standing = Standing.MISSING if one.required else Standing.EMPTY
    else:
        standing = first.standing
    return PacketField(
        key=one.key,
        labels=_said(one.label, [each.language for each in told]),
        values=tuple(
            _written(each, value) if value is not None else ""
            for each, value in zip(told, found, strict=True)
        ),
        source=f"fact:{one.fact}" if one.source is FormSource.FACT else str(one.source),
        standing=standing,
        seqs=first.seqs if first is not None else (),
        required=one.required,
        verified=one.verified,
        private=one.private or one.source in PRIVATE,
    )


# ---------------------------------------------------------------- its bytes


def packet_document(made: Packet) -> dict[str, Any]:
    """Give a packet as plain JSON: what is hashed, and what a program reads."""
    return {
        "form": made.form,
        "form_version": made.form_version,
        "languages": list(made.languages),
        "title": _by_language(made, made.titles),
        "official_form_seen": made.official_seen,
        "verified": made.verified,
        "citation": made.citation,
        "source": made.source,
        "note": _by_language(made, made.note),
        "incident": made.incident,
        "exercise": made.drill,
        "duty": made.duty,
        "rule": made.rule,
        "kind": str(made.kind),
        "reference": made.reference,
        "entries": made.size,
        "as_of": instant_text(made.as_of) if made.as_of else "",
        "rules": made.rules,
        "sections": [
            {
                "title": _by_language(made, section.titles),
                "fields": [_field_document(made, one) for one in section.fields],
            }
            for section in made.sections
        ],
        "missing": [
            {"field": one.key, "label": _by_language(made, one.labels), "what": one.what}
            for one in made.missing
        ],
    }


def _field_document(made: Packet, one: PacketField) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": _by_language(made, one.labels),
        "value": _by_language(made, one.values),
        "source": one.source,
        "entries": list(one.seqs),
        "standing": str(one.standing),
        "required": one.required,
        "verified": one.verified,
    }


def _by_language(made: Packet, words: Sequence[str]) -> dict[str, str]:
    return dict(zip(made.languages, words, strict=False))


def packet_bytes(made: Packet) -> bytes:
    """Give the canonical bytes of a packet: the same packet, the same bytes, the same hash."""
    return canonical(packet_document(made))
