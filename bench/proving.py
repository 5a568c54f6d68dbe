"""Proving by replay: histories a second, with every entry and state held against the ledger.

What belongs here: the processor time of the proof, in one process and in two. What never does: a
server in the measured part, or the start of a process.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import uvloop
from temporalio.client import Client

from bench.acting import CRITICAL, quiet, report
from bench.figures import Figures, ratio
from bench.installation import running
from bench.sink import Sink
from integrations.clear_history import read_history
from integrations.temporal_plugin import andon_plugin
from services.histories import own_members
from services.history_bundle import IndexRow, read_bundle
from services.history_proof import DECIDING, Proving
from services.history_proving import keep_all

REPLAYS = 100
"""In each process, after some to warm up."""

WARM = 5
PROCESSES = 2

Members = Mapping[str, bytes]


async def proving() -> Figures:
    """Measure the proof of a critical incident with 50 orders, and reading its history alone."""
    members = await _members()
    alone = (await asyncio.to_thread(_timed, members, 1))[0]
    together = max(await asyncio.to_thread(_timed, members, PROCESSES))
    parsed = _parsed(members)
    return {
        "history_replays_per_s": round(PROCESSES * REPLAYS / together, 1),
        "history_replays_1_per_s": round(REPLAYS / alone, 1),
        "history_parses_1_per_s": round(REPLAYS / parsed, 1),
        "history_replay_vs_parse": ratio(alone, parsed),
        "history_replay_ms_per_entry": round(1000 * alone / REPLAYS / _entries(members), 2),
    }


async def _members() -> dict[str, bytes]:
    async with Sink() as sink, running(sink.url) as place:
        number = (await report(place, CRITICAL)).id
        await quiet(place, number)
        known = place.temporal
        client = await Client.connect(
            known.service_client.config.target_host,
            namespace=known.namespace,
            plugins=[andon_plugin(place.house.ring)],
        )
        return await own_members(replace(place.house, client=client), number)


def _entries(members: Members) -> int:
    return len(read_bundle(members).leaves)


def _deciding(members: Members) -> IndexRow:
    return next(row for row in read_bundle(members).index if row.type in DECIDING)


def _timed(members: Members, processes: int) -> list[float]:
    """Give how long each of some processes took, all at work at the same time."""
    context = get_context("spawn")
    barrier = context.Barrier(processes)
    given = (dict(members), barrier)
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=given) as pool:
        return list(pool.map(_replayed, range(processes)))


_given: dict[str, Any] = {}


def _begin(members: Members, barrier: Any) -> None:
    """Get a process ready: everything is loaded and has run before it is timed."""
    keep_all()
    _given.update(members=members, barrier=barrier)
    uvloop.run(_prove(members, WARM))


def _replayed(_part: int) -> float:
    _given["barrier"].wait()
    began = time.perf_counter()
    uvloop.run(_prove(_given["members"], REPLAYS))
    return time.perf_counter() - began


async def _prove(members: Members, times: int) -> None:
    """Prove the deciding run so many times; all of it must agree."""
    told = await Proving(read_bundle(members)).prove([_deciding(members)] * times)
    assert len(told) == times
    assert not any(run.faults for run in told)
    assert all(run.compared for run in told)


def _parsed(members: Members) -> float:
    """Give how long reading alone takes: JSON to what the SDK's core is given."""
    bundle, row = read_bundle(members), _deciding(members)
    began = time.perf_counter()
    for _ in range(REPLAYS):
        events = json.loads(bundle.members[row.name])["events"]
        read_history(row.workflow, events, bundle.rules)
    return time.perf_counter() - began
