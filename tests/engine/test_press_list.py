"""A text to the press list through every room, and the reports of servers that it did not arrive."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from activities.registry import local_gateways
from domain.mailed import Fate
from integrations.key_ring import KeyRing
from services.bouncing import Found, Mail, record_bounces, senders_of
from services.house import House
from services.settings import Settings
from services.working import THREADS, worker_of
from storage import outbox
from storage.database import Database
from tests.engine.running import furnish, open_client, shared_server, shop_channels
from tests.engine.test_publishing import handed_over, published, statement
from tests.engine.test_report_and_halt import Bench
from tests.integrations.newsrooms import DAILY, NIGHT, SENDER, Server, mail_server
from tests.integrations.reports import report

CHINESE = DAILY | {"languages": ["zh-CN"]}


def list_file(home: Path, port: int, papers: Sequence[dict[str, Any]] = (CHINESE, NIGHT)) -> Path:
    """Write the file that ANDON_OUTLETS names."""
    rooms = "".join(
        "[[press_list.newsrooms]]\n"
        + "".join(f"{name} = {json.dumps(told)}\n" for name, told in one.items())
        for one in papers
    )
    file = home / "outlets.toml"
    file.write_text(
        f'[press_list]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nfrom = "{SENDER}"\n'
        f'name = "Press office"\n{rooms}',
        encoding="utf-8",
    )
    return file


async def bounced(bench: Bench, server: Server) -> None:
    """Send a text out, and read the report about one newsroom twice, and a forged one."""
    listed = senders_of(bench.house.settings)
    number, _ = await published(bench)
    seen = await bench.until(number, handed_over)
    place = statement(seen.state).places["press"]
    assert (sorted(place.mailed), place.not_mailed) == (["Daily News", "晚报"], ())
    paths = {reader: sender for sender, reader, _ in server.took}
    failed = Mail("a", report(paths[DAILY["address"]]))
    late = Mail("b", report(paths[NIGHT["address"]], action="delayed"))
    forged = Mail(
        "c", report(paths[NIGHT["address"]].replace("@", "2@").replace("press+", "press+a"))
    )
    first = await record_bounces(bench.house, listed, [failed, late, forged, failed])
    again = await record_bounces(bench.house, listed, [failed, forged])
    assert_counted(number, first, again)
    seen = await bench.until(
        number, lambda state: bool(statement(state).places["press"].not_mailed)
    )
    place = statement(seen.state).places["press"]
    assert [(one.newsroom, one.fate) for one in place.not_mailed] == [("Daily News", Fate.BOUNCED)]
    assert place.mailed == ("晚报",)
    states = {
        row.recipient: (row.state, row.reason[:9])
        for row in outbox.list_messages(bench.database.bulk, incident=number)
        if row.audience == "newsroom"
    }
    assert states == {"Daily News": ("bounced", "5.1.1 550"), "晚报": ("sent", "250 OK")}


async def out_on_our_page_first(bench: Bench, server: Server) -> None:
    """Send a text out while the mail server takes its time."""
    server.pause_s = 2.0
    number, _ = await published(bench)
    seen = await bench.until(number, lambda state: statement(state).places["site"].read_back != "")
    states = {name: place.state for name, place in statement(seen.state).places.items()}
    assert states == {"site": "published", "press": "ordered"}
    server.pause_s = 0.0
    seen = await bench.until(number, handed_over)
    assert len(statement(seen.state).places["press"].mailed) == 2


def assert_counted(number: str, first: Found, again: Found) -> None:
    name = f"{number} S1 version 1: Daily News"
    assert (first.recorded, first.known, first.no_failure) == ([name], [], 1)
    (refused,) = first.refused
    assert refused.startswith("c: This report carries a mark that is none of ours")
    assert (again.recorded, again.known, again.refused) == ([], [name], [])
    assert (first.refused_before, again.refused_before) == (0, 1)


@pytest.mark.parametrize("story", [bounced, out_on_our_page_first], ids=lambda one: one.__name__)
def test_a_text_reaches_newsrooms(
    story: Callable[[Bench, Server], Awaitable[None]], database: Database, tmp_path: Path
) -> None:
    async def whole(server: Server, port: int) -> None:
        furnish(database, shop_channels(1))
        ring = KeyRing.create(tmp_path / "ring.json")
        settings = Settings(home=tmp_path, outlets=list_file(tmp_path, port))
        async with shared_server() as env:
            client = await open_client(env, ring)
            house = House(settings, database.ledger, database.bulk, ring, client)
            gateways = local_gateways(database.ledger, database.bulk)
            with ThreadPoolExecutor(THREADS) as threads:
                async with worker_of(house, gateways, threads):
                    await story(Bench(env, client, house, ring, database), server)

    with mail_server() as (server, port):
        asyncio.run(whole(server, port))


def test_a_worker_that_stops_leaves_the_rest_to_the_next(
    database: Database, tmp_path: Path
) -> None:
    """It does not wait for a slow mail server, and no newsroom gets a text twice."""
    numbers = map(str, range(12))
    papers = [
        CHINESE | {"id": n, "name": f"Paper {n}", "address": f"{n}@news.example"} for n in numbers
    ]

    async def whole(server: Server, port: int) -> None:
        furnish(database, shop_channels(1))
        ring = KeyRing.create(tmp_path / "ring.json")
        settings = Settings(home=tmp_path, outlets=list_file(tmp_path, port, papers))
        gateways = local_gateways(database.ledger, database.bulk)
        async with shared_server() as env:
            client = await open_client(env, ring)
            house = House(settings, database.ledger, database.bulk, ring, client)
            bench = Bench(env, client, house, ring, database)
            with ThreadPoolExecutor(THREADS) as threads:
                async with worker_of(house, gateways, threads):
                    number, _ = await published(bench)
                    while len(server.took) < 2:  # noqa: ASYNC110 - another thread takes them
                        await asyncio.sleep(0.05)
                    began = time.monotonic()
                assert time.monotonic() - began < 0.5 * len(papers) * server.pause_s
                assert len(server.took) < len(papers)
                server.pause_s = 0.0
                async with worker_of(house, gateways, threads):
                    seen = await bench.until(number, handed_over)
        place = statement(seen.state).places["press"]
        assert (len(place.mailed), place.not_mailed) == (len(papers), ())
        assert len(server.took) == len(papers)

    with mail_server() as (server, port):
        server.pause_s = 1.0
        asyncio.run(whole(server, port))
