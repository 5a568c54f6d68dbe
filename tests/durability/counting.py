"""How often things die: a few times in `make test`, everywhere in `make prove`; and what came of it.

What belongs here: counts, seeds, and telling the stories of one proof to their end. What never
does: a kill, or an assertion about an incident (agreement.py).
"""

import asyncio
import os
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from tests.durability.agreement import Agreed, assert_agreement, cases_of
from tests.durability.site import Running
from tests.durability.story import tell
from tests.figures import FULL, note

N = TypeVar("N")
FIXED_SEED = 20_261_122


def at_counts(reduced: N, full: N) -> N:
    """Choose by how the proofs are run."""
    return full if FULL else reduced


def seeds() -> list[int]:
    """Give a seed that is always the same, and the one that `make prove` drew, where there is one."""
    drawn = os.environ.get("ANDON_PROVE_SEED")
    return [FIXED_SEED, int(drawn)] if drawn else [FIXED_SEED]


async def tell_while(site: Running, striking: Coroutine[Any, Any, None], at_once: int) -> list[str]:
    """Tell stories one after the other, so many at a time, until the striking ends; then the rest.

    Gives the incidents, all of them told to their end.
    """
    told: list[str] = []

    async def teller(number: int, ended: asyncio.Task[None]) -> None:
        chapter = 0
        while not chapter or not ended.done():
            chapter += 1
            told.append(await tell(site, f"t{number}.{chapter}"))

    async with asyncio.TaskGroup() as group:
        ended = group.create_task(striking)
        for number in range(at_once):
            group.create_task(teller(number, ended))
    return told


async def assert_all_agree(
    site: Running, incidents: list[str], what: str, killed: Mapping[str, int], remark: str = ""
) -> None:
    """Hold every incident against its ledger, and note what was counted."""
    agreed = Agreed()
    for incident in incidents:
        for stream in (incident, *cases_of(site, incident)):
            agreed.add(await assert_agreement(site, stream))
    repeats = site.sink.repeats()
    note(what, {**asdict(agreed), "orders_repeated": repeats, **killed}, remark)
