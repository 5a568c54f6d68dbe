"""Figures: names, percentiles, and how a run is written down.

What belongs here: arithmetic over measured times, the table, the file. What never does: a
measurement, or a target that a run could fail: `make bench` reports, it does not judge.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

Figures = dict[str, float]
"""Name → number; units stand at the end of the name, and bench/README.md explains each."""

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"


def percentile(times: Sequence[float], percent: int) -> float:
    """Give the smallest of the times that `percent` of them do not exceed (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def seconds(name: str, times: Sequence[float]) -> Figures:
    """Give `<name>_p50_s` and `<name>_p95_s` of some times in seconds."""
    return {f"{name}_p{p}_s": round(percentile(times, p), 4) for p in (50, 95)}


def milliseconds(name: str, times: Sequence[float]) -> Figures:
    """Give `<name>_p50_ms` and `<name>_p95_ms` of some times in seconds."""
    return {f"{name}_p{p}_ms": round(1000 * percentile(times, p), 1) for p in (50, 95)}


def ratio(above: float, below: float) -> float:
    """Give how many times `below` fits into `above`."""
    return round(above / below, 2)


def keep(figures: Mapping[str, float], path: Path = RESULTS) -> None:
    """Write figures into the results; those of other subjects stay as they were."""
    before = json.loads(path.read_text()) if path.exists() else {}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**before, **figures}, indent=2, sort_keys=True) + "\n")


def table(figures: Mapping[str, float]) -> str:
    """Give figures as a table for people."""
    width = max(map(len, figures), default=0)
    return "\n".join(f"  {name:<{width}}  {value:>12,.10g}" for name, value in figures.items())
