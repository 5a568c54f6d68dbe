"""One act, from a body that came in to an answer that is recorded.

What belongs here: checking that a body can be read, sealing private text, the call. What never
does: the way to Temporal and back (services/sending.py), after-sales cases (services/cases.py), or
a rule of the plan; who may act is decided by `decide` alone, and its refusal is an entry.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities import drafting, templating
from domain.acts import may_ever
from domain.adopting import ADOPT, awaited_rules
from domain.envelope import Answer, Carried, Envelope, IncidentStart
from domain.errors import (
    BrokenSetup,
    FieldError,
    Malformed,
    NotAllowed,
    NotFound,
    Refused,
)
from domain.incident import new_incident  # noqa: F401 - importing it completes the registry
from domain.message import COMMANDS, CommandSpec
from domain.people import SYSTEM_ROLES, Actor
from domain.references import references
from domain.review import sealed
from domain.rules import rules_text
from domain.state import read_incident_text
from domain.state.halt import ListedChannel
from domain.statement import TextDraft
from domain.statement_approval import ApproveStatement
from domain.statement_text import QuotedFact, TemplateMark
from domain.wire import decode, encode, instant_text
from services import vaulting
from services.answering import require_theirs
from services.checking import check_body
from services.company_lists import listed_channels
from services.content_hashes import with_content_hashes
from services.house import House
from services.reading import read_state, visible
from services.sending import (
    CONFIRMED_WITHIN,
    EndedFromOutside,
    Sent,
    accepted,
    answer_known,
    content_of,
    envelope_of,
    is_recorded,
    not_confirmed,
    send,
    start_stream,
)
from storage import incidents
from workflows.deciding import digest_of
from workflows.ids import incident_workflow
from workflows.incident import IncidentWorkflow

__all__ = ["Reported", "Sent", "act", "check_body", "report", "spec_of"]

POLL_S = 0.1
REOPEN = "reopen_incident"


@dataclass(frozen=True)
class Reported:
    """The number a report was given; `repeated` when the same key gave it before."""

    id: str
    repeated: bool


# ---------------------------------------------------------------- checking


def spec_of(name: str, registry: Mapping[str, CommandSpec] = COMMANDS) -> CommandSpec:
    """Give a command that people may give. Raises NotFound."""
    spec = registry.get(name)
    if spec is None or spec.roles <= SYSTEM_ROLES:
        raise NotFound(f"There is no act called {name!r:.60}.", "See /api/openapi.json.")
    return spec


# ---------------------------------------------------------------- reporting


async def report(house: House, actor: Actor, sent: Sent) -> Reported:
    """Open an incident: its number first, durable, then its workflow with the report as input.

    Raises AndonError; a repeated key gives the same number, another body under it KeyReused.
    """
    number, start = await asyncio.to_thread(_prepare_report, house, actor, sent)
    try:
        await _start(house, start, incident_workflow(number.id))
    except RPCError as error:
        raise not_confirmed() from error
    return number


async def _start(house: House, start: IncidentStart, workflow_id: str) -> None:
    await start_stream(house, IncidentWorkflow.run, start, workflow_id)


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
        vaulting.Under(
            command_id=sent.command_id,
            content=content_of(house, actor, spec, sent),
            subject=vaulting.new_subject("report", sent.command_id),
            repeated=lambda: incidents.is_reported(house.engine, sent.command_id),
        ),
    )
    envelope = envelope_of(house, "", actor, spec, replace(sent, body=body))
    reservation = incidents.Reservation(
        command_id=sent.command_id,
        digest=digest_of(envelope),
        created_at=house.now(),
        reported_by=actor.on_behalf_of or actor.id,
        title=", ".join(sent.body.get("products", ())),
        rules_hash=rules.hash,
        drill=house.drill,
    )
    with vaulting.unless_reused(house, spec, body):
        number = incidents.reserve_number(house.engine, house.now().year, reservation)
    envelope.incident = number.id
    start = IncidentStart(
        incident=number.id,
        rules=rules_text(rules),
        drill=house.drill,
        channels=[encode(ListedChannel, c) for c in listed_channels(house)],
        envelope=envelope,
    )
    return Reported(number.id, number.repeated), start


# ---------------------------------------------------------------- acting


async def act(house: House, actor: Actor, incident_id: str, sent: Sent) -> Answer:
    """Bring one act to its incident and wait until it is recorded.

    Raises Refused or NotAllowed when the plan or the state forbids it (that is an entry too),
    Malformed or KeyReused when it never reached the incident, NotConfirmed after 8 s of silence.
    """
    prepared = await asyncio.to_thread(_prepare, house, actor, incident_id, sent)
    return await _brought(house, spec_of(sent.command), prepared)


async def answer_by_link(house: House, actor: Actor, incident_id: str, sent: Sent) -> Answer:
    """Bring what somebody without an account sent: the link stands for one.

    A channel on the page of its order, an inspector in their room: the caller has found what the
    link is for (services/answer_links.py, services/rooms.py). Raises as `act`.
    """
    spec = COMMANDS[sent.command]
    row = await asyncio.to_thread(incidents.incident, house.engine, incident_id)
    prepared = await asyncio.to_thread(_prepare_for, house, actor, row, spec, sent)
    return await _brought(house, spec, prepared)


async def _brought(house: House, spec: CommandSpec, prepared: "_Prepared") -> Answer:
    if prepared.known is not None:
        return accepted(prepared.known)
    body = prepared.envelope.command["body"]
    sending = _send(house, prepared)
    return accepted(await vaulting.answered(house, spec, body, sending))


@dataclass
class _Prepared:
    row: incidents.IncidentRow
    envelope: Envelope
    known: Answer | None
    reopens: bool


def _prepare(house: House, actor: Actor, incident_id: str, sent: Sent) -> _Prepared:
    row = visible(house, actor, incident_id)
    return _prepare_for(house, actor, row, spec_of(sent.command), sent)


def _prepare_for(
    house: House, actor: Actor, row: incidents.IncidentRow, spec: CommandSpec, sent: Sent
) -> _Prepared:
    incident_id = row.id
    rules = house.rules(row.rules_hash)
    check_body(house, spec, sent, lambda said: may_ever(rules, actor, said))
    sent = replace(sent, body=drafting.with_kind(spec, sent.body))
    sent = with_content_hashes(house, actor, spec, sent)
    body = vaulting.seal_body(
        house,
        spec,
        sent.body,
        vaulting.Under(
            command_id=sent.command_id,
            content=content_of(house, actor, spec, sent),
            subject=_subject(house, incident_id, sent),
            repeated=lambda: is_recorded(house, incident_id, sent),
        ),
    )
    envelope = envelope_of(house, incident_id, actor, spec, replace(sent, body=body))
    if spec.name == ADOPT:
        envelope.rules = _kept_rules(house, sent.body["rules"])
    if issubclass(spec.type, TextDraft):
        _add_our_word(house, incident_id, spec, sent, envelope)
    with vaulting.unless_reused(house, spec, body):
        known = answer_known(house, envelope)
    if known is None and issubclass(spec.type, ApproveStatement):
        _hold_to_theirs(house, actor, incident_id, sent)
    return _Prepared(
        row=row,
        envelope=envelope,
        known=known,
        reopens=spec.name == REOPEN and _is_sealed(house, incident_id),
    )


def _hold_to_theirs(house: House, actor: Actor, incident_id: str, sent: Sent) -> None:
    """Refuse an approval for a market or language that others answer for. Raises NotAllowed."""
    stored = incidents.load_state(house.engine, incident_id)
    if stored is not None:
        state = read_incident_text(stored.state, house.rules(stored.rules_hash))
        named = str(sent.body["statement"]), str(sent.body.get("slot", ""))
        require_theirs(house, actor, state, *named)


def _add_our_word(
    house: House, incident_id: str, spec: CommandSpec, sent: Sent, envelope: Envelope
) -> None:
    """Add what the workflow cannot read: words of the company's lists, and the templates."""
    said: TextDraft = decode(spec.type, sent.body)
    stored = incidents.load_state(house.engine, incident_id)
    if stored is None:
        return
    state = read_incident_text(stored.state, house.rules(stored.rules_hash))
    marks = templating.marks_of(house.desk, state, spec.name, said)
    envelope.templates = [encode(TemplateMark, mark) for mark in marks]
    if references(said.texts):
        about = drafting.about_of(state, spec.type, getattr(said, "statement", ""))
        listed = drafting.listed(house.desk, state, said.texts, house.now(), about, said.markets)
        envelope.listed = [encode(QuotedFact, fact) for fact in listed]


