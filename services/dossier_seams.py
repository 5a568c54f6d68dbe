"""Members of a dossier that other modules make, each behind one function.

What belongs here: the way to the verifier's text and to the opened histories. What never does: a
member of our own making (services/dossier.py).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.histories import clear_histories
from services.house import House
from services.replaying_beside import Alter

History = tuple[dict[str, Any], bytes]
"""A history's row in the index, and the bytes of its member."""

Histories = Callable[[House, str, Collection[str]], Iterator[History]]
"""Gives the histories of a stream, opened; `rules` are the hashes of those that stand beside."""

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "dossier"


def verifier() -> bytes:
    """Give the text of the small verifier."""
    return (TEMPLATES / "verify.py").read_bytes()


def histories(house: House, stream: str, rules: Collection[str]) -> Iterator[History]:
    """Give the histories of a record's family, opened, one after the other.

    Who makes a dossier waits in a thread of its own: the loop that fetches runs there, and between
    two histories nothing is held.
    """
    with asyncio.Runner() as runner:
        opened = clear_histories(house, stream, rules)
        while (one := runner.run(_next(opened))) is not None:
            yield one


@dataclass(frozen=True)
class Living:
    """Gives those of a drill, by the loop that its own server is asked in; called in a thread.

    `altered` puts right what that server lost.
    """

    loop: asyncio.AbstractEventLoop
    altered: Alter

    def __call__(self, house: House, stream: str, rules: Collection[str]) -> Iterator[History]:
        """Give them one after the other."""
        opened = clear_histories(house, stream, rules, self.altered)
        while (one := self._waited_for(opened)) is not None:
            yield one

    def _waited_for(self, opened: AsyncIterator[History]) -> History | None:
        return asyncio.run_coroutine_threadsafe(_next(opened), self.loop).result()


async def _next(opened: AsyncIterator[History]) -> History | None:
    return await anext(opened, None)
