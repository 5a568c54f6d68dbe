"""`andon up` is killed in the middle; the next one cleans up, resumes, and the story ends.

Everything runs as it is installed: real limits, no hook anywhere. Its children die with it, by the
kernel's parent-death signal; a child that dies alone is started again.
"""

import asyncio
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cli.run_state import ON_LINUX
from domain.company import Company
from services.company import COMPANY_FILE, people_file, read_company_file
from storage import catalog
from storage.database import open_database
from storage.people import list_people
from tests.durability.counting import FIXED_SEED, assert_all_agree, at_counts, seeds, tell_while
from tests.durability.home import settings_of
from tests.durability.processes import Program, free_port
from tests.durability.site import look_into
from tests.durability.supervised import GREETING, Supervised, andon_up, open_supervised
from tests.figures import note

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(at_counts(400, 1700)),
    pytest.mark.skipif(not ON_LINUX, reason="tests/cli/test_supervise.py has what others can do"),
]
STRIKES = at_counts(1, 50)
FIRST_STARTS = at_counts(2, 40)


@pytest.mark.parametrize("seed", seeds())
def test_the_next_up_resumes_every_incident(seed: int, tmp_path: Path) -> None:

    async def story() -> None:
        async with open_supervised(tmp_path / "home") as site:
            site.patience_s = at_counts(300.0, 1200.0)
            chance = random.Random(seed)
            incidents = await tell_while(site, _striking(site, chance), 1)
            await _assert_left_nobody(site)
            await look_into(site)
            killed = {
                "killed supervisor": site.command.strikes,
                "killed child": site.children_struck,
            }
            what = "killed: andon up and, each alone, its children"
            await assert_all_agree(site, incidents, what, killed, f"seed {seed}")

    asyncio.run(story())


async def _striking(site: Supervised, chance: random.Random) -> None:
    """Kill the supervisor, in turn while it starts and while it runs; then each child, alone."""
    for number in range(STRIKES):
        if number % 2 == 0:
            await site.is_up()
        await asyncio.sleep(chance.uniform(0.3, 5.0))
        site.strike()
    await site.is_up()
    for name in ("api", "worker", "temporal"):
        site.strike_child(name)
        await asyncio.sleep(chance.uniform(0.5, 2.0))


async def _assert_left_nobody(site: Supervised) -> None:
    """Nobody that a killed supervisor had started runs any more, and it never refused to start."""
    now = {(child.pid, child.started) for child in site.children}
    left = [each for each in site.orphans if (each.pid, each.started) not in now]
    assert [each for each in left if not each.is_gone()] == []
    assert site.command.falls == 0, site.command.tail()


def test_a_first_start_that_is_cut_off_is_begun_again(tmp_path: Path) -> None:
    """The home, its keys, both databases and the demo company are made by whoever comes last."""

    async def story() -> None:
        home, port, chance = tmp_path / "home", free_port(), random.Random(FIXED_SEED)
        home.mkdir()
        up = andon_up(home, port, demo=True)
        try:
            await _cut_off(up, chance)
            await up.start()
            await _greeted(up)
            _assert_demo_is_whole(home)
            assert await asyncio.to_thread(_sign_in, home, port) == 201
            note("killed: andon up at its very first start", {"killed supervisor": up.strikes})
        finally:
            await up.end()

    asyncio.run(story())


async def _cut_off(up: Program, chance: random.Random) -> None:
    """Start it and kill it, each time a little later, long before it can be ready."""
    for number in range(FIRST_STARTS):
        await up.start()
        await asyncio.sleep(chance.uniform(0, 0.5 + 6 * number / FIRST_STARTS))
        up.strike()
        await up.gone()
        assert up.falls == 0, up.tail()


async def _greeted(up: Program) -> None:
    async with asyncio.timeout(90):
        while GREETING not in up.log.read_text():
            assert up.is_alive, up.tail()
            await asyncio.sleep(0.1)


def _assert_demo_is_whole(home: Path) -> None:
    """Everybody and everything of the demo company is there, and once."""
    company = read_company_file(COMPANY_FILE)
    database = open_database(settings_of(home).sqlalchemy_url)
    try:
        assert {each.id for each in list_people(database.ledger)} == _ids(company.people)
        for kind, there in _lists(company).items():
            assert {item.id for item in catalog.list_items(database.ledger, kind)} == _ids(there)
    finally:
        database.close()


def _ids(things: Iterable[Any]) -> set[str]:
    return {thing.id for thing in things}


def _lists(company: Company) -> dict[str, Iterable[Any]]:
    return {
        "product": company.products,
        "channel": company.channels,
        "consignee": company.consignees,
        "supplier": company.suppliers,
    }


def _sign_in(home: Path, port: int) -> int:
    """Sign in as the first of the file; gives the status."""
    name, password = people_file(settings_of(home)).read_text("utf-8").splitlines()[1].split()[:2]
    address = f"http://127.0.0.1:{port}"
    answer = httpx2.post(
        f"{address}/api/sessions",
        json={"name": name, "password": password},
        headers={"origin": address},
        trust_env=False,
    )
    return answer.status_code
