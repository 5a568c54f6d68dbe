"""Programs are killed at moments nobody chose, alone and all together; every story ends.

Moments come from a seed, which stands in the test's name; ANDON_PROVE_SEED repeats it. At full
counts each program dies more than a hundred times.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.counting import assert_all_agree, at_counts, seeds, tell_while
from tests.durability.killing import Killer, WriteKiller
from tests.durability.processes import Nursery
from tests.durability.site import Running, open_site

Killers = dict[str, Callable[[Running, int], Killer | WriteKiller]]


def at_random(*names: str, pause: tuple[float, float]) -> Callable[[Running, int], Killer]:
    """Strike some programs together, so long after the last strike."""
    return lambda site, seed: Killer([site.programs[name] for name in names], seed, *pause)


def during_writes(file: str, *names: str, most: int) -> Callable[[Running, int], WriteKiller]:
    """Strike some programs while a file of the home is written, after so many writes at most."""
    return lambda site, seed: WriteKiller(
        [site.programs[name] for name in names], site.home / file, seed, most
    )


KILLERS: Killers = {
    "worker": at_random("worker", pause=(0.2, 2.0)),
    "api": at_random("api", pause=(0.2, 2.0)),
    "temporal": at_random("temporal", pause=(0.5, 5.0)),
    "all-together": at_random("temporal", "worker", "api", pause=(0.5, 6.0)),
    "server-writes": during_writes("temporal.db-wal", "temporal", most=120),
    "ledger-writes": during_writes("andon.db-wal", "worker", "api", most=25),
}
STRIKES = at_counts(1, 60)
"""How often each killer strikes for one seed."""

AT_ONCE = at_counts(1, 3)
TOGETHER = "each in turn"


@pytest.mark.slow
@pytest.mark.timeout(at_counts(400, 1700))
@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("killers", at_counts([TOGETHER], list(KILLERS)))
def test_killed_at_any_moment_nothing_is_lost_and_nothing_counts_twice(
    killers: str, seed: int, tmp_path: Path, nursery: Nursery
) -> None:
    asyncio.run(prove(tmp_path / "home", nursery, killers, seed))


async def prove(home: Path, nursery: Nursery, killers: str, seed: int) -> None:
    """Tell stories while killers strike, and hold each against its ledger."""
    chosen = list(KILLERS) if killers == TOGETHER else [killers]
    async with open_site(home, nursery) as site:
        site.patience_s = at_counts(300.0, 600.0)

        async def striking() -> None:
            for name in chosen:
                await KILLERS[name](site, seed).strike(STRIKES)

        incidents = await tell_while(site, striking(), AT_ONCE)
        killed = {f"killed {name}": program.strikes for name, program in site.programs.items()}
        assert sum(killed.values()) >= STRIKES
        what = f"killed at random: {killers.replace('-', ' ')}"
        await assert_all_agree(site, incidents, what, killed, f"seed {seed}")
