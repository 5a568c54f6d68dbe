"""A whole installation of real processes, somebody who restarts what died, and people who press.

What belongs here: the home, its processes, pressing until there is an answer. What never does: what
is pressed (story.py), or whether it came out right (agreement.py).
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client

from cli.embedded_temporal import EmbeddedTemporal, temporal_program
from domain.errors import BrokenSetup
from domain.people import SYSTEM_ROLES, Actor, Role
from domain.wire import encode
from integrations.key_ring import KeyRing
from integrations.temporal_plugin import andon_plugin, connect
from services.house import House
from services.settings import Settings
from storage import catalog, people
from storage.database import Database, open_database
from tests.durability.processes import Program, free_port
from tests.durability.sink import Sink, open_sink
from tests.engine.running import furnish

SOON_S = 12.0
"""A press without an answer is pressed again after this long: services give up after 8 s."""

MOST_FALLS = 100
"""A process that ends this often without having been killed is broken; a desk falls while the
server is away."""

FASTER = ("--dynamic-config-value", 'history.defaultWorkflowTaskTimeout="3s"')
"""A task on a dead worker is given to another after this long, instead of 10 s."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One act as the person at the desk saw it: how often it was pressed, and the answer."""

    key: str
    incident: str
    presses: int
    told: dict[str, Any]
    took_s: float


@dataclass
class Site:
    """The processes, the database behind them, and all that was answered."""

    home: Path
    database: Database
    ring: KeyRing
    sink: Sink
    temporal: Program
    worker: Program
    desk: Program
    port: int
    patience_s: float = 120.0
    pressed: list[Pressed] = field(default_factory=list)
    waiting: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    broken: str = ""
    lines: int = 0
    client: Client | None = None

    @property
    def house(self) -> House:
        """Give the services' view, for looking only."""
        return House(
            Settings(home=self.home),
            self.database.ledger,
            self.database.bulk,
            self.ring,
            self.client,
        )

    @property
    def programs(self) -> dict[str, Program]:
        """Give the processes by name."""
        return {"temporal": self.temporal, "worker": self.worker, "desk": self.desk}

    # ------------------------------------------------------------ keeping it up

    async def keep_up(self) -> None:
        """Start again whatever has died, until cancelled."""
        while True:
            for program in (self.temporal, self.worker, self.desk):
                if not program.is_alive:
                    await self._revive(program)
            await asyncio.sleep(0.02)

    async def _revive(self, program: Program) -> None:
        if program.starts - program.kills > MOST_FALLS:
            self.broken = f"{program.name} does not stay up:\n{program.tail()}"
            return
        await program.start()
        if program is self.desk:
            asyncio.get_running_loop().create_task(self._listen(program.process))

    async def _listen(self, process: Any) -> None:
        """Hand out the desk's answers; when it dies, all who wait hear that."""
        waiting = self.waiting
        while text := await process.stdout.readline():
            with suppress(ValueError):
                told = json.loads(text)
                future = waiting.pop(told["n"], None)
                if future is not None and not future.done():
                    future.set_result(told)
        for future in waiting.values():
            if not future.done():
                future.set_result({"refused": "desk_died"})
        waiting.clear()

    # ------------------------------------------------------------ pressing

    async def press(
        self,
        who: Actor,
        command: str,
        body: dict[str, Any],
        key: str,
        *,
        incident: str = "",
        more: dict[str, int] | None = None,
    ) -> dict[str, Any]:
        """Press until there is an answer, each time with the same key."""
        began, presses = time.monotonic(), 0
        line = {
            "who": encode(Actor, who), "command": command, "body": body, "key": key,
            "incident": incident, "more": more or {},
        }  # fmt: skip
        while time.monotonic() - began < self.patience_s:
            assert not self.broken, self.broken
            told = await self._ask(line)
            presses += told is not None
            if told is None or told.get("refused") in ("not_confirmed", "desk_died", "silent"):
                await asyncio.sleep(0.05)
                continue
            took = time.monotonic() - began
            where = incident or told.get("incident", "")
            self.pressed.append(Pressed(key, where, presses, told, took))
            return told
        raise AssertionError(f"{command} ({key}) was not answered in {self.patience_s:g} s")

    async def _ask(self, line: dict[str, Any]) -> dict[str, Any] | None:
        """Send one line; None when there was nobody to send it to."""
        process = self.desk.process
        if process is None or not self.desk.is_alive or process.stdin is None:
            return None
        self.lines += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.waiting[self.lines] = future
        try:
            process.stdin.write(json.dumps({"n": self.lines, **line}).encode() + b"\n")
            await process.stdin.drain()
            return await asyncio.wait_for(future, SOON_S)
        except ConnectionError:
            return None
        except TimeoutError:
            return {"refused": "silent"}


