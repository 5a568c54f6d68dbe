"""Is mine affected? A lot number as a consumer reads it off a pack, held against the scope.

What belongs here: how a number is read, the index of affected lots, the answer, the shards of the
list for places without a server. What never does: a page, or which notice is public
(services/notices.py). A number that is only nearly on the list is never told to be safe: people
read O for 0 and type what they see.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.gtin import LENGTHS, gtin_is_valid
from domain.pack_marks import NO_LOT, NO_MARKS, PackMarks, names_no_lot, number_in

TYPED_AT_MOST: Final = 60
RUN_AT_MOST: Final = 5
"""Words beside each other that may be one number together."""

SHARDS: Final = 256
_LATIN: Final = str.maketrans("АВСЕНКМОРТХІ", "ABCEHKMOPTXI")
"""Cyrillic letters that look like Latin ones."""

_WORD: Final = re.compile(r"[0-9A-ZА-ЯІ]+")
_LABEL: Final = re.compile(r"^(?:LOTTO|LOTE|LOT|BATCH|CHARGE|CHB|L)(?=[0-9A-Z]{3})")
"""What is printed before the number on packs."""

_DIGITS: Final = str.maketrans("OQDILSBZG", "000115826")
"""Letters that are read for digits."""


class LotVerdict(StrEnum):
    """What a consumer is told of a lot number."""

    AFFECTED = "affected"
    ALL_AFFECTED = "all_affected"
    """Nobody can say which lots: every pack of the product counts."""
    NEARLY = "nearly"
    """A number that looks like it is on the list: compare it sign by sign, or ask."""
    PRODUCT_CONCERNED = "product_concerned"
    """The bar code of a product that is concerned: now the lot number is needed."""
    LOTS_OF_DATE = "lots_of_date"
    """A date that affected lots carry; others may carry it too."""
    OTHER_CODE = "other_code"
    """A bar code that none of the products has, as far as the list of the house goes."""
    LOT_NEEDED = "lot_needed"
    """It looks like a bar code or a date; as a lot number it is not on the list."""
    NOT_ON_THE_LIST = "not_on_the_list"
    UNREADABLE = "unreadable"
    """Nothing that could be a lot number was typed."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """The verdict, and the lot as it is printed where there is one; of a date, all its lots."""

    verdict: LotVerdict
    lot: str = ""


@dataclass(frozen=True, slots=True)
class LotIndex:
    """The affected lots of a notice, by how they are read; `unbounded` where every lot counts."""

    by_plain: Mapping[str, str]
    by_look: Mapping[str, str]
    unbounded: bool = False
    marks: PackMarks = NO_MARKS

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
        return self._beside(_wide(typed), readings)

    def _beside(self, wide: str, readings: list[str]) -> LotAnswer:
        """Answer for what is no lot of the list: a bar code or a date is never told to be safe."""
        number = number_in(wide, readings)
        if self.marks.is_of_the_recall(number):
            return LotAnswer(LotVerdict.PRODUCT_CONCERNED)
        if (lots := self.marks.by_date.get(number)) is not None:
            return LotAnswer(LotVerdict.LOTS_OF_DATE, lots)
        if self.marks.is_of_another(number):
            return LotAnswer(LotVerdict.OTHER_CODE)
        if gtin_is_valid(number) or names_no_lot(wide):
            return LotAnswer(LotVerdict.LOT_NEEDED)
        return LotAnswer(LotVerdict.NOT_ON_THE_LIST)


def index_of(
    lots: Iterable[str], *, unbounded: bool = False, marks: PackMarks = NO_MARKS
) -> LotIndex:
    """Index affected lots as they are printed, with what else stands on their packs."""
    by_plain = {plain: lot for lot in sorted(lots) if (plain := plain_lot(lot))}
    # Of two lots that look alike the later one is named, here and in the script of the export.
    by_look = {look_of(plain): lot for plain, lot in sorted(by_plain.items())}
    return LotIndex(by_plain, by_look, unbounded, marks)


def plain_lot(typed: str) -> str:
    """Read a lot number: capital letters and digits alone, whatever width, spaces and dashes."""
    return "".join(sign for sign in _wide(typed[: 4 * TYPED_AT_MOST]) if sign.isalnum())


def _wide(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).upper()


def _readings(typed: str) -> list[str]:
    """Give what a lot number may be in what was typed: the whole of it, and each part of it.

    People type what stands beside the number too: LOT A2602, 批号A2602, A2602 EXP 2027-01.
    """
    whole = plain_lot(typed)
    words = _WORD.findall(_wide(typed))
    runs = [
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + RUN_AT_MOST, len(words)) + 1)
    ]
    bare = [_LABEL.sub("", run) for run in (whole, *runs)]
    return [each for each in dict.fromkeys((whole, *runs, *bare)) if each]


def look_of(plain: str) -> str:
    """Give what a number looks like: letters that are read for digits become those."""
    return plain.translate(_LATIN).translate(_DIGITS)


def reading_rule() -> dict[str, object]:
    """Give the tables of the reading, for the script of a page that nobody answers.

    What the script does with them is held against this module in tests/browser/test_exported.py.
    """
    signs = sorted({chr(sign) for table in (_LATIN, _DIGITS) for sign in table})
    return {
        "at_most": TYPED_AT_MOST,
        "codes": LENGTHS,
        "label": _LABEL.pattern,
        "looks": {sign: look_of(sign) for sign in signs},
        "no_lot": NO_LOT.pattern,
        "run": RUN_AT_MOST,
        "word": _WORD.pattern,
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
    """Give what a page without a server needs besides: codes and dates, none secret on a pack."""
    marks = index.marks
    return {
        "codes": sorted(marks.codes),
        "every_code": marks.every_code,
        "dates": dict(marks.by_date),
    }
