"""What every deciding workflow does: take acts, record them, carry them out, keep time, turn over.

What belongs here: order and durability, whatever the stream is about. What never does: a rule of
the plan (domain), what one kind of stream adds (workflows/incident.py, workflows/case.py), a call
to the world other than through workflows/calls.py. An act comes in as an Update, is decided at
once, recorded in one activity, and only then answered and carried out.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError

from domain.agenda import PassTime, next_ring
from domain.dispatch import Effect
from domain.envelope import (
    Answer,
    Carried,
    Envelope,
    OutcomeBatch,
    StateRequest,
    StreamStart,
    Wire,
)
from domain.errors import AndonError
from domain.message import command_from_wire, to_wire
from domain.people import CLOCK, PERFORMER, Actor
from domain.plot import Plot, effects
from domain.state import StreamState
from domain.wire import decode, encode, instant_text
from workflows import calls, ids
from workflows.deciding import STATE_TRAVELS_UP_TO, begin, read_carried
from workflows.effects import carry_out, together

STAGE = SearchAttributeKey.for_keyword("AndonStage")
GRADE = SearchAttributeKey.for_keyword("AndonGrade")
NEXT_DUE = SearchAttributeKey.for_datetime("AndonNextDue")

TURN_OVER_AFTER = 1200
"""Updates in one run before it turns over; the server refuses them from 2,000 on."""

LONGEST_WAIT = timedelta(days=3650)
"""What is later is waited for in parts: a server need not take a timer of centuries."""

DECIDED = "decided"
"""The memo that says how many entries are decided, where no other command says that any was."""

CLOCK_GRAIN = timedelta(milliseconds=1)
"""The clock rings this much late, so that rounding never makes it ring too early."""

S = TypeVar("S", bound=StreamState)


def refused(error: AndonError) -> ApplicationError:
    """Translate once: the error's code is the type, its sentences are the message."""
    return ApplicationError(
        error.sentence, {"hint": error.hint}, type=error.code, non_retryable=True
    )


