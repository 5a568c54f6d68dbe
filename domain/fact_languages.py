"""In which language the words of a fact are, and so which texts may tell them.

What belongs here: telling whose words they are. What never does: writing them into a text
(domain/references.py), or recording them (domain/facts.py).

Words belong to the language that they were told in. Where nobody named it, it is known by the
script, or by the small words of English; else it is not known, and no text tells them.
"""

import re
from collections.abc import Iterable
from typing import Final

from domain.fact_values import SaidIn, ValueKind
from domain.markets import base_language
from domain.statement_text import QuotedFact

WORDED: Final = frozenset({ValueKind.TEXT, ValueKind.POINTS})
"""Kinds of facts that hold words of a language."""

_ENGLISH: Final = frozenset(
    "the of and with our from which that this are has been than every they".split()
)
"""Small words of English that are no words of the other languages in Latin letters."""

MOSTLY: Final = 3
"""How many Eastern letters outweigh one word in Latin letters: less is a sentence with a name."""

SENTENCE: Final = 3
"""Words in Latin letters from which they are a sentence and no name."""

_LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA: Final = re.compile(r"[\u3041-\u30ff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]")

_OWN_LETTERS: Final = {"zh": (_HAN,), "ja": (_HAN, _KANA), "ko": (_HANGUL,)}

_UNITS: Final = frozenset(
    "g kg mg µg μg ng l ml cl dl µl μl m mm cm km nm µm μm m² m³ °c k h min s d ppm ppb ph spf iu"
    " cfu".split()
)
"""Signs of units, which every language writes alike."""


def reads_alike(value: str) -> bool:
    """Say whether people of every language read a value the same: figures, lots, units, addresses.

    A word in plain letters with a digit, an @ or :// in it is a code or an address.
    """
    return all(
        not any(map(str.isalpha, word))
        or (word.isascii() and re.search(r"[\d@]|://", word) is not None)
        or all(part.strip("().,;:").casefold() in _UNITS for part in word.split("/"))
        for word in value.split()
    )


def language_of(value: str) -> str:
    """Give the language that words are surely of: zh, ja, ko or en; "" where that is not known."""
    letters, latin = _eastern(value), _LATIN_WORD.findall(value)
    if letters and letters < MOSTLY * len(latin):
        return ""
    if _KANA.search(value):
        return "ja"
    if _HANGUL.search(value):
        return "ko"
    if letters:
        return "zh"
    small = {word.lower() for word in latin} & _ENGLISH
    return "en" if len(small) > 1 else ""


def _eastern(value: str) -> int:
    return sum(len(each.findall(value)) for each in (_HAN, _KANA, _HANGUL))


def contradicts(language: str, value: str) -> bool:
    """Say whether words are surely of another language than is said: the script shows it."""
    base, surely = base_language(language), language_of(value)
    if surely in _OWN_LETTERS and surely != base:
        # Japanese may be written in Chinese letters alone.
        return (surely, base) != ("zh", "ja")
    if base not in _OWN_LETTERS or any(each.search(value) for each in _OWN_LETTERS[base]):
        return False
    return len(_LATIN_WORD.findall(value)) >= SENTENCE


def said_as(language: str, words: Iterable[SaidIn], region: str = "") -> str | None:
    """Give what was said in a language: for the region, in the very same, in it without a region.

    Else in its first with another region. `region` is the market that all its readers live in: an
    English text for Germany and Great Britain tells what is said in en-GB.
    """
    near = [each for each in words if base_language(each.language) == base_language(language)]
    return (
        min(near, key=lambda each: _distance(language, region, each.language)).value
        if near
        else None
    )


def _distance(language: str, region: str, said: str) -> int:
    base = base_language(language)
    nearest = (f"{base}-{region}", language, base)
    return nearest.index(said) if said in nearest else len(nearest)


def own_language(value: str, said_in: Iterable[SaidIn]) -> str:
    """Give the language that the value of a fact is said in: named, or known by its letters."""
    named = (each.language for each in said_in if each.value == value)
    return next(named, language_of(value))


def is_foreign(language: str, fact: QuotedFact) -> bool:
    """Say whether the words of a fact are not known to be of this language: then none are told.

    What the company's own lists say (`listed`) is foreign only where the script shows it: it was
    written for the markets that it stands in.
    """
    base = base_language(language)
    if fact.kind not in WORDED or base in {base_language(each.language) for each in fact.said_in}:
        return False
    if any(each.value == fact.value for each in fact.said_in):
        return True
    if fact.status == "listed":
        return _is_in_other_letters(base, fact.value)
    return not reads_alike(fact.value) and language_of(fact.value) != base


def _is_in_other_letters(base: str, value: str) -> bool:
    """Say whether words hold Eastern letters, and none that this language has."""
    if not any(each.search(value) for each in (_HAN, _KANA, _HANGUL)):
        return False
    return not any(each.search(value) for each in _OWN_LETTERS.get(base, ()))
