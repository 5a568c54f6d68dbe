"""Every workflow there is: worker, replayer and tests take this list."""

from workflows.halt import HaltWorkflow
from workflows.incident import IncidentWorkflow
from workflows.publish import PublishWorkflow
from workflows.schedules import ArchiveWorkflow, SweepWorkflow

ALL_WORKFLOWS: list[type] = [
    IncidentWorkflow,
    HaltWorkflow,
    PublishWorkflow,
    SweepWorkflow,
    ArchiveWorkflow,
]
