"""Stage `statement`: which facts a text tells, and its words with them written in.

What belongs here: quoting facts as they stand, binding a text to them. What never does: how a value
is written (domain/references.py), or what becomes of texts when a fact moves
(domain/statement_follow.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.clock import local
from domain.errors import Refused
from domain.fact_values import SaidIn, ValueKind
from domain.facts import all_facts
from domain.references import PRODUCTS, Clock, broken, filled, references
from domain.state import Incident
from domain.state.investigation import Fact, FactStatus
from domain.statement_text import TITLE_LENGTH, QuotedFact, Rendition
from domain.values import PublicText
from domain.wire import TEXT_LIMIT
from domain.wording import Finding

QUOTED_UNASKED = 2_000
"""A longer fact, such as a row of thousands of lots, is quoted only by a text that names it."""

LISTED = "listed"
"""Status of what the company's own lists say: it came with the act that wrote the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Texts with their facts written in.

    `sources` are the texts as typed, empty where they refer to nothing; `told` names the facts that
    a reader is told for certain: referred to, or named by who wrote the text.
    """

    texts: tuple[Rendition, ...]
    sources: tuple[Rendition, ...]
    facts: tuple[QuotedFact, ...]
    told: tuple[str, ...]
    unbound: tuple[Finding, ...]


def bind(
    incident: Incident,
    sources: tuple[Rendition, ...],
    markets: tuple[str, ...],
    named: Iterable[str] = (),
    listed: Iterable[QuotedFact] = (),
) -> Bound:
    """Write the facts of now into texts, and quote what they tell.

    `listed` are values of the company's lists that came with the act; a fact of the incident of the
    same name goes before them. Raises Refused for a named fact that does not stand, and for a text
    that is too long with its facts.
    """
    wanted = tuple(dict.fromkeys(named))
    _require_references(sources)
    referred = references(sources)
    offered = {fact.key: fact for fact in listed}
    facts = _told(incident, wanted, referred, offered)
    by_key = {fact.key: fact for fact in facts}
    clock = clock_of(incident, markets)
    made = [filled(source, by_key, clock) for source in sources]
    for each in made:
        _require_fitting(each.text)
    return Bound(
        texts=tuple(each.text for each in made),
        sources=sources if referred else (),
        facts=facts,
        told=tuple(sorted({*wanted, *(key for key in referred if key in by_key)})),
        unbound=tuple(one for each in made for one in each.unbound),
    )


def _require_references(sources: tuple[Rendition, ...]) -> None:
    """Refuse braces that refer to nothing: no fact would ever fill them, and they would go out."""
    for source in sources:
        if piece := broken(source):
            raise Refused(
                f"{piece!r} in the {source.language} text refers to no fact.",
                "Write it like {{units_sold}} or {{units_sold|units sold}}, in one line.",
                code="broken_reference",
            )


def clock_of(incident: Incident, markets: tuple[str, ...]) -> Clock:
    """Give the clock that a text tells the time by: that of each language's markets (`Clock`).

    A language whose readers live in one market is written as that writes: March 2, 2026 in the US.
    """
    calendar = incident.rules.calendar
    region = markets[0] if len(markets) == 1 else ""
    return Clock(
        here=lambda at: local(at, calendar), zone=calendar.zone, region=region, markets=markets
    )


def quoted_unasked(facts: Iterable[Fact | QuotedFact]) -> frozenset[str]:
    """Name the facts that a text tells which names none and refers to none: all but the longest.

    A text may say a figure in words of its own, which no search finds: it answers for all of them.
    """
    return frozenset(fact.key for fact in facts if len(fact.value) <= QUOTED_UNASKED)


def _told(
    incident: Incident,
    wanted: tuple[str, ...],
    referred: tuple[str, ...],
    offered: Mapping[str, QuotedFact],
) -> tuple[QuotedFact, ...]:
    """Quote facts as they stand now: named and referred to, or all that are known."""
    known = all_facts(incident)
    for key in wanted:
        if key not in known or known[key].status is FactStatus.RETRACTED:
            raise Refused(
                f"No fact called {key!r:.70} stands.",
                f"Known: {', '.join(sorted(known)) or 'none yet'}.",
                code="no_fact",
            )
    standing = {
        key: quoted(fact) for key, fact in known.items() if fact.status is not FactStatus.RETRACTED
    }
    retracted = known.keys() - standing.keys()
    standing = {key: with_names(fact, offered.get(key)) for key, fact in standing.items()}
    here = {key: fact for key, fact in offered.items() if key not in retracted} | standing
    keys = {*wanted, *(key for key in referred if key in here)} or quoted_unasked(standing.values())
    told = tuple(here[key] for key in sorted(keys))
    for fact in told:
        if len(fact.value) > TEXT_LIMIT:
            raise Refused(
                f"The fact {fact.key} is longer than a text may be.",
                "Do not tell it: say where the list can be seen.",
                code="too_long",
            )
    return told


def quoted(fact: Fact) -> QuotedFact:
    """Quote a fact as it stands."""
    return QuotedFact(
        key=fact.key,
        value=PublicText(fact.value),
        unit=fact.unit,
        status=str(fact.status),
        version=fact.version,
        as_of=fact.as_of,
        kind=fact.kind,
        said_in=fact.said_in,
    )


def as_listed(
    key: str, kind: ValueKind, said: Mapping[str, str], as_of: datetime, *, of: int
) -> QuotedFact:
    """Quote what nobody records as a fact: what is said, by language, in some of `of` languages."""
    # Where not all have the same words, each language has its own: what stands for one in another
    # language, or in none, would be printed there.
    differ = said if len(set(said.values())) > 1 or len(said) < of else {}
    return QuotedFact(
        key=key,
        value=PublicText(next(iter(said.values()))),
        unit="",
        status=LISTED,
        version=0,
        as_of=as_of,
        kind=kind,
        said_in=tuple(
            SaidIn(language=language, value=PublicText(words))
            for language, words in sorted(differ.items())
        ),
    )


def with_names(fact: QuotedFact, told: QuotedFact | None) -> QuotedFact:
    """Give the products of the incident with the names that the company's list gave them.

    An incident knows its products by their ids; `told` is what came with an act, or what a text has
    of it already. Of other products, or of any other fact, nothing is taken.
    """
    if fact.key != PRODUCTS or fact.said_in or told is None or told.value != fact.value:
        return fact
    return replace(fact, said_in=told.said_in)


def _require_fitting(text: Rendition) -> None:
    told = ""
    if len(text.title) > TITLE_LENGTH:
        told = (
            f"With its facts written in, the {text.language} headline is longer than "
            f"{TITLE_LENGTH} characters."
        )
    elif len(text.body) > TEXT_LIMIT:
        told = (
            f"With its facts written in, the {text.language} text is longer than "
            f"{TEXT_LIMIT} characters."
        )
    if told:
        hint = "Refer to fewer facts, or shorten what they say."
        raise Refused(told, hint, code="too_long")
