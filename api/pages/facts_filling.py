"""What the forms of facts start with: the places in our texts that nobody has filled.

What belongs here: bodies to begin with, and what each line is called. What never does: what a fact
may be (domain/facts.py), or a template (activities/drafting.py).
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from activities import drafting
from activities.derived import asked, known_values
from api.forms import Option
from api.pages.fact_words import fact_line
from api.pages.looking import View
from api.pages.text_filling import LANGUAGES, markets_of
from api.typed import Raw, last, local_text, raw_of, rows_in
from domain.fact_values import SaidIn, ValueKind
from domain.facts_together import to_verify
from domain.message import CommandSpec
from domain.press_contract import Variable
from domain.state.statement import EDITABLE
from domain.statement_demand import demands
from domain.wire import encode

TOGETHER: Final = "record_facts"
NAME_AT_MOST: Final = 60
"""Characters of the name of a fact."""

LINES_AT_MOST: Final = 40
WORDS: Final = frozenset({ValueKind.TEXT, ValueKind.POINTS})
"""Kinds that are said otherwise in each language."""


def _fact(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the place in our texts that the address names: what it is, and how it was said.

    The words in other languages stand there too, so that whoever changes one sees the others.
    """
    begun = {"as_of": [local_text(view.lens.now, view.lens.zone)]}
    key = view.visit.request.query_params.get("key", "")
    known = view.state.investigation.facts.get(key)
    place = next((one for one in asked() if one.name == key), None)
    body: dict[str, Any] = {}
    if place is not None:
        body = {"key": key, "name": _name(view, place), "kind": str(place.kind)}
    if known is not None:
        body |= {"key": key, "name": known.name or body.get("name", ""), "kind": str(known.kind)}
        body |= {"unit": known.unit, "said_in": [encode(SaidIn, each) for each in known.said_in]}
    return {**raw_of(spec.type, body, view.lens.zone), **begun}


def _facts(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with a line for each place that the texts at hand leave open, in each language."""
    kind = view.visit.request.query_params.get("kind", "")
    lines = [
        {"key": place.name, "name": _name(view, place), "language": language}
        for place, languages in waiting(view, kind).items()
        for language in languages
    ]
    body = {"facts": lines[:LINES_AT_MOST]}
    as_of = {"as_of": [local_text(view.lens.now, view.lens.zone)]}
    return {**raw_of(spec.type, body, view.lens.zone), **as_of}


def _name(view: View, place: Variable) -> str:
    return place.meaning(view.lens.words.language)[:NAME_AT_MOST]


def waiting(view: View, kind: str = "") -> dict[Variable, tuple[str, ...]]:
    """Give the places that texts of a kind, or all texts at hand, leave open, with the languages.

    A place that holds the same in every language has one language, which is "".
    """
    recorded, open_ones = view.state.investigation.facts, {place.name: place for place in asked()}
    derived = known_values(view.visit.house.desk, view.state, "en")
    found: dict[Variable, tuple[str, ...]] = {}
    for wanted, markets in _texts(view, kind):
        spoken = (*LANGUAGES, *drafting.languages_of(wanted, markets))
        for need in drafting.needed(wanted, markets):
            place = open_ones.get(need.name)
            if place is not None and place.name not in recorded and place.name not in derived:
                more = spoken if place.kind in WORDS else ("",)
                found[place] = tuple(dict.fromkeys((*found.get(place, ()), *more)))
    return found


def _texts(view: View, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give kinds and markets: the one asked for, else of what is begun and what the plan wants."""
    there, markets = drafting.kinds(), tuple(markets_of(view))
    if kind:
        yield from [(kind, markets)] if kind in there else []
        return
    for text in view.state.statement.statements.values():
        if text.status in EDITABLE and text.kind in there:
            yield text.kind, text.markets
    for one in demands(view.state):
        if not one.met and one.kind in there:
            yield one.kind, markets


def lines_told(view: View, spec: CommandSpec, raw: Raw) -> tuple[dict[str, str], dict[str, str]]:
    """Give what the page fills in of the lines that are begun, and what their values are called."""
    hidden: dict[str, str] = {}
    labels: dict[str, str] = {}
    if spec.name != TOGETHER:
        return hidden, labels
    places = {place.name: place for place in asked()}
    for n in range(rows_in(raw, "facts")):
        place = places.get(last(raw, f"facts-{n}-key"))
        if place is None or not last(raw, f"facts-{n}-name"):
            continue
        language = last(raw, f"facts-{n}-language")
        parts = ["key", "name", "language", "kind"] + ["unit"] * (place.kind != ValueKind.NUMBER)
        hidden |= {f"facts.{n}.{one}": last(raw, f"facts-{n}-{one}") for one in parts}
        labels[f"facts.{n}.value"] = _label(view, place, language)
    return hidden, labels


def _label(view: View, place: Variable, language: str) -> str:
    said = view.lens.language(language) if language else ""
    meaning = place.meaning(view.lens.words.language)
    return " · ".join(filter(None, (meaning[:1].upper() + meaning[1:], said)))


def facts_to_verify(view: View) -> list[Option]:
    """Offer what the reader may verify, each as it stands: name, value, who recorded it."""
    lens = view.lens
    return [
        {
            "value": f"{one.key}@{one.version}",
            "label": fact_line(lens, one),
            "help": lens("recorded by %(who)s", who=lens.person(one.recorded_by)),
        }
        for one in to_verify(view.state, view.actor.id)
    ]


BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "record_fact": _fact,
    TOGETHER: _facts,
}
