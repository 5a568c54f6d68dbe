"""What a workflow asks of Temporal, step by step, as text that a person can compare.

What belongs here: from the replayer's activations to lines. What never does: reading or comparing
the recorded lines (tests/replay/test_histories.py).

The SDK's replayer stops when the order or the names of commands differ from the history. It does
not look at what is sent along, at time limits, retries, due times or search attributes. Those are
written down here, from today's workflows led along a recorded history.

    update act -> accepted; record 8-9
    record answered -> show AndonGrade=serious; tell ~/1:8:tell:legal #5d1f03; answered 8-9

Before the arrow stands what woke the workflow, after it what it asked for; `~` is the stream's
number. `#` is a hash over what is sent along, empty values left out: so a field that is added with
an empty default changes no line.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import temporalio.bridge.proto.workflow_activation as activations
import temporalio.bridge.proto.workflow_commands as commands
import temporalio.bridge.proto.workflow_completion as completions
from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import WorkflowIdReusePolicy
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.child_workflow import ParentClosePolicy

from domain.canonical import canonical, sha256_hex

UNSAID = ("remove_from_cache", "update_random_seed", "query_workflow")
"""What the replayer does by itself; nothing wakes."""

NAMES = ("effect_key", "limit", "offset", "incident")
"""Fields of a message that say which one it is: the first that it has."""

CARRIED_STATE = ("state", "state_hash")
"""Left out of the hash over what the next run starts with: the fold is compared by itself."""


class Noted:
    """The lines of one run, and the limits under which activities were called."""

    def __init__(self, workflow_id: str) -> None:
        """Begin a run of a workflow."""
        self.lines: list[str] = []
        self.limits: set[str] = set()
        self._stream = workflow_id.partition("/")[0] if any(map(str.isdigit, workflow_id)) else ""
        self._asked: dict[tuple[str, int], str] = {}

    def __call__(
        self, act: activations.WorkflowActivation, done: completions.WorkflowActivationCompletion
    ) -> None:
        """Note one activation."""
        woken = [word for job in act.jobs for word in self._woken(job)]
        if not woken:
            return
        if done.HasField("failed"):
            asked = [f"FAULT {_words(done.failed.failure)}"]
        else:
            asked = [word for each in done.successful.commands for word in self._asks(each)]
        line = f"{'; '.join(woken)} -> {'; '.join(asked) or 'nothing'}"
        self.lines.append(line.replace(self._stream, "~") if self._stream else line)

    # ------------------------------------------------------------ what wakes

    def _woken(self, job: activations.WorkflowActivationJob) -> Iterator[str]:
        kind = str(job.WhichOneof("variant"))
        if kind in UNSAID:
            return
        what: Any = getattr(job, kind)
        if kind == "resolve_activity":
            how = what.result.WhichOneof("status")
            yield f"{self._asked['activity', what.seq]} {_ANSWERS.get(how, how)}"
        elif kind == "fire_timer":
            yield "timer rang"
        elif kind == "signal_workflow":
            yield f"signal {what.signal_name}"
        elif kind == "do_update":
            yield f"update {what.name}"
        elif kind == "initialize_workflow":
            yield f"start {what.workflow_type}"
        elif kind.startswith("resolve_"):
            yield self._resolved(kind, what)
        else:
            yield kind.replace("_", " ")

    def _resolved(self, kind: str, what: Any) -> str:
        if kind == "resolve_child_workflow_execution_start":
            return f"{self._asked['child', what.seq]} {what.WhichOneof('status')}"
        if kind == "resolve_child_workflow_execution":
            return f"{self._asked['child', what.seq]} ended: {what.result.WhichOneof('status')}"
        if kind == "resolve_signal_external_workflow":
            arrived = "failed" if what.HasField("failure") else "arrived"
            return f"{self._asked['signal', what.seq]} {arrived}"
        return kind.replace("_", " ")

    # ------------------------------------------------------------ what it asks for

    def _asks(self, command: commands.WorkflowCommand) -> Iterator[str]:
        kind = str(command.WhichOneof("variant"))
        writer = _WRITERS.get(kind)
        said = kind.replace("_", " ") if writer is None else writer(self, getattr(command, kind))
        if said:
            yield said

    def activity(self, asked: commands.ScheduleActivity) -> str:
        """Tell a call of an activity, and keep its limits."""
        self._asked["activity", asked.seq] = asked.activity_type
        self.limits.add(_limits(asked))
        return f"{asked.activity_type}{_about(asked.arguments)}"

    def child(self, asked: commands.StartChildWorkflowExecution) -> str:
        """Tell the start of another workflow."""
        self._asked["child", asked.seq] = name = f"{asked.workflow_type} {asked.workflow_id}"
        close = ParentClosePolicy.Name(asked.parent_close_policy).rpartition("POLICY_")[2].lower()
        reuse = WorkflowIdReusePolicy.Name(asked.workflow_id_reuse_policy)
        reuse = reuse.rpartition("POLICY_")[2].lower()
        return f"start {name} ({close}, {reuse}){_about(asked.input, named=False)}"

    def signal(self, asked: commands.SignalExternalWorkflowExecution) -> str:
        """Tell a signal to another workflow; its command id holds the run's own."""
        target = asked.child_workflow_id or asked.workflow_execution.workflow_id
        self._asked["signal", asked.seq] = name = f"{asked.signal_name} to {target}"
        return f"signal {name}{_about(asked.args, named=False)}"

    def timer(self, asked: commands.StartTimer) -> str:
        """Tell how long is waited."""
        return f"timer {_length(asked.start_to_fire_timeout)}"

    def update(self, asked: commands.UpdateResponse) -> str:
        """Tell what is answered to an act."""
        if asked.HasField("accepted"):
            return "accepted"
        if asked.HasField("rejected"):
            return f"rejected as {asked.rejected.application_failure_info.type}"
        answer = _read(asked.completed)
        if answer["refused"]:
            return f"refused {answer['refused']['code']}, entry {answer['last']}"
        return f"answered {_range(answer['first'], answer['last'])}"

    def show(self, asked: commands.UpsertWorkflowSearchAttributes) -> str:
        """Tell what lists and searches are shown."""
        fields = asked.search_attributes.indexed_fields
        told = [f"{name}={_read(fields[name]) or '-'}" for name in sorted(fields)]
        return f"show {' '.join(told)}"

    def next_run(self, asked: commands.ContinueAsNewWorkflowExecution) -> str:
        """Tell that the run turns over."""
        start = _read(asked.arguments[0])
        carried = start.get("carried") or {}
        start["carried"] = {k: v for k, v in carried.items() if k not in CARRIED_STATE}
        return f"next run {_mark(start)}"

    def end(self, asked: commands.CompleteWorkflowExecution) -> str:
        """Tell how it ended."""
        return f"end {_mark(_read(asked.result))}".rstrip()

    def failure(self, asked: commands.FailWorkflowExecution) -> str:
        """Tell that it failed."""
        return f"fail as {asked.failure.application_failure_info.type}"

    def patch(self, asked: commands.SetPatchMarker) -> str:
        """Tell that a change of the workflow's code is taken."""
        return f"patch {asked.patch_id}"


