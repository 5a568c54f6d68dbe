"""The cord: from a critical report to the last of 50 stop-sale orders that a channel accepted.

What belongs here: idle, the bare program in turn with it, and beside a bulk import, all in one run,
so that a slow minute of the machine slows all three. What never does: the cost of single acts
(bench/deciding.py).
"""

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.acting import CRITICAL, quiet, report
from bench.bare import TASK_QUEUE, BareIncident, Report
from bench.figures import Figures, milliseconds, ratio, seconds
from bench.installation import CHANNELS, Installation, running, start, stop
from bench.sink import Sink
from cli.supervise import Child
from storage.bulk import count_events

WARM_UP = 4
ROUNDS = 10
IN_A_ROUND = 10
BESIDE_IN_A_ROUND = 2
PAUSE_S = 0.2


@dataclass
class Pulls:
    """Seconds to the last order of ours, of the bare program, beside an import; and of the call."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)


async def cord(rounds: int = ROUNDS) -> Figures:
    """Measure ours and the bare program in turn, and now and then ours beside an import."""
    async with Sink() as sink, running(sink.url) as place, bare_worker(place):
        for _ in range(WARM_UP):
            await pull(place, sink)
            await pull_bare(place, sink)
        pulls = Pulls()
        for _ in range(rounds):
            await _round(place, sink, pulls)
    return _figures(pulls)


async def _round(place: Installation, sink: Sink, pulls: Pulls) -> None:
    # What the import of the round before left to be written is not an idle system: one of each
    # goes by uncounted.
    await pull(place, sink)
    await pull_bare(place, sink)
    for _ in range(IN_A_ROUND):
        took, call = await pull(place, sink)
        pulls.ours.append(took)
        pulls.calls.append(call)
        pulls.bare.append(await pull_bare(place, sink))
    async with importing(place):
        for _ in range(BESIDE_IN_A_ROUND):
            pulls.beside.append((await pull(place, sink))[0])


def _figures(pulls: Pulls) -> Figures:
    figures = {
        **seconds("report_to_last_order", pulls.ours),
        **seconds("bare_report_to_last_order", pulls.bare),
        **seconds("report_to_last_order_beside_import", pulls.beside),
        **milliseconds("report_call", pulls.calls),
    }
    ours, bare, beside = (
        {p: figures[f"{name}_p{p}_s"] for p in (50, 95)}
        for name in (
            "report_to_last_order",
            "bare_report_to_last_order",
            "report_to_last_order_beside_import",
        )
    )
    return {
        **figures,
        "report_to_last_order_vs_bare": ratio(ours[95], bare[95]),
        "report_to_last_order_vs_bare_p50": ratio(ours[50], bare[50]),
        "report_to_last_order_beside_import_ratio": ratio(beside[95], ours[95]),
    }


async def pull(place: Installation, sink: Sink) -> tuple[float, float]:
    """Pull the cord once on an idle system; give seconds to the last order and of the call."""
    reported = await report(place, CRITICAL)
    last = await sink.last_of(reported.id, CHANNELS)
    await quiet(place, reported.id)
    await asyncio.sleep(PAUSE_S)
    return last - reported.sent, reported.answered - reported.sent


async def pull_bare(place: Installation, sink: Sink) -> float:
    """Do the same with the bare program."""
    named = Report(f"bare-{uuid.uuid4().hex[:12]}", sink.url, CHANNELS)
    sent = time.perf_counter()
    await place.temporal.start_workflow(BareIncident.run, named, id=named.id, task_queue=TASK_QUEUE)
    last = await sink.last_of(named.id, CHANNELS)
    await asyncio.sleep(PAUSE_S)
    return last - sent


# ---------------------------------------------------------------- what runs beside


@asynccontextmanager
async def importing(place: Installation) -> AsyncIterator[None]:
    """Let an import write all the time, in a process of its own."""
    before = count_events(place.house.bulk)
    child = Child(
        name="import",
        argv=(sys.executable, "-m", "bench.importing", str(place.settings.home), str(before)),
        ready=lambda: count_events(place.house.bulk) > before,
    )
    process = await start(child, place.settings.logs_dir / "importing.log")
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError("The import ended before the measurement did.")
    finally:
        await asyncio.to_thread(stop, process)


@asynccontextmanager
async def bare_worker(place: Installation) -> AsyncIterator[None]:
    """Run the worker of the bare program in a process of its own."""
    ready = Path(place.settings.home) / "bare.ready"
    child = Child(
        name="bare",
        argv=(sys.executable, "-m", "bench.bare", place.address, str(ready)),
        ready=ready.exists,
    )
    process = await start(child, place.settings.logs_dir / "bare.log")
    try:
        yield
    finally:
        await asyncio.to_thread(stop, process)
