"""The one deciding workflow of an incident: all decisions, all due times, its ledger.

What belongs here: what an incident has beside every deciding workflow (workflows/hosting.py).
What never does: a rule of the plan.
"""

from collections.abc import Iterator
from dataclasses import replace

from temporalio import workflow

from domain.envelope import IncidentStart
from domain.halt import ListChannels
from domain.incident import INCIDENT
from domain.state import Incident
from domain.state.halt import ListedChannel
from domain.wire import decode
from workflows.hosting import GRADE, NEXT_DUE, STAGE, DecidingWorkflow

__all__ = ["GRADE", "NEXT_DUE", "STAGE", "IncidentWorkflow"]


@workflow.defn(name="Incident")
class IncidentWorkflow(DecidingWorkflow[Incident]):
    """One incident, from the first report to the seal."""

    @workflow.init
    def __init__(self, start: IncidentStart) -> None:
        """Set up the state before any handler can run."""
        super().__init__(INCIDENT, start)
        self._channels = start.channels

    @workflow.run
    async def run(self, start: IncidentStart) -> str:
        """Take the first report, then acts and clocks until the incident is sealed."""
        return await self.live()

    def before_first(self) -> Iterator[tuple[str, object]]:
        """List the channels there are: the report may halt some of them at once."""
        channels = tuple(decode(ListedChannel, channel) for channel in self._channels)
        yield f"{self.start.incident}:channels", ListChannels(channels=channels)

    def next_run(self) -> IncidentStart:
        """Leave the channels out: they stand in the state."""
        carried = super().next_run()
        assert isinstance(carried, IncidentStart)
        return replace(carried, channels=[])
