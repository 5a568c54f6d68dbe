"""`andon up`, proved in a process of its own with small programs in the place of worker and API."""

import errno
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy
import typer
from typer.testing import CliRunner, Result

from cli.run_state import start_mark
from cli.supervise import Child
from cli.up import (
    Hooks,
    andon_children,
    choose_console_port,
    exit_status,
    greeting,
    is_full_disk,
    require_keys,
    require_room,
    typer_command,
    up,
)
from domain.errors import AndonError, BrokenSetup, Malformed, Refused
from integrations.key_ring import KeyRing
from services.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
SECRET = "0123456789abcdef0123456789abcdef"

COMMAND = '''
import sys

import typer

import cli.up
from cli.supervise import Child, http_ok
from integrations.key_ring import KeyRing


def prepare(settings):
    settings.database_file.write_text("made")
    return "Sign in as li\\nPassword: plum"


def children(settings):
    code = """if True:
        import http.server, os, sys
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers()
        http.server.HTTPServer(("127.0.0.1", int(os.environ["ANDON_PORT"])), Answer).serve_forever()
    """
    api = Child(
        name="api",
        argv=(sys.executable, "-c", code),
        env=cli.up.worker_child(settings).env,
        ready=http_ok("127.0.0.1", settings.port, "/health/ready"),
    )
    return (api,)


cli.up.andon_children = children
app = typer.Typer()
app.command("up")(cli.up.typer_command(cli.up.Hooks(
    create_ring=KeyRing.create,
    load_ring=KeyRing.load,
    derive_ring=KeyRing.from_secret,
    prepare=prepare,
)))
app()
'''


