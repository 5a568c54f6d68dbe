"""Long incidents are walked ahead for as long as a process lives, and what was walked is kept."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from integrations.key_ring import KeyRing
from services import moments, stretches, walks
from services.house import House
from services.settings import Settings
from services.walking import keep_walking
from storage.database import Database
from storage.stretches import kept
from tests.database import embedded  # noqa: F401 - a fixture of this file
from tests.services.recorded_ledgers import STORIES, Recording
from tests.services.test_moments import USUAL

PATIENCE_S = 120.0


def test_it_walks_at_once_and_whenever_more_was_recorded(
    embedded: Database,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name, number in (
        (moments, "LONG", 3), (walks, "EVERY", 7), (stretches, "WEIGHT", 0),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, number)
    ring = KeyRing.create(tmp_path / "ring.json")
    house = House(Settings(home=tmp_path, demo=False), embedded.ledger, embedded.bulk, ring)
    made = Recording(house, STORIES[USUAL[0]], USUAL[1])
    made.record(20)

    async def lived() -> None:
        done = asyncio.Event()

        def pause() -> float:
            done.set()
            return 0.05

        async def whole_rounds(count: int) -> None:
            for _ in range(count):
                done.clear()
                await asyncio.wait_for(done.wait(), PATIENCE_S)

        walking = asyncio.create_task(keep_walking(house, pause))
        await whole_rounds(1)
        assert house.walks.is_known(made.stream, 20)
        assert len(kept(house.bulk, made.stream)) == 2
        await asyncio.to_thread(made.record, 40)
        await whole_rounds(2)  # one of them may have begun before
        assert len(kept(house.bulk, made.stream)) == 5
        walking.cancel()
        with suppress(asyncio.CancelledError):
            await walking
        assert walking.cancelled()

    asyncio.run(lived())
