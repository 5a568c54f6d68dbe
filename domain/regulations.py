"""Duties to tell an authority, as data: one row per rule, with its source and how sure we are.

What belongs here: the types of a rule file, its checks, and the way from file to value and back.
What never does: a number of a law (plan/regulations/), what an incident's facts are
(domain/triggers.py), or when a limit is over (domain/clock.py).

A rule whose text was not verified never drives a deadline: it asks legal to confirm it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from domain.errors import FieldError
from domain.limits import ALLOWED_COUNTING, Counting, Limit, Unit
from domain.plan_reading import either_way, file_document, file_schema, read_file, require_fit
from domain.recall_terms import RecallAction
from domain.regulation_terms import (
    AuthorityActKind,
    CaseIs,
    ClockStart,
    Deed,
    FindingIs,
    Force,
    Obliged,
    ProductClass,
    RecordStart,
    SocialImpact,
    Subject,
)
from domain.severity import Evidence, Fault, Grade, HaltLevel, Intent, Outcome
from domain.values import Json
from domain.wire import added

OF_COUNTRY = "of_country"
"""Stands for the calendar of the country where the person was hurt or the goods are."""

_CALENDAR = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|" + OF_COUNTRY)
_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")
_MARKET = re.compile(r"[A-Z]{2}|ASEAN")
_RECIPIENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Wrong = Iterator[FieldError]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One row of a trigger: all that is written in it must hold; one row that holds is enough.

    `case` is the level of the hurt person's case under the rule's own law, `outcome` what happened
    to the person. `people` and `serious` are how many are hurt, and seriously, in the rule's
    market, at least. `new_information` and `filed` speak of the report that this rule follows,
    `changed` of the recall after it, `completed` of the recall there, `resumed` of production that
    stood still, for as long as `stood_for` where that is written. `possible` makes the duty a
    possible one: its clock runs while a named person judges.
    """

    case: tuple[CaseIs, ...] = ()
    outcome: tuple[Outcome, ...] = added(())
    people: int | None = added(None)
    serious: int | None = added(None)
    intent: tuple[Intent, ...] = added(())
    social_impact: tuple[SocialImpact, ...] = ()
    grade: Grade | None = None
    fault: tuple[Fault, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    recall: tuple[RecallAction, ...] = ()
    recall_open: bool = False
    finding: tuple[FindingIs, ...] = ()
    halted: tuple[HaltLevel, ...] = ()
    authority: tuple[AuthorityActKind, ...] = ()
    new_information: bool = False
    filed: bool = False
    changed: bool = added(False)
    completed: bool = added(False)
    resumed: bool = added(False)
    stood_for: Limit | None = added(None)
    possible: bool = False

    def conditions(self) -> dict[str, Any]:
        """Give the conditions that are written, by name."""
        beside = ("possible", "stood_for")
        written = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in beside}
        return {name: value for name, value in written.items() if value not in ((), None, False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One duty of one law: who must tell whom, what starts the clock, and how long it runs.

    A limit of "at once" has no number in the law: the company's own target takes its place, shown
    as such. `limit_words` are the law's own words for it. `covers` names rules that a report under
    this one fulfils as well, for the same recipient and subject. `follow_ups` names the rules that
    a filed report opens; `repeats` lets each filed report open the next. `within` is for how long
    after the first report new information counts. `set_by_authority`: the authority fixes the
    limit in each case, so that a person may set it by hand. `form` names the packet of
    templates/filings that the report is made from. `deed` is what is to be done where that is no
    report, `products` the classes of product that the rule speaks of. A limit before an event is
    negative. `imputed` is after how long what any employee knew counts as known to the firm.
    `keep` names the records that are kept of it.
    """

    id: str
    version: str
    title_en: str
    title_zh: str
    recipient: str
    authority_en: str
    authority_zh: str
    instrument: str
    article: str
    obliged: tuple[Obliged, ...]
    subject: Subject
    when: tuple[When, ...]
    clock_start: ClockStart
    limit: Limit = either_way()
    force: Force
    calendar: str
    channel_en: str
    channel_zh: str
    citation: str
    source: str
    verified: bool
    counting: Counting | None = None
    limit_words_en: str | None = None
    limit_words_zh: str | None = None
    content_en: tuple[str, ...] = ()
    content_zh: tuple[str, ...] = ()
    each_country: bool = False
    covers: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    repeats: bool = False
    within: Limit | None = None
    set_by_authority: bool = False
    effective_from: date | None = None
    effective_to: date | None = None
    quote: str | None = None
    note_en: str | None = None
    note_zh: str | None = None
    form: str | None = added(None)
    deed: Deed = added(Deed.REPORT)
    products: tuple[ProductClass, ...] = added((ProductClass.COSMETIC,))
    imputed: Limit | None = added(None)
    keep: tuple[str, ...] = added(())
    market: str = ""

    def is_in_force(self, first_on: date, last_on: date) -> bool:
        """Say whether the rule is in force on any of some days."""
        begun = self.effective_from is None or self.effective_from <= last_on
        return begun and (self.effective_to is None or first_on <= self.effective_to)

    @property
    def is_immediate(self) -> bool:
        """Say whether the law names no number, only "immediately" or "without delay"."""
        return self.limit.unit is Unit.IMMEDIATELY


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A rule that people expect and that does not apply here, with the reason."""

    id: str
    instrument: str
    because_en: str
    because_zh: str
    citation: str
    market: str = added("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What must be kept of an incident, for how long and from when; it drives no clock.

    `limit` is None where the law names no number ("longer than the shelf life"). `counts_from` is
    the fact of an incident from which data of people in it are kept (domain/retention.py); None
    where nobody has said it, and then people judge.
    """

    id: str
    what_en: str
    what_zh: str
    limit: Limit | None = None
    since_en: str
    since_zh: str
    obliged: tuple[Obliged, ...]
    citation: str
    source: str
    verified: bool
    note_en: str | None = None
    note_zh: str | None = None
    counts_from: RecordStart | None = added(None)
    market: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulationFile:
    """The rules of one market."""

    market: str
    title_en: str
    title_zh: str
    checked_on: date
    rules: tuple[Rule, ...]
    considered: tuple[Considered, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of all markets, as they are pinned with the plan."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the rules of all markets: rules that do not apply, records to keep."""

    considered: tuple[Considered, ...] = ()
    records: tuple[Record, ...] = ()


NOTHING_BESIDE = Beside()


# ---------------------------------------------------------------- reading


def read_regulations(document: Mapping[str, Any], *, what: str = "The rule file") -> RegulationFile:
    """Read the rules of one market from what its TOML file holds.

    Raises BrokenSetup with one sentence per problem, each with its path, at most 20. `what` names
    the file in the sentence.
    """
    market = document.get("market", "")
    for name in ("rules", "considered", "records"):
        rows = document.get(name)
        if isinstance(rows, list | tuple):
            filled = [{"market": market, **r} if isinstance(r, Mapping) else r for r in rows]
            document = {**document, name: filled}
    return read_file(RegulationFile, document, what=what, checks=_file_checks)


def together(files: Iterable[RegulationFile]) -> tuple[Rule, ...]:
    """Put the rules of all markets together, in order of their ids.

    Raises BrokenSetup when two files name the same market or rule, or a reference leads nowhere.
    """
    every = tuple(files)
    rules = sorted((rule for each in every for rule in each.rules), key=lambda rule: rule.id)
    markets = Counter(each.market for each in every)

    def checks(whole: RuleSet) -> Wrong:
        for market in (one for one, count in markets.items() if count > 1):
            yield FieldError("market", f"{market} stands in two files; one file per market.")
        yield from _set_checks(whole)

    whole = RuleSet(rules=tuple(rules))
    return require_fit(whole, what="The regulations folder", checks=checks).rules


def beside(files: Iterable[RegulationFile]) -> Beside:
    """Gather what stands beside the rules of all markets, in order of the ids."""
    every = tuple(files)
    return Beside(
        considered=tuple(sorted((c for f in every for c in f.considered), key=lambda c: c.id)),
        records=tuple(sorted((r for f in every for r in f.records), key=lambda r: r.id)),
    )


def beside_document(found: Beside) -> Json:
    """Give the canonical plain JSON of what stands beside the rules."""
    return file_document(Beside, found)


def beside_from_document(document: Any) -> Beside:
    """Read what was pinned beside the rules. Raises BrokenSetup when it is none."""
    return read_file(Beside, document, what="What is pinned beside the rules", checks=_no_checks)


def _no_checks(_found: Beside) -> Wrong:
    yield from ()


def regulations_document(rules: tuple[Rule, ...]) -> list[Json]:
    """Give the canonical plain JSON of the rules: what is hashed and stored with the plan."""
    rows: list[Json] = file_document(RuleSet, RuleSet(rules=rules))["rules"]
    return rows


def regulations_from_document(rows: Any) -> tuple[Rule, ...]:
    """Read pinned rules back. Raises BrokenSetup when they are none."""
    document = {"rules": rows}
    return read_file(RuleSet, document, what="The pinned regulations", checks=_set_checks).rules


def regulations_schema() -> Json:
    """Give the JSON Schema of a rule file (plan/regulations/regulations.schema.json)."""
    return file_schema(RegulationFile, title="Duties to tell the authorities of one market")


# ---------------------------------------------------------------- what must fit together


def _file_checks(file: RegulationFile) -> Wrong:
    if not _MARKET.fullmatch(file.market):
        yield FieldError("market", f"{file.market!r} is no market: two capital letters.")
    for number, rule in enumerate(file.rules):
        if rule.market != file.market:
            yield FieldError(f"rules.{number}.market", "A rule belongs to the market of its file.")
    yield from _set_checks(RuleSet(rules=file.rules))
    yield from _kept(file)


def _kept(file: RegulationFile) -> Wrong:
    """Tell records that stand twice, and rules that name none of their file."""
    counted = Counter(row.id for row in file.records)
    for row_id in (one for one, count in counted.items() if count > 1):
        yield FieldError("records", f"{row_id!r} stands here twice; each needs its own id.")
    for number, rule in enumerate(file.rules):
        for row_id in rule.keep:
            if row_id not in counted:
                sentence = f"There is no record {row_id!r} in this file."
                yield FieldError(f"rules.{number}.keep", sentence)


def _set_checks(rules: RuleSet) -> Wrong:
    counted = Counter(rule.id for rule in rules.rules)
    for rule_id in (one for one, count in counted.items() if count > 1):
        yield FieldError("rules", f"{rule_id!r} stands here twice; each rule needs its own id.")
    for number, rule in enumerate(rules.rules):
        path = f"rules.{number}"
        yield from _names(path, rule)
        yield from _trigger(path, rule)
        yield from _clock(path, rule)
        yield from _words(path, rule)
        yield from _references(path, rule, counted)
    yield from _cycles(rules.rules)


def _names(path: str, rule: Rule) -> Wrong:
    if not _ID.fullmatch(rule.id):
        yield FieldError(f"{path}.id", f"{rule.id!r} is no id: capitals, such as CN-ADR-SERIOUS.")
    if not _RECIPIENT.fullmatch(rule.recipient):
        sentence = f"{rule.recipient!r} is no code: small letters, such as us-fda."
        yield FieldError(f"{path}.recipient", sentence)
    if not rule.products:
        yield FieldError(f"{path}.products", "Say which class of product the rule speaks of.")
    if rule.form is not None and not _RECIPIENT.fullmatch(rule.form):
        yield FieldError(
            f"{path}.form", f"{rule.form!r} is no form: small letters, such as au-131."
        )
    if not rule.obliged:
        yield FieldError(f"{path}.obliged", "Say which role of a firm the rule obliges.")
    given = (rule.effective_from, rule.effective_to)
    if given[0] is not None and given[1] is not None and given[1] < given[0]:
        yield FieldError(f"{path}.effective_to", "A rule cannot end before it begins.")


_OF_SUBJECT = {
    Subject.CASE: ("case", "outcome", "new_information", "filed"),
    Subject.AUTHORITY_ACT: ("authority",),
}
"""One of these conditions must stand in each row, so that the duty has its subject."""

_OF_CASE = {"case": "level", "outcome": "outcome"}

_STARTS: dict[ClockStart, tuple[str, ...]] = {
    ClockStart.DECISION: ("recall", "recall_open"),
    ClockStart.AUTHORITY_ACT: ("authority",),
    ClockStart.FINDING: ("finding", "evidence"),
    ClockStart.NEW_INFORMATION: ("new_information", "changed"),
    ClockStart.FILING: ("filed",),
    ClockStart.RECALL_START: ("recall",),
    ClockStart.COMPLETION: ("completed",),
    ClockStart.RESUMPTION: ("resumed",),
}
"""A clock that starts at such a fact needs a condition that names the fact."""


def _trigger(path: str, rule: Rule) -> Wrong:
    if not rule.when:
        yield FieldError(f"{path}.when", "Say what triggers the duty.")
    for number, row in enumerate(rule.when):
        at, written = f"{path}.when.{number}", row.conditions()
        if not written:
            yield FieldError(at, "An empty row would always hold: write a condition.")
            continue
        needed = _OF_SUBJECT.get(rule.subject, ())
        if needed and not set(needed) & set(written):
            sentence = f"A duty per {rule.subject} needs one of: {', '.join(needed)}."
            yield FieldError(at, sentence)
        for name in ("case", "outcome"):
            if rule.subject is not Subject.CASE and name in written:
                sentence = f"Only a duty per case looks at a case's {_OF_CASE[name]}."
                yield FieldError(f"{at}.{name}", sentence)
        if row.stood_for is not None and not row.resumed:
            yield FieldError(f"{at}.stood_for", "Only production that is resumed stood still.")
        asked = _STARTS.get(rule.clock_start, ())
        if asked and not set(asked) & set(written):
            sentence = f"The clock starts at {rule.clock_start}: write {' or '.join(asked)}."
            yield FieldError(at, sentence)


_DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS)


def _clock(path: str, rule: Rule) -> Wrong:
    if rule.counting is not None and rule.counting not in ALLOWED_COUNTING[rule.limit.unit]:
        fitting = ", ".join(ALLOWED_COUNTING[rule.limit.unit])
        sentence = f"{rule.limit.text!r} is not counted so. Choose: {fitting}."
        yield FieldError(f"{path}.counting", sentence)
    if rule.counting is None and rule.limit.unit in _DAYS:
        yield FieldError(f"{path}.counting", "Say how the days count, such as day_after.")
    if not rule.is_immediate and not rule.limit.amount:
        yield FieldError(f"{path}.limit", "Write 'at once' where the law names no number.")
    if (rule.limit.amount < 0) != (rule.clock_start is ClockStart.RECALL_START):
        sentence = "A limit before an event is negative, and its clock_start is recall_start."
        yield FieldError(f"{path}.limit", sentence)
    if not _CALENDAR.fullmatch(rule.calendar):
        sentence = f"{rule.calendar!r} is no calendar: such as CN, DE-BE or {OF_COUNTRY}."
        yield FieldError(f"{path}.calendar", sentence)
    if rule.calendar == OF_COUNTRY and not rule.each_country:
        sentence = f"{OF_COUNTRY} needs each_country = true: whose calendar would it be?"
        yield FieldError(f"{path}.calendar", sentence)
    if rule.within is not None and not any(row.new_information for row in rule.when):
        yield FieldError(f"{path}.within", "Only new information counts for a time.")


def _words(path: str, rule: Rule) -> Wrong:
    if len(rule.content_en) != len(rule.content_zh):
        yield FieldError(f"{path}.content_zh", "List the same items in both languages.")
    for name in ("limit_words", "note"):
        one, other = getattr(rule, f"{name}_en"), getattr(rule, f"{name}_zh")
        if (one is None) != (other is None):
            yield FieldError(f"{path}.{name}_zh", "Write it in both languages, or in neither.")


def _references(path: str, rule: Rule, known: Mapping[str, int]) -> Wrong:
    for name in ("covers", "follow_ups"):
        for other in getattr(rule, name):
            if other not in known:
                yield FieldError(f"{path}.{name}", f"There is no rule {other!r}.")
            elif other == rule.id:
                sentence = "A rule does not name itself; `repeats` lets it come again."
                yield FieldError(f"{path}.{name}", sentence)
    if rule.repeats and not any(row.filed for row in rule.when):
        yield FieldError(f"{path}.repeats", "Only a rule with `filed` can come again.")


def _cycles(rules: tuple[Rule, ...]) -> Wrong:
    """Tell rules that would follow themselves over others, for ever."""
    following = {rule.id: rule.follow_ups for rule in rules}
    for number, rule in enumerate(rules):
        reached: set[str] = set()
        ahead = [other for other in rule.follow_ups if other != rule.id]
        while ahead:
            other = ahead.pop()
            if other not in reached:
                reached.add(other)
                ahead.extend(following.get(other, ()))
        if rule.id in reached:
            sentence = f"{rule.id} follows itself over {', '.join(sorted(reached - {rule.id}))}."
            yield FieldError(f"rules.{number}.follow_ups", sentence)
