"""Every drill is proved entry by entry: fold == stored state == replayed history.

The state of a workflow that goes on is held too; the last run of most drills has ended.
"""

import asyncio
import json
from functools import partial
from pathlib import Path
from time import perf_counter

import pytest

from cli.drill import demo_cases, read_case
from services.company import read_rules
from services.drill_clock import skipped_time
from services.drilling import play
from services.histories import own_members
from services.history_bundle import LIVE
from services.history_proving import Proof, prove
from services.simulating import ready, server_binary, with_build
from storage.streams import read_contents
from tests import figures

SHORTEST = "rumour"
CASES = [
    pytest.param(path, id=path.stem, marks=pytest.mark.slow)
    for path in demo_cases()
    if figures.FULL or path.stem == SHORTEST
]


@pytest.mark.parametrize("path", CASES)
def test_a_drill_is_proved_after_every_entry(path: Path) -> None:
    proof, size, held = asyncio.run(drilled(path))
    assert proof.faults == []
    assert proof.proved == proof.entries == size
    assert sum(run.compared for run in proof.runs) == size
    assert "stored" in held
    figures.note(
        "drills proved entry by entry",
        {"drills": 1, "entries": size, "runs": len(proof.runs)},
    )


async def drilled(path: Path) -> tuple[Proof, int, set[str]]:
    """Play a case and prove its record; say how many entries it has, and what states were held."""
    case, rules = read_case(path), read_rules()
    async with (
        skipped_time(server_binary()) as env,
        ready(env, case, rules, perf_counter) as (drill, began_at),
    ):
        await play(drill, began_at)
        house, incident = drill.house, drill.played.incident
        leaves = read_contents(house.engine, incident)
        build = json.loads(leaves[0])["build"]
        members = await own_members(house, incident, partial(with_build, build=build))
        proof = await asyncio.to_thread(prove, members)
        return proof, len(leaves), set(json.loads(members[LIVE]))
