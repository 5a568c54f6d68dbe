"""Wording rules 措辞规则: what a text may not say in a market, as data, and where it says it.

What belongs here: the shape of a rule, reading the table, finding the exact span. What never does:
a phrase (plan/wording/), or what a finding forbids (domain/statement_approval.py). Severity goes by
market, not by language: 主动召回 is a term of Chinese rules at home, and forbidden as a translation
in the EU (reference 6.2).

A text is read as people see it (domain/seen.py), so that nothing hides a word. Spans are those of
the text as it was written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from domain.errors import FieldError, NotFound
from domain.markets import (
    EU,
    EVERYWHERE,
    LANGUAGES,
    base_language,
    markets_addressed,
    regimes_of,
)
from domain.pattern_words import as_searched, possible
from domain.plan_reading import file_document, file_schema, read_file
from domain.plan_terms import STATEMENT_KINDS, Basis
from domain.seen import Seen, as_seen, other_readings
from domain.values import Json, PublicText
from domain.wire import added


class Severity(StrEnum):
    """What a finding does: a block keeps a text from approval, a warning is shown."""

    BLOCK = "block"
    WARN = "warn"


class Situation(StrEnum):
    """What must be true of the incident for a rule to hold."""

    CAUSE_OPEN = "cause_open"
    """No final finding on the cause is signed."""
    SOMEONE_HURT = "someone_hurt"
    HURT_OR_PATHOGEN = "hurt_or_pathogen"
    BEFORE_RECALL = "before_recall"
    """No recall, withdrawal or correction of goods is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What every demand on words says: where it holds, how severe it is, and why.

    `markets` are two-letter codes, EU, or "*". All of `situations` must be true. Where
    `may_be_overridden` is false the text has to change.
    """

    id: str
    markets: tuple[str, ...]
    severity: Severity
    reason_en: str
    reason_zh: str
    basis: Basis
    citation: str
    verified: bool
    situations: tuple[Situation, ...] = ()
    may_be_overridden: bool = True

    @property
    def is_law(self) -> bool:
        """Say whether verified law stands behind it: then legal alone cannot override it (4.3)."""
        return self.basis is Basis.LAW and self.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRule(Demand):
    """One rule: what may not stand in a text.

    `patterns` are regular expressions, case does not count. Without `languages` or `kinds` the rule
    holds for all of them. `is_claim`: it is about what we claim ourselves, and not about a question
    of customers that stands in its own place.
    """

    patterns: tuple[str, ...]
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    is_claim: bool = added(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidInLanguage:
    """How one language says a required element: one of the patterns has to be found."""

    language: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredElement(Demand):
    """Something that a text of some kinds has to say in some markets (W7 of regulations.md 6).

    `part` is where it stands: `title` or `body`. A language that `said` does not know is not held
    to it: what nobody can read for certain is for a person to look at.
    """

    kinds: tuple[str, ...]
    part: str
    said: tuple[SaidInLanguage, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """List the languages in which it can be looked for."""
        return tuple(each.language for each in self.said)


AnyDemand = WordingRule | RequiredElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One version of the table of wording rules: what may not be said, and what has to be."""

    id: str
    rules: tuple[WordingRule, ...]
    elements: tuple[RequiredElement, ...] = ()

    def rule(self, rule_id: str) -> AnyDemand:
        """Give a rule or required element by its id; raises NotFound."""
        everything: list[AnyDemand] = [*self.rules, *self.elements]
        for rule in everything:
            if rule.id == rule_id:
                return rule
        raise NotFound(f"There is no wording rule {rule_id!r:.60}.", "See plan/wording/.")


NO_WORDING = Wording(id="none", rules=())
"""A table without rules, for tests and for installations that have adopted none."""

MOST = 20
"""Places that are shown of one rule in one part of a text: whoever mends them is shown the next."""

WORKING_PAPERS = frozenset({"qa", "hotline_script", "press_brief"})
"""Kinds of texts that tell those who answer what is not said (reference 6.1)."""

_AROUND = ' \t\r-\u2013\u2014\u2022*\u00b7"\u201c\u201d\u300c\u300d.\u3002;\uff1b,\uff0c'
"""What stands around one line of a list."""

AGREED_LINE = "agreed_line"
"""The rule made of the do-not-say list of the agreed line (domain/enquiries.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One piece of text to look at: its language and its part, `title` or `body`."""

    language: str
    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the exact span of the text as written, and why it matters.

    Where something is missing, the span is empty and stands at the beginning of the part.
    """

    rule: str
    severity: Severity
    language: str
    part: str
    start: int
    end: int
    matched: PublicText
    reason: str
    citation: str
    law: bool
    may_be_overridden: bool = True

    @property
    def key(self) -> str:
        """Name the finding within one version of a text."""
        return f"{self.rule}:{self.language}:{self.part}:{self.start}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What a text is and where it goes: which rules hold for it follows from this.

    `do_not_say` holds for every language, `not_said_in` for one (language, phrase). `questions` are
    the lines, each whole, in which the text says what customers ask: a claim in one is pointed out
    to those who approve, and blocks nothing.
    """

    kind: str
    markets: tuple[str, ...]
    situations: frozenset[Situation] = frozenset()
    do_not_say: tuple[str, ...] = ()
    not_said_in: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()


