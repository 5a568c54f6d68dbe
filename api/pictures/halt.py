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
    LABEL_LINE,
    LABEL_UNITS,
    TICK_IN_MARK,
    Picture,
    Reader,
    add,
    label,
    legend,
    lines_of,
    mark,
    markup,
    sheet,
    write,
)

_LAMP = 22
# Thirteen lamps are 286 px: a row of a phone, and wide enough to be told apart with a thumb.
_IN_ROW = 13
_HEAD = 42


class ChannelState(StrEnum):
    """How a channel stands in the halt, the worst first."""

    SELLING = "selling"
    UNREAD = "unread"
    FAILED = "failed"
    REFUSED = "refused"
    SILENT = "silent"
    ORDERED = "ordered"
    TAKEN = "taken"
    STOPPED = "stopped"
    TOLD = "told"
    HELD = "held"
    RESUMED = "resumed"


_AGAIN = (ChannelState.TOLD, ChannelState.HELD, ChannelState.RESUMED)
"""Where sale may go on by decision, whatever others stop: no order here stops such a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGroup:
    """Channels of one kind, each with its name and state, in the order to be shown."""

    name: str
    channels: tuple[tuple[str, ChannelState], ...]


_SQUARE = "M-7 -7H7V7H-7z"
_FRAME = "M-6.5 -6.5H6.5V6.5H-6.5z"
_SHAPES: dict[ChannelState, tuple[str, str]] = {
    ChannelState.STOPPED: (_SQUARE, "done"),
    ChannelState.TAKEN: ("M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z", "accent"),
    ChannelState.ORDERED: (_FRAME, "information hollow"),
    ChannelState.SILENT: (_FRAME, "warning hollow dashes"),
    ChannelState.REFUSED: ("M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z", "critical hollow"),
    ChannelState.UNREAD: (_FRAME, "critical hollow"),
    ChannelState.FAILED: ("M-5.5 -5.5L5.5 5.5M5.5 -5.5L-5.5 5.5", "critical strokes"),
    ChannelState.SELLING: ("M-6 -7.5L7.5 0 -6 7.5z", "critical"),
    ChannelState.TOLD: ("M-6 -7L7 0 -6 7z", "neutral hollow dashes"),
    ChannelState.HELD: ("M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z", "neutral hollow"),
    ChannelState.RESUMED: ("M-6 -7L7 0 -6 7z", "neutral hollow"),
}
_INNER: dict[ChannelState, tuple[str, str]] = {
    ChannelState.STOPPED: (TICK_IN_MARK, "cut"),
    ChannelState.TAKEN: ("M-3.5 0H3.5", "cut"),
    ChannelState.ORDERED: ("M-2 -2H2V2H-2z", "information"),
    ChannelState.SILENT: ("M-3 0H3", "dash-of-silence"),
    ChannelState.REFUSED: ("M-3.5 0H3.5", "dash-of-refusal"),
    ChannelState.UNREAD: ("M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5", "dash-of-refusal"),
}
"""What is drawn into a lamp: its path, and the class that colours it."""


def halt_board(name: str, groups: Sequence[ChannelGroup], *, reader: Reader) -> Picture:
    """Draw each channel as a lamp, by kind of channel; `name` prefixes the ids of the drawings."""
    _ = reader.gettext
    states = Counter(state for group in groups for _name, state in group.channels)
    words = _words(reader)
    told = reader.named_line
    drawings = (_draw_group(f"{name}-{index}", group, reader) for index, group in enumerate(groups))
    return Picture(
        title=_("Halt, channel by channel"),
        summary=_summary(states, reader),
        drawing=Markup().join(markup(svg) for svg in drawings),
        headings=(_("Channel"), _("Kind of channel"), _("State")),
        rows=tuple(
            (channel, group.name, words[state])
            for group in groups
            for channel, state in group.channels
        ),
        legend=tuple(
            (legend(*_SHAPES[state], *_INNER.get(state, ())), told(words[state], states[state]))
            for state in ChannelState
            if states[state]
        ),
    )


def _summary(states: Counter[ChannelState], reader: Reader) -> str:
    """Say how many stand still, and how many of the others are silent or sell."""
    _ = reader.gettext
    again = sum(states[one] for one in _AGAIN)
    if states and states.total() == again:
        held = _("Nothing to say, since other orders still stop all of it: %(n)s.") % {
            "n": states[ChannelState.HELD]
        }
        beside = [held] if states[ChannelState.HELD] else []
        if states[ChannelState.TOLD] or beside:
            told = _(
                "All %(all)s channels may resume, by decision; have said that they do: %(said)s."
            )
            told %= {"all": again, "said": states[ChannelState.RESUMED]}
            return reader.sentences([told, *beside])
        return _("All %(all)s channels have resumed, by decision.") % {"all": states.total()}
    stopped = _("%(stopped)s of %(all)s channels confirmed that they stopped.") % {
        "stopped": states[ChannelState.STOPPED],
        "all": states.total() - again,
    }
    sentences = [stopped]
    if states[ChannelState.SILENT]:
        sentences.append(_("Silent: %(n)s.") % {"n": states[ChannelState.SILENT]})
    if states[ChannelState.SELLING]:
        sentences.append(_("Still on sale: %(n)s.") % {"n": states[ChannelState.SELLING]})
    return reader.sentences(sentences)


def _draw_group(name: str, group: ChannelGroup, reader: Reader) -> Element:
    states = Counter(state for _name, state in group.channels)
    still = len(group.channels) - sum(states[one] for one in _AGAIN)
    count = reader.gettext("%(stopped)s of %(all)s stopped") % {
        "stopped": states[ChannelState.STOPPED],
        "all": still,
    }
    if not still:  # a level that was lifted has not failed
        count = reader.gettext("resumed, by decision")
        asked = len(group.channels) - states[ChannelState.HELD]
        if not asked:
            count = reader.gettext("other orders still stop all of it")
        elif states[ChannelState.RESUMED] != len(group.channels):
            count = reader.gettext("may resume; have said so: %(said)s of %(all)s") % {
                "said": states[ChannelState.RESUMED],
                "all": asked,
            }
    rows = max(1, math.ceil(len(group.channels) / _IN_ROW))
    lines = lines_of(group.name, LABEL_UNITS - 6)
    head = _HEAD + LABEL_LINE * (len(lines) - 1)
    svg = sheet(name, group.name, count, height=head + rows * _LAMP, width=_IN_ROW * _LAMP)
    label(svg, lines, -1, "strong-text")
    write(svg, count, ("0", head - 11), "quiet-text")
    words = _words(reader)
    for index, (channel, state) in enumerate(group.channels):
        row, column = divmod(index, _IN_ROW)
        place = (str(column * _LAMP + 8), head + 10 + row * _LAMP)
        spot = mark(svg, *_SHAPES[state], place)
        add(spot, "title").text = reader.named_line(channel, words[state])
        if state in _INNER:
            path, cls = _INNER[state]
            add(spot, "path", cls=cls, d=path)
    return svg


def _words(reader: Reader) -> dict[ChannelState, str]:
    _ = reader.gettext
    return {
        ChannelState.STOPPED: _("confirmed stopped"),
        ChannelState.TAKEN: _("taken over by a person"),
        ChannelState.ORDERED: _("not confirmed yet"),
        ChannelState.SILENT: _("silent: no answer in its time"),
        ChannelState.REFUSED: _("refused"),
        ChannelState.UNREAD: _("answered, and the answer could not be read"),
        ChannelState.FAILED: _("could not be reached"),
        ChannelState.SELLING: _("still on sale"),
        ChannelState.TOLD: _("told that it may resume"),
        ChannelState.HELD: _("nothing to say: other orders still stop all of it"),
        ChannelState.RESUMED: _("resumed, by decision"),
    }
