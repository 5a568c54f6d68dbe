"""What one act costs: from the call to the answer, which comes once the entry stands in the ledger.

What belongs here: one at a time on an idle system, ten people on ten incidents at once, each beside
an update of the bare program. What never does: orders to channels (bench/cord.py).
"""

import asyncio
import time
import uuid
from typing import Any

from temporalio.client import WorkflowHandle

from bench.acting import GENERAL, act, quiet, report
from bench.bare import TASK_QUEUE, BareIncident, Decision, Report
from bench.cord import bare_worker
from bench.figures import Figures, milliseconds, ratio
from bench.installation import Installation, running
from bench.sink import Sink
from domain.people import Role

INCIDENTS = 30
AT_ONCE = 10
ROUNDS = 20
PAUSE_S = 0.1

Act = tuple[Role, str, dict[str, Any]]

DECISIONS: tuple[Act, ...] = (
    (Role.DUTY_OFFICER, "report/acknowledge_report", {}),
    (Role.DUTY_OFFICER, "report/accept_report", {"reason": "Two calls to the same clinic."}),
    (Role.SUPPLY_CHAIN, "halt/record_interception",
     {"carrier": "East warehouse", "orders": 12, "units": 30, "outcome": "Back on the shelf."}),
    (Role.PLANT_MANAGER, "halt/record_production_stop",
     {"site": "Linhu plant", "line": "cream-1", "units_set_apart": 400}),
    (Role.SERVICE_AGENT, "report/add_report",
     {"first_known_at": "2026-01-02T03:04:05Z", "first_known_country": "CN",
      "words": "Another customer says the same."}),
)  # fmt: skip
"""What people do in the first hour of an incident of grade general; the last goes to the vault."""

REPEATED: tuple[Act, ...] = DECISIONS[2:]
"""Acts that may be done again and again."""


async def deciding() -> Figures:
    """Measure decisions one at a time and ten at once."""
    async with Sink() as sink, running(sink.url) as place, bare_worker(place):
        alone, bare = await _alone(place, INCIDENTS)
        ten, bare_ten = await _at_once(place, ROUNDS)
    figures = {
        **milliseconds("decision", alone),
        **milliseconds("bare_decision", bare),
        **milliseconds("decision_10", ten),
        **milliseconds("bare_decision_10", bare_ten),
    }
    for name in ("decision", "decision_10"):
        figures[f"{name}_vs_bare"] = ratio(
            figures[f"{name}_p95_ms"], figures[f"bare_{name}_p95_ms"]
        )
    return figures


async def _alone(place: Installation, incidents: int) -> tuple[list[float], list[float]]:
    """Do every decision in some incidents, one at a time; the first incident warms up."""
    ours, bare = [], []
    for n in range(-1, incidents):
        incident = (await report(place, GENERAL)).id
        handle = await bare_incident(place)
        for role, path, body in DECISIONS:
            await quiet(place, incident)
            took = await act(place, role, incident, path, **body)
            await asyncio.sleep(PAUSE_S)
            reference = await bare_act(handle)
            await asyncio.sleep(PAUSE_S)
            if n >= 0:
                ours.append(took)
                bare.append(reference)
    return ours, bare


async def _at_once(place: Installation, rounds: int) -> tuple[list[float], list[float]]:
    """Let ten people press at the same moment, each in an incident of their own."""
    incidents = [(await report(place, GENERAL)).id for _ in range(AT_ONCE)]
    handles = [await bare_incident(place) for _ in range(AT_ONCE)]
    for incident in incidents:
        await quiet(place, incident)
    ours, bare = [], []
    for n in range(-1, rounds):
        role, path, body = REPEATED[n % len(REPEATED)]
        pressed = (act(place, role, incident, path, **body) for incident in incidents)
        took = await asyncio.gather(*pressed)
        await asyncio.sleep(PAUSE_S)
        reference = await asyncio.gather(*map(bare_act, handles))
        await asyncio.sleep(PAUSE_S)
        if n >= 0:
            ours.extend(took)
            bare.extend(reference)
    return ours, bare


async def bare_incident(place: Installation) -> WorkflowHandle[BareIncident, int]:
    """Start an incident of the bare program that takes acts."""
    named = Report(f"bare-{uuid.uuid4().hex[:12]}", "", 0)
    return await place.temporal.start_workflow(
        BareIncident.run, named, id=named.id, task_queue=TASK_QUEUE
    )


async def bare_act(handle: WorkflowHandle[BareIncident, int]) -> float:
    """Do one act of the bare program: an update, one activity; give what it took."""
    sent = time.perf_counter()
    await handle.execute_update(BareIncident.act, Decision(uuid.uuid4().hex))
    return time.perf_counter() - sent
