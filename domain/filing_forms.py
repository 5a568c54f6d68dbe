"""Forms of reports to authorities, as data: what each asks for, and where the answer comes from.

What belongs here: the types of a form file, its checks, its schema. What never does: a form itself
(templates/filings/), filling one (domain/packets.py), or how it looks on paper.

A form says of itself and of each field whether the official one was seen. Where it was not, the
layout is Andon's own, and the paper says so.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from domain.errors import FieldError
from domain.plan_reading import file_schema, read_file
from domain.values import Json

OURS: Final = ("en", "zh-CN")
"""Languages that every form is labelled in: those that our own people read."""

GENERIC: Final = "generic"
"""The form of a duty whose rule names none."""

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Wrong = Iterator[FieldError]


class FormSource(StrEnum):
    """Where the value of a field comes from: a closed list, nothing is written by itself."""

    REPORT_NUMBER = "report.number"
    """Our own number of the report; the same in every follow-up of one duty's subject."""
    REPORT_KIND = "report.kind"
    REPORT_COUNT = "report.count"
    """Which report of its duty this is: 1, 2, 3."""
    REPORT_AS_OF = "report.as_of"
    """When the last entry was recorded that this report rests on."""
    PERSON = "person"
    """A person fills it in."""
    FACT = "fact"
    """A recorded fact, by its key (`fact`)."""
    TEXTS = "texts"
    """Texts that stand or went out, of the `kinds` named: number, title, hash."""
    INCIDENT_NUMBER = "incident.number"
    INCIDENT_FIRST_KNOWN = "incident.first_known"
    """When the first of us knew, of it or of a person hurt: what its clocks count from."""
    INCIDENT_FAULT = "incident.fault"
    INCIDENT_MARKETS = "incident.markets"
    DUTY_AUTHORITY = "duty.authority"
    DUTY_TITLE = "duty.title"
    DUTY_LAW = "duty.law"
    DUTY_PLACE = "duty.place"
    DUTY_KNOWN = "duty.known"
    """Since when we knew: of the person the duty is about, else of the incident."""
    AUTHORITY_ACTS = "authority.acts"
    COMPANY_NAME = "company.name"
    COMPANY_ROLE = "company.role"
    """What we are in the market by the plan, of those that the rule obliges."""
    COMPANY_WEBSITE = "company.website"
    COMPANY_HOTLINE = "company.hotline"
    COMPANY_CONTACT = "company.contact"
    COMPANY_RESPONSIBLE = "company.responsible"
    COMPANY_SITES = "company.sites"
    PRODUCT_NAME = "product.name"
    PRODUCT_BRAND = "product.brand"
    PRODUCT_CATEGORY = "product.category"
    PRODUCT_CODES = "product.codes"
    PRODUCT_REGISTRATION = "product.registration"
    LOTS_NUMBERS = "lots.numbers"
    LOTS_DATES = "lots.dates"
    CASE_NUMBER = "case.number"
    CASE_COUNTRY = "case.country"
    CASE_LOT = "case.lot"
    CASE_OUTCOMES = "case.outcomes"
    CASE_SERIOUSNESS = "case.seriousness"
    CASE_AWARENESS = "case.awareness"
    CASE_PERSON = "case.person"
    CASE_ACCOUNT = "case.account"
    CASES_COUNT = "cases.count"
    CASES_SERIOUS = "cases.serious"
    CASES_LIST = "cases.list"
    HAZARD_INJURIES = "hazard.injuries"
    HAZARD_CONDITIONS = "hazard.conditions"
    HAZARD_GROUPS = "hazard.groups"
    HAZARD_SERIOUSNESS = "hazard.seriousness"
    HAZARD_OCCURRENCE = "hazard.occurrence"
    HAZARD_CONSEQUENCES = "hazard.consequences"
    HAZARD_RESULT = "hazard.result"
    FINDING_OUTCOME = "finding.outcome"
    FINDING_CAUSE = "finding.cause"
    FINDING_MECHANISM = "finding.mechanism"
    TESTS_RESULTS = "tests.results"
    HALT_LEVELS = "halt.levels"
    HALT_LINES = "halt.lines"
    RECALL_ACTION = "recall.action"
    RECALL_DEPTH = "recall.depth"
    RECALL_REASON = "recall.reason"
    RECALL_DECIDED = "recall.decided"
    RECALL_STARTED = "recall.started"
    """When it began in the country: as planned there, else when it was decided."""
    RECALL_MARKETS = "recall.markets"
    RECALL_WHY_LOTS = "recall.why_lots"
    RECALL_METHODS = "recall.methods"
    RECALL_REMEDIES = "recall.remedies"
    RECALL_FINISH = "recall.finish"
    RECALL_CHECK_LEVEL = "recall.check_level"
    RECALL_CRITERIA = "recall.criteria"
    UNITS_MADE = "units.made"
    UNITS_SHIPPED = "units.shipped"
    UNITS_SOLD = "units.sold"
    UNITS_ON_HAND = "units.on_hand"
    UNITS_OUT = "units.out"
    UNITS_RETURNED = "units.returned"
    UNITS_NOT_RETURNED = "units.not_returned"
    UNITS_DISPOSED = "units.disposed"
    UNITS_RETURN_RATE = "units.return_rate"
    CONSIGNEES_COUNT = "consignees.count"
    CONSIGNEES_LIST = "consignees.list"
    CONSIGNEES_TOLD = "consignees.told"
    CONSIGNEES_TOLD_FIRST = "consignees.told_first"
    CONSIGNEES_TOLD_LAST = "consignees.told_last"
    CONSIGNEES_TOLD_HOW = "consignees.told_how"
    CONSIGNEES_ANSWERED = "consignees.answered"
    CONSIGNEES_HOLD = "consignees.hold"
    CONSIGNEES_SILENT = "consignees.silent"
    CONSIGNEES_RETURNED = "consignees.returned"
    CONSUMERS_TOLD = "consumers.told"
    CHECKS_MADE = "checks.made"
    CHECKS_RESULTS = "checks.results"


