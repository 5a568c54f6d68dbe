"""A rule that says something else breaks a row of the golden table: none of its terms is idle.

One term of one rule is changed at a time: the amount and the unit of its limit, whose calendar, how
days count, which fact starts the clock, its force, and whether it was verified. Each such mutant
must give another answer than the table over the facts of at least one row. A mutant that gives the
same answers, for a reason, stands in `SAME` with the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from domain.errors import BrokenSetup
from domain.limits import ALLOWED_COUNTING, Counting, Limit, Unit, parse_limit
from domain.regulation_terms import ClockStart, Force, Subject
from domain.regulations import OF_COUNTRY, Rule, regulations_document, regulations_from_document
from tests import figures
from tests.content.golden_duties import ROWS
from tests.content.golden_facts import Played, computed, played, rule_of
from tests.domain.story import regulations

PLAIN = {"AU-ACT": "AU", "GB-NIR": "GB", "SG-HSA": "SG"}
OTHER_UNITS = {
    Unit.CALENDAR_DAYS: ("wd", "h"),
    Unit.WORKING_DAYS: ("d", "h"),
    Unit.MONTHS: ("d", "wd"),
    Unit.HOURS: ("d", "min"),
}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One rule that says something else in one term."""

    what: str
    rule: Rule


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Give every mutant of a rule that its file would take."""
    for what, changed in _changed(rule):
        if changed != rule and _is_taken(changed):
            yield Mutant(what=f"{rule.id} {what}", rule=changed)


def _changed(rule: Rule) -> Iterator[tuple[str, Rule]]:
    yield from _of_limit(rule)
    if not rule.is_immediate:  # Our own target is counted by the company's calendar.
        yield from _of_calendar(rule)
    for start in ClockStart:
        yield f"starts at {start}", replace(rule, clock_start=start)
    for force in Force:
        yield f"by {force}", replace(rule, force=force)
    yield f"verified {not rule.verified}", replace(rule, verified=not rule.verified)


def _of_limit(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if rule.is_immediate:
        limit = parse_limit("1 d")
        yield "1 d", replace(rule, limit=limit, counting=Counting.DAY_AFTER)
        return
    amount, unit = rule.limit.amount, rule.limit.unit
    for more in (-1, 1):
        if amount + more:
            changed = Limit(amount + more, unit)
            yield changed.text, replace(rule, limit=changed)
    for other in OTHER_UNITS[unit]:
        changed = parse_limit(f"{amount} {other}")
        yield changed.text, replace(rule, limit=changed, counting=ALLOWED_COUNTING[changed.unit][0])
    for counting in ALLOWED_COUNTING[unit]:
        yield f"counted {counting}", replace(rule, counting=counting)


def _of_calendar(rule: Rule) -> Iterator[tuple[str, Rule]]:
    abroad = "CN" if rule.calendar in ("US", "CA") else "US"
    for code in {abroad: None, PLAIN.get(rule.calendar, abroad): None}:
        yield f"by the calendar of {code}", replace(rule, calendar=code)
    if rule.each_country and rule.calendar != OF_COUNTRY:
        yield "by the country's calendar", replace(rule, calendar=OF_COUNTRY)


def _is_taken(changed: Rule) -> bool:
    """Say whether the checks of a rule file let a rule pass."""
    alone = replace(changed, covers=(), follow_ups=())
    try:
        regulations_from_document(regulations_document((alone,)))
    except BrokenSetup:
        return False
    return True


# ---------------------------------------------------------------- what gives the same answers


def _same(mutant: Mutant) -> str:
    """Say why a mutant gives the same answers, where it must; nothing where it must not."""
    rule, before = mutant.rule, rule_of(mutant.rule.id)
    starts = {rule.clock_start, before.clock_start}
    if rule.subject is Subject.CASE and starts == {ClockStart.AWARENESS, ClockStart.RECEIPT}:
        return "a report on a person is never received before anybody is aware (RECEIPT)"
    if "calendar of AU" in mutant.what:
        return "the clock of Sydney in both, and no day is left out by either counting"
    return SAME.get(mutant.what, "")


_ELAPSED = "hours that elapse are as long on every clock"
SAME: dict[str, str] = {
    "AU-128 by the calendar of US": _ELAPSED,
    "US-FDA-PUBLIC-WARNING by the calendar of CN": _ELAPSED,
}
"""By the name of the mutant: why no row can tell it from the rule."""


# ---------------------------------------------------------------- trying them


@cache
def facts_of_rule(rule: str) -> tuple[Played, ...]:
    """Tell the rows of a rule once; its mutants are tried over what they left."""
    return tuple(played(row) for row in ROWS if row.rule == rule)


def survives(mutant: Mutant) -> bool:
    """Say whether every row of the rule has the answer that it expects."""
    told = facts_of_rule(mutant.rule.id)
    return all(computed(mutant.rule, each) == each.row.expected for each in told)


@cache
def mutants() -> tuple[Mutant, ...]:
    """Give the mutants of all rules: they take a second to make, which only these tests need."""
    return tuple(mutant for rule in regulations() for mutant in mutants_of(rule))


@pytest.mark.parametrize("rule", [rule.id for rule in regulations()])
def test_a_rule_that_says_something_else_breaks_a_row(rule: str) -> None:
    mine = [mutant for mutant in mutants() if mutant.rule.id == rule]
    alive = [m for m in mine if survives(m)]
    explained = [m for m in alive if _same(m)]
    assert [m.what for m in alive if not _same(m)] == []
    figures.note(
        "mutants of rules",
        {"tried": len(mine), "broke a row": len(mine) - len(alive), "same for a reason": len(explained)},
    )  # fmt: skip


def test_what_is_said_to_give_the_same_answers_is_a_mutant_that_does() -> None:
    """A reason that nothing needs any more is taken out."""
    names = {mutant.what: mutant for mutant in mutants()}
    assert set(SAME) <= set(names)
    assert [what for what in SAME if not survives(names[what])] == []
