"""A start with something wrong: one sentence, what to do, an exit status, and nothing half made.

Files that cannot be meant, keys that are lost or foreign, ports that are taken, homes that cannot be
written or have no room. The whole command line runs; no server is started by a start that fails.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from cli import ports
from cli.drill import CASES
from cli.embedded_temporal import choose_port
from cli.main import app
from domain.errors import BrokenSetup
from services import company
from services.company import COMPANY_FILE, PLAN_FILE
from tests.api.serving import free_port
from tests.disks import small_disk

ROOT: Final = Path(__file__).resolve().parents[2]

Andon = Callable[..., Result]


@pytest.fixture(autouse=True)
def no_setting_of_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a proof is run with is no setting of the product, which would say so on every line."""
    monkeypatch.delenv("ANDON_PROVE", raising=False)
    monkeypatch.delenv("ANDON_PROVE_SEED", raising=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home that is not there yet, without the demo company."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def made(home: Path) -> Path:
    """Give a home with keys, databases and a person."""
    assert andon("user", "add", "li.wei", "--role", "admin").exit_code == 0
    return home


def andon(*words: str) -> Result:
    """Type a line."""
    return CliRunner().invoke(app, words)


def assert_told(told: Result, *words: str, status: int = 2) -> None:
    """Insist on a sentence with what is wrong and what to do, and nothing else."""
    assert told.exit_code == status, told.output
    # `andon up` says each step before it takes it, so also the one that failed.
    assert told.stdout in ("", "Making files, tables and plan ready ...\n")
    assert all(each in told.stderr for each in words), told.stderr
    assert "Traceback" not in told.stderr
    assert isinstance(told.exception, SystemExit)


# ---------------------------------------------------------------------- files


def without(text: str, row: str) -> str:
    """Take the lines out that begin so."""
    kept = [line for line in text.splitlines() if not line.startswith(row)]
    assert len(kept) < len(text.splitlines()), row
    return "\n".join(kept)


DEEP: Final = b"a = " + b"[" * 5_000 + b"]" * 5_000
LONG: Final = b"a = " + b"9" * 5_000
PLAN: Final = PLAN_FILE.read_text(encoding="utf-8")
CASE: Final = (CASES / "rumour.toml").read_text(encoding="utf-8")
COMPANY: Final = COMPANY_FILE.read_text(encoding="utf-8")

UNREADABLE: Final[dict[str, tuple[bytes | None, str, str]]] = {
    "no TOML": (b"a = [", "is not TOML", "Correct the line named here."),
    "cut off": (PLAN.encode()[:3_000], "is not TOML", "Correct the line named here."),
    "not UTF-8": (b'a = "\xff\xfe"', "is not UTF-8", "Save it as UTF-8."),
    "NUL": (b'a = "\x00"', "is not TOML", "Correct the line named here."),
    "nested without end": (DEEP, "a nesting that no such file needs", "correct it."),
    "an endless number": (LONG, "holds a number", "correct it."),
    "a directory": (None, "cannot be read: Is a directory.", "Name a file that is there"),
}
"""What no file may be, whatever it is for."""

VERBS: Final = {
    "plan check": ("plan", "check"),
    "plan adopt": ("plan", "adopt"),
    "company": ("plan", "check", str(PLAN_FILE), "--company"),
    "drill": ("drill",),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
@pytest.mark.parametrize(("content", "wrong", "to_do"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read(
    verb: tuple[str, ...], content: bytes | None, wrong: str, to_do: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    assert_told(andon(*verb, str(file)), str(file), wrong, to_do)


MEANS_NOTHING: Final[dict[str, tuple[tuple[str, ...], str, int, str]]] = {
    "empty plan": (("plan", "check"), "", 1, "1:1: id: this is needed."),
    "plan with an unknown field": (("plan", "check"), PLAN + "\n[nonsense]\na = 1\n", 1, "nonsense"),
    "plan without a row": (("plan", "check"), without(PLAN, "version"), 1, "version"),
    "plan of a wrong type": (
        ("plan", "check"), PLAN.replace("\nversion = ", "\nversion = 3 # "), 1, "Text is expected here."),
    "adopting a broken plan": (("plan", "adopt"), without(PLAN, "version"), 2, "version"),
    "empty company": (("plan", "check", str(PLAN_FILE), "--company"), "", 1, "id: this is needed."),
    "company with an unknown field": (
        ("plan", "check", str(PLAN_FILE), "--company"), "nonsense = 1\n" + COMPANY, 1, "nonsense"),
    "empty case": (("drill",), "", 2, "id: this is needed."),
    "case with an unknown field": (("drill",), "nonsense = 1\n" + CASE, 2, "nonsense"),
    "case without a row": (("drill",), without(CASE, "starts_at"), 2, "starts_at"),
    "case of a wrong type": (("drill",), CASE.replace("\nzone = ", "\nzone = 3 # "), 2, "zone"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "content", "status", "word"), MEANS_NOTHING.values(), ids=MEANS_NOTHING.keys()
)
def test_a_file_that_can_be_read_and_means_nothing(
    verb: tuple[str, ...], content: str, status: int, word: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file.toml"
    file.write_text(content, encoding="utf-8")
    told = andon(*verb, str(file))
    assert_told(told, word, status=status)


def test_a_plan_that_was_refused_is_not_adopted(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(without(PLAN, "version"), encoding="utf-8")
    assert_told(andon("plan", "adopt", str(file)), "version")
    assert "is adopted already; nothing was changed." in andon("plan", "adopt").stdout


def test_a_broken_file_at_the_first_start_leaves_a_home_that_starts(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "wording.toml"
    broken.write_bytes(b"a = [")
    with monkeypatch.context() as patch:
        patch.setattr(company, "WORDING_FILE", broken)
        assert_told(andon("up", "--port", str(free_port())), str(broken), "is not TOML")
    assert andon("status").exit_code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ("cannot be read", "ANDON_OUTLETS")),
        ("outlets = [", ("is not TOML",)),
        ('[[outlets]]\nid="a"\nname="A"\nplace="site"\nurl="json://x"', ("outlets.0.place",)),
        ('[[outlets]]\nid="a"\nname="A"\nplace="press"\nurl="pigeon://secret"', ("outlets.0.url",)),
        ('[press_list]\nhost="mail"\npassword="secret"', ("press_list.password", "both")),
    ],
    ids=["not there", "no TOML", "our own page", "no address", "no press list"],
)
def test_outlets_that_cannot_be_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None,
    words: tuple[str, ...],
) -> None:  # fmt: skip
    file = tmp_path / "outlets.toml"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("ANDON_OUTLETS", str(file))
    told = andon("up", "--port", str(free_port()))
    assert_told(told, *words)
    assert "secret" not in told.stderr
    assert not list(home.glob("**/temporal.db"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ("cannot be read", "ANDON_CHANNELS")),
        ("connections = [", ("is not TOML",)),
        ('[[connections]]\nid="a"\nadapter="pigeon"', ("connections.0.adapter", "shopify")),
        ('[[connections]]\nid="a"\nadapter="webhook"\nurl="x"\nsecrets="hush"',
         ("connections.0.secret", "Only these may stand here")),
    ],
    ids=["not there", "no TOML", "an adapter that is none", "a typo, and a secret that is missing"],
)  # fmt: skip
def test_connections_that_cannot_be_used(
    content: str | None, words: tuple[str, ...], home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file = tmp_path / "channels.toml"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("ANDON_CHANNELS", str(file))
    told = andon("status")
    assert_told(told, *words)
    assert "hush" not in told.stderr


# ---------------------------------------------------------------------- keys


def lose(ring: Path, other: Path) -> None:
    ring.unlink()


def cut(ring: Path, other: Path) -> None:
    ring.write_bytes(ring.read_bytes()[:60])


def swap(ring: Path, other: Path) -> None:
    ring.write_bytes(other.read_bytes())


def open_to_all(ring: Path, other: Path) -> None:
    ring.chmod(0o644)


def make_a_directory(ring: Path, other: Path) -> None:
    ring.unlink()
    ring.mkdir(mode=0o700)


KEYS: Final = {
    "missing": (lose, "ring.json", "Put"),
    "truncated": (cut, "is damaged", "Put it back from the backup."),
    "foreign": (swap, "does not belong to this database", "Put back the ring"),
    "open to others": (open_to_all, "can be read by others", "chmod 600"),
    "a directory": (make_a_directory, "cannot be read", "put it back from the backup"),
}


@pytest.mark.in_turn("start")
@pytest.mark.parametrize("start", ["up", "status", "worker"])
@pytest.mark.parametrize("key", KEYS)
def test_keys_that_are_not_the_ones(
    key: str, start: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, wrong, to_do = KEYS[key]
    other = tmp_path / "other"
    monkeypatch.setenv("ANDON_HOME", str(other))
    assert andon("user", "list").exit_code == 0
    monkeypatch.setenv("ANDON_HOME", str(made))
    spoil(made / "keys" / "ring.json", other / "keys" / "ring.json")
    before = {file: file.read_bytes() for file in made.glob("*.db")}
    if start == "worker":
        ended = subprocess.run(
            [sys.executable, str(ROOT / "worker.py")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        status, said = ended.returncode, ended.stderr
    else:
        told = andon("up", "--port", str(free_port())) if start == "up" else andon("status")
        status, said = told.exit_code, told.stderr
    assert status == 2, said
    assert wrong in said
    assert to_do in said
    assert "Traceback" not in said
    assert {file: file.read_bytes() for file in made.glob("*.db")} == before


# ---------------------------------------------------------------------- ports


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_console_port_that_is_taken(taken: int, home: Path) -> None:
    words = (
        f"Port {taken} of 127.0.0.1 is in use",
        "choose another port with --port or ANDON_PORT",
    )
    assert_told(andon("up", "--port", str(taken)), *words)
    assert {file.name for file in home.iterdir()} == {"andon.lock"}


CLAIMS = """
import sys
from pathlib import Path
from cli.embedded_temporal import choose_port
print(choose_port(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def test_two_that_start_in_the_same_second_choose_two_temporal_ports(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMS, str(tmp_path / f"port-{n}")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for n in range(4)
    ]
    chosen = []
    for each in started:
        assert each.stdout is not None
        chosen.append(int(each.stdout.readline()))
    for each in started:
        each.communicate()
    assert len(set(chosen)) == len(started), chosen


def test_a_claimed_port_is_free_again_when_its_process_is_gone(tmp_path: Path) -> None:
    port = free_port()
    code = f"from cli import ports; print(ports.claim('127.0.0.1', {port})); import os; os._exit(9)"
    subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    assert ports.claim("127.0.0.1", port) is None
    ports.release_all()


def test_no_temporal_port_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr("cli.embedded_temporal.FIRST_PORT", port)
    monkeypatch.setattr("cli.embedded_temporal.PORTS_TRIED", 1)

    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(BrokenSetup, match="is free for the Temporal server") as refused,
    ):
        choose_port(tmp_path / "temporal.port")
    assert "stop it" in refused.value.hint


# ---------------------------------------------------------------------- homes


def test_a_home_on_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        monkeypatch.setenv("ANDON_HOME", str(disk.path / "home"))
        monkeypatch.setenv("ANDON_DEMO", "false")
        assert_told(andon("up", "--port", str(free_port())), "is nearly full", "Free some space")
        assert_told(
            andon("user", "add", "li.wei", "--role", "admin"),
            "The disk is full", "Free space",
            status=1,
        )  # fmt: skip
        disk.grow("20m")
        assert andon("user", "add", "li.wei", "--role", "admin").exit_code == 0
        assert "li.wei" in andon("user", "list").stdout
        assert all(file.stat().st_mode & 0o077 == 0 for file in (disk.path / "home").glob("*.db"))


def test_a_home_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        disk.freeze()
        monkeypatch.setenv("ANDON_HOME", str(disk.path / "home"))
        words = ("cannot be written", "set ANDON_HOME to another")
        assert_told(andon("up", "--port", str(free_port())), *words)


# ---------------------------------------------------------------------- drills


@pytest.mark.slow
def test_a_drill_whose_server_dies_says_so(tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANDON_", "TEMPORAL_"))}
    drilling = subprocess.Popen(
        [str(Path(sys.executable).parent / "andon"), "drill", "rumour"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=clean | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    server = _child_of(drilling.pid)
    while not list(tmp_path.glob("andon-drill-*")):  # its world is made once the server runs
        assert drilling.poll() is None
        time.sleep(0.05)
    os.kill(server, signal.SIGKILL)
    output, errors = drilling.communicate(timeout=60)
    assert (drilling.returncode, output) == (1, ""), errors
    assert "The drill's own server ended" in errors
    assert "Start the drill again" in errors
    assert "Traceback" not in errors
    assert not list(tmp_path.glob("andon-drill-*"))


def _child_of(pid: int) -> int:
    """Wait for the one child of a process, as Linux tells it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("the children of a process are not told here")
    for _ in range(600):
        for task in Path(f"/proc/{pid}/task").iterdir():
            told = (task / "children").read_text().split()
            if told:
                return int(told[0])
        time.sleep(0.05)
    raise AssertionError("no server was started")
