"""Supervision, proved with real processes: small programs that live, fail and refuse to stop.

Each test starts a supervisor in a process of its own, because signals and its death are the matter.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cli.run_state import HomeLock, RunState, _mark_from_ps, start_mark, stop_leftovers
from cli.supervise import RestartPolicy, how_it_ended, rotate_log
from domain.errors import AndonError

ROOT = Path(__file__).resolve().parents[2]

PATIENCE_S = 40
"""A supervisor that hangs fails its test; one that waits for a busy processor does not."""

LIVES = """
import pathlib, signal, sys, time
name = sys.argv[1]
def say(word):
    with open("events", "a") as events:
        events.write(f"{name} {word}\\n")
def end(*_):
    say("stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
say("started")
pathlib.Path(name + ".ready").touch()
while True:
    time.sleep(60)
"""

STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
pathlib.Path("grandchild").write_text(str(grandchild.pid))
pathlib.Path(sys.argv[1] + ".ready").touch()
while True:
    time.sleep(60)
"""

FAILS = """
import sys, time
with open("tries", "a") as tries:
    tries.write(f"{time.monotonic()}\\n")
for number in range(30):
    print("line", number, flush=True)
sys.exit(3)
"""

# Whoever runs the tests may have been told to outlive a closed terminal (nohup), and hands that on.
SUPERVISOR = """
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from cli.run_state import HomeLock, RunState
from cli.supervise import Child, RestartPolicy, Supervisor
from domain.errors import AndonError

def child(name, program, **times):
    ready = Path(name + ".ready")
    return Child(
        name=name,
        argv=(sys.executable, "-S", "-c", Path(program).read_text(), name),
        ready=ready.exists,
        before=lambda: ready.unlink(missing_ok=True),
        **times,
    )

home = Path.cwd()
with HomeLock(home / "lock") as lock:
    lock.announce("http://127.0.0.1:8000")
    supervisor = Supervisor(
        [{children}],
        state=RunState(home / "run.json"),
        logs_dir=home / "logs",
        say=lambda sentence: print(sentence, flush=True),
        policy=RestartPolicy({policy}),
        **{options},
    )
    try:
        supervisor.run("READY")
    except AndonError as error:
        print("RAISED", error.code, error, flush=True)
        sys.exit(1)
"""

THREE = 'child("temporal", "lives"), child("worker", "lives"), child("api", "lives")'


class Scene:
    """A home with programs in it, and the supervisors that were started there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.started: list[subprocess.Popen[str]] = []
        for name, program in (("lives", LIVES), ("stubborn", STUBBORN), ("fails", FAILS)):
            (home / name).write_text(program)

    def start(
        self, children: str = THREE, *, policy: str = "first_wait_s=0.05", options: str = "{}"
    ) -> subprocess.Popen[str]:
        """Start a supervisor of these children."""
        code = SUPERVISOR
        for word, value in (
            ("{children}", children),
            ("{policy}", policy),
            ("{options}", options),
        ):
            code = code.replace(word, value)
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=self.home,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def start_until_ready(self, *args: str, **options: str) -> subprocess.Popen[str]:
        """Start a supervisor and read its output up to the greeting."""
        process = self.start(*args, **options)
        assert process.stdout is not None
        for line in process.stdout:
            if line == "READY\n":
                return process
        raise AssertionError("the supervisor ended before it was ready")

    def pids(self) -> dict[str, int]:
        """Read who runs from the state file."""
        rows = json.loads((self.home / "run.json").read_text())
        return {row["name"]: row["pid"] for row in rows}

    def events(self) -> list[str]:
        """Read what the programs did, in order."""
        return (self.home / "events").read_text().splitlines()


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    return start_mark(pid) is None


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene; afterwards nothing of it runs."""
    scene = Scene(tmp_path)
    yield scene
    for process in scene.started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    for one in RunState(tmp_path / "run.json").leftovers():
        os.killpg(one.pid, signal.SIGKILL)


# ---------------------------------------------------------------------- order


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_children_start_in_order_and_stop_in_the_opposite_one(
    scene: Scene, number: signal.Signals
) -> None:
    supervisor = scene.start_until_ready()
    pids = scene.pids()
    supervisor.send_signal(number)
    supervisor.communicate(timeout=PATIENCE_S)
    assert supervisor.returncode == 0
    assert scene.events() == [
        "temporal started",
        "worker started",
        "api started",
        "api stopped",
        "worker stopped",
        "temporal stopped",
    ]
    assert all(map(is_gone, pids.values()))
    assert not (scene.home / "run.json").exists()


def test_each_child_has_a_session_of_its_own(scene: Scene) -> None:
    supervisor = scene.start_until_ready()
    sessions = {os.getsid(pid) for pid in (*scene.pids().values(), supervisor.pid)}
    assert len(sessions) == 4


def test_the_next_child_waits_until_the_one_before_is_ready(scene: Scene) -> None:
    (scene.home / "silent").write_text("import time; time.sleep(60)")
    supervisor = scene.start('child("temporal", "silent"), child("worker", "lives")')
    wait_for(lambda: "temporal" in scene.pids() if (scene.home / "run.json").exists() else False)
    time.sleep(0.5)
    assert list(scene.pids()) == ["temporal"]
    (scene.home / "temporal.ready").touch()
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "READY\n"
    assert list(scene.pids()) == ["temporal", "worker"]


# ---------------------------------------------------------------------- failing children


def test_a_child_that_dies_is_started_again(scene: Scene) -> None:
    supervisor = scene.start_until_ready()
    first = scene.pids()
    os.kill(first["worker"], signal.SIGKILL)
    wait_for(lambda: scene.events().count("worker started") == 2)
    wait_for(lambda: scene.pids().get("worker", first["worker"]) != first["worker"])
    second = scene.pids()
    assert (second["temporal"], second["api"]) == (first["temporal"], first["api"])
    supervisor.terminate()
    output, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert "worker failed: it was ended by SIGKILL. Starting it again in 0.05 s." in output


def test_a_child_that_keeps_failing_stops_everything_and_says_why(scene: Scene) -> None:
    children = 'child("temporal", "lives"), child("worker", "fails"), child("api", "lives")'
    supervisor = scene.start(children)
    output, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert supervisor.returncode == 1
    assert "RAISED process_failed worker failed 5 times within 120 s" in output
    assert "it ended with status 3; everything was stopped." in output
    told = [line for line in output.splitlines() if line.startswith("line ")]
    assert told == [f"line {number}" for number in range(10, 30)]
    assert scene.events() == ["temporal started", "temporal stopped"]
    tries = [float(line) for line in (scene.home / "tries").read_text().splitlines()]
    waits = [later - earlier for earlier, later in pairwise(tries)]
    least = [0.05, 0.1, 0.2, 0.4]
    assert len(waits) == 4
    assert all(wait >= at_least for wait, at_least in zip(waits, least, strict=True))


def test_the_wait_doubles_from_one_second() -> None:
    policy = RestartPolicy()
    assert [policy.wait_s(failures) for failures in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert (policy.most_failures, policy.window_s) == (5, 120)


def test_a_child_that_is_never_ready_counts_as_failed(scene: Scene) -> None:
    (scene.home / "silent").write_text("import time; time.sleep(60)")
    supervisor = scene.start(
        'child("worker", "silent", ready_within_s=0.1)', policy="most_failures=1"
    )
    output, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert "it was not ready within 0.1 s; everything was stopped." in output


def test_a_program_that_is_missing_is_told_from_the_log(scene: Scene) -> None:
    missing = 'Child(name="temporal", argv=("/no/such/program",), ready=lambda: False)'
    supervisor = scene.start(missing, policy="most_failures=1")
    output, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert "RAISED process_failed" in output
    assert "No such file or directory" in output


# ---------------------------------------------------------------------- stopping


def test_a_child_that_does_not_stop_is_killed_with_all_it_started(scene: Scene) -> None:
    supervisor = scene.start_until_ready('child("worker", "stubborn", stop_within_s=0.3)')
    worker, grandchild = scene.pids()["worker"], int((scene.home / "grandchild").read_text())
    supervisor.terminate()
    output, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert "worker did not stop by itself and was killed." in output
    wait_for(lambda: is_gone(worker) and is_gone(grandchild))


def test_a_second_ctrl_c_does_not_wait(scene: Scene) -> None:
    children = 'child("temporal", "lives"), child("worker", "stubborn", stop_within_s=60)'
    supervisor = scene.start_until_ready(children)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "Stopping worker ...\n"
    time.sleep(0.2)
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=PATIENCE_S)
    assert supervisor.returncode == 0
    assert scene.events()[0] == "temporal started"


def test_ctrl_c_while_starting_stops_what_has_started(scene: Scene) -> None:
    (scene.home / "silent").write_text("import time; time.sleep(60)")
    supervisor = scene.start('child("temporal", "lives"), child("worker", "silent")')
    wait_for(lambda: (scene.home / "run.json").exists() and "worker" in scene.pids())
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=PATIENCE_S)
    assert supervisor.returncode == 0
    assert scene.events() == ["temporal started", "temporal stopped"]


