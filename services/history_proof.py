"""The proof by replay: archived histories run through the workflows' code, held against the ledger.

What belongs here: replaying runs one after the other, and comparing after every entry. What never
does: a process or its limits (services/history_proving.py), reading members
(services/history_bundle.py), words.

Deciding workflows (an incident's, a case's) show each entry they decide with the state right after
it. Its bytes are held against the ledger's, the state against the fold of the ledger up to there,
part by part; at the end of a run its own query `state` gives the hash of the whole state, held
against that of the fold. The workflows of performers are replayed: they must ask for what they
asked for.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import temporalio.bridge.proto.workflow_activation as activations
import temporalio.bridge.proto.workflow_completion as completions
from google.protobuf.json_format import ParseError
from google.protobuf.message import DecodeError, EncodeError
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowReplayResult,
    WorkflowRunner,
)
from temporalio.workflow import NondeterminismError

from domain.errors import Malformed
from domain.refusal_words import refusal_leaf
from domain.state import StreamState
from integrations.clear_history import JSON, clear_converter, read_history
from integrations.temporal_plugin import MessageGuard
from services.history_bundle import Bundle, Fault, IndexRow, Unreadable
from services.history_fold import Comparing, Folded, leaf_difference
from workflows.deciding import SHOWN, Decided
from workflows.registry import ALL_WORKFLOWS

DECIDING = frozenset({"Incident", "Case"})
"""Types of workflows that decide entries."""

KINDS = frozenset(workflow._Definition.must_from_class(each).name for each in ALL_WORKFLOWS)  # noqa: SLF001 - no other way to ask
"""Types of workflows that there are."""

_STARTED = "workflowExecutionStartedEventAttributes"
_ENDS = frozenset(
    f"EVENT_TYPE_WORKFLOW_EXECUTION_{how}"
    for how in ("COMPLETED", "FAILED", "TIMED_OUT", "CANCELED", "TERMINATED", "CONTINUED_AS_NEW")
)
BUILD = "proof"
"""Named where a history does not say what build decided; entries of such a history differ there."""


@dataclass(kw_only=True)
class Proved:
    """What came out for one run.

    `start` is the entry it went on from, `proved` the last one of which bytes and state agreed
    without a gap, `size` and `recorded` how far it said it was at its end. `compared` counts the
    entries that were compared, `reworded` those refusals among them of which only the words differ.
    """

    name: str
    workflow: str
    run: str
    type: str
    events: int = 0
    tasks: int = 0
    start: int = 0
    proved: int = 0
    size: int = 0
    recorded: int = 0
    compared: int = 0
    reworded: int = 0
    is_closed: bool = False
    faults: list[Fault] = field(default_factory=list)

    @property
    def decides(self) -> bool:
        """Say whether the run is one that decides entries."""
        return self.type in DECIDING


class Witness:
    """Sees what one run decides, and holds it against the ledger.

    A difference counts when the run says at its end that the entry was recorded: what a run that
    was ended from outside decided and never recorded, the next one may have decided otherwise.
    """

    def __init__(self, told: Proved, folded: Folded) -> None:
        """See nothing yet."""
        self.told = told
        self.event = 0
        self.stopped = ""
        self.folded = folded
        self._comparing = Comparing(type(folded.at(0)))
        self._found: Fault | None = None

    def see(self, decided: Decided[Any]) -> None:
        """Take an entry and the state right after it; after the first difference nothing more.

        It stands inside the workflow's own code: nothing may be raised from here.
        """
        if self._found is not None or decided.entry.seq > len(self.folded):
            return
        try:
            self._compare(decided.entry.seq, decided.leaf, decided.after)
        except Unreadable as unread:
            self._found = unread.fault

    def _compare(self, seq: int, ours: bytes, state: StreamState) -> None:
        theirs = self.folded.leaf(seq)
        if ours != theirs and not self._is_reworded(ours, theirs):
            self._found = self._fault("entry_differs", seq, leaf_difference(ours, theirs))
            return
        path = self._comparing.difference(state, self.folded.at(seq))
        if path:
            self._found = self._fault("state_differs", seq, path)
            return
        self.told.reworded += ours != theirs
        self.told.compared += 1
        self.told.proved = seq

    @staticmethod
    def _is_reworded(ours: bytes, theirs: bytes) -> bool:
        """Say whether both are one refusal in other words (docs/decisions/0017)."""
        try:
            one, other = refusal_leaf(ours), refusal_leaf(theirs)
        except (ValueError, LookupError, TypeError, RecursionError):
            return False
        return one is not None and other is not None and one.rest == other.rest

    def _fault(self, kind: str, entry: int, path: str = "") -> Fault:
        told = self.told
        return Fault(
            kind=kind,
            workflow=told.workflow,
            run=told.run,
            event=self.event,
            entry=entry,
            path=path,
        )

    def end(self, answer: dict[str, Any] | None) -> None:
        """Take what the run says at its end: how far it is, and the hash of its state."""
        told, found = self.told, self._found
        if answer is not None:
            told.size, told.recorded = answer["size"], answer["recorded"]
        if found is None and answer is not None and told.size <= len(self.folded):
            found = self._held_against(answer["sha256"])
        if found is not None and (answer is None or found.entry <= told.recorded):
            told.faults.append(found)
        if answer is None:
            told.faults.append(self._fault("no_state", told.proved))
        elif told.is_closed and told.recorded > len(self.folded):
            told.faults.append(self._fault("ledger_short", told.recorded))

    def fail(self, fault: Fault) -> None:
        """Take that the replay came to no end: what differed before is why, recorded or not."""
        faults = self.told.faults
        if self._found is not None and self._found not in faults:
            faults.append(self._found)
        faults.append(replace(fault, event=self.event, what=self.stopped or fault.what))

    def _held_against(self, sha256: str) -> Fault | None:
        """Hold the hash of the whole state against that of the fold."""
        size = self.told.size
        try:
            same = sha256 == self.folded.sha256_at(size)
        except Unreadable as unread:
            return unread.fault
        return None if same else self._fault("state_differs", size)


class _Watching(WorkflowRunner):
    """Runs workflows as they are; those that decide are shown to the witness of the run."""

    def __init__(self) -> None:
        self._inner = UnsandboxedWorkflowRunner()
        self.told = Proved(name="", workflow="", run="", type="")
        self.witness: Witness | None = None

    def prepare_workflow(self, defn: Any) -> None:
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance = self._inner.create_instance(det)
        activate, converter = instance.activate, det.payload_converter_factory()
        told, witness = self.told, self.witness

        def look(act: activations.WorkflowActivation) -> Any:
            if any(job.HasField("remove_from_cache") for job in act.jobs):
                if witness is not None:
                    witness.end(_asked(activate, act, converter))
                return activate(act)
            told.tasks += 1
            if witness is None:
                return activate(act)
            witness.event = act.history_length
            seen = SHOWN.set(witness.see)
            try:
                done = activate(act)
            finally:
                SHOWN.reset(seen)
            witness.stopped = _why_stopped(done)
            return done

        instance.activate = look  # type: ignore[method-assign]
        return instance


def _why_stopped(done: completions.WorkflowActivationCompletion) -> str:
    """Say what the workflow's own code raised, where it did; its message is not sealed yet."""
    if not done.HasField("failed"):
        return ""
    failure = done.failed.failure
    told = failure.message
    with suppress(ValueError, TypeError, LookupError):
        told = json.loads(failure.encoded_attributes.data)["message"]
    return f"{failure.application_failure_info.type}: {told}"[:400]


