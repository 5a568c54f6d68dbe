"""What the last look at the channels found, for the halt board: asked, under way, or found.

What belongs here: the look that somebody asked for, and its result. What never does: the rounds
that look by themselves (what they find stands at the channel), or a rule.
"""

from datetime import timedelta
from typing import Any, Final

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, entries_in
from domain.ledger import Entry
from storage import streams

LOOK: Final = "look_at_channels"
"""The act after which the halt board is shown: what it found stands there."""

SHOWN: Final = timedelta(hours=1)
"""How long a look stands first on the board; later it is one entry of the ledger among others."""

TYPES: Final = ("LookOrdered", "ChannelsLookedAt")


def last_look(view: View) -> list[Drawn]:
    """Say how many channels were looked at and what was found; nothing where nobody asked."""
    if not view.state.halt.channels:
        return []
    engine = view.visit.house.engine
    found = entries_in(streams.entries_of_types(engine, view.row.id, TYPES, view.as_of))
    asked = next((one for one in reversed(found) if _is_asked(one)), None)
    if asked is None or view.lens.now - asked.at > SHOWN:
        return []
    seen = next((one for one in found if one.seq > asked.seq and _answers(one, asked)), None)
    return [_drawn(view, asked, seen)]


def _is_asked(one: Entry) -> bool:
    return hasattr(one.event, "channels")


def _answers(one: Entry, asked: Entry) -> bool:
    """Say whether a look is the one that was asked for: it tells of exactly these channels."""
    return not _is_asked(one) and _all_of(one.event) == {*asked.event.channels}


def _all_of(looked: Any) -> set[str]:
    return {*looked.clean, *looked.selling, *looked.not_seen}


def _drawn(view: View, asked: Entry, seen: Entry | None) -> Drawn:
    lens = view.lens
    title, when = lens("The last look that was asked for"), lens.when(asked.at)
    if seen is None:
        told = lens(
            "%(name)s asked for a look at %(channels)s, %(when)s. What it finds comes here.",
            name=lens.person(asked.event.by),
            channels=lens.channels(len(asked.event.channels)),
            when=when,
        )
        return {**blocks.words(title, told), "id": "last-look"}
    tone = "critical" if seen.event.selling else "warning" if seen.event.not_seen else "done"
    told = result(lens, seen, in_room=view.room is not None)
    return {**blocks.words(title, told, tone=tone), "id": "last-look"}


def result(lens: Lens, seen: Entry, *, in_room: bool = False) -> str:
    """Say at how many channels nothing is on sale, who sells, and whom nobody could see."""
    told = seen.event
    count = len(told.clean) + len(told.selling)
    hold, sell, unseen = len(told.clean), len(told.selling), len(told.not_seen)
    parts = [
        lens("nothing on sale at %(n)s", n=lens.number(hold)),
        lens("still on sale at %(n)s", n=lens.number(sell)),
    ]
    said = lens(
        "Looked at %(channels)s, %(when)s: %(found)s.",
        channels=lens.channels(count),
        when=lens.when(seen.at),
        found=lens.listed(parts),
    )
    named = lens.listed(lens.named("channel", name) for name in told.selling)
    sells = lens("Then it was on sale at %(names)s.", names=named) if sell else ""
    unseen_told = _unseen(lens, unseen, in_room=in_room) if unseen else ""
    return lens.sentences([said if count else "", sells, unseen_told])


def _unseen(lens: Lens, unseen: int, *, in_room: bool) -> str:
    """Say how many nobody could see; that they are to be called is for our own people alone."""
    channels = lens.channels(unseen)
    if in_room:
        return lens("%(channels)s cannot be looked at.", channels=channels)
    return lens("%(channels)s cannot be looked at: call them.", channels=channels)
