"""Stage `investigation`: facts with their status, and those the incident itself offers.

What belongs here: recording, verifying, disputing, retracting. What never does: the words of a
statement that quotes a fact (templates, domain/wording.py). A fact that changes keeps its name and
gets a new version; only another person verifies it (four eyes).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from domain.clock import instant
from domain.dispatch import Act, decides, evolves
from domain.errors import NotAllowed, Refused
from domain.fact_languages import WORDED, contradicts, reads_alike
from domain.fact_values import SaidIn, There, ValueKind, kept_value
from domain.known_facts import gives_way, known_facts
from domain.language_names import languages_named
from domain.markets import base_language
from domain.message import ask, command, event
from domain.own_hand import with_hands
from domain.people import TEAM
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.investigation import Fact, FactStatus
from domain.statement_text import LANGUAGE, LineWords
from domain.values import PublicText
from domain.wire import added

KEY = re.compile(r"[a-z][a-z0-9_.]{0,59}")
"""The name of a fact: texts refer to it, so that it is short, plain and never changes."""


CAME_BACK_BEFORE: Final = "came_back_before"
"""The fact that says whether this lot or product came back before: asked in every investigation."""


@event("FactRecorded", stage=Stage.INVESTIGATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    """A fact, or a change of its status, with everything a reader needs beside it."""

    key: str
    value: PublicText
    unit: str
    as_of: datetime
    status: FactStatus
    version: int
    source: int | None
    recorded_by: str
    verifier: str | None
    by: str
    reason: PublicText = PublicText("")
    name: PublicText = added(PublicText(""))
    kind: ValueKind = added(ValueKind.TEXT)
    said_in: tuple[SaidIn, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWords:
    """How a fact is said in one language."""

    language: str = ask("Language", max=5)
    value: PublicText = ask("What is known, in this language", max=2000)


@command("record_fact", stage=Stage.INVESTIGATION, roles=TEAM, title="Record a fact",
         help="It stands as reported until another person verifies it.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Say what is known, in which unit, as of when."""

    name: PublicText = ask(
        "What is the fact called?", default=PublicText(""), max=60, wanted=True, added=True
    )
    value: PublicText = ask("What is known?", max=2000)
    as_of: datetime = ask("As of when?")
    unit: str = ask("Unit", default="", max=40)
    source: int | None = ask("Entry it comes from, if any", default=None)
    key: str = ask(
        "Which place in our texts does it fill, if any?",
        default="",
        max=60,
        choices_from="places_in_texts",
    )
    kind: ValueKind | None = ask("What is it?", default=None, added=True)
    said_in: tuple[FactWords, ...] = ask(
        "The same in other languages, where words differ", default=(), added=True
    )
    own_language: str = ask(
        "In which language is it said?",
        help="A text in another language waits for its own words. For a figure, a day or a name "
        "it does not matter.",
        default="",
        max=5,
        wanted=True,
        added=True,
    )
    drop_words: bool = ask(
        "The value changed, and unchanged words in other languages say the old one: drop them",
        default=False,
        added=True,
    )
    keep_words: bool = ask(
        "The value changed, and unchanged words in other languages are right for it too: keep them",
        default=False,
        added=True,
    )


@command("verify_fact", stage=Stage.INVESTIGATION, roles=TEAM, title="Verify this fact", item="key",
         meaning="I checked this fact against its source")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFact:
    """Another person checked it."""

    key: str = ask("Which fact?", max=60)
    version: int = ask("Which version did you check? (0: the newest)", default=0)
    how: PublicText = ask("How was it checked?", default=PublicText(""), max=2000)


@command("dispute_fact", stage=Stage.INVESTIGATION, roles=TEAM, title="Dispute this fact",
         item="key")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFact:
    """Somebody has reason to doubt it."""

    key: str = ask("Which fact?", max=60)
    reason: PublicText = ask("Why do you doubt it?", max=2000)


