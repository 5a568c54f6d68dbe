"""Performers that are still at it when their incident is sealed: what they find is not lost."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowExecutionStatus

from domain.envelope import ChannelOrder, ChannelReply
from domain.people import Actor, Role
from domain.state import Incident
from integrations.channels import Address
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.reading import see
from storage.database import Database
from storage.schema import publications
from tests.domain.texts import EVERYTHING
from tests.engine.running import (
    actor,
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_publishing import AUTHOR, BODY, PR_LEAD
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from workflows.ids import halt_workflow, publish_workflow

QUALITY = actor(Role.QUALITY)
QUALITY_HEAD = actor(Role.QUALITY_SAFETY_RESPONSIBLE)
LEGAL = actor(Role.LEGAL)
MILD = {
    "worst_outcome": "none",
    "people": 0,
    "whereabouts": "own_control",
    "fault": "pack_label_cosmetic",
}


class SlowRetailer:
    """A retailer whose system takes an order and answers when somebody has woken it."""

    def __init__(self) -> None:
        self.woken = threading.Event()

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Answer late, and yes."""
        assert self.woken.wait(60), f"nobody woke {address.name} for order {order.order}"
        return ChannelReply("confirmed", proof="till blocked")


class Acts:
    """Acts on one incident, each under a key of its own."""

    def __init__(self, bench: Bench, incident: str, retailer: SlowRetailer) -> None:
        self.bench, self.incident, self.retailer, self.acts = bench, incident, retailer, 0

    async def __call__(self, who: Actor, command: str, **body: Any) -> None:
        self.acts += 1
        await act(self.bench.house, who, self.incident, Sent(command, body, f"k{self.acts}"))

    def now(self) -> Incident:
        state = see(self.bench.house, COMMANDER, self.incident).state
        assert state is not None
        return state

    async def seals(self) -> None:
        """Close with what is open, and wait until the run has ended."""
        await self(COMMANDER, "close_incident", summary="A label.", reason_for_open_items="None.")
        for who in (QUALITY_HEAD, LEGAL):
            await self(who, "sign_act", act=list(self.now().pending)[-1])
        sealed = self.bench.client.get_workflow_handle(f"{self.incident}/1")
        assert await sealed.result() == "sealed"

    async def reopens(self) -> None:
        await self(QUALITY, "reopen_incident", new_fact="Another person called.")

    async def ends(self, performer: str) -> None:
        """Wait until a performer has ended well."""
        handle = self.bench.client.get_workflow_handle(performer)
        await asyncio.wait_for(handle.result(), 30)
        described = await handle.describe()
        assert described.status == WorkflowExecutionStatus.COMPLETED


def told(story: Callable[[Acts], Awaitable[None]], database: Database, home: Path) -> None:
    """Tell it on a mild report with one retailer, who is slow."""

    async def whole() -> None:
        furnish(database, shop_channels(1, "retailer", "slow"))
        ring, retailer = KeyRing.create(home / "ring.json"), SlowRetailer()
        async with shared_server() as env:
            client = await open_client(env, ring)
            bench = Bench(env, client, house_of(client, database, ring, home), ring, database)
            with ExitStack() as stack:
                stack.callback(retailer.woken.set)
                async with working(client, database, ring, channels={"slow": retailer}):
                    number = await report(bench.house, AGENT, problem(answers=MILD))
                    acts = Acts(bench, number.id, retailer)
                    await bench.until(number.id, lambda state: state.report.status == "received")
                    await acts(COMMANDER, "accept_report")
                    await story(acts)
                    stack.close()

    asyncio.run(whole())


def test_a_shop_that_stops_after_the_seal_is_on_the_record_once_reopened(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Acts) -> None:
        await acts(COMMANDER, "order_halt", level="H3", reason="To be sure.")
        await acts.seals()
        acts.retailer.woken.set()
        await asyncio.sleep(1)
        await acts.reopens()
        await acts.bench.until(
            acts.incident, lambda s: s.halt.channels["retailer-1"].state == "confirmed"
        )
        await acts.ends(halt_workflow(acts.incident, len(acts.now().halt.orders)))

    told(story, database, tmp_path)


def test_a_text_that_comes_out_after_the_seal_is_on_the_record_once_reopened(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Acts) -> None:
        text = {"language": "zh-CN", "title": "首次回应", "body": BODY}
        draft = {"kind": "holding", "markets": ["CN"], "texts": [text], "preliminary": True}
        await acts(AUTHOR, "draft_statement", **draft)
        bytes_of = {"statement": "S1", "sha256": acts.now().statement.statements["S1"].sha256}
        await acts(AUTHOR, "ask_for_review", **bytes_of)
        for slot in acts.now().statement.statements["S1"].slots:
            who = actor(slot.roles[0], name=f"approver.{slot.row}")
            await acts(who, "approve_statement", **bytes_of, slot=slot.key)
        publications.drop(database.ledger)
        try:
            await acts(
                PR_LEAD, "publish_statement", **bytes_of, places=["site"], confirmed=EVERYTHING
            )
            await acts.seals()
        finally:
            publications.create(database.ledger)
        await acts.reopens()
        await acts.bench.until(
            acts.incident,
            lambda s: s.statement.statements["S1"].places["site"].state == "published",
        )
        await acts.ends(publish_workflow(acts.incident, "S1", 1))

    told(story, database, tmp_path)
