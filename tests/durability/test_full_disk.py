"""A whole installation on a disk that is filled: Temporal's own database has no room either."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests import figures
from tests.api.serving import free_port
from tests.api.test_incidents import problem
from tests.disks import small_disk

ANDON = Path(sys.executable).parent / "andon"
WITHIN_S = 90.0


@contextmanager
def installed(home: Path) -> Iterator[httpx2.Client]:
    """Start `andon up` in a home; gives the commander's client."""
    port = free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANDON_", "TEMPORAL_"))}
    running = subprocess.Popen(
        [str(ANDON), "up", "--port", str(port)],
        env=clean | {"ANDON_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, timeout=30, trust_env=False) as client:
            client.headers["Origin"] = url
            _wait_until_ready(client)
            rows = (home / "demo-people.txt").read_text(encoding="utf-8").splitlines()
            password = next(row.split()[1] for row in rows if row.startswith("gao.yuan "))
            signed = client.post("/api/sessions", json={"name": "gao.yuan", "password": password})
            assert signed.status_code == 201, signed.text
            yield client
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)


def _wait_until_ready(client: httpx2.Client) -> None:
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("it was never ready")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not figures.FULL, reason="starts a whole installation: `make prove` runs it")
def test_what_waited_for_room_counts_once_and_the_incident_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "320m") as disk, installed(disk.path / "home") as chief:
        number = chief.post("/api/incidents", json=problem()).json()["id"]
        _wait_for_entries(chief, number, 3)
        place, key = f"/api/incidents/{number}/report", {"Idempotency-Key": "full"}
        disk.fill()
        waits = chief.post(f"{place}/acknowledge_report", json={}, headers=key)
        fresh = chief.post("/api/incidents", json=problem(), headers=key)
        assert (waits.status_code, fresh.status_code) == (503, 503)
        assert fresh.json()["code"] == "disk_full"
        assert len(_types(chief, number)) == 3
        disk.empty()
        _again(chief, f"{place}/acknowledge_report", key)
        accepted = chief.post(f"{place}/accept_report", json={"reason": "There is room."})
        assert accepted.status_code == 200, accepted.text
        reported = chief.post("/api/incidents", json=problem(), headers=key)
        assert reported.status_code == 201, reported.text
        assert _types(chief, number).count("ReportAcknowledged") == 1


def _types(client: httpx2.Client, number: str) -> list[str]:
    told = client.get(f"/api/incidents/{number}/ledger?limit=500").json()
    return [entry["type"] for entry in told["entries"]]


def _wait_for_entries(client: httpx2.Client, number: str, count: int) -> None:
    end = time.monotonic() + WITHIN_S
    while len(_types(client, number)) < count:
        assert time.monotonic() < end, "the report was never recorded"
        time.sleep(0.1)


def _again(client: httpx2.Client, place: str, key: dict[str, str]) -> None:
    """Press again until it is confirmed: Temporal comes back by itself when there is room."""
    end = time.monotonic() + WITHIN_S
    while (answer := client.post(place, json={}, headers=key)).status_code == 503:
        assert time.monotonic() < end, answer.text
    assert answer.status_code == 200, answer.text