@command("retract_fact", stage=Stage.INVESTIGATION, roles=TEAM, title="Retract this fact",
         item="key")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RetractFact:
    """It was wrong; the record keeps it, texts may not use it."""

    key: str = ask("Which fact?", max=60)
    reason: PublicText = ask("What was wrong?", max=2000)


# ---------------------------------------------------------------- decide


@decides(RecordFact)
def record_fact(incident: Incident, act: Act, said: RecordFact) -> tuple[FactRecorded, ...]:
    """Record a fact, or a new version of one."""
    key = said.key or key_of(incident, said.name)
    if not KEY.fullmatch(key):
        raise Refused(
            f"{key!r:.70} cannot name a fact.",
            "Use small letters, digits, dots and underscores, such as units_sold.",
            code="bad_key",
        )
    if "{{" in said.value or any("{{" in each.value for each in said.said_in):
        raise Refused(
            "A fact is what is known, and refers to no other fact.",
            "Write the words themselves, without {{ }}.",
            code="refers",
        )
    if said.as_of > act.at:
        raise Refused("Nothing is known as of a time ahead.", "Correct the time.", code="ahead")
    if said.source is not None and not 1 <= said.source <= incident.size:
        raise Refused(f"There is no entry {said.source}.", f"Entries go from 1 to {incident.size}.")
    before = incident.investigation.facts.get(key)
    kind = said.kind or (before.kind if before else ValueKind.TEXT)
    value = PublicText(kept_value(kind, said.value, _there(incident)))
    words = _with_words_of_before(before, value, _said_in(kind, value, said), said)
    return (
        FactRecorded(
            key=key,
            name=said.name or PublicText(before.name if before else ""),
            value=value,
            unit=said.unit,
            as_of=said.as_of,
            status=FactStatus.REPORTED,
            version=before.version + 1 if before else 1,
            source=said.source,
            recorded_by=act.who,
            verifier=None,
            by=act.who,
            kind=kind,
            said_in=words,
        ),
    )


def _with_words_of_before(
    before: Fact | None, value: str, words: tuple[SaidIn, ...], said: RecordFact
) -> tuple[SaidIn, ...]:
    """Keep the words of languages that are not given, where the fact says what it said before.

    Where it says something else, words that stand unchanged would say the old thing, whether they
    are given again or not: they are dropped or kept as `said` asks, else Refused is raised. The
    language in which the value itself was said goes with the value; words that say the new value
    already are no old ones. Who asks for both has them dropped: then texts show the gap. Of another
    kind than before they have to be like any words of it.
    """
    if before is None:
        return words
    was = {each.language: each.value for each in before.said_in}
    given = {each.language for each in words}
    others = () if before.status is FactStatus.RETRACTED else before.said_in
    others = tuple(each for each in others if each.language not in given)
    if said.own_language:
        # What is said to be in another language now was never words of those.
        others = tuple(each for each in others if each.value != value)
    if value == before.value:
        if said.drop_words:
            return words
        _require_no_other_region(before, words, others, said)
        return _in_order(words + _in_kind(before, said, others))
    own = tuple(each for each in others if each.value == before.value)
    left = tuple(
        each
        for each in (*words, *others)
        if each.value != value and each.value == was.get(each.language) and each not in own
    )
    if left and not said.drop_words and not said.keep_words:
        raise _words_left(before, left)
    gone = (*own, *left) if said.drop_words else own
    others = tuple(each for each in others if each not in gone)
    words = tuple(each for each in words if each not in gone)
    return _in_order(words + _in_kind(before, said, others))


def _require_no_other_region(
    before: Fact, words: tuple[SaidIn, ...], others: tuple[SaidIn, ...], said: RecordFact
) -> None:
    """Ask about the words of regions where those without a region say something else now.

    Raises Refused: an English text for Great Britain would go on telling the old words. Words of
    one region alone may always move: they are what this region calls it.
    """
    was = {each.language: each.value for each in before.said_in}
    moved = {each.language for each in words if was.get(each.language, each.value) != each.value}
    left = tuple(
        each
        for each in (*words, *others)
        if base_language(each.language) in moved - {each.language}
        and each.value == was.get(each.language)
    )
    if left and not said.keep_words:
        raise _words_left(before, left)


