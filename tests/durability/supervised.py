"""`andon up` itself, killed and started again in one home: the supervisor and all its children.

What belongs here: starting the command as people do, and what it had started when it was killed.
What never does: a hook in any process: everything runs as it is installed, with its own limits.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cli.run_state import Leftover, RunState
from tests.durability.home import make_home, settings_of
from tests.durability.processes import Executed, Program, free_port
from tests.durability.sink import Sink
from tests.durability.site import Running

GREETING = "Andon is up:"


@dataclass(kw_only=True)
class Supervised(Running):
    """One `andon up`, and the children of every one that was killed."""

    orphans: list[Leftover] = field(default_factory=list)
    children_struck: int = 0
    greeted: int = 0

    @property
    def console_url(self) -> str:
        """Give where the console stands: `andon up` tells its worker."""
        return self.desk.url

    @property
    def command(self) -> Program:
        """Give the one program: the supervisor."""
        return self.programs["andon"]

    @property
    def children(self) -> list[Leftover]:
        """Name the children that run now."""
        return RunState(settings_of(self.home).run_state_file).leftovers()

    def strike(self) -> None:
        """Kill the supervisor alone; remember whom it leaves behind."""
        self.orphans += self.children
        self.greeted = self.greetings()
        self.command.strike()

    def strike_child(self, name: str) -> None:
        """Kill one child; the supervisor starts it again."""
        (pid,) = [child.pid for child in self.children if child.name == name]
        os.kill(pid, signal.SIGKILL)
        self.children_struck += 1

    def greetings(self) -> int:
        """Count how often everything was ready."""
        log = self.command.log
        return log.read_text().count(GREETING) if log.exists() else 0

    async def is_up(self, within_s: float = 90.0) -> None:
        """Wait until the command that runs now has said that everything is ready."""
        async with asyncio.timeout(within_s):
            while self.greetings() <= self.greeted and not self.broken:  # noqa: ASYNC110 - another process's word
                await asyncio.sleep(0.1)
        assert not self.broken, self.broken


def andon_up(home: Path, port: int, *, demo: bool) -> Executed:
    """Describe the command as people type it.

    The server gets a port that no other test's would take while this one is dead.
    """
    settings_of(home).temporal_port_file.write_text(f"{free_port()}\n")
    andon = Path(sys.executable).parent / "andon"
    environment = {"ANDON_HOME": str(home), "ANDON_DEMO": str(demo).lower()}
    argv = (str(andon), "up", "--port", str(port))
    return Executed("andon", home / "up.log", most_falls=0, argv=argv, environment=environment)


@asynccontextmanager
async def open_supervised(home: Path) -> AsyncIterator[Supervised]:
    """Start `andon up` in a home with a company of ours, and again whenever it was killed."""
    made = make_home(home, Sink())
    site = Supervised(**vars(made), programs={"andon": andon_up(home, made.desk.port, demo=False)})
    keeping = asyncio.create_task(site.keep_up())
    try:
        yield site
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await site.end()
