"""The name of the build that decides: it stands in every entry and in Temporal's histories.

What belongs here: naming what runs. What never does: reading a version control system, which an
installation need not have.

The SDK's own default hashes the bytecode of every module that is loaded, the libraries' too: two
seconds at each start of a worker, and another name on another Python.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DECIDING = ("domain", "workflows", "activities")
"""The rooms whose change may change what an act leads to."""


@cache
def build_id() -> str:
    """Give `<version>+<12 hexadecimal digits over the sources of the deciding rooms>`."""
    digest = hashlib.sha256()
    for room in DECIDING:
        for file in sorted((ROOT / room).rglob("*.py")):
            digest.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return f"{version('andon-engine')}+{digest.hexdigest()[:12]}"