# ---------------------------------------------------------------------- a supervisor that is killed


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(
            "{}",
            id="by-the-kernel",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has the signal"),
        ),
        pytest.param('{"kernel_watches": False}', id="by-the-watcher"),
    ],
)
def test_no_child_outlives_a_killed_supervisor(scene: Scene, options: str) -> None:
    supervisor = scene.start_until_ready(options=options)
    pids = scene.pids()
    supervisor.kill()
    wait_for(lambda: all(map(is_gone, pids.values())), seconds=5)


def test_leftovers_are_stopped_and_strangers_are_not(tmp_path: Path) -> None:
    sleep = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
    leftover = subprocess.Popen(sleep, start_new_session=True)
    stranger = subprocess.Popen(sleep, start_new_session=True)
    try:
        rows = [
            {"name": "worker", "pid": leftover.pid, "started": start_mark(leftover.pid)},
            {"name": "api", "pid": stranger.pid, "started": "another boot:1"},
            {"name": "temporal", "pid": 2**22 + 1, "started": None},
        ]
        (tmp_path / "run.json").write_text(json.dumps(rows))
        told: list[str] = []
        stop_leftovers(RunState(tmp_path / "run.json"), told.append)
        assert told == [
            f"Stopping worker (process {leftover.pid}), left over from a run that was killed."
        ]
        assert leftover.wait(timeout=1) == -signal.SIGTERM
        assert stranger.poll() is None
        assert not (tmp_path / "run.json").exists()
    finally:
        for process in (leftover, stranger):
            process.kill()
            process.wait()


