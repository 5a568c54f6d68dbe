"""Walking long incidents ahead for as long as a process lives, so that nobody waits to replay one.

What belongs here: when it is done. What never does: which incidents (services/moments.py), or how a
walk is written down (services/stretches.py).
"""

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from domain.errors import AndonError
from services.house import House
from services.moments import walk_long_ones

EVERY_S: Final = 60.0
_CHANCE: Final = random.SystemRandom()
"""Our own: whoever else draws in this process is not disturbed."""

log = logging.getLogger("andon.replay")


async def keep_walking(house: House, wait: Callable[[], float] | None = None) -> None:
    """Walk at once, then every minute or so; a failing database is tried again at the next round.

    Several processes may do so at once: what they write down is the same, byte for byte.
    """
    pause = wait or (lambda: EVERY_S * _CHANCE.uniform(0.5, 1.5))
    while True:
        try:
            await _round(house)
        except AndonError as error:
            log.warning("long incidents are walked later: %s", error)
        await asyncio.sleep(pause())


async def _round(house: House) -> None:
    """Do one round in a thread; whoever ends the process waits for it, and it ends early."""
    over = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(walk_long_ones, house, over.is_set))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        over.set()
        with suppress(AndonError):
            await work
        raise
