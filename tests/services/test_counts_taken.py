"""A count beyond all that was ever made is refused where it comes in, whatever command brings it.

The commands come from the registry: one that is registered tomorrow is tested tomorrow.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from domain.errors import Malformed
from domain.message import CASE_COMMANDS, COMMANDS, CommandSpec
from domain.people import SYSTEM_ROLES
from domain.severity import Answers
from domain.values import UNITS_AT_MOST
from domain.wire import optional_of
from services.checking import answer_faults, check_body
from services.house import House
from services.sending import Sent
from tests.api.samples import whole_body_of

EVIDENCE = {"evidence": "0" * 64}
SENTENCE = "A number above 1,000,000,000 cannot be right."


def numbers_in(tp: type, before: str = "") -> Iterator[str]:
    """Give the paths of all whole numbers of a command; of a list, those of its first row."""
    hints = get_type_hints(tp)
    for each in fields(tp):
        name, hint = f"{before}{each.name}", optional_of(hints[each.name]) or hints[each.name]
        if get_origin(hint) is tuple:
            name, hint = f"{name}.0", get_args(hint)[0]
        if isinstance(hint, type) and is_dataclass(hint):
            yield from numbers_in(hint, f"{name}.")
        elif hint is int:
            yield name


TYPED = {
    f"{spec.name} {at}": (spec, at)
    for spec in {**COMMANDS, **CASE_COMMANDS}.values()
    if spec.roles - SYSTEM_ROLES
    for at in numbers_in(spec.type)
}
UNBOUNDED = {
    "record_mention reach",
    "settle_case amount_minor",
    "settle_case limit_minor",
    "settle_remedy amount_minor",
    "settle_remedy limit_minor",
    "sign_recall_plan budget_minor",
}
"""Views of a post, and money in its smallest unit."""


def faults(house: House, spec: CommandSpec, at: str, value: int) -> list[tuple[str, str]]:
    """Give what is said of a body with such a number; the company's lists say nothing here."""
    body: Any = whole_body_of(spec, EVIDENCE)
    body |= {spec.item: "1"} if spec.item and spec.item not in at else {}
    into: Any = body
    *way, last = (int(part) if part.isdecimal() else part for part in at.split("."))
    for part in way:
        into = into.setdefault(part, {}) if isinstance(into, dict) else into[part]
    into[last] = value
    try:
        check_body(house, spec, Sent(command=spec.name, body=body, command_id=""), lambda _: False)
    except Malformed as error:
        return [(one.path, one.sentence) for one in error.fields]
    return []


def refused(house: House, value: int) -> set[str]:
    """Give by command and path the numbers of which such a value is refused as too large."""
    return {
        named
        for named, (spec, at) in TYPED.items()
        if (at, SENTENCE) in faults(house, spec, at, value)
    }


def test_no_count_is_taken_that_is_beyond_all_that_was_ever_made(house: House) -> None:
    assert refused(house, UNITS_AT_MOST + 1) == TYPED.keys() - UNBOUNDED


def test_the_largest_count_is_taken(house: House) -> None:
    assert refused(house, UNITS_AT_MOST) == set()


def test_a_grade_shown_beforehand_says_it_in_the_same_words(house: House) -> None:
    sent = {"answers": {"units": UNITS_AT_MOST + 1}}
    told = answer_faults(COMMANDS["report_problem"], sent, house.now())
    assert told == [("answers.units", SENTENCE)]
    assert "units" in get_type_hints(Answers)
