"""The time left to each deadline; what is late stands left of the line that is now.

The scale is not even (an hour near is as wide as a week far), because minutes and months stand on
one page; the ticks and the summary say so, and the table gives the exact times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from xml.etree.ElementTree import Element

from api.pictures.paper import (
    LABEL_LINE,
    TICK_IN_MARK,
    Picture,
    Reader,
    add,
    label,
    line,
    lines_of,
    mark,
    markup,
    moment,
    percent,
    sheet,
    until,
    write,
)

_ROW = 58
_FOOT = 24
_EDGE = 2.5
_NOW_AT = 22.0
_HOURS = (1, 6, 24, 72, 168, 720, 2160, 8760)
# Two labels nearer than this would touch on a phone.
_APART = 13
_ROUND = "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"
_OCTAGON = "M-2.9 -7H2.9L7 -2.9V2.9L2.9 7H-2.9L-7 2.9V-2.9z"
_TRIANGLE = "M0 -7L7.5 6H-7.5z"


class DueState(StrEnum):
    """How a deadline stands."""

    RUNNING = "running"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One due time; `done_at` is set when the duty was met.

    `known_at` is set where the time was over before anybody here knew of the duty.
    """

    name: str
    due_at: datetime
    state: DueState
    done_at: datetime | None = None
    known_at: datetime | None = None


_SHAPES: dict[DueState, tuple[str, str]] = {
    DueState.RUNNING: (_ROUND, "information"),
    DueState.WARNED: (_TRIANGLE, "warning"),
    DueState.BREACHED: (_OCTAGON, "critical"),
    DueState.MET: (_ROUND, "done"),
}


def deadline_bars(
    name: str, deadlines: Sequence[Deadline], *, now: datetime, reader: Reader
) -> Picture:
    """Draw the time left to each deadline, the most urgent first, what is done last."""
    _ = reader.gettext
    title = _("Time left to each deadline")
    summary = _("%(late)s of %(all)s are overdue. The scale is not even.") % {
        "late": sum(1 for one in deadlines if one.state is DueState.BREACHED),
        "all": len(deadlines),
    }
    unknown = sum(1 for one in deadlines if one.known_at is not None)
    if unknown:
        summary += " " + _("Of these, %(n)s were over before they became known.") % {"n": unknown}
    ordered = sorted(deadlines, key=lambda one: (one.done_at is not None, one.due_at))
    scale = _Scale.over([(one.due_at - now) / timedelta(hours=1) for one in ordered])
    tops = _tops(ordered)
    svg = sheet(name, title, summary, height=tops[-1] + _FOOT)
    _draw_ticks(svg, scale, tops[-1], reader)
    words = _words(reader)
    for one, above in zip(ordered, tops, strict=False):
        top = above + _more_lines(one)
        hours = 0.0 if one.done_at else (one.due_at - now) / timedelta(hours=1)
        label(svg, lines_of(one.name), above, "strong-text")
        _draw_row(svg, one, top, scale.place(hours))
        told = f"{words[one.state]} {_when(one, reader)}"
        if one.known_at is not None:
            told = _("%(late)s · known since %(known)s") % {
                "late": told,
                "known": moment(one.known_at, reader),
            }
        _tone_text(svg, one, told, top + 46)
    return Picture(
        title=title,
        summary=summary,
        drawing=markup(svg),
        headings=(_("Duty"), _("Due"), _("State"), _("Done")),
        rows=tuple(
            (
                one.name,
                until(one.due_at, reader),
                _state(one, words, reader),
                moment(one.done_at, reader) if one.done_at else "—",
            )
            for one in ordered
        ),
    )


def _more_lines(one: Deadline) -> int:
    """Say how much a name needs beyond its first line."""
    return LABEL_LINE * (len(lines_of(one.name)) - 1)


def _tops(ordered: Sequence[Deadline]) -> list[int]:
    """Give where each row begins, and where the last one ends."""
    return list(accumulate((_ROW + _more_lines(one) for one in ordered), initial=0))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Hours from now to percent of the width, logarithmic on both sides of now."""

    furthest: float
    latest: float

    @classmethod
    def over(cls, hours: Sequence[float]) -> _Scale:
        return cls(max([*hours, 6.0]), max([*(-one for one in hours), 1.0]))

    def place(self, hours: float) -> float:
        if hours < 0:
            share = math.log1p(-hours) / math.log1p(self.latest)
            return _NOW_AT - min(share, 1) * (_NOW_AT - _EDGE)
        share = math.log1p(hours) / math.log1p(self.furthest)
        return _NOW_AT + min(share, 1) * (100 - _EDGE - _NOW_AT)


def _draw_ticks(svg: Element, scale: _Scale, bottom: int, reader: Reader) -> None:
    line(svg, "axis", down=bottom)
    write(svg, reader.gettext("now"), (percent(_NOW_AT), bottom + 16), "now-text middle")
    write(svg, reader.gettext("late"), ("0", bottom + 16), "quiet-text")
    last = _NOW_AT
    for hours in _HOURS:
        place = scale.place(hours)
        if hours > scale.furthest or place > 96 or place - last < _APART:
            continue
        last = place
        line(svg, "grid", across=place, down=bottom)
        write(svg, _length(hours, reader), (percent(place), bottom + 16), "quiet-text middle")


def _draw_row(svg: Element, one: Deadline, top: int, place: float) -> None:
    path, tone = _SHAPES[one.state]
    line(svg, "grid", down=top + 26)
    here = percent(_NOW_AT)
    add(svg, "line", cls="now", x1=here, x2=here, y1=top + 17, y2=top + 35)
    length = {"x": percent(min(place, _NOW_AT)), "width": percent(abs(place - _NOW_AT))}
    add(svg, "rect", cls=f"{tone} span", y=top + 23, height=6, **length)
    spot = mark(svg, path, tone, (percent(place), top + 26))
    if one.state is DueState.MET:
        add(spot, "path", cls="cut", d=TICK_IN_MARK)


def _tone_text(svg: Element, one: Deadline, told: str, down: int) -> None:
    tone = _SHAPES[one.state][1]
    write(svg, told, ("0", down), "quiet-text" if tone == "information" else f"{tone}-text")


def _length(hours: int, reader: Reader) -> str:
    if hours < 24:
        return reader.gettext("%(h)s h") % {"h": hours}
    return reader.gettext("%(d)s d") % {"d": hours // 24}


def _when(one: Deadline, reader: Reader) -> str:
    return moment(one.done_at, reader) if one.done_at else until(one.due_at, reader)


def _state(one: Deadline, words: dict[DueState, str], reader: Reader) -> str:
    if one.known_at is None:
        return words[one.state]
    known = moment(one.known_at, reader)
    return reader.gettext("over before it became known, %(known)s") % {"known": known}


def _words(reader: Reader) -> dict[DueState, str]:
    _ = reader.gettext
    return {
        DueState.RUNNING: _("due"),
        DueState.WARNED: _("due soon:"),
        DueState.BREACHED: _("overdue since"),
        DueState.MET: _("done"),
    }
