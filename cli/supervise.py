"""Supervision of child processes: one supervisor per home, and no child that outlives it.

What belongs here: starting in order, watching, restarting, stopping in order. What never does: what
the children are (cli/up.py), and who runs on a home already (cli/run_state.py).

1. One supervisor holds the home's lock file; the kernel gives the lock back when it dies.
2. A child starts only while all children before it are ready; they stop in the opposite order.
3. Each child has a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone.
4. A child dies with its supervisor. On Linux the kernel sees to it (PR_SET_PDEATHSIG); elsewhere a
   small watcher waits for the end of a pipe that only the supervisor holds.
5. Process ids are written down with the start time of the process, so that the next start stops
   what a killed run left behind, and never a stranger that was given the same id.
6. A child that fails is started again after 1, 2, 4, ... seconds; too many failures in a short time
   stop everything, with the reason.

All of it runs in the main thread: signal handlers only work there, and the kernel sends the
parent-death signal when the *thread* that started the child ends.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from cli.run_state import (
    ON_LINUX,
    RunState,
    Say,
    kill_session,
    orphan_watcher,
    send,
    wait_until,
)
from domain.errors import AndonError

TICK_S: Final = 0.1
KEPT_LOGS: Final = 5
TAIL_LINES: Final = 20

Ready = Callable[[], bool]

# Runs before the child's own program, in the child: asks for the parent-death signal where there is
# one (prctl(2), PR_SET_PDEATHSIG = 1), then makes sure that the parent did not die before that.
# SIGKILL, because a supervisor that is gone can no longer keep the order of stopping: this is the
# power cut that everything here survives.
_DIE_WITH_PARENT: Final = """
import ctypes, os, signal, sys
parent, kernel_watches = int(sys.argv[1]), sys.argv[2] == "True"
if kernel_watches:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
if os.getppid() != parent:
    os._exit(1)
os.execvp(sys.argv[3], sys.argv[3:])
"""


# ---------------------------------------------------------------------- probes


def tcp_open(host: str, port: int) -> Ready:
    """Return a probe: does anything listen there."""

    def probe() -> bool:
        try:
            with socket.create_connection((host, port), timeout=1):
                return True
        except OSError:
            return False

    return probe


def http_ok(host: str, port: int, path: str) -> Ready:
    """Return a probe: is the answer 200. Asked directly: a proxy of the machine must not answer."""

    def probe() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe


# ---------------------------------------------------------------------- one child


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What to start, and when it counts as ready and as stopped; times in seconds.

    `ready` is asked again and again after the start and should answer within a second or two;
    `before` runs before every start.
    """

    name: str
    argv: tuple[str, ...]
    ready: Ready
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    before: Callable[[], None] = lambda: None
    ready_within_s: float = 60.0
    stop_within_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """How long to wait before the next start, and when to give up."""

    first_wait_s: float = 1.0
    most_failures: int = 5
    window_s: float = 120.0

    def wait_s(self, failures: int) -> float:
        """Return the wait after so many failures in the window: 1, 2, 4, ... times the first."""
        return self.first_wait_s * 2.0 ** (failures - 1)


class _Running:
    """One child: its process now, its failures lately, its log."""

    def __init__(self, child: Child, log: Path) -> None:
        self.child = child
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False
        self.start_at = 0.0
        self.late_at = 0.0
        self.failures: deque[float] = deque()

    def start(self, *, kernel_watches: bool) -> None:
        """Start the program in a session of its own, with its output in the log."""
        self.child.before()
        told = (str(os.getpid()), str(kernel_watches))
        shim = (sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, *told)
        output = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self.process = subprocess.Popen(
                (*shim, *self.child.argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.child.env,
                start_new_session=True,
                umask=0o077,
            )
        finally:
            os.close(output)
        self.late_at = time.monotonic() + self.child.ready_within_s

    def failure(self) -> str | None:
        """Look at the process; return how it failed, or None while all is well."""
        if self.process is None:
            return None
        status = self.process.poll()
        if status is not None:
            return how_it_ended(status)
        if not self.ready:
            self.ready = self.child.ready()
            if not self.ready and time.monotonic() > self.late_at:
                return f"it was not ready within {self.child.ready_within_s:g} s"
        return None

    def stop(self, in_a_hurry: Callable[[], bool]) -> bool:
        """Ask to end, wait, then insist; return whether it ended by itself."""
        process, self.process, self.ready = self.process, None, False
        if process is None:
            return True
        send(process.pid, signal.SIGTERM)
        ended = wait_until(
            lambda: process.poll() is not None or in_a_hurry(), self.child.stop_within_s
        )
        by_itself = ended and process.poll() is not None
        kill_session(process.pid)
        process.wait()
        return by_itself

    def tail(self) -> str:
        """Return the last lines of the log."""
        try:
            with self.log.open("rb") as lines:
                lines.seek(max(0, self.log.stat().st_size - 16_384))
                text = lines.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-TAIL_LINES:])


