"""Carries one order set to its channels: in parallel, again and again, until each is settled.

What belongs here: attempts, waiting, reporting outcomes in batches. What never does: deciding that
a channel may be given up (a named person takes it over). Forward recovery: an ill channel is tried
again and shown; it never delays or undoes the others.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.channels import ChannelOutcome, ReportOutcomes
from domain.envelope import ChannelOrder, HaltStart, OutcomeBatch, Settled
from domain.message import to_wire
from workflows import calls, ids
from workflows.reporting import Bearer

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
DONE = {"halt": "confirmed", "resume": "resumed"}
NEWS_WITHIN = timedelta(seconds=1)
"""How long answers are gathered while others are on their way: every batch is a task and a record
of the incident, in the very second in which orders go out."""


@workflow.defn(name="Halt")
class HaltWorkflow:
    """One order set: `action` is `halt` or `resume`."""

    @workflow.init
    def __init__(self, start: HaltStart) -> None:
        """Set up before any signal can come."""
        self._start = start
        self._settled = set(start.settled)
        self._told = dict.fromkeys(start.told)
        self._news: list[ChannelOutcome] = []
        self._held = list(start.held)
        self._bearer = Bearer(start)
        self._under_way = 0
        self._batches = 0

    @workflow.run
    async def run(self, start: HaltStart) -> str:
        """Carry every order; end when every channel is settled and reported."""
        open_channels = [c for c in start.channels if c not in self._settled]
        carriers = [asyncio.create_task(self._carry(channel)) for channel in open_channels]
        reporter = asyncio.create_task(self._report())
        await workflow.wait_condition(
            lambda: (all(task.done() for task in carriers) and self._is_told()) or self._is_long()
        )
        if self._is_long() and not (all(task.done() for task in carriers) and self._is_told()):
            await workflow.wait_condition(lambda: self._is_told() or self._bearer.waits)
            workflow.continue_as_new(self._next_run())
        await workflow.wait_condition(workflow.all_handlers_finished)
        reporter.cancel()
        return f"{len(start.channels)} channels settled"

    @workflow.signal(name="settle")
    def settle(self, settled: Settled) -> None:
        """Stop carrying one channel: confirmed, taken over, or to be resumed."""
        self._settled.add(settled.channel)

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _is_told(self) -> bool:
        return not self._news and not self._held

    def _next_run(self) -> HaltStart:
        if self._news:
            self._hold(self._news)
        start = self._start
        return HaltStart(
            incident=start.incident,
            incident_workflow=start.incident_workflow,
            seq=start.seq,
            order=start.order,
            action=start.action,
            products=start.products,
            lots=start.lots,
            channels=start.channels,
            drill=start.drill,
            level=start.level,
            kept=start.kept,
            settled=sorted(self._settled),
            told=list(self._told),
            held=self._held,
        )

    async def _carry(self, channel: str) -> None:
        """Bring the order until the channel takes it; then wait until it is settled."""
        attempts, pause = 0, FIRST_PAUSE
        accepted = channel in self._told
        while channel not in self._settled and not accepted:
            attempts += 1
            self._under_way += 1
            outcome = await self._attempt(channel, attempts)
            self._under_way -= 1
            self._news.append(outcome)
            if outcome.state == DONE[self._start.action]:
                self._settled.add(channel)
            elif outcome.state == "accepted":
                self._told[channel] = None
                accepted = True
            else:
                await self._pause(channel, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        await workflow.wait_condition(lambda: channel in self._settled)

    async def _pause(self, channel: str, pause: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: channel in self._settled, timeout=pause)
        except TimeoutError:
            return

    async def _attempt(self, channel: str, attempts: int) -> ChannelOutcome:
        start = self._start
        order = ChannelOrder(
            effect_key=ids.effect_key(start.incident_workflow, start.seq, start.action, channel),
            incident=start.incident,
            channel=channel,
            action=start.action,
            order=start.order,
            products=start.products,
            lots=start.lots,
            drill=start.drill,
            level=start.level,
            kept=start.kept,
        )
        try:
            reply = await calls.order_channel(order)
        except ActivityError as error:
            said = str(error.cause or error)[:300]
            return ChannelOutcome(
                channel=channel, order=start.order, state="failed", attempts=attempts, error=said
            )
        return ChannelOutcome(
            channel=channel,
            order=start.order,
            state=reply.state,
            attempts=attempts,
            proof=reply.proof,
            error=reply.error,
            units=reply.units,
            orders=reply.orders,
            order_units=reply.order_units,
        )

    async def _report(self) -> None:
        """Send what is new to the incident, in batches, each counted once."""
        while True:
            await workflow.wait_condition(lambda: not self._is_told())
            if not self._held:
                if self._under_way:
                    with suppress(TimeoutError):
                        await workflow.wait_condition(
                            lambda: not self._under_way, timeout=NEWS_WITHIN
                        )
                self._hold(self._news)
                self._news = []
            await self._bearer.bring(self._held[0])
            self._held = self._held[1:]

    def _hold(self, news: list[ChannelOutcome]) -> None:
        self._batches += 1
        batch = OutcomeBatch(
            command_id=f"{workflow.info().run_id}:{self._batches}",
            command=to_wire(ReportOutcomes(outcomes=tuple(news))),
        )
        self._held = [*self._held, batch]
