"""Clocks of the law that would start or move, told to a reader: now beside then.

What belongs here: telling what domain/what_if.py found. What never does: supposing, or a rule.
"""

from collections.abc import Iterable
from dataclasses import replace

from activities.duty_words import basis_of
from api.pages import blocks
from api.pages.duty_counted import steps_of
from api.pages.duty_names import clock_of
from api.pages.duty_places import duty_address
from api.pages.duty_rows import authority, duty_title
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.acts import SignAct
from domain.dispatch import Act
from domain.errors import AndonError
from domain.message import command_from_wire
from domain.state import Incident
from domain.state.notice import Duty
from domain.what_if import Change, Step, first_due
from services.supposing import suppose


def clocks_of(view: View, act: Act) -> list[Drawn]:
    """Give the clocks that an act would start or move, once whoever must sign it has signed."""
    command = act.command
    pending = view.state.pending.get(command.act) if isinstance(command, SignAct) else None
    try:
        if pending is not None:
            command = command_from_wire(pending.command)
        step = Step(act=replace(act, command=command))
        changes = suppose(view.state, [step]).changes
    except AndonError:
        return []  # the act is refused, and that is told already
    return [_row(view, one) for one in changes]


def _row(view: View, one: Change) -> Drawn:
    """Give a clock as a row of a form: what it is, what happens to it, when it would be due."""
    lens, duty = view.lens, one.after
    due = lens.due(duty.due_at, clock_of(duty)) if duty.due_at else None
    return {
        "label": f"{duty_title(view, duty)} · {lens.market(duty.place or duty.market)}",
        "text": what_happens(view, one),
        "moment": due,
        "note": " · ".join(filter(None, (authority(view, duty), _rests_on(view, duty)))),
    }


def what_happens(view: View, one: Change) -> str:
    """Say in words what happens to a duty."""
    words = view.lens.words
    return view.lens.listed(words.of("clock_moves", str(moves)) for moves in one.moves)


def _rests_on(view: View, duty: Duty) -> str:
    """Say what a supposed due time would rest on; where none would be set, why."""
    lens = view.lens
    if not duty.counts:
        return lens("not verified: legal confirms first")
    return basis_of(lens.words, duty) or lens.sentence(duty.no_due_why)


def table(view: View, changes: Iterable[Change]) -> Drawn:
    """Give now beside then, a row for each duty that changes."""
    lens = view.lens
    columns = lens.each("Duty", "What would happen", "Due now", "Due then", "How it is counted")
    return blocks.table(
        lens("Now, and then"),
        columns,
        [_cells(view, one) for one in changes],
        empty=lens("No clock that Andon knows of would start or move."),
        note=lens("Only supposed: nothing is recorded, and nobody is told."),
        id="now-and-then",
    )


def _cells(view: View, one: Change) -> list[blocks.Cell]:
    lens, duty = view.lens, one.after
    place = lens.market(duty.place or duty.market)
    steps = steps_of(view, one.due) if one.due is not None else []
    return [
        {
            "text": duty_title(view, duty),
            "href": duty_address(view, duty.id) if one.before else "",
            "sub": f"{authority(view, duty)} · {place}",
        },
        what_happens(view, one),
        _due(view, one.before) if one.before else "–",
        _due(view, duty),
        {"text": "", "lines": steps},
    ]


def _due(view: View, duty: Duty) -> blocks.Cell:
    lens = view.lens
    if duty.due_at is None:
        return {"text": lens("unknown"), "sub": _rests_on(view, duty)}
    at = lens.due(duty.due_at, clock_of(duty))
    sub = " · ".join(filter(None, (at.get("authority", ""), _rests_on(view, duty))))
    return {"text": at["text"], "sub": sub}


def next_due(view: View, state: Incident) -> Drawn:
    """Give what would be due next of all open duties; nothing where none has a due time."""
    lens, duty = view.lens, first_due(state)
    if duty is None or duty.due_at is None:
        return {"text": lens("Nothing has a due time."), "moment": None}
    return {
        "text": duty_title(view, duty),
        "moment": lens.due(duty.due_at, clock_of(duty)),
    }
