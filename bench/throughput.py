"""How many incidents a minute: with one, ten and fifty of them on their way all the time.

What belongs here: whole short incidents, of ours and of the bare program. What never does: how long
one of them takes when nothing else goes on (bench/cord.py).
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

from bench.acting import CRITICAL, act, every_order_answered, report, until
from bench.bare import TASK_QUEUE, BareIncident, Decision, Report
from bench.cord import bare_worker
from bench.figures import Figures, ratio
from bench.installation import CHANNELS, Installation, running
from bench.sink import Sink
from domain.people import Role

IN_FLIGHT = (1, 10, 50)
AT_LEAST = 20
"""Fewest incidents that a figure is made of."""

LOOK_S = 0.05
"""Seconds between two looks at the records of all: looking is work too, so fifty look seldomer."""

Short = Callable[[Installation, Sink, float], Awaitable[None]]
"""A whole incident; the last word is how many seconds lie between two looks at its record."""


async def throughput() -> Figures:
    """Time how long so many take to be finished; each load has an installation of its own."""
    figures: Figures = {}
    for count in IN_FLIGHT:
        async with Sink() as sink, running(sink.url) as place, bare_worker(place):
            for name, short in (("bare_", bare_incident), ("", incident)):
                rate = await _in_flight(place, sink, count, short)
                figures[f"{name}incidents_per_minute_{count}"] = round(60 * rate, 1)
        figures[f"incidents_per_minute_{count}_vs_bare"] = ratio(
            figures[f"incidents_per_minute_{count}"], figures[f"bare_incidents_per_minute_{count}"]
        )
    return figures


async def _in_flight(place: Installation, sink: Sink, count: int, short: Short) -> float:
    """Let `count` people begin one after the other; give how many a second were finished.

    One before the clock starts warms up. All are counted to the end of the last: at the end fewer
    are on their way, so the figure is rather too low.
    """
    await short(place, sink, LOOK_S)
    each = -(-AT_LEAST // count)
    began = time.perf_counter()

    async def one_after_the_other() -> None:
        for _ in range(each):
            await short(place, sink, LOOK_S * count)

    async with asyncio.TaskGroup() as loops:
        for _ in range(count):
            loops.create_task(one_after_the_other())
    return count * each / (time.perf_counter() - began)


async def incident(place: Installation, sink: Sink, look_s: float) -> None:
    """Critical report, 50 orders taken and recorded, acknowledged, accepted."""
    number = (await report(place, CRITICAL)).id
    await sink.last_of(number, CHANNELS)
    await until(place, number, every_order_answered, look_s)
    await act(place, Role.DUTY_OFFICER, number, "report/acknowledge_report")
    await act(place, Role.INCIDENT_COMMANDER, number, "report/accept_report")


async def bare_incident(place: Installation, sink: Sink, _look_s: float) -> None:
    """Do the same calls: start, 50 orders, two updates."""
    named = Report(f"bare-{uuid.uuid4().hex[:12]}", sink.url, CHANNELS)
    handle = await place.temporal.start_workflow(
        BareIncident.run, named, id=named.id, task_queue=TASK_QUEUE
    )
    await sink.last_of(named.id, CHANNELS)
    for _ in range(2):
        await handle.execute_update(BareIncident.act, Decision(uuid.uuid4().hex))
