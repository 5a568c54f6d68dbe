"""One act, from a body that came in to an answer that is recorded.

What belongs here: checking that a body can be read, sealing private text, the one envelope, the
call, and translating what Temporal says. What never does: a rule of the plan; who may act is
decided by `decide` alone, and its refusal is an entry.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.envelope import Answer, Carried, Envelope, IncidentStart
from domain.errors import (
    AndonError,
    KeyReused,
    Malformed,
    NotAllowed,
    NotConfirmed,
    NotFound,
    Refused,
    TooLarge,
)
from domain.incident import new_incident  # noqa: F401 - importing it completes the registry
from domain.message import COMMANDS, EVENTS, CommandSpec, field_errors, leaves_of
from domain.people import SYSTEM_ROLES, Access, Actor
from domain.plan_terms import ChannelKind
from domain.rules import rules_text
from domain.state.halt import ListedChannel
from domain.values import REFERENCES
from domain.wire import decode, encode, instant_text, read_instant
from services import vaulting
from services.house import House
from services.reading import visible
from storage import catalog, incidents
from storage.streams import known_command
from workflows.deciding import digest_of
from workflows.ids import TASK_QUEUE, incident_workflow
from workflows.incident import IncidentWorkflow

CONFIRMED_WITHIN = timedelta(seconds=8)
COMMAND_BYTES = 256 * 1024


@dataclass(frozen=True)
class Sent:
    """What somebody sent: the command's name, its body, and the key that makes it count once."""

    command: str
    body: Mapping[str, Any]
    command_id: str
    happened_at: str = ""


@dataclass(frozen=True)
class Reported:
    """The number a report was given; `repeated` when the same key gave it before."""

    id: str
    repeated: bool


# ---------------------------------------------------------------- checking


def spec_of(name: str) -> CommandSpec:
    """Give a command that people may give. Raises NotFound."""
    spec = COMMANDS.get(name)
    if spec is None or spec.roles <= SYSTEM_ROLES:
        raise NotFound(f"There is no act called {name!r:.60}.", "See /api/openapi.json.")
    return spec


def check_body(house: House, spec: CommandSpec, sent: Sent) -> None:
    """Refuse what cannot be read, before anything is written. Raises Malformed, TooLarge."""
    if len(json.dumps(sent.body, ensure_ascii=False).encode("utf-8", "surrogatepass")) > (
        COMMAND_BYTES
    ):
        raise TooLarge(
            f"One act holds at most {COMMAND_BYTES // 1024} KB.",
            "Attach long texts and pictures as files.",
        )
    faults = vaulting.private_faults(spec, sent.body)
    try:
        decode(spec.type, vaulting.stand_in(spec, sent.body), strict=True)
    except Malformed as error:
        raise Malformed(
            error.sentence, error.hint, fields=(*error.fields, *field_errors(faults))
        ) from error
    faults += _unknown_references(house, spec, sent.body)
    if faults:
        raise Malformed(
            faults[0][1], "Correct it; nothing was changed.", fields=field_errors(faults)
        )
    if sent.happened_at:
        _check_happened(sent.happened_at, house.now())


def _check_happened(text: str, now: datetime) -> None:
    try:
        happened_at = read_instant(text)
    except ValueError as error:
        raise Malformed(
            "The time it happened cannot be read.", "Write it like 2026-11-22T14:00+08:00."
        ) from error
    if happened_at > now + timedelta(minutes=5):
        raise Malformed("The time it happened lies ahead.", "Tell it after it happened.")


def _unknown_references(
    house: House, spec: CommandSpec, body: Mapping[str, Any]
) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    for tp, kind in REFERENCES.items():
        found = _named(spec, body, tp)
        missing = set(catalog.missing(house.engine, kind, [value for _, value in found]))
        faults.extend(
            (path, f"There is no {kind} {value!r:.60} in the company's lists.")
            for path, value in found
            if value in missing
        )
    return faults


