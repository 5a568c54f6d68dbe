"""Selling again at a channel that never answers, on skipped time: it is tried until a person says.

The retailer stops when told to, and its system takes no order to sell again. Days pass.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowExecutionStatus

from domain.channel_answers import ended_at
from domain.envelope import ChannelOrder, ChannelReply
from domain.people import Actor, Role
from domain.state import Incident
from integrations.channels import Address
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.answer_links import ANSWERS, answer, find, path_of
from services.drill_clock import settle, skip_to, skipped_time
from services.reading import see
from services.simulating import connect, server_binary
from storage.database import Database
from tests.engine.running import actor, furnish, house_of, shop_channels, working
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from workflows.ids import halt_workflow, resume_workflow

QUALITY = actor(Role.QUALITY)
QUALITY_HEAD = actor(Role.QUALITY_SAFETY_RESPONSIBLE)
CHANNELS = actor(Role.CHANNEL_LEAD)
RETAILER = "retailer-1"
MILD = {
    "worst_outcome": "none",
    "people": 0,
    "whereabouts": "own_control",
    "fault": "pack_label_cosmetic",
}


class Stopped:
    """A retailer whose system blocks the till, and refuses to open it again."""

    def __init__(self) -> None:
        self.brought: list[str] = []

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Confirm a halt, refuse everything else."""
        self.brought.append(order.action)
        if order.action == "halt":
            return ChannelReply("confirmed", proof="Till blocked.")
        return ChannelReply("refused", error=f"{address.name} cannot unblock a till.")


class Written(Stopped):
    """A retailer that is written to: a letter is handed over, and who reads it says so or not."""

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Hand the letter over, whatever it says."""
        self.brought.append(order.action)
        return ChannelReply("accepted", proof=f"Handed over for {address.name}.")


class Acts:
    """Acts on one incident, each under a key of its own, and what they started."""

    def __init__(self, bench: Bench, incident: str, retailer: Stopped) -> None:
        self.bench, self.incident, self.retailer, self.acts = bench, incident, retailer, 0

    async def __call__(self, who: Actor, command: str, **body: Any) -> None:
        self.acts += 1
        await act(self.bench.house, who, self.incident, Sent(command, body, f"k{self.acts}"))
        await settle(self.bench.env)

    def now(self) -> Incident:
        state = see(self.bench.house, COMMANDER, self.incident).state
        assert state is not None
        return state

    def stands(self) -> str:
        return self.now().halt.channels[RETAILER].state

    async def pass_days(self, days: int) -> int:
        """Let days pass; gives how often the retailer was told to sell again meanwhile."""
        before = self.retailer.brought.count("resume")
        at = await self.bench.env.get_current_time() + timedelta(days=days)
        await skip_to(self.bench.env, at)
        return self.retailer.brought.count("resume") - before

    async def status(self, performer: str) -> WorkflowExecutionStatus | None:
        return (await self.bench.client.get_workflow_handle(performer).describe()).status

    async def halts_and_resumes(self) -> None:
        """Halt at the retailer, confirm it, and sell again by two signatures."""
        await self(COMMANDER, "accept_report")
        await self(COMMANDER, "order_halt", level="H3", reason="To be sure.")
        if self.stands() != "confirmed":
            await self(CHANNELS, "confirm_channel", channel=RETAILER, proof="I called them.")
        sample = {"what": "Jar of L1", "source": "Shelf", "place": "Shop 1", "storage": "Fridge"}
        taken_at = (await self.bench.env.get_current_time()).isoformat()
        await self(QUALITY, "collect_evidence", **sample, taken_at=taken_at)
        await self(COMMANDER, "resume_sale", basis="The laboratory found nothing.")
        await self(QUALITY_HEAD, "sign_act", act=list(self.now().pending)[-1])
        assert self.stands() == "resuming"


def told(
    story: Callable[[Acts], Awaitable[None]],
    database: Database,
    home: Path,
    retailer: Stopped | None = None,
) -> None:
    """Tell it on a mild report with one retailer, on a server that skips time."""

    async def whole() -> None:
        furnish(database, shop_channels(1, "retailer", "stopped"))
        ring, there = KeyRing.create(home / "ring.json"), retailer or Stopped()
        async with skipped_time(server_binary()) as env:
            client = await connect(env, "resuming", ring)
            bench = Bench(env, client, house_of(client, database, ring, home), ring, database)
            async with working(client, database, ring, channels={"stopped": there}):
                number = await report(bench.house, AGENT, problem(answers=MILD))
                acts = Acts(bench, number.id, there)
                await settle(env)
                await story(acts)

    asyncio.run(whole())


def test_a_person_confirms_that_a_channel_sells_again_and_nobody_carries_the_order_on(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Acts) -> None:
        await acts.halts_and_resumes()
        resuming = resume_workflow(acts.incident, "1")
        assert await acts.pass_days(2) > 10
        assert await acts.status(resuming) == WorkflowExecutionStatus.RUNNING
        await acts(CHANNELS, "confirm_resumed", channel=RETAILER, proof="I saw it on the shelf.")
        assert acts.stands() == "resumed"
        assert await acts.status(resuming) == WorkflowExecutionStatus.COMPLETED
        assert await acts.pass_days(7) == 0

    told(story, database, tmp_path)


def test_a_new_halt_ends_the_order_to_sell_again(database: Database, tmp_path: Path) -> None:
    async def story(acts: Acts) -> None:
        await acts.halts_and_resumes()
        await acts(COMMANDER, "order_halt", level="H3", reason="It happened again.")
        last = acts.now().halt.orders[-1].number
        assert await acts.status(resume_workflow(acts.incident, "1")) == (
            WorkflowExecutionStatus.COMPLETED
        )
        assert await acts.status(halt_workflow(acts.incident, last)) == (
            WorkflowExecutionStatus.COMPLETED
        )
        assert await acts.pass_days(7) == 0
        assert acts.retailer.brought[-1] == "halt"
        assert acts.stands() == "confirmed"

    told(story, database, tmp_path)


def test_a_letter_to_sell_again_is_told_until_somebody_says_that_it_was_followed(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Acts) -> None:
        await acts.halts_and_resumes()
        resuming = resume_workflow(acts.incident, "1")
        assert await acts.status(resuming) == WorkflowExecutionStatus.COMPLETED
        assert await acts.pass_days(7) == 0, "it is not sent again and again"
        assert acts.stands() == "resuming", "and that it was sent says nothing"
        path = path_of(acts.bench.house, acts.incident, RETAILER, ended_at(acts.now(), RETAILER))
        asked = find(acts.bench.house, path.removeprefix(ANSWERS))
        assert asked is not None
        assert asked.resumes
        said = {"answer": "resumed", "answered_by": "Wang Fang"}
        await answer(acts.bench.house, asked, path, said, seen="resumed")
        assert acts.stands() == "resumed"

    told(story, database, tmp_path, Written())
