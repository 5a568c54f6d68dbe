"""`make prove`: the proofs at full counts; writes docs/proofs/latest.md (`ARGS=bad` runs some).

What belongs here: which tests are proofs, how often they run, the page. What never does: a proof
itself. `make test` runs the same tests at reduced counts.

Each run draws a seed for what dies at random, and prints it; ANDON_PROVE_SEED gives one of an
earlier run.
"""

import json
import os
import platform
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests import figures

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proofs" / "latest.md"
ROWS = PAGE.with_suffix(".json")

PROOFS = {
    "whatever people do, every prefix folds, travels and comes to rest": [
        "tests/properties",
        *("--ignore", "tests/properties/test_statements.py"),
        *("--ignore", "tests/properties/test_duties.py"),
        *("--ignore", "tests/properties/test_dossier_mutations.py"),
    ],
    "a dossier: whatever is done to it is found and named by two verifiers; what is whole is whole": [
        "tests/properties/test_dossier_mutations.py",
        "tests/services/test_dossier_verifiers.py",
        "tests/services/test_dossier_hostile.py",
    ],
    "statements: nothing goes out unapproved; no published number differs unflagged": [
        "tests/properties/test_statements.py"
    ],
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
    "duties: facts in any order lead to the duties that the rule files ask for": [
        "tests/properties/test_duties.py"
    ],
    "rules: due times counted by hand hold, and a rule that says something else breaks one": [
        "tests/content/test_golden_duties.py",
        "tests/content/test_rule_mutants.py",
        "tests/content/test_reference_deadlines.py",
    ],
    "fold == stored state == live state == replayed history, after every entry of every drill and "
    "every recording; a hostile record comes to a named fault in time": [
        "tests/replay/test_proofs.py",
        "tests/services/test_drills_proved.py",
        "tests/services/test_hostile_histories.py",
        "tests/engine/test_archiving.py",
    ],
    "recorded histories replay, golden ledgers fold as they did, messages only grew": [
        "tests/replay",
        *("--ignore", "tests/replay/test_proofs.py"),
    ],
    "canonical form equals RFC 8785; tree equals RFC 6962": [
        "tests/domain/test_canonical.py",
        "tests/domain/test_tree.py",
    ],
    "sealed text and messages: nothing foreign opens": ["tests/integrations"],
    "the one transaction: processes, kills, repeats, on both databases": ["tests/storage"],
    "live state, ledger, page and replayed history agree; forgery is refused alone": [
        "tests/engine",
        *("--ignore", "tests/engine/test_three_days_away.py"),
        *("--ignore", "tests/engine/test_archiving.py"),
        *("--ignore", "tests/engine/test_whole_record.py"),
    ],
    "an altered database: every alteration is found and named, and nothing else": [
        "tests/engine/test_whole_record.py"
    ],
    "three days without a worker: each deadline that passed counts once, in order, told once": [
        "tests/engine/test_three_days_away.py"
    ],
    "bad input: a sentence, what was typed is kept, everything else is as it was": [
        "tests/api/test_bad_input.py",
        "tests/api/test_nonsense.py",
        "tests/api/test_hostile.py",
        "tests/api/test_full_disk.py",
        "tests/cli/test_broken_setup.py",
    ],
    "pages: sound in each language, for each reader, on each device and either database": [
        *("tests/api", "tests/browser"),
        *("--ignore", "tests/api/test_bad_input.py"),
        *("--ignore", "tests/api/test_nonsense.py"),
        *("--ignore", "tests/api/test_hostile.py"),
        *("--ignore", "tests/api/test_full_disk.py"),
    ],
    "texts, services and the command line: every story in each of its ways, on both databases": [
        "tests/activities",
        "tests/services",
        "tests/cli",
        *("--ignore", "tests/cli/test_broken_setup.py"),
        *("--ignore", "tests/services/test_drills_proved.py"),
        *("--ignore", "tests/services/test_hostile_histories.py"),
    ],
    "lots: no number one step away from an affected lot is told to be off the list": [
        "tests/domain/test_near_lots.py"
    ],
    # More at once than there are cores: a proof of durability mostly waits for who died.
    "whatever dies at whatever moment: nothing is lost, nothing counts twice": [
        *("tests/durability", "-n", "5"),
    ],
}
"""What is proved, and by which tests."""

SHOWN = 20_000
"""Characters of what a proof said that does not hold."""

SEED = os.environ.get("ANDON_PROVE_SEED") or str(secrets.randbelow(2**31))


@dataclass(frozen=True)
class Row:
    """How one proof ended, on which commit."""

    what: str
    held: bool
    counts: str
    seconds: float
    commit: str


def main() -> int:
    """Run the proofs whose names hold a word that was given, or all; 0 when every one holds.

    The page keeps what earlier runs said of the others: each row names its commit.
    """
    wanted = sys.argv[1:]
    chosen = [what for what in PROOFS if not wanted or any(word in what for word in wanted)]
    if not chosen:
        sys.stdout.write("There are: " + "; ".join(PROOFS) + "\n")
        return 2
    rows = {row.what: row for row in _kept()} if wanted else {}
    if not wanted:
        figures.forget()
    for what in chosen:
        rows[what] = _shown(what, *_run(PROOFS[what]))
    ordered = [rows[what] for what in PROOFS if what in rows]
    ROWS.write_text(json.dumps([asdict(row) for row in ordered], indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(_page(ordered), encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))
    return 0 if all(row.held for row in ordered) else 1


def _kept() -> list[Row]:
    if not ROWS.exists():
        return []
    return [Row(**row) for row in json.loads(ROWS.read_text(encoding="utf-8"))]


def _shown(what: str, held: bool, counts: str, took: float) -> Row:
    """Say at once how a proof ended: all of them take long."""
    sys.stdout.write(f"{'holds' if held else 'DOES NOT HOLD'}: {what}: {counts}, {took:.0f} s\n")
    sys.stdout.flush()
    return Row(what, held, counts, took, _commit())


def _run(arguments: list[str]) -> tuple[bool, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup", "--timeout", "1800"),
            *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, "ANDON_PROVE": "1", "ANDON_PROVE_SEED": SEED},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # The page says that it failed; why, whoever runs it must see.
        sys.stdout.write(done.stdout[-SHOWN:])
    found = re.findall(r"\d+ (?:passed|failed|skipped|error)[^=\n]*", done.stdout)
    return done.returncode == 0, found[-1] if found else "no result", time.monotonic() - started


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _page(rows: list[Row]) -> str:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        "# Proofs, last run",
        "",
        f"{now} · {os.cpu_count()} cores · Python {platform.python_version()}.",
        "Property tests at 2,000 examples each, unless a test sets its own count.",
        f"Seed of this run: {SEED} (ANDON_PROVE_SEED repeats it).",
        "",
        "| what is proved | holds | tests | seconds | commit |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {'yes' if row.held else '**NO**'} | {row.counts} | {row.seconds:.0f} "
        f"| {row.commit} |"
        for row in rows
    ]
    return "\n".join([*lines, *_counted()]) + "\n"


def _counted() -> Iterator[str]:
    """Tell what the proofs counted, where they noted it."""
    counted = figures.summed()
    if not counted:
        return
    yield from ("", "## What died, and what was held against the ledger", "")
    for what, (sums, remarks) in sorted(counted.items()):
        told = " · ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sums.items())
        yield f"- **{what}**: {told}" + (f" ({', '.join(remarks)})" if remarks else "")


if __name__ == "__main__":
    sys.exit(main())
