"""The files of the project as the checks see them, findings, and the way to escape one.

Never here: a rule.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOMS = frozenset(
    ["domain", "storage", "integrations", "activities", "workflows", "services", "api", "cli"]
)
# Read no further: such a file is data, and its text is nobody's sentence.
LARGEST_TEXT = 1_000_000
ESCAPE = re.compile(r"house: (allow|allow-file) ([a-z-]+) - \S")


@dataclass(frozen=True)
class Finding:
    """One broken rule: where, which rule, and a sentence that says what to do."""

    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        """Give the form that editors make a link of."""
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence}"


@dataclass(frozen=True)
class Source:
    """One file: its path below the root in POSIX form, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Return every node of the tree: walked once, whatever number of checks looks."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines, the first at index 0."""
        return self.text.splitlines()

    @property
    def is_python(self) -> bool:
        """Tell whether there is a syntax tree to look at."""
        return self.path.endswith(".py")

    @property
    def room(self) -> str:
        """Return the first folder of the path, empty for a file at the root."""
        parts = PurePosixPath(self.path).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def is_application(self) -> bool:
        """Tell whether it is code that runs in production: a room or worker.py."""
        return self.is_python and (self.room in ROOMS or self.path == "worker.py")

    def allows(self, finding: Finding) -> bool:
        """Tell whether a comment lets the finding through, with a reason."""
        nearby = self.lines[max(finding.line - 2, 0) : finding.line]
        here = any(finding.rule == rule for _, rule in _escapes(nearby))
        return here or ("allow-file", finding.rule) in _escapes(self.lines)


Check = Callable[[Source], Iterable[Finding]]
WholeCheck = Callable[[list[Source]], Iterable[Finding]]


def _escapes(lines: list[str]) -> list[tuple[str, str]]:
    return [(m.group(1), m.group(2)) for line in lines for m in ESCAPE.finditer(line)]


def project_files(root: Path) -> Iterator[Path]:
    """Yield what git keeps or would keep; without git, everything that is not hidden."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = sorted(set(listed.stdout.split("\0")) - {""})
        yield from (root / name for name in names if (root / name).is_file())
        return
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(p.startswith(".") or p == "__pycache__" for p in parts):
            yield path


def read_sources(root: Path) -> list[Source]:
    """Read every text file of the project; binary and very large files are left out."""
    sources = []
    for path in project_files(root):
        if path.stat().st_size > LARGEST_TEXT:
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        sources.append(Source(path.relative_to(root).as_posix(), text))
    return sources


def unexcused(sources: Iterable[Source], findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that no comment lets through, in the order of the files."""
    by_path = {source.path: source for source in sources}
    kept = [f for f in findings if f.path not in by_path or not by_path[f.path].allows(f)]
    return sorted(set(kept), key=lambda f: (f.path, f.line, f.rule))
