"""A whole installation for a measurement: embedded server, worker, API, each its own process.

What belongs here: starting and stopping them as `andon up` does, in a home that is thrown away, and
the company that is measured: the demo company with as many webhook channels as asked for. What
never does: a measurement.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from temporalio.client import Client

from cli.supervise import Child
from cli.up import api_child, temporal_child, worker_child
from domain.company import Channel, Company
from domain.people import Role
from domain.plan import Plan
from domain.severity import HaltLevel
from integrations.key_ring import KeyRing
from services import company as company_service
from services import people as people_service
from services.house import House
from services.opening import check_ring, open_stores
from services.settings import Settings
from storage import people
from storage.database import Database

ROOT = Path(__file__).resolve().parent.parent
CHANNELS = 50
ORDERED = (HaltLevel.H1, HaltLevel.H2, HaltLevel.H3)
"""What a critical report stops by the plan itself."""

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0


@dataclass
class Installation:
    """A running installation: its settings, stores, API client, plain Temporal client, people."""

    settings: Settings
    house: House
    api: httpx2.AsyncClient
    temporal: Client
    tokens: Mapping[Role, str]
    company: Company

    def as_(self, role: Role) -> dict[str, str]:
        """Give the headers of somebody who holds a role."""
        return {"authorization": f"Bearer {self.tokens[role]}"}

    @property
    def address(self) -> str:
        """Where the embedded server listens."""
        return self.temporal.service_client.config.target_host


@asynccontextmanager
async def running(
    sink_url: str = "http://127.0.0.1:9/", channels: int = CHANNELS
) -> AsyncIterator[Installation]:
    """Start everything, with channels that lead to `sink_url`, and stop everything."""
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        settings = Settings(home=Path(folder), port=_free_port())
        settings.logs_dir.mkdir()
        KeyRing.create(settings.key_ring_file)
        house = open_stores(settings)
        Database(house.engine, house.bulk).migrate()
        check_ring(house.engine, house.ring)
        made = furnish(house, sink_url, channels)
        async with _processes(settings):
            connection = settings.temporal_connection()
            temporal = await Client.connect(str(connection.get("target_host")))
            async with httpx2.AsyncClient(base_url=settings.local_url, timeout=30) as api:
                yield Installation(settings, house, api, temporal, _tokens(house, made), made)
        house.engine.dispose()
        house.bulk.dispose()


def furnish(house: House, sink_url: str, channels: int = CHANNELS) -> Company:
    """Adopt the default plan and keep the demo company, its channels replaced by webhooks."""
    rules = company_service.read_rules()
    company_service.adopt(house, rules, "bench")
    made = company_service.read_company_file(company_service.COMPANY_FILE)
    made = replace(made, channels=webhook_channels(rules.plan, sink_url, channels))
    company_service.keep_company(house, made, datetime.now(UTC))
    for person in made.people:
        row = people.Person(
            id=person.id,
            name_zh=person.name_zh,
            name_en=person.name_en,
            roles=tuple(map(str, person.roles)),
            deputy_for=tuple(map(str, person.deputy_for)),
            email=person.email,
            language=person.language,
        )
        people.save_person(house.engine, row)
    return made


def webhook_channels(plan: Plan, sink_url: str, channels: int = CHANNELS) -> tuple[Channel, ...]:
    """Give channels over all kinds that a critical report stops, each reached by HTTP."""
    kinds = [kind for level in ORDERED for kind in plan.halt[level].channels]
    return tuple(
        Channel(
            id=f"{kinds[n % len(kinds)]}-{n + 1}",
            kind=kinds[n % len(kinds)],
            name_en=f"Channel {n + 1}",
            name_zh=f"渠道{n + 1}",
            adapter="webhook",
            address=sink_url,
            market="CN",
            language="zh",
        )
        for n in range(channels)
    )


def _tokens(house: House, made: Company) -> dict[Role, str]:
    return {
        role: people_service.issue_token(house, made.holders(role)[0].id, "bench")
        for role in Role
        if made.holders(role)
    }


def _free_port() -> int:
    import socket  # noqa: PLC0415 - for this one question

    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


# ---------------------------------------------------------------- processes


@asynccontextmanager
async def _processes(settings: Settings) -> AsyncIterator[None]:
    """Run server, worker and API as `andon up` would; the worker also knows webhooks."""
    worker = replace(worker_child(settings), argv=(sys.executable, "-m", "bench.worker"))
    async with AsyncExitStack() as running_children:
        for child in (temporal_child(settings), worker, api_child(settings)):
            process = await start(child, settings.logs_dir / f"{child.name}.log")
            running_children.push_async_callback(asyncio.to_thread, stop, process)
        yield


async def start(child: Child, log: Path) -> subprocess.Popen[bytes]:
    """Start one process and wait until it is ready. Raises RuntimeError with its last words."""
    return await asyncio.to_thread(_start, child, log)


def _start(child: Child, log: Path) -> subprocess.Popen[bytes]:
    child.before()
    with log.open("ab") as output:
        process = subprocess.Popen(
            child.argv,
            cwd=ROOT,
            env=child.env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    late_at = time.monotonic() + READY_WITHIN_S
    while not child.ready():
        if process.poll() is not None or time.monotonic() > late_at:
            stop(process)
            raise RuntimeError(f"{child.name} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end; insist when it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