def how_it_ended(status: int) -> str:
    """Say what an exit status as subprocess gives it means."""
    if status >= 0:
        return f"it ended with status {status}"
    return f"it was ended by {signal.Signals(-status).name}"


def rotate_log(log: Path) -> None:
    """Move the log of the last run to `.1`, that one to `.2`, and so on; forget the oldest."""
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log.with_name(f"{log.name}.{number - 1}") if number > 1 else log
        if newer.exists():
            newer.replace(older)


# ---------------------------------------------------------------------- all of them


class Supervisor:
    """Runs children in the given order until it is told to stop, or one of them keeps failing."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        state: RunState,
        logs_dir: Path,
        say: Say,
        policy: RestartPolicy | None = None,
        kernel_watches: bool = ON_LINUX,
    ) -> None:
        """Keep the plan; nothing starts yet. `say` speaks to the person at the terminal."""
        self._running = [_Running(child, logs_dir / f"{child.name}.log") for child in children]
        self._state = state
        self._say_aloud = say
        self._policy = policy or RestartPolicy()
        self._kernel_watches = kernel_watches
        self._stops_asked = 0

    def run(self, greeting: str) -> None:
        """Start all, say the greeting once they are ready, stay until a signal asks to stop.

        Raises `AndonError` (`process_failed`) when a child failed too often. However it ends, all
        children have ended.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children must be started from the main thread")
        for one in self._running:
            one.log.parent.mkdir(mode=0o700, exist_ok=True)
            rotate_log(one.log)
        with self._signals(), self._watched():
            try:
                self._keep_going(greeting)
            finally:
                self._stop_all()

    def _keep_going(self, greeting: str) -> None:
        told = False
        while not self._stops_asked:
            self._tick()
            if not told and all(one.ready for one in self._running):
                told = True
                self._say(greeting)
            time.sleep(TICK_S)

    def _tick(self) -> None:
        """Look at every child once; start those whose turn it is."""
        turn = True
        for one in self._running:
            failure = one.failure()
            if failure is not None:
                self._note(one, failure)
            elif one.process is None and turn and time.monotonic() >= one.start_at:
                one.start(kernel_watches=self._kernel_watches)
                self._write_state()
            turn = turn and one.ready

    def _note(self, one: _Running, failure: str) -> None:
        """Count a failure: plan the next start, or give up."""
        one.stop(lambda: bool(self._stops_asked))
        self._write_state()
        now = time.monotonic()
        one.failures.append(now)
        while one.failures[0] < now - self._policy.window_s:
            one.failures.popleft()
        count, name = len(one.failures), one.child.name
        if count >= self._policy.most_failures:
            raise AndonError(
                f"{name} failed {count} times within {self._policy.window_s:g} s, the last time "
                f"because {failure}; everything was stopped.",
                f"Its log is {one.log}; the last lines are:\n{one.tail()}",
                code="process_failed",
            )
        wait = self._policy.wait_s(count)
        one.start_at = now + wait
        self._say(f"{name} failed: {failure}. Starting it again in {wait:g} s.")

    def _stop_all(self) -> None:
        """Stop in the opposite order; another Ctrl-C from now on ends the waiting."""
        asked = self._stops_asked
        for one in reversed(self._running):
            if one.process is None:
                continue
            self._say(f"Stopping {one.child.name} ...")
            if not one.stop(lambda: self._stops_asked > asked):
                self._say(f"{one.child.name} did not stop by itself and was killed.")
        self._state.path.unlink(missing_ok=True)

    def _write_state(self) -> None:
        self._state.write({o.child.name: o.process.pid for o in self._running if o.process})

    def _say(self, sentence: str) -> None:
        """Speak; a terminal that was closed must not break the order of stopping."""
        with suppress(OSError):
            self._say_aloud(sentence)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        if self._kernel_watches:
            yield
            return
        with orphan_watcher(self._state):
            yield

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Count requests to stop while the `with` lasts; `nohup` keeps its meaning."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self._stops_asked += 1

        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, ask) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
