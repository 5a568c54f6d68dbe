"""`andon up`: everything on one machine, in one command.

What belongs here: making the home, choosing ports, the command lines of worker and API, and the
words on the terminal. What never does: supervision (cli/supervise.py), making the database and the
demo company (the `prepare` hook), and a rule of the plan.
"""

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from cli import ports
from cli.embedded_temporal import EmbeddedTemporal, choose_port, temporal_program
from cli.run_state import ROOT, HomeLock, RunState, Say, stop_leftovers
from cli.supervise import Child, Supervisor, http_ok
from domain.errors import AndonError, BrokenSetup, Malformed, TooLarge
from services.settings import PORT_MAX, Settings, load_settings, unknown_settings

PORTS_TRIED: Final = 100
"""How far above the default port a free one is looked for."""

LEAST_FREE_BYTES: Final = 200 * 1024 * 1024
"""What must be free before a start: room for the databases' first hours. A server that meets a full
disk says so in words that nobody understands."""

WORKER_DRAINS_S: Final = 30.0
"""How long the worker may take to finish what it does (its graceful shutdown is set below that)."""

API_CLOSES_S: Final = 5
"""How long the API may take to answer what it was asked; open event streams are then cut."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What `up` needs of the rooms below, handed in by the composition (cli/main.py).

    `create_ring` and `load_ring` take the path of the key ring; `derive_ring` takes the secret.
    `prepare` makes or migrates the database and, where `settings.demo_allowed`, the demo company;
    it returns the lines that tell how to sign in. All raise `AndonError`.
    """

    create_ring: Callable[[Path], object]
    load_ring: Callable[[Path], object]
    derive_ring: Callable[[str], object]
    prepare: Callable[[Settings], str]


def up(
    *,
    port: int | None = None,
    demo: bool | None = None,
    hooks: Hooks,
    children: Callable[[Settings], Sequence[Child]] | None = None,
    say: Say = typer.echo,
) -> None:
    """Start everything, say where the console is, and stay until a signal asks to stop.

    `port` and `demo` win over the environment. Raises `AndonError` with a plain sentence:
    `BrokenSetup` for what is wrong with the installation, `already_running`, `process_failed`.
    """
    settings = load_settings(port=port, demo=demo)
    for name in unknown_settings():
        say(f"{name} is not a setting of Andon and is ignored (docs/reference/settings.md).")
    with _plain_disk_errors(settings.home), files_for_the_owner(), _claims_given_back():
        make_home(settings.home)
        with HomeLock(settings.lock_file) as lock:
            state = RunState(settings.run_state_file)
            stop_leftovers(state, say)
            require_room(settings.home)
            settings = settings.model_copy(update={"port": choose_console_port(settings, say)})
            require_keys(settings, hooks)
            lock.announce(settings.console_url)
            say("Making files, tables and plan ready ...")
            sign_in = hooks.prepare(settings)
            say("Starting all parts, and waiting until they answer ...")
            Supervisor(
                (children or andon_children)(settings),
                state=state,
                logs_dir=settings.logs_dir,
                say=say,
            ).run(greeting(settings, sign_in))
    with suppress(OSError):  # The terminal may be closed by now.
        say("Stopped. Starting again goes on where it was.")


def typer_command(hooks: Hooks) -> Callable[..., None]:
    """Return `up` as a function that Typer can register: `app.command("up")(typer_command(...))`.

    Refusals go to stderr; the exit status is 2 for a broken setup or bad input, else 1.
    """

    def command(
        port: Annotated[
            int | None, typer.Option(help="Port of the console; default 8000, or ANDON_PORT.")
        ] = None,
        *,
        no_demo: Annotated[
            bool, typer.Option("--no-demo", help="Do not make the demo company.")
        ] = False,
    ) -> None:
        """Start API, worker and Temporal; Ctrl-C stops all, starting again resumes."""
        try:
            up(port=port, demo=False if no_demo else None, hooks=hooks)
        except AndonError as error:
            typer.echo("\n".join(filter(None, (error.sentence, error.hint))), err=True)
            raise typer.Exit(exit_status(error)) from None

    return command


def exit_status(error: AndonError) -> int:
    """Return 2 for bad usage, bad input or a broken setup, 1 for what was refused or failed."""
    return 2 if isinstance(error, BrokenSetup | Malformed | TooLarge) else 1


def greeting(settings: Settings, sign_in: str) -> str:
    """Return what is printed when everything is ready."""
    return "\n".join(
        (
            "",
            f"Andon is up:  {settings.console_url}",
            *(f"  {line}" for line in sign_in.splitlines()),
            f"  Files and logs are in {settings.home}.",
            "  Ctrl-C stops everything; a second one does not wait.",
            "",
        )
    )


# ---------------------------------------------------------------------- before the start


