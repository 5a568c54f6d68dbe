"""What a notice's page carries so that a lot can be looked up where nobody answers.

What belongs here: the rule of reading and the words for the page's script (api/static/recall.js),
and the list for who has no script. What never does: the rule itself (domain/lot_check.py).
"""

import json
from itertools import groupby
from typing import Any, Final

from api.pages.lens import Drawn
from api.pages.public_addresses import FILES, Addresses
from api.pages.public_words import PublicWords
from domain.lot_check import AT_HAND, LotIndex, LotVerdict, plain_lot, reading_rule
from services.notices import Notice

SCRIPT: Final = "/recalls/assets/recall.js"
ON_THE_PAGE: Final = AT_HAND
"""Lots that stand on the page itself; of more, each first sign has a page of its own."""

TONES: Final = {
    LotVerdict.AFFECTED: "bad",
    LotVerdict.ALL_AFFECTED: "bad",
    LotVerdict.NEARLY: "doubt",
    LotVerdict.NEAR: "doubt",
    LotVerdict.NO_NUMBER: "doubt",
    LotVerdict.PRODUCT_CONCERNED: "doubt",
    LotVerdict.LOTS_OF_DATE: "doubt",
    LotVerdict.LOT_NEEDED: "doubt",
}


def lookup(to: Addresses, found: Notice, index: LotIndex, language: str) -> Drawn:
    """Give what the page needs; nothing is asked where every lot counts anyway."""
    words = PublicWords(language)
    said = {
        str(verdict): {"text": words(verdict, lot="{lot}"), "tone": TONES.get(verdict, "plain")}
        for verdict in LotVerdict
    }
    said["compare"] = {"text": words("compare_with_list"), "tone": "doubt"}
    said["failed"] = {"text": words("cannot_look_up"), "tone": "doubt"}
    lots = printed(index)
    return {
        "asks": not index.unbounded,
        "script": SCRIPT,
        "parts": f"/recalls/{found.name}/lots/",
        "reading": _json(reading_rule()),
        "words": _json(said),
        "lots": lots if len(lots) <= ON_THE_PAGE else (),
        "pages": [
            {"sign": sign, "href": FILES.lots(found.name, language, sign)}
            for sign in by_first_sign(index)
        ],
    }


def printed(index: LotIndex) -> list[str]:
    """List the affected lots as they are printed, none where every lot counts."""
    return [] if index.unbounded else [lot for _, lot in sorted(index.by_plain.items())]


def by_first_sign(index: LotIndex) -> dict[str, list[str]]:
    """Divide a list that is too long for one page by the first sign of each number."""
    lots = printed(index)
    if len(lots) <= ON_THE_PAGE:
        return {}
    return {sign: list(those) for sign, those in groupby(lots, lambda lot: plain_lot(lot)[:1])}


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
