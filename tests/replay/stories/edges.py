"""The edges of the workflows: what arrives too early, twice, unreadable, or cannot be delivered."""

import asyncio
from collections.abc import Mapping
from typing import Any

from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError

from domain.envelope import Answer, Envelope, IncidentStart
from domain.people import Actor
from domain.rules import rules_text
from domain.wire import encode
from storage.schema import outbox
from tests.replay.scene import AGENT, COMMANDER, QUALITY, Scene, now
from tests.replay.taking import Story
from workflows.ids import TASK_QUEUE, incident_workflow
from workflows.incident import IncidentWorkflow

NOWHERE = "INC-2026-0999"
"""An incident that no number was reserved for: its opening cannot be read."""


async def edges(on: Scene) -> Story:
    """Runs that turn over every few acts, the state read back from the read model each time.

    The outbox is away: messages wait, are carried from run to run, and arrive at last.
    """
    outbox.drop(on.house.bulk)
    await on.reports(limits={"turn_over_after": 4, "state_travels_up_to": 10})
    # The act waits for the report: its handler runs before the workflow does.
    await on.does(COMMANDER, "accept_report", reason="Seen.")
    await _twice(on)
    outbox.create(on.house.bulk)
    await _unreadable(on)
    await _opened_unreadably(on)
    await on.stands_still()
    begun = (incident_workflow(on.incident), incident_workflow(NOWHERE))
    return Story((on.incident,), begun)


async def _twice(on: Scene) -> None:
    """Past services, which know every recorded key: the run itself must remember, also refusals."""
    fact: dict[str, Any] = {"key": "lot.made", "value": "12000", "as_of": now()}
    first = await on.does(QUALITY, "record_fact", **fact)
    again = await _updated(on, first.command_id, QUALITY, "record_fact", fact)
    assert (again.first, again.last) == (first.first, first.last)
    other = {**fact, "value": "13000"}
    await _fails(on, "key_reused", first.command_id, "record_fact", other)
    for _ in range(3):
        await on.refused("not_allowed", on.does(AGENT, "close_incident", summary="Enough."))
    for number in range(4):
        await on.does(QUALITY, "record_fact", **{**fact, "key": f"lot.sold.{number}"})
    again = await _updated(on, first.command_id, QUALITY, "record_fact", fact)
    assert (again.first, again.last) == (first.first, first.last)


async def _unreadable(on: Scene) -> None:
    await _fails(on, "malformed", "x1", "record_fact", {"key": 7})
    await _fails(on, "unknown_command", "x2", "no_such_act", {})


async def _opened_unreadably(on: Scene) -> None:
    """What no service lets through ends the workflow at once, and nothing is recorded."""
    start = IncidentStart(
        incident=NOWHERE,
        rules=rules_text(on.house.current_rules()),
        envelope=_envelope(NOWHERE, "x3", AGENT, "report_problem", {"words": 7}),
    )
    target = incident_workflow(NOWHERE)
    try:
        await on.house.temporal.execute_workflow(
            IncidentWorkflow.run, start, id=target, task_queue=TASK_QUEUE
        )
    except WorkflowFailureError:
        await asyncio.sleep(0)
    else:
        raise AssertionError("an opening that cannot be read was taken")


async def _updated(
    on: Scene, key: str, who: Actor, command: str, body: Mapping[str, Any]
) -> Answer:
    handle = on.house.temporal.get_workflow_handle(incident_workflow(on.incident))
    envelope = _envelope(on.incident, key, who, command, body)
    on.keys += 1
    answer: Answer = await handle.execute_update(
        "act", envelope, id=f"late:{on.keys}", result_type=Answer
    )
    return answer


def _envelope(
    incident: str, key: str, who: Actor, command: str, body: Mapping[str, Any]
) -> Envelope:
    wire = {"type": command, "v": 1, "body": dict(body)}
    return Envelope(key, incident, encode(Actor, who), now(), wire)


async def _fails(on: Scene, code: str, key: str, command: str, body: Mapping[str, Any]) -> None:
    try:
        await _updated(on, key, QUALITY, command, body)
    except WorkflowUpdateFailedError as error:
        assert getattr(error.cause, "type", "") == code, error.cause  # noqa: PT017 - not a test
    else:
        raise AssertionError(f"{command} was taken")
