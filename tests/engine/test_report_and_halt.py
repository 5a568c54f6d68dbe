"""Report and halt through every room: services, workflow, recorder, ledger, read model, shop."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.errors import AndonError, KeyReused, Malformed, NotAllowed, NotFound, TooLarge
from domain.people import Actor, Role
from domain.state import Incident, incident_text
from integrations.key_ring import KeyRing
from services.acting import Sent, act, report
from services.house import House
from services.reading import Seen, at_entry, see
from services.replaying import replay
from storage import incidents, shop, streams
from storage.database import Database
from tests.engine.running import (
    BINARY,
    actor,
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from workflows.ids import incident_workflow

AGENT = actor(Role.SERVICE_AGENT)
COMMANDER = actor(Role.INCIDENT_COMMANDER)
AUDITOR = actor(Role.AUDITOR)
CRITICAL = {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"}


def problem(key: str = "r1", **changes: Any) -> Sent:
    """What a service agent types: a life-threatening reaction to lot L1 of the cream."""
    body = {
        "first_known_at": "2026-11-22T01:00:00Z",
        "first_known_country": "CN",
        "products": ["cream"],
        "lots": ["L1"],
        "words": "My face swelled up an hour after I used it.",
        "answers": CRITICAL,
    }
    return Sent("report_problem", {**body, **changes}, key)


@dataclass
class Bench:
    """Everything one test needs."""

    env: WorkflowEnvironment
    client: Client
    house: House
    ring: KeyRing
    database: Database

    async def until(self, incident: str, there: Callable[[Incident], bool]) -> Seen:
        """Wait until the recorded state is as asked."""
        for _ in range(600):
            seen = await asyncio.to_thread(see, self.house, COMMANDER, incident)
            if seen.state is not None and there(seen.state):
                return seen
            await asyncio.sleep(0.05)
        raise AssertionError(f"{incident} never came to what was awaited")


def all_confirmed(state: Incident) -> bool:
    """Say whether every ordered channel confirmed."""
    halts = state.halt.channels.values()
    return bool(halts) and all(halt.state == "confirmed" for halt in halts)


Story = Callable[[Bench], Any]


def run(story: Story, database: Database, home: Path) -> None:
    """Run a story on a real server with a worker."""

    async def whole() -> None:
        furnish(database, shop_channels(3) + shop_channels(2, "retailer"))
        ring = KeyRing.create(home / "ring.json")
        async with shared_server() as env:
            client = await open_client(env, ring)
            house = house_of(client, database, ring, home)
            async with working(client, database, ring):
                await story(Bench(env, client, house, ring, database))

    asyncio.run(whole())


def test_a_critical_report_stops_every_shop_at_once(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        seen = await bench.until(number.id, all_confirmed)
        assert seen.state is not None
        assert seen.state.halt.levels == ("H1", "H2", "H3")
        assert not any(each.on_sale for each in shop.list_listings(bench.database.ledger))

    run(story, database, tmp_path)


def test_live_state_ledger_page_and_replay_agree(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        await bench.until(number.id, all_confirmed)
        await act(bench.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
        handle = bench.client.get_workflow_handle(incident_workflow(number.id))
        live = await handle.query("state", result_type=dict)
        while live["size"] != live["recorded"]:  # due times may still be on their way
            await asyncio.sleep(0.1)
            live = await handle.query("state", result_type=dict)
        page = see(bench.house, COMMANDER, number.id)
        assert page.state is not None
        replayed = await replay(await handle.fetch_history(), bench.ring)
        folded = at_entry(bench.house, COMMANDER, number.id, page.row.size)
        assert live["size"] == page.row.size == replayed.size
        assert incident_text(page.state) == live["state"] == replayed.state
        assert incident_text(folded) == live["state"]

    run(story, database, tmp_path)


def test_pressing_twice_counts_once(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        first = await report(bench.house, AGENT, problem())
        again = await report(bench.house, AGENT, problem())
        assert (first.id, again.repeated) == (again.id, True)
        await bench.until(first.id, all_confirmed)
        with pytest.raises(KeyReused):
            await report(bench.house, AGENT, problem(first_known_country="DE"))
        accept = Sent("accept_report", {"reason": "Two calls to the clinic."}, "a1")
        answer = await act(bench.house, COMMANDER, first.id, accept)
        size = see(bench.house, COMMANDER, first.id).row.size
        assert await act(bench.house, COMMANDER, first.id, accept) == answer
        assert see(bench.house, COMMANDER, first.id).row.size == size
        other = Sent("accept_report", {"reason": "Another reason."}, "a1")
        with pytest.raises(KeyReused):
            await act(bench.house, COMMANDER, first.id, other)

    run(story, database, tmp_path)


def test_the_wrong_role_is_refused_and_the_refusal_is_recorded(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        await bench.until(number.id, all_confirmed)
        for key in ("x1", "x2"):
            with pytest.raises(NotAllowed) as refusal:
                await act(bench.house, AGENT, number.id, Sent("accept_report", {}, key))
            assert refusal.value.who_could == ("incident_commander",)
        entries = streams.read_entries(bench.database.ledger, number.id)
        assert [entry.type for entry in entries].count("ActRefused") == 1
        state = see(bench.house, COMMANDER, number.id).state
        assert state is not None
        assert state.report.status == "received"

    run(story, database, tmp_path)


BAD = {
    "unknown product": {"products": ["mousse"]},
    "no product": {"products": []},
    "lot that does not exist": {"lots": ["L99"]},
    "ten megabytes": {"words": "x" * 10_000_000},
    "NUL": {"words": "a\x00b"},
    "lone surrogate": {"words": "a\ud800b"},
    "text for a list": {"products": "cream"},
    "unknown field": {"colour": "red"},
    "no zone": {"first_known_at": "2026-11-22T01:00:00"},
    "unknown answer": {"answers": {"worst_outcome": "itchy"}},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_and_changes_nothing(
    changes: dict[str, Any], database: Database, tmp_path: Path
) -> None:
    furnish(database, shop_channels(1))
    ring = KeyRing.create(tmp_path / "ring.json")
    house = House(house_of(None, database, ring, tmp_path).settings, database.ledger,  # type: ignore[arg-type]
                  database.bulk, ring)  # fmt: skip
    with pytest.raises(AndonError) as refusal:
        asyncio.run(report(house, AGENT, problem(**changes)))
    assert isinstance(refusal.value, Malformed | TooLarge)
    assert refusal.value.sentence
    assert refusal.value.hint
    assert incidents.board(database.ledger) == []


def test_who_may_not_see_gets_the_answer_of_what_is_not_there(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        await bench.until(number.id, all_confirmed)
        stranger = Actor(id="temp", roles=(Role.STAFF,))
        with pytest.raises(NotFound) as unseen:
            see(bench.house, stranger, number.id)
        with pytest.raises(NotFound) as absent:
            see(bench.house, stranger, "INC-2026-9999")
        assert unseen.value.code == absent.value.code

    run(story, database, tmp_path)


def test_a_forged_update_is_refused_alone(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        await bench.until(number.id, all_confirmed)
        forged = {
            "command_id": "forged",
            "incident": number.id,
            "actor": {"id": "x", "roles": ["incident_commander"]},
            "sent_at": "",
            "command": {"type": "accept_report", "v": 1, "body": {}},
        }
        command = [
            str(BINARY), "workflow", "update", "execute",
            "--address", bench.client.service_client.config.target_host,
            "--namespace", bench.client.namespace,
            "--workflow-id", incident_workflow(number.id),
            "--name", "act", "--input", json.dumps(forged),
        ]  # fmt: skip
        said = await asyncio.to_thread(
            lambda: subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        )
        assert said.returncode != 0
        assert "not found" not in said.stderr, "it came to the incident"
        state = see(bench.house, COMMANDER, number.id).state
        assert state is not None
        assert state.report.status == "received"
        answer = await act(bench.house, COMMANDER, number.id, Sent("accept_report", {}, "a1"))
        assert answer.events[0] == "ReportDecided"

    run(story, database, tmp_path)
