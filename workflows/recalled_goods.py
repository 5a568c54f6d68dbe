"""Tells whoever keeps books of goods what a recall takes back now, until each of them has it.

What belongs here: attempts, waiting, saying to people that one has not heard for long. What never
does: what is told (activities/channels.py). No incident waits for it: one that is sealed ends its
run, and one that goes on turns over, while a system of books is away.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.envelope import RecallTelling, RecallTold, Told
from domain.recalled_goods import untold
from domain.wire import instant_text, read_instant
from workflows import calls
from workflows.reporting import why_not

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=30)
SAID_AFTER: Final = timedelta(hours=1)
"""So long a system may be away before people hear of it, once."""


@workflow.defn(name="TellRecalled")
class TellRecalledWorkflow:
    """What one entry changed of what is recalled, told to all channels of orders that stand."""

    @workflow.init
    def __init__(self, start: RecallTelling) -> None:
        """Set up before any channel is told."""
        self._told = start.told
        self._since = read_instant(start.since) if start.since else workflow.now()
        self._heard = set(start.heard)
        self._said_of = set(start.said_of)

    @workflow.run
    async def run(self, start: RecallTelling) -> str:
        """Tell each channel by itself: one that is slow or away keeps no other waiting."""
        channels = dict.fromkeys(one for row in start.told.orders for one in row["channels"])
        await asyncio.gather(*(self._carry(channel) for channel in channels))
        if self._heard.issuperset(channels):
            return f"{len(channels)} channels told"
        return workflow.continue_as_new(
            RecallTelling(
                told=start.told,
                heard=sorted(self._heard),
                since=instant_text(self._since),
                said_of=sorted(self._said_of),
            )
        )

    async def _carry(self, channel: str) -> None:
        """Tell one channel until it has heard; a run that grows long ends before."""
        pause = FIRST_PAUSE
        while channel not in self._heard and not workflow.info().is_continue_as_new_suggested():
            try:
                await calls.tell_channel_recalled(channel, _for_channel(self._told, channel))
                self._heard.add(channel)
            except ActivityError as error:
                await self._say(channel, why_not(error))
                await workflow.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _say(self, channel: str, why: str) -> None:
        """Say to people once that a channel has not heard for long; it is tried all the same."""
        if channel in self._said_of or workflow.now() - self._since < SAID_AFTER:
            return
        told = self._told
        key = f"{told.key}:{channel}:untold"
        try:
            await calls.tell([Told(key, told.incident, told.drill, untold(channel, why))])
        except ActivityError as error:
            workflow.logger.error("nobody heard that %s was not told: %s", channel, error)
        self._said_of.add(channel)


def _for_channel(told: RecallTold, channel: str) -> RecallTold:
    """Give what one channel hears: its own orders, under the keys that they always have."""
    rows = [{**row, "channels": [channel]} for row in told.orders if channel in row["channels"]]
    return replace(told, orders=rows)
