"""The number in a bar code: GTIN 商品条码 of 8, 12, 13 or 14 digits.

What belongs here: whether digits are one, and what it has in common with the codes of larger packs
(GS1 General Specifications, 2.1 and 7.9). What never does: whose product it is.
"""

import re
from typing import Final

LENGTHS: Final = (8, 12, 13, 14)
IN_STORE: Final = re.compile(r"^[0-9](?:2|0[24])")
"""How a number of fourteen digits begins that a shop gave itself (GS1, 1.4.5): any shop may."""


def gtin_is_valid(gtin: str) -> bool:
    """Say whether a GTIN has 8, 12, 13 or 14 digits and a right check digit (GS1, modulo 10)."""
    if not (gtin.isascii() and gtin.isdigit() and len(gtin) in LENGTHS):
        return False
    weighted = sum(int(digit) * (3, 1)[n % 2] for n, digit in enumerate(reversed(gtin[:-1])))
    return (10 - weighted % 10) % 10 == int(gtin[-1])


def is_in_store(gtin: str) -> bool:
    """Say whether a shop printed it on the pack itself: such a code says nothing of the product."""
    return IN_STORE.match(gtin.zfill(14)) is not None


def trade_body(gtin: str) -> str:
    """Give what a pack's code shares with that of its carton: no indicator and no check digit."""
    return gtin.zfill(14)[1:13]
