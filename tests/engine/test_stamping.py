"""A round of the worker has the newest head stamped; one that hangs keeps the incident from nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from integrations.key_ring import KeyRing
from integrations.outgoing import Bounds, Outgoing
from integrations.stamp_proofs import verified
from integrations.timestamps import HttpAuthority
from services.acting import report
from services.rounds import keep_rounds, start_round
from storage import heads, stamps
from storage.database import Database
from storage.heads import LOG
from tests.engine.running import (
    furnish,
    house_of,
    open_client,
    shared_server,
    shop_channels,
    working,
)
from tests.engine.test_report_and_halt import COMMANDER, Bench, all_confirmed, problem
from tests.stamping import ROOT, Stamping, stamping

T = TypeVar("T")


def test_a_round_has_the_newest_head_stamped_and_holds_up_nothing(
    database: Database, tmp_path: Path
) -> None:
    with stamping() as there:
        asyncio.run(_whole(database, tmp_path, there))


async def _whole(database: Database, home: Path, there: Stamping) -> None:
    furnish(database, shop_channels(3))
    ring = KeyRing.create(home / "ring.json")
    outgoing = Outgoing(Bounds(inside_allowed=True, plain_allowed=True, within_s=100))
    tsa = HttpAuthority(
        id="tsa", outgoing=outgoing, url=there.url, roots=(ROOT.certificate,), every_s=10
    )
    async with shared_server() as env:
        client = await open_client(env, ring)
        house = house_of(client, database, ring, home)
        async with working(client, database, ring, authorities=[tsa]):
            bench = Bench(env, client, house, ring, database)
            there.may_answer.clear()
            await keep_rounds(client)
            await start_round(client, "heads")
            await report(house, COMMANDER, problem())
            await _comes(lambda: heads.newest(database.ledger, LOG), "no head was signed")
            await start_round(client, "stamps")
            await _comes(lambda: there.asked, "nobody asked for a stamp")
            number = await report(house, COMMANDER, problem())
            await bench.until(number.id, all_confirmed)
            assert stamps.newest(database.ledger, "tsa") is None, "it hangs, and nobody waits"
            there.may_answer.set()
            kept = await _comes(
                lambda: stamps.newest(database.ledger, "tsa"), "nothing was ever stamped"
            )
    head = next(one for one in heads.every(database.ledger, LOG) if one.size == kept.size)
    assert verified(kept.answer, head.note.encode(), [ROOT.certificate]).at == kept.at


async def _comes(what: Callable[[], T | None], otherwise: str) -> T:
    for _ in range(900):
        if found := what():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(otherwise)
