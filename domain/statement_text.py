"""The bytes that a statement is: one canonical form over all languages and the facts it tells.

What belongs here: renditions, the bundle that is hashed, approved, published and read back, and
looking at a text for what no eye should miss. What never does: who approves, or a rule of wording.

The bundle names incident, statement and version, so that an approval can never be carried over to
another text, not even to one with the same words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.canonical import canonical, sha256_hex
from domain.fact_values import SaidIn, ValueKind
from domain.markets import base_language
from domain.message import ask
from domain.values import Json, PublicText
from domain.wire import added, encode
from domain.wording import Passage

BUNDLE_FORMAT = "andon-statement-1"
TITLE_LENGTH = 200
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One language of a text, as it will be read."""

    language: str = ask("Language", max=5)
    title: PublicText = ask("Headline", max=TITLE_LENGTH)
    body: PublicText = ask("Text")


LINE_LENGTH: Final = 2000
"""Characters that the agreed line may have in one language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """How the agreed line is said in one more language, and how that writes who speaks."""

    language: str = ask("Language", max=5)
    value: PublicText = ask("What we say, in this language", max=LINE_LENGTH)
    spokesperson: str = ask("Who speaks, as this language writes it", default="", max=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSaid:
    """Words that are not used in one language, and may be in others: “safe” is no German word."""

    language: str = ask("Language", max=5)
    phrase: PublicText = ask("Words we do not use in it", max=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedAnswer:
    """A question as people ask it, and what everybody answers, in one language."""

    language: str = ask("Language", max=5)
    question: PublicText = ask("The question, as people ask it", max=300)
    answer: PublicText = ask("Our answer, in two sentences", max=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedFact:
    """A fact as it stood when a text was written: reported, verified, disputed, or `listed`.

    Listed is what the company's own lists or this incident say; no person recorded it.
    """

    key: str
    value: PublicText
    unit: str
    status: str
    version: int
    as_of: datetime
    kind: ValueKind = added(ValueKind.TEXT)
    said_in: tuple[SaidIn, ...] = added(())

    @property
    def told(self) -> tuple[str, str, str, tuple[SaidIn, ...]]:
        """Give what a reader is told of it: a new check of the same figure changes no text.

        Nor does the order in which a row was written down: lots L2 and L1 are L1 and L2.
        """
        lines = self.value.split("\n")
        value = "\n".join(sorted(lines)) if self.kind is ValueKind.ROW else self.value
        return self.key, value, self.unit, self.said_in

    def told_in(self, languages: Iterable[str]) -> tuple[str, str, str, bool, tuple[SaidIn, ...]]:
        """Give what readers of some languages are told: words in another one change nothing."""
        key, value, unit, said_in = self.told
        read = {base_language(language) for language in languages}
        own = tuple(each for each in said_in if base_language(each.language) in read)
        return key, value, unit, bool(said_in), own


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMark:
    """The template that there was for one language of a text, and whether its words are kept.

    `template` is its path under templates/press (holding/en), `sha256` the version of its words.
    It is `unchanged` while the text as typed is what the template gives, but for its facts.
    """

    language: str
    template: str
    sha256: str
    unchanged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything an approval binds to; `facts_hash` is over the facts the text tells.

    `about` is the statement that this one corrects, retracts or supersedes (`relation`);
    `templates` are the versions of the templates that its languages began with.
    """

    incident: str
    statement: str
    version: int
    kind: str
    markets: tuple[str, ...]
    texts: tuple[Rendition, ...]
    facts_hash: str
    preliminary: bool = False
    about: str = ""
    relation: str = ""
    templates: tuple[TemplateMark, ...] = added(())

    def content(self) -> bytes:
        """Give the canonical bytes: what is hashed and what the publisher brings out."""
        document: Json = {"format": BUNDLE_FORMAT, **encode(Bundle, self)}
        return canonical(document)

    def sha256(self) -> str:
        """Give the hash that approvals, publisher and reader compare."""
        return sha256_hex(self.content())


