"""Many duties on one page: what is due next before all else, then the rest by rule and market.

What belongs here: choosing what comes first, counting, folding. What never does: how one duty reads
(duty_rows.py), or a due time of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from activities.duty_words import basis_of
from api.pages import blocks, late_duties
from api.pages.duty_names import clock_of
from api.pages.duty_rows import (
    LATE,
    authority,
    duty_acts,
    duty_name,
    duty_row,
    place_in_law,
    state_of,
)
from api.pages.duty_unverified import more_unverified, only_unverified, unverified
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.own_targets import target
from api.pages.people_told import people_rows
from domain.duty_clocks import OURS, kind_of
from domain.state.notice import Duty
from domain.urgency import is_overdue, is_past_ours

FEW: Final = 6
"""So many duties are read one by one; more are folded by rule and market."""

Group = tuple[str, str]
"""A rule, and the country or market in which its duties stand."""


# ---------------------------------------------------------------- what comes first


def due_next(view: View, duties: Sequence[Duty]) -> list[Drawn]:
    """Tell what is due next: what, to whom, by when, and the one act that answers it."""
    running = [duty for duty in duties if duty.is_open and duty.due_at is not None]
    if not running:
        return _nothing_runs(view, duties)
    duty, lens = running[0], view.lens
    acts = duty_acts(view, duty)
    instead = acts[1:] if duty.possible else []
    rows = [
        {"label": lens("Authority"), "text": authority(view, duty), "note": _where(view, duty)},
        *_times(view, duty),
        *late_duties.rows_of(view, duty),
        *people_rows(lens, view.state.report),
        {"label": lens("Who files it"), "text": "" if acts else _asked(view, duty)},
        {"label": lens("Or instead"), "text": " " if instead else "", "acts": instead},
        {"label": lens("Besides"), "lines": _besides(view, duties, duty)},
        {"label": lens("Not verified"), "acts": more_unverified(view, _others(duties, duty))},
    ]
    return [
        blocks.first(
            lens("Due next"),
            duty_name(view, duty),
            [row for row in rows if any(row.get(one) for one in _TOLD)],
            state=state_of(view, duty),
            act=acts[0] if acts else None,
            id="due-next",
        )
    ]


_TOLD: Final = ("text", "lines", "moment", "acts")
"""What of a row says something."""


def _nothing_runs(view: View, duties: Sequence[Duty]) -> list[Drawn]:
    """Say that no time runs, where all that is open waits for legal; nothing where none does."""
    found = unverified(duties)
    if not found:
        return []
    lens = view.lens
    way = blocks.link(duty_name(view, found[0]), f"{view.address}/notice#duty-{found[0].id}")
    rows: list[Drawn] = [
        {"label": lens("By a clock"), "text": lens("nothing: no time runs over any duty")},
        {
            "label": lens("Not verified"),
            "text": only_unverified(view, duties),
            "tone": "warning",
            "acts": [way],
        },
    ]
    return [blocks.pairs(lens("Due next"), rows, id="due-next")]


def _others(duties: Iterable[Duty], first: Duty) -> list[Duty]:
    return [duty for duty in duties if duty.id != first.id]


def _where(view: View, duty: Duty) -> str:
    return f"{view.lens.market(duty.place or duty.market)} · {place_in_law(view.lens, duty)}"


def _times(view: View, duty: Duty) -> list[Drawn]:
    """Give the times of a duty, the nearer first: that of the rule, and our own earlier ones.

    One of ours that has passed stands behind what still runs.
    """
    lens, rows = view.lens, list[tuple[datetime, Drawn]]()
    if duty.due_at is not None:
        moment, basis = lens.due(duty.due_at, clock_of(duty)), basis_of(lens.words, duty)
        told: Drawn = {"label": lens("In writing"), "moment": moment, "note": basis}
        rows.append((duty.due_at, told))
    for one in view.due():
        if one.item == duty.id and kind_of(one) in OURS:
            ours = target(lens, kind_of(one), one.due_at)
            moment = ours["due"] or ours["passed"]
            rows.append((one.due_at, {"label": ours["title"], "moment": moment}))
    if duty.due_at is not None and duty.due_at < lens.now:
        return [told for _, told in rows]
    return [told for _, told in sorted(rows, key=lambda row: (row[0] < lens.now, row[0]))]


def _asked(view: View, duty: Duty) -> str:
    """Name the roles that are asked for a report, for a reader who cannot file it."""
    asked = (due.roles for due in view.due() if due.item == duty.id and due.act.startswith("file_"))
    return view.lens.roles(next(asked, ()))


def _besides(view: View, duties: Iterable[Duty], first: Duty) -> list[str]:
    """Count what waits beside the first: what is late too, and what nobody could count."""
    lens = view.lens
    others = [duty for duty in _others(duties, first) if duty.is_open]
    late = _overdue(lens, others)
    by_hand = sum(1 for duty in others if duty.due_at is None and duty.counts)
    told: list[str] = []
    if late:
        said = lens.words.ngettext(
            "%(n)s more duty is overdue", "%(n)s more duties are overdue", late
        )
        told.append(said % {"n": late})
    if by_hand:
        said = lens.words.ngettext(
            "%(n)s duty has no due time yet: set it by hand where no calendar can",
            "%(n)s duties have no due time yet: set it by hand where no calendar can",
            by_hand,
        )
        told.append(said % {"n": by_hand})
    return told


def _overdue(lens: Lens, duties: Iterable[Duty]) -> int:
    """Count what is late by more than a target of our own."""
    return sum(duty.is_open and is_overdue(duty, lens.now) for duty in duties)


# ---------------------------------------------------------------- the rest, folded


def grouped(view: View, duties: Sequence[Duty]) -> list[Drawn]:
    """Give each group's duties folded into a line, below a summary that is folded too.

    A line says what the summary says of its group but for the law and the authority: nobody reads
    down a table of a hand's breadth for each group to find what is late.
    """
    groups: dict[Group, list[Duty]] = defaultdict(list)
    for duty in duties:
        groups[duty.rule, duty.place or duty.market].append(duty)
    summary = blocks.folded(
        _summary(view, groups), brief=view.lens("by rule and market, with law and authority")
    )
    return [summary, *(_folded(view, *each) for each in groups.items())]


def _anchor(group: Group) -> str:
    return "duties-" + "-".join(group)


def _group_title(view: View, of: Sequence[Duty]) -> str:
    lens, one = view.lens, of[0]
    title = lens.words.pick(one.title_en, one.title_zh)
    return f"{title} · {lens.market(one.place or one.market)}"


def _summary(view: View, groups: dict[Group, list[Duty]]) -> Drawn:
    lens = view.lens
    return blocks.table(
        lens("Duties to tell an authority"),
        lens.each("Duty", "Authority", "Still open", "Overdue", "Due next", "Filed or settled"),
        [_counted(view, group, of) for group, of in groups.items()],
        numbers=(2, 3, 5),
        note=lens("Each has its own clock, and one for each hurt person where the law counts so."),
        id="duties",
    )


def _counted(view: View, group: Group, of: Sequence[Duty]) -> list[blocks.Cell]:
    lens = view.lens
    running = [duty for duty in of if duty.is_open]
    late = _overdue(lens, running)
    name: Drawn = {
        "text": _group_title(view, of),
        "href": f"#{_anchor(group)}",
        "sub": place_in_law(lens, of[0]),
    }
    overdue: Drawn = {"text": str(late), "tone": "critical", "icon": "late"}
    return [
        name,
        authority(view, of[0]),
        len(running),
        overdue if late else 0,
        _next_of(view, running),
        len(of) - len(running),
    ]


def _next_of(view: View, running: Sequence[Duty]) -> blocks.Cell:
    due = next((duty for duty in running if duty.due_at is not None), None)
    if due is None or due.due_at is None:
        return "–" if not running else None
    moment = view.lens.due(due.due_at, clock_of(due))
    return {"text": moment["text"], "sub": moment.get("authority", "")}


def _folded(view: View, group: Group, of: Sequence[Duty]) -> Drawn:
    lens, count = view.lens, sum(1 for duty in of if duty.is_open)
    columns = lens.each("Duty", "Authority", "Clock started", "Due", "State")
    rows = [_anchored(view, duty) for duty in of]
    table = blocks.table(_group_title(view, of), columns, rows, id=_anchor(group))
    told = [lens.words.ngettext("%(n)s open", "%(n)s open", count) % {"n": count}] if count else []
    return blocks.folded(
        table, brief=" · ".join([*told, *_next_line(view, of)]), state=_late_state(lens, of)
    )


def _next_line(view: View, of: Sequence[Duty]) -> Iterable[str]:
    """Say in a group's line when what is next of it is due, by the authority's own clock."""
    lens, running = view.lens, [duty for duty in of if duty.is_open]
    due = next((duty for duty in running if duty.due_at is not None), None)
    if due is not None and due.due_at is not None:
        yield lens("due %(when)s", when=lens.due(due.due_at, clock_of(due))["text"])
    elif running:
        yield lens("no due time yet")


def _late_state(lens: Lens, of: Sequence[Duty]) -> Drawn | None:
    """Say in a group's line that something of it is overdue, or past a target of ours."""
    if late := _overdue(lens, of):
        told = lens.words.ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late}
        return {"text": told, **LATE[False]}
    if any(duty.is_open and is_past_ours(duty, lens.now) for duty in of):
        return {"text": lens("our own target passed"), **LATE[True]}
    return None


def _anchored(view: View, duty: Duty) -> list[blocks.Cell]:
    """Give the row of a duty, found by the address that letters lead to."""
    first, *others = duty_row(view, duty)
    counted = view.lens("How it was counted")
    told = [blocks.link(counted, f"{view.address}/ledger/{duty.due_seq}")] if duty.due_seq else []
    return [{**first, "acts": [*first["acts"], *told]}, *others]
