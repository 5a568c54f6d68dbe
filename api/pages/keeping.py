"""What was drawn once and may be shown again: fragments by version, audience and language.

What belongs here: a small memory of one process. What never does: a decision who may see what; the
key says for whom a text was drawn.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar

from api.pages.frame import Visit
from domain.canonical import sha256_hex

T = TypeVar("T")
KEPT: Final = 400
"""Texts kept at once: some thirty readers of a busy incident with all its parts."""


class Kept:
    """A memory of the last values by key; the oldest is forgotten first."""

    def __init__(self, most: int = KEPT) -> None:
        """Begin with nothing."""
        self._most = most
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the value of a key, made once."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made


class Fragments:
    """Texts of live parts; two readers with the same roles and language still have their own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept = Kept()

    @staticmethod
    def tag(guest: Visit, version: int) -> str:
        """Name a fragment: version, who reads with which roles, language."""
        who = guest.who
        told = f"{guest.house.engine.url}|{who.id}|{who.actor.roles}|{guest.lens.words.language}"
        return f'"{version}-{sha256_hex(told.encode())[:16]}"'

    def kept(self, key: Hashable, make: Callable[[], str]) -> str:
        """Give a fragment, rendered once for its version, audience and language."""
        return self._kept.get(key, make)
