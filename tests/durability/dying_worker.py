"""A worker that dies where it is told to: after what an activity committed, before a task is told.

What belongs here: the real worker's parts, put together with two hooks that SIGKILL the process.
What never does: a change in what workflows or activities do. Time limits are shorter than in
production, so that a proof does not wait half a minute after every death.

    python -m tests.durability.dying_worker HOME [--every N --offset M]

A nursery imports everything and forks the worker; when a worker dies by SIGKILL the nursery forks
the next one at once. Each point is passed once by dying there; HOME/deaths lists them.
"""

import argparse
import asyncio
import ctypes
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import temporalio.bridge.proto.workflow_activation as activations
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    Worker,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
    WorkflowRunner,
)
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import ActivityHandle

from activities.registry import World, all_activities, local_gateways
from integrations.temporal_plugin import PASSED_THROUGH
from integrations.webhook import WebhookGateway
from services.build import build_id
from services.opening import open_house
from services.rounds import keep_rounds
from services.settings import Settings
from storage.blobs import BlobDirectory
from workflows.ids import TASK_QUEUE
from workflows.registry import ALL_WORKFLOWS

ATTEMPT = timedelta(seconds=3)
"""How long one attempt of an activity may take here."""

STICKY = timedelta(seconds=1)
WEBHOOK_SECRET = b"a secret that only the sink of the tests knows"


# ---------------------------------------------------------------- where to die


@dataclass
class Deaths:
    """Which points were passed by dying there, and whether the next one is to be died at.

    The file outlives the process: what was written before a SIGKILL is in the page cache.
    """

    file: Path
    every: int = 0
    offset: int = 0
    done: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read what earlier lives wrote."""
        for line in self.file.read_text().splitlines() if self.file.exists() else ():
            verb, _, point = line.partition(" ")
            self.seen.add(point)
            if verb == "died":
                self.done.add(point)

    def at(self, point: str) -> None:
        """Note a point; die there when its turn has come."""
        if point in self.seen:
            return
        self.seen.add(point)
        turn = bool(self.every) and len(self.seen) % self.every == self.offset % self.every
        self._write("died" if turn else "passed", point)
        if turn:
            os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, verb: str, point: str) -> None:
        with self.file.open("a") as file:
            file.write(f"{verb} {point}\n")


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
        from temporalio import activity  # noqa: PLC0415 - only there inside

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
        """Wrap the runner that production uses."""
        restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
        self._inner = SandboxedWorkflowRunner(restrictions=restrictions)
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


# ---------------------------------------------------------------- one life, and the nursery


async def live(home: Path, deaths: Deaths) -> None:
    """Work until killed, as worker.py does."""
    settings = Settings(home=home)
    gateways = {"webhook": WebhookGateway(WEBHOOK_SECRET, inside_allowed=True)}
    with ThreadPoolExecutor(16) as threads:
        async with open_house(settings, identity="worker") as house:
            channels = {**local_gateways(house.engine, house.bulk), **gateways}
            blobs = BlobDirectory(settings.blobs_dir)
            world = World(house.engine, house.bulk, blobs, house.temporal, channels)
            await keep_rounds(house.temporal)
            worker = Worker(
                house.temporal,
                task_queue=TASK_QUEUE,
                workflows=ALL_WORKFLOWS,
                activities=all_activities(world),
                activity_executor=threads,
                build_id=build_id(),
                max_concurrent_activities=16,
                interceptors=[Committed(deaths)],
                workflow_runner=Activated(deaths),
                sticky_queue_schedule_to_start_timeout=STICKY,
            )
            async with worker:
                settings.announce_ready()
                await asyncio.Event().wait()


def main() -> int:
    """Fork a worker, and another when it dies by SIGKILL; end with any other end of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--every", type=int, default=0)
    parser.add_argument("--offset", type=int, default=0)
    told = parser.parse_args()
    build_id()  # worked out once, for all lives
    while True:
        child = os.fork()
        if child == 0:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
            deaths = Deaths(told.home / "deaths", told.every, told.offset)
            asyncio.run(live(told.home, deaths))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
