"""The incident over time: one lane for each stage, with decisions, orders and filings on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from xml.etree.ElementTree import Element

from api.pictures.paper import (
    Picture,
    Reader,
    add,
    day,
    legend,
    line,
    mark,
    markup,
    moment,
    percent,
    sheet,
    write,
)

_LANE = 54
_FOOT = 24
_MOST_TICKS = 5
_AIR = 2.5
_EVEN_UNTIL = timedelta(days=2)
# From here on an hour is narrower than the one before.
_BEND = timedelta(hours=3)
# Two labels, and two marks, nearer than this would touch on a phone.
_APART = 17.0
_TOUCHING = 5.0
_BESIDE_NOW = 9.0
# Round steps of a wall clock, from a quarter of an hour to a year.
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (15, 60, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)
)


class MarkKind(StrEnum):
    """What a mark on the timeline stands for."""

    DECISION = "decision"
    ORDER = "order"
    PUBLICATION = "publication"
    FILING = "filing"
    PERSON = "person"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One moment on a lane: when, what kind, and the sentence of the ledger."""

    at: datetime
    kind: MarkKind
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One stage; `from_at` is None before it begins, `until_at` is None while it runs."""

    name: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    marks: tuple[Mark, ...] = ()


# Shapes around their own middle, and the classes that colour them.
_SHAPES: dict[MarkKind, tuple[str, str]] = {
    MarkKind.DECISION: ("M0 -7L7 0 0 7 -7 0z", "accent"),
    MarkKind.ORDER: ("M-5 -5H5V5H-5z", "neutral"),
    MarkKind.PUBLICATION: ("M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z", "information"),
    MarkKind.FILING: ("M0 -6.5L6.5 5.5H-6.5z", "information"),
    MarkKind.PERSON: ("M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z", "warning hollow"),
    MarkKind.OVERDUE: ("M-2.9 -7H2.9L7 -2.9V2.9L2.9 7H-2.9L-7 2.9V-2.9z", "critical"),
}


_WORST = (
    MarkKind.OVERDUE,
    MarkKind.PERSON,
    MarkKind.DECISION,
    MarkKind.PUBLICATION,
    MarkKind.FILING,
    MarkKind.ORDER,
)
"""Which mark stands for several: the one that a reader must not miss."""


def incident_timeline(
    name: str, lanes: Sequence[Lane], *, now: datetime, reader: Reader
) -> Picture:
    """Draw the stages of an incident over time; `name` prefixes the ids, unique on the page."""
    _ = reader.gettext
    title = _("Timeline of the incident")
    moments = [one.at for lane in lanes for one in lane.marks]
    moments += [at for lane in lanes for at in (lane.from_at, lane.until_at) if at]
    first, last = min([*moments, now]), max([*moments, now])
    scale = _Scale.over(first, last)
    summary = _("%(running)s of %(all)s stages are running; the first entry is of %(first)s.") % {
        "running": sum(1 for lane in lanes if lane.from_at and not lane.until_at),
        "all": len(lanes),
        "first": moment(first, reader),
    }
    if not scale.is_even:
        summary += " " + _("The scale is not even: it counts from the first entry.")
    if any(len(near) > 1 for lane in lanes for _place, near in _together(lane.marks, scale)):
        summary += " " + _("A number below a mark counts entries close together.")
    words = _words(reader)
    marks = sorted(((one, lane) for lane in lanes for one in lane.marks), key=lambda p: p[0].at)
    return Picture(
        title=title,
        summary=summary,
        drawing=markup(
            _drawn(
                sheet(name, title, summary, height=len(lanes) * _LANE + _FOOT),
                lanes,
                scale,
                now,
                reader,
            )
        ),
        headings=(_("When"), _("Stage"), _("Kind"), _("What")),
        rows=tuple(
            (moment(one.at, reader), lane.name, words[one.kind], one.sentence)
            for one, lane in marks
        ),
        legend=tuple(
            (legend(*_SHAPES[kind]), words[kind])
            for kind in dict.fromkeys(one.kind for one, _lane in marks)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From instants to percent of the width, with a little air on both sides.

    Up to two days the scale is even, with times of the wall clock below. What lasts longer begins
    with its densest hours, so each hour later is narrower: the ticks count from the first entry.
    """

    first: datetime
    last: datetime

    @classmethod
    def over(cls, first: datetime, last: datetime) -> _Scale:
        return cls(first, max(last, first + timedelta(minutes=2)))

    @property
    def is_even(self) -> bool:
        return self.last - self.first <= _EVEN_UNTIL

    def place(self, at: datetime) -> float:
        gone, whole = at - self.first, self.last - self.first
        if self.is_even:
            share = gone / whole
        else:
            share = math.log1p(gone / _BEND) / math.log1p(whole / _BEND)
        return _AIR + share * (100 - 2 * _AIR)

    def ticks(self, reader: Reader) -> Iterator[tuple[float, str]]:
        """Yield places and words: round times of the reader's clock, or lengths since the first."""
        yield from self._times(reader) if self.is_even else self._lengths(reader)

    def _times(self, reader: Reader) -> Iterator[tuple[float, str]]:
        length = self.last - self.first
        step = next((one for one in _STEPS if length / one <= _MOST_TICKS), _STEPS[-1])
        wall = self.first.astimezone(reader.zone).replace(tzinfo=None)
        wall -= (wall - datetime(wall.year, 1, 1)) % step  # noqa: DTZ001 - a wall clock has no zone
        while (at := wall.replace(tzinfo=reader.zone)) <= self.last:
            if 6 <= self.place(at) <= 100 - _AIR - _BESIDE_NOW:
                is_midnight = at.hour == at.minute == 0
                yield self.place(at), day(at, reader) if is_midnight else f"{at:%H:%M}"
            wall += step

    def _lengths(self, reader: Reader) -> Iterator[tuple[float, str]]:
        last, _ = _AIR, reader.gettext
        since = (
            (1, _("1 h")),
            (6, _("6 h")),
            (24, _("1 day")),
            (72, _("3 days")),
            (168, _("1 week")),
            (720, _("1 month")),
            (2160, _("3 months")),
            (4320, _("6 months")),
            (8760, _("1 year")),
            (17520, _("2 years")),
        )
        for hours, words in since:
            place = self.place(self.first + timedelta(hours=hours))
            if place - last >= _APART and place <= 100 - _APART:
                last = place
                yield place, words


