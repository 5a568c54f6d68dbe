"""What a fact is called and how its value reads: `people_hurt` is "People hurt", `CN, US` markets.

What belongs here: words for the facts that the incident itself knows (domain/facts.py); a fact that
a person named keeps the person's words. What never does: which facts there are.
"""

from collections.abc import Callable
from typing import Final

from api.pages.lens import Lens
from api.word_lists import LISTS
from api.words import humanised
from domain.state.investigation import Fact

_VALUES: Final[dict[str, Callable[[Lens, str], str]]] = {
    "products": lambda lens, value: lens.products(_parts(value)),
    "lots": lambda lens, value: lens.listed(_parts(value)),
    "markets": lambda lens, value: lens.listed(map(lens.market, _parts(value))),
}


def _parts(value: str) -> list[str]:
    """Split a value of several things: one a line, or as the statement of an older text has it."""
    return [part.strip() for part in value.replace(", ", "\n").splitlines() if part.strip()]


def fact_name(lens: Lens, key: str, name: str = "") -> str:
    """Give what people call a fact; one with a short name alone, such as `units_sold`, as words."""
    return name or lens(LISTS["fact"].get(key) or humanised(key))


def fact_value(lens: Lens, key: str, value: str) -> str:
    """Give a fact's value with names for ids, and groups in a whole number."""
    if key in _VALUES:
        return _VALUES[key](lens, value)
    if "\n" in value:
        return lens.listed(_parts(value))
    is_number = value.isascii() and value.isdigit() and len(value) <= 15
    return (lens.number(int(value)) or value) if is_number else value


def fact_unit(lens: Lens, value: str, unit: str) -> str:
    """Give a fact's unit as it is said of its value: 1 person, 3 people."""
    one = LISTS["fact_unit_one"].get(unit) if value == "1" else None
    return lens(one or LISTS["fact_unit"].get(unit) or unit)


def fact_told(lens: Lens, key: str, value: str, unit: str) -> str:
    """Give value and unit together."""
    return f"{fact_value(lens, key, value)} {fact_unit(lens, value, unit)}".strip()


def fact_line(lens: Lens, fact: Fact) -> str:
    """Tell a fact in one line: its name, its value, its unit."""
    name = fact_name(lens, fact.key, fact.name)
    return lens.named_line(name, fact_told(lens, fact.key, fact.value, fact.unit))
