"""What the forms of facts start with: the places in our texts that nobody has filled.

What belongs here: bodies to begin with, and what each line is called. What never does: what a fact
may be (domain/facts.py), or a template (activities/drafting.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from activities import drafting
from activities.derived import QUOTABLE, asked
from activities.places import OpenPlace, Sentences, Sheet, Way, filled_by, open_places, sheet_of
from api.forms import Option
from api.pages.fact_words import fact_line, fact_name, place_name, said_to
from api.pages.lens import Lens
from api.pages.looking import LANGUAGES_FIRST, View, language_of_page
from api.pages.text_filling import languages_for, markets_of
from api.typed import Raw, last, local_text, raw_of, rows_in
from domain.fact_languages import WORDED, own_language
from domain.fact_values import SaidIn, ValueKind
from domain.facts import CAME_BACK_BEFORE
from domain.facts_together import to_verify
from domain.markets import base_language
from domain.message import CommandSpec
from domain.press_contract import Variable
from domain.state.investigation import Fact
from domain.state.statement import EDITABLE
from domain.statement_demand import demands
from domain.wire import encode

TOGETHER: Final = "record_facts"
LINES_AT_MOST: Final = 120
"""Lines that one form has; what is more comes once these are recorded."""


def _fact(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the place in our texts that the address names: what it is, and how it was said.

    The words in other languages stand there too, so that whoever changes one sees the others. What
    is typed anew is taken to be in the language of the page; the form says so.
    """
    begun = {"as_of": [local_text(view.lens.now, view.lens.zone)]}
    key = view.visit.request.query_params.get("key", "")
    known = view.state.investigation.facts.get(key)
    place = next((one for one in asked() if one.name == key), None)
    body: dict[str, Any] = {}
    if place is not None:
        body = {"key": key, "name": _name(view, place), "kind": str(place.kind)}
    if key == CAME_BACK_BEFORE:
        body = {"key": key, "name": fact_name(view.lens, key), "kind": str(ValueKind.TEXT)}
    if known is not None:
        body |= {"key": key, "name": known.name or body.get("name", ""), "kind": str(known.kind)}
        body |= {"unit": known.unit, **_to_say(view, known)}
    body.setdefault("own_language", language_of_page(view))
    return {**raw_of(spec.type, body, view.lens.zone), **begun}


def _to_say(view: View, known: Fact) -> dict[str, Any]:
    """Begin a row for each language that the address asks for; what is known stands as it is."""
    said = {base_language(each.language) for each in known.said_in}
    asked_in = view.visit.request.query_params.getlist("language")
    lacking = [one for one in asked_in if base_language(one) not in said]
    if known.kind not in WORDED or not (lacking or known.said_in):
        return {"said_in": _rows(known, language_of_page(view))}
    own = _as_offered(own_language(known.value, known.said_in))
    begun = [{"language": one, "value": ""} for one in dict.fromkeys(lacking)]
    return {
        "value": known.value,
        "own_language": own,
        "said_in": [*_rows(known, own), *begun],
    }


def _as_offered(language: str) -> str:
    """Give a language as the form offers it: what is known by its letters alone has no region."""
    offered = (one for one in LANGUAGES_FIRST if base_language(one) == language)
    return next(offered, language)


def _rows(known: Fact, language: str) -> list[Any]:
    """Give the words of all languages but the one that the value itself is typed in."""
    other = (one for one in known.said_in if one.language != language)
    return [encode(SaidIn, one) for one in other if one.value != known.value]


