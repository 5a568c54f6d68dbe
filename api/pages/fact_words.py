"""What a fact is called and how its value reads: `people_hurt` is "People hurt", `CN, US` markets.

What belongs here: words for the facts that the incident itself knows (domain/facts.py); a fact that
a person named keeps the person's words. What never does: which facts there are.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final, Protocol

from activities.derived import TEMPLATES
from activities.words import words_in
from api.pages.lens import Lens
from api.word_lists import LISTS
from api.words import humanised
from domain.fact_values import SaidIn
from domain.markets import base_language
from domain.press_contract import Variable
from domain.state.investigation import Fact

_IS_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}\S*)?$")

_VALUES: Final[dict[str, Callable[[Lens, str], str]]] = {
    "products": lambda lens, value: lens.products(_parts(value)),
    "lots": lambda lens, value: lens.listed(_parts(value)),
    "markets": lambda lens, value: lens.listed(map(lens.market, _parts(value))),
}


def _parts(value: str) -> list[str]:
    """Split a value of several things: one a line, or as the statement of an older text has it."""
    return [part.strip() for part in value.replace(", ", "\n").splitlines() if part.strip()]


NAME_AT_MOST: Final = 60
"""Characters of the name of a fact."""


def fact_name(lens: Lens, key: str, name: str = "") -> str:
    """Give what people call a fact; one with a short name alone, such as `units_sold`, as words.

    One that fills a place in our texts is called as the place is, in the reader's language, unless
    somebody gave it a name of their own.
    """
    place = next((one for one in TEMPLATES.catalogue().variables if one.name == key), None)
    if name and not (place and _is_of_the_form(place, name)) and not _is_of_the_list(key, name):
        return name
    if key in LISTS["fact"]:
        return lens(LISTS["fact"][key])
    if place is None:
        return lens(humanised(key))
    meaning = place.meaning(lens.words.language)
    return meaning[:1].upper() + meaning[1:]


def place_name(place: Variable, language: str) -> str:
    """Name a fact as the form begins it: what the place is, no longer than a name may be."""
    return place.meaning(language)[:NAME_AT_MOST]


def _is_of_the_form(place: Variable, name: str) -> bool:
    """Say whether a name is the form's own, in whatever language it was filled in."""
    known = ("en", "zh", *(each.language for each in place.meanings))
    return name in {place_name(place, language) for language in known}


def _is_of_the_list(key: str, name: str) -> bool:
    """Say whether a name is the one that we give a fact of ourselves, in either language."""
    known = LISTS["fact"].get(key, "")
    return bool(known) and name.casefold() in {
        words_in(language).gettext(known).casefold() for language in ("en", "zh_CN")
    }


def fact_value(lens: Lens, key: str, value: str) -> str:
    """Give a fact's value with names for ids, and groups in a whole number."""
    if key in _VALUES:
        return _VALUES[key](lens, value)
    if "\n" in value:
        return lens.listed(_parts(value))
    if _IS_TIME.match(value):
        return _time(lens, value)
    is_number = value.isascii() and value.isdigit() and len(value) <= 15
    return (lens.number(int(value)) or value) if is_number else value


def _time(lens: Lens, value: str) -> str:
    """Write a kept day or moment as the reader writes it; what is none stays as it is."""
    try:
        if len(value) == len("2026-03-02"):
            return lens.day(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return lens.when(at) if at.tzinfo else value


class Said(Protocol):
    """A fact, what a text quoted of it, or the entry that recorded it."""

    @property
    def key(self) -> str:
        """Give which fact."""

    @property
    def value(self) -> str:
        """Give what is kept."""

    @property
    def unit(self) -> str:
        """Give its unit."""

    @property
    def said_in(self) -> tuple[SaidIn, ...]:
        """Give its words in single languages."""


def said_to(lens: Lens, fact: Said) -> str:
    """Give the words of a fact in the reader's language, where somebody wrote them."""
    own = base_language(lens.words.language.replace("_", "-"))
    return next((e.value for e in fact.said_in if base_language(e.language) == own), fact.value)


def fact_unit(lens: Lens, value: str, unit: str) -> str:
    """Give a fact's unit as it is said of its value: 1 person, 3 people."""
    one = LISTS["fact_unit_one"].get(unit) if value == "1" else None
    return lens(one or LISTS["fact_unit"].get(unit) or unit)


def fact_told(lens: Lens, fact: Said) -> str:
    """Give value and unit together, in the reader's language where somebody wrote it there."""
    value = fact_value(lens, fact.key, said_to(lens, fact))
    return f"{value} {fact_unit(lens, fact.value, fact.unit)}".strip()


def fact_line(lens: Lens, fact: Fact) -> str:
    """Tell a fact in one line: its name, its value, its unit."""
    name = fact_name(lens, fact.key, fact.name)
    return lens.named_line(name, fact_told(lens, fact))
