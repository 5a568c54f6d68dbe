"""Real processes of one home: started, spoken to, and killed without warning.

What belongs here: the life of a process. What never does: what it should have done by then.
Whatever is started here dies with this process, however that one ends (cli/supervise.py, rule 4).
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.run_state import ON_LINUX, ROOT
from cli.supervise import _DIE_WITH_PARENT


@dataclass
class Program:
    """One program that is started again and again; its output goes to `log`."""

    name: str
    argv: Sequence[str]
    log: Path
    speaks: bool = False
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    starts: int = 0
    kills: int = 0

    @property
    def is_alive(self) -> bool:
        """Say whether it runs."""
        return self.process is not None and self.process.returncode is None

    @property
    def pid(self) -> int:
        """Give its process id; the program must have been started."""
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    async def start(self) -> None:
        """Start it in a session of its own. The caller must be the main thread."""
        shim = (sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), str(ON_LINUX))
        pipe = asyncio.subprocess.PIPE if self.speaks else None
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *shim,
                *self.argv,
                stdin=pipe or asyncio.subprocess.DEVNULL,
                stdout=pipe or log,
                stderr=log,
                cwd=ROOT,
                env=_plain_environment(),
                start_new_session=True,
                limit=2**24,
            )
        self.starts += 1

    async def kill(self) -> None:
        """End it as a power cut would, with all it started."""
        if self.process is None:
            return
        self.kills += self.is_alive
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    def tail(self, lines: int = 30) -> str:
        """Give the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _plain_environment() -> dict[str, str]:
    """Our environment without what speaks of another installation."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    plain = {name: value for name, value in ours.items() if not name.startswith("TEMPORAL_")}
    return plain | {"PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """Give a port of the loopback that nothing listens on, below those of outgoing connections."""
    for port in range(21_000 + os.getpid() % 4_000, 32_000):
        with socket.socket() as listener, suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
