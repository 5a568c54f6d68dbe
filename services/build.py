"""The names of the build that decides (in entries and Temporal's histories), and of its pages.

What belongs here: naming what runs. What never does: reading a version control system, which an
installation need not have.

The SDK's own default hashes the bytecode of every module that is loaded, the libraries' too: two
seconds at each start of a worker, and another name on another Python.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DECIDING = ("domain", "workflows", "activities")
"""The rooms whose change may change what an act leads to."""


SHOWING = ("api", "templates", "locale")
"""The rooms whose change may change a page beside what it is made of."""

SOURCES = frozenset({".py", ".html", ".toml", ".po", ".css", ".js"})


@cache
def build_id() -> str:
    """Give `<version>+<12 hexadecimal digits over the sources of the deciding rooms>`."""
    files = (file for room in DECIDING for file in sorted((ROOT / room).rglob("*.py")))
    return f"{version('andon-engine')}+{_digest(ROOT, files)}"


@cache
def pages_id() -> str:
    """Give the build with what draws its pages: a cache must not keep a page of before."""
    return f"{build_id()}+{_digest(ROOT, showing(ROOT))}"


def showing(root: Path) -> list[Path]:
    """List the sources of pages below a root, in a fixed order."""
    found = (file for room in SHOWING for file in sorted((root / room).rglob("*")))
    return [file for file in found if file.suffix in SOURCES]


def _digest(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