class DecidingWorkflow(Generic[S]):
    """One stream, from its first act to its end; each kind of stream is a workflow below this."""

    def __init__(self, plot: Plot[S], start: StreamStart) -> None:
        """Set up the state before any handler can run."""
        self._plot = plot
        self._start = start
        self._stream = begin(plot, start)
        # Handlers can run before `live` does: they wait until the first act is decided.
        self._ready = False
        self._updates = 0
        self._rang = False
        self._alarm: tuple[datetime, asyncio.TimerHandle] | None = None
        self._recording: asyncio.Task[None] | None = None
        self._busy: dict[asyncio.Task[None], tuple[Effect, ...]] = {}
        self._shown: tuple[str, str, datetime | None] | None = None
        self._rung: tuple[S, datetime | None] | None = None
        if start.carried is not None and start.carried.state:
            self._stream = read_carried(self._stream, start.carried, start.carried.state)

    async def live(self) -> str:
        """Take the first act, then acts and clocks until the stream is over; say how it ended.

        A cancellation changes nothing: only the plan ends an incident or a case.
        """
        life = asyncio.create_task(self._live())
        while not life.done():
            try:
                await workflow.wait_condition(life.done)
            except asyncio.CancelledError:
                workflow.logger.warning("cancelled from outside the plan: it goes on")
        if life.result():
            return self._plot.end
        return workflow.continue_as_new(self.next_run())

    async def _live(self) -> bool:
        """Live until the run may end; say whether the stream is over."""
        carried = self._start.carried
        if carried is not None and not carried.state:
            await self._read_back(carried)
        if self._start.envelope is not None:
            self._open(self._start.envelope)
        self._ready = True
        if carried is not None:
            self._carry_out(decode(Effect, owed) for owed in carried.owed)
        loop = asyncio.create_task(self._keep_time_and_record())
        await workflow.wait_condition(lambda: loop.done() or self._may_end())
        if loop.done():
            loop.result()
        loop.cancel()
        self._stop_alarm()
        return self._is_over()

    def before_first(self) -> Iterable[tuple[str, object]]:
        """Give commands of the performer, with their ids, that stand before the very first act."""
        return ()

    def next_run(self) -> StreamStart:
        """Give what the next run starts with: the rules of now are among it."""
        rules = self._stream.state.rules.text
        return replace(self._start, envelope=None, carried=self._carry(), rules=rules)

    def _carry(self) -> Carried:
        carried = self._stream.carry(self._start.state_travels_up_to or STATE_TRAVELS_UP_TO)
        owed = [encode(Effect, each) for effects in self._busy.values() for each in effects]
        return replace(carried, owed=owed)

    # ------------------------------------------------------------ messages

    @workflow.update(name="act")
    async def act(self, envelope: Envelope) -> Answer:
        """Decide one act and answer when it is recorded."""
        await workflow.wait_condition(lambda: self._ready)
        self._updates += 1
        self._let_time_pass()
        try:
            answer = self._stream.submit(envelope, workflow.now(), self._build())
        except AndonError as error:
            raise refused(error) from error
        await workflow.wait_condition(lambda: self._stream.recorded >= answer.last)
        return answer

    @act.validator
    def check_act(self, envelope: Envelope) -> None:
        """Turn away what could never be an act of this stream; a refusal of the plan is no such.

        Raises ApplicationError before anything stands in the history.
        """
        if envelope.incident != self._start.incident or not envelope.command_id:
            raise ApplicationError(
                "This act is for another incident or case.", type="malformed", non_retryable=True
            )

    @workflow.signal(name="outcomes")
    async def outcomes(self, batch: OutcomeBatch) -> None:
        """Take what a performer reports, as a command of the performer."""
        await workflow.wait_condition(lambda: self._ready)
        self._let_time_pass()
        try:
            command = command_from_wire(batch.command)
        except AndonError as error:
            # Raised from here, it would stop every act and clock of the stream for ever.
            workflow.logger.error("what a performer reports cannot be read: %s", error)
            return
        self.submit_as(PERFORMER, batch.command_id, command, batch.sent_at)

    @workflow.query(name="state")
    def state(self) -> dict[str, Any]:
        """Give the live state, or its hash alone where it is large, and how far it is recorded.

        While entries are on their way to the ledger, `size` is ahead of `recorded`.
        """
        carried = self._carry()
        return {
            "state": carried.state,
            "sha256": carried.state_hash,
            "size": carried.size,
            "recorded": self._stream.recorded,
        }

    def submit_as(
        self,
        actor: Actor,
        command_id: str,
        command: object,
        sent_at: str = "",
        *,
        listed: Sequence[Wire] = (),
        templates: Sequence[Wire] = (),
    ) -> None:
        """Decide a command of the clock or a performer; a malformed one is only logged."""
        envelope = Envelope(
            command_id=command_id,
            incident=self._start.incident,
            actor=encode(Actor, actor),
            sent_at=sent_at or instant_text(workflow.now()),
            command=to_wire(command),
            listed=list(listed),
            templates=list(templates),
        )
        try:
            self._stream.submit(envelope, workflow.now(), self._build())
        except AndonError as error:
            workflow.logger.warning("a performer's command was refused: %s", error.code)
        if self._recording is not None or not self._stream.pending:
            # Nothing is recorded in this task, so nothing would say that it decided something.
            workflow.upsert_memo({DECIDED: self._stream.state.size})

    # ------------------------------------------------------------ the loop

    async def _keep_time_and_record(self) -> None:
        """Set the clock, then record, always in this order, whatever came first.

        One loop for both, because a worker that takes over may be given messages together that
        the worker before it was given one by one (docs/decisions/0013).
        """
        while True:
            await workflow.wait_condition(lambda: self._rang or self._is_misset() or self._is_due())
            if self._rang:
                self._rang = False
                self._let_time_pass()
            self._set_alarm()
            if self._recording is not None and self._recording.done():
                self._recording.result()
                self._recording = None
            if self._stream.pending and self._recording is None:
                self._recording = asyncio.create_task(self._record())

    def _is_due(self) -> bool:
        """Say whether the record has come back, or the next one may go."""
        return bool(self._stream.pending) if self._recording is None else self._recording.done()

    async def _record(self) -> None:
        """Record all that is pending as one batch; then let it act on the world."""
        decided, batch = self._stream.take_batch()
        batch = replace(batch, run=ids.run_of(workflow.info().workflow_id))
        self._stream.confirm(batch, await calls.record(batch))
        self._carry_out(
            effect
            for each in decided
            for effect in effects(each.after, each.entry.event, each.entry.mark())
        )
        self._show(decided[-1].after)

    def _carry_out(self, caused: Iterable[Effect]) -> None:
        for one_call in together(caused):
            task = asyncio.create_task(carry_out(self, one_call))
            self._busy[task] = one_call
            task.add_done_callback(self._is_done)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        """Let go of what was carried out; what was not, stands in the worker's log."""
        caused = self._busy.pop(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            names = ", ".join(f"{one.seq}:{one.name}:{one.target}" for one in caused)
            workflow.logger.error("not carried out: %s", names, exc_info=error)

    # ------------------------------------------------------------ the clock

    def _let_time_pass(self) -> None:
        """Let what is due by now pass before anything else is decided: a command of the clock.

        An act that comes after a due time meets it passed, even when no worker was there to ring.
        """
        rings_at = self._rings_at(self._stream.state)
        if rings_at is not None and rings_at <= workflow.now():
            self.submit_as(CLOCK, f"clock:{instant_text(workflow.now())}", PassTime())

    def _is_misset(self) -> bool:
        rings_at = self._rings_at(self._stream.state)
        return rings_at != (None if self._alarm is None else self._alarm[0])

    def _set_alarm(self) -> None:
        """Wake at the next of all due times; what stands until another time comes next."""
        if not self._is_misset():
            return
        self._stop_alarm()
        rings_at = self._rings_at(self._stream.state)
        if rings_at is not None:
            wait = max(rings_at - workflow.now(), timedelta()) + CLOCK_GRAIN
            seconds = min(wait, LONGEST_WAIT).total_seconds()
            self._alarm = rings_at, asyncio.get_running_loop().call_later(seconds, self._ring)

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm[1].cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._rang, self._alarm = True, None

    def _rings_at(self, state: S) -> datetime | None:
        """Say when the clock must look again; worked out once for each state."""
        if self._rung is None or self._rung[0] is not state:
            self._rung = (state, None if self._plot.is_over(state) else next_ring(state))
        return self._rung[1]

    # ------------------------------------------------------------ start, turn over, end

    def _open(self, envelope: Envelope) -> None:
        if self._start.carried is None:
            for command_id, command in self.before_first():
                self.submit_as(PERFORMER, command_id, command)
        try:
            self._stream.submit(envelope, workflow.now(), self._build(), recorded=True)
        except AndonError as error:
            raise refused(error) from error

    async def _read_back(self, carried: Carried) -> None:
        parts: list[str] = []
        more = True
        while more:
            chunk = await calls.read_state(
                StateRequest(self._start.incident, carried.size, sum(map(len, parts)))
            )
            parts.append(chunk.text)
            more = chunk.more
        try:
            self._stream = read_carried(self._stream, carried, "".join(parts))
        except AndonError as error:
            raise refused(error) from error

    def _is_over(self) -> bool:
        return self._plot.is_over(self._stream.state)

    def _is_recorded(self) -> bool:
        return (
            not self._stream.pending
            and self._stream.recorded == self._stream.state.size
            and workflow.all_handlers_finished()
        )

    def _is_quiet(self) -> bool:
        return self._is_recorded() and not self._busy

    def _may_end(self) -> bool:
        """Say whether the run may end: at its end when all is done, or to turn over.

        Turning over waits for effects that are on their way, but not for ever: what cannot reach
        its receiver now is carried over, long before the server would take no more updates.
        """
        if not self._is_recorded():
            return False
        if self._is_over():
            return self._is_quiet()
        limit = self._start.turn_over_after or TURN_OVER_AFTER
        if self._updates >= limit or workflow.info().is_continue_as_new_suggested():
            return self._is_quiet() or self._updates >= limit + limit // 4
        return False

    # ------------------------------------------------------------ small things

    def _build(self) -> str:
        return workflow.info().get_current_build_id() or "unnamed"

    def _show(self, state: S) -> None:
        """Keep the search attributes true to what is recorded: stage, grade, next due; no name."""
        shown = (*self._plot.words(state), self._rings_at(state))
        if shown == self._shown:
            return
        self._shown = shown
        stage, grade, rings_at = shown
        changes: list[Any] = [STAGE.value_set(stage), GRADE.value_set(grade)]
        changes.append(NEXT_DUE.value_unset() if rings_at is None else NEXT_DUE.value_set(rings_at))
        workflow.upsert_search_attributes(changes)

    @property
    def start(self) -> StreamStart:
        """What the run started with (for the performers)."""
        return self._start
