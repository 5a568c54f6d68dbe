"""A kept file as an answer: bytes with headers that keep a browser from running them.

What belongs here: that answer, for programs and for pages. What never does: who may open a file
(services/evidence.py).
"""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from services import evidence

INERT: Final = "default-src 'none'; sandbox"


def file_response(opened: evidence.OpenedFile, address: str) -> Response:
    """Hand a file over so that no browser runs it; only pictures are shown in place."""
    place = "inline" if opened.media_type in evidence.SHOWN else "attachment"
    name = quote(opened.name or address[:16], safe="")
    return Response(
        opened.content,
        media_type=opened.media_type,
        headers={
            "Content-Disposition": f"{place}; filename*=UTF-8''{name}",
            "Content-Security-Policy": INERT,
        },
    )
