"""The halt as a board of lamps, one for each channel; a filled square has confirmed its stop."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import Element

from markupsafe import Markup

from api.pictures.paper import (
    LABEL_UNITS,
    TICK_IN_MARK,
    Picture,
    Reader,
    add,
    legend,
    mark,
    markup,
    sheet,
    shorten,
    write,
)

_LAMP = 18
# Sixteen lamps are 288 px: a row of a phone.
_IN_ROW = 16


class ChannelState(StrEnum):
    """How a channel stands in the halt."""

    SELLING = "selling"
    FAILED = "failed"
    SILENT = "silent"
    ORDERED = "ordered"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGroup:
    """Channels of one kind, each with its name and state, in the order to be shown."""

    name: str
    channels: tuple[tuple[str, ChannelState], ...]


_SHAPES: dict[ChannelState, tuple[str, str]] = {
    ChannelState.STOPPED: ("M-6 -6H6V6H-6z", "done"),
    ChannelState.ORDERED: ("M-5.5 -5.5H5.5V5.5H-5.5z", "information hollow"),
    ChannelState.SILENT: ("M-5.5 -5.5H5.5V5.5H-5.5z", "warning hollow dashes"),
    ChannelState.FAILED: ("M-5 -5L5 5M5 -5L-5 5", "critical strokes"),
    ChannelState.SELLING: ("M-5 -7L7 0 -5 7z", "critical"),
}


def halt_board(name: str, groups: Sequence[ChannelGroup], *, reader: Reader) -> Picture:
    """Draw each channel as a lamp, by kind of channel; `name` prefixes the ids of the drawings."""
    _ = reader.gettext
    states = Counter(state for group in groups for _name, state in group.channels)
    words = _words(reader)
    drawings = (_draw_group(f"{name}-{index}", group, reader) for index, group in enumerate(groups))
    return Picture(
        title=_("Halt, channel by channel"),
        summary=_(
            "%(stopped)s of %(all)s channels confirmed their stop; %(selling)s still on sale."
        )
        % {
            "stopped": states[ChannelState.STOPPED],
            "all": states.total(),
            "selling": states[ChannelState.SELLING],
        },
        drawing=Markup().join(markup(svg) for svg in drawings),
        headings=(_("Channel"), _("Kind of channel"), _("State")),
        rows=tuple(
            (channel, group.name, words[state])
            for group in groups
            for channel, state in group.channels
        ),
        legend=tuple(
            (legend(*_SHAPES[state], _inner(state)), f"{words[state]}: {states[state]}")
            for state in ChannelState
            if states[state]
        ),
    )


def _draw_group(name: str, group: ChannelGroup, reader: Reader) -> Element:
    count = reader.gettext("%(stopped)s of %(all)s stopped") % {
        "stopped": sum(1 for _name, state in group.channels if state is ChannelState.STOPPED),
        "all": len(group.channels),
    }
    rows = max(1, math.ceil(len(group.channels) / _IN_ROW))
    svg = sheet(name, group.name, count, height=24 + rows * _LAMP, width=_IN_ROW * _LAMP)
    write(svg, shorten(group.name, LABEL_UNITS - 20), ("0", 13), "strong-text")
    write(svg, count, ("100%", 13), "quiet-text end")
    words = _words(reader)
    for index, (channel, state) in enumerate(group.channels):
        row, column = divmod(index, _IN_ROW)
        spot = mark(svg, *_SHAPES[state], (str(column * _LAMP + 8), 32 + row * _LAMP))
        add(spot, "title").text = f"{channel}: {words[state]}"
        if _inner(state):
            add(spot, "path", cls="cut", d=_inner(state))
    return svg


def _inner(state: ChannelState) -> str:
    return TICK_IN_MARK if state is ChannelState.STOPPED else ""


def _words(reader: Reader) -> dict[ChannelState, str]:
    _ = reader.gettext
    return {
        ChannelState.STOPPED: _("confirmed stopped"),
        ChannelState.ORDERED: _("ordered, not confirmed yet"),
        ChannelState.SILENT: _("silent"),
        ChannelState.FAILED: _("could not be reached"),
        ChannelState.SELLING: _("still on sale"),
    }
