"""Where goods were found on sale that are no more, and who answered for it, in one line.

What belongs here: the places that were found so far, as they stand now. What never does: what is on
sale now (stage_halt.py), or a rule.
"""

from typing import Final

from api.pages.channel_rows import name_of, word_of
from api.pages.looking import View, entries_in
from storage import streams

TYPES: Final = ("DriftFound",)
SHOWN: Final = 3


def found_before(view: View) -> str:
    """Say how often goods were found on sale, and how those channels stand now; "" where never."""
    lens, times = view.lens, view.state.halt.drifts
    if not times:
        return ""
    found = entries_in(
        streams.entries_of_types(view.visit.house.engine, view.row.id, TYPES, view.as_of)
    )
    places = list(dict.fromkeys(str(one.event.channel) for one in found))
    told = [_stands(view, name) for name in places[:SHOWN]]
    if more := len(places) - SHOWN:
        told += [lens("%(n)s more", n=lens.number(more))] if more > 0 else []
    how_often = lens.words.ngettext("found once", "found %(n)s times", times) % {
        "n": lens.number(times)
    }
    return lens.named_line(how_often, lens.listed(told)) if told else how_often


def _stands(view: View, name: str) -> str:
    """Say how a channel stands that was found selling: who answers for it, or what it says."""
    lens, now = view.lens, view.state.halt.channels.get(name)
    if now is None:
        return name_of(view, name)
    if now.state == "taken_over" and now.taken_over_by:
        return lens(
            "%(channel)s (taken over by %(name)s)",
            channel=name_of(view, name),
            name=lens.person(now.taken_over_by),
        )
    return lens("%(channel)s (%(now)s)", channel=name_of(view, name), now=word_of(view, now))
