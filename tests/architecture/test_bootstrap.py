"""A machine that cannot run Andon is told so in a sentence, and nothing of it is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what the bootstrap reads, and no environment."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def bootstrap(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script with an unwritable home."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **more}
    return subprocess.run(
        [str(checkout / "tools" / "bootstrap"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(checkout: Path, body: str) -> str:
    """Write a program that stands where a Python should be."""
    path = checkout / "stand-in"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_an_old_python_is_named_with_what_to_do(checkout: Path) -> None:
    old = stand_in(checkout, 'case "$2" in *exit*) exit 1 ;; *) echo 3.9.2 ;; esac')
    result = bootstrap(checkout, "runtime", PYTHON=old)
    assert result.returncode == 1
    assert f"{old} is Python 3.9.2, which is too old." in result.stderr
    assert "make setup PYTHON=" in result.stderr


def test_a_python_without_venv_is_named_with_what_to_do(checkout: Path) -> None:
    bare = stand_in(checkout, 'case "$2" in *venv*) exit 1 ;; *) echo 3.12.1 ;; esac')
    result = bootstrap(checkout, "runtime", PYTHON=bare)
    assert result.returncode == 1
    assert "has no venv module" in result.stderr
    assert "apt-get install python3-venv" in result.stderr


def test_no_python_at_all_is_said(checkout: Path) -> None:
    result = bootstrap(checkout, "runtime", PYTHON="no-such-python")
    assert result.returncode == 1
    assert "no Python was found" in result.stderr


def test_a_folder_that_is_no_environment_is_left_alone(checkout: Path) -> None:
    precious = checkout / "precious"
    precious.mkdir()
    (precious / "letter").write_text("keep me")
    result = bootstrap(checkout, "runtime", VENV="precious", PYTHON=sys.executable)
    assert result.returncode == 1
    assert "is not an environment of Python" in result.stderr
    assert (precious / "letter").read_text() == "keep me"


def test_a_place_that_cannot_be_written_is_named_with_another_way(checkout: Path) -> None:
    result = bootstrap(checkout, "runtime", VENV="/nonexistent/andon")
    assert result.returncode == 1
    assert "cannot be made in /nonexistent/andon" in result.stderr
    assert "VENV=/another/folder" in result.stderr


def test_an_unknown_request_is_refused(checkout: Path) -> None:
    result = bootstrap(checkout, "everything")
    assert result.returncode == 1
    assert "'runtime' and 'dev'" in result.stderr


def test_our_command_works_from_any_folder(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "andon"
    result = subprocess.run(
        [str(command), "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "up" in result.stdout


def with_pip(checkout: Path, status: int) -> None:
    """Put an environment there whose pip finds twelve packages and ends with a status."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    found = "for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo Collecting package-$n; done"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *"pip install"*) {found}; echo Installing collected packages: x; '
        f"exit {status} ;; esac\n"
    )
    python.chmod(0o755)


def test_every_step_is_said_as_it_goes(checkout: Path) -> None:
    with_pip(checkout, 0)
    result = bootstrap(checkout, "runtime")
    assert result.returncode == 0, result.stderr
    assert "one to three minutes" in result.stdout
    assert "10 of" in result.stdout
    assert "putting them in place" in result.stdout


def test_packages_that_cannot_be_installed_stop_it(checkout: Path) -> None:
    with_pip(checkout, 1)
    result = bootstrap(checkout, "runtime")
    assert result.returncode == 1
    assert "could not be installed" in result.stderr
    assert not (checkout / ".venv" / ".made-runtime").exists()


def test_make_help_lists_how_to_get_what_changes_need() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make dev " in told.stdout
