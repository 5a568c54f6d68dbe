"""Numbers of units as a channel types them on the page of its order, and what is wrong with one.

What belongs here: reading one number, and why it is none that is taken. What never does: which
numbers are asked for (answer_units.py, answer_way.py), or the limit (domain/values.py).
"""

import unicodedata
from typing import Final

from api.words import Words
from domain.values import UNITS_AT_MOST
from services.checking import BELOW_ZERO, TOO_MANY

MINUS: Final = ("-", "\u2212")
"""What stands before a number below zero: the sign of a keyboard, and the one of a spreadsheet."""

DIGITS: Final = len(str(UNITS_AT_MOST))


def units_in(text: str) -> int | None:
    """Read a number as people type it, full-width digits and separators too; None for no units."""
    plain = _plain(text)
    return int(plain) if _is_whole(plain) and not _is_too_many(plain) else None


def why_not(words: Words, text: str) -> str:
    """Say what is wrong with a number that `units_in` does not take."""
    plain = _plain(text)
    if _is_whole(plain):
        return words.sentence(TOO_MANY.format(f"{UNITS_AT_MOST:,}"))
    if plain.startswith(MINUS) and _is_whole(plain[1:]):
        return words.sentence(BELOW_ZERO)
    return words.gettext("Write a whole number, such as 120.")


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace(",", "")
    return plain.lstrip("0") or plain[:1]


def _is_whole(plain: str) -> bool:
    return plain.isascii() and plain.isdigit()


def _is_too_many(plain: str) -> bool:
    # By its length first: nobody turns a page of digits into a number.
    return len(plain) > DIGITS or int(plain) > UNITS_AT_MOST