def test_a_list_of_processes_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("[{")
    stop_leftovers(RunState(tmp_path / "run.json"), pytest.fail)
    assert not (tmp_path / "run.json").exists()


@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="no ps on this machine")
def test_a_process_is_known_by_its_start_also_without_proc() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    mark = _mark_from_ps(process.pid)
    assert mark
    assert _mark_from_ps(process.pid) == mark
    process.communicate(b"\n")
    assert _mark_from_ps(process.pid) is None


def test_the_lock_goes_back_when_its_holder_is_killed(scene: Scene) -> None:
    supervisor = scene.start_until_ready()
    with pytest.raises(AndonError) as refused, HomeLock(scene.home / "lock"):
        pass
    assert refused.value.code == "already_running"
    assert refused.value.sentence == (
        f"Andon already runs in {scene.home} as process {supervisor.pid} at http://127.0.0.1:8000."
    )
    supervisor.kill()
    supervisor.wait()
    with HomeLock(scene.home / "lock") as lock:
        lock.announce("http://127.0.0.1:8001")
        assert json.loads((scene.home / "lock").read_text())["pid"] == os.getpid()
    assert (scene.home / "lock").read_text() == ""


# ---------------------------------------------------------------------- logs and words


def test_the_log_of_each_run_is_a_file_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    for run in range(8):
        rotate_log(log)
        log.write_text(f"run {run}")
    kept = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert kept == {
        "api.log": "run 7",
        "api.log.1": "run 6",
        "api.log.2": "run 5",
        "api.log.3": "run 4",
        "api.log.4": "run 3",
    }


def test_logs_are_read_by_their_owner_alone(scene: Scene) -> None:
    scene.start_until_ready()
    logs = list((scene.home / "logs").iterdir())
    assert {log.name for log in logs} == {"temporal.log", "worker.log", "api.log"}
    assert all(log.stat().st_mode & 0o077 == 0 for log in (*logs, scene.home / "logs"))


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "it ended with status 0"), (-9, "it was ended by SIGKILL")],
)
def test_an_end_is_told_in_words(status: int, words: str) -> None:
    assert how_it_ended(status) == words
