"""The house's own rounds, which schedules start."""

from tests.replay.scene import Scene
from tests.replay.taking import Story
from workflows.ids import TASK_QUEUE
from workflows.schedules import ROUNDS


async def rounds(on: Scene) -> Story:
    """One round of each."""
    for name, (kind, _every) in ROUNDS.items():
        await on.house.temporal.execute_workflow(kind, id=name, task_queue=TASK_QUEUE)
    return Story((), tuple(ROUNDS))
