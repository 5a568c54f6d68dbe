"""Killing at moments nobody chose: at random, from a printed seed, or in the middle of a write.

What belongs here: when a process is killed. What never does: what it was doing, or starting again.
"""

import asyncio
import ctypes
import os
import random
import select
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.durability.processes import Program

MODIFIED = 0x2
"""inotify(7), IN_MODIFY: a write(2) to a file, before it is on any disk."""


@dataclass
class Killer:
    """Strikes programs at random moments, all of a turn at once; the same seed strikes alike."""

    programs: Sequence[Program]
    seed: int
    least_s: float
    most_s: float

    async def strike(self, count: int) -> None:
        """Strike so many times."""
        chance = random.Random(self.seed)
        for _ in range(count):
            await asyncio.sleep(chance.uniform(self.least_s, self.most_s))
            for program in self.programs:
                program.strike()


@dataclass
class WriteKiller:
    """Strikes programs while a file is written: at a random burst of writes after the last strike.

    The strike comes from a thread of its own, a fraction of a millisecond after the write it waited
    for: before the burst is on the disk, and before anybody was told that it is.
    """

    programs: Sequence[Program]
    file: Path
    seed: int
    most_writes: int
    strikes: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    async def strike(self, count: int) -> None:
        """Strike so many times."""
        thread = threading.Thread(target=self._watch, args=(count,), daemon=True)
        thread.start()
        try:
            while thread.is_alive():  # noqa: ASYNC110 - a thread's end
                await asyncio.sleep(0.05)
        finally:
            self.stop.set()
            thread.join(5)

    def _watch(self, count: int) -> None:
        chance = random.Random(self.seed)
        for _ in range(count):
            wait = chance.randint(1, self.most_writes)
            if not self._await_writes(wait):
                return
            for program in self.programs:
                program.strike()
            self.strikes += 1

    def _await_writes(self, count: int) -> bool:
        """Wait for so many writes; False when told to stop."""
        libc = ctypes.CDLL(None, use_errno=True)
        watch = libc.inotify_init1(os.O_NONBLOCK)
        libc.inotify_add_watch(watch, os.fsencode(self.file.parent), MODIFIED)
        try:
            while count > 0 and not self.stop.is_set():
                if select.select([watch], [], [], 0.1)[0]:
                    count -= self.file.name in _named(os.read(watch, 65_536))
            return count <= 0
        finally:
            os.close(watch)


def _named(events: bytes) -> list[str]:
    """Give the file of each event: inotify(7) writes a head of 16 bytes and a padded name."""
    names, at = [], 0
    while at < len(events):
        _, _, _, length = struct.unpack_from("iIII", events, at)
        names.append(events[at + 16 : at + 16 + length].rstrip(b"\0").decode())
        at += 16 + length
    return names
