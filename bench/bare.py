"""The bare reference: a plain Temporal program that does as many calls and nothing else.

What belongs here: report → one no-op activity where Andon records → one child → an HTTP activity
per channel. What never does: the domain, our codec, a database, a retry rule of ours. It imports
nothing of Andon. Run as `python -m bench.bare ADDRESS READY_FILE` it is its own worker.
"""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

TASK_QUEUE = "bare"
THREADS = 32
LIMIT = timedelta(seconds=60)
_channels = httpx2.Client(timeout=20)


@dataclass
class Report:
    """What is reported, and where each order goes."""

    id: str
    url: str
    orders: int


@dataclass
class Order:
    """One order to one channel."""

    incident: str
    key: str
    url: str


@dataclass
class Decision:
    """Somebody's act."""

    id: str


@activity.defn(name="bare_record")
def record(_report: Report) -> int:
    """Stand where Andon records; do nothing."""
    return 1


@activity.defn(name="bare_order")
def order(one: Order) -> int:
    """Bring one order by HTTP."""
    answer = _channels.post(
        one.url, json={"incident": one.incident}, headers={"idempotency-key": one.key}
    )
    answer.raise_for_status()
    return answer.status_code


@workflow.defn(name="BareIncident")
class BareIncident:
    """Record, start the child, take acts."""

    def __init__(self) -> None:
        """Begin without an act."""
        self._acts = 0

    @workflow.run
    async def run(self, report: Report) -> int:
        """Take the report; stay open as an incident does, until as many acts came as it names."""
        await workflow.execute_activity(record, report, start_to_close_timeout=LIMIT)
        if report.orders:
            await workflow.start_child_workflow(
                BareHalt.run,
                report,
                id=f"{report.id}/halt",
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            )
        await workflow.wait_condition(lambda: False)
        return self._acts

    @workflow.update
    async def act(self, decision: Decision) -> int:
        """Take one act: the same one activity, then the answer."""
        await workflow.execute_activity(
            record, Report(decision.id, "", 0), start_to_close_timeout=LIMIT
        )
        self._acts += 1
        return self._acts


@workflow.defn(name="BareHalt")
class BareHalt:
    """Bring every order, in parallel."""

    @workflow.run
    async def run(self, report: Report) -> int:
        """Bring them all."""
        orders = [Order(report.id, f"{report.id}:{n}", report.url) for n in range(report.orders)]
        brought = await asyncio.gather(
            *(workflow.execute_activity(order, o, start_to_close_timeout=LIMIT) for o in orders)
        )
        return len(brought)


async def work(address: str, ready: Path) -> None:
    """Work until told to stop."""
    with ThreadPoolExecutor(THREADS) as threads:
        worker = Worker(
            await Client.connect(address),
            task_queue=TASK_QUEUE,
            workflows=[BareIncident, BareHalt],
            activities=[record, order],
            activity_executor=threads,
            max_concurrent_activities=THREADS,
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with worker:
            await asyncio.to_thread(ready.touch)
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
