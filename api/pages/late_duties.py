"""A duty that became known here after its clock had begun: since when, and what is done now.

What belongs here: telling the start of a duty's clock apart from the time when the duty was known,
in words for its page, its card and the reason that goes with a late report. What never does: a
deadline of its own; the law's clock is the one that counts.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from activities.words import rule_place
from api.pages.lens import Drawn
from api.pages.looking import View, entries_in
from api.pages.telling import sentence_of
from domain.acts import ActSigned
from domain.duties import DutyArisen, DutyDue, DutyMoved
from domain.ledger import Entry
from domain.state.notice import Duty
from domain.urgency import is_past
from storage import streams

AT_ONCE: Final = timedelta(hours=1)
"""What became known within this of its start is told as it is: nobody asks why."""

_FOLLOWING: Final = (ActSigned, DutyArisen, DutyDue, DutyMoved)
"""What is no fact of its own: the signature with which an act took effect, and clocks."""

LOOKED_BACK: Final = 40
"""Entries that are read at a time, looking for the act that made a duty known."""


def known_at(view: View, duty: Duty) -> datetime:
    """Say when the due time could first be known here: with the duty, or as its clock moved."""
    entry = _moved(view, duty) if duty.moves else None
    return entry.at if entry is not None else duty.arisen_at


def began_before(view: View, duty: Duty) -> bool:
    """Say whether a duty's clock had begun before the duty was known here."""
    return known_at(view, duty) - duty.start_at > AT_ONCE


def over_before(view: View, duty: Duty) -> bool:
    """Say whether the time of an open duty was over before the duty was known here."""
    return duty.is_open and duty.due_at is not None and known_at(view, duty) >= duty.due_at


def is_over(duty: Duty, now: datetime) -> bool:
    """Say whether the time of an open duty is over."""
    return duty.is_open and is_past(duty, now)


def rows_of(view: View, duty: Duty) -> list[Drawn]:
    """Explain a clock that began earlier: when and why, known since when, what to do now."""
    if not began_before(view, duty):
        return []
    lens = view.lens
    began = lens(
        "%(when)s: %(fact)s, by %(rule)s. The time counts from there, whenever a duty is known.",
        when=lens.when(duty.start_at),
        fact=lens.word(duty.start_fact),
        rule=rule_place(duty.rule, lens.words, lens.rules),
    )
    rows: list[Drawn] = [
        {"label": lens("The clock began"), "text": began},
        {"label": lens("Known in Andon since"), "text": _since(view, duty)},
    ]
    if over_before(view, duty):
        rows.append({"label": lens("What to do now"), "text": now_what(view, duty)})
    return rows


def now_what(view: View, duty: Duty) -> str:
    """Say what is done about a duty whose time was over when it became known."""
    if duty.possible:
        return view.lens(
            "Decide at once whether it is reportable. If it is, report at once and state why it "
            "is late: the form begins with the reason."
        )
    return view.lens(
        "Report at once and state why it is late: the form begins with the reason. "
        "A late report counts; none at all is worse."
    )


def state_of(view: View, duty: Duty) -> str:
    """Say in the state of a duty that its time was over when it became known."""
    if duty.possible:
        return view.lens("was over before it was known here: decide at once")
    return view.lens("was over before it was known here: report at once")


def why(view: View, duty: Duty) -> str:
    """Say on a card why something is overdue that nobody was asked for before."""
    lens = view.lens
    if duty.possible:
        return lens(
            "Known here only since %(known)s, but its clock began %(start)s (%(fact)s): decide at "
            "once whether it is reportable",
            known=lens.when(known_at(view, duty)),
            start=lens.when(duty.start_at),
            fact=lens.word(duty.start_fact),
        )
    return lens(
        "Known here only since %(known)s, but its clock began %(start)s (%(fact)s): report at "
        "once and state why it is late",
        known=lens.when(known_at(view, duty)),
        start=lens.when(duty.start_at),
        fact=lens.word(duty.start_fact),
    )


def reason(view: View, duty: Duty) -> str:
    """Give the reason for a late report, as far as the record tells it."""
    lens = view.lens
    return lens(
        "The clock began %(start)s (%(fact)s). The duty became known to us on %(known)s: %(how)s",
        start=lens.when(duty.start_at),
        fact=lens.word(duty.start_fact),
        known=lens.when(known_at(view, duty)),
        how=_made_known(view, duty) or lens("the facts changed."),
    )


def _since(view: View, duty: Duty) -> str:
    how = _made_known(view, duty)
    return " · ".join(part for part in (view.lens.when(known_at(view, duty)), how) if part)


def _made_known(view: View, duty: Duty) -> str:
    """Tell the act in one sentence that made the duty known, or its earlier start."""
    entry = _moved(view, duty) if duty.moves else _at(view, duty.seq)
    told = origin(view, entry) if entry is not None else None
    return sentence_of(view.lens, told.event) if told is not None else ""


def origin(view: View, entry: Entry) -> Entry | None:
    """Find the entry of the same act that a duty's entry follows from; None where there is none.

    An act that opened many duties stands far before the last of them.
    """
    found, last = None, entry.seq - 1
    while last > 0:
        before = view.entries(max(1, last - LOOKED_BACK + 1), last)
        same = [one for one in before if one.command_id == entry.command_id]
        told = [one for one in same if not isinstance(one.event, _FOLLOWING)]
        found = told[0] if told else found
        if not same or same[0] is not before[0]:
            break
        last = before[0].seq - 1
    return found


def _moved(view: View, duty: Duty) -> Entry | None:
    """Find the entry by which the clock's start moved to where it is."""
    for entry in _moves(view):
        moved = entry.event
        if moved.duty == duty.id and moved.start_at == duty.start_at != moved.old_start_at:
            return entry
    return None


def _moves(view: View) -> list[Entry]:
    """Read once for a page by which entries the clocks of its duties moved."""
    state, key = view.visit.request.state, (view.row.id, view.version, view.as_of)
    kept: dict[Any, list[Entry]] = getattr(state, "clocks_moved", {})
    if key not in kept:
        engine = view.visit.house.engine
        rows = streams.entries_of_types(engine, view.row.id, ["DutyMoved"], view.as_of)
        state.clocks_moved = kept = {**kept, key: entries_in(rows)}
    return kept[key]


def _at(view: View, seq: int) -> Entry | None:
    found = view.entries(seq, seq)
    return found[0] if found else None
