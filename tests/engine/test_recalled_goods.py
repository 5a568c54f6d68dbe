"""Books that are away when a recall is decided: nobody waits for them, and they hear it in the end."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.common import RetryPolicy

from domain.envelope import ChannelOrder, ChannelReply, RecallTelling, RecallTold
from domain.errors import NotConfirmed
from domain.people import Role
from domain.recall_scope import SetScope
from domain.wire import encode, instant_text
from integrations.channels import Address, ChannelGateway
from integrations.key_ring import KeyRing
from services.acting import report
from storage import outbox
from storage.database import Database
from storage.people import Person, save_person
from tests.domain.recalls import evaluation, recall, scope
from tests.engine.running import (
    actor,
    embedded_server,
    furnish,
    house_of,
    open_client,
    shop_channels,
    working,
)
from tests.engine.test_outliving import MILD, QUALITY, QUALITY_HEAD, Acts, SlowRetailer
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem
from workflows import calls, recalled_goods
from workflows.ids import TASK_QUEUE, incident_workflow

BOSS, ASSESSOR = actor(Role.LEGAL_REPRESENTATIVE), actor(Role.SAFETY_ASSESSOR)


@dataclass
class Books:
    """Systems of books, of which one is away and one hangs until they are back."""

    back: threading.Event = field(default_factory=threading.Event)
    heard: list[str] = field(default_factory=list)
    tries: int = 0

    def bring(self, _order: ChannelOrder, _address: Address) -> ChannelReply:
        """Take every order."""
        return ChannelReply("confirmed", proof="noted")

    def book(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Hear what is recalled, where it is not away."""
        self.tries += 1
        if address.address == "hangs":
            self.back.wait(60)
        if address.address == "away" and not self.back.is_set():
            raise NotConfirmed("The books are away.", "Again.")
        self.heard.append(order.channel)
        return ChannelReply("accepted", proof="noted")


@asynccontextmanager
async def house(
    database: Database, home: Path, books: Books, *settings: str
) -> AsyncIterator[Bench]:
    """A house at work with three systems of books: own_shop-1 is away, -2 hangs, -3 is well."""
    listed = [
        replace(one, document={"adapter": "books", "address": state})
        for one, state in zip(shop_channels(3), ("away", "hangs", ""), strict=True)
    ]
    furnish(database, listed)
    lead = Person(
        id="lead", name_zh="lead", name_en="lead", roles=(Role.CHANNEL_LEAD,), language="en"
    )
    save_person(database.ledger, lead)
    ring = KeyRing.create(home / "ring.json")
    gateways: dict[str, ChannelGateway] = {"books": books}
    async with embedded_server(settings=settings) as env:
        client = await open_client(env, ring)
        here = Bench(env, client, house_of(client, database, ring, home), ring, database)
        async with working(client, database, ring, gateways):
            try:
                yield here
            finally:
                books.back.set()


async def until(there: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(1800):
        if await asyncio.to_thread(there):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to what was awaited")


def test_an_incident_is_sealed_and_ends_while_books_are_away(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Stands in for weeks of acts: markets that are worked off, duties that are filed.
    monkeypatch.setattr("domain.review.blocking_items", lambda _incident: ())
    books = Books()

    async def story() -> None:
        async with house(database, tmp_path, books) as here:
            number = await report(here.house, AGENT, problem(answers=MILD))
            acts = Acts(here, number.id, SlowRetailer())
            await here.until(number.id, lambda state: state.report.status == "received")
            await acts(COMMANDER, "accept_report")
            await acts(COMMANDER, "order_halt", level="H3", reason="To be sure.")
            limits = {**encode(SetScope, SetScope(**scope())), "consignees": []}
            await acts(QUALITY, "set_scope", **limits)
            judged, decision = evaluation(), recall()
            await acts(ASSESSOR, "evaluate_hazard", **encode(type(judged), judged))
            await acts(COMMANDER, "decide_recall", **encode(type(decision), decision))
            for who in (QUALITY_HEAD, BOSS):
                await acts(who, "sign_act", act=list(acts.now().pending)[-1])
            await until(lambda: books.heard == ["own_shop-3"])
            run = here.client.get_workflow_handle(incident_workflow(number.id))
            assert not (await run.describe()).raw_description.pending_activities
            await asyncio.wait_for(acts.seals(), 20)
            books.back.set()
            await until(lambda: len(set(books.heard)) == 3)
            children = [
                one.id async for one in here.client.list_workflows("WorkflowType = 'TellRecalled'")
            ]
            for each in children:
                done = here.client.get_workflow_handle(each)
                assert await asyncio.wait_for(done.result(), 20) == "3 channels told"
            assert children

    asyncio.run(story())


def test_people_hear_once_of_books_that_stay_away_however_many_runs_it_takes(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = replace(calls.TELL_CHANNEL_RECALLED, retry=RetryPolicy(maximum_attempts=1))
    monkeypatch.setattr(calls, "TELL_CHANNEL_RECALLED", once)
    monkeypatch.setattr(recalled_goods, "FIRST_PAUSE", timedelta(seconds=0.05))
    monkeypatch.setattr(recalled_goods, "LONGEST_PAUSE", timedelta(seconds=0.05))
    books = Books()

    async def story() -> None:
        limit = "limit.historyCount.suggestContinueAsNew=30"
        async with house(database, tmp_path, books, limit) as here:
            number = await report(here.house, AGENT, problem())
            row = {"number": 1, "level": "H1", "products": ["cream"], "lots": ["L1"]}
            channels = ["own_shop-1", "own_shop-3", "sold-to-somebody-else"]
            told = RecallTold(number.id, f"{number.id}/1:9", "", [{**row, "channels": channels}])
            telling = RecallTelling(
                told, since=instant_text(datetime.now(UTC) - timedelta(hours=2))
            )
            handle = await here.client.start_workflow(
                "TellRecalled", telling, id=f"{number.id}/recalled/9", task_queue=TASK_QUEUE
            )
            await until(lambda: books.tries > 12)
            assert books.heard == ["own_shop-3"]
            books.back.set()
            assert await handle.result() == "3 channels told"
            runs = [one async for one in here.client.list_workflows(f"WorkflowId = '{handle.id}'")]
            assert len(runs) > 1
            letters = outbox.list_messages(database.bulk, incident=number.id)
            about = [one for one in letters if "untold" in one.effect_key]
            assert [one.recipient for one in about] == ["lead"]
            assert "could not be told what is recalled: The books are away." in about[0].body

    asyncio.run(asyncio.wait_for(story(), 110))
