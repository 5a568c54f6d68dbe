"""Is mine affected? A lot number as a consumer reads it off a pack, held against the scope.

What belongs here: how a number is read, the index of affected lots, the answer, the shards of the
list for places without a server. What never does: a page, or which notice is public
(services/notices.py). A number that is only nearly on the list is never told to be safe, nor to be
affected: people read O for 0, leave a sign out and type what they see.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.gtin import IN_STORE, LENGTHS, gtin_is_valid
from domain.near_lots import (
    DATES_GLUED,
    LONGEST_NEAR,
    NAMED_NEAR,
    NONE_LISTED,
    READINGS_TRIED,
    SHORTEST_NEAR,
    Listed,
    listed,
    may_be_near,
    near,
    without_dates,
)
from domain.pack_marks import (
    DATE_LABELS,
    ERAS,
    MONTHS,
    NO_LOT,
    NO_MARKS,
    TIME,
    PackMarks,
    in_digits,
    names_no_lot,
    number_in,
)
from domain.seen import LOOK_ALIKES

TYPED_AT_MOST: Final = 60
RUN_AT_MOST: Final = 5
"""Words beside each other that may be one number together."""

SHARDS: Final = 256
AT_HAND: Final = 300
"""Lots that a page without a server has as one list: of more it holds parts, and finds none near.

