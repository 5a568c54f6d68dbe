"""The home of an installation that is to be killed: its company, its people, and what it keeps.

What belongs here: making the home before anything runs, and opening it to look. What never does: a
process (site.py, supervised.py), or what is pressed (story.py).
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from temporalio.client import Client

from domain.people import SYSTEM_ROLES, Actor, Role
from integrations.key_ring import KeyRing
from services.house import House
from services.people import issue_token
from services.settings import Settings
from storage import catalog, company, people
from storage.database import Database, open_database
from tests.durability.pressing import Desk, Pressed
from tests.durability.processes import free_port
from tests.durability.sink import Sink
from tests.engine.running import furnish


@dataclass(kw_only=True)
class Installation:
    """What is kept of an installation, where its people press, and all that they were told.

    Without an answer for `patience_s` something is wrong; `broken` says what, once it is known.
    """

    home: Path
    database: Database
    ring: KeyRing
    desk: Desk
    sink: Sink
    client: Client | None = None
    pressed: list[Pressed] = field(default_factory=list)
    patience_s: float = 120.0
    broken: str = ""

    @property
    def house(self) -> House:
        """Give the services' view, for looking only."""
        database = self.database
        return House(settings_of(self.home), database.ledger, database.bulk, self.ring, self.client)

    @property
    def console_url(self) -> str:
        """Give where the worker's letters say that the pages stand."""
        return settings_of(self.home).console_url

    async def press(
        self, who: Actor, command: str, body: dict[str, Any], key: str, *, stream: str = ""
    ) -> Pressed:
        """Press until there is an answer, and remember it."""
        began, presses = time.monotonic(), 0
        while time.monotonic() - began < self.patience_s:
            assert not self.broken, self.broken
            presses += 1
            answer = await self.desk.press(who, command, body, key=key, stream=stream)
            if answer is None:
                await asyncio.sleep(0.05)
                continue
            status, told = answer
            pressed = Pressed(
                key=f"{who.id}:{key}",
                command=command,
                stream=stream or told.get("id", ""),
                presses=presses,
                status=status,
                told=told,
                took_s=time.monotonic() - began,
            )
            self.pressed.append(pressed)
            return pressed
        raise AssertionError(f"{command} ({key}) was not answered in {self.patience_s:g} s")


def settings_of(home: Path) -> Settings:
    """Give the settings of a home; every process of it asks here."""
    url = home / "database.url"
    return Settings(home=home, database_url=url.read_text() if url.exists() else None)  # type: ignore[arg-type]


def everybody() -> list[people.Person]:
    """One person for each role, two of them with each language."""
    return [
        people.Person(
            id=str(role),
            name_zh=str(role),
            name_en=str(role),
            roles=(str(role),),
            email=f"{role}@company.example",
            language="zh" if number % 2 else "en",
        )
        for number, role in enumerate(Role)
        if role not in SYSTEM_ROLES
    ]


def channels(sink: Sink, retailers: int) -> list[catalog.Item]:
    """Shelves of our own, retailers that take HTTP orders, distributors that are written to.

    Without a sink that listens there are no retailers.
    """
    kinds = [
        ("own_shop", "demo_shop", "", 2),
        (
            "retailer",
            "webhook",
            f"http://127.0.0.1:{sink.port}/orders",
            retailers if sink.port else 0,
        ),
        ("distributor", "outbox", "trade@distributor.example", 1),
    ]
    return [
        catalog.Item(
            id=f"{kind}-{n}",
            kind=kind,
            market="CN",
            name_en=f"{kind} {n}",
            name_zh=f"{kind} {n}",
            document={"adapter": adapter, "address": address},
        )
        for kind, adapter, address, count in kinds
        for n in range(1, count + 1)
    ]


def make_home(home: Path, sink: Sink, url: str = "", retailers: int = 3) -> Installation:
    """Make keys, database and company in a new home; `url` names another database than a file."""
    home.mkdir(parents=True, exist_ok=True)
    if url:
        (home / "database.url").write_text(url)
    settings = settings_of(home)
    ring = KeyRing.create(settings.key_ring_file)
    database = open_database(settings.sqlalchemy_url)
    database.migrate()
    furnish(database, channels(sink, retailers))
    company.mark_demo(database.ledger)  # its letters to channels stay in the outbox, and count
    shop = catalog.Item(id="shop-1", kind="pharmacy", market="CN", name_en="Shop", name_zh="店")
    catalog.put_items(database.ledger, "consignee", [shop])
    desk = Desk(f"http://127.0.0.1:{free_port()}", {})
    made = Installation(home=home, database=database, ring=ring, desk=desk, sink=sink)
    for person in everybody():
        people.save_person(database.ledger, person)
        desk.tokens[person.id] = issue_token(made.house, person.id, "proof")
    return made
