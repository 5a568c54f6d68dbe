"""Where the report of a duty is prepared, for pages that lead there.

What belongs here: that address. What never does: the page behind it (api/pages/packet.py).
"""

from api.pages.lens import Drawn
from api.pages.looking import View
from domain.state.notice import Duty


def packet_address(view: View, duty: Duty) -> str:
    """Give the page on which the report of a duty is prepared."""
    return f"{view.address}/notice/{duty.id}/packet"


def to_packet(view: View, duty: Duty) -> list[Drawn]:
    """Lead to the report of a duty that is open or was filed.

    Of the past nothing is prepared, nor in a room for an inspector.
    """
    if view.as_of is not None or view.room is not None or not (duty.is_open or duty.filings):
        return []
    return [{"text": view.lens("Prepare the report"), "href": packet_address(view, duty)}]
