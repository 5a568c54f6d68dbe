"""A worker that takes over decides as the one before it did, however messages come to it.

The server hands a worker that takes over what the one before it had left without a command of its
own, together with what came later (docs/decisions/0013).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from domain.case_counts import CountCases
from domain.envelope import OutcomeBatch
from domain.message import to_wire
from services.acting import act
from storage.database import Database
from tests.engine.running import working
from tests.engine.test_report_and_halt import Bench, all_confirmed
from tests.engine.test_turning_over import (
    QUALITY,
    agree,
    bench,
    entries_of,
    fact,
    press,
    report,
)
from workflows.ids import TASK_QUEUE, incident_workflow
from workflows.registry import ALL_WORKFLOWS


@asynccontextmanager
async def deciding_only(client: Client) -> AsyncIterator[None]:
    """Run a worker that decides, and cannot record: so it is while the ledger is away."""
    async with Worker(client, task_queue=TASK_QUEUE, workflows=ALL_WORKFLOWS):
        yield


async def _decided(here: Bench, incident: str, more_than: int) -> int:
    """Wait until more entries are decided; give how many are."""
    handle = here.client.get_workflow_handle(incident_workflow(incident))
    for _ in range(200):
        live: dict[str, Any] = await handle.query("state")
        if live["size"] > more_than:
            return int(live["size"])
        await asyncio.sleep(0.05)
    raise AssertionError(f"nothing more was decided than {more_than} entries")


async def _count(here: Bench, incident: str, number: int) -> None:
    """Report after-sales cases, as their performer does."""
    counted = CountCases(count=number, settled=0, hurt=1, sha256=f"{number:064}")
    handle = here.client.get_workflow_handle(incident_workflow(incident))
    await handle.signal("outcomes", OutcomeBatch(f"cases:{number}", to_wire(counted)))


def test_what_is_decided_while_the_ledger_is_away_stays_as_it_was_decided(
    database: Database, tmp_path: Path
) -> None:
    """The second report is joined with the act that came after the worker had gone.

    The first is needed: only a task without a command that follows one without a command is joined.
    """

    async def story() -> None:
        async with bench(database, tmp_path) as here:
            async with working(here.client, database, here.ring):
                incident = await report(here)
                await here.until(incident, all_confirmed)
            async with deciding_only(here.client):
                size = await _decided(here, incident, 0)
                first = asyncio.create_task(act(here.house, QUALITY, incident, fact(1)))
                size = await _decided(here, incident, size)
                for number in (1, 2):
                    await _count(here, incident, number)
                    size = await _decided(here, incident, size)
            second = asyncio.create_task(act(here.house, QUALITY, incident, fact(2)))
            await asyncio.gather(first, second, return_exceptions=True)
            async with working(here.client, database, here.ring):
                for sent in (fact(1), fact(2)):
                    await press(here, QUALITY, incident, sent)
                    assert entries_of(here, incident, sent.command_id) == 1
                for number in (1, 2):
                    assert entries_of(here, incident, f"cases:{number}") == 1
                await agree(here, incident)

    asyncio.run(story())
