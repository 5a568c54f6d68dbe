"""Pictures of the console: server-made SVG, each with a title, a description and a table behind it.

Here belongs how figures become marks on a plane. Never here: reading storage, deciding what a
state means, HTML around the picture (the macro `picture` does that), or a colour: marks carry
classes that `andon.css` fills, so that dark screens, high contrast and paper need no drawing of
their own.

Horizontal places are percentages and text is in pixels, so one drawing is legible on a phone and
on a wall. A state is always a shape as well as a colour, and the table repeats it in words.
"""

from __future__ import annotations

from api.pictures.clock import ClockMark, ClockMoment, clock_line
from api.pictures.deadlines import Deadline, DueState, deadline_bars
from api.pictures.halt import ChannelGroup, ChannelState, halt_board
from api.pictures.paper import Picture, Reader
from api.pictures.response import FunnelStep, response_funnel
from api.pictures.timeline import Lane, Mark, MarkKind, incident_timeline

__all__ = [
    "ChannelGroup",
    "ChannelState",
    "ClockMark",
    "ClockMoment",
    "Deadline",
    "DueState",
    "FunnelStep",
    "Lane",
    "Mark",
    "MarkKind",
    "Picture",
    "Reader",
    "clock_line",
    "deadline_bars",
    "halt_board",
    "incident_timeline",
    "response_funnel",
]
