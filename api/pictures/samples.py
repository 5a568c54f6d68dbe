"""Invented figures, so that the component page and the tests show every picture and every state."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from api.pictures.clock import ClockMark, ClockMoment, clock_line
from api.pictures.deadlines import Deadline, DueState, deadline_bars
from api.pictures.halt import ChannelGroup, ChannelState, halt_board
from api.pictures.paper import Picture, Reader
from api.pictures.response import FunnelStep, response_funnel
from api.pictures.timeline import Lane, Mark, MarkKind, incident_timeline


def sample_pictures(*, now: datetime, reader: Reader) -> tuple[Picture, ...]:
    """Return each picture once, with invented figures around `now`."""
    return (
        incident_timeline("sample-time", _lanes(now, reader), now=now, reader=reader),
        deadline_bars("sample-due", _deadlines(now, reader), now=now, reader=reader),
        clock_line("sample-clock", _moments(now, reader), now=now, reader=reader),
        halt_board("sample-halt", _groups(reader), reader=reader),
        response_funnel("sample-response", _steps(reader), reader=reader),
    )


def _moments(now: datetime, reader: Reader) -> tuple[ClockMoment, ...]:
    _ = reader.gettext
    told = (
        (-40, ClockMark.BEGAN, _("A colleague learned of the person")),
        (-31, ClockMark.KNOWN, _("Registered as a case")),
        (60, ClockMark.EARLIER, _("Due as it was counted first")),
        (20, ClockMark.TARGET, _("Our own earlier target")),
        (50, ClockMark.DUE, _("Limit of the law")),
        (-2, ClockMark.FILED, _("First report, in writing")),
    )
    return tuple(
        ClockMoment(at=_ago(now, -hours), kind=kind, name=name) for hours, kind, name in told
    )


def _lanes(now: datetime, reader: Reader) -> tuple[Lane, ...]:
    return (*_early_lanes(now, reader), *_late_lanes(now, reader))


def _ago(now: datetime, hours: float) -> datetime:
    return now - timedelta(hours=hours)


def _mark(now: datetime, hours: float, kind: MarkKind, sentence: str) -> Mark:
    return Mark(at=_ago(now, hours), kind=kind, sentence=sentence)


def _early_lanes(now: datetime, reader: Reader) -> tuple[Lane, ...]:
    _ = reader.gettext
    ago, one = partial(_ago, now), partial(_mark, now)
    return (
        Lane(
            name=_("Report"),
            from_at=ago(31),
            until_at=ago(29.5),
            marks=(
                one(
                    31, MarkKind.PERSON, _("First child with a rash reported by a shop in Hangzhou")
                ),
                one(29.5, MarkKind.DECISION, _("Accepted as an incident, grade serious")),
            ),
        ),
        Lane(
            name=_("Investigation"),
            from_at=ago(28),
            marks=(one(20, MarkKind.PERSON, _("Second child, same lot, seen in hospital")),),
        ),
        Lane(
            name=_("Halt"),
            from_at=ago(30.5),
            marks=(
                one(30.5, MarkKind.ORDER, _("Own stock and shipments held (H1)")),
                one(29, MarkKind.ORDER, _("Own shops and all promotion stopped (H2)")),
                one(19.5, MarkKind.DECISION, _("Retailers and marketplaces stopped (H3)")),
            ),
        ),
    )


def _late_lanes(now: datetime, reader: Reader) -> tuple[Lane, ...]:
    _ = reader.gettext
    ago, one = partial(_ago, now), partial(_mark, now)
    return (
        Lane(
            name=_("Recall"),
            from_at=ago(12),
            marks=(one(9, MarkKind.DECISION, _("Recall of lot 25K114 decided")),),
        ),
        Lane(
            name=_("Statement"),
            from_at=ago(24),
            marks=(one(22, MarkKind.PUBLICATION, _("Holding statement published")),),
        ),
        Lane(
            name=_("Notice"),
            from_at=ago(27),
            marks=(
                one(17, MarkKind.FILING, _("First notice filed with the provincial authority")),
                one(3, MarkKind.OVERDUE, _("Written follow-up is overdue")),
            ),
        ),
        Lane(name=_("Review")),
    )


def _deadlines(now: datetime, reader: Reader) -> tuple[Deadline, ...]:
    _ = reader.gettext

    def within(hours: float) -> datetime:
        return now + timedelta(hours=hours)

    return (
        Deadline(
            name=_("Written follow-up to the provincial authority"),
            due_at=within(-3),
            state=DueState.BREACHED,
        ),
        Deadline(name=_("Recall notice to consumers"), due_at=within(3.3), state=DueState.WARNED),
        Deadline(name=_("Consignees told, all of them"), due_at=within(20), state=DueState.RUNNING),
        Deadline(
            name=_("Adverse reaction report, second child"),
            due_at=within(15 * 24),
            state=DueState.RUNNING,
        ),
        Deadline(
            name=_("First notice by telephone"),
            due_at=within(-25),
            done_at=within(-26),
            state=DueState.MET,
        ),
    )


def _groups(reader: Reader) -> tuple[ChannelGroup, ...]:
    _ = reader.gettext
    stopped, ordered = ChannelState.STOPPED, ChannelState.ORDERED
    retail = (stopped, stopped, ordered, stopped, ChannelState.SILENT, stopped, ordered) * 3
    kinds: tuple[tuple[str, str, tuple[ChannelState, ...]], ...] = (
        (_("Own shops"), _("Shop"), (stopped,) * 8),
        (
            _("Marketplaces"),
            _("Shop page"),
            (stopped, stopped, ordered, *ChannelState),
        ),
        (_("Retailers"), _("Branch"), retail),
    )
    return tuple(
        ChannelGroup(
            name=kind,
            channels=tuple((f"{place} {index}", state) for index, state in enumerate(states, 1)),
        )
        for kind, place, states in kinds
    )


def _steps(reader: Reader) -> tuple[FunnelStep, ...]:
    _ = reader.gettext
    return (
        FunnelStep(name=_("Units sold to consumers"), count=12_480),
        FunnelStep(name=_("Buyers we can reach"), count=7_310),
        FunnelStep(name=_("Opened the message"), count=4_902),
        FunnelStep(name=_("Asked for a remedy"), count=2_117),
        FunnelStep(name=_("Units back or destroyed"), count=None),
    )
