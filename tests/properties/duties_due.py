"""Which duties there must be, worked out from the facts alone, apart from the code under test.

What belongs here: the rule files as they are written, table 3.4 as it is written, and the plan's
own times. What never does: asking the domain which rule holds, or since when. Only how days are
counted is taken over: that has proofs of its own (tests/domain/test_clock.py).
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from activities.calendars import derived
from domain.envelope import DueRequest
from domain.errors import Malformed
from domain.limits import parse_limit
from tests.domain.story import rules

PLAN = Path(__file__).parents[2] / "plan"
GRADES = ("minor", "general", "serious", "critical")
EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())  # fmt: skip
FATAL = {"life_threatening", "death"}

LEVELS = {
    # outcome: EU, US, CN (practice.md, table 3.4); n = no, r = review, y = serious, g = general
    "none": "nnn",
    "mild": "nng",
    "treated": "nng",
    "infection": "ryr",
    "intervention": "ryr",
    "temporary_incapacity": "yry",
    "disfigurement": "ryy",
    "disability": "yyy",
    "hospitalised": "yyy",
    "systemic": "rry",
    "congenital": "yyy",
    "life_threatening": "yyy",
    "death": "yyy",
    "unknown": "rrr",
}
WORD = {"n": "", "g": "general", "r": "review", "y": "serious"}
GRAVER = "ngry"


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Read every rule as its file has it."""
    files = (tomllib.loads(f.read_text("utf-8")) for f in (PLAN / "regulations").glob("*.toml"))
    return tuple({**row, "market": file["market"]} for file in files for row in file["rules"])


@cache
def _plan() -> dict[str, Any]:
    return tomllib.loads((PLAN / "default.toml").read_text(encoding="utf-8"))


OWNER_OF_A_BRAND = {
    "registrant", "domestic_responsible", "responsible_person", "manufacturer", "recalling_firm",
    "authorisation_holder", "responsible_distributor", "notifying_company", "supplier",
}  # fmt: skip


def asks_us(row: dict[str, Any]) -> bool:
    """Say whether a rule obliges what the company is there, and speaks of cosmetics."""
    stated = {firm["market"]: set(firm["roles"]) for firm in _plan()["firm"]}
    roles = stated.get(row["market"], OWNER_OF_A_BRAND)
    return bool(roles & set(row["obliged"])) and "cosmetic" in row.get("products", ["cosmetic"])


def own_within(row: dict[str, Any]) -> dict[str, str]:
    """Give the plan's own times, by grade, for what a rule without a number wants done."""
    step = {"tell_consumers": "consumers_told", "tell_sellers": "consignees_told"}
    name = step.get(row.get("deed", "report"), "authority_written")
    within: dict[str, str] = _plan()["times"][name]["within"]
    return within


@dataclass(frozen=True)
class Told:
    """What was said of one hurt person at one time: the first word, or a follow-up."""

    outcomes: tuple[str, ...]
    counterfeit: bool = False

    def level(self, market: str) -> str:
        """Say how the law of a market sees it; Great Britain sees it as the Union does."""
        column = {"EU": 0, "GB": 0, "XI": 0, "US": 1, "CN": 2}.get(market)
        if column is None:
            return ""
        found = max((LEVELS[each][column] for each in self.outcomes), key=GRAVER.index)
        if self.counterfeit and market == "CN" and found != "n":
            found = "r"
        return WORD[found]


@dataclass(frozen=True)
class Person:
    """One hurt person: where, known since when, and what was said of them one after the other."""

    name: str
    country: str
    known_at: datetime
    told: tuple[Told, ...]

    @property
    def market(self) -> str:
        """Name the market whose rules count there."""
        return "EU" if self.country in EU else self.country


@dataclass(frozen=True)
class Letter:
    """One act of an authority."""

    name: str
    market: str
    kind: str
    received_at: datetime


@dataclass(frozen=True)
class Known:
    """Everything that was told in the end; `countries` are those where the goods are said to be.

    `perhaps` are the countries in which we sell, where the first report named none: they stay
    possible ones. `reported_at` is when the reports, all from China, were first known; `known_at`
    also counts the people. `found_since`: since when each answer that may be a finding was known.
    """

    grade: str
    known_at: datetime
    reported_at: datetime
    countries: frozenset[str]
    perhaps: frozenset[str]
    people: tuple[Person, ...]
    letters: tuple[Letter, ...]
    answers: dict[str, Any]
    found_since: dict[str, datetime]
    found: frozenset[str]
    recalled: str
    decided_at: datetime
    judged: dict[str, str]

    def places(self, market: str) -> dict[str, bool]:
        """Give the countries of a market where the goods are, and whether that is sure."""
        sure = self.countries | {person.country for person in self.people}
        every = {**dict.fromkeys(self.perhaps, False), **dict.fromkeys(sure, True)}
        return {c: s for c, s in every.items() if ("EU" if c in EU else c) == market}


Duty = tuple[str, str, str, datetime, str, datetime | None, bool, bool]
"""Rule, recipient, about whom or what, clock start, limit, due, possible, counts."""