def _asked(
    activate: Any, act: activations.WorkflowActivation, converter: Any
) -> dict[str, Any] | None:
    """Ask a workflow for its state; None when it gives none, for it never began."""
    question = activations.WorkflowActivation(run_id=act.run_id, is_replaying=True)
    question.timestamp.CopyFrom(act.timestamp)
    job = question.jobs.add()
    job.query_workflow.query_id = job.query_workflow.query_type = "state"
    for command in activate(question).successful.commands:
        if command.respond_to_query.HasField("succeeded"):
            answer = converter.from_payload(command.respond_to_query.succeeded.response, dict)
            assert isinstance(answer, dict)
            return answer
    return None


# ---------------------------------------------------------------- a bundle


class Proving:
    """Replays runs of one bundle, one after the other, with one replayer for all."""

    def __init__(self, bundle: Bundle) -> None:
        """Fold nothing yet."""
        self._bundle = bundle
        self.folded = Folded(bundle.stream, bundle.leaves, bundle.rules)
        self._runner = _Watching()
        self._replayer = Replayer(
            workflows=ALL_WORKFLOWS,
            workflow_runner=self._runner,
            data_converter=clear_converter(),
            interceptors=[MessageGuard()],
            build_id=BUILD,
            # What was decided is compared, not how fast; who waits for it has a limit of its own.
            debug_mode=True,
        )
        self.done: list[Proved] = []

    async def prove(
        self,
        rows: Iterable[IndexRow],
        begun: Callable[[IndexRow], None] = lambda _row: None,
        ended: Callable[[Proved], None] = lambda _told: None,
    ) -> list[Proved]:
        """Prove the runs that these rows name; `begun` and `ended` are told of each."""
        histories = self._histories(rows, begun, ended)
        async with self._replayer.workflow_replay_iterator(histories) as results:
            async for result in results:
                self._take(result)
                ended(self.done[-1])
        return self.done

    async def _histories(
        self,
        rows: Iterable[IndexRow],
        begun: Callable[[IndexRow], None],
        ended: Callable[[Proved], None],
    ) -> AsyncIterator[WorkflowHistory]:
        """Give the histories that can be replayed; of the others say why not."""
        for row in rows:
            begun(row)
            told = Proved(name=row.name, workflow=row.workflow, run=row.run, type=row.type)
            self.done.append(told)
            history: WorkflowHistory | None = None
            try:
                history = self._read(row, told)
                self._runner.told, self._runner.witness = told, None
                if told.decides:
                    self._runner.witness = Witness(told, self.folded)
            except Unreadable as unread:
                told.faults.append(unread.fault)
            if history is None or told.faults:
                ended(told)
            else:
                yield history

    def _read(self, row: IndexRow, told: Proved) -> WorkflowHistory | None:
        """Read a history; None where there is nothing to replay yet. Raises Unreadable."""
        if row.type not in KINDS:
            raise Unreadable(_fault(told, "history_type", row.type[:80]))
        events = self._bundle.document(row)["events"]
        told.events = len(events)
        told.is_closed = bool(events) and events[-1].get("eventType") in _ENDS
        try:
            told.start = told.proved = _carried_size(events)
            history = read_history(row.workflow, events, self._bundle.rules)
        except (
            *(ParseError, DecodeError, EncodeError, Malformed, ValueError, TypeError),
            *(LookupError, AttributeError, RecursionError, AssertionError),
        ) as error:
            what = f"{type(error).__name__}: {error}"[:200]
            raise Unreadable(_fault(told, "history_unreadable", what)) from None
        _require_order(history, told)
        # A run that has only started has nothing to replay: the SDK's replayer would wait for ever.
        return history if any(map(_begins_a_task, history.events)) else None

    def _take(self, result: WorkflowReplayResult) -> None:
        """Note how a replay ended."""
        failure, told = result.replay_failure, self.done[-1]
        if failure is None:
            return
        kind = "nondeterministic" if isinstance(failure, NondeterminismError) else "history_fails"
        fault = _fault(told, kind, _words_of(str(failure)))
        if self._runner.witness is not None:
            self._runner.witness.fail(fault)
        else:
            told.faults.append(fault)


