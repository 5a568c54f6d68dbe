"""References from a text to facts: `{{lots}}` stands where the newest value of a fact is written.

What belongs here: finding references, writing the facts in their places in a language, and pointing
out figures that are bound to no fact. What never does: which facts there are (domain/facts.py), or
what becomes of a text whose facts moved (domain/statement_facts.py).

A verified fact is written as it is, a reported one with the mark that it is preliminary (not words
of service, which the gate asks for). What is disputed, retracted or unknown leaves a gap that the
wording rules keep from approval: nothing that somebody typed is lost, and nothing false goes out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from domain.fact_languages import is_foreign, said_as
from domain.fact_values import SEVERAL, Here, ValueKind, value_of, written
from domain.gap_words import gap_in
from domain.in_words import MANNERS, without_brackets
from domain.market_clocks import at_zone, common_zone, several_zones
from domain.market_names import market_name
from domain.markets import base_language, markets_addressed, readers_of
from domain.statement_text import QuotedFact, Rendition
from domain.values import PublicText
from domain.wording import MOST, Finding, Severity

REFERENCE: Final = re.compile(
    r"\{\{\s{0,20}([a-z][a-z0-9_.]{0,59})\s{0,20}(?:\|([^{}|\n]{1,120}))?\}\}"
)
"""`{{key}}`, or `{{key|what it is}}`: the words stand in the gap while nobody knows the fact."""

MARKS: Final = {
    "zh": "（初步）",
    "en": " (preliminary)",
    "de": " (vorläufig)",
    "fr": " (provisoire)",
    "es": " (provisional)",
    "it": " (provvisorio)",
    "ja": "（暫定）",
    "ko": "(잠정)",
}
"""How each language says that a figure may still change (reference 4.6); else as in English."""

PRINTED: Final = frozenset({"reported", "verified", "listed"})
"""Statuses that are written; `listed` is what the company's own lists say."""

STOPS: Final = frozenset(".。")

SERVICE: Final = frozenset(
    "hotline hotline_hours contact medical_contact press_contact cases_to where_to_find"
    " how_to_return answer_form picture link hand_over".split()
)
"""How we are reached, where to look, how goods come back: never marked as preliminary.

Readers act on these words and can do nothing with such a mark. They stand as they are, and the gate
asks until somebody verified them (domain/statement_gate.py).
"""

MARKETS: Final = "markets"
"""The fact that keeps codes of markets (domain/facts.py); a text names them in its language."""

PRODUCTS: Final = "products"
"""The fact that keeps ids of products; the company's list names them in the language of a text."""

UNBOUND: Final = "unbound_figure"
"""The name of the finding for a number, date, lot or phone number that no fact stands behind."""

_FIGURE: Final = re.compile(r"\+?[A-Z]{0,4}-?\d[\dA-Z]*(?:[-.,:/\u202f\u00a0]\d[\dA-Z]*)*")
_ENUMERATION: Final = re.compile(r"(?m)^[ \t]*(?:[（(]?\d{1,2}[.)、．）:：]|[A-Z]?\d{1,2}\.)")
_LAW: Final = re.compile(
    r"\((?:EU|EC|EG|CE|UE)\)\s*(?:No\.?\s*|Nr\.?\s*|n°\s*)?\d+/\d+|\b\d+/\d+/(?:EU|EC|EG|CE|UE)\b"
)