# ---------------------------------------------------------------- making one


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


def channels(sink_port: int) -> list[catalog.Item]:
    """Shelves of our own, retailers that take HTTP orders, distributors that are written to."""
    kinds = [
        ("own_shop", "demo_shop", "", 2),
        ("retailer", "webhook", f"http://127.0.0.1:{sink_port}/orders", 3),
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


def furnish_home(home: Path, sink_port: int) -> tuple[Database, KeyRing]:
    """Make keys, database and company in a new home."""
    settings = Settings(home=home)
    ring = KeyRing.create(settings.key_ring_file)
    database = open_database(settings.sqlalchemy_url)
    database.migrate()
    furnish(database, channels(sink_port))
    for person in everybody():
        people.save_person(database.ledger, person)
    return database, ring


@asynccontextmanager
async def open_site(home: Path, *, every: int = 0, offset: int = 0) -> AsyncIterator[Site]:
    """Start everything in a new home, keep it up, and stop it at the end.

    With `every` the worker dies at each `every`-th point it comes to (dying_worker.py).
    """
    home.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - before anything runs
    with open_sink() as sink:
        database, ring = furnish_home(home, sink.port)
        site = _site(home, (database, ring, sink), ("--every", str(every), "--offset", str(offset)))
        keeping = None
        try:
            await _first_start(site)
            keeping = asyncio.create_task(site.keep_up())
            yield site
        finally:
            if keeping is not None:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
            for program in site.programs.values():
                await program.kill()
            database.close()


def _site(home: Path, stores: tuple[Database, KeyRing, Sink], deaths: tuple[str, ...]) -> Site:
    port = free_port()
    (home / "temporal.port").write_text(f"{port}\n")
    server = _server(home, port)
    python = (sys.executable, "-m")
    return Site(
        home,
        *stores,
        temporal=Program("temporal", (*server.command, *FASTER), home / "temporal.log"),
        worker=Program(
            "worker",
            (*python, "tests.durability.dying_worker", str(home), *deaths),
            home / "worker.log",
        ),
        desk=Program(
            "desk", (*python, "tests.durability.desk", str(home)), home / "desk.log", speaks=True
        ),
        port=port,
    )


def _server(home: Path, port: int) -> EmbeddedTemporal:
    return EmbeddedTemporal(
        program=temporal_program(),
        database=Settings(home=home).temporal_database_file,
        port=port,
        namespace="default",
        log=home / "temporal.log",
    )


async def _first_start(site: Site) -> None:
    """Start the server and set it up; its database is then safe to be killed over."""
    server = _server(site.home, site.port)
    server.prepare()
    await site.temporal.start()
    is_ready = server.child().ready
    until = time.monotonic() + 60
    while not await asyncio.to_thread(is_ready):
        assert time.monotonic() < until, site.temporal.tail()
        await asyncio.sleep(0.05)
    while site.client is None:
        with contextlib.suppress(BrokenSetup):
            site.client = await connect(
                f"127.0.0.1:{site.port}", "default", andon_plugin(site.ring), identity="proof"
            )


def now() -> datetime:
    """Give the time of this machine."""
    return datetime.now(UTC)
