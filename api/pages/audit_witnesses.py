"""Who keeps signed heads outside and who stamps them, how far each got, and the newest head itself.

What belongs here: telling it on the page of all audits. What never does: handing anything over
(activities/witnesses.py, activities/stamps.py), or verifying.
"""

from datetime import timedelta
from typing import Final

from activities.stamps import stands as stamped
from activities.witnesses import Stands, stands
from api.pages import blocks
from api.pages.frame import Visit
from api.pages.lens import Drawn, Lens
from domain.people import READS_LOG
from domain.wire import read_instant
from services.signing_keys import keys_of
from services.timestamps import authorities_of
from services.witnesses import witnesses_of
from storage import company, company_tree, heads, stamps

LATE: Final = timedelta(minutes=5)
"""Heads are due within a minute; where a worker begins, some more are signed late."""


def witnesses(guest: Visit) -> Drawn | None:
    """Give each witness with how far it was handed heads; None to who may not read the log."""
    lens, house = guest.lens, guest.house
    if not guest.who.actor.holds(READS_LOG):
        return None
    rows: list[list[blocks.Cell]] = []
    for one in witnesses_of(house.settings):
        now = stands(house.engine, one.id)
        rows.append([one.id, lens.number(now.size), _when(lens, now.at), _fault(lens, now)])
    columns = lens.each("Witness", "Lines of the log", "Handed over", "What stands in the way")
    return blocks.table(lens("Who keeps signed heads outside"), columns, rows, numbers=(1,))


def time_stamps(guest: Visit) -> Drawn | None:
    """Give each authority with its last stamp and what is not stamped yet.

    None to who may not read the log.
    """
    lens, house = guest.lens, guest.house
    if not guest.who.actor.holds(READS_LOG):
        return None
    rows: list[list[blocks.Cell]] = []
    for one in authorities_of(house.settings):
        last = stamps.newest(house.engine, one.id)
        size = last.size if last is not None else 0
        behind = stamps.behind(house.engine, size)
        rows.append(
            [
                one.id,
                lens.moment(last.at) if last is not None else lens("nothing yet"),
                lens.number(size),
                lens.number(behind.count),
                lens.moment(behind.since) if behind.since is not None else "–",
                lens.sentence(fault) if (fault := stamped(house.engine, one.id).fault) else "–",
            ]
        )
    columns = lens.each(
        "Time stamp authority",
        "Last time stamp, by its own clock",
        "Lines of the log",
        "Signed heads not stamped yet",
        "The first of them, since",
        "What stands in the way",
    )
    return blocks.table(
        lens("Who stamps signed heads with the time"), columns, rows, numbers=(2, 3)
    )


def newest_head(guest: Visit) -> Drawn | None:
    """Give the newest signed head of the company's log, to be kept by whoever reads it."""
    house = guest.house
    head = heads.newest(house.engine, heads.LOG) if guest.who.actor.holds(READS_LOG) else None
    if head is None:
        return None
    lines = company_tree.where_it_stands(house.engine).size
    return {
        "note": head.note,
        "size": guest.lens.number(head.size),
        "lines": guest.lens.number(lines),
        "signed": guest.lens.moment(head.signed_at),
        "key": keys_of(house)[-1].text(),
        "behind": _behind(guest, head.size, lines - head.size),
    }


def _behind(guest: Visit, size: int, count: int) -> str:
    """Say that lines wait for a signed head for longer than they ever should; else nothing."""
    lens, waiting = guest.lens, company.read_log(guest.house.engine, after=size, limit=1)
    if not waiting or guest.house.now() - waiting[0].at < LATE:
        return ""
    return lens(
        "%(n)s lines of the log are not signed, the first of them since %(when)s. If no worker "
        "runs, start it; else “andon verify” says what stands in the way.",
        n=lens.number(count),
        when=lens.when(waiting[0].at),
    )


def _when(lens: Lens, at: str) -> blocks.Cell:
    return lens.moment(read_instant(at)) if at else lens("nothing yet")


def _fault(lens: Lens, now: Stands) -> blocks.Cell:
    """Say what stands in the way; a witness that disagrees is no matter of waiting."""
    if now.diverged:
        return lens(
            "It holds a head that this record does not lead on from. Find out why before "
            "anything else."
        )
    return lens.sentence(now.fault) if now.fault else "–"