_ANSWERS = {"completed": "answered"}
_WRITERS: dict[str, Any] = {
    "schedule_activity": Noted.activity,
    "start_child_workflow_execution": Noted.child,
    "signal_external_workflow_execution": Noted.signal,
    "start_timer": Noted.timer,
    "cancel_timer": lambda _noted, _asked: "timer off",
    "update_response": Noted.update,
    "upsert_workflow_search_attributes": Noted.show,
    "continue_as_new_workflow_execution": Noted.next_run,
    "complete_workflow_execution": Noted.end,
    "fail_workflow_execution": Noted.failure,
    "set_patch_marker": Noted.patch,
}


def _limits(asked: commands.ScheduleActivity) -> str:
    retry = asked.retry_policy
    times = retry.maximum_attempts or "any number of"
    told = [
        f"attempt {_length(asked.start_to_close_timeout)}",
        f"heartbeat {_length(asked.heartbeat_timeout)}",
        f"in all {_length(asked.schedule_to_close_timeout)}",
        f"waits {_length(asked.schedule_to_start_timeout)}",
        f"again after {_length(retry.initial_interval)} x {retry.backoff_coefficient:g}",
        f"at most {_length(retry.maximum_interval)} apart, {times} times",
        f"not after {', '.join(retry.non_retryable_error_types) or 'nothing'}",
    ]
    return f"{asked.activity_type}: {'; '.join(told)}"


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _length(duration: Duration) -> str:
    length = duration.ToTimedelta()
    return str(length) if length > timedelta() else "-"


def _read(payload: Payload) -> Any:
    return json.loads(payload.data) if payload.data else None


def _words(failure: Failure) -> str:
    """Read an error as it was raised: its text is kept apart, so that it travels sealed."""
    if failure.HasField("encoded_attributes"):
        return str(_read(failure.encoded_attributes)["message"])
    return failure.message


def _about(payloads: Any, *, named: bool = True) -> str:
    """Say which message is sent, and a hash over it."""
    told = [_read(payload) for payload in payloads]
    names = []
    for each in told:
        if isinstance(each, dict) and "leaves" in each:
            names.append(_range(each["first"], each["first"] + len(each["leaves"]) - 1))
        elif named:
            for one in each if isinstance(each, list) else [each]:
                names += _name_of(one)
    return "".join(f" {word}" for word in (*names, _mark(told)) if word)


def _name_of(one: Any) -> list[str]:
    named = one if isinstance(one, dict) else {}
    return [str(named[name]) for name in NAMES if named.get(name)][:1]


def _mark(told: Any) -> str:
    said = _without_empty(told)
    return f"#{sha256_hex(canonical(said))[:8]}" if said else ""


def _without_empty(part: Any) -> Any:
    if isinstance(part, dict):
        kept = {name: _without_empty(each) for name, each in part.items()}
        return {
            name: each for name, each in kept.items() if each not in ("", 0, None, False, {}, [])
        }
    if isinstance(part, list):
        return [_without_empty(each) for each in part]
    return part