def _named(spec: CommandSpec, body: Mapping[str, Any], tp: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(value: Any, path: str) -> Any:
        found.append((path, value))
        return value

    leaves_of(spec.type, dict(body), lambda leaf: leaf is tp, note)
    return found


# ---------------------------------------------------------------- reporting


async def report(house: House, actor: Actor, sent: Sent) -> Reported:
    """Open an incident: its number first, durable, then its workflow with the report as input.

    Raises AndonError; a repeated key gives the same number, another body under it KeyReused.
    """
    number, start = await asyncio.to_thread(_prepare_report, house, actor, sent)
    try:
        await _start(house, start, incident_workflow(number.id))
    except RPCError as error:
        raise _not_confirmed(error) from error
    return number


async def _start(house: House, start: IncidentStart, workflow_id: str) -> None:
    """Start an incident's workflow once for ever: an id is never used again."""
    with suppress(WorkflowAlreadyStartedError):
        await house.temporal.start_workflow(
            IncidentWorkflow.run,
            start,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=start.incident,
            rpc_timeout=CONFIRMED_WITHIN,
        )


def _prepare_report(house: House, actor: Actor, sent: Sent) -> tuple[Reported, IncidentStart]:
    spec = spec_of("report_problem")
    check_body(house, spec, sent)
    if not actor.holds(spec.roles):
        raise NotAllowed("Auditors read and never act.", "Ask a colleague to report it.")
    rules = house.current_rules()
    body = vaulting.seal_body(
        house,
        spec,
        sent.body,
        command_id=sent.command_id,
        subject=vaulting.new_subject("report", sent.command_id),
        access=Access.RESTRICTED,
    )
    envelope = _envelope(house, "", actor, spec, body, sent)
    number = incidents.reserve_number(
        house.engine,
        house.now().year,
        incidents.Reservation(
            command_id=sent.command_id,
            digest=digest_of(envelope),
            created_at=house.now(),
            reported_by=actor.on_behalf_of or actor.id,
            title=", ".join(sent.body.get("products", ())),
            rules_hash=rules.hash,
            drill=house.drill,
        ),
    )
    envelope.incident = number.id
    start = IncidentStart(
        incident=number.id,
        rules=rules_text(rules),
        drill=house.drill,
        channels=[encode(ListedChannel, c) for c in _listed(house)],
        envelope=envelope,
    )
    return Reported(number.id, number.repeated), start


def _listed(house: House) -> list[ListedChannel]:
    plan = house.current_rules().plan
    return [
        ListedChannel(
            id=channel.id,
            kind=channel.kind,
            level=str(plan.level_of(ChannelKind(channel.kind))),
            name=channel.name_en,
            name_zh=channel.name_zh,
            market=channel.market,
        )
        for channel in catalog.list_items(house.engine, "channel")
    ]


def _envelope(  # noqa: PLR0913 - the parts of the one envelope
    house: House,
    incident: str,
    actor: Actor,
    spec: CommandSpec,
    body: Mapping[str, Any],
    sent: Sent,
) -> Envelope:
    return Envelope(
        command_id=sent.command_id,
        incident=incident,
        actor=encode(Actor, actor),
        sent_at=instant_text(house.now()),
        command={"type": spec.name, "v": spec.version, "body": body},
        happened_at=sent.happened_at,
    )


# ---------------------------------------------------------------- acting


async def act(house: House, actor: Actor, incident_id: str, sent: Sent) -> Answer:
    """Bring one act to its incident and wait until it is recorded.

    Raises Refused or NotAllowed when the plan or the state forbids it (that is an entry too),
    Malformed or KeyReused when it never reached the incident, NotConfirmed after 8 s of silence.
    """
    prepared = await asyncio.to_thread(_prepare, house, actor, incident_id, sent)
    answer = prepared.known or await _send(house, prepared)
    if answer.refused:
        raise refusal(answer.refused)
    return answer


@dataclass
class _Prepared:
    row: incidents.IncidentRow
    envelope: Envelope
    known: Answer | None
    reopens: bool


def _prepare(house: House, actor: Actor, incident_id: str, sent: Sent) -> _Prepared:
    row = visible(house, actor, incident_id)
    spec = spec_of(sent.command)
    check_body(house, spec, sent)
    access = Access.HEALTH if _is_about_health(spec) else Access.RESTRICTED
    body = vaulting.seal_body(
        house,
        spec,
        sent.body,
        command_id=sent.command_id,
        subject=_subject(house, incident_id, sent),
        access=access,
    )
    envelope = _envelope(house, incident_id, actor, spec, body, sent)
    return _Prepared(
        row=row,
        envelope=envelope,
        known=_known(house, envelope),
        reopens=spec.name == "reopen_incident" and not row.is_open,
    )


def _is_about_health(spec: CommandSpec) -> bool:
    return spec.name in ("register_case", "follow_up_case") or any(
        event.access == Access.HEALTH and event.type.__name__ == spec.type.__name__
        for event in EVENTS.values()
    )


def _subject(house: House, incident_id: str, sent: Sent) -> str:
    """Texts about a registered person belong to that person's key; others to a new one."""
    case_id = sent.body.get("case")
    if isinstance(case_id, str):
        state = incidents.load_state(house.engine, incident_id)
        case = json.loads(state.state)["report"]["cases"].get(case_id) if state else None
        if case and case["person"]:
            return str(case["person"]["subject"])
    return vaulting.new_subject(incident_id, sent.command_id)


def _known(house: House, envelope: Envelope) -> Answer | None:
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


async def _send(house: House, prepared: _Prepared) -> Answer:
    if prepared.reopens:
        return await _reopen(house, prepared)
    envelope = prepared.envelope
    handle = house.temporal.get_workflow_handle(
        incident_workflow(envelope.incident, prepared.row.run)
    )
    try:
        answer: Answer = await asyncio.wait_for(
            handle.execute_update("act", envelope, id=envelope.command_id, result_type=Answer),
            CONFIRMED_WITHIN.total_seconds(),
        )
    except WorkflowUpdateFailedError as error:
        raise _translated(error) from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise _not_confirmed(error) from error
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND and not prepared.row.is_open:
            raise Refused(
                "This incident is closed and sealed.",
                "Reopen it with a reason if there is a new fact.",
                code="closed",
            ) from error
        raise _not_confirmed(error) from error
    return answer


async def _reopen(house: House, prepared: _Prepared) -> Answer:
    """Reopening after the seal starts the next run from the fold."""
    envelope, run = prepared.envelope, prepared.row.run + 1
    start = await asyncio.to_thread(_reopened_start, house, prepared)
    try:
        await _start(house, start, incident_workflow(envelope.incident, run))
    except RPCError as error:
        raise _not_confirmed(error) from error
    waited = 0.0
    while waited < CONFIRMED_WITHIN.total_seconds():
        answer = await asyncio.to_thread(_known, house, envelope)
        if answer is not None:
            return answer
        await asyncio.sleep(0.1)
        waited += 0.1
    raise _not_confirmed(None)


def _reopened_start(house: House, prepared: _Prepared) -> IncidentStart:
    stored = incidents.load_state(house.engine, prepared.row.id)
    if stored is None:
        raise Refused("Nothing is recorded here yet.", "Wait until the report is recorded.")
    return IncidentStart(
        incident=prepared.row.id,
        rules=rules_text(house.rules(stored.rules_hash)),
        drill=prepared.row.drill,
        envelope=prepared.envelope,
        carried=Carried(
            size=stored.size,
            recorded_at=instant_text(stored.recorded_at),
            state_hash=hashlib.sha256(stored.state.encode()).hexdigest(),
        ),
    )


# ---------------------------------------------------------------- translation


def refusal(told: Mapping[str, Any]) -> Refused:
    """Make the refusal again that `decide` gave."""
    kind = NotAllowed if told["code"] in ("not_allowed", "four_eyes", "own_hand") else Refused
    return kind(
        told["sentence"], told["hint"], code=told["code"], who_could=tuple(told["who_could"])
    )


def _translated(error: WorkflowUpdateFailedError) -> AndonError:
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        return NotConfirmed("The act was not confirmed.", "Press again; it will count once.")
    hint = cause.details[0].get("hint", "") if cause.details else ""
    kinds: dict[str, type[AndonError]] = {"key_reused": KeyReused, "not_found": NotFound}
    return kinds.get(cause.type or "", Malformed)(cause.message, hint)


def _not_confirmed(_error: BaseException | None) -> NotConfirmed:
    return NotConfirmed(
        "Not confirmed yet: the system that decides did not answer in time.",
        "Press again with the same content; it will count once.",
    )
