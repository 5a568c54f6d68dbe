"""Keeping the house's own schedules in place.

What belongs here: creating what is missing when a worker starts, and a round out of turn. What
never does: what a round does (workflows/schedules.py).
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
from temporalio.service import RPCError

from activities.archive import ROUND
from domain.errors import BrokenSetup
from services.opening import open_house
from services.settings import Settings
from workflows.ids import TASK_QUEUE
from workflows.schedules import ROUNDS, WITHOUT_A_GAP


async def keep_rounds(client: Client) -> None:
    """Create every schedule that is not there; one that is there is left as it is.

    Rounds without a gap start now: what they do may be new to this worker, such as a mail server
    that is named now.
    """
    for name, (round_workflow, every) in ROUNDS.items():
        schedule = Schedule(
            action=ScheduleActionStartWorkflow(
                round_workflow,
                id=f"{ROUND}{name}",
                task_queue=TASK_QUEUE,
            ),
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
            policy=SchedulePolicy(overlap=_overlap(name)),
        )
        with suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(name, schedule)
        if name in WITHOUT_A_GAP:
            handle = client.get_schedule_handle(name)
            await handle.trigger(overlap=ScheduleOverlapPolicy.SKIP)


def _overlap(name: str) -> ScheduleOverlapPolicy:
    """Say what becomes of a round whose time comes while the last one goes on."""
    if name in WITHOUT_A_GAP:
        return ScheduleOverlapPolicy.BUFFER_ONE
    return ScheduleOverlapPolicy.SKIP


async def round_now(settings: Settings, name: str) -> bool:
    """Let a round start now; False where nobody is there to start it, and its turn comes later."""
    try:
        async with open_house(settings, identity="terminal") as house:
            await start_round(house.temporal, name)
    except (BrokenSetup, RPCError):
        return False
    return True


async def start_round(client: Client, name: str) -> None:
    """Start a round out of turn; after the one that is under way, which may know no news."""
    handle = client.get_schedule_handle(name)
    await handle.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)