def _drawn(
    svg: Element, lanes: Sequence[Lane], scale: _Scale, now: datetime, reader: Reader
) -> Element:
    bottom = len(lanes) * _LANE
    for place, words in scale.ticks(reader):
        line(svg, "grid", across=place, down=bottom)
        write(svg, words, (percent(place), bottom + 16), "quiet-text middle")
    line(svg, "now", across=scale.place(now), down=bottom)
    write(svg, reader.gettext("now"), ("100%", bottom + 16), "now-text end")
    for index, lane in enumerate(lanes):
        _draw_lane(svg, lane, index * _LANE, scale, now)
    return svg


def _draw_lane(svg: Element, lane: Lane, top: int, scale: _Scale, now: datetime) -> None:
    write(svg, lane.name, ("0", top + 13), "strong-text" if lane.from_at else "quiet-text")
    middle = top + 27
    line(svg, "grid", down=middle)
    if lane.from_at:
        start, end = scale.place(lane.from_at), scale.place(lane.until_at or now)
        length = {"x": percent(start), "width": percent(max(end - start, 0.4))}
        tone = "done" if lane.until_at else "information"
        add(svg, "rect", cls=f"{tone} span", y=middle - 3, height=6, rx=2, **length)
    for place, marks in _together(lane.marks, scale):
        worst = min(marks, key=lambda one: _WORST.index(one.kind))
        spot = mark(svg, *_SHAPES[worst.kind], (percent(place), middle))
        add(spot, "title").text = "\n".join(one.sentence for one in marks)
        if len(marks) > 1:
            write(svg, str(len(marks)), (percent(place), middle + 20), "count middle")


def _together(marks: Sequence[Mark], scale: _Scale) -> Iterator[tuple[float, list[Mark]]]:
    """Yield marks by place; those that would touch on a phone share one, at the first's place."""
    near: list[Mark] = []
    begun = 0.0
    for one in sorted(marks, key=lambda each: each.at):
        place = scale.place(one.at)
        if near and place - begun >= _TOUCHING:
            yield begun, near
            near = []
        if not near:
            begun = place
        near.append(one)
    if near:
        yield begun, near


def _words(reader: Reader) -> dict[MarkKind, str]:
    _ = reader.gettext
    return {
        MarkKind.DECISION: _("decision"),
        MarkKind.ORDER: _("order"),
        MarkKind.PUBLICATION: _("publication"),
        MarkKind.FILING: _("filing"),
        MarkKind.PERSON: _("person hurt"),
        MarkKind.OVERDUE: _("overdue"),
    }
