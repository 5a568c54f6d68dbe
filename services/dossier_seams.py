"""Members of a dossier that other modules make, each behind one function.

What belongs here: the way to the viewer, to the verifier's text and to the opened histories. What
never does: a member of our own making (services/dossier.py).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from temporalio.client import WorkflowHistory

from domain.state import Incident
from services.house import House

History = tuple[dict[str, Any], bytes]
"""A history's row in the index, and the bytes of its member."""

Histories = Callable[[House, str, Collection[str]], Iterator[History]]
"""Gives the histories of a stream, opened; `rules` are the hashes of those that stand beside."""

Altered = Callable[[WorkflowHistory], WorkflowHistory]

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "dossier"


def viewer_members(
    about: Mapping[str, Any], entries: Iterable[bytes], states: Iterable[Any]
) -> Iterator[tuple[str, bytes]]:
    """Give the offline viewer: index.html, then what it loads."""
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Dossier</title>\n'
        '<p><a href="timeline.html">Timeline</a> · <a href="ledger.jsonl">Ledger</a> · '
        '<a href="README.txt">README</a></p>\n</html>\n'
    )
    yield "index.html", page.encode()
    yield "viewer/entries.js", b""


def told_after_each(
    empty: Incident, leaves: Iterable[bytes], tell: Callable[[Any], str]
) -> Iterator[Any]:
    """Say after each entry what it changed."""
    yield from ()


def verifier() -> bytes | None:
    """Give the text of the small verifier; None where there is none."""
    file = TEMPLATES / "verify.py"
    return file.read_bytes() if file.exists() else None


async def _opened(
    house: House, stream: str, rules: Collection[str], altered: Altered
) -> AsyncIterator[History]:
    """Give every history of a stream's family: its row in the index, and its member's bytes."""
    none: list[History] = []
    for one in none:
        yield one


def archived(house: House, stream: str, rules: Collection[str]) -> Iterator[History]:
    """Give the histories that the archive has, opened; nothing is asked of a server."""
    without = replace(house, client=None)
    with asyncio.Runner() as runner:
        histories = _opened(without, stream, rules, _as_it_is)
        while (one := runner.run(_next(histories))) is not None:
            yield one


@dataclass(frozen=True)
class Living:
    """Gives histories of a server that still runs, by the loop that its client lives in.

    Called in another thread than the loop's. `altered` puts right what the server lost.
    """

    loop: asyncio.AbstractEventLoop
    altered: Altered

    def __call__(self, house: House, stream: str, rules: Collection[str]) -> Iterator[History]:
        """Give them one after the other."""
        histories = _opened(house, stream, rules, self.altered)
        while (one := self._wait_for(histories)) is not None:
            yield one

    def _wait_for(self, histories: AsyncIterator[History]) -> History | None:
        return asyncio.run_coroutine_threadsafe(_next(histories), self.loop).result()


async def _next(histories: AsyncIterator[History]) -> History | None:
    return await anext(histories, None)


def _as_it_is(history: WorkflowHistory) -> WorkflowHistory:
    return history
