"""The embedded Temporal server, proved on the real program."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.embedded_temporal import (
    SEARCH_ATTRIBUTES,
    EmbeddedTemporal,
    choose_port,
    temporal_program,
)
from cli.ports import bind_error
from cli.supervise import tcp_open

STRANGE_CONFIG = """
env:
  default:
    address: other-project:7233
    tls-cert-path: /no/such/file
"""


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedTemporal:
    """Describe a server in an empty home."""
    return EmbeddedTemporal(
        program=temporal_program(),
        database=tmp_path / "temporal.db",
        port=choose_port(tmp_path / "temporal.port"),
        namespace="default",
        log=tmp_path / "temporal.log",
    )


@pytest.fixture
def started(server: EmbeddedTemporal) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Collect what a test starts; afterwards none of it runs."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def start(server: EmbeddedTemporal) -> subprocess.Popen[bytes]:
    """Start the server as the supervisor does, and wait until it is ready."""
    child = server.child()
    child.before()
    process = subprocess.Popen(child.argv, env=child.env, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while not child.ready():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    return process


def operator(server: EmbeddedTemporal, *words: str) -> str:
    """Ask the server what it is set to."""
    address = ("--address", f"127.0.0.1:{server.port}", "-o", "json", "--env-file", os.devnull)
    command = (str(server.program), "operator", *words, *address, "--disable-config-file")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def listening_addresses(pid: int) -> set[str]:
    """Read from proc(5) on which IPv4 addresses a process listens; IPv6 must have none."""
    sockets = set()
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        target = str(opened.readlink())
        if target.startswith("socket:["):
            sockets.add(target.removeprefix("socket:[").removesuffix("]"))
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = row.split()
            if words[3] == "0A" and words[9] in sockets:
                packed = bytes.fromhex(words[1].split(":")[0])
                found.add(socket.inet_ntoa(packed[::-1]) if table == "tcp" else "IPv6")
    return found


def test_the_server_keeps_histories_for_a_hundred_years_and_survives_kill_9(
    server: EmbeddedTemporal,
    started: list[subprocess.Popen[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Files and variables of another project, which must not be obeyed.
    (tmp_path / ".config" / "temporalio").mkdir(parents=True)
    (tmp_path / ".config" / "temporalio" / "temporal.yaml").write_text(STRANGE_CONFIG)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TEMPORAL_ADDRESS", "other-project:7233")

    started.append(start(server))
    monkeypatch.delenv("TEMPORAL_ADDRESS")
    started[-1].kill()
    started[-1].wait()
    started.append(start(server))

    namespace = json.loads(operator(server, "namespace", "describe", "-n", "default"))
    assert namespace["config"]["workflowExecutionRetentionTtl"] == f"{36_500 * 86_400}s"
    attributes = json.loads(operator(server, "search-attribute", "list"))
    kinds = {
        name: kind.removeprefix("INDEXED_VALUE_TYPE_").title()
        for name, kind in attributes["customAttributes"].items()
    }
    assert kinds == SEARCH_ATTRIBUTES
    if sys.platform == "linux":
        assert listening_addresses(started[-1].pid) == {"127.0.0.1"}

    started[-1].terminate()
    assert started[-1].wait(timeout=10) == 0
    assert not (tmp_path / "temporal.db.unfinished").exists()


def test_a_database_that_was_never_finished_is_made_anew(
    server: EmbeddedTemporal, started: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    # What a kill during the making leaves: a file without its tables.
    (tmp_path / "temporal.db").touch()
    (tmp_path / "temporal.db.unfinished").touch()
    started.append(start(server))
    assert (tmp_path / "temporal.db").stat().st_size > 0
    assert not (tmp_path / "temporal.db.unfinished").exists()


def test_a_database_without_the_mark_is_never_deleted(
    server: EmbeddedTemporal, tmp_path: Path
) -> None:
    (tmp_path / "temporal.db").write_text("histories")
    server.prepare()
    assert (tmp_path / "temporal.db").read_text() == "histories"
    assert not (tmp_path / "temporal.db.unfinished").exists()


def test_a_new_database_is_marked_before_it_is_made(
    server: EmbeddedTemporal, tmp_path: Path
) -> None:
    server.prepare()
    assert (tmp_path / "temporal.db.unfinished").exists()


def test_nothing_is_told_to_anybody(server: EmbeddedTemporal) -> None:
    command = " ".join(server.command)
    assert "--dynamic-config-value frontend.enableServerVersionCheck=false" in command
    assert "--headless" in command
    assert "--ip 127.0.0.1" in command


def test_the_port_is_remembered_while_it_is_free(tmp_path: Path) -> None:
    remembered = tmp_path / "temporal.port"
    first = choose_port(remembered)
    assert choose_port(remembered) == first
    with socket.create_server(("127.0.0.1", first)):
        second = choose_port(remembered)
    assert second != first
    assert choose_port(remembered) == second
    assert bind_error("127.0.0.1", second) is None


@pytest.mark.parametrize("text", ["", "seventeen", "0", "80", "70000"])
def test_a_port_file_that_makes_no_sense_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "temporal.port").write_text(text)
    assert choose_port(tmp_path / "temporal.port") >= 17_233


def test_the_server_is_not_ready_before_it_listens(server: EmbeddedTemporal) -> None:
    assert not tcp_open("127.0.0.1", server.port)()
    assert not server.child().ready()


def test_the_workflows_use_search_attributes_that_exist() -> None:
    from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey  # noqa: PLC0415

    from workflows import incident  # noqa: PLC0415 - slow to import, and needed by one test

    keys = [key for key in vars(incident).values() if isinstance(key, SearchAttributeKey)]
    kinds = {
        SearchAttributeIndexedValueType.KEYWORD: "Keyword",
        SearchAttributeIndexedValueType.DATETIME: "Datetime",
    }
    assert keys
    assert {key.name: kinds[key.indexed_value_type] for key in keys}.items() <= (
        SEARCH_ATTRIBUTES.items()
    )


def test_it_collects_garbage_seldom_unless_somebody_says_otherwise(
    server: EmbeddedTemporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOGC", raising=False)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "elsewhere:7233")
    told = server.child().env
    assert (told["GOGC"], told["GOMEMLIMIT"]) == ("800", "1GiB")
    assert "TEMPORAL_ADDRESS" not in told
    monkeypatch.setenv("GOGC", "50")
    assert server.child().env["GOGC"] == "50"
