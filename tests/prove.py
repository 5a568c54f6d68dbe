"""`make prove`: the proofs at full counts; writes docs/proofs/latest.md.

What belongs here: which tests are proofs, how often they run, the page. What never does: a proof
itself. `make test` runs the same tests at reduced counts.
"""

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proofs" / "latest.md"

PROOFS = {
    "whatever people do, every prefix folds, travels and comes to rest": ["tests/properties"],
    "severity: a worse answer never lowers the grade": ["tests/domain", "-k", "severity"],
    "deadlines: monotone, explained, on working days": ["tests/domain/test_clock.py"],
    "recall: mass balance, sampling, counts": [
        "tests/domain/test_scope.py",
        "tests/domain/test_recall.py",
    ],
    "duties: facts only add duties; none disappears": [
        "tests/domain/test_duties.py",
        "tests/domain/test_determining.py",
        "tests/domain/test_regulations.py",
    ],
    "canonical form equals RFC 8785; tree equals RFC 6962": [
        "tests/domain/test_canonical.py",
        "tests/domain/test_tree.py",
    ],
    "sealed text and messages: nothing foreign opens": ["tests/integrations"],
    "the one transaction: processes, kills, repeats, on both databases": ["tests/storage"],
    "live state, ledger, page and replayed history agree; forgery is refused alone": [
        "tests/engine"
    ],
}
"""What is proved, and by which tests."""


def main() -> int:
    """Run every proof and write the page; 0 when all hold."""
    rows = [(what, *_run(arguments)) for what, arguments in PROOFS.items()]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(_page(rows), encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))
    return 0 if all(held for _, held, _, _ in rows) else 1


def _run(arguments: list[str]) -> tuple[bool, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup", "--timeout", "1800"),
            *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, "ANDON_PROVE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"\d+ (?:passed|failed|skipped|error)[^=\n]*", done.stdout)
    return done.returncode == 0, found[-1] if found else "no result", time.monotonic() - started


def _page(rows: list[tuple[str, bool, str, float]]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        "# Proofs, last run",
        "",
        f"{now} · commit {commit} · {os.cpu_count()} cores · Python {platform.python_version()}.",
        "Property tests at 2,000 examples each, unless a test sets its own count.",
        "",
        "| what is proved | holds | tests | seconds |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {what} | {'yes' if held else '**NO**'} | {counts} | {took:.0f} |"
        for what, held, counts, took in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
