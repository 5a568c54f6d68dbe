"""The one card of many that are waited for: who is in it, how it is named, and where it leads.

What belongs here: counting who is late, and the place of the list to call. What never does: a card
(now.py), or the list itself (stage_halt.py).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from domain.dispatch import Due

RESUME: Final = "resume"
"""How the keys of orders to resume that are waited for begin (domain/resumed_channels.py)."""


GROUPED: Final = frozenset({"channel", RESUME, "consignee", "accept_role"})
"""Dues that come by the dozen, by the first part of their key; the stage's page lists them."""


def dozen_of(due: Due, me: str) -> str:
    """Name the dozen that a due comes in; nothing for one that stands for itself."""
    kind = due.key.split(":")[0]
    told = f":{bool(due.in_time)}" if kind == RESUME else ""  # what failed is no waiting
    return f"{kind}:{due.act}{told}" if kind in GROUPED and due.person != me else ""


def title_of_unconfirmed(view: View, group: Sequence[Due]) -> str:
    """Say how many channels have not confirmed, and how many of them are late.

    One at which several orders are open is one channel.
    """
    n = view.lens.number(_channels(group))
    return _with_late(
        view, group, view.lens("%(n)s channels have not confirmed that they stopped", n=n)
    )


def title_of_resuming(view: View, group: Sequence[Due]) -> str:
    """Say how many channels were told that they may resume and have not said that they do."""
    n = view.lens.number(_channels(group))
    if not group[0].in_time:
        return view.lens("%(n)s channels could not be told to resume, or refused", n=n)
    told = view.lens("%(n)s channels were told that they may resume, and are to say so", n=n)
    return _with_late(view, group, told)


def why_resuming(view: View, due: Due) -> str:
    """Say when a channel was told that it may resume, and until when its answer has time."""
    lens, now = view.lens, view.state.halt.channels.get(due.item)
    if not due.key.startswith(f"{RESUME}:") or now is None:
        return ""
    one = next((one for one in now.under_way if due.key.endswith(f":{one.resume}")), None)
    if one is None or not one.is_told or one.told_at is None:
        return ""
    when, by = lens.when(one.told_at), lens.until(due.due_at)
    if due.due_at < lens.now:
        return lens("told %(when)s; the answer was due by %(by)s", when=when, by=by)
    return lens("told %(when)s; an answer is due by %(by)s", when=when, by=by)


def _with_late(view: View, group: Sequence[Due], told: str) -> str:
    """Say beside it how many of them are late; nothing where none is."""
    lens, late = view.lens, _late(view, group)
    if not late:
        return told
    in_time = lens.number(_channels(group) - late)
    counted = lens("%(late)s late, %(rest)s in their time", late=lens.number(late), rest=in_time)
    return lens.named_line(told, counted)


def way_through(view: View, stage: str, group: Sequence[Due]) -> Drawn:
    """Lead to where many are gone through; of channels to whom to call, who needs it first."""
    if group[0].key.startswith(f"{RESUME}:"):
        return {
            "text": view.lens("Go through them"),
            "href": f"{stage}#{_resuming_at(view, group)}",
        }
    if group[0].act != "confirm_channel":
        return {"text": view.lens("Go through them"), "href": stage}
    place = "halt-needs" if _late(view, group) else "halt-in-time"
    return {"text": view.lens("Call them, one by one"), "href": f"{stage}#{place}"}


def _resuming_at(view: View, group: Sequence[Due]) -> str:
    """Give where the board lists them: who failed, and who is beside an order, stands above."""
    channels = view.state.halt.channels
    is_settled = any(channels[due.item].state == "resuming" for due in group)
    return "halt-settled" if group[0].in_time and is_settled else "halt-needs"


def _channels(group: Iterable[Due]) -> int:
    return len({due.item for due in group})


def _late(view: View, group: Sequence[Due]) -> int:
    return _channels(due for due in group if due.due_at < view.lens.now)


TITLE_OF_CHANNELS: Final = {"channel": title_of_unconfirmed, RESUME: title_of_resuming}
"""How the one card of many channels is named, by how the keys of what is due begin."""
