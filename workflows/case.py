"""The deciding workflow of one after-sales case: its decisions, its due times, its ledger.

What belongs here: what a case has beside every deciding workflow (workflows/hosting.py). What
never does: a rule of the plan.
"""

from temporalio import workflow

from domain.envelope import CaseStart
from domain.service_case import CASE
from domain.state.service_case import ServiceCase
from workflows.hosting import DecidingWorkflow


@workflow.defn(name="Case")
class CaseWorkflow(DecidingWorkflow[ServiceCase]):
    """One case, from the first word to the last."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        """Set up the state before any handler can run."""
        super().__init__(CASE, start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Take the first word, then acts and clocks until the case is closed."""
        return await self.live()