def _facts(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with a line for each place that a fact fills, in each language that lacks it."""
    lines = [
        _line(view, one.variable, language)
        for one in waiting(view, *asked_for(view))
        if is_on_the_form(view, one)
        for language in (one.languages if one.variable.kind in WORDED else ("",))
    ]
    body = {"facts": lines[:LINES_AT_MOST]}
    as_of = {"as_of": [local_text(view.lens.now, view.lens.zone)]}
    return {**raw_of(spec.type, body, view.lens.zone), **as_of}


def _line(view: View, place: Variable, language: str) -> dict[str, str]:
    """Begin a line; a fact that is recorded keeps its name and what it is."""
    known = view.state.investigation.facts.get(place.name)
    return {
        "key": place.name,
        "name": known.name if known and known.name else _name(view, place),
        "language": language,
        "kind": str(known.kind if known else place.kind),
    }


def _name(view: View, place: Variable) -> str:
    return place_name(place, view.lens.words.language)


def asked_for(view: View) -> tuple[str, str]:
    """Read from the address whose places a form is about: a kind of text, or a text."""
    asked_of = view.visit.request.query_params
    return asked_of.get("kind", ""), asked_of.get("text", "")


def is_on_the_form(view: View, place: OpenPlace) -> bool:
    """Say whether the one form has a line for a place: a fact fills it, and nothing has yet."""
    name = place.variable.name
    return not place.is_known and filled_by(name).way is Way.FACT and not is_withdrawn(view, name)


def is_withdrawn(view: View, name: str) -> bool:
    """Say whether a recorded fact does not stand: one says anew what is right, on its own form."""
    fact = view.state.investigation.facts.get(name)
    return fact is not None and fact.status not in QUOTABLE


def waiting(view: View, kind: str = "", text: str = "") -> tuple[OpenPlace, ...]:
    """Give the places that a kind, a text, or all texts at hand leave open, each once."""
    found: dict[Variable, OpenPlace] = {}
    for sheet in sheets(view, kind, text):
        for one in open_places(view.visit.house.desk, view.state, sheet):
            before = found.get(one.variable, one)
            spoken = tuple(dict.fromkeys((*before.languages, *one.languages)))
            known = before.is_known and one.is_known
            found[one.variable] = OpenPlace(one.variable, spoken, known)
    return tuple(found.values())


def sheets(view: View, kind: str = "", text: str = "") -> Iterator[Sheet]:
    """Give what is looked at: what was asked for, else what is begun and what the plan wants."""
    statements = view.state.statement.statements
    if text:
        yield from [sheet_of(statements[text])] if text in statements else []
        return
    if kind:
        yield from [_draft(view, kind)] if kind in drafting.kinds() else []
        return
    begun = [one for one in statements.values() if one.status in EDITABLE]
    yield from (sheet_of(one) for one in begun if one.sources)
    wanted = dict.fromkeys(one.kind for one in demands(view.state) if not one.met)
    there = {one.kind for one in begun}
    yield from (_draft(view, one) for one in wanted if one in drafting.kinds() and one not in there)


def _draft(view: View, kind: str) -> Sheet:
    markets = tuple(markets_of(view))
    return Sheet(kind=kind, markets=markets, languages=languages_for(view, kind, markets))


@dataclass(frozen=True, kw_only=True)
class LinesTold:
    """What the page says of the lines that are begun, by the path of a field."""

    hidden: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    helps: dict[str, str] = field(default_factory=dict)
    quoted: dict[str, tuple[str, str]] = field(default_factory=dict)


def lines_told(view: View, spec: CommandSpec, raw: Raw) -> LinesTold:
    """Give what the page fills in of the lines that are begun, and what it says at their values."""
    told = LinesTold()
    if spec.name != TOGETHER:
        return told
    places, around = {place.name: place for place in asked()}, _Around(view)
    for n in range(rows_in(raw, "facts")):
        place = places.get(last(raw, f"facts-{n}-key"))
        if place is None or not last(raw, f"facts-{n}-name"):
            continue
        language = last(raw, f"facts-{n}-language")
        parts = ["key", "name", "language", "kind"] + ["unit"] * (place.kind != ValueKind.NUMBER)
        told.hidden.update({f"facts.{n}.{one}": last(raw, f"facts-{n}-{one}") for one in parts})
        told.labels[f"facts.{n}.value"] = _label(view, place, language)
        told.quoted[f"facts.{n}.value"] = around.sentence(place.name, language)
        told.helps[f"facts.{n}.value"] = _said_so_far(view, place.name, language)
    return told


def _said_so_far(view: View, name: str, language: str) -> str:
    """Show how a recorded fact is said in other languages, where one language is asked for."""
    lens, fact = view.lens, view.state.investigation.facts.get(name)
    if fact is None or not language:
        return ""
    lines = [
        lens("In %(language)s: %(words)s", language=lens.language(one.language), words=one.value)
        for one in fact.said_in
    ]
    return "\n".join(lines or [lens("As recorded: %(words)s", words=fact.value)])


class _Around:
    """The sentences around the places of a form, as the texts at hand have them."""

    def __init__(self, view: View) -> None:
        self._lens = view.lens
        desk, kinds = view.visit.house.desk, drafting.kinds()
        self._sentences = Sentences(desk, view.state, view.lens.now)
        self._sheets = (*sheets(view, *asked_for(view)), *(_draft(view, kind) for kind in kinds))

    def sentence(self, name: str, language: str) -> tuple[str, str]:
        """Give the sentence around a place in the language of the field, else in the reader's.

        The sentence and its language; ("", "") where no text has one.
        """
        lens = self._lens
        own = "zh-CN" if lens.words.language.startswith("zh") else "en"
        for sheet in self._sheets:
            for one in dict.fromkeys((language or own, own)):
                if said := self._sentences.around(sheet, name, one):
                    return said, one
        return "", ""


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
            "help": " · ".join(
                (
                    *_in_each(lens, one),
                    lens("recorded by %(who)s", who=lens.person(one.recorded_by)),
                )
            ),
        }
        for one in to_verify(view.state, view.actor.id)
    ]


def _in_each(lens: Lens, fact: Fact) -> Iterator[str]:
    """Give the words of each language: whoever verifies answers for all of them."""
    told = said_to(lens, fact)
    if fact.value != told and fact.value not in {each.value for each in fact.said_in}:
        yield fact.value
    for each in fact.said_in:
        if each.value != told:
            yield lens.named_line(lens.language(each.language), each.value)


BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "record_fact": _fact,
    TOGETHER: _facts,
}
