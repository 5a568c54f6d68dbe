"""A worker that dies where it is told to: after what an activity committed, before a task is told.

What belongs here: the real worker's parts, put together with two hooks that SIGKILL the process.
What never does: a change in what workflows or activities do. Time limits are shorter than in
production, so that a proof does not wait half a minute after every death.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import temporalio.bridge.proto.workflow_activation as activations
from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
    WorkflowRunner,
)
from temporalio.workflow import ActivityHandle

from activities.registry import local_gateways
from integrations.outgoing import Bounds
from integrations.webhook import WebhookGateway
from services.opening import open_house
from services.rounds import keep_rounds
from services.working import THREADS, worker_of
from tests.durability.dying import Deaths
from tests.durability.home import settings_of

ATTEMPT = timedelta(seconds=2)
"""How long one attempt of an activity may take here."""

STICKY = timedelta(seconds=0.5)
"""How long a task waits for the worker that knows the incident before another may take it."""

WEBHOOK_SECRET = b"a secret that only the sink of the tests knows"


# ---------------------------------------------------------------- after an activity's commit


class Committed(Interceptor):
    """Dies when an activity has done its work and Temporal does not know it yet."""

    def __init__(self, deaths: Deaths) -> None:
        """Keep where to die."""
        self._deaths = deaths

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's own name
        """Stand around every activity."""
        return _AfterCommit(next, self._deaths)

    def workflow_interceptor_class(
        self, about: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Shorten the time limits of what workflows start."""
        return _Impatient


class _AfterCommit(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, deaths: Deaths) -> None:
        super().__init__(following)
        self._deaths = deaths

    async def execute_activity(self, started: ExecuteActivityInput) -> Any:
        """Let it commit, then perhaps die."""
        done = await super().execute_activity(started)
        told = activity.info()
        self._deaths.at(f"activity:{told.activity_type}:{told.workflow_run_id}:{told.activity_id}")
        return done


class _Impatient(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        """Stand before every activity that the workflow starts."""
        super().init(_ShortAttempts(outbound))


class _ShortAttempts(WorkflowOutboundInterceptor):
    def start_activity(self, asked: StartActivityInput) -> ActivityHandle[Any]:
        """Let one attempt take only a short while: dead workers are noticed soon."""
        limit = asked.start_to_close_timeout or ATTEMPT
        asked = replace(asked, start_to_close_timeout=min(limit, ATTEMPT))
        return super().start_activity(asked)


# ---------------------------------------------------------------- before a task is told


class Activated(WorkflowRunner):
    """Dies when a workflow has decided and Temporal does not know it yet."""

    def __init__(self, deaths: Deaths) -> None:
        """Wrap the runner that production uses (integrations/temporal_plugin.py)."""
        self._inner = UnsandboxedWorkflowRunner()
        self._deaths = deaths

    def prepare_workflow(self, defn: Any) -> None:
        """Prepare as production does."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Make an instance that counts its tasks, and perhaps dies after one."""
        instance = self._inner.create_instance(det)
        activate, deaths = instance.activate, self._deaths
        tasks = 0

        def decided(act: activations.WorkflowActivation) -> Any:
            nonlocal tasks
            done = activate(act)
            if _is_task(act):
                tasks += 1
                if not act.is_replaying:
                    run = f"{det.info.workflow_type}:{det.info.workflow_id}:{det.info.run_id}"
                    deaths.at(f"workflow:{run}:{tasks}")
            return done

        instance.activate = decided  # type: ignore[method-assign]
        return instance


def _is_task(act: activations.WorkflowActivation) -> bool:
    """Tell a task from a query and from being put out of the cache."""
    names = {str(job.WhichOneof("variant")) for job in act.jobs}
    return bool(names - {"query_workflow", "remove_from_cache"})


# ---------------------------------------------------------------- one life


def work(home: Path) -> None:
    """Work until killed."""
    asyncio.run(_work(home))


async def _work(home: Path) -> None:
    """Do what worker.py does."""
    deaths, settings = Deaths(home, "worker"), settings_of(home)
    webhook = {"webhook": WebhookGateway(WEBHOOK_SECRET, bounds=Bounds(inside_allowed=True))}
    with ThreadPoolExecutor(THREADS) as threads:
        async with open_house(settings, identity="worker") as house:
            await keep_rounds(house.temporal)
            worker = worker_of(
                house,
                {**local_gateways(house.engine, house.bulk), **webhook},
                threads,
                interceptors=[Committed(deaths)],
                workflow_runner=Activated(deaths),
                sticky_queue_schedule_to_start_timeout=STICKY,
            )
            async with worker:
                await asyncio.Event().wait()