# ---------------------------------------------------------------- finding


def findings(
    wording: Wording, passages: Iterable[Passage], bearing: Bearing
) -> tuple[Finding, ...]:
    """List what the rules find, in the order of the text."""
    found = [one for passage in passages for one in _in_passage(wording, passage, bearing)]
    return tuple(sorted(found, key=lambda f: (f.language, f.part != "title", f.start, f.rule)))


def _in_passage(wording: Wording, passage: Passage, bearing: Bearing) -> list[Finding]:
    seen = as_seen(passage.text)
    found: dict[tuple[str, int], Finding] = {}
    for form in (seen, *other_readings(passage.text)):
        searched = as_searched(form.text)
        for rule in _rules(wording, bearing):
            if _holds(rule, passage.language, bearing):
                for one in _spans(rule, passage, form, searched):
                    is_asked = rule.is_claim and _is_asked(one, passage, bearing)
                    found.setdefault((one.rule, one.start), _softened(one) if is_asked else one)
    missing = [
        one
        for element in wording.elements
        if element.part == passage.part and _holds(element, passage.language, bearing)
        for one in _missing(element, passage, seen)
    ]
    said = [one for one in found.values() if not _only_lists(one, passage, bearing)]
    return [*said, *missing]


def _only_lists(found: Finding, passage: Passage, bearing: Bearing) -> bool:
    """Say whether words stand in the list of what is not said, which a working paper carries.

    That is a line with one phrase of the list and nothing else; any other line says it.
    """
    if bearing.kind not in WORKING_PAPERS:
        return False
    line = _lines_of(found, passage).strip(_AROUND)
    listed = (*bearing.do_not_say, *(phrase for _, phrase in bearing.not_said_in))
    return any(line == phrase.strip(_AROUND) for phrase in listed)


def _is_asked(found: Finding, passage: Passage, bearing: Bearing) -> bool:
    """Say whether words stand in a question of customers: a line of its own, with nothing else."""
    return _lines_of(found, passage).strip() in bearing.questions


def _softened(found: Finding) -> Finding:
    """Make a finding one that those who approve are shown, and that blocks nothing."""
    return replace(found, severity=Severity.WARN)


def _lines_of(found: Finding, passage: Passage) -> str:
    """Give the whole lines that hold what was found: more than one where it goes over their end."""
    start = passage.text.rfind("\n", 0, found.start) + 1
    end = passage.text.find("\n", found.end)
    return passage.text[start : None if end < 0 else end]


def _rules(wording: Wording, bearing: Bearing) -> Iterator[WordingRule]:
    yield from wording.rules
    yield from _not_said((), bearing.do_not_say)
    for language in dict.fromkeys(base_language(one) for one, _ in bearing.not_said_in):
        own = (said for one, said in bearing.not_said_in if base_language(one) == language)
        yield from _not_said((language,), own)


def _not_said(languages: tuple[str, ...], phrases: Iterable[str]) -> Iterator[WordingRule]:
    """Make phrases that the agreed line rules out a rule, for some languages or for all."""
    patterns = tuple(filter(None, map(_as_pattern, phrases)))
    if patterns:
        yield WordingRule(
            id=AGREED_LINE,
            patterns=patterns,
            languages=languages,
            markets=(EVERYWHERE,),
            severity=Severity.BLOCK,
            reason_en="The agreed line says not to say this.",
            reason_zh="统一口径要求不得使用该表述。",
            basis=Basis.PRACTICE,
            citation="agreed line of this incident",
            verified=True,
        )


def can_be_found(phrase: str) -> bool:
    """Say whether a phrase that is not to be said has a letter or a digit as people see it."""
    return bool(_as_pattern(phrase))


def _as_pattern(phrase: str) -> str:
    """Make a phrase that is not to be said a pattern: however its words are set apart."""
    return r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", as_seen(phrase).text)))


def _holds(rule: AnyDemand, language: str, bearing: Bearing) -> bool:
    if rule.kinds and bearing.kind not in rule.kinds:
        return False
    if rule.languages and base_language(language) not in rule.languages:
        return False
    if not bearing.situations.issuperset(rule.situations):
        return False
    addressed = markets_addressed(language, bearing.markets)
    regimes = {EVERYWHERE}.union(*(regimes_of(market) for market in addressed))
    return not regimes.isdisjoint(rule.markets)


