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
from domain.envelope import (
    FOLLOWED,
    ChannelOrder,
    ChannelReply,
    HaltStart,
    OutcomeBatch,
    Settled,
)
from domain.message import to_wire
from workflows import calls, ids
from workflows.reporting import Bearer, why_not

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
DONE = {"halt": "confirmed", "resume": "resumed"}
NAMED = "answers-name-what-resumes"
"""Before this patch an answer to an order to resume did not say which one it is about."""

EACH_ITS_KEY = "each-order-of-an-entry-has-its-key"
"""Before this patch several orders that left by one entry had one key at a channel: one counted."""

TOGETHER = 16
"""Channels whose first orders go out in one activity: one for each took four times as long."""

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
        carriers = [
            asyncio.create_task(self._carry_together(open_channels[first : first + TOGETHER]))
            for first in range(0, len(open_channels), TOGETHER)
        ]
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

    async def _carry_together(self, channels: list[str]) -> None:
        """Bring the first orders together; then each channel is carried by itself."""
        new = [channel for channel in channels if channel not in self._told]
        refused = set()
        if new:
            self._under_way += len(new)
            for outcome in await self._first(new):
                self._note(outcome)
                if outcome.state == "refused":
                    refused.add(outcome.channel)
            self._under_way -= len(new)
        await asyncio.gather(
            *(self._carry(channel, refused=channel in refused) for channel in channels)
        )

    async def _carry(self, channel: str, *, refused: bool) -> None:
        """Bring the order until the channel takes it; then wait until it is settled.

        Who failed in the first moment is tried alone at once; who refused has a moment.
        """
        attempts, pause = 1, FIRST_PAUSE
        if refused:
            await self._pause(channel, pause)
        while channel not in self._settled and channel not in self._told:
            attempts += 1
            self._under_way += 1
            outcome = await self._attempt(channel, attempts)
            self._under_way -= 1
            if not self._note(outcome):
                await self._pause(channel, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        await workflow.wait_condition(lambda: channel in self._settled)

    def _note(self, outcome: ChannelOutcome) -> bool:
        """Keep what an attempt led to; say whether the channel took the order."""
        if not outcome.state:
            return False
        if outcome.state == FOLLOWED:  # another carries it here, and tells what comes of it
            self._told[outcome.channel] = None
            return True
        self._news.append(outcome)
        if outcome.state == DONE[self._start.action]:
            self._settled.add(outcome.channel)
        elif outcome.state == "accepted":
            self._told[outcome.channel] = None
        else:
            return False
        return True

    async def _pause(self, channel: str, pause: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: channel in self._settled, timeout=pause)
        except TimeoutError:
            return

    async def _first(self, channels: list[str]) -> list[ChannelOutcome]:
        try:
            replies = await calls.order_channels([self._order(channel) for channel in channels])
        except ActivityError:
            workflow.logger.warning("no order went out together; each is carried alone")
            return []
        return [
            self._outcome(channel, 1, reply)
            for channel, reply in zip(channels, replies, strict=True)
        ]

    def _order(self, channel: str) -> ChannelOrder:
        start = self._start
        return ChannelOrder(
            effect_key=ids.effect_key(start.incident_workflow, start.seq, self._what(), channel),
            incident=start.incident,
            channel=channel,
            action=start.action,
            order=start.order,
            products=start.products,
            lots=start.lots,
            drill=start.drill,
            level=start.level,
            kept=start.kept,
            seq=start.seq,
        )

    def _what(self) -> str:
        """Name what leaves by an entry: several orders go out anew by one, or are to resume."""
        name = ids.carried_by(workflow.info().workflow_id)
        if not name or not workflow.patched(EACH_ITS_KEY):
            return self._start.action
        return f"{self._start.action}/{name}"

    async def _attempt(self, channel: str, attempts: int) -> ChannelOutcome:
        try:
            reply = await calls.order_channel(self._order(channel))
        except ActivityError as error:
            reply = ChannelReply("failed", error=why_not(error))
        return self._outcome(channel, attempts, reply)

    def _outcome(self, channel: str, attempts: int, reply: ChannelReply) -> ChannelOutcome:
        return ChannelOutcome(
            channel=channel,
            order=self._start.order,
            state=reply.state,
            attempts=attempts,
            proof=reply.proof,
            error=reply.error,
            units=reply.units,
            orders=reply.orders,
            order_units=reply.order_units,
            resume=self._resume(),
            all_held=reply.all_held,
        )

    def _resume(self) -> str:
        """Name the order to resume that this run carries; nothing for an order to stop."""
        if self._start.action != "resume" or not workflow.patched(NAMED):
            return ""
        return ids.resume_of(workflow.info().workflow_id)

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
