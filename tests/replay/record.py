"""`make record`: writes what is compared here. Run on purpose, never by a test.

    make record ARGS="stories"              tells every story anew, for the release of this checkout
    make record ARGS="stories rumour edges" only these
    make record ARGS="commands"             writes anew what workflows ask for, from the recordings
    make record ARGS="states"               folds the recorded ledgers anew
    make record ARGS="dossier"              drills a case and keeps its dossier for this release
    make record ARGS="messages"             takes new messages and fields into messages.txt
    make record ARGS="messages --on-purpose"  also what breaks the rule: before anything was released

Only the release of this checkout is ever recorded; what earlier releases recorded stays. `commands`
and `states` change files of all releases: the difference is read in the review.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cli.drill import demo_cases, quiet_errors, read_case
from services.build import build_id
from services.company import read_rules
from services.drill_clock import skipped_time
from services.drilling import play
from services.simulating import ready, server_binary
from storage.incidents import incident
from tests.replay import dossiers
from tests.replay.corpus import ROOT, Golden, Taken, goldens, is_out, write, write_states
from tests.replay.leading import lead_all, text_of
from tests.replay.messages import (
    HEADING,
    PUBLISHED,
    differences,
    read_text,
    todays,
    write_text,
)
from tests.replay.scene import scene
from tests.replay.stories import TOLD, Told
from tests.replay.taking import Story, take
from workflows.ids import incident_workflow

RELEASE = version("andon-engine")
Tell = Callable[[], Awaitable[Taken]]


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; 0 when it was done, 1 when it was refused."""
    parser = argparse.ArgumentParser(
        prog="make record", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["stories", "commands", "states", "messages", "dossier"])
    parser.add_argument("names", nargs="*", help="stories; none: all")
    parser.add_argument("--on-purpose", action="store_true", help="also what breaks the rule")
    asked = parser.parse_args(arguments)
    if asked.what == "stories":
        return asyncio.run(_stories(asked.names))
    if asked.what == "messages":
        return _messages(on_purpose=asked.on_purpose)
    if asked.what == "dossier":
        return _dossier()
    for golden in goldens():
        if asked.what == "commands":
            asyncio.run(_commands(golden))
        else:
            write_states(golden)
    return 0


def _messages(*, on_purpose: bool) -> int:
    now = todays()
    published = read_text(PUBLISHED.read_text(encoding="utf-8")) if PUBLISHED.exists() else now
    found = differences(published, now)
    refused = [each.sentence for each in found if not each.safe]
    for each in found:
        sys.stdout.write(f"{'safe' if each.safe else 'NOT SAFE'}: {each.sentence}\n")
    if refused and not on_purpose:
        sys.stdout.write("Nothing was written: what was published never changes its meaning.\n")
        return 1
    PUBLISHED.write_text(f"{HEADING}\n{write_text(now)}", encoding="utf-8")
    return 0


def _dossier() -> int:
    if is_out(RELEASE):
        return _refused()
    sys.stdout.write(f"{dossiers.make(RELEASE)}\n")
    return 0


def _refused() -> int:
    sys.stdout.write(
        f"{RELEASE} is out, or CHANGELOG.md does not say that it is unreleased: what a release "
        "recorded is never touched. Set the next version in pyproject.toml first.\n"
    )
    return 1


async def _stories(names: Sequence[str]) -> int:
    if is_out(RELEASE):
        return _refused()
    # Some stories are about channels that fail: their traces tell nothing.
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    stories = all_stories()
    unknown = set(names) - set(stories)
    if unknown:
        known = ", ".join(stories)
        sys.stdout.write(f"No story is called {', '.join(sorted(unknown))}. There are: {known}.\n")
        return 2
    for name in names or stories:
        words, tell = stories[name]
        sys.stdout.write(f"{name}: {words}\n")
        golden = write(ROOT / RELEASE / name, await tell(), _about(words))
        await _commands(golden)
    return 0


def _about(words: str) -> dict[str, str]:
    return {
        "about": words,
        "release": RELEASE,
        "recorded_on": datetime.now(UTC).date().isoformat(),
        "build": build_id(),
        "sdk": f"temporalio {version('temporalio')}",
    }


async def _commands(golden: Golden) -> None:
    text = text_of(golden, await lead_all(golden))
    (golden.folder / "commands.txt").write_text(text, encoding="utf-8")


def all_stories() -> dict[str, tuple[str, Tell]]:
    """List the stories: a name, words, and how it is told."""
    drills = {path.stem: (read_case(path).title_en, partial(_drill, path)) for path in demo_cases()}
    told = {name: (_first_line(each.tell), partial(_told, each)) for name, each in TOLD.items()}
    return {**drills, **told}


def _first_line(tell: Callable[..., Any]) -> str:
    return (tell.__doc__ or "").splitlines()[0]


async def _drill(path: Path) -> Taken:
    """Play a demo drill on skipped time."""
    case, rules = read_case(path), read_rules()
    clock = asyncio.get_running_loop().time
    with quiet_errors():
        async with skipped_time(server_binary()) as env, ready(env, case, rules, clock) as drill:
            played = await play(*drill)
            house, name = drill[0].house, played.incident
            runs = incident(house.engine, name).run
            begun = tuple(incident_workflow(name, run) for run in range(1, runs + 1))
            return await take(house, Story((name,), begun), keeps_build=False)


async def _told(told: Told) -> Taken:
    """Tell a story on a real server."""
    async with scene(told.channels, *told.settings, gateways=told.gateways()) as on:
        return await take(on.house, await told.tell(on))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
