"""First drafts: the template of a kind of text, filled with what the incident knows.

What belongs here: from state, facts and the company's own lists to values of template variables.
What never does: approving, or guessing: what nobody recorded stands as a gap in the draft, and the
wording rules keep a text with a gap from approval.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from activities.brief import WHOLE
from activities.derived import (
    QUOTABLE,
    TEMPLATES,
    Desk,
    Told,
    about_company,
    asked,
    known_values,
    name_in,
    products_listed,
    told_in,
    values_for,
)
from activities.hotlines import country, unreachable
from activities.press_templates import Paragraph
from domain.agreed_places import AGREED
from domain.fact_languages import is_foreign
from domain.fact_values import SaidIn, Value, ValueKind, kept_of
from domain.facts import all_facts
from domain.in_words import row_in
from domain.markets import LANGUAGES, base_language, markets_addressed, markets_without_text
from domain.message import CommandSpec
from domain.press_contract import Element, Variable
from domain.references import PRODUCTS, references
from domain.state import Incident
from domain.state.investigation import Fact
from domain.statement import ReviseStatement
from domain.statement_facts import LISTED, as_listed, clock_of, quoted
from domain.statement_text import QuotedFact, Rendition
from domain.values import PublicText

BOUND: Final = frozenset(ValueKind) - {ValueKind.TEXT, ValueKind.POINTS}
"""Kinds of values that a draft always refers to: figures, days, numbers to call."""

SETTLED: Final = AGREED | {"lots", "cause", "finish_by"}
"""What people settle in acts of their own; the agreed line has words of its own in a language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A first draft: headline and text, with gaps where nobody knows, and what it lacks by law."""

    title: str
    body: str
    paragraphs: tuple[Paragraph, ...]
    missing: tuple[Element, ...]


def kinds() -> tuple[str, ...]:
    """List the kinds of texts for which there is a first draft."""
    return TEMPLATES.kinds()


def needed(kind: str, markets: Iterable[str] = ()) -> tuple[Variable, ...]:
    """Describe what a kind of text needs, in the order of the text. Raises NotFound."""
    return TEMPLATES.variables(kind, TEMPLATES.form_for(kind, markets))


def languages_of(kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """List the languages of some markets in which there is a template of a kind."""
    wanted = tuple(markets)
    there = TEMPLATES.languages(kind, TEMPLATES.form_for(kind, wanted))
    spoken = {language for market in wanted for language in LANGUAGES.get(market, ())}
    return tuple(language for language in there if base_language(language) in spoken)


def without_template(kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets in none of whose languages there is a template of a kind."""
    if kind not in TEMPLATES.kinds():
        return ()
    wanted = tuple(markets)
    return markets_without_text(TEMPLATES.languages(kind, TEMPLATES.form_for(kind, wanted)), wanted)


