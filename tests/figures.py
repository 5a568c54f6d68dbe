"""What proofs counted, on its way to the page that `make prove` writes.

What belongs here: noting a line of figures, reading them back summed up. What never does: a page
(tests/prove.py), or a figure that nobody counted.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / ".cache" / "proofs" / "figures.jsonl"
FULL = bool(os.environ.get("ANDON_PROVE"))
"""Whether proofs run at full counts; figures are kept only then."""


def note(what: str, figures: Mapping[str, int], remark: str = "") -> None:
    """Note what a proof counted; a remark stands beside it, such as the seed that repeats it.

    Processes may note at once: one short write to the end of a file is whole.
    """
    if not FULL:
        return
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"what": what, "figures": dict(figures), "remark": remark}) + "\n")


def forget() -> None:
    """Begin anew."""
    FILE.unlink(missing_ok=True)


def summed() -> dict[str, tuple[dict[str, int], list[str]]]:
    """Give, for each thing that was proved, its figures summed up, and the remarks."""
    found: dict[str, tuple[dict[str, int], list[str]]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
        told = json.loads(line)
        figures, remarks = found.setdefault(told["what"], ({}, []))
        for name, count in told["figures"].items():
            figures[name] = figures.get(name, 0) + count
        remarks += [told["remark"]] if told["remark"] else []
    return found
