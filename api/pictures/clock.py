"""One clock over time: when it began and was known, our own targets, the due time, what was filed.

Each moment has a row of its own, so that no two labels meet however near their times are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from xml.etree.ElementTree import Element

from api.pictures.paper import (
    Picture,
    Reader,
    add,
    legend,
    line,
    mark,
    markup,
    moment,
    percent,
    sheet,
    shorten,
    until,
    write,
)

_ROW = 60
_FOOT = 24
_AIR = 2.5
_NOW_WORDS = 8.0


class ClockMark(StrEnum):
    """What a moment of one clock is."""

    BEGAN = "began"
    KNOWN = "known"
    TARGET = "target"
    DUE = "due"
    EARLIER = "earlier"
    FILED = "filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoment:
    """One moment: when, what kind, and its name in the reader's language."""

    at: datetime
    kind: ClockMark
    name: str


_SHAPES: dict[ClockMark, tuple[str, str]] = {
    ClockMark.BEGAN: ("M-5 -5H5V5H-5z", "neutral"),
    ClockMark.KNOWN: ("M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z", "neutral hollow"),
    ClockMark.TARGET: ("M0 -7L7 0 0 7 -7 0z", "accent"),
    ClockMark.DUE: ("M-2.9 -7H2.9L7 -2.9V2.9L2.9 7H-2.9L-7 2.9V-2.9z", "warning"),
    ClockMark.EARLIER: ("M-2.9 -7H2.9L7 -2.9V2.9L2.9 7H-2.9L-7 2.9V-2.9z", "neutral hollow"),
    ClockMark.FILED: ("M0 -6.5L6.5 5.5H-6.5z", "done"),
}


def clock_line(
    name: str, moments: Sequence[ClockMoment], *, now: datetime, reader: Reader
) -> Picture:
    """Draw the moments of one clock, in their order; `name` prefixes the ids of the drawing."""
    _ = reader.gettext
    ordered = sorted(moments, key=lambda one: one.at)
    title = _("This clock over time")
    summary = _("%(n)s moments, from %(first)s to %(last)s; the line is now.") % {
        "n": len(ordered),
        "first": moment(ordered[0].at, reader) if ordered else "—",
        "last": moment(ordered[-1].at, reader) if ordered else "—",
    }
    scale = _Scale.over([one.at for one in ordered], now)
    svg = sheet(name, title, summary, height=len(ordered) * _ROW + _FOOT)
    bottom = len(ordered) * _ROW
    # Before the rows: words stand on the line, never under it.
    line(svg, "now", across=scale.place(now), down=bottom)
    for index, one in enumerate(ordered):
        _draw_row(svg, one, index * _ROW, scale, reader)
    _write_now(svg, scale.place(now), bottom + 16, reader)
    words = _words(reader)
    return Picture(
        title=title,
        summary=summary,
        drawing=markup(svg),
        headings=(_("When"), _("Kind"), _("What"), _("Past or to come")),
        rows=tuple(
            (
                _when(one, reader),
                words[one.kind],
                one.name,
                _("past") if one.at <= now else _("to come"),
            )
            for one in ordered
        ),
        legend=tuple(
            (legend(*_SHAPES[kind]), words[kind])
            for kind in dict.fromkeys(one.kind for one in ordered)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From instants to percent of the width, evenly."""

    first: datetime
    last: datetime

    @classmethod
    def over(cls, moments: Sequence[datetime], now: datetime) -> _Scale:
        first = min([*moments, now])
        return cls(first, max([*moments, now, first + timedelta(minutes=2)]))

    def place(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return _AIR + share * (100 - 2 * _AIR)


def _draw_row(svg: Element, one: ClockMoment, top: int, scale: _Scale, reader: Reader) -> None:
    write(svg, shorten(one.name), ("0", top + 14), "strong-text")
    write(svg, _when(one, reader), ("0", top + 45), "quiet-text")
    line(svg, "grid", down=top + 26)
    place = scale.place(one.at)
    add(svg, "rect", cls="track", x="0", y=top + 24, height=4, rx=2, width=percent(max(place, 0.4)))
    mark(svg, *_SHAPES[one.kind], (percent(place), top + 26))


def _write_now(svg: Element, place: float, at: int, reader: Reader) -> None:
    """Write the word beside its line, on the side where it has room."""
    side = "end" if place > 100 - _NOW_WORDS else "middle" if place > _NOW_WORDS else ""
    write(svg, reader.gettext("now"), (percent(place), at), f"now-text {side}".strip())


def _when(one: ClockMoment, reader: Reader) -> str:
    """Write a time by which something is to be done as such: the end of a day is said as that."""
    is_due = one.kind in (ClockMark.DUE, ClockMark.EARLIER, ClockMark.TARGET)
    return until(one.at, reader) if is_due else moment(one.at, reader)


def _words(reader: Reader) -> dict[ClockMark, str]:
    _ = reader.gettext
    return {
        ClockMark.BEGAN: _("the clock began"),
        ClockMark.KNOWN: _("known in Andon"),
        ClockMark.TARGET: _("our own target"),
        ClockMark.DUE: _("due"),
        ClockMark.EARLIER: _("was due before"),
        ClockMark.FILED: _("filed"),
    }