def own_forms(kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets that each have their own form of a text, where one text cannot have all."""
    return TEMPLATES.own_forms(kind, markets)


class Lacking(NamedTuple):
    """An element of a text that nobody can write yet, and what a recorded fact would fill in."""

    element: Element
    recordable: tuple[Variable, ...]


def lacking(
    desk: Desk, incident: Incident, kind: str, markets: Iterable[str]
) -> tuple[Lacking, ...]:
    """Say what a text of a kind has to tell in some markets, and nobody has recorded yet."""
    if kind not in TEMPLATES.kinds():
        return ()
    contract = TEMPLATES.contract(kind, TEMPLATES.form_for(kind, markets))
    known = known_values(desk, incident, "en", markets=markets)
    return tuple(
        Lacking(
            element, tuple(v for v in asked() if v.name in element.needs and v.name not in known)
        )
        for element in contract.missing(known)
    )


class Unsaid(NamedTuple):
    """A recorded fact that a text tells, and the languages of the text that have no words of it."""

    variable: Variable
    languages: tuple[str, ...]


def unsaid(
    incident: Incident, kind: str, markets: Iterable[str], languages: Iterable[str]
) -> tuple[Unsaid, ...]:
    """Say which recorded facts a text of a kind cannot tell in some languages yet."""
    if kind not in TEMPLATES.kinds():
        return ()
    names = TEMPLATES.contract(kind, TEMPLATES.form_for(kind, markets)).names
    wanted, facts = tuple(dict.fromkeys(languages)), all_facts(incident)
    found = []
    for name in names:
        fact = facts.get(name)
        if fact is None or fact.status not in QUOTABLE:
            continue
        lacks = tuple(one for one in wanted if is_foreign(one, quoted(fact)))
        if lacks:
            found.append(Unsaid(TEMPLATES.catalogue().variable(name), lacks))
    return tuple(found)


def without_number(desk: Desk, kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets whose readers a text gives no number to call, though it should."""
    if kind not in TEMPLATES.kinds():
        return ()
    asks = TEMPLATES.contract(kind, TEMPLATES.form_for(kind, markets)).names
    return unreachable(about_company(desk.engine), markets) if "hotline" in asks else ()


def suggest(  # noqa: PLR0913 - all by name but the first four
    desk: Desk,
    incident: Incident,
    kind: str,
    language: str,
    about: str = "",
    markets: Iterable[str] = (),
    *,
    referring: bool = False,
) -> Suggestion:
    """Draft a text for some markets; `about` is what a correction or retraction is about.

    With `referring`, references stand in it where it tells figures and recorded facts: whoever
    sends it in has them written in, and written again when they move (domain/references.py).
    Raises NotFound when there is no template of this kind in this language.
    """
    form = TEMPLATES.form_for(kind, markets)
    written = TEMPLATES.written_in(kind, form, language)
    contract = TEMPLATES.contract(kind, form)
    wanted = markets_addressed(language, markets)
    told = told_in(desk, incident, language, about, wanted, referring=referring)
    known = values_for(told)
    values = {name: value for name, value in known.items() if name in contract.names}
    if referring:
        values |= {
            name: _reference(incident, name, written)
            for name in values
            if _refers(incident, name, values)
        }
    gaps = _gaps(TEMPLATES.variables(kind, form), values, told, written)
    here, zone = clock_of(incident, tuple(markets)).told_by(language)
    values |= {name: here(at) for name, at in values.items() if isinstance(at, datetime)}
    rendered = TEMPLATES.render(kind, written, {**gaps, **values}, form=form, zone=zone)
    return Suggestion(
        title=rendered.title,
        body=rendered.body,
        paragraphs=rendered.paragraphs,
        missing=contract.missing(values),
    )


def _reference(incident: Incident, name: str, language: str) -> str:
    """Refer to a value; to what people recorded or agreed with the words that stand in its gap.

    It leaves a gap where nobody said it in this language, and once it is disputed or withdrawn.
    """
    if name not in incident.investigation.facts and name not in AGREED:
        return f"{{{{{name}}}}}"
    return f"{{{{{name}|{TEMPLATES.catalogue().variable(name).meaning(language)}}}}}"


def _gaps(
    needed: Iterable[Variable], values: Mapping[str, Value], told: Told, language: str
) -> dict[str, Value]:
    """Give what stands for what nobody knows: what can be recorded or settled comes in then."""
    recordable = {each.name for each in asked()} | SETTLED if told.referring else frozenset()
    return {
        each.name: f"{{{{{each.name}|{each.meaning(language)}}}}}"
        if each.name in recordable
        else each.gap(language, _where(told, each.name))
        for each in needed
        if each.name not in values
    }


def _where(told: Told, name: str) -> str:
    """Say in a gap what is added where: the number of a market, to the company's own list."""
    lacking = unreachable(told.company, told.markets) if name == "hotline" else ()
    if not lacking:
        return ""
    named = row_in(told.language, (country(market, told.language) for market in lacking))
    return f"({named}) → company.toml: hotlines"


def _refers(incident: Incident, name: str, values: Mapping[str, Value]) -> bool:
    """Say whether a draft refers to a value: to figures, and to what people recorded or agreed.

    Derived sentences stay words; they hold references of their own (`Told.figure`).
    """
    value, kind = values[name], TEMPLATES.catalogue().variable(name).kind
    if name in incident.investigation.facts or kind in BOUND or name in WHOLE | AGREED:
        return True
    return kind is ValueKind.TEXT and isinstance(value, str) and any(map(str.isdigit, value))


def listed(
    desk: Desk,
    incident: Incident,
    texts: Iterable[Rendition],
    now: datetime,
    about: str = "",
    markets: Iterable[str] = (),
) -> tuple[QuotedFact, ...]:
    """Quote what texts refer to and nobody records in an incident: what the company's lists say."""
    known, texts = all_facts(incident), tuple(texts)
    named = _products(desk, known.get(PRODUCTS), texts, now)
    wanted = [key for key in references(texts) if key not in known]
    values = {
        each.language: known_values(
            desk, incident, each.language, about, markets_addressed(each.language, markets)
        )
        for each in texts
    }
    quotes = [quote for key in wanted if (quote := _listed(key, values, now)) is not None]
    return (*quotes, *named)


def _products(
    desk: Desk, fact: Fact | None, texts: Iterable[Rendition], now: datetime
) -> tuple[QuotedFact, ...]:
    """Name the products of an incident in the languages of texts that refer to them by their ids.

    A product that is not on the company's list keeps its id.
    """
    texts = tuple(texts)
    if fact is None or fact.said_in or PRODUCTS not in references(texts):
        return ()
    ids = fact.value.splitlines()
    items = {item.id: item for item in products_listed(desk, ids)}
    said_in = tuple(
        SaidIn(
            language=one,
            value=PublicText("\n".join(name_in(items[i], one) if i in items else i for i in ids)),
        )
        for one in sorted({text.language for text in texts})
    )
    return (replace(quoted(fact), status=LISTED, as_of=now, said_in=said_in),)


def _listed(
    key: str, values: Mapping[str, Mapping[str, Value]], now: datetime
) -> QuotedFact | None:
    told = {language: kept_of(each[key]) for language, each in values.items() if key in each}
    if not told:
        return None
    kind = TEMPLATES.catalogue().variable(key).kind
    return as_listed(key, kind, told, now, of=len(values))


def about_of(incident: Incident, said: type, statement: str) -> str:
    """Give the text that an act on a text writes about.

    Whoever changes a correction writes about its original still; whoever corrects a text writes
    about that text, be it a correction itself.
    """
    text = incident.statement.statements.get(statement)
    if text is None:
        return ""
    return (text.about or text.id) if issubclass(said, ReviseStatement) else text.id


def with_kind(spec: CommandSpec, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say what a fact is that fills a place in our texts, where whoever records it did not."""
    kinds_of = {v.name: str(v.kind) for v in TEMPLATES.catalogue().variables}
    if spec.name == "record_fact":
        return _with_kind(kinds_of, body)
    if spec.name == "record_facts" and isinstance(body.get("facts"), list):
        lines = [_with_kind(kinds_of, one) if isinstance(one, dict) else one
                 for one in body["facts"]]  # fmt: skip
        return {**body, "facts": lines}
    return body


def _with_kind(kinds_of: Mapping[str, str], fact: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = kinds_of.get(str(fact.get("key", "")))
    return {**fact, "kind": kind} if kind and not fact.get("kind") else fact
