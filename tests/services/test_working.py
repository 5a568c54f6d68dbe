"""A worker: how long a decision may take before it is called hanging."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from temporalio.worker import Worker

from services.working import STANDS_STILL, patient
from tests.engine.running import shared_server
from workflows.incident import IncidentWorkflow


def test_a_busy_machine_is_no_deadlock() -> None:
    """The SDK's own word for it is private: this says when it is gone, or when there is a better."""

    async def story() -> None:
        async with shared_server() as env:
            with ThreadPoolExecutor(1) as threads:
                made = Worker(
                    env.client,
                    task_queue="patience",
                    workflows=[IncidentWorkflow],
                    activity_executor=threads,
                )
                deciding = made._workflow_worker
                assert deciding is not None
                assert deciding._deadlock_timeout_seconds == 2
                patient(made)
                assert deciding._deadlock_timeout_seconds == STANDS_STILL.seconds == 8

    asyncio.run(story())
