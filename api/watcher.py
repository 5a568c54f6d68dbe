"""One watcher per process: it sees that incidents moved, and tells every open stream.

What belongs here: the poll over heads, subscribers, server-sent events. What never does: content;
a stream carries a version, and who hears of a new one asks for what it may see.

State is compared, not passed on: a subscriber knows the version it told last, the watcher the one
it saw last. So nothing is lost between a page and its stream, or while a poll fails.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from domain.errors import AndonError, TooMany
from services import boards
from services.house import House

BOARD: Final = ""
"""Subscribers to all incidents together."""

EVERY_S: Final = 0.1
AFTER_FAILURE_S: Final = 1.0
STILL_HERE_S: Final = 15.0
LASTS_S: Final = 300.0
"""A stream ends after some five minutes, and the browser comes again: who may see is asked anew."""

COMES_AGAIN_MS: Final = 500
STREAMS: Final = 1000
STREAMS_PER_PERSON: Final = 24

log = logging.getLogger("andon.api")


@dataclass(eq=False)
class Subscriber:
    """One open stream: what it is about, whose, and the version it told last."""

    about: str
    person: str
    told: int
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Watcher:
    """Polls while somebody listens; `run` is one task for the life of the process."""

    def __init__(self, house: House) -> None:
        """Keep where to look."""
        self._house = house
        self._cursor: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._subscribers: set[Subscriber] = set()
        self._somebody = asyncio.Event()
        self._heard_at = 0.0

    @property
    def is_hearing(self) -> bool:
        """Say whether the database answered lately; a silent stream must not look alive."""
        return time.monotonic() - self._heard_at < STILL_HERE_S

    def require_room(self, person: str) -> None:
        """Refuse more streams than one process carries. Raises TooMany."""
        mine = sum(each.person == person for each in self._subscribers)
        if mine >= STREAMS_PER_PERSON or len(self._subscribers) >= STREAMS:
            raise TooMany("Too many pages are open.", "Close some, or wait until others close.")

    @contextmanager
    def subscribed(self, about: str, person: str, told: int) -> Iterator[Subscriber]:
        """Listen to one incident, or to the board."""
        subscriber = Subscriber(about, person, told)
        self._subscribers.add(subscriber)
        self._somebody.set()
        self._wake(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    async def next_version(self, subscriber: Subscriber, within_s: float) -> int | None:
        """Wait for a version that was not told yet; None when none came in time."""
        try:
            async with asyncio.timeout(within_s):
                await subscriber.moved.wait()
        except TimeoutError:
            return None
        subscriber.moved.clear()
        subscriber.told = self._seen[subscriber.about]
        return subscriber.told

    async def run(self) -> None:
        """Look every 100 ms while somebody listens; a failing database is told once and retried."""
        failing = False
        while True:
            if not self._subscribers:
                self._somebody.clear()
                await self._somebody.wait()
            try:
                await self._look()
            except AndonError as error:
                if not failing:
                    log.warning("the watcher cannot look: %s", error)
                failing = True
                await asyncio.sleep(AFTER_FAILURE_S)
            else:
                failing = False
                await asyncio.sleep(EVERY_S)

    async def _look(self) -> None:
        heads = await asyncio.to_thread(boards.heads_since, self._house, dict(self._cursor))
        if heads or BOARD not in self._seen:
            self._seen[BOARD] = await asyncio.to_thread(boards.board_version, self._house)
        for head in heads:
            self._seen[head.stream] = head.version
            if head.is_open:
                self._cursor[head.stream] = head.version
            else:
                self._cursor.pop(head.stream, None)
        self._heard_at = time.monotonic()
        for subscriber in self._subscribers:
            self._wake(subscriber)

    def _wake(self, subscriber: Subscriber) -> None:
        if self._seen.get(subscriber.about, 0) > subscriber.told:
            subscriber.moved.set()


async def events(
    watcher: Watcher, subscriber: Subscriber, lasts_s: float = LASTS_S
) -> AsyncIterator[str]:
    """Give the text of a stream: the version now, each new one, and a sign of life between."""
    ends_at = time.monotonic() + lasts_s * random.uniform(0.9, 1.1)  # noqa: S311 - spreads returns
    yield f"retry: {COMES_AGAIN_MS}\n{_event(subscriber.told)}"
    while (left_s := ends_at - time.monotonic()) > 0:
        version = await watcher.next_version(subscriber, min(left_s, STILL_HERE_S))
        if version is not None:
            yield _event(version)
        elif watcher.is_hearing:
            yield ": still here\n\n"


def _event(version: int) -> str:
    return f"id: {version}\nevent: version\ndata: {version}\n\n"
