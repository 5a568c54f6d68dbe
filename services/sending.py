"""One envelope on its way to a workflow, and what comes back, in our own words.

What belongs here: making the envelope, starting, sending, what the ledger knows of a command
already, translating what Temporal says. What never does: a rule; which bodies are read and what
is sealed (services/acting.py, services/cases.py).
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.envelope import Answer, Envelope, StreamStart
from domain.errors import (
    AndonError,
    KeyReused,
    Malformed,
    NotAllowed,
    NotConfirmed,
    NotFound,
    Refused,
)
from domain.message import CommandSpec
from domain.people import Actor
from domain.wire import encode, instant_text
from services.house import House
from storage.streams import known_command
from workflows.deciding import digest_of
from workflows.ids import TASK_QUEUE

CONFIRMED_WITHIN = timedelta(seconds=8)


class EndedFromOutside(NotConfirmed):
    """The workflow of an open stream was ended by whoever reaches the server, not by the plan."""


@dataclass(frozen=True)
class Sent:
    """What somebody sent: the command's name, its body, and the key that makes it count once."""

    command: str
    body: Mapping[str, Any]
    command_id: str
    happened_at: str = ""


def envelope_of(house: House, stream: str, actor: Actor, spec: CommandSpec, sent: Sent) -> Envelope:
    """Make the one envelope; private text of the body must be sealed already."""
    return Envelope(
        command_id=sent.command_id,
        incident=stream,
        actor=encode(Actor, actor),
        sent_at=instant_text(house.now()),
        command={"type": spec.name, "v": spec.version, "body": sent.body},
        happened_at=sent.happened_at,
    )


def content_of(house: House, actor: Actor, spec: CommandSpec, sent: Sent) -> str:
    """Name what somebody sent, private words and all; it is never written down as it is."""
    return digest_of(envelope_of(house, "", actor, spec, sent))


def answer_known(house: House, envelope: Envelope) -> Answer | None:
    """Answer a known command from the ledger, without Temporal. Raises KeyReused."""
    known = known_command(house.engine, envelope.incident, envelope.command_id)
    if known is None:
        return None
    if known.digest != digest_of(envelope):
        raise KeyReused(
            "This key was used before with another content.",
            "Send the act again with a new Idempotency-Key.",
        )
    told = json.loads(known.outcome)
    return Answer(
        command_id=envelope.command_id,
        first=known.first_seq or 0,
        last=known.last_seq or 0,
        events=told["events"],
        refused=told["refused"],
    )


def is_recorded(house: House, stream: str, sent: Sent) -> bool:
    """Say whether the ledger of a stream knows a command already."""
    return known_command(house.engine, stream, sent.command_id) is not None


async def start_stream(
    house: House, run: Callable[..., Any], start: StreamStart, workflow_id: str
) -> None:
    """Start a deciding workflow once for ever: an id is never used again. Raises RPCError."""
    with suppress(WorkflowAlreadyStartedError):
        await house.temporal.start_workflow(
            run,
            start,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=start.incident,
            rpc_timeout=CONFIRMED_WITHIN,
        )


def update_id(envelope: Envelope) -> str:
    """Name the update of an act: by its key and its content, so that only a repeat joins it.

    Temporal gives the answer of an update to whoever comes with its id. The same key with another
    content must be an update of its own, which the workflow refuses by what it remembers.
    """
    return f"{envelope.command_id}:{digest_of(envelope)}"


async def send(
    house: House, workflow_id: str, envelope: Envelope, *, closed: Refused | None
) -> Answer:
    """Bring an act to its workflow and wait until it is recorded.

    `closed` is what to say when the workflow has ended because its stream is over. Raises
    Malformed or KeyReused when the act never reached the stream, NotConfirmed after 8 s of silence.
    """
    handle = house.temporal.get_workflow_handle(workflow_id)
    try:
        answer: Answer = await asyncio.wait_for(
            handle.execute_update("act", envelope, id=update_id(envelope), result_type=Answer),
            CONFIRMED_WITHIN.total_seconds(),
        )
    except WorkflowUpdateFailedError as error:
        raise translated(error) from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise not_confirmed() from error
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND and closed is not None:
            raise closed from error
        if error.status == RPCStatusCode.NOT_FOUND and await _was_ended(handle):
            raise EndedFromOutside(
                "The workflow of this was ended from outside Andon: nothing was changed.",
                "Tell whoever runs Andon; keep what you typed.",
            ) from error
        raise not_confirmed() from error
    return answer


_ENDED = frozenset(
    {
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)


async def _was_ended(handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        return (await handle.describe()).status in _ENDED
    except RPCError:
        return False


def accepted(answer: Answer) -> Answer:
    """Give an answer on; raises the refusal, when it holds one (that is an entry too)."""
    if answer.refused:
        raise refusal(answer.refused)
    return answer


def refusal(told: Mapping[str, Any]) -> Refused:
    """Make the refusal again that `decide` gave."""
    kind = NotAllowed if told["code"] in ("not_allowed", "four_eyes", "own_hand") else Refused
    return kind(
        told["sentence"], told["hint"], code=told["code"], who_could=tuple(told["who_could"])
    )


def translated(error: WorkflowUpdateFailedError) -> AndonError:
    """Say in our own words why a workflow did not take an act."""
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        return not_confirmed()
    hint = cause.details[0].get("hint", "") if cause.details else ""
    kinds: dict[str, type[AndonError]] = {"key_reused": KeyReused, "not_found": NotFound}
    return kinds.get(cause.type or "", Malformed)(cause.message, hint)


def not_confirmed() -> NotConfirmed:
    """Make the error of an act that may or may not have arrived."""
    return NotConfirmed(
        "Not confirmed yet: the system that decides did not answer in time.",
        "Nothing is lost: after a restart this takes a few seconds. Press again with the same "
        "content; it counts once, even if it had arrived.",
    )
