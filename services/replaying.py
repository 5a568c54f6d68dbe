"""Replaying an archived history through the workflow's code, with the state it comes to.

What belongs here: the SDK's replayer and a look inside after each workflow task. What never does:
a verdict on the ledger (callers compare). Histories of strangers are replayed in a subprocess.

The replayer gives no state, so the runner is wrapped: after each activation the instance is asked
the workflow's own query `state`. This rests on the SDK's instance API and is pinned by a test.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import temporalio.bridge.proto.workflow_activation as activations
import temporalio.bridge.proto.workflow_completion as completions
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

from integrations.key_ring import KeyRing
from integrations.temporal_plugin import andon_plugin
from services.build import build_id
from workflows.registry import ALL_WORKFLOWS

Watch = Callable[[activations.WorkflowActivation, completions.WorkflowActivationCompletion], None]
"""Is shown what woke the workflow and what it asked for, messages not yet sealed, in order."""


@dataclass
class Replayed:
    """What a replay came to: the stream's state on the wire and how far it was recorded.

    A very large state is empty here; its `sha256` is always given. Where the history ends while
    entries are on their way to the ledger, `size` is ahead of `recorded`.
    """

    state: str = ""
    sha256: str = ""
    size: int = 0
    recorded: int = 0
    tasks: int = 0
    failures: list[str] = field(default_factory=list)


class _Looking(WorkflowRunner):
    """Runs workflows as they are and keeps the answer to `state` after every activation."""

    def __init__(self, replayed: Replayed, watch: Watch | None) -> None:
        self._inner = UnsandboxedWorkflowRunner()
        self._replayed = replayed
        self._watch = watch

    def prepare_workflow(self, defn: Any) -> None:
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance = self._inner.create_instance(det)
        activate = instance.activate
        converter = det.payload_converter_factory()

        def look(act: activations.WorkflowActivation) -> Any:
            if any(job.HasField("remove_from_cache") for job in act.jobs):
                self._ask(activate, act, converter)
            done = activate(act)
            self._replayed.tasks += 1
            if self._watch is not None:
                self._watch(act, done)
            return done

        instance.activate = look  # type: ignore[method-assign]
        return instance

    def _ask(self, activate: Any, act: activations.WorkflowActivation, converter: Any) -> None:
        question = activations.WorkflowActivation(run_id=act.run_id, is_replaying=True)
        question.timestamp.CopyFrom(act.timestamp)
        job = question.jobs.add()
        job.query_workflow.query_id = "state"
        job.query_workflow.query_type = "state"
        done = activate(question)
        for command in done.successful.commands:
            response = command.respond_to_query
            if response.HasField("succeeded"):
                told = converter.from_payload(response.succeeded.response, dict)
                self._replayed.state = told["state"]
                self._replayed.sha256 = told["sha256"]
                self._replayed.size = told["size"]
                self._replayed.recorded = told["recorded"]
            else:
                self._replayed.failures.append(response.failed.message)


async def replay(
    history: WorkflowHistory, ring: KeyRing, *, watch: Watch | None = None
) -> Replayed:
    """Replay one run. Raises the SDK's NondeterminismError when the code does otherwise.

    A run that has only started has nothing to replay; the SDK's replayer would wait for ever.
    """
    replayed = Replayed()
    if len(history.events) == 1:
        return replayed
    replayer = Replayer(
        workflows=ALL_WORKFLOWS,
        workflow_runner=_Looking(replayed, watch),
        plugins=[andon_plugin(ring)],
        build_id=build_id(),
        # What was decided is compared, not how fast: a busy machine is no fault of a history.
        debug_mode=True,
    )
    await replayer.replay_workflow(history)
    return replayed


async def runs_of(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """Give the histories of a workflow's runs, the first one first; the last may go on still."""
    found = [await client.get_workflow_handle(workflow_id).fetch_history()]
    while before := started(found[0]).continued_execution_run_id:
        handle = client.get_workflow_handle(workflow_id, run_id=before)
        found.insert(0, await handle.fetch_history())
    return found


def started(history: WorkflowHistory) -> WorkflowExecutionStartedEventAttributes:
    """Give what a history says about its start."""
    return history.events[0].workflow_execution_started_event_attributes


def state_of(replayed: Replayed) -> Mapping[str, Any]:
    """Give the replayed state as JSON values."""
    document: Mapping[str, Any] = json.loads(replayed.state)
    return document


def history_from_json(workflow_id: str, text: str) -> WorkflowHistory:
    """Read an archived history; the id stands beside it, not in it."""
    return WorkflowHistory.from_json(workflow_id, text)
