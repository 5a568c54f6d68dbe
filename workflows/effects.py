"""What recorded entries do in the world: each effect is told, started or signalled once.

What belongs here: from an effect of the domain to one Temporal call; what one record tells goes in
one, for each call is a turn of the whole workflow. What never does: deciding.
Keys are `<workflow id>:<entry>:<effect>:<target>`; children are abandoned on close and report back
as the performer.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Protocol

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    WorkflowAlreadyStartedError,
)

from domain.case_counts import CountCases
from domain.channels import ChannelOutcome
from domain.dispatch import Effect
from domain.drift import ReportLook, SeenChannel
from domain.envelope import (
    CaseNews,
    CorrectionWanted,
    DueRequest,
    HaltStart,
    LookRequest,
    OutcomeBatch,
    PublishStart,
    RecallTelling,
    RecallTold,
    Settled,
    StreamStart,
    Told,
    Wire,
)
from domain.errors import AndonError
from domain.message import to_wire
from domain.notice import due_command, no_due_command
from domain.people import CLOCK, PERFORMER, Actor
from domain.statement_change import correction_command
from domain.wire import decode
from workflows import calls, ids

COUNT_EVERY = timedelta(seconds=5)
"""Cases that change within the same five seconds are counted together: one entry, not hundreds."""

TOLD_BESIDE = "recalled-goods-are-told-beside-the-incident"
"""Before this patch the incident's own run waited until everybody was told."""

FAILED_LOOKS_ARE_TOLD = "looks-that-fail-are-told"
"""Before this patch nobody heard that a look had failed."""

TOLD_AT_ONCE = 50
"""Messages of one call: their bodies travel with it, and a payload has its limit."""


class Host(Protocol):
    """A deciding workflow, as the performers see it."""

    @property
    def start(self) -> StreamStart:
        """What the run started with."""

    def submit_as(
        self,
        actor: Actor,
        command_id: str,
        command: object,
        *,
        listed: Sequence[Wire] = (),
        templates: Sequence[Wire] = (),
    ) -> None:
        """Decide a command of the clock or a performer."""


Performer = Callable[..., Coroutine[Any, Any, None]]


def together(caused: Iterable[Effect]) -> Iterator[tuple[Effect, ...]]:
    """Give effects as they are carried out: what is told in one call, all else by itself."""
    told: list[Effect] = []
    for effect in caused:
        if effect.name == "tell":
            told.append(effect)
        else:
            yield (effect,)
    for first in range(0, len(told), TOLD_AT_ONCE):
        yield tuple(told[first : first + TOLD_AT_ONCE])


def carry_out(host: Host, effects: Sequence[Effect]) -> Coroutine[Any, Any, None]:
    """Give what is to be awaited until effects have happened; done again, they count once."""
    return PERFORMERS[effects[0].name](host, *effects)


def _key(effect: Effect) -> str:
    return ids.effect_key(workflow.info().workflow_id, effect.seq, effect.name, effect.target)


async def _tell(host: Host, *effects: Effect) -> None:
    incident, drill = host.start.incident, host.start.drill
    await calls.tell([Told(_key(each), incident, drill, each.body) for each in effects])


async def _halt(host: Host, effect: Effect) -> None:
    number = int(effect.target)
    start = _halt_start(host, effect, "halt", number)
    await asyncio.gather(
        *_end_resumed(start.incident, effect),
        _start_child("Halt", start, ids.halt_workflow(start.incident, number)),
    )


async def _halt_again(host: Host, effect: Effect) -> None:
    number = int(effect.target)
    start = _halt_start(host, effect, "halt", number)
    child = ids.halt_again_workflow(start.incident, number, effect.seq)
    await _start_child("Halt", start, child)


async def _tell_recalled(host: Host, effect: Effect) -> None:
    start = host.start
    told = RecallTold(start.incident, _key(effect), start.drill, effect.body["orders"])
    if not workflow.patched(TOLD_BESIDE):
        await calls.tell_recalled(told)
        return
    child = ids.recall_told_workflow(start.incident, effect.seq)
    await _start_child("TellRecalled", RecallTelling(told), child)


async def _look(host: Host, effect: Effect) -> None:
    """Look at channels; what cannot be looked at, or be read, is told as that."""
    channels = effect.body["channels"]
    wanted = LookRequest(host.start.incident, channels, host.start.drill)
    try:
        found = await calls.look_at_channels(wanted)
        seen = tuple(decode(SeenChannel, one) for one in found.seen)
        answers = tuple(decode(ChannelOutcome, one) for one in found.answers)
    except (ActivityError, AndonError) as error:
        if not workflow.patched(FAILED_LOOKS_ARE_TOLD):
            raise
        workflow.logger.error("a look showed nothing that can be read: %s", error)
        seen, answers = tuple(SeenChannel(channel=one, is_seen=False) for one in channels), ()
    host.submit_as(PERFORMER, _key(effect), ReportLook(seen=seen, on_demand=True, answers=answers))


async def _resume(host: Host, effect: Effect) -> None:
    start = _halt_start(host, effect, "resume", 0)
    await _start_child("Halt", start, ids.resume_workflow(start.incident, effect.target))
    await asyncio.gather(
        *(
            _signal(ids.halt_workflow(start.incident, number), "settle", Settled(channel))
            for number, channels in effect.body["carried"]
            for channel in channels
        ),
        *_end_anew(start.incident, effect),
        *_end_resumed(start.incident, effect),
    )


