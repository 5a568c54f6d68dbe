"""After the seal: a new fact starts the next run, and everything goes on from the ledger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import NotAllowed, Refused
from domain.people import Actor, Role
from domain.state import incident_text
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.reading import at_entry, see
from storage.database import Database
from tests.engine.running import (
    actor,
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem

QUALITY = actor(Role.QUALITY)
QUALITY_HEAD = actor(Role.QUALITY_SAFETY_RESPONSIBLE)
LEGAL = actor(Role.LEGAL)
STAFF = actor(Role.SERVICE_AGENT)
MILD = {
    "worst_outcome": "none",
    "people": 0,
    "whereabouts": "own_control",
    "fault": "pack_label_cosmetic",
}


@asynccontextmanager
async def reported(database: Database, home: Path) -> AsyncIterator["Act"]:
    """A mild report on a server with a worker."""
    furnish(database, shop_channels(1))
    ring = KeyRing.create(home / "ring.json")
    async with shared_server() as env:
        client = await open_client(env, ring)
        here = Bench(env, client, house_of(client, database, ring, home), ring, database)
        async with working(client, database, ring):
            number = await report(here.house, AGENT, problem(answers=MILD))
            await here.until(number.id, lambda state: state.report.status == "received")
            yield Act(here, number.id)


class Act:
    """Acts on one incident, each under a key of its own."""

    def __init__(self, bench: Bench, incident: str) -> None:
        self.bench, self.incident, self.acts = bench, incident, 0

    async def __call__(self, who: Actor, command: str, **body: Any) -> None:
        self.acts += 1
        await act(self.bench.house, who, self.incident, Sent(command, body, f"k{self.acts}"))

    async def signs(self, *people: Actor) -> None:
        state = see(self.bench.house, COMMANDER, self.incident).state
        assert state is not None
        for who in people:
            await self(who, "sign_act", act=list(state.pending)[-1])

    async def closes(self) -> None:
        await self(COMMANDER, "close_incident", summary="A label.", reason_for_open_items="None.")
        await self.signs(QUALITY_HEAD, LEGAL)

    def run(self) -> int:
        return see(self.bench.house, COMMANDER, self.incident).row.run

    def agrees(self) -> None:
        page = see(self.bench.house, COMMANDER, self.incident)
        assert page.state is not None
        folded = at_entry(self.bench.house, COMMANDER, self.incident, page.row.size)
        assert incident_text(folded) == incident_text(page.state)


def told(story: Callable[[Act], Awaitable[None]], database: Database, home: Path) -> None:
    async def whole() -> None:
        async with reported(database, home) as acts:
            await story(acts)
            acts.agrees()

    asyncio.run(whole())


def test_a_sealed_incident_is_reopened_and_sealed_again_and_again(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Act) -> None:
        await acts(COMMANDER, "accept_report")
        for run in (1, 2, 3):
            assert acts.run() == run
            await acts(QUALITY, "record_lesson", text=f"Lesson {run}.")
            await acts.closes()
            with pytest.raises(Refused, match="sealed"):
                await acts(QUALITY, "record_lesson", text="Too late.")
            await acts(QUALITY, "reopen_incident", new_fact="Another person called.")

    told(story, database, tmp_path)


def test_a_refused_reopening_is_recorded_and_bars_nobody(
    database: Database, tmp_path: Path
) -> None:
    async def story(acts: Act) -> None:
        await acts(COMMANDER, "accept_report")
        await acts.closes()
        for _ in range(2):
            with pytest.raises(NotAllowed):
                await acts(STAFF, "reopen_incident", new_fact="I heard something.")
        await acts(QUALITY, "reopen_incident", new_fact="Another person called.")
        await acts(QUALITY, "record_lesson", text="It goes on.")

    told(story, database, tmp_path)


def test_a_closed_report_is_reopened_in_the_same_run(database: Database, tmp_path: Path) -> None:
    async def story(acts: Act) -> None:
        await acts(COMMANDER, "close_report", reason="A label, nothing else.")
        await acts.signs(QUALITY)
        await acts(QUALITY, "reopen_incident", new_fact="Another person called.")
        assert acts.run() == 1
        await acts(QUALITY, "record_lesson", text="It goes on.")

    told(story, database, tmp_path)