def facts_hash(facts: Iterable[QuotedFact]) -> str:
    """Hash a snapshot of facts, in the order of their names."""
    ordered = sorted(facts, key=lambda fact: fact.key)
    return sha256_hex(canonical([encode(QuotedFact, fact) for fact in ordered]))


def phones_told(facts: Iterable[QuotedFact]) -> tuple[str, ...]:
    """Give the phone numbers among the facts of a text."""
    return tuple(str(fact.value) for fact in facts if fact.kind is ValueKind.PHONE)


def tidied(text: Rendition) -> Rendition:
    """Give a text with plain line ends and without blank lines around it, as it will be hashed."""
    body = "\n".join(line.rstrip() for line in text.body.replace("\r\n", "\n").split("\n"))
    return Rendition(
        language=text.language,
        title=PublicText(" ".join(text.title.split())),
        body=PublicText(body.strip("\n")),
    )


def passages(texts: Iterable[Rendition]) -> Iterator[Passage]:
    """Give titles and bodies as the wording rules look at them."""
    for text in texts:
        yield Passage(language=text.language, part="title", text=text.title)
        yield Passage(language=text.language, part="body", text=text.body)


# ---------------------------------------------------------------- looking closely

MEDICAL = re.compile(
    r"医生|医师|药师|就医|医院|急诊|症状|过敏|皮疹|红肿|呼吸困难|不良反应"
    r"|\b(doctor|physician|pharmacist|hospital|symptom|allerg|rash|swelling|adverse)\w*",
    re.IGNORECASE,
)
"""Words that make a text one with medical lines: then the safety assessor reads it too (4.6)."""

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE_CN = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TURNS_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_medical_lines(texts: Iterable[Rendition]) -> bool:
    """Say whether any language speaks of symptoms, doctors or reactions."""
    return any(MEDICAL.search(f"{text.title}\n{text.body}") for text in texts)


def personal_data(texts: Iterable[Rendition]) -> tuple[str, ...]:
    """Name what looks like a person's own number; the pieces are shortened, never quoted whole."""
    found = []
    for text in texts:
        whole = unicodedata.normalize("NFKC", f"{text.title}\n{text.body}")
        found += [f"ID number {n[:4]}…" for n in _ID_NUMBER.findall(whole) if _is_id_number(n)]
        found += [f"mobile number {n[:3]}…" for n in _MOBILE_CN.findall(whole)]
    return tuple(dict.fromkeys(found))


def _is_id_number(text: str) -> bool:
    """Say whether 18 characters are a resident identity number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(d) * w for d, w in zip(text[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def turns_around(words: str) -> bool:
    """Say whether words hold a character that makes others read in another order."""
    return not _TURNS_AROUND.isdisjoint(words)


DRILL_LINE = "DRILL 演练"
"""First line of every text that a drill hands to people."""


def languages_seen(
    seen: str, texts: Iterable[Rendition], *, drill: bool = False
) -> tuple[str, ...]:
    """Name the languages of a text that stand somewhere; none where any other word stands there.

    Platforms change spaces and line ends only. People paste one language or several, one after the
    other, each alone or with its headline before it; a drill's text begins with its mark.
    """
    mark = _without_space(DRILL_LINE) if drill else ""
    rest, found = _without_space(seen).removeprefix(mark), list[str]()
    ways = [
        (words, text.language)
        for text in texts
        for words in (_without_space(f"{text.title}{text.body}"), _without_space(text.body))
    ]
    ways.sort(key=lambda way: -len(way[0]))
    while rest:
        # Two languages may have the same words: whoever reads one of them reads both.
        same = [way for way in ways if way[0] and rest.startswith(way[0])]
        if not same:
            return ()
        found += [language for words, language in same if words == same[0][0]]
        rest = rest.removeprefix(same[0][0]).removeprefix(mark)
    return tuple(dict.fromkeys(found))


def _without_space(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())
