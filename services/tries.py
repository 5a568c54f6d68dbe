"""How often somebody tried a door: counted in this process, so that whoever tries fills no log.

What belongs here: which try is written down, and as how many. What never does: what a door is, or
keeping it over a restart: then a try is written once more, never once too few.

Of one door, reason and network the first try of a minute is written, then the second, fifth, tenth,
twentieth and so on, each with how many there were in that minute. Of one door no more than so many
lines are written in an hour, from wherever they come; behind them only how many there were at all.
"""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

REMEMBERED: Final = 20_000
LINES_AN_HOUR: Final = 60
HOUR: Final = timedelta(hours=1)


def is_told(count: int) -> bool:
    """Say whether a count is one that is written: 1, 2, 5, 10, 20, 50, 100 and so on."""
    digits = str(count)
    return digits[0] in "125" and not digits[1:].strip("0")


@dataclass
class _Door:
    """One door: when its lines of the last hour were written, and the tries beyond them."""

    written: deque[datetime] = field(default_factory=deque)
    beyond: int = 0


@dataclass
class Tries:
    """Tries of this process by door, reason and network; a full house forgets the oldest."""

    _counted: OrderedDict[tuple[str, ...], int] = field(default_factory=OrderedDict)
    _doors: OrderedDict[str, _Door] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, door: str, why: str, network: str, now: datetime) -> tuple[int, str]:
        """Count a try; give how many to write and from which network, 0 where nothing is written.

        The network is '' where the line tells of all together.
        """
        with self._lock:
            count = self._count((door, why, network, now.isoformat(timespec="minutes")))
            kept = self._doors.setdefault(door, _Door())
            self._doors.move_to_end(door)
            while len(self._doors) > REMEMBERED:
                self._doors.popitem(last=False)
            # A clock that was set back must not keep a door silent for ever.
            while kept.written and not now - HOUR < kept.written[0] <= now:
                kept.written.popleft()
            if len(kept.written) < LINES_AN_HOUR:
                kept.beyond = 0
                if not is_told(count):
                    return 0, network
                kept.written.append(now)
                return count, network
            kept.beyond += 1
            return (kept.beyond, "") if is_told(kept.beyond) and kept.beyond > 1 else (0, "")

    def _count(self, key: tuple[str, ...]) -> int:
        self._counted[key] = self._counted.get(key, 0) + 1
        self._counted.move_to_end(key)
        while len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        return self._counted[key]
