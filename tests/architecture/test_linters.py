"""The house rules hold over the whole tree, and each of them catches what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.figures import FULL
from tools.linters.__main__ import all_findings, main
from tools.linters.source import Finding, Source, read_sources

ROOT = Path(__file__).resolve().parents[2]
SAID = '"""What belongs here."""\n'
# Put together here so that this file does not say it.
MACHINE_PATH = "/" + "root/notes"
REGISTRY = "files." + "pythonhosted" + ".org"


def broken(path: str, text: str) -> list[tuple[str, int]]:
    """Return (rule, line) of what is found in one planted file."""
    return [(f.rule, f.line) for f in all_findings([Source(path, text)])]


@pytest.mark.skipif(not FULL, reason="`make lint` holds the tree to them, and `make check` with it")
def test_the_tree_keeps_the_house_rules() -> None:
    findings = all_findings(read_sources(ROOT))
    assert not findings, "\n".join(map(str, findings))


def function_of(lines: int, name: str = "act") -> str:
    return f"def {name}() -> None:\n" + "    pass\n" * (lines - 1)


BAD = [
    pytest.param(
        "domain/halt.py", "import datetime\nNOW = datetime.datetime.now()\n", "purity", id="clock"
    ),
    pytest.param(
        "domain/halt.py",
        "from datetime import datetime as dt\nNOW = dt.now()\n",
        "purity",
        id="clock-by-another-name",
    ),
    pytest.param(
        "workflows/halt.py", "from uuid import uuid4\nKEY = uuid4()\n", "purity", id="uuid"
    ),
    pytest.param(
        "workflows/halt.py", "import random\nN = random.randint(1, 6)\n", "purity", id="chance"
    ),
    pytest.param(
        "workflows/halt.py", "import os\nHOME = os.environ['HOME']\n", "purity", id="environment"
    ),
    pytest.param("domain/halt.py", "import sqlite3\n", "standard-library", id="worldly-module"),
    pytest.param("domain/halt.py", "import numpy\n", "standard-library", id="third-party"),
    pytest.param("domain/halt.py", "TEXT = open('a')\n", "standard-library", id="open"),
    pytest.param(
        "services/act.py", "def f(session):\n    session.commit()\n", "commit", id="session-commit"
    ),
    pytest.param(
        "activities/act.py", "def f(db):\n    db.begin()\n", "commit", id="transaction-begun"
    ),
    pytest.param(
        "workflows/halt.py",
        "from temporalio import workflow\nA = workflow.execute_activity\n",
        "activity-call",
        id="activity-past-calls",
    ),
    pytest.param(
        "workflows/calls.py",
        "from temporalio.workflow import execute_local_activity\nA = execute_local_activity\n",
        "activity-call",
        id="local-activity",
    ),
    pytest.param("cli/up.py", "import worker\n", "worker-alone", id="worker-imported"),
    pytest.param("worker.py", "X = 1\n" * 80, "worker-alone", id="worker-grown"),
    pytest.param("api/app.py", "X = 1\n" * 501, "file-length", id="long-file"),
    pytest.param("api/utils.py", "X = 1\n", "name", id="file-named-utils"),
    pytest.param("api/app.py", "class RecallManager:\n    pass\n", "name", id="class-manager"),
    pytest.param("api/app.py", "def f(data):\n    pass\n", "parameter", id="parameter-data"),
    pytest.param("api/app.py", function_of(51), "function", id="long-functions"),
]


@pytest.mark.parametrize(("path", "text", "rule"), BAD)
def test_a_planted_fault_is_found(path: str, text: str, rule: str) -> None:
    assert rule in [found for found, _ in broken(path, SAID + text)]


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        pytest.param("docs/a.md", f"see {MACHINE_PATH}\n", "path", id="machine-path"),
        pytest.param("docs/a.md", "see ../" + "shared/a\n", "path", id="neighbour-folder"),
        pytest.param("docs/a.md", f"from {REGISTRY}\n", "host", id="registry"),
        pytest.param("requirements/a.lock", "a @ https://example.test/a\n", "lock", id="address"),
        pytest.param("requirements/a.lock", "--index-url here\n", "lock", id="index-option"),
        pytest.param("uv.lock", "version = 1\n", "lock", id="lock-with-addresses"),
        pytest.param("api/app.py", "X = 1\n", "docstring", id="silent-module"),
    ],
)
def test_a_planted_text_is_found(path: str, text: str, rule: str) -> None:
    assert broken(path, text) == [(rule, 1)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(
            "workflows/halt.py",
            "from temporalio import workflow\nNOW = workflow.now()\nKEY = workflow.uuid4()\n",
            id="the-workflow's-own-clock",
        ),
        pytest.param("storage/ledger.py", "def f(db):\n    db.commit()\n", id="commit-in-storage"),
        pytest.param(
            "workflows/calls.py",
            "from temporalio import workflow\nA = workflow.execute_activity\n",
            id="activity-in-calls",
        ),
        pytest.param("domain/halt.py", "def now() -> int:\n    return now()\n", id="own-name"),
        pytest.param("api/app.py", function_of(51) + function_of(2) * 60, id="one-long-of-many"),
    ],
)
def test_what_is_allowed_is_not_found(path: str, text: str) -> None:
    assert broken(path, SAID + text) == []


FAULT = "    session.commit()"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        pytest.param([FAULT + "  # house: allow commit - the archive's own file"], 0, id="here"),
        pytest.param(["    # house: allow commit - the archive's own file", FAULT], 0, id="above"),
        pytest.param([FAULT, "# house: allow-file commit - a tool"], 0, id="whole-file"),
        pytest.param([FAULT + "  # house: allow commit"], 1, id="without-a-reason"),
        pytest.param([FAULT + "  # house: allow purity - wrong rule"], 1, id="another-rule"),
    ],
)
def test_a_fault_is_let_through_by_rule_and_reason(lines: list[str], kept: int) -> None:
    text = SAID + "\n".join(["def f(session):", *lines]) + "\n"
    assert len(broken("services/act.py", text)) == kept


def test_the_command_prints_what_it_found_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "halt.py").write_text(SAID + "import socket\n")
    assert main([str(tmp_path)]) == 1
    assert str(Finding("domain/halt.py", 2, "standard-library", "socket"))[:33] in (
        capsys.readouterr().out
    )


def test_a_file_that_is_not_python_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.py").write_text("def (\n")
    assert main([str(tmp_path)]) == 2
    assert "broken.py:1: this is not Python" in capsys.readouterr().out
