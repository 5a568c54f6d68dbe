"""Run every house rule over the project: `python -m tools.linters [FOLDER]`.

Exit status 0 when all is kept, 1 when something was found, 2 when a file cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.linters.purity import check_purity, check_standard_library
from tools.linters.shape import (
    check_docstring,
    check_file_length,
    check_functions,
    check_names,
    function_lengths,
)
from tools.linters.source import Check, Finding, Source, WholeCheck, read_sources, unexcused
from tools.linters.text import check_lock, check_text
from tools.linters.walls import check_activity_calls, check_commit, check_worker_alone

CHECKS: tuple[Check, ...] = (
    check_purity,
    check_standard_library,
    check_commit,
    check_activity_calls,
    check_worker_alone,
    check_docstring,
    check_file_length,
    check_names,
    check_text,
    check_lock,
)
WHOLE_CHECKS: tuple[WholeCheck, ...] = (check_functions,)


def all_findings(sources: list[Source]) -> list[Finding]:
    """Return everything that is broken and not excused."""

    def found() -> Iterator[Finding]:
        for source in sources:
            for check in CHECKS:
                yield from check(source)
        for whole in WHOLE_CHECKS:
            yield from whole(sources)

    return unexcused(sources, found())


def main(arguments: list[str]) -> int:
    """Print the findings and one line of figures."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    sources = read_sources(root)
    try:
        findings = all_findings(sources)
    except SyntaxError as error:
        print(f"{error.filename}:{error.lineno}: this is not Python: {error.msg}")
        return 2
    for finding in findings:
        print(finding)
    lengths = [length for length, *_ in function_lengths(sources)] or [0]
    print(
        f"house rules: {len(findings)} broken; {len(sources)} files, {len(lengths)} functions,"
        f" p90 {lengths[len(lengths) // 10]} lines, longest {lengths[0]}"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
