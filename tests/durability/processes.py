"""Real processes of one home: started again and again, and killed without warning.

What belongs here: the life of a process. What never does: what it should have done by then.
Whatever is started here dies with this process, however that one ends (cli/supervise.py, rule 4).
"""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.run_state import ON_LINUX, ROOT, start_mark
from cli.supervise import _DIE_WITH_PARENT


def dying_with_us() -> tuple[str, ...]:
    """Give the words before a command line that let it die with this process."""
    return (sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), str(ON_LINUX))


def plain_environment() -> dict[str, str]:
    """Our environment without what speaks of another installation."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    plain = {name: value for name, value in ours.items() if not name.startswith("TEMPORAL_")}
    return plain | {"PYTHONUNBUFFERED": "1"}


@dataclass
class Program(ABC):
    """One program that is started again and again; its output goes to `log`.

    `most_falls` is how often it may end without having been killed before it counts as broken.
    """

    name: str
    log: Path
    most_falls: int = 5
    starts: int = 0
    strikes: int = 0

    @property
    @abstractmethod
    def is_alive(self) -> bool:
        """Say whether it runs."""

    @abstractmethod
    async def start(self) -> None:
        """Start it."""

    @abstractmethod
    async def gone(self) -> None:
        """Wait until it has ended."""

    @abstractmethod
    def _kill(self) -> None:
        """Send SIGKILL."""

    def strike(self) -> None:
        """End it as a power cut would; whoever is set to it starts it again."""
        if self.is_alive:
            self.strikes += 1
            with suppress(ProcessLookupError):
                self._kill()

    async def end(self) -> None:
        """End it for good."""
        if self.starts:
            with suppress(ProcessLookupError):
                self._kill()
            await self.gone()

    @property
    def falls(self) -> int:
        """Count the times it ended without having been killed."""
        return self.starts - self.strikes - self.is_alive

    def tail(self, lines: int = 30) -> str:
        """Give the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass
class Executed(Program):
    """A program with a command line, in a session of its own."""

    argv: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def is_alive(self) -> bool:
        """Say whether it runs."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it. The caller must be the main thread."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *dying_with_us(),
                *self.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**plain_environment(), **self.environment},
                start_new_session=True,
            )
        self.starts += 1

    async def gone(self) -> None:
        """Wait until it has ended."""
        if self.process is not None:
            await self.process.wait()

    def _kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Nursery:
    """The process that forks programs (nursery.py)."""

    process: subprocess.Popen[str]

    def fork(self, program: str, home: Path, arguments: Sequence[int], log: Path) -> int:
        """Fork a program; gives its process id."""
        asked = {"program": program, "home": str(home), "arguments": arguments, "log": str(log)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """Keep a nursery; at the end nobody of it runs."""
    with subprocess.Popen(
        [*dying_with_us(), sys.executable, "-m", "tests.durability.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=plain_environment(),
        start_new_session=True,
    ) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


@dataclass
class Forked(Program):
    """A program that a nursery forks. It falls while the server is away, and is started again."""

    nursery: Nursery | None = field(default=None, repr=False)
    home: Path = Path()
    arguments: Sequence[int] = ()
    most_falls: int = 1000
    pid: int = 0
    began: str | None = None

    @property
    def is_alive(self) -> bool:
        """Say whether it runs: its id may be another's by now, who began at another time."""
        return self.began is not None and start_mark(self.pid) == self.began

    async def start(self) -> None:
        """Fork it."""
        assert self.nursery is not None
        self.pid = self.nursery.fork(self.name, self.home, self.arguments, self.log)
        self.began = start_mark(self.pid)
        self.starts += 1

    async def gone(self) -> None:
        """Wait until it has ended."""
        while self.is_alive:  # noqa: ASYNC110 - another process's end
            await asyncio.sleep(0.01)

    def _kill(self) -> None:
        if self.is_alive:
            os.kill(self.pid, signal.SIGKILL)


def free_port() -> int:
    """Give a port of the loopback that nothing listens on, below those of outgoing connections.

    Drawn, and not the next one: other tests give ports away at the same time, whose programs may be
    dead for a moment.
    """
    for _ in range(1000):
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
