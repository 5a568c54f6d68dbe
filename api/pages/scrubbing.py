"""Ways through the time of an incident: one entry back and on, and the entries that weigh.

What belongs here: addresses and labels, each a link, so that none needs a script. What never does:
what a page of the past shows.
"""

from collections.abc import Sequence
from typing import Final

from api.event_words import TELLS
from api.pages.lens import Drawn
from api.pages.looking import View, entries_in
from api.pages.telling import sentence_of, tell_of
from storage import streams

MARKS_BESIDE: Final = 25
"""Entries that weigh, listed before the moment and after it; the ledger's page has them all."""

WEIGHTY: Final = frozenset(name.partition(":")[0] for name, tell in TELLS.items() if tell.weighty)
"""The types of entries that weigh, in one of their variants at least."""


def scrubber(view: View, rest: str = "") -> Drawn:
    """Give the ways through time from an entry; `rest` is the page that is looked at."""
    seq, size = view.as_of or 0, view.row.size
    base = f"/incidents/{view.row.id}/at"
    return {
        "seq": seq,
        "size": size,
        **ways(base, seq, size, rest),
        "today": f"/incidents/{view.row.id}{rest}",
        "go": base,
        "marks": marks(view, f"{base}/{{}}{rest}"),
    }


def ways(base: str, seq: int, size: int, rest: str = "") -> Drawn:
    """Give the first entry, the ones beside, and the last; nothing where there is none."""
    return {
        "first": f"{base}/1{rest}",
        "back": f"{base}/{seq - 1}{rest}" if seq > 0 else "",
        "on": f"{base}/{seq + 1}{rest}" if seq < size else "",
        "last": f"{base}/{size}{rest}",
    }


def marks(view: View, address: str) -> list[Drawn]:
    """List the entries that weigh around a moment, and the one that was recorded last by then."""
    seq = view.as_of or 0
    engine, name = view.visit.house.engine, view.row.id
    near = around(streams.numbers_of_types(engine, name, WEIGHTY), seq)
    numbers = sorted({*near, seq} - {0})
    rows = streams.entries_at(engine, [(name, number) for number in numbers])
    entries = sorted(entries_in(rows), key=lambda one: one.seq)
    return [
        {
            "seq": one.seq,
            "kind": tell_of(one.event).kind,
            "text": sentence_of(view.lens, one.event),
            "at": view.lens.exactly(one.recorded_at),
            "href": address.format(one.seq),
            "current": one.seq == seq,
        }
        for one in entries
        if tell_of(one.event).weighty or one.seq == seq
    ]


def around(numbers: Sequence[int], seq: int) -> list[int]:
    """Give the numbers next to one, as many before as after."""
    before = [number for number in numbers if number <= seq][-MARKS_BESIDE:]
    after = [number for number in numbers if number > seq][:MARKS_BESIDE]
    return [*before, *after]
