"""Every workflow there is: worker, replayer and tests take this list."""

from workflows.case import CaseWorkflow
from workflows.halt import HaltWorkflow
from workflows.incident import IncidentWorkflow
from workflows.publish import PublishWorkflow
from workflows.recalled_goods import TellRecalledWorkflow
from workflows.schedules import (
    ArchiveWorkflow,
    DriftWorkflow,
    HeadsWorkflow,
    LettersWorkflow,
    StampsWorkflow,
    SweepWorkflow,
    WitnessWorkflow,
)

ALL_WORKFLOWS: list[type] = [
    IncidentWorkflow,
    CaseWorkflow,
    HaltWorkflow,
    PublishWorkflow,
    TellRecalledWorkflow,
    SweepWorkflow,
    ArchiveWorkflow,
    DriftWorkflow,
    LettersWorkflow,
    HeadsWorkflow,
    WitnessWorkflow,
    StampsWorkflow,
]
