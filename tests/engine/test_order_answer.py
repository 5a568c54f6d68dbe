"""A channel that is written to answers by its link: through every room, and once."""

import asyncio
from pathlib import Path
from typing import Any

from domain.channel_answers import OrderAnswered
from domain.ledger import read_entry
from domain.on_its_way import way_tally
from domain.state import Incident
from integrations.key_ring import KeyRing
from services.acting import report
from services.answer_links import ANSWERS, Asked, answer, find, path_of, who_answered
from services.reading import see
from storage import outbox, streams
from storage.database import Database
from tests.engine.running import (
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem

SAID = {
    "answer": "stopped",
    "answered_by": "Wang Fang",
    "set_apart": [{"lot": "L1", "units": 12}],
    "where": "Hall 2",
    "reason": "",
    "on_its_way": [{"kind": "gifts", "lot": "", "stopped": 4, "got_through": 8}],
}
GIFTS_LEFT = {"kind": "gifts", "lot": "", "stopped": 9, "got_through": 3}


def test_a_written_order_is_answered_by_its_link_once(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        number = (await report(bench.house, AGENT, problem())).id
        channel = next(iter(await accepted(bench, number)))

        def found() -> Asked:
            order = asked_state(bench, number).halt.channels[channel].order
            path = path_of(bench.house, number, channel, order)
            there = find(bench.house, path.removeprefix(ANSWERS))
            assert there is not None
            return there

        one = found()
        first = await answer(bench.house, one, "address", SAID, seen="0")
        again = await answer(bench.house, one, "address", SAID, seen="0")
        assert first == again
        changed = {**SAID, "answer": "cannot", "set_apart": [], "where": "", "reason": "No key."}
        changed["on_its_way"] = [GIFTS_LEFT]
        now = found()
        assert who_answered(bench.house, now) == "Wang Fang"
        assert (now.now.state, now.now.units) == ("confirmed", 12)
        await answer(bench.house, now, "address", changed, seen="7")
        assert found().now.state == "refused"
        tally = way_tally(asked_state(bench, number).halt)
        assert (tally.units, tally.got_through, tally.by_channels) == (9, 3, 9)
        kept = [read_entry(leaf).event for leaf in leaves(bench, number)]
        assert len([each for each in kept if isinstance(each, OrderAnswered)]) == 2
        assert "Wang Fang" not in b"".join(leaves(bench, number)).decode(), "it is in the vault"
        letters = outbox.list_messages(bench.database.bulk, incident=number)
        asked = [letter for letter in letters if letter.recipient.startswith("Shop")]
        assert len(asked) == len({letter.effect_key for letter in asked})

    written(story, database, tmp_path)


def asked_state(bench: Bench, number: str) -> Incident:
    state = see(bench.house, COMMANDER, number).state
    assert state is not None
    return state


def leaves(bench: Bench, number: str) -> list[bytes]:
    size = see(bench.house, COMMANDER, number).row.size
    return list(streams.read_contents(bench.database.ledger, number, 1, size))


async def accepted(bench: Bench, number: str) -> list[str]:
    """Wait until the message went out; name the channels that it went to."""
    seen = await bench.until(
        number, lambda state: any(one.state == "accepted" for one in state.halt.channels.values())
    )
    assert seen.state is not None
    return [one.channel for one in seen.state.halt.channels.values() if one.state == "accepted"]


def written(story: Any, database: Database, home: Path) -> None:
    """Run a story where one shop is written to."""

    async def whole() -> None:
        furnish(database, shop_channels(1, adapter="outbox"))
        ring = KeyRing.create(home / "ring.json")
        async with shared_server() as env:
            client = await open_client(env, ring)
            house = house_of(client, database, ring, home)
            async with working(client, database, ring):
                await story(Bench(env, client, house, ring, database))

    asyncio.run(whole())
