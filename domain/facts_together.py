"""Stage `investigation`: several facts on one form, as the texts that wait for them ask.

What belongs here: recording and verifying several at once. What never does: what one fact may be,
or who may verify it (domain/facts.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.dispatch import Act, decides
from domain.errors import Refused
from domain.fact_languages import own_language
from domain.fact_values import ValueKind
from domain.facts import (
    FactRecorded,
    FactWords,
    RecordFact,
    VerifyFact,
    key_of,
    record_fact,
    recorders,
    verify_fact,
)
from domain.markets import base_language
from domain.message import ask, command
from domain.people import TEAM
from domain.plot import evolve, mark_for
from domain.stages import Stage
from domain.state import Incident
from domain.state.investigation import Fact, FactStatus
from domain.values import PublicText

DIGITS = 9
"""Digits that the number of a version may have."""


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


@command("record_facts", stage=Stage.INVESTIGATION, roles=TEAM, title="Record several facts",
         help="A line without a value is left out. Each stands as reported until another person "
         "verifies it.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Say what is known of several things, as of the same time."""

    facts: tuple[FactLine, ...] = ask("Facts", some=True)
    as_of: datetime = ask("As of when?")
    source: int | None = ask("Entry they come from, if any", default=None)
    drop_words: bool = ask(
        "A value changed, and unchanged words in other languages say the old one: drop them",
        default=False,
        added=True,
    )
    keep_words: bool = ask(
        "A value changed, and unchanged words in other languages are right for it too: keep them",
        default=False,
        added=True,
    )


@command("verify_facts", stage=Stage.INVESTIGATION, roles=TEAM, title="Verify several facts",
         help="Tick only what you checked yourself, as it stands here.",
         meaning="I checked each of these facts against its source")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFacts:
    """Another person checked each of them; `key@3` names the version that was looked at."""

    facts: tuple[str, ...] = ask(
        "Which facts did you check?", some=True, choices_from="facts_to_verify"
    )
    how: PublicText = ask("How were they checked?", default=PublicText(""), max=2000)


@decides(RecordFacts)
def record_facts(incident: Incident, act: Act, said: RecordFacts) -> tuple[FactRecorded, ...]:
    """Record each fact as one alone would be: all of them, or none."""
    found: list[FactRecorded] = []
    for key, lines in _by_key(incident, said.facts).items():
        for event in record_fact(incident, act, _as_one(incident, key, lines, said)):
            incident = evolve(incident, event, mark_for(incident, act))
            found.append(event)
    if not found:
        raise Refused(
            "No line has a value.", "Write what is known; what is not may stay empty.", code="empty"
        )
    return tuple(found)


def _by_key(incident: Incident, lines: Iterable[FactLine]) -> dict[str, list[FactLine]]:
    """Gather the lines that have a value by the fact they are about."""
    found: dict[str, list[FactLine]] = {}
    called: dict[str, str] = {}
    for line in lines:
        if not line.value.strip():
            continue
        name = line.name.strip().casefold()
        key = line.key or called.get(name) or key_of(incident, line.name, found)
        called.setdefault(name, key)
        found.setdefault(key, []).append(line)
    return found


def _as_one(incident: Incident, key: str, lines: list[FactLine], said: RecordFacts) -> RecordFact:
    """Join the lines of one fact: what names no language holds for all, else the first does.

    Of a fact that stands, only the languages that are said anew change.
    """
    first = next((line for line in lines if not line.language), lines[0])
    _require_one(key, lines)
    stands = incident.investigation.facts.get(key) if first.language else None
    if stands is not None and stands.status is FactStatus.RETRACTED:
        stands = None  # what was taken back comes back by nobody's line in another language
    new = {line.language: line.value for line in lines if line.language}
    old = [
        FactWords(language=each.language, value=each.value)
        for each in (stands.said_in if stands else ())
        if each.language not in new
    ]
    own = _own_among(new, stands) if stands else ""
    return RecordFact(
        key=key,
        name=first.name,
        # Words that stand for the fact itself change with the language that they are of.
        value=PublicText(new.get(own, stands.value)) if stands else first.value,
        unit=first.unit or (stands.unit if stands else ""),
        kind=first.kind,
        as_of=said.as_of,
        source=said.source,
        said_in=(
            *old,
            *(FactWords(language=one.language, value=one.value) for one in lines if one.language),
        ),
        drop_words=said.drop_words,
        keep_words=said.keep_words,
    )


def _own_among(new: Iterable[str], stands: Fact) -> str:
    """Give the one of these languages that the value of a fact is said in; "" where it is none.

    Where nobody named it, its letters tell the language, and its region is not known.
    """
    own = own_language(stands.value, stands.said_in)
    is_named = any(each.value == stands.value for each in stands.said_in)
    return next((one for one in new if own in (one, "" if is_named else base_language(one))), "")


def _require_one(key: str, lines: list[FactLine]) -> None:
    """Refuse lines that cannot be one fact: two values, or two units, or two names."""
    spoken = [line.language for line in lines]
    names = {line.name.strip().casefold() for line in lines if line.name.strip()}
    if len(set(spoken)) != len(spoken) or len({line.unit for line in lines}) > 1 or len(names) > 1:
        raise Refused(
            f"{key!r:.70} stands here twice.",
            "Keep one line for each fact, or one for each language.",
            code="twice",
        )


@decides(VerifyFacts)
def verify_facts(incident: Incident, act: Act, said: VerifyFacts) -> tuple[FactRecorded, ...]:
    """Verify each fact as one alone would be: all of them, or none."""
    found: list[FactRecorded] = []
    for name in dict.fromkeys(said.facts):
        key, _, version = name.partition("@")
        looked_at = _version(version)
        for event in verify_fact(
            incident, act, VerifyFact(key=key, version=looked_at, how=said.how)
        ):
            incident = evolve(incident, event, mark_for(incident, act))
            found.append(event)
    return tuple(found)


def _version(told: str) -> int:
    """Read the number of a version: 0, the newest, where none is named; -1 fits none."""
    if not told:
        return 0
    return int(told) if told.isascii() and told.isdecimal() and len(told) < DIGITS else -1


def to_verify(incident: Incident, person: str) -> tuple[Fact, ...]:
    """List the facts that a person may verify: as reported, and not their own."""
    return tuple(
        fact
        for fact in incident.investigation.facts.values()
        if fact.status is FactStatus.REPORTED and person not in recorders(incident, fact)
    )
