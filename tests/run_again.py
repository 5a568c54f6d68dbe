"""Run what failed last once more, by itself: `python -m tests.run_again -rA`.

What belongs here: which tests those are, and nothing else of a run. What never does: saying that
something passed; pytest says it.

pytest's own `--last-failed` knows a test of a group by another name than the run by itself has
(`@pages`, appended by pytest-xdist), finds none of it, and runs the whole suite in one process.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.sharing import name_alone

NOTED = Path(".pytest_cache/v/cache/lastfailed")
"""Where pytest notes what failed last, by name."""


def failed_last(noted: Path) -> list[str]:
    """Name what failed in the last run, without its group; nothing where nothing is noted."""
    if not noted.exists():
        return []
    return sorted({name_alone(each) for each in json.loads(noted.read_text(encoding="utf-8"))})


def main(words: list[str]) -> int:
    """Run what failed last with some words of pytest; 1 where nothing is noted as failed."""
    again = failed_last(NOTED)
    if not again:
        sys.stdout.write(
            "No test is noted as failed: the run ended by something else. Read what it printed.\n"
        )
        return 1
    sys.stdout.write("\n  ".join(["Failed, and run once more:", *again]) + "\n")
    sys.stdout.flush()
    return subprocess.call([sys.executable, "-m", "pytest", "-n", "0", *words, *again])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
