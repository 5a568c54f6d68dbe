"""What stands on a pack beside its lot number: the bar code and the dates.

What belongs here: what the house knows of them for a recall, and how they are recognised in what
somebody typed. What never does: an answer (domain/lot_check.py). Neither says alone which lot a
pack is of.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.gtin import LENGTHS, gtin_is_valid, is_in_store, trade_body

SHORTEST: Final = min(LENGTHS)
NAMED_AT_MOST: Final = 5
"""Lots of one date that are named; of more, people are sent to the list."""

DATE_LABELS: Final = "EXP|MHD|MFG|MFD|BBE|BBD|BEST|USEBY|DLC|DLUO|DDM|SCAD|CAD|VAL|FAB|PROD"
"""What packs print before a date, as it stands glued to the lot number too."""

_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"20[0-9][0-9]"
_SHORT_YEAR: Final = r"[23][0-9]"
_FULL_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_FULL_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_BETWEEN: Final = r"[-./年년月월 ]{1,4}"
NO_LOT: Final = re.compile(
    r"(?:\(1[1-7]\)[0-9]{6}"
    r"|\b(?:[0-9]{12,}"
    rf"|(?:{DATE_LABELS})[A-Z]*[-.:/ ]*[0-9]{{4,8}}(?!{_BETWEEN}[0-9])"
    rf"|{_YEAR}(?:(?:{_BETWEEN})?{_MONTH}(?:(?:{_BETWEEN})?{_DAY})?)?"
    rf"|(?:{_DAY}(?:{_BETWEEN})?){{1,2}}{_YEAR}"
    rf"|[0-9]{{1,2}}{_BETWEEN}[0-9]{{1,2}}{_BETWEEN}[0-9]{{2}}"
    rf"|[0-9]{{1,2}}{_BETWEEN}[0-9]{{2}}|[0-9]{{2}}{_BETWEEN}[0-9]{{1,2}}"
    rf"|1[0-9]{{2}}{_BETWEEN}[0-9]{{1,2}}(?:{_BETWEEN}[0-9]{{1,2}})?"
    rf"|{_SHORT_YEAR}{_FULL_MONTH}{_FULL_DAY}|{_FULL_DAY}{_FULL_MONTH}{_SHORT_YEAR}"
    rf"|{_FULL_MONTH}{_SHORT_YEAR}"
    r")\b)",
    re.ASCII,
)
"""A bar code, or a date as packs carry it, in digits (`in_digits`); a script reads this rule too.

What may be a date or a lot number counts as a date: its answer is true of both.
"""

TIME: Final = re.compile(r"\b[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\b", re.ASCII)
"""The time of day that is printed behind a date."""

ERAS: Final = {"民國": 1911, "民国": 1911, "令和": 2018}
"""Years that are counted from another, and from which."""

MONTHS: Final = {
    f"{number:02}": rf"(^|[^A-ZÀ-Ý])(?:{names})[A-ZÀ-Ý]*\.?"
    for number, names in enumerate(
        (
            "JAN|JÄN|ENE|GEN FEB|FEV|FÉV MAR|MÄR|MRZ|MRT APR|AVR|ABR MAI|MAY|MAG|MEI JUN|JUIN|GIU"
            " JUL|JUIL|LUG AUG|AOU|AOÛ|AGO SEP|SET OCT|OKT|OTT|OUT NOV DEC|DEZ|DIC|DÉC"
        ).split(),
        1,
    )
}
"""How months begin that are written in letters, by their number."""


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

        Eight digits may as well be a lot number; where a code is lacking nobody can say, and of a
        code that a shop gave itself neither.
        """
        is_code = gtin_is_valid(number) and len(number) != SHORTEST and not is_in_store(number)
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
    ways = {f"{day:%y%m%d}", f"{day:%y%m}"}
    for one in month:
        ways |= {year + one, one + year, one + year[2:]}
        for two in of_month:
            ways |= {year + one + two, two + one + year, one + two + year}
            ways |= {two + one + year[2:], one + two + year[2:]}
    return frozenset(ways)


def number_in(wide: str, readings: Iterable[str]) -> str:
    """Give the digits of what was typed, where nothing but a label stands beside them."""
    digits = re.sub("[^0-9]", "", wide)
    return digits if digits in readings else ""


def in_digits(wide: str) -> str:
    """Write a date in digits where it stands in words: months by name, years of an era; no time."""
    text = TIME.sub(" ", wide)
    for era, since in ERAS.items():
        text = re.sub(f"{era} ?([0-9]{{1,3}})", _counted_from(since), text)
    for number, named in MONTHS.items():
        text = re.sub(named, rf"\g<1> {number} ", text)
    return text


def _counted_from(since: int) -> Callable[[re.Match[str]], str]:
    return lambda year: str(since + int(year[1]))


def names_no_lot(wide: str) -> bool:
    """Say whether there is nothing but bar codes and dates in what was typed, and words."""
    left, found = NO_LOT.subn(" ", in_digits(wide))
    return found > 0 and re.search("[0-9]", left) is None
