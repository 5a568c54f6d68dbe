"""The incident over time: one lane for each stage, with decisions, orders and filings on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
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

_LANE = 40
_FOOT = 24
_MOST_TICKS = 5
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


def incident_timeline(
    name: str, lanes: Sequence[Lane], *, now: datetime, reader: Reader
) -> Picture:
    """Draw the stages of an incident over time; `name` prefixes the ids, unique on the page."""
    _ = reader.gettext
    title = _("Timeline of the incident")
    moments = [one.at for lane in lanes for one in lane.marks]
    moments += [at for lane in lanes for at in (lane.from_at, lane.until_at) if at]
    first = min([*moments, now])
    summary = _("%(running)s of %(all)s stages are running; the first entry is of %(first)s.") % {
        "running": sum(1 for lane in lanes if lane.from_at and not lane.until_at),
        "all": len(lanes),
        "first": moment(first, reader),
    }
    words = _words(reader)
    marks = sorted(((one, lane) for lane in lanes for one in lane.marks), key=lambda p: p[0].at)
    return Picture(
        title=title,
        summary=summary,
        drawing=markup(
            _drawn(
                sheet(name, title, summary, height=len(lanes) * _LANE + _FOOT),
                lanes,
                _Scale.over(first, max([*moments, now])),
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
    """An even scale from instants to percent of the width, with a little air on both sides."""

    first: datetime
    last: datetime

    @classmethod
    def over(cls, first: datetime, last: datetime) -> _Scale:
        air = max((last - first) * 0.03, timedelta(minutes=1))
        return cls(first - air, last + air)

    def place(self, at: datetime) -> float:
        return 100 * ((at - self.first) / (self.last - self.first))

    def ticks(self, zone: tzinfo) -> Iterator[tuple[float, datetime]]:
        """Yield round instants of the wall clock in `zone`, with their places."""
        length = self.last - self.first
        step = next((one for one in _STEPS if length / one <= _MOST_TICKS), _STEPS[-1])
        wall = self.first.astimezone(zone).replace(tzinfo=None)
        wall -= (wall - datetime(wall.year, 1, 1)) % step  # noqa: DTZ001 - a wall clock has no zone
        while (at := wall.replace(tzinfo=zone)) <= self.last:
            if 6 <= self.place(at) <= 94:
                yield self.place(at), at
            wall += step


def _drawn(
    svg: Element, lanes: Sequence[Lane], scale: _Scale, now: datetime, reader: Reader
) -> Element:
    bottom = len(lanes) * _LANE
    line(svg, "axis", down=bottom)
    for place, at in scale.ticks(reader.zone):
        line(svg, "grid", across=place, down=bottom)
        words = day(at, reader) if at.hour == at.minute == 0 else f"{at:%H:%M}"
        write(svg, words, (percent(place), bottom + 16), "quiet-text middle")
    line(svg, "now", across=scale.place(now), down=bottom)
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
    for one in lane.marks:
        spot = mark(svg, *_SHAPES[one.kind], (percent(scale.place(one.at)), middle))
        add(spot, "title").text = one.sentence


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
