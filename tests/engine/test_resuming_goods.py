"""One lot sells again: what each channel is told, on skipped time, until nobody carries anything.

The retailer does what it is told, and answers at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import WorkflowExecutionStatus

from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import Address
from integrations.key_ring import KeyRing
from services.acting import report
from services.drill_clock import settle, skipped_time
from services.simulating import connect, server_binary
from storage import catalog
from storage.database import Database
from tests.engine.running import furnish, house_of, shop_channels, working
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from tests.engine.test_resuming import MILD, QUALITY, QUALITY_HEAD, RETAILER, Acts, Stopped
from workflows.ids import halt_again_workflow, halt_workflow, resume_workflow

Told = tuple[str, int, tuple[str, ...]]


class Obedient(Stopped):
    """A retailer that does what it is told; keeps what that was, with the lots."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Do it."""
        self.brought.append(order.action)
        self.told.append((order.action, order.order, tuple(order.lots)))
        return ChannelReply("confirmed" if order.action == "halt" else "resumed", proof="Done.")


@asynccontextmanager
async def reported(
    database: Database, home: Path, queue: str, retailer: "Obedient | Away"
) -> AsyncIterator[Acts]:
    """Give an incident of two lots that was just reported, over one retailer."""
    furnish(database, shop_channels(1, "retailer", "obedient"))
    ring = KeyRing.create(home / "ring.json")
    async with skipped_time(server_binary()) as env:
        client = await connect(env, queue, ring)
        bench = Bench(env, client, house_of(client, database, ring, home), ring, database)
        async with working(client, database, ring, channels={"obedient": retailer}):
            told = problem(answers=MILD, lots=["L1", "L2"])
            number = await report(bench.house, AGENT, told)
            await settle(env)
            yield Acts(bench, number.id, retailer)


def test_a_channel_is_told_what_is_left_and_what_is_free_and_ends_under_what_is_left(
    database: Database, tmp_path: Path
) -> None:
    asyncio.run(_one_lot_sells_again(database, tmp_path))


async def _one_lot_sells_again(database: Database, home: Path) -> None:
    retailer = Obedient()
    async with reported(database, home, "resuming-goods", retailer) as acts:
        await _halts_and_frees(acts)
        whole, left = acts.now().halt.orders[-2:]
        anew = acts.now().halt.channels[RETAILER].again[-1]
        assert (left.part_of, left.lots) == (whole.number, ("L2",))
        goes_on = ("halt", left.number, ("L2",))
        assert retailer.told[0] == ("halt", whole.number, ("L1", "L2"))
        assert sorted(retailer.told[1:3]) == [goes_on, ("resume", 0, ("L1",))]
        assert retailer.told[3:] == [goes_on], "what it still stops is said last"
        assert acts.stands() == "confirmed"
        for performer in (
            halt_workflow(acts.incident, whole.number),
            halt_workflow(acts.incident, left.number),
            resume_workflow(acts.incident, "1"),
            halt_again_workflow(acts.incident, anew.order, anew.seq),
        ):
            assert await acts.status(performer) == WorkflowExecutionStatus.COMPLETED
        await acts.pass_days(7)
        assert len(retailer.told) == 4


async def _halts_and_frees(acts: Acts) -> None:
    await acts(COMMANDER, "accept_report")
    await acts(COMMANDER, "order_halt", level="H3", reason="To be sure.")
    sample = {"what": "Jar of L1", "source": "Shelf", "place": "Shop 1", "storage": "Fridge"}
    taken_at = (await acts.bench.env.get_current_time()).isoformat()
    await acts(QUALITY, "collect_evidence", **sample, taken_at=taken_at)
    freed = {"basis": "L1 is of another bulk.", "levels": ["H3"], "lots": ["L1"]}
    await acts(COMMANDER, "resume_sale", **freed)
    await acts(QUALITY_HEAD, "sign_act", act=list(acts.now().pending)[-1])


class Away(Obedient):
    """A retailer whose till is not unblocked for some days; it stops what it is told to stop."""

    is_back = False

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Do it, or say that nothing can be unblocked yet."""
        if order.action == "resume" and not self.is_back:
            self.brought.append(order.action)
            return ChannelReply("refused", error="The till cannot be unblocked yet.")
        return super().bring(order, address)


def test_what_was_signed_comes_back_days_after_an_order_for_other_goods(
    database: Database, tmp_path: Path
) -> None:
    asyncio.run(_comes_back_beside_an_order(database, tmp_path))


async def _comes_back_beside_an_order(database: Database, home: Path) -> None:
    retailer = Away()
    async with reported(database, home, "resuming-beside", retailer) as acts:
        catalog.put_lots(
            database.ledger, [catalog.Lot(id="cream/L3", product="cream", number="L3")]
        )
        await _halts_and_frees(acts)
        await acts(COMMANDER, "order_halt", level="H3", lots=["L3"], reason="To be sure.")
        await acts.pass_days(1)
        [waits] = acts.now().halt.channels[RETAILER].under_way
        assert (waits.resume, waits.lots, bool(waits.error)) == ("1", ("L1",), True)
        resume = resume_workflow(acts.incident, "1")
        assert await acts.status(resume) == WorkflowExecutionStatus.RUNNING
        retailer.is_back = True
        await acts.pass_days(1)
        assert ("resume", 0, ("L1",)) in retailer.told
        assert acts.now().halt.channels[RETAILER].under_way == ()
        assert await acts.status(resume) == WorkflowExecutionStatus.COMPLETED
        assert acts.stands() == "confirmed"


def test_a_later_order_to_resume_the_rest_leaves_the_earlier_one_on_its_way(
    database: Database, tmp_path: Path
) -> None:
    asyncio.run(_both_get_there(database, tmp_path))


async def _both_get_there(database: Database, home: Path) -> None:
    retailer = Away()
    async with reported(database, home, "resuming-later", retailer) as acts:
        await _halts_and_frees(acts)
        await acts(COMMANDER, "resume_sale", basis="All is sound.", levels=["H3"])
        await acts(QUALITY_HEAD, "sign_act", act=list(acts.now().pending)[-1])
        both = [resume_workflow(acts.incident, one) for one in "12"]
        waits = acts.now().halt.channels[RETAILER].under_way
        assert [(one.resume, one.lots) for one in waits] == [("1", ("L1",)), ("2", ("L2",))]
        assert {await acts.status(one) for one in both} == {WorkflowExecutionStatus.RUNNING}
        retailer.is_back = True
        await acts.pass_days(1)
        assert acts.stands() == "resumed"
        assert {await acts.status(one) for one in both} == {WorkflowExecutionStatus.COMPLETED}
