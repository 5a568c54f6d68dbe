"""What a report is filled from, and what comes of it: the shapes of a filing packet.

What belongs here: shapes. What never does: finding a value (domain/packet_values.py), or a form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from domain.fact_values import Value, ValueKind
from domain.hazard import HazardEvaluated
from domain.recall_terms import RecallMethod
from domain.regulation_terms import FilingKind
from domain.state import Incident
from domain.state.notice import Duty
from domain.values import PrivateText


class Standing(StrEnum):
    """How sure the value of a field is, or why there is none."""

    KNOWN = "known"
    PRELIMINARY = "preliminary"
    """Reported, and nobody has verified it yet."""
    DISPUTED = "disputed"
    OTHER_LANGUAGE = "other_language"
    """On record, but not in the language of the report."""
    TYPED = "typed"
    """A person filled it in for this report."""
    SEALED = "sealed"
    """On record, and the reader may not open it; or it was erased."""
    MISSING = "missing"
    """Asked for, and not on record."""
    EMPTY = "empty"
    """Not on record, and not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What somebody or something is called in the two languages of the company's lists."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProduct:
    """A product as the company's list has it."""

    id: str
    name: Names
    brand: str
    category: Names
    codes: tuple[str, ...]
    registrations: tuple[tuple[str, str], ...]
    """Market and number, of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLot:
    """A lot as the company's list has it."""

    number: str
    made_on: date | None
    expires_on: date | None
    site: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """Somebody of the company whom an authority can reach."""

    name: Names
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedConsignee:
    """A consignee as the company's list has it."""

    name: Names
    market: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyKnown:
    """What the company's own lists say, as far as a report may ask for it."""

    name: Names = Names()
    website: str = ""
    hotline: str = ""
    contacts: tuple[ListedPerson, ...] = ()
    responsible: tuple[ListedPerson, ...] = ()
    products: Mapping[str, ListedProduct] = field(default_factory=dict)
    lots: Mapping[str, ListedLot] = field(default_factory=dict)
    consignees: Mapping[str, ListedConsignee] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one entry of a case tells in the person's words, sealed."""

    seq: int
    words: PrivateText


@dataclass(frozen=True, slots=True, kw_only=True)
class FromEntries:
    """What entries hold that no state keeps.

    `opened` are the private words that the reader may read, by their reference; what is not among
    them stays sealed.
    """

    accounts: tuple[Account, ...] = ()
    hazard: tuple[int, HazardEvaluated] | None = None
    told_how: tuple[RecallMethod, ...] = ()
    opened: Mapping[str, str] = field(default_factory=dict)


class Speech(Protocol):
    """One language's words for what the domain names by codes."""

    def member(self, value: StrEnum) -> str:
        """Give the word of a member of a closed list."""

    def pick(self, en: str, zh: str) -> str:
        """Choose between two texts that stand side by side."""

    def country(self, code: str) -> str:
        """Name a country or market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that one report is filled from, in one language."""

    incident: Incident
    duty: Duty
    kind: FilingKind
    language: str
    speech: Speech
    company: CompanyKnown = CompanyKnown()
    entries: FromEntries = FromEntries()
    law: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def market(self) -> str:
        """Give the country that the report is for, or the market."""
        return self.duty.place or self.duty.market

    def named(self, names: Names) -> str:
        """Name something from the company's lists."""
        return self.speech.pick(names.en, names.zh)

    def words(self, members: Iterable[StrEnum]) -> tuple[str, ...]:
        """Give the words of several members of a closed list."""
        return tuple(map(self.speech.member, members))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value that is on record, and in which entries; none where a list of the company has it."""

    value: Value
    kind: ValueKind = ValueKind.TEXT
    seqs: tuple[int, ...] = ()
    standing: Standing = Standing.KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketField:
    """One field of a report: its label and value in each language of the packet.

    `seqs` are the entries that it comes from, `verified` whether a source that was read asks for
    it.
    """

    key: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    source: str
    standing: Standing
    seqs: tuple[int, ...]
    required: bool
    verified: bool
    private: bool

    @property
    def is_said(self) -> bool:
        """Say whether the report tells anything here, if only that it is not known."""
        return self.standing is not Standing.EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSection:
    """Fields of a report under one heading."""

    titles: tuple[str, ...]
    fields: tuple[PacketField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a form asks for and the report cannot tell, what to do, and which act does it."""

    key: str
    labels: tuple[str, ...]
    what: str
    act: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One report, filled from what is on record: the same record gives the same packet.

    `languages` are those of labels and values, the one that is filed first. `reference` stands on
    every page. `size` and `as_of` name the last entry that it rests on.
    """

    form: str
    form_version: str
    languages: tuple[str, ...]
    titles: tuple[str, ...]
    official_seen: bool
    verified: bool
    citation: str
    source: str
    note: tuple[str, ...]
    incident: str
    drill: bool
    duty: str
    rule: str
    kind: FilingKind
    reference: str
    size: int
    as_of: Any
    rules: str
    sections: tuple[PacketSection, ...]
    missing: tuple[Missing, ...]

    @property
    def fields(self) -> tuple[PacketField, ...]:
        """List the fields of all sections."""
        return tuple(one for section in self.sections for one in section.fields)

    @property
    def is_private(self) -> bool:
        """Say whether it holds words about a person that not everybody may read."""
        return any(one.private and any(one.values) for one in self.fields)
