"""What was noted a moment ago, in this process: so that the same thing is noted once.

What belongs here: remembering keys for a while. What never does: what a key means, or keeping it
over a restart: then a thing is noted once more, never once too few.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

REMEMBERED: Final = 20_000


@dataclass
class Recent:
    """Keys with the instant at which each was noted; a full house forgets the oldest."""

    _noted: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_new(self, key: str, now: datetime, within: timedelta) -> bool:
        """Say whether a key was not noted for a while, and note it."""
        with self._lock:
            noted = self._noted.get(key)
            # A clock that was set back must not keep a key for ever.
            if noted is not None and noted <= now < noted + within:
                return False
            self._noted[key] = now
            self._noted.move_to_end(key)
            while len(self._noted) > REMEMBERED:
                self._noted.popitem(last=False)
            return True

    def forget(self, key: str) -> None:
        """Forget a key: what it stood for did not come about."""
        with self._lock:
            self._noted.pop(key, None)

    def forget_all(self) -> None:
        """Forget everything, as a restart does."""
        with self._lock:
            self._noted.clear()
