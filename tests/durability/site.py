"""An installation of real processes, and somebody who starts again whatever died.

What belongs here: the processes of a home, and keeping them up. What never does: what is pressed
(story.py), when something is killed (killing.py), whether it came out right (agreement.py).
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cli.embedded_temporal import EmbeddedTemporal, temporal_program
from domain.errors import BrokenSetup
from integrations.temporal_plugin import andon_plugin, connect
from tests.durability.home import Installation, make_home, settings_of
from tests.durability.processes import Executed, Forked, Nursery, Program, free_port
from tests.durability.sink import Sink, open_sink

FASTER = ("--dynamic-config-value", 'history.defaultWorkflowTaskTimeout="2s"')
"""A task on a dead worker is given to another after this long, instead of 10 s."""

TURN_OVER_AFTER = 3
"""Acts in one run of an incident here: the story then runs over many, and turns over while effects
are on their way."""


@dataclass(kw_only=True)
class Running(Installation):
    """An installation whose programs are started again whenever they have died."""

    programs: dict[str, Program]

    async def keep_up(self) -> None:
        """Start again whatever has died, until cancelled."""
        while not self.broken:
            for program in self.programs.values():
                if program.is_alive:
                    continue
                if program.falls > program.most_falls:
                    self.broken = f"{program.name} does not stay up:\n{program.tail()}"
                    return
                await program.start()
            await asyncio.sleep(0.02)

    async def end(self) -> None:
        """Stop everything, as a power cut would."""
        for program in self.programs.values():
            await program.end()
        await self.desk.client.aclose()
        self.database.close()


@asynccontextmanager
async def open_site(
    home: Path,
    nursery: Nursery,
    *,
    url: str = "",
    travels: int = 0,
    sink: Sink | None = None,
    retailers: int = 3,
) -> AsyncIterator[Running]:
    """Start everything in a new home, keep it up, and stop it at the end.

    `url` names a database other than the home's own file; states of more than `travels` characters
    are handed over by hash. `sink` stands for the retailers, so many of them.
    """
    with open_sink(sink) as listening:
        made = make_home(home, listening, url, retailers)
        site = Running(**vars(made), programs=_programs(made, nursery, travels))
        keeping = None
        try:
            await _first_start(site)
            keeping = asyncio.create_task(site.keep_up())
            yield site
        finally:
            if keeping is not None:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
            await site.end()


def _programs(made: Installation, nursery: Nursery, travels: int) -> dict[str, Program]:
    home = made.home
    settings_of(home).temporal_port_file.write_text(f"{free_port()}\n")
    server = (*server_of(home).command, *FASTER)
    arguments = {"worker": (), "api": (made.desk.port, TURN_OVER_AFTER, travels)}
    return {
        "temporal": Executed("temporal", home / "temporal.log", argv=server),
        **{
            name: Forked(name, home / f"{name}.log", nursery=nursery, home=home, arguments=told)
            for name, told in arguments.items()
        },
    }


def server_of(home: Path) -> EmbeddedTemporal:
    """Describe the embedded server of a home."""
    settings = settings_of(home)
    return EmbeddedTemporal(
        program=temporal_program(),
        database=settings.temporal_database_file,
        port=int(settings.temporal_port_file.read_text()),
        namespace="default",
        log=home / "temporal.log",
    )


async def _first_start(site: Running) -> None:
    """Start the server and set it up; its database is then safe to be killed over."""
    server, program = server_of(site.home), site.programs["temporal"]
    server.prepare()
    await program.start()
    is_ready = server.child().ready
    until = time.monotonic() + 60
    while not await asyncio.to_thread(is_ready):
        assert time.monotonic() < until, program.tail()
        await asyncio.sleep(0.05)
    await look_into(site)


async def look_into(site: Running) -> None:
    """Connect to the server of a home, to look at histories."""
    address = f"127.0.0.1:{server_of(site.home).port}"
    site.client = None
    while site.client is None:
        with suppress(BrokenSetup):
            site.client = await connect(
                address, "default", andon_plugin(site.ring), identity="proof"
            )


def now() -> datetime:
    """Give the time of this machine."""
    return datetime.now(UTC)