def _end_resumed(incident: str, effect: Effect) -> Iterator[Coroutine[Any, Any, None]]:
    """Tell who carries an order to resume that it is over at a channel."""
    for resume, channel in effect.body.get("undone", ()):
        yield _signal(ids.resume_workflow(incident, resume), "settle", Settled(channel))


def _end_anew(incident: str, effect: Effect) -> Iterator[Coroutine[Any, Any, None]]:
    """Tell who carries an order that went out anew that it is over there."""
    for order, entry, channel in effect.body.get("again", ()):
        target = ids.halt_again_workflow(incident, order, entry)
        yield _signal(target, "settle", Settled(channel))


def _halt_start(host: Host, effect: Effect, action: str, number: int) -> HaltStart:
    return HaltStart(
        incident=host.start.incident,
        incident_workflow=workflow.info().workflow_id,
        seq=effect.seq,
        order=number,
        action=action,
        products=effect.body["products"],
        lots=effect.body["lots"],
        channels=effect.body["channels"],
        drill=host.start.drill,
        level=effect.body.get("level", ""),
        kept=effect.body.get("kept", []),
    )


async def _settle(host: Host, effect: Effect) -> None:
    incident, body = host.start.incident, effect.body
    if body["resume"]:
        target = ids.resume_workflow(incident, body["resume"])
    else:
        target = ids.halt_workflow(incident, body["order"])
    await asyncio.gather(
        _signal(target, "settle", Settled(body["channel"])), *_end_anew(incident, effect)
    )


async def _publish(host: Host, effect: Effect) -> None:
    body = effect.body
    start = PublishStart(
        incident=host.start.incident,
        incident_workflow=workflow.info().workflow_id,
        seq=effect.seq,
        statement=body["statement"],
        version=body["version"],
        sha256=body["sha256"],
        places=body["places"],
        drill=host.start.drill,
        entry=body["entry"],
    )
    target = ids.publish_workflow(start.incident, start.statement, start.version, body["order"])
    await _start_child("Publish", start, target)


async def _derive_due(host: Host, effect: Effect) -> None:
    """Ask the calendar; what it refuses is recorded too, so that a person sets the time by hand."""
    body = effect.body
    command: object
    request = DueRequest(
        start_at=body["start_at"],
        limit=body["limit"],
        calendar=body["calendar"],
        counting=body["counting"],
    )
    try:
        command = due_command(body["duty"], await calls.derive_due(request))
    except ActivityError as error:
        if not isinstance(error.cause, ApplicationError):
            raise
        command = no_due_command(body["duty"], body["start_at"], error.cause.message)
    host.submit_as(CLOCK, _key(effect), command)


async def _draft_corrections(host: Host, effect: Effect) -> None:
    """Let corrections be begun; where the template cannot be had, people write them by hand."""
    wanted = CorrectionWanted(host.start.incident, effect.body["entry"])
    try:
        made = await calls.draft_corrections(wanted)
    except ActivityError as error:
        workflow.logger.warning("no correction was drafted: %s", error)
        return
    for one in made.drafts:
        try:
            command = correction_command(
                one.statement, one.what, one.markets, one.texts, preliminary=one.preliminary
            )
        except AndonError as error:
            workflow.logger.warning("a correction cannot be read: %s", error.code)
            continue
        key = f"{_key(effect)}:{one.statement}"
        host.submit_as(PERFORMER, key, command, listed=one.listed, templates=one.templates)


async def _start_child(
    name: str, start: HaltStart | PublishStart | RecallTelling, child_id: str
) -> None:
    try:
        await workflow.start_child_workflow(
            name,
            start,
            id=child_id,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("%s runs already, or has ended", child_id)


async def _signal(workflow_id: str, name: str, message: Settled | OutcomeBatch) -> None:
    try:
        await workflow.get_external_workflow_handle(workflow_id).signal(name, message)
    except FailureError:
        workflow.logger.info("%s has ended; nobody to tell", workflow_id)


async def _count_cases(_host: Host, effect: Effect) -> None:
    """Let an incident hear how its cases stand, together with what else came in the same moment."""
    since_last = timedelta(seconds=workflow.now().timestamp()) % COUNT_EVERY
    await workflow.sleep(COUNT_EVERY - since_last)
    incident = effect.body["incident"]
    seen = await calls.count_cases(CaseNews(incident))
    if not seen.run:
        workflow.logger.warning("%s is not there; nothing to count", incident)
        return
    count = CountCases(count=seen.count, settled=seen.settled, hurt=seen.hurt, sha256=seen.sha256)
    target = ids.incident_workflow(incident, seen.run)
    await _signal(target, "outcomes", OutcomeBatch(_key(effect), to_wire(count)))


PERFORMERS: dict[str, Performer] = {
    "tell": _tell,
    "halt": _halt,
    "halt_again": _halt_again,
    "tell_recalled": _tell_recalled,
    "look": _look,
    "resume": _resume,
    "settle": _settle,
    "publish": _publish,
    "derive_due": _derive_due,
    "draft_corrections": _draft_corrections,
    "count_cases": _count_cases,
}
"""The closed list of effects; an unknown one is a fault of the release."""
