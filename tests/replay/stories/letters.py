"""The round of letters to the team, which came after the other rounds were recorded."""

from tests.replay.scene import Scene
from tests.replay.taking import Story
from workflows.ids import TASK_QUEUE


async def letters(on: Scene) -> Story:
    """One round, in a house that shows its letters."""
    await on.house.temporal.execute_workflow("Letters", id="letters", task_queue=TASK_QUEUE)
    return Story((), ("letters",))
