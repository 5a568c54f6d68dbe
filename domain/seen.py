"""A text as people see it: what hides a word is undone, and each letter knows where it stood.

What belongs here: characters. What never does: a word, or what a rule makes of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

_UNSEEN: Final = frozenset(
    [
        chr(n)
        for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
        for n in range(first, last + 1)
    ]
    + list("\u034f\u115f\u1160\u180b\u180c\u180d\u2800\u3164\uffa0")
)
"""Characters that show nothing, beside those of category Cf."""

_USUAL: Final = frozenset("\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u3099\u309a")
"""Marks that the languages of our rules write: accents, tilde, diaeresis, ring, cedilla; kana's."""

LOOK_ALIKES: Final = dict(
    zip(
        "аеорсухіїјѕһԁԛԝӏѵАВЕКМНОРСТУХІЈЅԚԜӀѴ"  # Cyrillic
        "ονιϳαργυΑΒΕΖΗΙΚΜΝΟΡΤΥΧϜͿ"  # Greek
        "օոսցհ"  # Armenian
        "ıɡɑᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",  # Latin of other kinds
        "aeopcyxiïjshdqwlvABEKMHOPCTYXIJSQWIVovijapyuABEZHIKMNOPTYXFJonughiga"
        "abcdeghijklmnoprtuvwyz",
        strict=True,
    )
)
"""Letters that look Latin in common type (after Unicode TR 39, only those that look the same)."""

_FOLDED: Final = str.maketrans(LOOK_ALIKES)
_WORD: Final = re.compile(r"[^\W\d_]+")
_HAN_AND_KANA: Final = r"[\u3040-\u30ff\u3400-\u9fff]"
_APART: Final = re.compile(rf"(?<={_HAN_AND_KANA})(?:[^\S\n]+\n?|\n)[^\S\n]*(?={_HAN_AND_KANA})")


class Seen(NamedTuple):
    """A text as it is seen; each of its characters comes from `text[starts[n]:ends[n]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def as_seen(text: str) -> Seen:
    """Give a text as people see it, and for each of its characters where it came from.

    What nobody sees is passed over, full-width letters count as plain ones, a letter and its mark
    are one, and a letter of another alphabet that looks Latin counts as Latin in a Latin word.
    """
    if text.isascii():
        return Seen(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    return _read(text, frozenset(), bare=False)


def other_readings(text: str) -> Iterator[Seen]:
    """Give a text without marks that hide a word and no reader minds: a line under a letter, a dot.

    First without those that few languages write, then without any mark that stands by itself: a
    text that was typed on one maker's computers has its accents so, and is found by the first way.
    """
    marks = frozenset(letter for letter in text if _is_mark(letter))
    unusual = marks - _USUAL
    if unusual or any(map(_is_unusual, text)):
        yield _read(text, unusual, bare=True)
    if marks - unusual:
        yield _read(text, marks, bare=True)


def _is_mark(letter: str) -> bool:
    return letter > "\u02ff" and unicodedata.category(letter).startswith("M")


def _is_unusual(letter: str) -> bool:
    """Say whether it is a letter with a mark that few languages write."""
    return "\u1e00" <= letter <= "\u1eff"


def _read(text: str, passed_over: frozenset[str], *, bare: bool) -> Seen:
    """Read a text without some of its characters; `bare`: unusual letters are plain ones too."""
    found = [
        one for places in _letters(text, passed_over) for one in _plain(text, places, bare=bare)
    ]
    shown = _unmasked("".join(letter for letter, _, _ in found))
    # Where letters stand alone, a space between two of them is no word's end: 自 愿 is read as one.
    apart = {n for gap in _APART.finditer(shown) for n in range(*gap.span())}
    kept = [n for n in range(len(shown)) if n not in apart]
    return Seen(
        "".join(shown[n] for n in kept),
        tuple(found[n][1] for n in kept),
        tuple(found[n][2] for n in kept),
    )


def _letters(text: str, passed_over: frozenset[str]) -> Iterator[list[int]]:
    """Give where each visible letter stands, and the marks on it."""
    places: list[int] = []
    for index, letter in enumerate(text):
        if letter in passed_over or letter in _UNSEEN or unicodedata.category(letter) == "Cf":
            continue
        if places and not _joins(letter):
            yield places
            places = []
        places.append(index)
    if places:
        yield places


def _plain(text: str, places: list[int], *, bare: bool) -> Iterator[tuple[str, int, int]]:
    """Give a letter with its marks in its plain form, each character with where it came from."""
    whole = "".join(text[place] for place in places)
    # Chinese punctuation is full-width by right, and rules are written with it.
    punctuation = unicodedata.category(whole[0])[0] == "P"
    plain = whole if punctuation else unicodedata.normalize("NFKC", whole)
    if bare and _is_unusual(plain):
        plain = unicodedata.normalize("NFD", plain)[0]
    if len(plain) == len(whole):
        yield from ((letter, at, at + 1) for letter, at in zip(plain, places, strict=True))
    else:
        yield from ((letter, places[0], places[-1] + 1) for letter in plain)


def _joins(letter: str) -> bool:
    """Say whether it stands on the letter before: a mark, or a later part of a Korean syllable.

    Korean parts come as Unicode 3.12 has them; a computer of one maker stores all text so. The
    marks of narrow kana are letters of their own there.
    """
    return _is_mark(letter) or "\u1161" <= letter <= "\u11ff" or letter in "\uff9e\uff9f"


def _unmasked(text: str) -> str:
    """Read look-alikes of other alphabets as Latin where the word is otherwise Latin."""
    if LOOK_ALIKES.keys().isdisjoint(text):
        return text
    return _WORD.sub(_latin, text)


def _latin(word: re.Match[str]) -> str:
    """Fold a word that holds a Latin letter, and no letter of another alphabet that is not one."""
    letters = word.group()
    folded = letters.translate(_FOLDED)
    mixed = letters != folded and any(map(_is_latin, letters))
    return folded if mixed and all(map(_is_latin, folded)) else letters


def _is_latin(letter: str) -> bool:
    """Say whether it is a Latin letter, small capitals among them."""
    return "a" <= letter.lower() <= "z" or "\u00c0" <= letter <= "\u02af" or _is_small(letter)


def _is_small(letter: str) -> bool:
    return "\u1d00" <= letter <= "\u1d22"
