"""One plugin for client, worker and replayer, so that the three can never be set up differently.

What belongs here: converter, guard and runner put together, and the connection. What never does:
a workflow, an activity, or the embedded server's process.

Give the plugin to the client: a worker made from that client has it too (giving it to both would
run it twice). A replayer has no client and is given it directly. Two workers with different
activities are made from two clients, which may share one connection.
"""

import asyncio
import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast, get_type_hints

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.plugin import SimplePlugin
from temporalio.service import TLSConfig
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
    WorkflowRunner,
)
from temporalio.worker import Interceptor as WorkerInterceptor
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import ActivityHandle

from domain.errors import BrokenSetup
from integrations.key_ring import KeyRing
from integrations.temporal_codec import data_converter, is_refused, unsafe_on_the_wire

BELOW_WORKFLOWS = ("domain", "storage", "integrations", "activities", "services")
"""Rooms that a strict sandbox passes through: all but `workflows`."""

PASSED_THROUGH = (*BELOW_WORKFLOWS, "workflows")
"""Rooms that a quick sandbox passes through, sharing them with the process: loading them anew for
every run takes fifteen times as long (45 ms against 3, with thirty dataclasses)."""

Activity = Callable[..., Any]
AnyInterceptor = ClientInterceptor | WorkerInterceptor


def andon_plugin(
    ring: KeyRing,
    *,
    workflows: Sequence[type] = (),
    activities: Sequence[Activity] = (),
    interceptors: Sequence[AnyInterceptor] = (),
    sandboxed: Sequence[str] | None = None,
) -> SimplePlugin:
    """Return the plugin: encryption with `ring`, the guard of messages, the runner, what runs.

    Workflows run without the SDK's sandbox (docs/decisions/0009). `sandboxed` asks for it and names
    the packages that it shares with the process instead of loading them anew for every run.

    Whatever a worker or replayer runs, given here or to it, is checked when it is made.

    Raises:
        TypeError: a workflow or activity sends or takes a type that cannot be read back safely.
    """
    check_messages(workflows, activities)

    def runner(present: WorkflowRunner | None) -> WorkflowRunner:
        """Replace only the default: a replayer may bring a runner that looks into the state."""
        if present is not None and type(present) is not SandboxedWorkflowRunner:
            return present
        if sandboxed is None:
            return UnsandboxedWorkflowRunner()
        restrictions = SandboxRestrictions.default.with_passthrough_modules(*sandboxed)
        return SandboxedWorkflowRunner(restrictions=restrictions)

    def all_workflows(given: Sequence[type] | None) -> Sequence[type]:
        """Add ours to those given to the worker or replayer itself."""
        check_messages(given or (), ())
        return [*(given or ()), *workflows]

    def all_activities(given: Sequence[Activity] | None) -> Sequence[Activity]:
        """Add ours to those given to the worker itself."""
        check_messages((), given or ())
        return [*(given or ()), *activities]

    return SimplePlugin(
        "andon",
        data_converter=data_converter(ring),
        # The guard comes last: it stands nearest to the handlers, behind what others put in front.
        interceptors=[*interceptors, MessageGuard()],
        workflows=all_workflows,
        activities=all_activities,
        workflow_runner=runner,
    )


async def connect(
    address: str,
    namespace: str,
    plugin: SimplePlugin,
    *,
    identity: str,
    api_key: str | None = None,
    tls: TLSConfig | bool | None = None,
) -> Client:
    """Connect to Temporal at `address` (host:port) as `identity` (service and process, no person).

    Raises:
        BrokenSetup: nothing answers there, or it does not accept us.
    """
    try:
        return await Client.connect(
            address,
            namespace=namespace,
            plugins=[plugin],
            identity=identity,
            api_key=api_key,
            tls=tls,
        )
    except (RuntimeError, ValueError) as error:
        raise BrokenSetup(
            f"Temporal does not answer at {address}: {error}.",
            "Start it with `andon up`, or correct TEMPORAL_ADDRESS and its key and TLS settings.",
            code="temporal_unreachable",
        ) from error


# ---------------------------------------------------------------- the guard of messages


