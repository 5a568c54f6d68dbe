"""The one card of many channels that have not confirmed: how it is named, and where it leads.

What belongs here: counting who is late, and the place of the list to call. What never does: a card
(now.py), or the list itself (stage_halt.py).
"""

from collections.abc import Sequence

from api.pages.lens import Drawn
from api.pages.looking import View
from domain.dispatch import Due


def title_of_unconfirmed(view: View, group: Sequence[Due]) -> str:
    """Say how many channels have not confirmed, and how many of them are late."""
    lens, late = view.lens, _late(view, group)
    told = lens("%(n)s channels have not confirmed that they stopped", n=lens.number(len(group)))
    if not late:
        return told
    in_time = lens.number(len(group) - late)
    counted = lens("%(late)s late, %(rest)s in their time", late=lens.number(late), rest=in_time)
    return lens.named_line(told, counted)


def way_through(view: View, stage: str, group: Sequence[Due]) -> Drawn:
    """Lead to where many are gone through; of channels to whom to call, who needs it first."""
    if group[0].act != "confirm_channel":
        return {"text": view.lens("Go through them"), "href": stage}
    place = "halt-needs" if _late(view, group) else "halt-in-time"
    return {"text": view.lens("Call them, one by one"), "href": f"{stage}#{place}"}


def _late(view: View, group: Sequence[Due]) -> int:
    return sum(due.due_at < view.lens.now for due in group)
