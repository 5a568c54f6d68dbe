"""Drills on skipped time, and what a whole incident leaves behind.

What belongs here: every case file that comes with Andon, played as `andon drill` does. What never
does: the times of the story.
"""

import time
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from bench.figures import Figures
from cli.drill import demo_cases, quiet_errors, read_case
from services.company import read_rules
from services.drill_clock import skipped_time
from services.replaying import runs_of
from services.simulating import Simulated, server_binary, simulate
from workflows.ids import incident_workflow

STARTED_CHILD = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED


@dataclass
class Left:
    """What the workflows of one incident left in Temporal."""

    workflows: int = 0
    runs: int = 0
    events: int = 0
    bytes: int = 0


async def drilling() -> Figures:
    """Play every case with a server of its own; the longest tells what a whole incident costs."""
    rules = read_rules()
    figures: Figures = {}
    whole: Figures = {}
    longest = 0
    for path in demo_cases():
        case = read_case(path)
        began = time.perf_counter()
        with quiet_errors():
            async with skipped_time(server_binary()) as env:
                simulated = await simulate(env, case, rules, time.perf_counter)
                left = await _left(env.client, simulated)
        figures[f"drill_{case.id.replace('-', '_')}_s"] = round(time.perf_counter() - began, 2)
        if len(simulated.entries) > longest:
            longest = len(simulated.entries)
            whole = _whole(simulated, left)
    slowest = max(figures.values())
    return {**figures, "drill_slowest_case_s": slowest, **whole}


def _whole(simulated: Simulated, left: Left) -> Figures:
    took = simulated.took.total_seconds()
    return {
        "whole_incident_entries": len(simulated.entries),
        "whole_incident_ledger_bytes": sum(len(entry.content) for entry in simulated.entries),
        "whole_incident_workflows": left.workflows,
        "whole_incident_runs": left.runs,
        "whole_incident_history_events": left.events,
        "whole_incident_history_bytes": left.bytes,
        "whole_incident_ms": round(1000 * took),
        "whole_incident_ms_per_entry": round(1000 * took / len(simulated.entries), 1),
    }


async def _left(plain: Client, simulated: Simulated) -> Left:
    """Count events and bytes of an incident's workflow and of all that it started."""
    client = await Client.connect(
        plain.service_client.config.target_host, namespace=f"drill-{simulated.case.id}"
    )
    left = Left()
    waiting = [incident_workflow(simulated.played.incident)]
    while waiting:
        left.workflows += 1
        for history in await runs_of(client, waiting.pop()):
            left.runs += 1
            left.events += len(history.events)
            left.bytes += sum(event.ByteSize() for event in history.events)
            waiting += _started_by(history)
    return left


def _started_by(history: WorkflowHistory) -> list[str]:
    return [
        event.start_child_workflow_execution_initiated_event_attributes.workflow_id
        for event in history.events
        if event.event_type == STARTED_CHILD
    ]