def _words_left(before: Fact, left: tuple[SaidIn, ...]) -> Refused:
    return Refused(
        f"The words of {before.key} in these languages still say the old value: "
        f"{languages_named(each.language for each in left)}.",
        "Write them anew, or say that they are dropped, or that they are right still.",
        code="words_left",
    )


def _in_kind(before: Fact, said: RecordFact, old: tuple[SaidIn, ...]) -> tuple[SaidIn, ...]:
    """Give old words as the kind that the fact has now keeps them; raises Refused as for new ones.

    Where the kind stays, they do: an earlier release may have kept them in another form.
    """
    if said.kind is None or said.kind is before.kind:
        return old
    return words_kept(said.kind, (FactWords(language=o.language, value=o.value) for o in old))


def _in_order(words: tuple[SaidIn, ...]) -> tuple[SaidIn, ...]:
    return tuple(sorted(words, key=lambda each: each.language))


def _said_in(kind: ValueKind, value: str, said: RecordFact) -> tuple[SaidIn, ...]:
    """Keep the words of each language, and the value as words of the one that it is said in.

    But where every language reads it alike. Raises Refused for what is no language.
    """
    words = list(said.said_in)
    if said.own_language:
        require_own_language(said.own_language, value if kind in WORDED else "")
    if said.own_language and kind in WORDED and not reads_alike(value):
        own = base_language(said.own_language)
        words = [
            each
            for each in words
            if base_language(each.language) != own or kept_value(kind, each.value) != value
        ]
        words.append(FactWords(language=said.own_language, value=PublicText(value)))
    return words_kept(kind, words)


def words_kept(kind: ValueKind, words: Iterable[FactWords | LineWords]) -> tuple[SaidIn, ...]:
    """Keep the words of each language once; raises Refused for what is no language."""
    kept: dict[str, SaidIn] = {}
    for each in words:
        _require_language(each.language, kept)
        told = PublicText(kept_value(kind, each.value))
        kept[each.language] = SaidIn(language=each.language, value=told)
    return tuple(kept[language] for language in sorted(kept))


def require_own_language(language: str, value: str) -> None:
    """Take a language for words that may be of it; raises Refused where the script shows another.

    The language is that of the page beforehand: who writes another one does not look there.
    """
    _require_language(language, ())
    if contradicts(language, value):
        raise Refused(
            f"These words are not in this language: {languages_named((language,))}.",
            "Choose the language that they are written in.",
            code="other_language",
        )


def _require_language(language: str, there: Collection[str]) -> None:
    if not LANGUAGE.fullmatch(language) or language in there:
        raise Refused(
            f"{language!r:.10} is no language, or stands here twice.",
            "Write it like zh-CN, en or pt-BR, once each.",
            code="bad_language",
        )


def key_of(incident: Incident, name: str, taken: Collection[str] = ()) -> str:
    """Make the short name of a fact from what people call it; raises Refused when they do not.

    What is called the same is the same fact. A name in other letters than a to z is numbered,
    by the first number that is free; `taken` are keys that the same act gives besides.
    """
    called = name.strip().casefold()
    if not called:
        raise Refused("The fact has no name.", "Say what it is called.", code="no_name")
    facts = incident.investigation.facts
    for fact in facts.values():
        if fact.name.strip().casefold() == called:
            return fact.key
    words = re.sub(r"[^a-z0-9]+", "_", called).strip("_")
    plain = called.isascii() and words[:1].isalpha()
    return words[:60] if plain else _numbered(len(facts) + 1, {*facts, *taken})


def _numbered(first: int, taken: Collection[str]) -> str:
    return next(key for n in count(first) if (key := f"fact_{n}") not in taken)


