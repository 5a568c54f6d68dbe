"""What stands on a pack beside its lot number: the bar code and the dates.

What belongs here: what the house knows of them for a recall, and how they are recognised in what
somebody typed. What never does: an answer (domain/lot_check.py). Neither says alone which lot a
pack is of.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.gtin import LENGTHS, gtin_is_valid, trade_body

SHORTEST: Final = min(LENGTHS)
NAMED_AT_MOST: Final = 5
"""Lots of one date that are named; of more, people are sent to the list."""

_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"20[0-9][0-9]"
_NAMED: Final = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
NO_LOT: Final = re.compile(
    r"\b(?:[0-9]{12,14}"
    rf"|{_YEAR}(?:[-./年 ]?{_MONTH}(?:[-./月 ]?{_DAY})?)?"
    rf"|(?:{_DAY}[-./ ]?){{1,2}}{_YEAR}"
    rf"|(?:{_DAY}[-./ ]?)?{_NAMED}[-./ ]?(?:20)?[0-9][0-9]"
    r"|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}|[0-9]{2}/[0-9]{2})\b",
    re.ASCII,
)
"""A bar code, or a date as packs carry it, in capital letters; a script reads this rule too."""


@dataclass(frozen=True, slots=True)
class PackMarks:
    """Codes of the products of a recall, and its lots by the dates on their packs.

    `codes` are trade bodies (domain/gtin.py); `every_code` where each product has its codes listed.
    `by_date` leads from each way to write a date in digits to the lots of it, as words.
    """

    codes: frozenset[str] = frozenset()
    every_code: bool = False
    by_date: Mapping[str, str] = field(default_factory=dict)

    def is_of_the_recall(self, number: str) -> bool:
        """Say whether digits are the bar code of a product that is concerned."""
        return gtin_is_valid(number) and trade_body(number) in self.codes

    def is_of_another(self, number: str) -> bool:
        """Say whether digits are surely the bar code of a product that is not concerned.

        Eight digits may as well be a lot number; where a code is lacking nobody can say.
        """
        is_code = gtin_is_valid(number) and len(number) != SHORTEST
        return is_code and self.every_code and trade_body(number) not in self.codes


NO_MARKS: Final = PackMarks()


def marks_of(
    codes: Iterable[str], *, every_code: bool, dated: Iterable[tuple[str, date]]
) -> PackMarks:
    """Put together what is known: valid GTINs alone, and lots as printed with their dates."""
    lots: dict[str, set[str]] = {}
    for lot, day in dated:
        for written in ways_to_write(day):
            lots.setdefault(written, set()).add(lot)
    return PackMarks(
        codes=frozenset(trade_body(code) for code in codes if gtin_is_valid(code)),
        every_code=every_code,
        by_date={written: _named(sorted(those)) for written, those in lots.items()},
    )


def _named(lots: list[str]) -> str:
    more = ["…"] if len(lots) > NAMED_AT_MOST else []
    return ", ".join([*lots[:NAMED_AT_MOST], *more])


def ways_to_write(day: date) -> frozenset[str]:
    """List how a date may stand on a pack, in digits alone: whole or its month, in any order."""
    year, month, of_month = f"{day:%Y}", (f"{day:%m}", str(day.month)), (f"{day:%d}", str(day.day))
    ways = {f"{day:%y%m%d}", f"{day:%d%m%y}"}
    for one in month:
        ways |= {year + one, one + year}
        for two in of_month:
            ways |= {year + one + two, two + one + year, one + two + year}
    return frozenset(ways)


def number_in(wide: str, readings: Iterable[str]) -> str:
    """Give the digits of what was typed, where nothing but a label stands beside them."""
    digits = re.sub("[^0-9]", "", wide)
    return digits if digits in readings else ""


def names_no_lot(wide: str) -> bool:
    """Say whether there is nothing but bar codes and dates in what was typed, and words."""
    left, found = NO_LOT.subn(" ", wide)
    return found > 0 and re.search("[0-9]", left) is None