def _words_of(failure: str) -> str:
    """Give the message out of what the SDK's core says, which is written as its own code."""
    said = re.search(r'message: "((?:[^"\\]|\\.)*)', failure)
    return (said[1] if said else failure)[:400]


def _fault(told: Proved, kind: str, what: str) -> Fault:
    return Fault(kind=kind, workflow=told.workflow, run=told.run, what=what)


def _begins_a_task(event: Any) -> bool:
    return bool(event.HasField("workflow_task_started_event_attributes"))


def _require_order(history: WorkflowHistory, told: Proved) -> None:
    """Raises Unreadable when events lack or are not in order, or the history is another run's.

    Events are numbered from 1 without a gap; of others the SDK's core may wait for the next ever.
    """
    first = history.events[0]
    if not first.HasField("workflow_execution_started_event_attributes"):
        raise Unreadable(_fault(told, "history_unreadable", "it does not begin with its start"))
    for number, event in enumerate(history.events, 1):
        if event.event_id != number:
            what = f"event {event.event_id} stands in the place of event {number}"
            raise Unreadable(replace(_fault(told, "history_order", what), event=number))
    started = first.workflow_execution_started_event_attributes
    said = (started.workflow_type.name, started.original_execution_run_id)
    if said != (told.type, told.run):
        raise Unreadable(_fault(told, "history_index", f"{said[0]} {said[1]}"[:200]))


def _carried_size(events: list[dict[str, Any]]) -> int:
    """Say after which entry a run begins: that is what the run before it handed over."""
    given = events[0].get(_STARTED, {}).get("input", {}).get("payloads", [{}])[0].get(JSON)
    carried = given.get("carried") if isinstance(given, dict) else None
    return int(carried["size"]) if carried else 0
