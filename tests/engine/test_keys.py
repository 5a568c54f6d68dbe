"""One key counts for one content: whoever sends another under it is told so, at any moment."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from pathlib import Path

import pytest

from domain.envelope import Answer
from domain.errors import KeyReused, NotConfirmed
from services.acting import Sent, act
from storage.database import Database
from tests.engine.running import working
from tests.engine.test_report_and_halt import COMMANDER, Bench
from tests.engine.test_turning_over import QUALITY, bench, entries_of, fact, press, report


async def told(calls: Sequence[Awaitable[Answer]]) -> Counter[str]:
    """Wait for calls made at once, and count what each was told."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    return Counter(type(each).__name__ for each in found)


async def value_of(here: Bench, incident: str, key: str) -> str:
    """Give the value of the one fact that is recorded under a key."""
    seen = await here.until(incident, lambda state: key in state.investigation.facts)
    assert seen.state is not None
    return seen.state.investigation.facts[key].value


def test_of_contents_sent_at_once_under_one_key_one_counts(
    database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            for number in range(3):
                sent = [fact(number, f"v{n}") for n in range(4)]
                assert await told([act(here.house, QUALITY, incident, one) for one in sent]) == {
                    "Answer": 1,
                    "KeyReused": 3,
                }
                assert entries_of(here, incident, f"f{number}") == 1

    asyncio.run(story())


def test_another_act_under_a_key_on_its_way_is_refused(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here)
            accepting = Sent("accept_report", {"reason": "Two calls."}, "f1")
            both = [(QUALITY, fact(1)), (COMMANDER, accepting)]
            assert await told([act(here.house, who, incident, one) for who, one in both]) == {
                "Answer": 1,
                "KeyReused": 1,
            }

    asyncio.run(story())


def test_a_form_sent_again_with_another_value_is_not_said_to_count(
    database: Database, tmp_path: Path
) -> None:
    """The worker was down: the first sending waits with the server, and nobody knows it yet."""

    async def story() -> None:
        async with bench(database, tmp_path) as here:
            async with working(here.client, database, here.ring):
                incident = await report(here)
                await press(here, QUALITY, incident, fact(0))
            with pytest.raises(NotConfirmed):
                await act(here.house, QUALITY, incident, fact(1, "4560"))
            async with working(here.client, database, here.ring):
                with pytest.raises(KeyReused):
                    await press(here, QUALITY, incident, fact(1, "9999"))
                assert (await press(here, QUALITY, incident, fact(1, "4560"))).events
                assert await value_of(here, incident, "fact.1") == "4560"

    asyncio.run(story())


def test_a_key_is_known_in_the_runs_that_follow(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(database, tmp_path) as here, working(here.client, database, here.ring):
            incident = await report(here, turn_over_after=2)
            for number in range(5):
                sent = [fact(number, f"v{n}") for n in range(3)]
                found = await told([press(here, QUALITY, incident, one) for one in sent])
                assert found == {"Answer": 1, "KeyReused": 2}
                assert entries_of(here, incident, f"f{number}") == 1

    asyncio.run(story())
