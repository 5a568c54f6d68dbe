"""Signs that cannot stand on paper as they are, written by their number: [U+1F600].

What belongs here: which signs those are, and writing them. What never does: a public text, which is
approved as it stands and never rewritten (activities/press_pdf.py).

A sign for which no font of ours has a glyph would keep a report from being set at all. One that
turns the reading direction would show other words than are there. One for private use has no
meaning that a reader could know.
"""

import json
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, Final

import typst

from activities.press_pdf import ROOT, fonts

TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What changes the order in which words are shown, and is itself not seen."""

_NOWHERE: Final = "\U0010fffd"
"""A sign that no font has: how the typesetter draws it tells how it draws any that is missing."""

_TEMPLATE: Final = ROOT / "filings" / "signs.typ"
_known: dict[str, bool] = {}


def numbered(text: str, signs: Collection[str] = TURNING) -> str:
    """Write some signs of a text by their number, and leave the rest as it stands."""
    return "".join(f"[U+{ord(one):04X}]" if one in signs else one for one in text)


def without_glyph(texts: Iterable[str]) -> frozenset[str]:
    """Give the signs of texts for which no font has a glyph, and those for private use.

    Each sign is drawn alone and held against one that is surely missing.
    """
    found = {one for text in texts for one in text if not one.isascii()}
    private = {one for one in found if unicodedata.category(one) in ("Co", "Cs")}
    _ask(sorted(found - private - _known.keys()))
    return frozenset(private | {one for one in found - private if not _known[one]})


def _ask(signs: list[str]) -> None:
    if not signs:
        return
    pages: Any = typst.compile(
        _TEMPLATE,
        root=ROOT,
        font_paths=fonts(),
        format="svg",
        sys_inputs={"signs": json.dumps([_NOWHERE, *signs])},
    )
    missing, *drawn = pages
    _known.update({one: page != missing for one, page in zip(signs, drawn, strict=True)})
