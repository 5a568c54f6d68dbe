"""Stage `investigation`: several facts on one form, as the texts that wait for them ask.

What belongs here: from lines to facts. What never does: what one fact may be (domain/facts.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from domain.dispatch import Act, decides
from domain.errors import Refused
from domain.fact_values import ValueKind
from domain.facts import FactRecorded, FactWords, RecordFact, record_fact
from domain.message import ask, command
from domain.people import TEAM
from domain.plot import evolve, mark_for
from domain.stages import Stage
from domain.state import Incident
from domain.values import PublicText


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact, or how a fact is said in one language; without a value nothing is known yet."""

    key: str = ask(
        "Which place in our texts does it fill, if any?",
        default="",
        max=60,
        choices_from="places_in_texts",
    )
    name: PublicText = ask("What is the fact called?", default=PublicText(""), max=60)
    value: PublicText = ask("What is known?", default=PublicText(""), max=2000)
    unit: str = ask("Unit", default="", max=40)
    language: str = ask("Language, where words differ", default="", max=5)
    kind: ValueKind | None = ask("What is it?", default=None)

    @property
    def called(self) -> str:
        """By what lines of the same fact are known to belong together."""
        return self.key or self.name.strip().casefold()


@command("record_facts", stage=Stage.INVESTIGATION, roles=TEAM, title="Record several facts",
         help="A line without a value is left out. Each stands as reported until another person "
         "verifies it.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Say what is known of several things, as of the same time."""

    facts: tuple[FactLine, ...] = ask("Facts", some=True)
    as_of: datetime = ask("As of when?")
    source: int | None = ask("Entry they come from, if any", default=None)


@decides(RecordFacts)
def record_facts(incident: Incident, act: Act, said: RecordFacts) -> tuple[FactRecorded, ...]:
    """Record each fact as one alone would be: all of them, or none."""
    known = sorted((line for line in said.facts if line.value.strip()), key=lambda one: one.called)
    if not known:
        raise Refused(
            "No line has a value.", "Write what is known; what is not may stay empty.", code="empty"
        )
    found: list[FactRecorded] = []
    for _called, lines in groupby(known, key=lambda one: one.called):
        for event in record_fact(incident, act, _as_one(tuple(lines), said)):
            incident = evolve(incident, event, mark_for(incident, act))
            found.append(event)
    return tuple(found)


def _as_one(lines: tuple[FactLine, ...], said: RecordFacts) -> RecordFact:
    """Join the lines of one fact: what names no language holds for all, else the first does."""
    first = next((line for line in lines if not line.language), lines[0])
    if sum(not line.language for line in lines) > 1:
        raise Refused(
            f"{first.called!r:.70} stands here twice.",
            "Keep one line for each fact, or one for each language.",
            code="twice",
        )
    return RecordFact(
        key=first.key,
        name=first.name,
        value=first.value,
        unit=first.unit,
        kind=first.kind,
        as_of=said.as_of,
        source=said.source,
        said_in=tuple(_words(lines)),
    )


def _words(lines: Iterable[FactLine]) -> Iterable[FactWords]:
    return (FactWords(language=one.language, value=one.value) for one in lines if one.language)