def make_home(home: Path) -> None:
    """Make the home for its owner alone; one that is there keeps its permissions."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise BrokenSetup(
            f"The home {home} cannot be made: {error.strerror}.",
            "Set ANDON_HOME to a directory that you may write.",
        ) from error


def require_room(home: Path, least: int = LEAST_FREE_BYTES) -> None:
    """Refuse to start on a disk that is about to be full."""
    free = shutil.disk_usage(home).free
    if free < least:
        raise BrokenSetup(
            f"The disk of {home} is nearly full: {free // 2**20} MB are free, "
            f"{least // 2**20} MB are needed to start.",
            "Free some space, or set ANDON_HOME to another disk. Nothing was changed.",
        )


def require_keys(settings: Settings, hooks: Hooks) -> None:
    """Load the keys, or make them for a home that is new.

    A ring that is missing beside a database is a lost one: a new ring would open nothing, and
    everything written from then on would need both.
    """
    ring = settings.key_ring_file
    if settings.secret_key is not None:
        if ring.exists():
            raise BrokenSetup(
                f"ANDON_SECRET_KEY is set, but {settings.home} has keys of its own in {ring}.",
                "Unset ANDON_SECRET_KEY to go on with this home, or use another ANDON_HOME.",
            )
        hooks.derive_ring(settings.secret_key.get_secret_value())
    elif ring.exists():
        hooks.load_ring(ring)
    else:
        kept = [file for file in _protected_by_keys(settings) if file.exists()]
        if kept:
            raise BrokenSetup(
                f"The key ring {ring} is missing, but {kept[0]} was written with it.",
                "Put the ring back from your copy. Without it private texts and histories cannot "
                "be read; a new ring is only made in a new home.",
            )
        hooks.create_ring(ring)


def _protected_by_keys(settings: Settings) -> tuple[Path, ...]:
    return (settings.database_file, settings.temporal_database_file, settings.blobs_dir)


def choose_console_port(settings: Settings, say: Say) -> int:
    """Return the port to listen on: the one that was asked for, or the next free one by default."""
    host, port = settings.host, settings.port
    problem = ports.claim(host, port)
    if problem is None:
        return port
    if problem.errno != errno.EADDRINUSE:
        raise BrokenSetup(
            f"Nothing can listen on {host} port {port}: {problem.strerror}.",
            "Set ANDON_HOST and ANDON_PORT to an address of this machine that you may use.",
        )
    if "port" in settings.model_fields_set:
        raise BrokenSetup(
            f"Port {port} of {host} is in use by another program.",
            "Stop that program, or choose another port with --port or ANDON_PORT.",
        )
    for other in range(port + 1, min(port + PORTS_TRIED, PORT_MAX) + 1):
        if ports.claim(host, other) is None:
            say(f"Port {port} is in use by another program; taking {other}.")
            return other
    raise BrokenSetup(
        f"No port from {port} to {port + PORTS_TRIED} of {host} is free.",
        "Choose another port with --port or ANDON_PORT.",
    )


@contextmanager
def _claims_given_back() -> Iterator[None]:
    """Hold the chosen ports as long as the block lasts."""
    try:
        yield
    finally:
        ports.release_all()


@contextmanager
def files_for_the_owner() -> Iterator[None]:
    """Let every file made meanwhile, also by the hooks, be readable by its owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _plain_disk_errors(home: Path) -> Iterator[None]:
    """Turn a full disk, met anywhere while starting, into a plain sentence."""
    try:
        yield
    except Exception as error:
        if not is_full_disk(error):
            raise
        raise BrokenSetup(
            f"The disk of {home} is full.",
            "Free some space and start again; nothing that was recorded is lost.",
        ) from error


def is_full_disk(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is the system or SQLite saying that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__
    return False


# ---------------------------------------------------------------------- the children


def andon_children(settings: Settings) -> tuple[Child, ...]:
    """Return the processes of one machine in the order of their start.

    Temporal stands first unless a service elsewhere is set; its port is chosen here, so that worker
    and API find it (`Settings.temporal_connection`).
    """
    own = (worker_child(settings), api_child(settings))
    return (temporal_child(settings), *own) if settings.is_embedded else own


def temporal_child(settings: Settings) -> Child:
    """Describe the embedded server."""
    return EmbeddedTemporal(
        program=temporal_program(),
        database=settings.temporal_database_file,
        port=choose_port(settings.temporal_port_file),
        namespace=settings.temporal_namespace,
        log=settings.logs_dir / "temporal.log",
    ).child()


def worker_child(settings: Settings) -> Child:
    """Describe the worker; it is ready once it has made its file (`Settings.announce_ready`)."""
    ready = settings.home / "worker.ready"
    return Child(
        name="worker",
        argv=(sys.executable, str(ROOT / "worker.py")),
        env=_environment(settings) | {"ANDON_READY_FILE": str(ready)},
        before=lambda: ready.unlink(missing_ok=True),
        ready=ready.exists,
        stop_within_s=WORKER_DRAINS_S,
    )


def api_child(settings: Settings) -> Child:
    """Describe the API; `-P` and `--app-dir` keep the current directory from shadowing a room."""
    host, port = settings.host, settings.port
    return Child(
        name="api",
        argv=(
            *(sys.executable, "-P", "-m", "uvicorn", "api.app:create", "--factory"),
            *("--app-dir", str(ROOT), "--host", host, "--port", str(port)),
            *("--log-level", settings.log_level, "--no-access-log", "--no-server-header"),
            *("--timeout-graceful-shutdown", str(API_CLOSES_S)),
            *_believed(settings),
        ),
        env=_environment(settings),
        ready=http_ok(settings.local_host, port, "/health/ready"),
        stop_within_s=API_CLOSES_S + 5.0,
    )


def _believed(settings: Settings) -> tuple[str, ...]:
    """Tell uvicorn whose word on where a request came from it believes."""
    believed = settings.trusted_proxy
    if believed is None:
        return ("--no-proxy-headers",)
    return ("--proxy-headers", "--forwarded-allow-ips", believed)


def _environment(settings: Settings) -> dict[str, str]:
    """Return what worker and API are told: our environment, with what was chosen here."""
    return os.environ | {
        "ANDON_HOME": str(settings.home),
        "ANDON_HOST": settings.host,
        "ANDON_PORT": str(settings.port),
        "ANDON_DEMO": str(settings.demo).lower(),
        "PYTHONUNBUFFERED": "1",
    }
