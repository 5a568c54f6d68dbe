"""Archiving a run soon after it ended, instead of at the next turn of the round.

What belongs here: noticing in the worker that a run turned over or ended, and asking for the round.
What never does: copying (activities/archive.py). Nothing of this stands in a history: a worker that
dies before it asks leaves the run to the next round.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from temporalio import workflow
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from activities.archive import ROUND
from services.rounds import start_round

SOON_S: Final = 5.0
"""From the end of a run to the round: the server closes it and lists it within a second or two, and
what ends together is copied together."""


class Endings(Interceptor):
    """Stands around every workflow of a worker and notes that one turned over or ended."""

    def __init__(self) -> None:
        """Note nothing yet; `noted` is set in the loop that this is made in."""
        self.noted = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def workflow_interceptor_class(
        self, about: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Give what stands around one workflow."""
        endings = self

        class Ending(WorkflowInboundInterceptor):
            """Says when its workflow's own code came to its end."""

            async def execute_workflow(self, asked: ExecuteWorkflowInput) -> Any:
                try:
                    told = await super().execute_workflow(asked)
                except workflow.ContinueAsNewError:
                    endings.note()
                    raise
                endings.note()
                return told

        return Ending

    def note(self) -> None:
        """Note an end, in a workflow; not that of a round, and not one that is only replayed."""
        is_round = workflow.info().workflow_id.startswith(ROUND)
        if not is_round and not workflow.unsafe.is_replaying():
            self._loop.call_soon_threadsafe(self.noted.set)


@asynccontextmanager
async def archiving_soon(client: Client, after_s: float = SOON_S) -> AsyncIterator[Endings]:
    """Give what a worker's workflows are watched by, and ask for the round after each end."""
    endings = Endings()
    asking = asyncio.create_task(_ask(client, endings, after_s))
    try:
        yield endings
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _ask(client: Client, endings: Endings, after_s: float) -> None:
    while True:
        await endings.noted.wait()
        await asyncio.sleep(after_s)
        endings.noted.clear()
        with suppress(RPCError):
            await start_round(client, "archive")