def _kept_rules(house: House, rules_hash: str) -> str:
    """Give the text of the rules that an act names: the workflow reads no database.

    Nothing where none are kept: then `decide` refuses. Raises Malformed when they are broken.
    """
    try:
        return rules_text(house.rules(rules_hash))
    except NotFound:
        return ""
    except BrokenSetup as broken:
        sentence = f"The version of the plan under {rules_hash:.12} is broken: {broken.sentence}"
        hint = "Check the file with `andon plan check FILE` and adopt it again."
        raise Malformed(sentence, hint, fields=(FieldError("rules", sentence),)) from broken


def _is_sealed(house: House, incident_id: str) -> bool:
    """Say whether the incident's last run has ended; a closed report's goes on."""
    stored = incidents.load_state(house.engine, incident_id)
    return stored is not None and json.loads(stored.state)["review"]["closed_at"] is not None


def _subject(house: House, incident_id: str, sent: Sent) -> str:
    """Texts about a registered person belong to that person's key; others to a new one.

    What is told of somebody who was erased before has a key of its own.
    """
    case_id, own = sent.body.get("case"), vaulting.new_subject(incident_id, sent.command_id)
    if isinstance(case_id, str):
        state = incidents.load_state(house.engine, incident_id)
        case = json.loads(state.state)["report"]["cases"].get(case_id) if state else None
        if case and case["person"]:
            return vaulting.living(house, str(case["person"]["subject"]), own)
    return own


