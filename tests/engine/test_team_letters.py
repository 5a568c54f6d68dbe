"""What an incident tells the team goes out by mail within seconds, and waits for no mail server."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from activities.registry import local_gateways
from domain.people import SYSTEM_ROLES, Role
from integrations.key_ring import KeyRing
from integrations.mail_server import MailServer
from integrations.team_mail import TeamMail
from services.acting import report
from services.house import House
from services.rounds import keep_rounds
from services.settings import Settings
from services.working import THREADS, worker_of
from storage import outbox
from storage.database import Database
from storage.people import Person, save_person
from tests.engine.running import embedded_server, furnish, open_client, shop_channels
from tests.engine.test_report_and_halt import COMMANDER, Bench, all_confirmed, problem
from tests.integrations.newsrooms import mail_server

SOON_S = 20.0


@dataclass
class Place:
    """A world whose worker may be started again."""

    bench: Bench
    mail: TeamMail

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        house = self.bench.house
        await keep_rounds(self.bench.client)
        gateways = local_gateways(house.engine, house.bulk)
        with ThreadPoolExecutor(THREADS) as threads:
            async with worker_of(house, gateways, threads, mail=self.mail):
                yield

    async def all_are(self, state: str, more_than: int = 0) -> int:
        """Wait until all letters to the team, so many at least, are in a state; count them."""
        until = time.monotonic() + SOON_S
        while True:
            found = outbox.list_messages(self.bench.database.bulk, limit=1_000)
            team = [one for one in found if one.audience == "team"]
            if len(team) > more_than and {one.state for one in team} == {state}:
                return len(team)
            assert time.monotonic() < until, {(one.state, one.reason) for one in team}
            await asyncio.sleep(0.1)


def test_letters_go_out_while_an_incident_goes_on_and_the_next_worker_goes_on_with_them(
    database: Database, tmp_path: Path
) -> None:
    async def whole() -> None:
        furnish(database, shop_channels(1))
        for name in ("su.ran", "lin.wei"):
            save_person(database.ledger, everything(name))
        ring = KeyRing.create(tmp_path / "ring.json")
        async with embedded_server() as env:
            client = await open_client(env, ring)
            house = House(Settings(home=tmp_path), database.ledger, database.bulk, ring, client)
            bench = Bench(env, client, house, ring, database)
            with mail_server() as (first, port):
                place = Place(bench, by(port))
                async with place.at_work():
                    number = await report(house, COMMANDER, problem())
                    await bench.until(number.id, all_confirmed)
                    sent = await place.all_are("sent")
                    began = time.monotonic()
                assert time.monotonic() - began < 10, "a round keeps no worker from stopping"
            async with Place(bench, by(port)).at_work():
                number = await report(house, COMMANDER, problem("r2"))
                await bench.until(number.id, all_confirmed)
            with mail_server() as (server, port):
                async with Place(bench, by(port)).at_work():
                    total = await place.all_are("sent", more_than=sent)
                took = [told["Message-ID"] for *_, told in (*first.took, *server.took)]
                assert len(took) == len(set(took)) == total
                assert server.took, "what the first worker could not send, the next one did"

    asyncio.run(whole())


def everything(name: str) -> Person:
    """Somebody who holds every role of the company."""
    roles = tuple(str(role) for role in Role if role not in SYSTEM_ROLES)
    return Person(
        id=name, name_zh="全", name_en="All", roles=roles, email=f"{name}@qinglan.example"
    )


def by(port: int) -> TeamMail:
    return TeamMail(
        server=MailServer(
            host="127.0.0.1", port=port, tls="none", sender="recall@qinglan.example", name="青岚"
        )
    )