_PUBLIC_NUMBER: Final = re.compile(
    r"(?:拨打|急救电话|\b(?:call|dial|ring|rufen\s+Sie|wählen\s+Sie|appelez\s+le|composez\s+le|llame\s+al"
    r"|chiami\s+il)\s)\s?[:：]?\s?(?:120|112|911|999|119)(?=\s*(?:[.,;:!?。，；：！？、”’\"')）]|$))"
    r"|\b1-800-332-1088\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Numbers of public services, which no fact of ours moves.

Emergency calls, where a text says to call them: 120 in China, 112 in the EU (Directive (EU)
2018/1972 art. 109; not verified), 911 in the US, 999 in Great Britain, 119 in Japan and Korea; and
the line of the FDA for forms of MedWatch, which its model release names.
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """How figures are shown in a text: on whose clock, the name of its zone, for which market.

    `here` and `zone` are the company's; people of a market are told the time by theirs. `region` is
    the market of a text for one alone. Without `by_reader` it is as texts of before had it: a clock
    that all markets of a language share, and words of a region for one market alone.
    """

    here: Here
    zone: str
    region: str = ""
    markets: tuple[str, ...] = ()
    by_reader: bool = True

    def told_by(self, language: str) -> tuple[Here, str]:
        """Give the clock that readers of a language are told the time by, and its zone.

        It is that of the markets that the language speaks to. Where they have a few, their zones
        stand one behind the other, for `moment_in`; where they have many, or one that is not known,
        it is the company's clock, told by its distance to UTC.
        """
        own = self._readers(language)
        if not own:
            return self.here, self.zone
        zone = common_zone(own)
        if zone:
            return partial(at_zone, zone=zone), zone
        return self.here, several_zones(own) if self.by_reader else ""

    def manner(self, language: str) -> str:
        """Name how a language is written here: the region's own way, where it has one."""
        regional = f"{language}-{self.region_for(language)}"
        return regional if regional in MANNERS else language

    def region_for(self, language: str) -> str:
        """Name the market that all readers of a language live in; "" where there are several."""
        own = self._readers(language) if self.by_reader else ()
        return own[0] if len(own) == 1 else self.region

    def as_of_before(self) -> "tuple[Clock, ...]":
        """Give the clocks that texts of before told the time by, beside this one."""
        return replace(self, by_reader=False), replace(self, markets=(), by_reader=False)

    def _readers(self, language: str) -> tuple[str, ...]:
        speaks_to = readers_of if self.by_reader else markets_addressed
        return speaks_to(language, self.markets)


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its facts written in; `unbound` points at figures that are bound to none."""

    text: Rendition
    unbound: tuple[Finding, ...]


@dataclass(slots=True)
class _Part:
    """The headline or the words, as they grow: what stands there and which spans are facts."""

    said: str
    bound: list[tuple[int, int]]


def references(texts: Iterable[Rendition]) -> tuple[str, ...]:
    """Name the facts that texts refer to, each once, in order of their names."""
    found = (REFERENCE.finditer(f"{text.title}\n{text.body}") for text in texts)
    return tuple(sorted({match.group(1) for matches in found for match in matches}))


def broken(text: Rendition) -> str:
    """Give the first piece that begins like a reference and is none; "" where there is no such."""
    for said in (text.title, text.body):
        left = REFERENCE.sub(" ", said)
        found = re.search(r"\{\{|\}\}", left)
        if found is not None:
            return left[max(found.start() - 10, 0) : found.start() + 30].strip()
    return ""


def filled(source: Rendition, facts: Mapping[str, QuotedFact], clock: Clock) -> Filled:
    """Write facts into the places where a text refers to them."""
    title = _fill(source.title, source.language, facts, clock)
    body = _fill(source.body, source.language, facts, clock)
    text = Rendition(
        language=source.language,
        title=PublicText(" ".join(title.said.split())),
        body=PublicText(body.said),
    )
    # A headline whose spaces were drawn together has its spans elsewhere: it is short, and looked
    # at only where nothing was.
    parts = [("body", body)] + [("title", title)] * (text.title == title.said)
    unbound = [one for name, part in parts for one in _unbound(source.language, name, part)]
    return Filled(text=text, unbound=tuple(unbound))


def fact_in(language: str, fact: QuotedFact, clock: Clock, *, in_brackets: bool = False) -> str:
    """Write one fact as people of a language read it, with the mark of what is preliminary.

    Where it stands `in_brackets`, our own brackets are left away; what people typed stays as it is.
    """
    said = said_as(language, fact.said_in, clock.region_for(language))
    kept = fact.value if said is None else said
    here, zone = clock.told_by(language)
    value = value_of(fact.kind, kept, here)
    if fact.key == MARKETS and isinstance(value, tuple):
        value = tuple(market_name(one, language) for one in value)
    told = written(fact.kind, clock.manner(language), value, zone)
    if in_brackets and fact.kind is ValueKind.MOMENT:
        told = without_brackets(told, close=True)
    if not is_marked(fact):
        return told
    mark = MARKS.get(base_language(language), MARKS["en"])
    mark = without_brackets(mark, close=True) if in_brackets else mark
    return "\n".join(f"{line}{mark}" for line in told.split("\n"))


def is_marked(fact: QuotedFact) -> bool:
    """Say whether a fact is written with the mark that it is preliminary."""
    return fact.status == "reported" and fact.key not in SERVICE


def gap(language: str, key: str) -> str:
    """Give what stands where a fact cannot be written; nobody can approve a text with it."""
    return gap_in(language, key)


def in_a_line(fact: QuotedFact) -> str:
    """Give a fact's kept value in one line, for lists and sentences about it."""
    return ", ".join(fact.value.splitlines()) if fact.kind in SEVERAL else fact.value


def without_second_stop(told: str, rest: str) -> str:
    """Give words without their own full stop where the sentence that they end has one."""
    is_ended = rest[:1] in STOPS and told[-1:] in STOPS and not told.endswith("..")
    return told[:-1] if rest and told and is_ended else told


def _fill(said: str, language: str, facts: Mapping[str, QuotedFact], clock: Clock) -> _Part:
    part, last = _Part("", []), 0
    for match in REFERENCE.finditer(said):
        fact = facts.get(match.group(1))
        tells = fact is not None and fact.status in PRINTED and not is_foreign(language, fact)
        part.said += said[last : match.start()]
        inside = _stands_in_brackets(part.said)
        told = fact_in(language, fact, clock, in_brackets=inside) if fact and tells else ""
        told = without_second_stop(told, said[match.end() :])
        start = len(part.said)
        part.said += told or gap(language, (match.group(2) or "").strip() or match.group(1))
        part.bound.append((start, len(part.said)))
        last = match.end()
    part.said += said[last:]
    return part


def _stands_in_brackets(before: str) -> bool:
    """Say whether a bracket is open behind some words: a mark there needs none of its own."""
    line = before.rpartition("\n")[2]
    opened, shut = ((line.rfind(a), line.rfind(b)) for a, b in ("(（", ")）"))
    return max(opened) > max(shut)


def _unbound(language: str, name: str, part: _Part) -> Iterator[Finding]:
    """Point at the first figures of a part that no fact stands behind: who mends them sees more."""
    passed = _merged(
        [
            *part.bound,
            *(m.span() for m in _ENUMERATION.finditer(part.said)),
            *(m.span() for m in _LAW.finditer(part.said)),
            *(m.span() for m in _PUBLIC_NUMBER.finditer(part.said)),
        ]
    )
    free, at = 0, 0
    for match in _FIGURE.finditer(part.said):
        while at < len(passed) and passed[at][1] <= match.start():
            at += 1
        if at < len(passed) and passed[at][0] < match.end():
            continue
        yield _pointed(language, name, match)
        free += 1
        if free == MOST:
            return


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put spans in order, those that touch together: each figure is held against one of them."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pointed(language: str, name: str, match: re.Match[str]) -> Finding:
    return Finding(
        rule=UNBOUND,
        severity=Severity.WARN,
        language=language,
        part=name,
        start=match.start(),
        end=match.end(),
        matched=PublicText(match.group()),
        reason="No fact stands behind this figure: if it changes, nothing will say so.",
        citation="reference 4.6",
        law=False,
    )
