"""What is on sale after all is found by one round, rings, and is stopped again; on demand too."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ActivityError, ApplicationError

from domain.drift import ChannelsLookedAt
from domain.envelope import Drifted, Looked, LookRequest
from domain.people import Role
from domain.state import Incident
from domain.state.halt import ListedChannel
from domain.wire import encode
from services.acting import Sent, act, report
from services.company_lists import listed_channels
from services.rounds import keep_rounds, start_round
from storage import catalog, company, shop
from storage.database import Database
from tests.engine.passing import entries_of
from tests.engine.running import actor, shop_channels
from tests.engine.test_report_and_halt import COMMANDER, Bench, all_confirmed, problem, run
from workflows import calls
from workflows.ids import TASK_QUEUE

LEAD = actor(Role.CHANNEL_LEAD)
MONITOR = actor(Role.MARKET_MONITORING)


def put_back_on_sale(bench: Bench, channel: str) -> None:
    """Somebody at the shop puts it back, past every order."""
    listed = shop.list_listings(bench.database.ledger, channel=channel)
    shop.put_listings(
        bench.database.ledger, [replace(one, on_sale=True, effect_key="") for one in listed]
    )


async def one_round(bench: Bench, name: str) -> None:
    """Do what the schedule does."""
    await bench.client.execute_workflow("Drift", id=f"drift-{name}", task_queue=TASK_QUEUE)


def is_drifted(state: Incident) -> bool:
    return state.halt.drifts == 1


def test_a_round_finds_what_sells_after_all_and_it_is_stopped_again(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, COMMANDER, problem())
        seen = await bench.until(number.id, all_confirmed)
        assert seen.state is not None
        await one_round(bench, "clean")
        drifting = min(seen.state.halt.channels)
        put_back_on_sale(bench, drifting)
        await one_round(bench, "first")
        await bench.until(number.id, lambda state: is_drifted(state) and all_confirmed(state))
        assert not any(one.on_sale for one in shop.list_listings(bench.database.ledger))
        await one_round(bench, "second")
        state = (await bench.until(number.id, is_drifted)).state
        assert state is not None
        assert state.halt.channels[drifting].drift is None

    run(story, database, tmp_path)


def test_a_look_on_demand_says_what_it_saw_of_each(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, COMMANDER, problem())
        seen = await bench.until(number.id, all_confirmed)
        assert seen.state is not None
        drifting = max(seen.state.halt.channels)
        put_back_on_sale(bench, drifting)
        await act(bench.house, MONITOR, number.id, Sent("look_at_channels", {}, "l1"))
        seen = await bench.until(number.id, is_drifted)
        assert seen.state is not None
        assert all(one.looked_at for one in seen.state.halt.channels.values())
        await bench.until(number.id, all_confirmed)

    run(story, database, tmp_path)


async def unreadable(wanted: LookRequest) -> Looked:
    """See more than can be recorded."""
    return Looked([{"channel": one, "offers": 1, "units": 10**17} for one in wanted.channels])


async def failing(wanted: LookRequest) -> Looked:
    """Fail as an activity does that was tried often enough."""
    failed = ActivityError(
        "Activity task failed", scheduled_event_id=1, started_event_id=2, identity="",
        activity_type="look_at_channels", activity_id="1", retry_state=None,
    )  # fmt: skip
    raise failed from ApplicationError(f"{len(wanted.channels)} channels could not be seen.")


@pytest.mark.parametrize("look", [unreadable, failing])
def test_a_look_that_fails_says_that_nothing_was_seen(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    monkeypatch.setattr(calls, "look_at_channels", look)

    async def story(bench: Bench) -> None:
        number = await report(bench.house, COMMANDER, problem())
        await bench.until(number.id, all_confirmed)
        await act(bench.house, MONITOR, number.id, Sent("look_at_channels", {}, "l1"))
        said: list[ChannelsLookedAt] = []
        for _ in range(100):
            events = [one.event for one in entries_of(bench.database, number.id)]
            if said := [one for one in events if isinstance(one, ChannelsLookedAt)]:
                break
            await asyncio.sleep(0.05)
        assert [len(one.not_seen) for one in said] == [5]

    run(story, database, tmp_path)


def test_what_a_round_cannot_read_keeps_nothing_else_from_being_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that stands still would keep every later one from starting."""
    find = calls.find_drift

    async def with_noise() -> Drifted:
        found = await find()
        noise = {"channel": "shop-0", "order": 1, "state": "confirmed", "attempts": 1}
        for drift in found.found:
            drift.seen.insert(0, {"channel": "shop-0", "units": 10**17})
            drift.answers.append({**noise, "error": "bell\x07"})
        found.listed, found.listed_as = [{"id": 7}], "a list"
        return found

    monkeypatch.setattr(calls, "find_drift", with_noise)

    async def story(bench: Bench) -> None:
        number = await report(bench.house, COMMANDER, problem())
        seen = await bench.until(number.id, all_confirmed)
        assert seen.state is not None
        put_back_on_sale(bench, min(seen.state.halt.channels))
        await asyncio.wait_for(one_round(bench, "noisy"), 30)
        await bench.until(number.id, lambda state: is_drifted(state) and all_confirmed(state))
        told = company.fact(bench.database.ledger, company.CHANNELS_TOLD)
        assert told is None, "a list that could not be read is told again"

    run(story, database, tmp_path)


def test_a_channel_that_is_added_later_is_ordered_by_a_round_at_once(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, COMMANDER, problem())
        await bench.until(number.id, all_confirmed)
        [new] = shop_channels(4)[3:]
        catalog.put_items(bench.database.ledger, "channel", [new])
        listing = shop.Listing(
            channel=new.id, product="cream", on_sale=True, changed_at=bench.house.now()
        )
        shop.put_listings(bench.database.ledger, [listing])
        told = [encode(ListedChannel, one) for one in listed_channels(bench.house)]
        company.set_fact(bench.database.ledger, company.CHANNELS_LISTED, json.dumps(told))
        await keep_rounds(bench.client)
        await start_round(bench.client, "drift")
        seen = await bench.until(
            number.id, lambda state: new.id in state.halt.channels and all_confirmed(state)
        )
        assert seen.state is not None
        size = seen.state.size
        await one_round(bench, "second")
        seen = await bench.until(number.id, all_confirmed)
        assert seen.state is not None
        assert seen.state.size == size, "a list is told once"

    run(story, database, tmp_path)