@decides(VerifyFact)
def verify_fact(incident: Incident, act: Act, said: VerifyFact) -> tuple[FactRecorded, ...]:
    """Verify what another person recorded, in the version that was looked at."""
    fact = _standing(incident, said.key)
    if said.version not in (0, fact.version):
        raise Refused(
            f"{said.key} changed meanwhile: it stands at version {fact.version}.",
            "Look at the new version and verify that.",
            code="fact_changed",
        )
    if fact.status == FactStatus.VERIFIED:
        raise Refused(f"{said.key} is verified already by {fact.verifier}.", "Nothing to do.")
    if act.actor.id in recorders(incident, fact):
        raise NotAllowed(
            "You recorded this fact yourself.",
            "Another person verifies it: four eyes.",
            code="four_eyes",
        )
    return (_changed(fact, act, FactStatus.VERIFIED, said.how),)


def _there(incident: Incident) -> There:
    """Read a time of day by the clock of the company's calendar."""
    return lambda on, clock: instant(on, clock, incident.rules.calendar)


def recorders(incident: Incident, fact: Fact) -> frozenset[str]:
    """Give whose own a fact is, and so is verified by another: who said it, and their scribe."""
    return with_hands(incident, (fact.recorded_by,))


@decides(DisputeFact)
def dispute_fact(incident: Incident, act: Act, said: DisputeFact) -> tuple[FactRecorded, ...]:
    """Doubt a fact; who doubts may be anyone, also its author."""
    fact = _standing(incident, said.key)
    if fact.status == FactStatus.DISPUTED:
        raise Refused(f"{said.key} is disputed already.", "Verify, retract or record it anew.")
    return (_changed(fact, act, FactStatus.DISPUTED, said.reason),)


@decides(RetractFact)
def retract_fact(incident: Incident, act: Act, said: RetractFact) -> tuple[FactRecorded, ...]:
    """Take a fact back with a reason."""
    return (_changed(_standing(incident, said.key), act, FactStatus.RETRACTED, said.reason),)


def _standing(incident: Incident, key: str) -> Fact:
    fact = incident.investigation.facts.get(key)
    if fact is None:
        raise Refused(f"No fact is called {key!r:.70}.", "Record it first.", code="no_fact")
    if fact.status == FactStatus.RETRACTED:
        raise Refused(f"{key} was retracted.", "Record it anew if it is known now.")
    return fact


def _changed(fact: Fact, act: Act, status: FactStatus, reason: PublicText) -> FactRecorded:
    return FactRecorded(
        key=fact.key,
        value=PublicText(fact.value),
        unit=fact.unit,
        as_of=fact.as_of,
        status=status,
        version=fact.version,
        source=fact.source,
        recorded_by=fact.recorded_by,
        verifier=act.who if status == FactStatus.VERIFIED else None,
        by=act.who,
        reason=reason,
        name=PublicText(fact.name),
        kind=fact.kind,
        said_in=fact.said_in,
    )


# ---------------------------------------------------------------- evolve


@evolves(FactRecorded)
def _recorded(incident: Incident, told: FactRecorded, mark: Mark) -> Incident:
    fact = Fact(
        key=told.key,
        value=told.value,
        unit=told.unit,
        as_of=told.as_of,
        status=told.status,
        version=told.version,
        seq=mark.seq,
        source=told.source,
        recorded_by=told.recorded_by,
        verifier=told.verifier,
        reason=told.reason,
        name=told.name,
        kind=told.kind,
        said_in=told.said_in,
    )
    facts = {**incident.investigation.facts, told.key: fact}
    return with_stage(incident, "investigation", facts=facts)


# ---------------------------------------------------------------- all that is known


def all_facts(incident: Incident) -> dict[str, Fact]:
    """Give every fact by name: what people recorded goes before what the incident offers.

    A figure that nobody verified gives way to what a scope says since.
    """
    known = {fact.key: fact for fact in known_facts(incident)}
    recorded = incident.investigation.facts.items()
    return known | {
        key: fact for key, fact in recorded if key not in known or not gives_way(incident, fact)
    }