def _spans(rule: WordingRule, passage: Passage, seen: Seen, searched: str) -> Iterator[Finding]:
    patterns = possible(rule.patterns, searched)
    matches = _compiled(patterns).finditer(seen.text) if patterns else ()
    for match in islice((one for one in matches if one.start() != one.end()), MOST):
        yield _finding(rule, passage, seen.starts[match.start()], seen.ends[match.end() - 1])


def _missing(element: RequiredElement, passage: Passage, seen: Seen) -> Iterator[Finding]:
    base = base_language(passage.language)
    patterns = next(each.patterns for each in element.said if each.language == base)
    if _compiled(patterns).search(seen.text) is None:
        yield _finding(element, passage, 0, 0)


def _finding(rule: AnyDemand, passage: Passage, start: int, end: int) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        language=passage.language,
        part=passage.part,
        start=start,
        end=end,
        matched=PublicText(passage.text[start:end]),
        reason=rule.reason_en,
        citation=rule.citation,
        law=rule.is_law,
        may_be_overridden=rule.may_be_overridden,
    )


@lru_cache(maxsize=4096)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@lru_cache(maxsize=4096)
def _compiled_alone(pattern: str) -> re.Pattern[str]:
    """Compile one pattern, once: the same table is read under every calendar it is pinned with."""
    return re.compile(pattern, re.IGNORECASE)


# ---------------------------------------------------------------- reading


def read_wording(document: Mapping[str, Any]) -> Wording:
    """Read a table of rules; raises BrokenSetup with one sentence per problem, at most 20."""
    return read_file(Wording, document, what="The table of wording rules", checks=_checks)


def wording_document(wording: Wording) -> Json:
    """Give the canonical plain form of a table: what is pinned with the plan."""
    return file_document(Wording, wording)


def wording_schema() -> Json:
    """Give the JSON Schema of a table (plan/wording/wording.schema.json)."""
    return file_schema(Wording, title="Wording rules per market")


def _checks(wording: Wording) -> Iterator[FieldError]:
    seen: set[str] = set()
    rows: list[tuple[str, AnyDemand]] = [
        *((f"rules.{n}", rule) for n, rule in enumerate(wording.rules)),
        *((f"elements.{n}", element) for n, element in enumerate(wording.elements)),
    ]
    for path, row in rows:
        if row.id in seen or row.id == AGREED_LINE:
            yield FieldError(f"{path}.id", f"{row.id!r} is taken; each rule has its own name.")
        seen.add(row.id)
        if ":" in row.id:
            yield FieldError(f"{path}.id", "Write no colon: it separates the parts of a finding.")
        yield from _reach_checks(path, row)
    for number, rule in enumerate(wording.rules):
        yield from _pattern_checks(f"rules.{number}", rule.patterns)
    for number, element in enumerate(wording.elements):
        yield from _element_checks(f"elements.{number}", element)


def _reach_checks(path: str, rule: AnyDemand) -> Iterator[FieldError]:
    if not rule.markets:
        yield FieldError(path, "Name at least one market.")
    known = {EVERYWHERE, EU, *LANGUAGES}
    yield from _unknown(f"{path}.markets", rule.markets, known, "market")
    yield from _unknown(f"{path}.kinds", rule.kinds, set(STATEMENT_KINDS), "kind of text")
    spoken = {language for row in LANGUAGES.values() for language in row}
    yield from _unknown(f"{path}.languages", rule.languages, spoken, "language")


def _element_checks(path: str, element: RequiredElement) -> Iterator[FieldError]:
    if element.part not in ("title", "body"):
        yield FieldError(f"{path}.part", "It stands in the title or in the body.")
    if not element.kinds or not element.said:
        yield FieldError(
            path, "Say in which kinds of texts, and how at least one language says it."
        )
    for number, said in enumerate(element.said):
        yield from _pattern_checks(f"{path}.said.{number}", said.patterns)


def _pattern_checks(path: str, patterns: Iterable[str]) -> Iterator[FieldError]:
    count = 0
    for position, pattern in enumerate(patterns):
        count += 1
        place = f"{path}.patterns.{position}"
        try:
            empty = _compiled_alone(pattern).match("") is not None
        except re.error as error:
            yield FieldError(place, f"This is no regular expression: {error}.")
            continue
        if empty:
            yield FieldError(place, "This matches nothing at all; name the words.")
    if not count:
        yield FieldError(path, "Name at least one pattern.")


def _unknown(path: str, words: Iterable[str], known: set[str], what: str) -> Iterator[FieldError]:
    for word in words:
        if word not in known:
            yield FieldError(path, f"There is no {what} {word!r} here.")
