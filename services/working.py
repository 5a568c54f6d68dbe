"""A worker over one open house: the same limits wherever one is made.

What belongs here: how much a worker does at once, and how it asks for work. What never does: what
is done (workflows/, activities/), or when a process starts and stops (worker.py).
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.worker import Worker

from activities.registry import World, all_activities
from integrations.bounces import Marks
from integrations.channels import ChannelGateway
from integrations.team_mail import TeamMail
from services.answer_links import address_of
from services.build import build_id
from services.house import House
from services.outlets import outlets_of
from services.signing_keys import signing_of
from services.timestamps import authorities_of
from services.witnesses import witnesses_of
from storage.blobs import BlobDirectory
from workflows.ids import OUTSIDE_QUEUE, TASK_QUEUE
from workflows.registry import ALL_WORKFLOWS

THREADS: Final = 32
"""Activities at once, each in a thread of its own: they wait for disks and for other systems."""

OUTSIDE: Final = 64
"""Activities at once that wait for systems of others. They have threads of their own: as many
shops as hang, the record and the first orders of the next incident find room."""

POLLERS: Final = 16
"""Requests for activities that wait at the server. An order that meets one is handed over at once,
others are first written to the server's database: with the SDK's five, 50 took a sixth longer."""

DECIDED_AT_ONCE: Final = 12
"""Tasks of workflows at once. Python decides one after the other: of the SDK's hundred, most would
have been given to this worker only to wait in it, and the server's ten seconds for a task would be
over before their turn came, when many incidents come back together."""

STANDS_STILL: Final = timedelta(seconds=8)
"""After this long a decision hangs; the server gives it to another worker after ten seconds."""

DRAIN: Final = timedelta(seconds=25)
"""How long activities may go on after the worker was told to stop."""

ASKED_WITHIN: Final = timedelta(seconds=75)
"""A worker that lives asks for work at least each minute: that is how long the server holds it."""


@asynccontextmanager
async def worker_of(
    house: House,
    gateways: Mapping[str, ChannelGateway],
    threads: ThreadPoolExecutor,
    *,
    mail: TeamMail | None = None,
    **more: Any,
) -> AsyncIterator[None]:
    """Work for a house that reaches its channels through `gateways`, by adapter name.

    Letters to the team go out by `mail`; without it (a demo, a simulation) they are shown.
    `threads` has `THREADS` of them, and outlives the worker. `more` are further words of the SDK's
    `Worker`: what a proof hangs around the same worker.
    """
    offered = all_activities(_world(house, gateways, mail))
    with ThreadPoolExecutor(OUTSIDE, thread_name_prefix="outside") as waiting:
        outside = Worker(
            house.temporal,
            task_queue=OUTSIDE_QUEUE,
            activities=offered,
            activity_executor=waiting,
            max_concurrent_activities=OUTSIDE,
            graceful_shutdown_timeout=DRAIN,
            build_id=build_id(),
            **more,
        )
        deciding = Worker(
            house.temporal,
            task_queue=TASK_QUEUE,
            workflows=ALL_WORKFLOWS,
            activities=offered,
            activity_executor=threads,
            max_concurrent_workflow_tasks=DECIDED_AT_ONCE,
            max_concurrent_activities=THREADS,
            max_concurrent_activity_task_polls=POLLERS,
            graceful_shutdown_timeout=DRAIN,
            build_id=build_id(),
            **more,
        )
        async with both(patient(deciding), outside):
            yield


def _world(house: House, gateways: Mapping[str, ChannelGateway], mail: TeamMail | None) -> World:
    return World(
        house.engine,
        house.bulk,
        BlobDirectory(house.settings.blobs_dir),
        house.temporal,
        gateways,
        signing=partial(signing_of, house),
        witnesses=witnesses_of(house.settings),
        authorities=authorities_of(house.settings),
        console=house.settings.console_url,
        public_url=house.settings.public_url or "",
        outlets=outlets_of(house.settings),
        mark=Marks(house.ring).mark,
        answer_link=partial(address_of, house),
        mail=mail,
    )


@asynccontextmanager
async def both(deciding: Worker, outside: Worker) -> AsyncIterator[None]:
    """Let two workers live as one: told to stop at one moment, they are waited for once."""
    async with deciding, outside:
        try:
            yield
        finally:
            await asyncio.gather(deciding.shutdown(), outside.shutdown())


def patient(worker: Worker) -> Worker:
    """Let a decision take as long as the server waits for it, less a moment; gives the worker back.

    The SDK takes a workflow for deadlocked that has not come to rest after two seconds, and breaks
    into its thread. Twelve decisions at once on a machine that is busy, or one long collection of
    garbage, take longer, and no code of ours waits for a lock. The SDK has no word for it.
    """
    deciding = worker._workflow_worker  # noqa: SLF001 - see above; a test says when it is gone
    if deciding is not None and deciding._deadlock_timeout_seconds is not None:  # noqa: SLF001
        deciding._deadlock_timeout_seconds = STANDS_STILL.seconds  # noqa: SLF001
    return worker


async def somebody_works(temporal: Client, within: timedelta, queue: str = TASK_QUEUE) -> bool:
    """Say whether a worker asked for decisions to take within the last minute or so.

    Raises RPCError when the server does not answer `within` that time.
    """
    told = await temporal.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=temporal.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=within,
    )
    since = datetime.now(UTC) - ASKED_WITHIN
    return any(each.last_access_time.ToDatetime(UTC) > since for each in told.pollers)
