"""A whole installation in one thread: Temporal, worker, API, a demo company; and people who ask it.

What belongs here: starting, stopping, asking. What never does: an assertion about an answer.
"""

import asyncio
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client

from api.app import create
from integrations.key_ring import KeyRing
from services.company import (
    COMPANY_FILE,
    keep_company,
    people_file,
    prepare,
    read_company_file,
)
from services.opening import open_stores
from services.people import hash_password
from services.settings import Settings, proxy_arguments
from storage import catalog, people
from storage.database import Database, open_database
from storage.schema import BULK, LEDGER, entries
from tests.api.keeping import Files, Tables
from tests.engine.running import embedded_server, open_client, working
from tests.passwords import hashed_lightly

QUIET_S = 0.25
SWITCH_S = 0.0005
"""How long a thread that wants to go on waits for one that works. Ours share one process: with the
usual five milliseconds every statement of a worker waits that long for a page that is drawn."""
T = TypeVar("T")
REFUSED = {"entries", "commands", "incidents", "cases"}
"""Where the plan's own refusal stands: its entry, what the command led to, the head of the stream."""

PORTS = range(20_000, 32_000)
"""Below those that a machine gives to whoever asks for any: a port found here is still free later."""


def free_port() -> int:
    """Find a port that nobody listens on, and that nobody is given before we do."""
    for number in random.sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", number))
            return number
    raise AssertionError("no port is free")


@dataclass
class Asker:
    """Somebody who asks: a signed-in browser, or a program with a token."""

    client: httpx2.Client
    csrf: str = ""

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """Read something."""
        return self.client.get(path, **more)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Send JSON as our own page would; `happened_at="…"` stands for a header of that name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {"json": body} if body is not None else {}
        return self.client.post(path, headers=named, **content)


@dataclass(repr=False)
class Served:
    """The installation: where it is, who is in it, and its loop."""

    settings: Settings
    database: Database
    loop: asyncio.AbstractEventLoop
    app: FastAPI | None = None
    client: Client | None = None
    ring: KeyRing | None = None
    worker: AsyncExitStack | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    passwords: dict[str, str] = field(default_factory=dict)
    temporal_file: Path | None = None
    _askers: dict[str, Asker] = field(default_factory=dict)

    @cached_property
    def _tables(self) -> tuple[Tables, Tables]:
        return (
            Tables(self.database.ledger, tuple(LEDGER.sorted_tables)),
            Tables(
                self.database.bulk,
                tuple(one for one in BULK.sorted_tables if not one.name.startswith("search_")),
            ),
        )

    @cached_property
    def _files(self) -> Files:
        return Files(self.settings.blobs_dir)

    def close(self) -> None:
        """Let go of everybody who asks, and of the database."""
        for asker in self._askers.values():
            asker.client.close()
        for each in self._tables:
            each.close()
        self.database.close()

    @property
    def url(self) -> str:
        """Where the API is."""
        return self.settings.local_url

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the installation's own loop and wait for it."""
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return done.result(60)

    def visitor(self) -> httpx2.Client:
        """Give a browser that nobody signed in with."""
        # No line is encrypted here; reading whom to trust costs 50 ms for each of hundreds.
        return httpx2.Client(base_url=self.url, timeout=20, trust_env=False, verify=False)

    def person(self, name: str) -> Asker:
        """Give a signed-in person of the demo company; signed in once."""
        if name not in self._askers:
            client = self.visitor()
            client.headers["Origin"] = self.url
            answer = client.post(
                "/api/sessions", json={"name": name, "password": self.passwords[name]}
            )
            assert answer.status_code == 201, answer.text
            self._askers[name] = Asker(client, answer.json()["csrf"])
        return self._askers[name]

    def description(self) -> dict[str, Any]:
        """Give the OpenAPI document."""
        assert self.app is not None
        return self.app.openapi()

    def demo_channels(self) -> list[str]:
        """List the ids of the demo company's channels."""
        return [item.id for item in catalog.list_items(self.database.ledger, "channel")]

    def kept(self) -> dict[str, str]:
        """Give everything that bad input must leave as it was: rows of all tables, and files."""
        found = {name: told for each in self._tables for name, told in each.digests().items()}
        return {**found, "files": self._files.digest()}

    def settled(self) -> dict[str, str]:
        """Look once nothing moves any more: halts of earlier tests may still be on their way."""
        before, since = self.kept(), time.monotonic()
        while time.monotonic() - since < QUIET_S:
            time.sleep(0.05)
            now = self.kept()
            if now != before:
                before, since = now, time.monotonic()
        return before

    def unchanged_by(self, ask: Callable[[], T]) -> T:
        """Ask, and insist that nothing was written.

        Clocks and halts of earlier tests go on meanwhile: what was seen while they wrote is
        asked again, for what writes by itself writes every time.
        """
        before, answer = self.kept(), ask()
        for _ in range(3):
            if self.kept() == before:
                return answer
            before, answer = self.settled(), ask()
        assert self.kept() == before
        return answer

    def held(self, ask: Callable[[], T]) -> T:
        """Ask for anything, and insist that a refusal changed nothing.

        A refusal by the plan is an entry: then that one, and what hangs on it, is all that came.
        """
        tries = 3
        while True:
            before, told = self.kept(), self._ledger()
            answer = ask()
            added = list(self._ledger() - told)
            changed = {name for name, now in self.kept().items() if now != before[name]}
            if _is_success(answer) or not changed or _is_one_refusal(added, changed):
                return answer
            tries -= 1
            assert tries, f"{answer}: {sorted(changed)} changed; new entries: {added}"
            self.settled()

    def _ledger(self) -> set[Any]:
        return set(self._tables[0].rows(entries))

    @contextmanager
    def worker_away(self) -> Iterator[None]:
        """Stop the worker for a while."""
        self.run(self._leave())
        try:
            yield
        finally:
            self.run(self._come())

    async def _come(self) -> None:
        assert self.client is not None
        assert self.ring is not None
        self.worker = AsyncExitStack()
        await self.worker.enter_async_context(working(self.client, self.database, self.ring))

    async def _leave(self) -> None:
        assert self.worker is not None
        await self.worker.aclose()


