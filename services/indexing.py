"""Keeping the index of the search: what was recorded since is read, cut into terms, and kept.

What belongs here: one round, and making everything anew. What never does: the transaction that
records an entry: the index comes after it, and a search looks at what it lacks by itself.
"""

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from domain.errors import AndonError, Malformed, NotWhole
from domain.ledger import read_entry
from services import search_terms
from services.house import House
from storage import search, streams
from storage.search import Reached, block_of

ROUND: Final = 2000
"""Entries of one round: some seconds of work at most, then others have their turn."""

AT_ONCE: Final = 200
_CHANCE: Final = random.SystemRandom()
"""Our own: whoever else draws in this process is not disturbed."""

EVERY_S: Final = 10.0
AFTER_FAILURE_S: Final = 60.0

log = logging.getLogger("andon.search")


def index_more(house: House, most: int = ROUND, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Index entries that were recorded since, the oldest ledger first; give how many.

    It ends early, between two parts, where `goes_on` says no: what is missing comes next time.
    """
    known, done = search.reached(house.bulk), 0
    old = [one.id for one in known.values() if one.made_by != search_terms.MADE_BY]
    if old:
        search.forget(house.bulk, old)
        known = {name: one for name, one in known.items() if one.id not in set(old)}
    for stream, size in search.sizes(house.engine).items():
        about = known.get(stream)
        if about is not None and about.size >= size:
            continue
        about = about or search.number_for(house.bulk, stream, search_terms.MADE_BY)
        done += _index_up_to(house, about, min(size, about.size + most - done), goes_on)
        if done >= most or not goes_on():
            break
    return done


def _index_up_to(house: House, about: Reached, size: int, goes_on: Callable[[], bool]) -> int:
    """Index one ledger up to a number; one that cannot be read is left for whoever verifies it."""
    done = 0
    try:
        while about.size < size and goes_on():
            last = min(size, about.size + AT_ONCE)
            done += last - about.size
            about = _index(house, about, last)
    except NotWhole as error:
        log.warning("the search does not find all of %s: %s", about.stream, error)
    return done


def _index(house: House, about: Reached, last: int) -> Reached:
    """Index the entries of one ledger up to a number; what cannot be read has no terms."""
    terms: dict[int, set[str]] = {}
    for content in streams.read_contents(house.engine, about.stream, about.size + 1, last):
        with suppress(Malformed):
            entry = read_entry(content)
            terms.setdefault(block_of(entry.seq), set()).update(search_terms.terms_of(entry))
    search.keep(house.bulk, about, terms, last)
    return Reached(id=about.id, stream=about.stream, size=last, made_by=about.made_by)


def rebuild(house: House) -> int:
    """Throw the index away and make it anew; give how many entries there are in it."""
    search.forget(house.bulk)
    done = 0
    while part := index_more(house):
        done += part
    return done


async def _round(house: House) -> int:
    """Do one round in a thread; whoever ends the process waits for it, and it ends early."""
    over = threading.Event()
    work = asyncio.create_task(
        asyncio.to_thread(index_more, house, goes_on=lambda: not over.is_set())
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        over.set()
        with suppress(AndonError):
            await work
        raise


async def keep_index(house: House, wait: Callable[[], float] | None = None) -> None:
    """Index what comes, for as long as the process lives; a failing database is tried later.

    Several processes may do so at once: the same rows are sent twice, and pass.
    """
    pause = wait or (lambda: EVERY_S * _CHANCE.uniform(0.5, 1.5))
    while True:
        await asyncio.sleep(pause())
        try:
            more = 1
            while more:
                more = await _round(house)
        except AndonError as error:
            log.warning("the index of the search is kept later: %s", error)
            await asyncio.sleep(AFTER_FAILURE_S)