So many stand on the page itself too (api/pages/public_lookup.py).
"""

_LATIN: Final = str.maketrans(
    {"З": "3", "Ø": "0"}
    | {
        # Small letters first: where the capital looks like another, the capital is what is printed.
        sign.upper(): unicodedata.normalize("NFD", latin)[0].upper()
        for sign, latin in sorted(LOOK_ALIKES.items(), key=lambda each: each[0].isupper())
        if not sign.upper().isascii()
    }
)
"""Capital letters of other alphabets that look like Latin ones, or like a digit."""

_WORD: Final = re.compile(f"[0-9A-ZÀ-ÖØ-ÞĀ-ŽА-ЯІ{''.join(map(chr, sorted(_LATIN)))}]+")
_LABEL: Final = re.compile(r"^(?:LOTTO|LOTE|LOT|BATCH|CHARGE|CHB|L)(?=[0-9A-Z]{3})")
"""What is printed before the number on packs."""

_GLUED: Final = f"(?:LOTTO|LOTE|LOT|BATCH|CHARGE|CHB|{DATE_LABELS})"
_APART: Final = (_GLUED, f"{_GLUED}(?:NUMBER|NUMMER|NUM|NR|NO|CODE|DATE)?")
"""Labels between two numbers that are typed without a space; a lot may begin with NO, or not."""

_SCAN: Final = re.compile(r"^(?:[A-Z][0-9])?01([0-9]{14})(?:1[1-7][0-9]{6})*(?:10([0-9A-Z]+))?")
"""What a scanner reads in a square code (GS1): the bar code, dates, and under 10 the lot number."""

_AFTER_LOT: Final = re.compile(r"(?=1[1-7][0-9]{6}|21)")
"""Where the lot number in a scan may end, if the sign between was lost: a date, a serial number."""

_SCANNER: Final = re.compile(r"^\][A-Z][0-9]")
_FIELD_ENDS: Final = "\x1d"
_ZEROS: Final = re.compile("(^|[^0-9])0+(?=[0-9])")
_DIGITS: Final = str.maketrans("OQDILSBZG", "000115826")
"""Letters that are read for digits."""


class LotVerdict(StrEnum):
    """What a consumer is told of a lot number."""

    AFFECTED = "affected"
    ALL_AFFECTED = "all_affected"
    """Nobody can say which lots: every pack of the product counts."""
    NEARLY = "nearly"
    """A number that looks like it is on the list: compare it character by character, or ask."""
    NEAR = "near"
    """Not on the list, and one sign away from what is: look at the pack again."""
    PRODUCT_CONCERNED = "product_concerned"
    """The bar code of a product that is concerned: now the lot number is needed."""
    LOTS_OF_DATE = "lots_of_date"
    """A date that affected lots carry; others may carry it too."""
    OTHER_CODE = "other_code"
    """A bar code that none of the products has, as far as the list of the house goes."""
    LOT_NEEDED = "lot_needed"
    """It looks like a bar code or a date; as a lot number it is not on the list."""
    NOT_ON_THE_LIST = "not_on_the_list"
    NO_NUMBER = "no_number"
    """Words without a digit, which no lot of the list is."""
    UNREADABLE = "unreadable"
    """Nothing that could be a lot number was typed."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """The verdict, and the lot as it is printed where there is one; of a date, all its lots.

    Of a number that is near, at most three.
    """

    verdict: LotVerdict
    lot: str = ""


@dataclass(frozen=True, slots=True)
class LotIndex:
    """The affected lots of a notice, by how they are read; `unbounded` where every lot counts."""

    by_plain: Mapping[str, str]
    by_look: Mapping[str, str]
    unbounded: bool = False
    marks: PackMarks = NO_MARKS
    looks: Listed = NONE_LISTED
    plains: Listed = NONE_LISTED
    """The list by looks and as it is read, for what is near in either.

    A look says little of nearness: where a letter is read for a digit, or a zero behind a letter is
    left out, one sign of a number is two of its look.
    """

    def check(self, typed: str) -> LotAnswer:
        """Answer for what somebody typed."""
        plain = plain_lot(typed)
        if self.unbounded:
            return LotAnswer(LotVerdict.ALL_AFFECTED)
        if not plain or len(typed) > TYPED_AT_MOST:
            return LotAnswer(LotVerdict.UNREADABLE)
        readings = _readings(typed)
        for reading in readings:
            if (lot := self.by_plain.get(reading)) is not None:
                return LotAnswer(LotVerdict.AFFECTED, lot)
        for reading in readings:
            if (lot := self.by_look.get(look_of(reading))) is not None:
                return LotAnswer(LotVerdict.NEARLY, lot)
        return self._not_listed(_wide(typed), plain, readings)

    def _not_listed(self, wide: str, plain: str, readings: list[str]) -> LotAnswer:
        """Answer for what is on no list: it may be a code or a date, near one of ours, or words."""
        beside = self._beside(wide, readings)
        if not _may_be_lot(beside.verdict, wide, plain):
            return beside
        if lots := self._near(readings):
            return LotAnswer(LotVerdict.NEAR, ", ".join(lots))
        return beside if re.search("[0-9]", wide) else LotAnswer(LotVerdict.NO_NUMBER)

    def _near(self, readings: list[str]) -> tuple[str, ...]:
        """Name lots that a number is near to: with a date glued to it, or one sign away."""
        bare = (head for reading in readings for head in without_dates(reading))
        glued = {self.by_look[look] for look in map(look_of, bare) if look in self.by_look}
        if glued:
            return tuple(sorted(glued)[:NAMED_NEAR])
        tried = list(filter(may_be_near, readings))
        found = near(self.looks, map(look_of, tried)) | near(self.plains, tried)
        return tuple(sorted(found)[:NAMED_NEAR])

    def _beside(self, wide: str, readings: list[str]) -> LotAnswer:
        """Answer for what is no lot of the list: a bar code or a date is never told to be safe."""
        scan = _SCAN.match(readings[0])
        if scan and scan[2] and gtin_is_valid(scan[1]):
            return LotAnswer(LotVerdict.NOT_ON_THE_LIST)
        number = scan[1] if scan else number_in(wide, readings)
        if self.marks.is_of_the_recall(number):
            return LotAnswer(LotVerdict.PRODUCT_CONCERNED)
        if (lots := self.marks.by_date.get(_date_in(wide))) is not None:
            return LotAnswer(LotVerdict.LOTS_OF_DATE, lots)
        if self.marks.is_of_another(number):
            return LotAnswer(LotVerdict.OTHER_CODE)
        if scan or gtin_is_valid(number) or _SCANNER.match(wide) or names_no_lot(wide):
            return LotAnswer(LotVerdict.LOT_NEEDED)
        return LotAnswer(LotVerdict.NOT_ON_THE_LIST)


def index_of(
    lots: Iterable[str], *, unbounded: bool = False, marks: PackMarks = NO_MARKS
) -> LotIndex:
    """Index affected lots as they are printed, with what else stands on their packs."""
    by_plain = {plain: lot for lot in sorted(lots) if (plain := plain_lot(lot))}
    # Of two lots that look alike the later one is named, here and in the script of the export.
    by_look = {look_of(plain): lot for plain, lot in sorted(by_plain.items())}
    return LotIndex(by_plain, by_look, unbounded, marks, listed(by_look), listed(by_plain))


def _may_be_lot(verdict: LotVerdict, wide: str, plain: str) -> bool:
    """Say whether a number may be meant as a lot; a date that is typed with its dots is not."""
    if verdict is LotVerdict.LOT_NEEDED:
        return wide.strip(" ") == plain and not gtin_is_valid(plain)
    return verdict in (LotVerdict.NOT_ON_THE_LIST, LotVerdict.OTHER_CODE)


def plain_lot(typed: str) -> str:
    """Read a lot number: capital letters and digits alone, whatever width, spaces and dashes."""
    return "".join(sign for sign in _wide(typed[: 4 * TYPED_AT_MOST]) if sign.isalnum())


def _wide(typed: str) -> str:
    wide = unicodedata.normalize("NFKC", typed).upper()
    return wide if wide.isascii() else "".join(map(_digit, wide))


def _digit(sign: str) -> str:
    """Read a digit of another script as ours."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _readings(typed: str) -> list[str]:
    """Give what a lot number may be in what was typed: the whole of it, and each part of it.

    People type what stands beside the number too: LOT A2602, 批号A2602, A2602EXP0127; or scan it.
    """
    whole, wide = plain_lot(typed), _wide(typed)
    words = _WORD.findall(wide)
    runs = [
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + RUN_AT_MOST, len(words)) + 1)
    ]
    bare = [_LABEL.sub("", run) for run in (whole, *runs)]
    parts = [part for word in words for labels in _APART for part in re.split(labels, word)]
    scanned = [lot for run in runs for lot in _scanned(run, ended=_FIELD_ENDS in wide)]
    return [each for each in dict.fromkeys((whole, *runs, *bare, *parts, *scanned)) if each]


