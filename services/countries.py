"""The countries and regions that a person can be in, by their codes (ISO 3166-1, from the CLDR).

Northern Ireland has one besides: its law of goods is not that of Great Britain.

What belongs here: which codes there are. What never does: their names (api/pages/lens.py), or what
a market asks for (plan/regulations).
"""

import re
from functools import cache
from typing import Final

from babel import Locale

from domain.markets import NORTHERN_IRELAND

_CODE: Final = re.compile(r"[A-Z]{2}")
NO_COUNTRY: Final = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
"""Codes of the CLDR that name no country or region one can be in."""


@cache
def countries() -> frozenset[str]:
    """Give the codes of all countries and regions."""
    named = map(str, Locale("en").territories)
    known = frozenset(code for code in named if _CODE.fullmatch(code))
    return known - NO_COUNTRY | {NORTHERN_IRELAND}
