"""What of an entry can be searched: the words people wrote, and the names of things.

What belongs here: walking an entry, cutting words, and saying whether an entry fits. What never
does: where entries lie, who may see them, or a word out of the vault: private text stands in an
entry as a reference, and is passed over.

Chinese, Japanese and Korean are written without spaces: of them every pair of neighbouring signs is
a term, and the last sign of a run; so a pair is found, and one sign as the beginning of a pair.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, Final

from domain.ledger import Entry
from domain.message import event_spec
from domain.values import PrivateText, PublicText

MADE_BY: Final = 1
"""The way in which terms are made; with another one the index is made anew."""

TERM_AT_MOST: Final = 64
"""Signs of a term; what is longer is known by its beginning."""

SHORTEST_BEGINNING: Final = 3
"""Letters from which on a word also finds longer ones that begin so."""

_SCRIPTS: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_WITHOUT_SPACES: Final = re.compile(f"[{_SCRIPTS}]+")
_WORD: Final = re.compile(f"[{_SCRIPTS}]+|[^\\W_{_SCRIPTS}]+")
_REFERENCE: Final = frozenset({"ref", "commitment", "subject"})
"""What a private text looks like within a command that is carried as JSON."""

LOTS: Final = frozenset(
    "lot lots lots_added lots_removed recounted reported_left_out released_lots materials"
    " blocked_materials raw_lots".split()
)
PRODUCTS: Final = frozenset("product products products_added products_removed".split())
RULES: Final = frozenset({"rule", "rules"})
"""Fields that hold numbers of lots, ids of products, ids of rules."""

RULE_WORDS: Final = frozenset(
    "title_en title_zh authority_en authority_zh instrument article citation".split()
)
"""Fields in which a rule of law is told in words."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text that stands in an entry, and the field it stands in."""

    field: str
    text: str
    is_words: bool


def folded(text: str) -> str:
    """Give a text as it is compared: no matter how it is written, by width or by case."""
    return unicodedata.normalize("NFKC", text).casefold()


def leaves_of(entry: Entry) -> Iterator[Leaf]:
    """Give every text of an entry, of who acted too; private texts and codes are passed over."""
    yield Leaf("actor", entry.actor.id, is_words=False)
    if entry.actor.on_behalf_of:
        yield Leaf("on_behalf_of", entry.actor.on_behalf_of, is_words=False)
    yield from _leaves(entry.event, "")


def _leaves(value: Any, field: str) -> Iterator[Leaf]:
    if isinstance(value, PrivateText | StrEnum) or not value:
        return
    if isinstance(value, str):
        text = str(value)
        is_words = isinstance(value, PublicText) or any(sign.isspace() for sign in text)
        yield Leaf(field, text, is_words)
    else:
        for name, one in _parts_of(value, field):
            yield from _leaves(one, name)


def _parts_of(value: Any, field: str) -> Iterator[tuple[str, Any]]:
    """Give what a value is made of, each with the field it stands in."""
    if isinstance(value, tuple | list):
        yield from ((field, one) for one in value)
    elif isinstance(value, dict):
        if not value.keys() >= _REFERENCE:
            yield from ((str(name), one) for name, one in value.items())
    elif is_dataclass(value):
        yield from ((each.name, getattr(value, each.name)) for each in fields(value))


# ---------------------------------------------------------------- terms


def words_in(text: str) -> Iterator[str]:
    """Cut a text into words; a run of signs that knows no spaces stays whole."""
    return (found.group() for found in _WORD.finditer(folded(text)))


def terms_of(entry: Entry) -> set[str]:
    """Give the terms of an entry: `=` and a name, `w` and a word, `t` and its type."""
    found = {f"t{event_spec(entry.event).name}"}
    for leaf in leaves_of(entry):
        if not leaf.is_words:
            found.add(id_term(leaf.text))
        for word in words_in(leaf.text):
            found.update(_of_word(word))
    return found


def id_term(text: str) -> str:
    """Give the term of a name: of a lot, a product, a person, a rule."""
    return f"={folded(text)[:TERM_AT_MOST]}"


def _of_word(word: str) -> Iterator[str]:
    if not _WITHOUT_SPACES.fullmatch(word):
        yield f"w{word[:TERM_AT_MOST]}"
        return
    for place in range(len(word)):
        yield f"w{word[place : place + 2]}"


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A term that a word of a question asks for; `begins`: any that begins so."""

    text: str
    begins: bool


def asked_terms(word: str) -> list[WordTerm]:
    """Give the terms that must all stand where a word stands."""
    if not _WITHOUT_SPACES.fullmatch(word):
        return [WordTerm(f"w{word[:TERM_AT_MOST]}", len(word) >= SHORTEST_BEGINNING)]
    if len(word) == 1:
        return [WordTerm(f"w{word}", begins=True)]
    return [WordTerm(f"w{word[at : at + 2]}", begins=False) for at in range(len(word) - 1)]


def holds_word(text: str, word: str) -> bool:
    """Say whether a text (as compared) holds a word as the index takes it."""
    if _WITHOUT_SPACES.fullmatch(word):
        return word in text
    begins = len(word) >= SHORTEST_BEGINNING
    return any(
        one.startswith(word) if begins else one == word
        for one in (found.group() for found in _WORD.finditer(text))
    )
