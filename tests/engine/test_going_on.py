"""What must not end an incident, and what must come back to it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.channels import ChannelOutcome, ReportOutcomes
from domain.envelope import OutcomeBatch
from domain.message import to_wire
from domain.people import Role
from domain.state import Incident, incident_text
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.replaying import replay
from services.verifying import verify
from storage import shop
from storage.database import Database, open_database
from tests.engine.running import (
    actor,
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, all_confirmed, problem
from workflows.ids import incident_workflow

QUALITY = actor(Role.QUALITY)
FACT = {"value": "12000", "as_of": "2026-11-22T02:00:00Z"}
QUALITY_HEAD = actor(Role.QUALITY_SAFETY_RESPONSIBLE)


@asynccontextmanager
async def bench(database: Database, home: Path) -> AsyncIterator[Bench]:
    """A server and a house, without a worker."""
    furnish(database, shop_channels(3))
    ring = KeyRing.create(home / "ring.json")
    async with shared_server() as env:
        client = await open_client(env, ring)
        yield Bench(env, client, house_of(client, database, ring, home), ring, database)


def resumed(state: Incident) -> bool:
    return all(halt.state == "resumed" for halt in state.halt.channels.values())


def test_channels_that_sell_again_say_so_in_the_ledger(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            number = await report(here.house, AGENT, problem())
            await here.until(number.id, all_confirmed)
            await act(here.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
            sample = {
                "what": "A jar of lot L1",
                "source": "Retained samples",
                "taken_at": "2026-11-20T08:00:00Z",
                "place": "Plant",
                "storage": "Fridge 2",
            }
            await act(here.house, QUALITY, number.id, Sent("collect_evidence", sample, "e1"))
            basis = {"basis": "The laboratory found nothing."}
            await act(here.house, COMMANDER, number.id, Sent("resume_sale", basis, "a2"))
            sign = Sent("sign_act", {"act": "A1"}, "a3")
            await act(here.house, QUALITY_HEAD, number.id, sign)
            await here.until(number.id, resumed)
            assert all(each.on_sale for each in shop.list_listings(database.ledger))

    asyncio.run(story())


def test_a_worker_over_the_wrong_database_ends_no_incident(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        wrong = open_database(f"sqlite:///{tmp_path / 'wrong' / 'andon.db'}")
        wrong.migrate()
        async with bench(database, tmp_path) as here:
            number = await report(here.house, AGENT, problem())
            async with working(here.client, wrong, here.ring):
                await asyncio.sleep(1)
            async with working(here.client, database, here.ring):
                await here.until(number.id, all_confirmed)
        wrong.close()

    asyncio.run(story())


def test_an_act_that_arrives_with_the_report_waits_for_it(
    database: Database, tmp_path: Path
) -> None:
    """Both wait for a worker; the handler of the act would run before the workflow does."""

    async def story() -> None:
        async with bench(database, tmp_path) as here:
            number = await report(here.house, AGENT, problem())
            accept = act(here.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
            accepting = asyncio.create_task(accept)
            await asyncio.sleep(1)
            async with working(here.client, database, here.ring):
                answer = await accepting
            assert answer.events[0] == "ReportDecided"

    asyncio.run(story())


def test_a_cancellation_from_outside_the_plan_ends_nothing(
    database: Database, tmp_path: Path
) -> None:
    """Who reaches the server's port may ask for it; a recall does not end by that."""

    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            number = await report(here.house, AGENT, problem())
            await here.until(number.id, all_confirmed)
            handle = here.client.get_workflow_handle(incident_workflow(number.id))
            await handle.cancel()
            await act(here.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
            await handle.cancel()
            seen = await here.until(number.id, lambda state: state.report.status == "accepted")
            told = await handle.describe()
            assert told.status == WorkflowExecutionStatus.RUNNING
            replayed = await replay(await handle.fetch_history(), here.ring)
            assert (replayed.size, replayed.sha256) == (seen.row.size, _hash_of(seen.state))

    asyncio.run(story())


def test_a_report_of_a_performer_that_nobody_can_read_stops_nothing(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            number = await report(here.house, AGENT, problem())
            await here.until(number.id, all_confirmed)
            handle = here.client.get_workflow_handle(incident_workflow(number.id))
            said = ChannelOutcome(
                channel="own_shop-1", order=1, state="refused", attempts=1, error="no\x1b[31m"
            )
            for command in (to_wire(ReportOutcomes(outcomes=(said,))), {"type": "unheard_of"}):
                await handle.signal("outcomes", OutcomeBatch("odd", command))
            await act(here.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
            seen = await here.until(number.id, lambda state: state.report.status == "accepted")
            replayed = await replay(await handle.fetch_history(), here.ring)
            assert replayed.size == seen.row.size

    asyncio.run(asyncio.wait_for(story(), 60))


@pytest.mark.parametrize("times", [1, 2])
def test_an_incident_whose_workflow_was_ended_goes_on_with_the_next_act(
    database: Database, tmp_path: Path, times: int
) -> None:
    """The ledger is whole and the incident open: the next run begins from what is recorded."""

    async def story() -> None:
        async with (
            bench(database, tmp_path) as here,
            working(here.client, database, here.ring),
        ):
            number = await report(here.house, AGENT, problem())
            await here.until(number.id, all_confirmed)
            for run in range(1, times + 1):
                await here.client.get_workflow_handle(incident_workflow(number.id, run)).terminate()
                sent = [
                    Sent("record_fact", {**FACT, "key": f"fact.{run}.{n}"}, f"f{run}.{n}")
                    for n in range(3)
                ]
                for one in sent:
                    assert (await act(here.house, QUALITY, number.id, one)).events
            handle = here.client.get_workflow_handle(incident_workflow(number.id, times + 1))
            assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
            assert verify(here.house, number.id).faults == ()

    asyncio.run(story())


def _hash_of(state: Incident | None) -> str:
    assert state is not None
    return hashlib.sha256(incident_text(state).encode()).hexdigest()
