"""Who runs on a home: the lock, the list of processes, and cleaning up after a killed run.

What belongs here: telling one process from another that was given the same id, the lock file, the
file of running children, stopping leftovers. What never does: starting and restarting children
(cli/supervise.py).
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from domain.errors import AndonError

ROOT: Final = Path(__file__).resolve().parent.parent
"""Where the rooms lie; children find them here, wherever they are started."""

ON_LINUX: Final[bool] = sys.platform.startswith("linux")
POLL_S: Final = 0.05
LEFTOVER_GRACE_S: Final = 5.0

Say = Callable[[str], None]


# ---------------------------------------------------------------------- who a process is


def start_mark(pid: int) -> str | None:
    """Return a mark that no other process with this id will have; None when it is gone.

    On Linux the boot and the clock tick of the start, elsewhere what `ps` tells. A process that has
    ended and was not yet waited for counts as gone.
    """
    return _mark_from_proc(pid) if ON_LINUX else _mark_from_ps(pid)


def _mark_from_ps(pid: int) -> str | None:
    """Read ps(1), as macOS has it; each `-o` stands alone, or its `=` would swallow the next."""
    told = subprocess.run(
        ["/bin/ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "TZ": "UTC"},
    ).stdout.split(maxsplit=1)
    return None if len(told) < 2 or told[0].startswith("Z") else told[1].strip()


def _mark_from_proc(pid: int) -> str | None:
    """Read proc(5): after the name in brackets come the state (3) and, as 22, the start time."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else f"{boot}:{fields[19]}"


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process; one that is gone is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def kill_session(pid: int) -> None:
    """End what a child has left in its session, itself included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait for `done` at most so long; return whether it came."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() >= end:
            return False
        time.sleep(POLL_S)
    return True


# ---------------------------------------------------------------------- lock and state of a home


class HomeLock:
    """The lock of one home, held while the `with` lasts; the file says who holds it and where."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        """Take the lock, or raise `AndonError` (`already_running`) that says who has it."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise self._held_by_another() from None
        self.announce("")
        return self

    def __exit__(self, *_: object) -> None:
        """Empty the file and give the lock back."""
        os.ftruncate(self._file, 0)
        os.close(self._file)

    def announce(self, address: str) -> None:
        """Write down process id and address for the one who comes second."""
        holder = json.dumps({"pid": os.getpid(), "address": address}).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, holder, 0)

    def _held_by_another(self) -> AndonError:
        try:
            holder = json.loads(self._path.read_text())
        except (OSError, ValueError):
            holder = {}  # It has the lock and has not written yet.
        who = f" as process {holder['pid']}" if holder.get("pid") else ""
        where = f" at {holder['address']}" if holder.get("address") else ""
        return AndonError(
            f"Andon already runs in {self._path.parent}{who}{where}.",
            "Use that one, stop it with Ctrl-C in its window, or set ANDON_HOME to another home.",
            code="already_running",
        )


@dataclass(frozen=True, slots=True)
class RunState:
    """The file of who runs: name → process id and start mark, in the order of the start."""

    path: Path

    def write(self, running: Mapping[str, int]) -> None:
        """Replace the file, all or nothing."""
        rows = [
            {"name": name, "pid": pid, "started": start_mark(pid)} for name, pid in running.items()
        ]
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(rows))
        fresh.replace(self.path)

    def leftovers(self) -> list["Leftover"]:
        """Return those of the file that still run and are the processes that were started."""
        try:
            rows = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return []
        named = (Leftover(row["name"], row["pid"], row["started"]) for row in rows)
        return [one for one in named if one.started and not one.is_gone()]


@dataclass(frozen=True, slots=True)
class Leftover:
    """A process that a killed run left behind."""

    name: str
    pid: int
    started: str | None

    def is_gone(self) -> bool:
        """Whether the process has ended; another one may have its id by now."""
        return start_mark(self.pid) != self.started


def stop_leftovers(state: RunState, say: Say) -> None:
    """Stop what a killed run left behind, in the order of an ordinary stop."""
    for one in reversed(state.leftovers()):
        say(f"Stopping {one.name} (process {one.pid}), left over from a run that was killed.")
        send(one.pid, signal.SIGTERM)
        if not wait_until(one.is_gone, LEFTOVER_GRACE_S):
            kill_session(one.pid)
            wait_until(one.is_gone, LEFTOVER_GRACE_S)
    state.path.unlink(missing_ok=True)


def kill_when_orphaned(state_path: str) -> None:
    """Wait until standard input ends, then kill whoever the state file still names.

    Runs in the watcher. Only the supervisor holds the other end, so its end is the end of the pipe,
    however it died.
    """
    sys.stdin.buffer.read()
    for one in reversed(RunState(Path(state_path)).leftovers()):
        kill_session(one.pid)


@contextmanager
def orphan_watcher(state: RunState) -> Iterator[None]:
    """Keep a watcher beside the children where the kernel does not know parent-death signals."""
    code = "import sys; from cli.run_state import kill_when_orphaned as k; k(sys.argv[1])"
    watcher = subprocess.Popen(
        [sys.executable, "-P", "-c", code, str(state.path)],
        stdin=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        yield
    finally:
        watcher.communicate()
