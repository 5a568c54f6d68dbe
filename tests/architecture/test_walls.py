"""The walls between the rooms are kept, and a planted bad import is caught."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.linters.source import ROOMS

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
OUR_NAMES = ROOMS | {"worker", "tests", "bench", "tools"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the rooms in a folder."""
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def toy_house(tmp_path: Path) -> Path:
    """Return a folder with our contracts and empty rooms."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    return tmp_path


def test_the_rooms_keep_the_contracts() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_empty_rooms_keep_the_contracts(toy_house: Path) -> None:
    assert lint_imports(toy_house).returncode == 0


@pytest.mark.parametrize(
    ("files", "contract"),
    [
        pytest.param(
            {"domain/halt.py": "import storage"}, "Rooms import downwards", id="domain-up"
        ),
        pytest.param(
            {"storage/halt.py": "import integrations"},
            "Rooms import downwards",
            id="storage-sideways",
        ),
        pytest.param(
            {"domain/halt.py": "import sqlalchemy"}, "domain knows no framework", id="domain-orm"
        ),
        pytest.param(
            {"workflows/halt.py": "import httpx2"}, "Workflows name activities", id="workflow-http"
        ),
        pytest.param(
            {"workflows/halt.py": "import storage"}, "Workflows name activities", id="workflow-db"
        ),
        pytest.param(
            {"domain/halt.py": "import domain.recall", "domain/recall.py": "import domain.halt"},
            "do not import in circles",
            id="circle",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(
    toy_house: Path, files: dict[str, str], contract: str
) -> None:
    for path, text in files.items():
        (toy_house / path).write_text(f"{text}\n")
    result = lint_imports(toy_house)
    assert result.returncode == 1, result.stdout
    verdicts = re.split(r"\b(KEPT|BROKEN)\b", " ".join(result.stdout.split()))
    broken = [name for name, verdict in itertools.pairwise(verdicts) if verdict == "BROKEN"]
    assert any(contract in name for name in broken), result.stdout


def test_every_package_at_the_root_is_a_room_or_named_here() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= OUR_NAMES, "a ninth room needs a decision record (docs/decisions/0001)"
    assert packages >= ROOMS


def test_our_names_belong_to_nobody_else() -> None:
    installed = packages_distributions()
    taken = {name: installed[name] for name in OUR_NAMES if name in installed}
    taken |= {name: ["Python"] for name in OUR_NAMES & sys.stdlib_module_names}
    assert not taken, "a package of this name would hide ours, or ours it"


def test_worker_is_an_entry_point_of_its_own() -> None:
    assert (ROOT / "worker.py").is_file()
