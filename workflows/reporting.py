"""How performers bring what they found to their incident, whichever run of it is alive.

What belongs here: bringing outcomes until somebody takes them, and saying why something could not
be had. What never does: what they mean. A
performer may outlive the seal: a shop that was silent stops at last when the incident is closed.
Then nobody takes the outcome; it is held, and the run that a reopening starts hears of it.
"""

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from domain.envelope import CaseNews, HaltStart, OutcomeBatch, PublishStart
from domain.wire import instant_text, one_line
from workflows import calls, ids

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
OUTLIVES_THE_SEAL = "performers-outlive-the-seal"
"""Before this patch a performer ended, or stood still, when its incident had been sealed."""

WHY_AT_MOST = 300


def why_not(error: ActivityError) -> str:
    """Say why something could not be had; what another system said may stand in it."""
    cause = error.cause or error
    said = cause.message if isinstance(cause, ApplicationError) else str(cause)  # without its code
    return one_line(said, WHY_AT_MOST)


class Bearer:
    """Brings the outcomes of one performer to its incident, one batch after the other."""

    def __init__(self, start: HaltStart | PublishStart) -> None:
        """Begin with the run that ordered it."""
        self._incident = start.incident
        self._target = start.incident_workflow
        self.waits = False
        """Whether the incident is sealed, and what was found is held until it is reopened."""

    async def bring(self, batch: OutcomeBatch) -> None:
        """Bring a batch to the run that is alive; while there is none, try again and again."""
        pause = FIRST_PAUSE
        while not await self._is_taken(batch):
            alive = ids.incident_workflow(self._incident, await self._run())
            self.waits = alive == self._target
            if self.waits:
                await workflow.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            self._target = alive
        self.waits = False

    async def _is_taken(self, batch: OutcomeBatch) -> bool:
        try:
            now = replace(batch, sent_at=instant_text(workflow.now()))
            await workflow.get_external_workflow_handle(self._target).signal("outcomes", now)
        except FailureError:
            if not workflow.patched(OUTLIVES_THE_SEAL):
                raise
            return False
        return True

    async def _run(self) -> int:
        return (await calls.count_cases(CaseNews(self._incident))).run