class MessageGuard(WorkerInterceptor):
    """Keeps a forged message from stopping the workflow that receives it.

    The codec makes a forgery unreadable; what reads it must then fail alone. Two ways in are not
    covered by that, and each would let one line typed into the `temporal` command fail a workflow's
    task for ever: a signal or update without any payload (there is nothing to authenticate, and
    the handler is called with too few values), and a forged result of a running activity.
    """

    def workflow_interceptor_class(
        self, about: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Stand in front of every workflow's handlers and behind its activities."""
        return _GuardedHandlers


class _GuardedHandlers(WorkflowInboundInterceptor):
    """Lets messages with exactly one payload reach the handlers of one workflow."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        """Guard the workflow's activities too."""
        super().init(_GuardedActivities(outbound))

    async def handle_signal(self, message: HandleSignalInput) -> None:
        """Drop a signal without exactly one payload."""
        if len(message.args) == 1:
            await super().handle_signal(message)
        else:
            count = len(message.args)
            workflow.logger.warning("Dropped signal %s with %s payloads", message.signal, count)

    def handle_update_validator(self, message: HandleUpdateInput) -> None:
        """Reject an update without exactly one payload; nothing of it enters the history."""
        _check_one_payload(message)
        super().handle_update_validator(message)

    async def handle_update_handler(self, message: HandleUpdateInput) -> Any:
        """Fail such an update also where its handler has no validator."""
        _check_one_payload(message)
        return await super().handle_update_handler(message)


class _GuardedActivities(WorkflowOutboundInterceptor):
    """Asks again when an answer was not given by a worker of ours.

    An activity is idempotent by the key of its effect, so that asking twice does nothing twice.
    """

    def start_activity(self, asked: StartActivityInput) -> ActivityHandle[Any]:
        """Start the activity now, and read its answer only once it is known to be ours."""
        unread = replace(asked, ret_type=RawValue)
        answering = self._answer(asked, unread, super().start_activity(unread))
        # A handle is a task with no more to it; the SDK's own class cannot be made outside of it.
        return cast("ActivityHandle[Any]", asyncio.create_task(answering))

    async def _answer(
        self, asked: StartActivityInput, unread: StartActivityInput, answer: ActivityHandle[Any]
    ) -> Any:
        """Return the first authentic answer, or raise the first authentic failure."""
        pause = timedelta(0)
        while True:
            try:
                raw = await answer
            except ActivityError as error:
                if not _is_forged(error.cause):
                    raise
            else:
                if isinstance(raw, RawValue) and not is_refused(raw.payload):
                    converter = workflow.payload_converter()
                    return converter.from_payloads([raw.payload], _hints(asked))[0]
            workflow.logger.warning("Asking %s again: the answer was forged", asked.activity)
            # A worker of another installation on our task queue answers at once, each time.
            if pause:
                await workflow.sleep(pause)
            pause = min(2 * pause + timedelta(seconds=1), timedelta(minutes=5))
            answer = super().start_activity(unread)


def _hints(asked: StartActivityInput) -> list[type] | None:
    """Return the type to read the answer as, when the caller said one."""
    return [asked.ret_type] if asked.ret_type else None


def _is_forged(cause: BaseException | None) -> bool:
    """Say whether an activity's failure claims to come from a worker but was not written by ours.

    Timeouts and cancellations are the server's own and carry nothing of ours.
    """
    if not isinstance(cause, ApplicationError):
        return False
    failure = cause.failure
    return failure is None or is_refused(failure.encoded_attributes)


def _check_one_payload(update: HandleUpdateInput) -> None:
    """Raise the error that refuses the update alone."""
    if len(update.args) != 1:
        raise ApplicationError(
            f"The update '{update.update}' came with {len(update.args)} payloads instead of one.",
            type="malformed",
            non_retryable=True,
        )


# ---------------------------------------------------------------- the check of types


def check_messages(workflows: Sequence[type], activities: Sequence[Activity]) -> None:
    """Refuse, before anything runs, handlers whose messages could be read as something else.

    Raises:
        TypeError: a type is missing, an untagged union, a float, a set or the like; or a signal or
            update does not take exactly one message. The sentence names where.
    """
    for each in workflows:
        # The SDK has no public way to ask a class for its handlers.
        definition = workflow._Definition.must_from_class(each)  # noqa: SLF001
        name = f"workflow '{definition.name}'"
        _check_types(name, definition.run_fn)
        for query in definition.queries.values():
            _check_types(f"{name}, query '{query.name}'", query.fn)
        for kind, handlers in (("signal", definition.signals), ("update", definition.updates)):
            for handler in handlers.values():
                where = f"{name}, {kind} '{handler.name}'"
                _check_types(where, handler.fn)
                _check_one_message(where, handler.fn)
    for act in activities:
        doing = activity._Definition.must_from_callable(act)  # noqa: SLF001
        _check_types(f"activity '{doing.name}'", doing.fn)


def _check_types(where: str, handler: Callable[..., Any]) -> None:
    """Refuse a handler with a type that is missing or unsafe."""
    hints = get_type_hints(handler)
    for name in (*_message_parameters(handler), "return"):
        if name not in hints:
            raise TypeError(f"{where}: '{name}' has no type, so it would be read as plain JSON")
        fault = unsafe_on_the_wire(hints[name])
        if fault:
            raise TypeError(f"{where}: '{name}' {fault}")


def _check_one_message(where: str, handler: Callable[..., Any]) -> None:
    """Refuse what the guard would never let through."""
    taken = len(_message_parameters(handler))
    if taken != 1:
        raise TypeError(f"{where}: takes {taken} values; a message is exactly one")


def _message_parameters(handler: Callable[..., Any]) -> list[str]:
    """List what a handler takes beside `self`."""
    return [name for name in inspect.signature(handler).parameters if name != "self"]
