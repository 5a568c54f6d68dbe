"""Tests of one group stay together on one worker: they share an installation that is slow to make.

It was not so for a while, unseen: pytest had changed how it names tests, and xdist found no place
for the group. Everything passed, twice as slowly.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run_again import NOTED, failed_last, main

TESTS = """
import os, pathlib, pytest

@pytest.mark.xdist_group("shared")
@pytest.mark.parametrize("number", range(8))
def test_where(number):
    seen = pathlib.Path(__file__).with_name(f"seen-{number}")
    seen.write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_group_stays_on_one_worker(tmp_path: Path) -> None:
    (tmp_path / "test_shared.py").write_text(TESTS, encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    words = "-m pytest -q -p no:cacheprovider -n 2 --dist loadgroup test_shared.py".split()
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    seen = [path.read_text(encoding="utf-8") for path in tmp_path.glob("seen-*")]
    assert len(seen) == 8
    assert len(set(seen)) == 1


FAILING = """
import os, pytest

pytestmark = pytest.mark.xdist_group("shared")

@pytest.mark.parametrize("who", ["a@b", "c"])
def test_bad(who):
    assert who == "c" and os.environ.get("MENDED")

def test_good():
    pass
"""


def test_what_failed_in_a_group_is_run_again_by_itself_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(FAILING, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    root = str(Path(__file__).resolve().parents[2])
    clean |= {"PYTHONPATH": root, "MENDED": "yes"}

    def run(words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words.split()],
            cwd=tmp_path,
            env=clean | more,
            capture_output=True,
            text=True,
            check=False,
        )

    first = run("-m pytest -q -n 2 --dist loadgroup", MENDED="")
    assert "2 failed, 1 passed" in first.stdout
    assert failed_last(tmp_path / NOTED) == [
        "test_failing.py::test_bad[a@b]",
        "test_failing.py::test_bad[c]",
    ]
    again = run("-m tests.run_again -q -rA")
    assert again.returncode == 1, again.stdout
    assert "1 failed, 1 passed" in again.stdout
    assert "FAILED test_failing.py::test_bad[a@b]" in again.stdout


def test_where_nothing_is_noted_nothing_is_said_to_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 1
    assert "No test is noted as failed" in capsys.readouterr().out
