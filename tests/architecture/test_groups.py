"""Tests of one group stay together on one worker: they share an installation that is slow to make.

It was not so for a while, unseen: pytest had changed how it names tests, and xdist found no place
for the group. Everything passed, twice as slowly.
"""

import os
import subprocess
import sys
from pathlib import Path

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
