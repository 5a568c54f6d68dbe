"""The mark of an inspector's room: one line of words, and how it stands behind a page.

What belongs here: those words and their size. What never does: where it is drawn
(templates/console/room/base.html).
"""

import unicodedata
from typing import Final

from api.pages.lens import Drawn, Lens
from services.rooms import OpenRoom

LONGEST: Final = 160
"""Signs of a mark behind a page; the line of words on the page has all of them."""

NARROW_PX: Final = 8
WIDE_PX: Final = 15
APART_PX: Final = 90


def mark_of(lens: Lens, found: OpenRoom) -> str:
    """Give the mark: who looks, for whom, when, and in which room."""
    at = lens.now.astimezone(lens.zone).strftime("%Y-%m-%d %H:%M")
    room = f"{found.incident.id} {found.room.id}"
    parts = (found.inspector, found.room.firm, f"{at} {lens.zone_name}", room)
    return " · ".join(" ".join(part.split()) for part in parts)


def watermark(mark: str) -> Drawn:
    """Give the words of a mark with the width of the tile that repeats them, in pixels."""
    words = mark if len(mark) <= LONGEST else f"{mark[:LONGEST]}…"
    is_wide = [unicodedata.east_asian_width(sign) in "WF" for sign in words]
    width = sum(WIDE_PX if wide else NARROW_PX for wide in is_wide)
    return {"words": words, "width": width + APART_PX}
