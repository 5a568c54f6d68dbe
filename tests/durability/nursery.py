"""A nursery: imports everything once and forks the programs that are to die, so that they begin at once.

What belongs here: forking. What never does: a program (dying_worker.py, dying_api.py). One line of
JSON in (which program, its arguments, its log), one line out: the process id. Whatever was forked
dies with the nursery, and the nursery with whoever started it.

    python -m tests.durability.nursery
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from cli.run_state import ON_LINUX
from services.build import build_id
from tests.durability.dying_api import serve
from tests.durability.dying_worker import work

PROGRAMS: dict[str, Callable[..., None]] = {"worker": work, "api": serve}


def main() -> None:
    """Fork what is asked for until the input ends."""
    build_id()  # worked out once, for all lives
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are gone at once
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(asked["program"], Path(asked["home"]), asked["arguments"], asked["log"])
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(program: str, home: Path, arguments: list[int], log: str) -> None:
    """Become the program; never returns."""
    if ON_LINUX:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    PROGRAMS[program](home, *arguments)
    os._exit(0)


if __name__ == "__main__":
    main()
