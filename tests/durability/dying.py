"""Dying where one is told to: the points of a program, and the nursery that starts it again.

What belongs here: which point is died at, once each, and forking. What never does: what the points
of a program are (dying_worker.py, dying_api.py).
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

MOST_FALLS = 300


def dying_file(home: Path, program: str) -> Path:
    """Say where it stands how often a program dies: one number, every how many points; 0 never."""
    return home / f"{program}.dies"


def points_file(home: Path, program: str) -> Path:
    """Say where a program notes each point it comes to: `died` or `passed`, and its name."""
    return home / f"{program}.points"


@dataclass
class Deaths:
    """The points of one program of a home; each is died at once at most, and passed after that.

    The files outlive the process: what was written before a SIGKILL is in the page cache.
    """

    home: Path
    program: str
    seen: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Read what earlier lives wrote."""
        file = points_file(self.home, self.program)
        for line in file.read_text().splitlines() if file.exists() else ():
            self.seen.add(line.partition(" ")[2])

    def at(self, point: str) -> None:
        """Note a point; die there when its turn has come."""
        with self.lock:
            if point in self.seen:
                return
            self.seen.add(point)
            every = self._every()
            turn = bool(every) and len(self.seen) % every == 0
            with points_file(self.home, self.program).open("a") as file:
                file.write(f"{'died' if turn else 'passed'} {point}\n")
            if turn:
                os.kill(os.getpid(), signal.SIGKILL)

    def _every(self) -> int:
        file = dying_file(self.home, self.program)
        return int(file.read_text()) if file.exists() else 0


def die_every(home: Path, program: str, points: int) -> None:
    """Let a program die at each `points`-th point it comes to from now on; 0: never."""
    fresh = dying_file(home, program).with_suffix(".new")
    fresh.write_text(str(points))
    fresh.replace(dying_file(home, program))


def points_of(home: Path, program: str) -> dict[str, int]:
    """Count the points of a program that it died at, by kind."""
    found: dict[str, int] = {}
    file = points_file(home, program)
    for line in file.read_text().splitlines() if file.exists() else ():
        verb, _, point = line.partition(" ")
        if verb == "died":
            kind = "died at " + " ".join(point.split(":")[:2])
            found[kind] = found.get(kind, 0) + 1
    return found