@dataclass
class Scene:
    """A directory in which `andon up` is started."""

    place: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.place / ".andon"

    def up(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command here."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANDON_", "TEMPORAL_"))}
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *options],
            cwd=self.place,
            env=clean | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def up_until_ready(self, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
        """Start the command here and read what it says until it is up."""
        process = self.up(*options)
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl-C stops everything" in line:
                return process, lines
        assert process.stderr is not None
        raise AssertionError(process.stderr.read())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Give a place; afterwards nothing runs there."""
    scene = Scene(tmp_path)
    yield scene
    for process in scene.started:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port on which another program listens, with free ones above it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def ignore(_: object) -> None:
    """Take anything and do nothing, as a hook that has nothing to do."""


HOOKS = Hooks(
    create_ring=KeyRing.create,
    load_ring=KeyRing.load,
    derive_ring=KeyRing.from_secret,
    prepare=lambda _settings: "",
)


# ---------------------------------------------------------------------- the whole command


def test_up_makes_the_home_says_how_to_sign_in_and_resumes(scene: Scene) -> None:
    first, said = scene.up_until_ready("--port", str(free_port()))
    assert any(line.startswith("Andon is up:  http://127.0.0.1:") for line in said)
    assert "  Sign in as li" in said
    assert "  Password: plum" in said
    assert stat.S_IMODE(scene.home.stat().st_mode) == 0o700
    kept = [scene.home / "keys" / "ring.json", scene.home / "andon.db", scene.home / "run.json"]
    assert all(stat.S_IMODE(file.stat().st_mode) & 0o077 == 0 for file in kept)
    ring = kept[0].read_bytes()

    first.send_signal(signal.SIGINT)
    output, errors = first.communicate(timeout=10)
    assert (first.returncode, errors) == (0, "")
    assert output.splitlines()[-1] == "Stopped. Starting again goes on where it was."

    second, _ = scene.up_until_ready("--port", str(free_port()))
    assert kept[0].read_bytes() == ring
    second.terminate()
    assert second.wait(timeout=10) == 0


def test_a_second_up_on_the_same_home_is_refused(scene: Scene) -> None:
    port = free_port()
    first, _ = scene.up_until_ready("--port", str(port))
    second = scene.up()
    output, errors = second.communicate(timeout=10)
    assert (second.returncode, output) == (1, "")
    assert errors.startswith(
        f"Andon already runs in {scene.home} as process {first.pid} at http://127.0.0.1:{port}.\n"
    )
    assert first.poll() is None


def test_up_starts_again_at_once_after_kill_9(scene: Scene) -> None:
    port = str(free_port())
    first, _ = scene.up_until_ready("--port", port)
    child = json.loads((scene.home / "run.json").read_text())[0]
    first.kill()
    first.wait()
    scene.up_until_ready("--port", port)
    assert start_mark(child["pid"]) != child["started"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


# ---------------------------------------------------------------------- refusals


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty directory without any setting; return the home that `up` would make."""
    for name in os.environ:
        if name.startswith(("ANDON_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".andon"


def refused_up(*options: str, prepare: Callable[[Settings], str] = lambda _: "") -> Result:
    """Run the command up to its refusal, in this process: nothing has been started by then."""
    app = typer.Typer()
    app.command()(typer_command(replace(HOOKS, prepare=prepare)))
    return CliRunner().invoke(app, options)


def test_a_lost_key_ring_is_not_replaced(here: Path) -> None:
    here.mkdir()
    (here / "andon.db").touch()
    refused = refused_up()
    assert refused.exit_code == 2
    assert refused.stderr.startswith(
        f"The key ring {here}/keys/ring.json is missing, but {here}/andon.db was written with it.\n"
    )
    assert not (here / "keys").exists()


def test_a_full_disk_is_told_in_plain_words(here: Path) -> None:
    def prepare(_: Settings) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    refused = refused_up(prepare=prepare)
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[0] == f"The disk of {here} is full."


@pytest.mark.parametrize(
    ("options", "environment", "sentence"),
    [
        pytest.param(
            (),
            {"ANDON_PORT": "http"},
            "ANDON_PORT is 'http', but must be a whole number from 1 to 65535.",
            id="setting",
        ),
        pytest.param(
            ("--port", "70000"),
            {},
            "ANDON_PORT is '70000', but must be a whole number from 1 to 65535.",
            id="option",
        ),
        pytest.param(
            (),
            {"ANDON_HOST": "192.0.2.1"},
            "Nothing can listen on 192.0.2.1 port 8000:",
            id="host-of-another-machine",
        ),
    ],
)
def test_bad_options_end_with_status_2(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    environment: dict[str, str],
    sentence: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    refused = refused_up(*options)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(sentence)


def test_a_setting_that_does_not_exist_is_mentioned(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_PROT", "8000")
    monkeypatch.setenv("ANDON_HOST", "192.0.2.1")
    assert "ANDON_PROT is not a setting of Andon" in refused_up().stdout


# ---------------------------------------------------------------------- ports


def test_a_taken_port_that_was_asked_for_is_refused(taken: int) -> None:
    with pytest.raises(BrokenSetup, match=f"Port {taken} of 127.0.0.1 is in use"):
        choose_console_port(load_settings(port=taken), ignore)


def test_a_taken_port_of_the_environment_is_refused(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_PORT", str(taken))
    with pytest.raises(BrokenSetup, match=f"Port {taken} of 127.0.0.1 is in use"):
        choose_console_port(load_settings(), ignore)


def test_the_next_port_is_taken_when_none_was_asked_for(taken: int) -> None:
    said: list[str] = []
    settings = Settings.model_construct(_fields_set=set(), host="127.0.0.1", port=taken)
    chosen = choose_console_port(settings, said.append)
    assert taken < chosen <= taken + 100
    assert said == [f"Port {taken} is in use by another program; taking {chosen}."]


# ---------------------------------------------------------------------- keys


def test_a_new_home_gets_a_ring_and_an_old_one_keeps_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    require_keys(settings, HOOKS)
    ring = settings.key_ring_file.read_bytes()
    settings.database_file.touch()
    require_keys(settings, HOOKS)
    assert settings.key_ring_file.read_bytes() == ring


@pytest.mark.parametrize("kept", ["andon.db", "temporal.db", "blobs"])
def test_whatever_was_written_with_a_ring_forbids_a_new_one(tmp_path: Path, kept: str) -> None:
    (tmp_path / kept).touch()
    with pytest.raises(BrokenSetup, match=f"{kept} was written with it"):
        require_keys(Settings(home=tmp_path), HOOKS)
    assert not (tmp_path / "keys").exists()


def test_a_secret_needs_no_ring_and_suffers_no_second_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key=SECRET)  # type: ignore[arg-type] # as read
    require_keys(settings, HOOKS)
    assert not settings.key_ring_file.exists()
    KeyRing.create(settings.key_ring_file)
    with pytest.raises(BrokenSetup, match="has keys of its own"):
        require_keys(settings, HOOKS)


# ---------------------------------------------------------------------- disk


def test_too_little_room_is_refused_before_anything_starts(tmp_path: Path) -> None:
    require_room(tmp_path, least=1)
    with pytest.raises(BrokenSetup, match="is nearly full"):
        require_room(tmp_path, least=2**60)


def test_sqlite_saying_that_the_disk_is_full_is_understood() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        connection.exec_driver_sql("CREATE TABLE entry (body BLOB)")
        with pytest.raises(sqlalchemy.exc.OperationalError) as full:
            connection.exec_driver_sql("INSERT INTO entry VALUES (zeroblob(100000))")
    engine.dispose()
    assert is_full_disk(full.value)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (sqlite3.OperationalError("no such table"), False),
        (ValueError("full"), False),
    ],
    ids=str,
)
def test_only_a_full_disk_is_called_one(error: Exception, full: bool) -> None:
    assert is_full_disk(error) is full


# ---------------------------------------------------------------------- words and order


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BrokenSetup("a"), 2),
        (Malformed("a"), 2),
        (Refused("a"), 1),
        (AndonError("a", code="already_running"), 1),
        (AndonError("a", code="process_failed"), 1),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_exit_status(error: AndonError, status: int) -> None:
    assert exit_status(error) == status


def test_the_greeting_names_the_public_address_if_there_is_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, public_url="https://andon.example.com")
    assert "Andon is up:  https://andon.example.com" in greeting(settings, "")


def test_children_start_in_the_order_temporal_worker_api(tmp_path: Path) -> None:
    embedded = andon_children(Settings(home=tmp_path))
    assert [child.name for child in embedded] == ["temporal", "worker", "api"]
    elsewhere = andon_children(Settings(home=tmp_path, temporal_address="cluster:7233"))
    assert [child.name for child in elsewhere] == ["worker", "api"]


def test_children_are_told_what_was_chosen(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, port=8123, demo=False)
    for child in andon_children(settings)[1:]:
        assert child.env["ANDON_HOME"] == str(tmp_path)
        assert child.env["ANDON_PORT"] == "8123"
        assert child.env["ANDON_DEMO"] == "false"


def test_each_step_of_the_start_is_said_before_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    said: list[str] = []

    def prepared(_: Settings) -> str:
        said.append("(prepared)")
        return ""

    def no_parts(_: Settings) -> tuple[Child, ...]:
        raise BrokenSetup("There are no parts.")

    with pytest.raises(BrokenSetup, match="no parts"):
        up(hooks=replace(HOOKS, prepare=prepared), children=no_parts, say=said.append)
    assert said[-3:] == [
        "Making files, tables and plan ready ...",
        "(prepared)",
        "Starting all parts, and waiting until they answer ...",
    ]