def _scanned(run: str, *, ended: bool) -> list[str]:
    """Give what the lot number may be in a scan; `ended`: its parts are marked at their end."""
    scan = _SCAN.match(run)
    lot = (scan[2] or "") if scan else run[2:] if ended and run.startswith("10") else ""
    return [lot, *(lot[: end.start()] for end in _AFTER_LOT.finditer(lot))]


def _date_in(wide: str) -> str:
    """Give the digits of a date, where nothing but words stands beside it."""
    text = in_digits(wide)
    return number_in(text, _readings(text))


def look_of(plain: str) -> str:
    """Give what a number looks like: letters that are read for digits become those.

    Zeros before a number are left out, and accents: people leave them out.
    """
    latin = plain.translate(_LATIN)
    if not latin.isascii():
        apart = unicodedata.normalize("NFD", latin)
        latin = "".join(sign for sign in apart if unicodedata.category(sign)[0] != "M")
    return _ZEROS.sub(r"\1", latin.translate(_LATIN).translate(_DIGITS))


def reading_rule() -> dict[str, object]:
    """Give the tables of the reading, for the script of a page that nobody answers.

    What the script does with them is held against this module in tests/browser/test_exported.py.
    Where the reading changes what part of the list a number lies in, rename a table: a script of
    before, kept by a browser, then says that it cannot look anything up, and never a false word.
    """
    signs = sorted({chr(sign) for table in (_LATIN, _DIGITS) for sign in table})
    return {
        "after_lot": _AFTER_LOT.pattern,
        "apart": _APART,
        "at_hand": AT_HAND,
        "at_most": TYPED_AT_MOST,
        "codes": LENGTHS,
        "dates_glued": DATES_GLUED,
        "eras": ERAS,
        "field_ends": _FIELD_ENDS,
        "in_store": IN_STORE.pattern,
        "label": _LABEL.pattern,
        "alike_signs": {sign: look_of(sign) for sign in signs},
        "months": MONTHS,
        "near": [SHORTEST_NEAR, LONGEST_NEAR, READINGS_TRIED, NAMED_NEAR],
        "no_lot": NO_LOT.pattern,
        "run": RUN_AT_MOST,
        "scan": _SCAN.pattern,
        "scanner": _SCANNER.pattern,
        "time": TIME.pattern,
        "word": _WORD.pattern,
        "zeros": _ZEROS.pattern,
    }


def shard_of(plain: str) -> str:
    """Name the shard that a lot's look belongs to: two hexadecimal digits."""
    return hashlib.sha256(look_of(plain).encode()).hexdigest()[:2]


def shards(index: LotIndex) -> dict[str, dict[str, str]]:
    """Divide the list: by shard, from each lot as it is read to the lot as it is printed.

    A page without a server fetches the one shard of a number's look; so it finds what is on the
    list and what nearly is, and learns of no more than one part in 256 of the list.
    """
    parts: dict[str, dict[str, str]] = {f"{n:02x}": {} for n in range(SHARDS)}
    for plain, lot in index.by_plain.items():
        parts[shard_of(plain)][plain] = lot
    return parts


def beside(index: LotIndex) -> dict[str, object]:
    """Give what a page without a server needs besides: codes and dates, none secret on a pack.

    Where the list is short it is there whole, so that the page finds what is near.
    """
    marks = index.marks
    return {
        "codes": sorted(marks.codes),
        "every_code": marks.every_code,
        "dates": dict(marks.by_date),
        "lots": dict(index.by_plain) if len(index.by_plain) <= AT_HAND else None,
    }
