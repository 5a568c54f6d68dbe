"""`python -m bench [names…]`: measure, print a table, write bench/results/latest.json.

What belongs here: which subjects there are, and running them one after the other. What never does:
a measurement.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from bench.cord import cord
from bench.correcting import correcting
from bench.crowding import crowding
from bench.deciding import deciding
from bench.drilling import drilling
from bench.duties import duties
from bench.figures import RESULTS, Figures, keep, table
from bench.folding import folding
from bench.halting import halting
from bench.proving import proving
from bench.replaying import replaying
from bench.stating import stating
from bench.throughput import throughput
from bench.verifying import verifying

SUBJECTS: dict[str, Callable[[], Coroutine[Any, Any, Figures]]] = {
    "cord": cord,
    "halting": halting,
    "deciding": deciding,
    "throughput": throughput,
    "folding": folding,
    "proving": proving,
    "replaying": replaying,
    "drilling": drilling,
    "stating": stating,
    "correcting": correcting,
    "crowding": crowding,
    "duties": duties,
    "verifying": verifying,
}
"""What can be measured, by name; each writes figures that bench/README.md explains."""


def main() -> int:
    """Run the subjects that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(SUBJECTS))
    names = parser.parse_args().names or list(SUBJECTS)
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}; there are {', '.join(SUBJECTS)}")
    for name in names:
        print(f"{name} ...", flush=True)
        # Each in the loop of what it measures: `andon drill` has uvloop's.
        run = uvloop.run if name == "drilling" else asyncio.run
        figures = run(SUBJECTS[name]())
        keep(figures)
        print(table(figures), flush=True)
    print(f"written to {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
