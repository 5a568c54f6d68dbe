"""Keeping the house's own schedules in place.

What belongs here: creating what is missing when a worker starts. What never does: what a round
does (workflows/schedules.py).
"""

from contextlib import suppress

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)

from workflows.ids import TASK_QUEUE
from workflows.schedules import ROUNDS


async def keep_rounds(client: Client) -> None:
    """Create every schedule that is not there; one that is there is left as it is."""
    for name, (round_workflow, every) in ROUNDS.items():
        schedule = Schedule(
            action=ScheduleActionStartWorkflow(
                round_workflow,
                id=f"round/{name}",
                task_queue=TASK_QUEUE,
            ),
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        )
        with suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(name, schedule)
