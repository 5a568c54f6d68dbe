"""The embedded Temporal server: its command line, its port, and how its namespace is set up.

What belongs here: everything that makes `temporal server start-dev` safe to keep an incident's
history in for years. What never does: supervision (cli/supervise.py), or reaching a Temporal
service of somebody else (services/settings.py).

What was tried, with CLI 1.9.1 (Server 1.32.0):

- The program obeys files in the user's home directory (addresses, certificates of other projects);
  `_OURS_ALONE` shuts them out.
- The server asks version-info.temporal.io for news at start and once a day, with the ids of the
  cluster and of the SDKs; a dynamic configuration value ends that. The web interface would fetch a
  newsfeed; there is no web interface.
- `synchronous=FULL` costs an act nothing that can be measured (p50 49.3 ms against 49.1 ms with
  NORMAL). With NORMAL a power cut may take back the last commits of the history, and the ledger,
  which is FULL, would be ahead of it.
- The default keeps closed histories for ONE DAY. 100 years is accepted and survives a restart.
- `--search-attribute` is ignored when the database exists, so a later release could not add one;
  the operator's command adds what is missing and leaves the rest as it is.
- A server that is killed while it makes its database leaves one that never starts again.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli import ports
from cli.supervise import Child, tcp_open
from domain.errors import BrokenSetup

LOOPBACK: Final = "127.0.0.1"
"""The server knows no passwords: it must never listen anywhere else."""

FIRST_PORT: Final = 17_233
"""Not Temporal's own 7233, where programs of other projects look, and below the ports that systems
give to outgoing connections, so that it is free again at the next start."""

PORTS_TRIED: Final = 200
RETENTION: Final = "36500d"
"""100 years: the archive, not the server, decides what is forgotten."""

SEARCH_ATTRIBUTES: Final = {
    "AndonStage": "Keyword",
    "AndonGrade": "Keyword",
    "AndonNextDue": "Datetime",
    "AndonIncident": "Keyword",
}

_MEMORY: Final = {"GOGC": "800", "GOMEMLIMIT": "1GiB"}
"""The server looks for garbage when its memory has grown ninefold, not twofold, and always near a
gigabyte. On two processors the looking took what people at once were waiting for: of ten, the
slowest had their answer in 275 to 288 ms instead of 393 to 418, and in 291 to 332 with half of it
(bench/deciding). Yours go before these."""

_OURS_ALONE: Final = ("--disable-config-file", "--disable-config-env", "--env-file", os.devnull)
_COMMAND_TIMEOUT_S: Final = 20.0


def temporal_program() -> Path:
    """Return the program that was installed beside this Python; `BrokenSetup` if it is missing."""
    program = Path(sys.executable).parent / "temporal"
    if not program.is_file():
        raise BrokenSetup(
            f"The Temporal server is not installed: there is no {program}.",
            "Run `make setup` again, or set TEMPORAL_ADDRESS to a service that runs elsewhere.",
        )
    return program


def choose_port(remembered: Path) -> int:
    """Return the port of the last run if it is free, else the next free one, and remember it.

    It is claimed: another Andon that starts in the same second takes another one.
    """
    tried = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    candidates: list[int] = [*_last_port(remembered), *tried]
    for port in candidates:
        if ports.claim(LOOPBACK, port) is None:
            remembered.write_text(f"{port}\n")
            return port
    raise BrokenSetup(
        f"No port from {tried.start} to {tried.stop - 1} is free for the Temporal server.",
        "See what listens there, for instance with `ss -ltnp`, and stop it.",
    )


def _last_port(remembered: Path) -> tuple[int, ...]:
    try:
        port = int(remembered.read_text())
    except (OSError, ValueError):
        return ()
    return (port,) if 1024 <= port <= 65_535 else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedTemporal:
    """One embedded server: where it keeps its database, listens, and writes what it has to say."""

    program: Path
    database: Path
    port: int
    namespace: str
    log: Path

    @property
    def command(self) -> tuple[str, ...]:
        """The command line of the server."""
        return (
            str(self.program),
            *("server", "start-dev", "--headless"),
            *("--ip", LOOPBACK, "--port", str(self.port)),
            *("--namespace", self.namespace),
            *("--db-filename", str(self.database)),
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
            *("--dynamic-config-value", "frontend.enableServerVersionCheck=false"),
            # `warn` repeats itself for every long history.
            *("--log-level", "error"),
            *_OURS_ALONE,
        )

    def child(self) -> Child:
        """Describe the server to the supervisor."""
        is_open = tcp_open(LOOPBACK, self.port)
        return Child(
            name="temporal",
            argv=self.command,
            env=_environment(),
            before=self.prepare,
            ready=lambda: is_open() and self.settle(),
        )

    @property
    def _unfinished(self) -> Path:
        """Stands beside the database from before it is made until it can hold a history."""
        return self.database.with_name(f"{self.database.name}.unfinished")

    def prepare(self) -> None:
        """Before a start: clear away a database that was never finished, mark one to be made.

        Without the mark nothing is ever deleted.
        """
        if self._unfinished.exists():
            for suffix in ("", "-wal", "-shm"):
                self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        if not self.database.exists():
            self._unfinished.touch()
            _sync_directory(self.database.parent)

    def settle(self) -> bool:
        """Set up the namespace; return whether it worked, which is also the proof of readiness.

        Done at every start, because each command says what should be, and changes nothing if it is.
        """
        attributes = [
            word
            for name, kind in SEARCH_ATTRIBUTES.items()
            for word in ("--name", name, "--type", kind)
        ]
        done = self._operator("search-attribute", "create", *attributes) and self._operator(
            "namespace", "update", "--retention", RETENTION
        )
        if done and self._unfinished.exists():
            # On the disk before the first workflow starts: the mark must not come back after a
            # power cut and condemn a database that is in use.
            self._unfinished.unlink()
            _sync_directory(self.database.parent)
        return done

    def _operator(self, *words: str) -> bool:
        """Run one command of the operator; what it says goes to the server's log."""
        address = ("--address", f"{LOOPBACK}:{self.port}", "--namespace", self.namespace)
        command = (str(self.program), "operator", *words, *address, *_OURS_ALONE)
        try:
            with self.log.open("ab") as log:
                ended = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    env=_environment(),
                    timeout=_COMMAND_TIMEOUT_S,
                    check=False,
                )
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode == 0


def _environment() -> dict[str, str]:
    """Return the environment without variables that speak of another Temporal service."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return {**_MEMORY, **ours}


def _sync_directory(directory: Path) -> None:
    """Put the names in a directory on the disk."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