def expected(known: Known) -> set[Duty]:
    """Give every duty that there must be, and no other."""
    return {duty for row in rows() if asks_us(row) for duty in _of_rule(row, known)}


def _of_rule(row: dict[str, Any], known: Known) -> Iterator[Duty]:
    for country, name, sure, about in _subjects(row, known):
        held = [when for when in row["when"] if _holds(when, row["market"], known, about)]
        if not held:
            continue
        possible = not sure or all(when.get("possible", False) for when in held)
        start_at = min(_start(row, when, known, about) for when in held)
        recipient = row["recipient"] + (f":{country}" if row.get("each_country") else "")
        limit = known.judged.get(row["id"], row["limit"])
        counts = row["verified"] or row["id"] in known.judged
        due_at = _due(row, limit, start_at, known, country) if counts else None
        yield row["id"], recipient, name, start_at, limit, due_at, possible, counts


def _subjects(row: dict[str, Any], known: Known) -> Iterator[tuple[str, str, bool, Any]]:
    """Give whom or what a rule may be about: country, name, whether that is sure, and itself."""
    market = row["market"]
    if row["subject"] == "case":
        for person in known.people:
            if person.market == market:
                yield person.country, person.name, True, person
    elif row["subject"] == "authority_act":
        for letter in known.letters:
            if letter.market == market:
                yield letter.market, letter.name, True, letter
    elif row.get("each_country"):
        for country, sure in known.places(market).items():
            yield country, "incident", sure, None
    elif known.places(market):
        yield market, "incident", any(known.places(market).values()), None


def _holds(when: dict[str, Any], market: str, known: Known, about: Any) -> bool:
    return all(
        _condition(name, wanted, market, known, about)
        for name, wanted in when.items()
        if name not in ("possible", "stood_for")
    )


def _condition(name: str, wanted: Any, market: str, known: Known, about: Any) -> bool:
    """Say whether one condition held at any time: what arose is never taken back."""
    held: dict[str, Callable[[], bool]] = {
        "case": lambda: any(told.level(market) in wanted for told in about.told),
        "grade": lambda: GRADES.index(known.grade) >= GRADES.index(wanted),
        "finding": lambda: bool(known.found & set(wanted)),
        "recall": lambda: known.recalled in wanted,
        "authority": lambda: about.kind in wanted,
        "fault": lambda: known.answers["fault"] in wanted,
        "evidence": lambda: known.answers["evidence"] in wanted,
        "social_impact": lambda: _social_impact(wanted, market, known),
        "outcome": lambda: any(set(told.outcomes) & set(wanted) for told in about.told),
        "intent": lambda: known.answers.get("intent", "unknown") in wanted,
        # These follow a report that was filed, a recall completed, a halt lifted: none was.
        "new_information": lambda: False,
        "filed": lambda: False,
        "changed": lambda: False,
        "completed": lambda: False,
        "resumed": lambda: False,
    }
    return held[name]()


def _social_impact(wanted: Any, market: str, known: Known) -> bool:
    told = [one for person in known.people if person.market == market for one in person.told]
    asked = any(FATAL & set(one.outcomes) for one in told)
    marked = bool(known.answers.get("social_impact_marked"))
    return (asked and "asked" in wanted) or (marked and "marked" in wanted)


def _start(row: dict[str, Any], when: dict[str, Any], known: Known, about: Any) -> datetime:
    fact = row["clock_start"]
    if fact == "awareness" and "social_impact" in when:
        return _social_impact_since(when, row["market"], known)
    if fact in ("awareness", "receipt"):
        return about.known_at if isinstance(about, Person) else known.known_at
    if fact == "authority_act":
        received_at: datetime = about.received_at
        return received_at
    if fact == "finding":
        return max(known.found_since[name] for name in when if name in known.found_since)
    assert fact in ("decision", "recall_start"), fact
    return known.decided_at


def _social_impact_since(when: dict[str, Any], market: str, known: Known) -> datetime:
    """Asked: since the person it is asked about was known; marked: since anything was, there."""
    there = [person for person in known.people if person.market == market]
    if "marked" in when["social_impact"] and known.answers.get("social_impact_marked"):
        return min([known.reported_at, *(person.known_at for person in there)])
    fatal = [person for person in there if any(FATAL & set(one.outcomes) for one in person.told)]
    return min(person.known_at for person in fatal)


def _due(
    row: dict[str, Any], limit: str, start_at: datetime, known: Known, country: str
) -> datetime | None:
    """Count the law's number on its own calendar; where it names none, the plan's own time."""
    if limit == "at once":
        within = own_within(row)
        return rules().due_at(start_at, parse_limit(within.get(known.grade, within["general"])))
    calendar = country if row["calendar"] == "of_country" else row["calendar"]
    counting = row.get("counting", "day_after")
    request = DueRequest(
        start_at=start_at.isoformat(), limit=limit, calendar=calendar, counting=counting
    )
    try:
        return datetime.fromisoformat(derived(request).due_at)
    except Malformed:  # There is no calendar of that country: a person sets it by hand.
        return None
