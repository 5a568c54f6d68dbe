"""A dossier of each release, kept: made once from a drill, with the company's key and a head.

What belongs here: making one, and where it lies. What never does: a verdict (test_dossiers.py).
"""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "dossiers"
CASE: Final = "rumour"


def kept() -> list[Path]:
    """List the dossiers, by the names of their releases."""
    return sorted(FOLDER.glob("*.zip"))


def key_of(dossier: Path) -> Path:
    """Give the company's key, as an auditor was given it."""
    return dossier.with_suffix(".vkey")


def head_of(dossier: Path) -> Path:
    """Give an earlier head of the incident, as a witness kept it."""
    return dossier.with_suffix(".note")


def make(release: str) -> Path:
    """Drill a case and keep its dossier, its key, and the first head of its ledger."""
    FOLDER.mkdir(exist_ok=True)
    to = FOLDER / f"{release}.zip"
    run = "from cli.main import main; main()"
    words = [sys.executable, "-c", run, "drill", CASE, "--no-story", "--dossier", str(to)]
    subprocess.run(words, check=True, cwd=Path(__file__).parents[2])
    to.chmod(0o644)
    with zipfile.ZipFile(to) as packed:
        key_of(to).write_bytes(packed.read("keys.txt"))
        first = packed.read("heads.jsonl").splitlines()[0]
    head_of(to).write_text(json.loads(first)["note"], encoding="utf-8")
    return to
