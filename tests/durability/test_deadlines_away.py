"""Deadlines pass while no worker runs; it is killed again while it catches up: still once each."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.state import Incident
from tests.durability.agreement import assert_tree, eventually, ledger_states
from tests.durability.arrivals import assert_arrived
from tests.durability.counting import at_counts
from tests.durability.dying import die_every, points_of
from tests.durability.processes import Nursery
from tests.durability.site import Running, now, open_site
from tests.durability.story import AGENT, Telling
from tests.engine.passing import assert_told_once
from tests.figures import note

PEOPLE = 4
OURS = timedelta(hours=24)
"""Where the law of Great Britain says "without delay": our own time, at a critical grade."""

LEFT_S = at_counts(6, 10)
"""Seconds until the first of the deadlines, when the last person is registered."""

DIES_EVERY = at_counts(2, 1)


@pytest.mark.slow
@pytest.mark.timeout(at_counts(400, 1700))
def test_what_passed_without_a_worker_counts_once_however_often_it_dies_again(
    tmp_path: Path, nursery: Nursery
) -> None:
    asyncio.run(prove(tmp_path / "home", nursery))


async def prove(home: Path, nursery: Nursery) -> None:
    """Let deadlines pass without a worker, then let one catch up that dies at many points."""
    async with open_site(home, nursery) as site:
        telling = Telling(site, "away")
        await telling.reports()
        await register(telling)
        state = await telling.until("due times", all_dated)
        mine = {duty.id: duty.due_at for duty in state.notice.duties.values() if is_ours(duty.rule)}
        assert not any(duty.overdue_at for duty in state.notice.duties.values() if duty.id in mine)
        await let_them_pass(site, max(at for at in mine.values() if at))
        await telling.until("all recorded", lambda now: all_overdue(now, mine))
        die_every(home, "worker", 0)
        keys = await arrived(site, telling.incident)
        assert_told_once(site.database, telling.incident, mine)
        died = points_of(home, "worker")
        assert died, "nobody died: nothing is proved"
        note("deadlines pass without a worker", {"duties": len(mine), "keys": keys, **died})


async def arrived(site: Running, incident: str) -> int:
    """Wait until exactly what the ledger owes has arrived; the incident itself goes on."""
    found: list[int] = []

    async def check() -> None:
        found.append(assert_arrived(site, incident, ledger_states(site, incident)))

    await eventually(check)
    assert_tree(site, incident)
    return found[-1]


async def register(telling: Telling) -> None:
    """Register people whose deadlines follow one another, the last of them first."""
    first = now() - OURS + timedelta(seconds=LEFT_S)
    for number in reversed(range(PEOPLE)):
        await telling.does(
            AGENT,
            "register_case",
            outcomes=["life_threatening"],
            awareness_at=(first + timedelta(milliseconds=300 * number)).isoformat(),
            country="GB",
            product="cream",
        )


def is_ours(rule: str) -> bool:
    return rule == "UK-23-SUE"


def all_dated(state: Incident) -> bool:
    found = [duty for duty in state.notice.duties.values() if is_ours(duty.rule)]
    return len(found) == PEOPLE and all(duty.due_at for duty in found)


def all_overdue(state: Incident, mine: Collection[str]) -> bool:
    return all(state.notice.duties[name].overdue_at for name in mine)


async def let_them_pass(site: Running, last: datetime) -> None:
    """Take the worker away until every deadline is over; then give one that dies again and again."""
    worker = site.programs.pop("worker")
    worker.strike()
    await worker.gone()
    await asyncio.sleep((last - now()).total_seconds() + 1)
    die_every(site.home, "worker", DIES_EVERY)
    site.programs["worker"] = worker
