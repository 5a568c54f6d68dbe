"""Wording rules 措辞规则: what a text may not say in a market, as data, and where it says it.

What belongs here: the shape of a rule, reading the table, finding the exact span. What never does:
a phrase (plan/wording/), or what a finding forbids (domain/statement_approval.py). Severity goes by
market, not by language: 主动召回 is a term of Chinese rules at home, and forbidden as a translation
in the EU (reference 6.2).

A text is read as people see it: full-width letters count as plain ones and characters that nobody
sees are passed over, so that neither hides a word. Spans are those of the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
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
from domain.plan_reading import file_document, file_schema, read_file
from domain.plan_terms import STATEMENT_KINDS, Basis
from domain.values import Json, PublicText


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
class WordingRule:
    """One rule: what may not stand in a text, where, how severe, and why.

    `patterns` are regular expressions, case does not count. `markets` are two-letter codes, EU, or
    "*". Without `languages`, `kinds` or `situations` the rule holds for all of them; all of
    `situations` must be true. Where `may_be_overridden` is false the text has to change.
    """

    id: str
    patterns: tuple[str, ...]
    markets: tuple[str, ...]
    severity: Severity
    reason_en: str
    reason_zh: str
    basis: Basis
    citation: str
    verified: bool
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    situations: tuple[Situation, ...] = ()
    may_be_overridden: bool = True

    @property
    def is_law(self) -> bool:
        """Say whether verified law stands behind it: then legal alone cannot override it (4.3)."""
        return self.basis is Basis.LAW and self.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One version of the table of wording rules."""

    id: str
    rules: tuple[WordingRule, ...]

    def rule(self, rule_id: str) -> WordingRule:
        """Give a rule by its id; raises NotFound."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise NotFound(f"There is no wording rule {rule_id!r:.60}.", "See plan/wording/.")


NO_WORDING = Wording(id="none", rules=())
"""A table without rules, for tests and for installations that have adopted none."""

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
    """What a rule found: the exact span of the text as written, and why it matters."""

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
    """What a text is and where it goes: which rules hold for it follows from this."""

    kind: str
    markets: tuple[str, ...]
    situations: frozenset[Situation] = frozenset()
    do_not_say: tuple[str, ...] = ()


# ---------------------------------------------------------------- finding


def findings(
    wording: Wording, passages: Iterable[Passage], bearing: Bearing
) -> tuple[Finding, ...]:
    """List what the rules find, in the order of the text."""
    found: list[Finding] = []
    for passage in passages:
        visible, origin = as_seen(passage.text)
        for rule in _rules(wording, bearing):
            if _holds(rule, passage.language, bearing):
                found += _spans(rule, passage, visible, origin)
    return tuple(sorted(found, key=lambda f: (f.language, f.part != "title", f.start, f.rule)))


def as_seen(text: str) -> tuple[str, tuple[int, ...]]:
    """Give a text as people see it, and for each of its characters where it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for index, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category == "Cf":
            continue
        # Chinese punctuation is full-width by right, and rules are written with it.
        for part in letter if category[0] == "P" else unicodedata.normalize("NFKC", letter):
            letters.append(part)
            origin.append(index)
    return "".join(letters), tuple(origin)


def _rules(wording: Wording, bearing: Bearing) -> Iterator[WordingRule]:
    yield from wording.rules
    if bearing.do_not_say:
        yield WordingRule(
            id=AGREED_LINE,
            patterns=tuple(re.escape(as_seen(phrase)[0]) for phrase in bearing.do_not_say),
            markets=(EVERYWHERE,),
            severity=Severity.BLOCK,
            reason_en="The agreed line says not to say this.",
            reason_zh="统一口径要求不得使用该表述。",
            basis=Basis.PRACTICE,
            citation="agreed line of this incident",
            verified=True,
        )


def _holds(rule: WordingRule, language: str, bearing: Bearing) -> bool:
    if rule.kinds and bearing.kind not in rule.kinds:
        return False
    if rule.languages and base_language(language) not in rule.languages:
        return False
    if not bearing.situations.issuperset(rule.situations):
        return False
    addressed = markets_addressed(language, bearing.markets)
    regimes = {EVERYWHERE}.union(*(regimes_of(market) for market in addressed))
    return not regimes.isdisjoint(rule.markets)


def _spans(
    rule: WordingRule, passage: Passage, visible: str, origin: tuple[int, ...]
) -> Iterator[Finding]:
    for match in _compiled(rule.patterns).finditer(visible):
        if match.start() == match.end():
            continue
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        yield Finding(
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


@lru_cache(maxsize=1024)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


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
    for number, rule in enumerate(wording.rules):
        path = f"rules.{number}"
        if rule.id in seen or rule.id == AGREED_LINE:
            yield FieldError(f"{path}.id", f"{rule.id!r} is taken; each rule has its own name.")
        seen.add(rule.id)
        if ":" in rule.id:
            yield FieldError(f"{path}.id", "Write no colon: it separates the parts of a finding.")
        yield from _pattern_checks(path, rule)
        known = {EVERYWHERE, EU, *LANGUAGES}
        yield from _unknown(f"{path}.markets", rule.markets, known, "market")
        yield from _unknown(f"{path}.kinds", rule.kinds, set(STATEMENT_KINDS), "kind of text")
        spoken = {language for row in LANGUAGES.values() for language in row}
        yield from _unknown(f"{path}.languages", rule.languages, spoken, "language")


def _pattern_checks(path: str, rule: WordingRule) -> Iterator[FieldError]:
    if not rule.patterns or not rule.markets:
        yield FieldError(path, "Name at least one pattern and one market.")
    for position, pattern in enumerate(rule.patterns):
        place = f"{path}.patterns.{position}"
        try:
            empty = re.compile(pattern, re.IGNORECASE).match("") is not None
        except re.error as error:
            yield FieldError(place, f"This is no regular expression: {error}.")
            continue
        if empty:
            yield FieldError(place, "This matches nothing at all; name the words.")


def _unknown(path: str, words: Iterable[str], known: set[str], what: str) -> Iterator[FieldError]:
    for word in words:
        if word not in known:
            yield FieldError(path, f"There is no {what} {word!r} here.")
