"""The house's own rounds: short workflows that schedules start.

What belongs here: which round does what, how often. What never does: a decision in an incident.
"""

from datetime import timedelta

from temporalio import workflow

from domain.envelope import Watched
from workflows import calls

SWEEP_EVERY = timedelta(minutes=1)
ARCHIVE_EVERY = timedelta(minutes=10)


@workflow.defn(name="Sweep")
class SweepWorkflow:
    """Look for what is overdue or not recorded, whatever the incidents' own clocks say."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.sweep_overdue()


@workflow.defn(name="Archive")
class ArchiveWorkflow:
    """Copy closed histories."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.archive_histories()


ROUNDS: dict[str, tuple[str, timedelta]] = {
    "sweep": ("Sweep", SWEEP_EVERY),
    "archive": ("Archive", ARCHIVE_EVERY),
}
"""Schedule id → the workflow it starts, and how often."""
