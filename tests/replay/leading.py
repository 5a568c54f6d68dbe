"""Leading today's workflows along recorded histories.

What belongs here: replaying a recorded run, and the text of what was asked for. What never does:
an assertion.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from temporalio.workflow import NondeterminismError

from services.replaying import Replayed, replay
from tests.replay.commands import Noted
from tests.replay.corpus import Golden, Run
from tests.replay.opened import corpus_ring, seal_history


@dataclass(frozen=True, slots=True)
class Led:
    """A recorded run, what its replay came to, what it asked for on the way, and any fault."""

    run: Run
    replayed: Replayed
    noted: Noted
    fault: str = ""


async def lead(golden: Golden, run: Run) -> Led:
    """Replay a recorded run; where today's code does otherwise, the replayer's words are kept."""
    ring, noted = corpus_ring(), Noted(run.workflow_id)
    history = await seal_history(run.workflow_id, run.events, ring, golden.rule_texts)
    try:
        return Led(run, await replay(history, ring, watch=noted), noted)
    except (NondeterminismError, RuntimeError) as error:
        faults = [line for line in noted.lines if "FAULT" in line]
        return Led(run, Replayed(), noted, faults[0] if faults else f"{error}"[:600])


async def lead_all(golden: Golden) -> list[Led]:
    """Replay all runs of a story."""
    return [await lead(golden, run) for run in golden.runs]


def text_of(golden: Golden, led: Iterable[Led]) -> str:
    """Write what all runs of a story asked for, and the limits under which activities run."""
    all_led = list(led)
    limits = sorted({line for each in all_led for line in each.noted.limits})
    about = golden.about
    head = [
        f"Story {golden.folder.name} of {about['release']}, recorded on {about['recorded_on']}.",
        "What today's workflows ask for along the recorded histories (tests/replay/commands.py).",
        "",
        "Activities and their limits",
        *(f"  {line}" for line in limits),
    ]
    runs = [line for each in all_led for line in ("", *_section(each))]
    return "\n".join([*head, *runs]) + "\n"


def _section(each: Led) -> list[str]:
    """Write what one run asked for."""
    return [f"{each.run.type} {each.run.workflow_id}", *(f"  {line}" for line in each.noted.lines)]