PRIVATE: Final = frozenset({FormSource.CASE_PERSON, FormSource.CASE_ACCOUNT})
"""Sources whose words lie sealed: only who may open them has them in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a form.

    `label` by language. `verified` says whether a source that was read names this field. `fact` is
    the key of a fact, `kinds` those of texts. `private` says that what a person fills in may be
    about somebody's health: the file is then kept for those who may see that.
    """

    key: str
    label: dict[str, str]
    source: FormSource
    required: bool = False
    verified: bool = True
    fact: str | None = None
    kinds: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSection:
    """Fields under one heading, in their order."""

    title: dict[str, str]
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingForm:
    """One form: what an authority is told in a report, in which languages it reads.

    `languages` are the authority's, the one that is filed first. `official_seen` is true only where
    the layout of the official form was read; `verified`, where the list of what is asked for was.
    `text` names the kind of public text that this form is sent with and that has its own template.
    """

    id: str
    version: str
    languages: tuple[str, ...]
    title: dict[str, str]
    official_seen: bool
    verified: bool
    citation: str
    source: str
    sections: tuple[FormSection, ...]
    note: dict[str, str] = field(default_factory=dict)
    text: str | None = None

    @property
    def fields(self) -> tuple[FormField, ...]:
        """List the fields of all sections."""
        return tuple(one for section in self.sections for one in section.fields)

    @property
    def to_fill(self) -> tuple[FormField, ...]:
        """List the fields that a person fills in."""
        return tuple(one for one in self.fields if one.source is FormSource.PERSON)


def read_form(document: Mapping[str, Any], *, what: str = "The form") -> FilingForm:
    """Read a form from what its TOML file holds.

    Raises BrokenSetup with one sentence per problem, each with its path, at most 20.
    """
    return read_file(FilingForm, document, what=what, checks=_checks)


def form_schema() -> Json:
    """Give the JSON Schema of a form file (templates/filings/form.schema.json)."""
    return file_schema(FilingForm, title="A report to an authority: its fields and their sources")


# ---------------------------------------------------------------- what must fit together


def _checks(form: FilingForm) -> Wrong:
    if not _ID.fullmatch(form.id):
        yield FieldError("id", f"{form.id!r} is no id: small letters, such as us-recall.")
    if not form.languages:
        yield FieldError("languages", "Say which language the authority reads.")
    if form.official_seen and not form.verified:
        yield FieldError("official_seen", "A form that was seen is verified.")
    yield from _said(form, "title", form.title)
    if form.note:
        yield from _said(form, "note", form.note)
    counted = Counter(one.key for one in form.fields)
    for key in (one for one, count in counted.items() if count > 1):
        yield FieldError("sections", f"{key!r} stands here twice; each field needs its own key.")
    for number, section in enumerate(form.sections):
        yield from _said(form, f"sections.{number}.title", section.title)
        for place, one in enumerate(section.fields):
            yield from _field(form, f"sections.{number}.fields.{place}", one)


def _field(form: FilingForm, path: str, one: FormField) -> Wrong:
    if not _KEY.fullmatch(one.key):
        yield FieldError(f"{path}.key", f"{one.key!r} is no key: small letters, such as lot.")
    yield from _said(form, f"{path}.label", one.label)
    if (one.source is FormSource.FACT) != (one.fact is not None):
        yield FieldError(f"{path}.fact", "A fact is named where the value is one, and only there.")
    if (one.source is FormSource.TEXTS) != bool(one.kinds):
        yield FieldError(f"{path}.kinds", "Kinds of texts are named where the value is texts.")
    if one.private and one.source is not FormSource.PERSON:
        yield FieldError(f"{path}.private", "Only what a person fills in is marked as private.")


def _said(form: FilingForm, path: str, words: Mapping[str, str]) -> Wrong:
    """Tell languages in which something is not said."""
    for language in dict.fromkeys((*form.languages, *OURS)):
        if language not in words:
            yield FieldError(f"{path}.{language}", f"Write it in {language} as well.")