async def _send(house: House, prepared: _Prepared) -> Answer:
    if prepared.reopens:
        return await _reopen(house, prepared)
    envelope, row = prepared.envelope, prepared.row
    closed = None if row.is_open else await asyncio.to_thread(_closed, house, row.id)
    target = incident_workflow(envelope.incident, row.run)
    try:
        return await send(house, target, envelope, closed=closed)
    except EndedFromOutside:
        # The ledger is whole, the incident open: the next run begins from the fold, with this act.
        return await _reopen(house, prepared)


def _closed(house: House, incident_id: str) -> Refused:
    """Refuse an act behind the seal; whoever may reopen by the plan is named."""
    stored = incidents.load_state(house.engine, incident_id)
    if stored is None:
        return sealed()
    state = read_state(house, incident_id, stored)
    row, spec = state.rules.plan.act(REOPEN, state.grade), COMMANDS[REOPEN]
    return sealed(tuple(sorted(row.proposers or spec.roles)))


async def _reopen(house: House, prepared: _Prepared) -> Answer:
    """Reopening after the seal starts the next run from the fold, once the last one has ended."""
    envelope, run = prepared.envelope, prepared.row.run
    try:
        async with asyncio.timeout(CONFIRMED_WITHIN.total_seconds()):
            await _ended(house, incident_workflow(envelope.incident, run))
            start = await asyncio.to_thread(_reopened_start, house, prepared)
            await _start(house, start, await _free(house, envelope.incident, run + 1))
            return await _recorded(house, envelope)
    except (TimeoutError, RPCError) as error:
        raise not_confirmed() from error


async def _free(house: House, incident: str, run: int) -> str:
    """Give the id of the next run: not of one that was ended before it recorded anything."""
    while True:
        workflow_id = incident_workflow(incident, run)
        try:
            told = await house.temporal.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return workflow_id
            raise
        if told.status == WorkflowExecutionStatus.RUNNING:
            return workflow_id
        run += 1


async def _ended(house: House, workflow_id: str) -> None:
    """Wait until a sealed run has ended: two runs must never own one ledger."""
    handle = house.temporal.get_workflow_handle(workflow_id)
    while (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:  # noqa: ASYNC110 - another process's event
        await asyncio.sleep(POLL_S)


async def _recorded(house: House, envelope: Envelope) -> Answer:
    """Wait until the ledger knows what an act led to."""
    while (answer := await asyncio.to_thread(answer_known, house, envelope)) is None:  # noqa: ASYNC110 - another process's event
        await asyncio.sleep(POLL_S)
    return answer


def _reopened_start(house: House, prepared: _Prepared) -> IncidentStart:
    stored = incidents.load_state(house.engine, prepared.row.id)
    if stored is None:
        raise Refused("Nothing is recorded here yet.", "Wait until the report is recorded.")
    rules = house.rules(stored.rules_hash)
    awaited = awaited_rules(read_incident_text(stored.state, rules))
    return IncidentStart(
        incident=prepared.row.id,
        rules=rules_text(rules),
        drill=prepared.row.drill,
        envelope=prepared.envelope,
        carried=Carried(
            size=stored.size,
            recorded_at=instant_text(stored.recorded_at),
            state_hash=hashlib.sha256(stored.state.encode()).hexdigest(),
            frontier=list(stored.frontier),
            rules=[rules_text(house.rules(each)) for each in awaited],
        ),
    )
