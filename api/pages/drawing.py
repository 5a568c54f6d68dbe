"""The pictures of an incident: its story, its deadlines, how far a recall has come.

What belongs here: turning what is recorded into the values that api/pictures draws. What never
does: a mark on a plane, or a count of its own (the stage pages and the domain have them).
"""

from collections import defaultdict
from datetime import datetime
from typing import Final

from api.event_words import TELLS
from api.pages.lens import Lens
from api.pages.looking import View, late_share
from api.pages.telling import sentence_of, tell_of
from api.pictures import (
    Deadline,
    DueState,
    Lane,
    Mark,
    MarkKind,
    Picture,
    Reader,
    deadline_bars,
    incident_timeline,
)
from api.word_lists import STAGE
from domain.ledger import Entry, read_numbered
from domain.message import event_spec
from domain.overview import stage_words
from domain.stages import SEVEN_STAGES
from storage import streams

KINDS: Final = frozenset(map(str, MarkKind))
MARKED: Final = frozenset(
    name.partition(":")[0] for name, tell in TELLS.items() if tell.weighty and tell.kind in KINDS
) - {"RungReached"}
"""Types of entries that may weigh; what weighs is decided entry by entry. Reminders are none."""

WARNED_PERCENT: Final = 80


def reader_of(lens: Lens) -> Reader:
    """Give for whom a picture is drawn."""
    return Reader(language=lens.words.language, zone=lens.zone, gettext=lens.words.gettext)


def story(view: View) -> Picture | None:
    """Draw the incident over time, one lane for each stage; nothing before anything weighs."""
    engine, incident = view.visit.house.engine, view.row.id
    rows = streams.entries_of_types(engine, incident, MARKED, view.as_of)
    entries = [read_numbered(row.stream, row.seq, row.content) for row in rows]
    marked = [one for one in entries if _is_marked(one)]
    if not marked:
        return None
    by_stage: dict[str, list[Entry]] = defaultdict(list)
    for one in marked:
        by_stage[str(event_spec(one.event).stage)].append(one)
    words, is_sealed = stage_words(view.state), view.state.review.closed_at is not None
    lanes = [
        _lane(
            view.lens,
            view.lens(STAGE[stage]),
            by_stage[str(stage)],
            ended=is_sealed or words[str(stage)] in ("done", "not_needed"),
        )
        for stage in SEVEN_STAGES
    ]
    return incident_timeline("story", lanes, now=view.lens.now, reader=reader_of(view.lens))


def _is_marked(entry: Entry) -> bool:
    tell = tell_of(entry.event)
    return tell.weighty and tell.kind in KINDS


def _lane(lens: Lens, name: str, entries: list[Entry], *, ended: bool) -> Lane:
    """Give a stage from its first to its last weighty entry, or until now while it runs."""
    marks = tuple(
        Mark(
            at=one.recorded_at,
            kind=MarkKind(tell_of(one.event).kind),
            sentence=sentence_of(lens, one.event),
        )
        for one in entries
    )
    if not marks:
        return Lane(name=name)
    until = marks[-1].at if ended else None
    return Lane(name=name, from_at=marks[0].at, until_at=until, marks=marks)


def deadline(lens: Lens, name: str, start: datetime, due: datetime) -> Deadline:
    """Give a due time that is still open, as the picture takes it."""
    if due < lens.now:
        state = DueState.BREACHED
    elif late_share(start, due, lens.now) >= WARNED_PERCENT:
        state = DueState.WARNED
    else:
        state = DueState.RUNNING
    return Deadline(name=name, due_at=due, state=state)


def deadlines(view: View, name: str, found: list[Deadline]) -> Picture:
    """Draw the time left to each deadline."""
    return deadline_bars(name, found, now=view.lens.now, reader=reader_of(view.lens))