def _is_success(answer: object) -> bool:
    """Say whether something was done: by a status of HTTP, or one of the terminal."""
    status = getattr(answer, "status_code", getattr(answer, "status", None))
    return status < 400 if status is not None else getattr(answer, "exit_code", 1) == 0


def _is_one_refusal(added: list[Any], changed: set[str]) -> bool:
    """Say whether all that came is one refusal by the plan."""
    return changed <= REFUSED and len(added) <= 1 and all("ActRefused" in row for row in added)


def furnish(settings: Settings) -> dict[str, str]:
    """Put the demo company's lists and people in as if they were real; gives the passwords."""
    house, made, now = open_stores(settings), read_company_file(COMPANY_FILE), datetime.now(UTC)
    keep_company(house, made, now)
    password = "the same for everybody here"
    kept_as = hash_password(password)
    for one in made.people:
        row = people.Person(
            id=one.id,
            name_zh=one.name_zh,
            name_en=one.name_en,
            roles=tuple(map(str, one.roles)),
            deputy_for=tuple(map(str, one.deputy_for)),
            email=one.email,
            language=one.language,
            password_hash=kept_as,
        )
        people.save_person(house.engine, row)
    house.engine.dispose()
    return {one.id: password for one in made.people}


@contextmanager
def serving(
    home: Path, database_url: str = "", *, keeps_histories: bool = False
) -> Iterator[Served]:
    """Start an installation in a home of its own, and stop it.

    Without a database URL it is the demo company on SQLite; with one the same company, as its own.
    With `keeps_histories` Temporal writes into the home too, and not into memory alone.
    """
    with hashed_lightly():
        yield from _serving(home, database_url, keeps_histories)


def _serving(home: Path, database_url: str, keeps_histories: bool) -> Iterator[Served]:
    url = SecretStr(database_url) if database_url else None
    settings = Settings(home=home, port=free_port(), database_url=url)
    KeyRing.create(settings.key_ring_file)
    prepare(settings)
    sys.setswitchinterval(SWITCH_S)
    served = Served(settings, open_database(settings.sqlalchemy_url), asyncio.new_event_loop())
    served.temporal_file = settings.temporal_database_file if keeps_histories else None
    if database_url:
        served.passwords = furnish(settings)
    else:
        rows = people_file(settings).read_text(encoding="utf-8").splitlines()[1:]
        served.passwords = {row.split()[0]: row.split()[1] for row in rows}
    ready = threading.Event()
    failed: list[BaseException] = []

    def live() -> None:
        try:
            served.loop.run_until_complete(_live(served, ready))
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=live, name="installation")
    thread.start()
    ready.wait(60)
    if failed:
        raise failed[0]
    try:
        yield served
    finally:
        served.loop.call_soon_threadsafe(served.stop.set)
        thread.join(30)
        served.close()
        served.loop.close()


async def _live(served: Served, ready: threading.Event) -> None:
    async with embedded_server(served.temporal_file) as env:
        target = env.client.service_client.config.target_host
        served.settings.temporal_port_file.write_text(target.rpartition(":")[2])
        served.ring = KeyRing.load(served.settings.key_ring_file)
        served.client = await open_client(env, served.ring)
        await served._come()
        served.app = create(served.settings)
        config = uvicorn.Config(
            served.app,
            port=served.settings.port,
            log_level="error",
            lifespan="on",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,  # a busy machine must not race with a line that is being closed
            **proxy_arguments(served.settings),
        )
        server = uvicorn.Server(config)
        serving_it = asyncio.create_task(server.serve())
        while not server.started and not serving_it.done():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.02)
        ready.set()
        await served.stop.wait()
        server.should_exit = True
        await serving_it
        await served._leave()
