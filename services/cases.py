"""After-sales cases: opening one, acting on one, and what people may read of them.

What belongs here: who may see a case, sealing what people told us under the case's own key, the
call. What never does: a rule of a case (domain/service_case.py). Whoever opened a case sees it;
people with a duty see all. What one may not see is answered like what is not there.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from temporalio.service import RPCError

from domain.acts import ActRefused
from domain.dispatch import Act
from domain.envelope import Answer, CaseStart, Envelope
from domain.errors import FieldError, Malformed, NotFound, Refused
from domain.message import CASE_COMMANDS, CommandSpec, command_from_wire, usual_access
from domain.people import SEES_INCIDENTS, Actor
from domain.plot import fold
from domain.rules import rules_text
from domain.service_case import decide_case, new_case
from domain.service_opening import OpenCase
from domain.stages import Stage
from domain.state.service_case import ServiceCase, case_title, read_case_text
from domain.wire import read_instant
from services import ledgers, reading, vaulting
from services.acting import Reported, check_body, spec_of
from services.house import House
from services.read_log import Read
from services.sending import (
    Sent,
    accepted,
    answer_known,
    content_of,
    envelope_of,
    is_recorded,
    not_confirmed,
    refusal,
    send,
    start_stream,
)
from storage import cases, incidents, streams
from workflows.case import CaseWorkflow
from workflows.deciding import digest_of
from workflows.ids import case_workflow

OPEN = "open_case"
"""The one command that opens a case; all others act on one."""


# ---------------------------------------------------------------- opening


async def open_case(house: House, actor: Actor, sent: Sent) -> Reported:
    """Open a case: its number first, durable, then its workflow with the first word as input.

    Raises AndonError: a case that would be refused gets no number. A repeated key gives the same
    number, another body under it KeyReused.
    """
    number, start = await asyncio.to_thread(_prepare_opening, house, actor, sent)
    try:
        await start_stream(house, CaseWorkflow.run, start, case_workflow(number.id))
    except RPCError as error:
        raise not_confirmed() from error
    return number


def _prepare_opening(house: House, actor: Actor, sent: Sent) -> tuple[Reported, CaseStart]:
    spec = spec_of(OPEN, CASE_COMMANDS)
    check_body(house, spec, sent)
    _check_numbers(house, actor, sent)
    rules = house.current_rules()
    said = _refuse_early(house, new_case("", rules), actor, spec, sent)
    repeated = lambda: cases.is_opened(house.engine, sent.command_id)  # noqa: E731
    under = _under(sent, sent.command_id, content_of(house, actor, spec, sent), repeated)
    sealed = _sealed(house, spec, sent, under)
    envelope = envelope_of(house, "", actor, spec, sealed)
    reservation = cases.CaseReservation(
        command_id=sent.command_id,
        digest=digest_of(envelope),
        created_at=house.now(),
        opened_by=actor.on_behalf_of or actor.id,
        title=case_title(said.kind, said.product or ""),
        rules_hash=rules.hash,
        product=said.product or "",
        lot=said.lot or "",
        incident=said.incident,
        drill=house.drill,
    )
    with vaulting.unless_reused(house, spec, sealed.body):
        number = cases.reserve_case(house.engine, house.now().year, reservation)
    envelope.incident = number.id
    start = CaseStart(
        incident=number.id, rules=rules_text(rules), drill=house.drill, envelope=envelope
    )
    return Reported(number.id, number.repeated), start


def _refuse_early(
    house: House, empty: ServiceCase, actor: Actor, spec: CommandSpec, sent: Sent
) -> OpenCase:
    """Decide the opening beforehand, on paper: what would be refused is given no number."""
    body = vaulting.stand_in(spec, sent.body)
    said: OpenCase = command_from_wire({"type": spec.name, "v": spec.version, "body": body})
    now = house.now()
    happened_at = read_instant(sent.happened_at) if sent.happened_at else now
    act = Act(
        command_id=sent.command_id, actor=actor, at=now, happened_at=happened_at, command=said
    )
    first = decide_case(empty, act)[0]
    if isinstance(first, ActRefused):
        raise refusal(
            {
                "code": first.reason,
                "sentence": first.sentence,
                "hint": first.hint,
                "who_could": first.who_could,
            }
        )
    return said


def _check_numbers(house: House, actor: Actor, sent: Sent) -> None:
    """Refuse numbers of incidents and cases that are not there, or not to be seen by the actor."""
    faults = []
    incident = sent.body.get("incident")
    if isinstance(incident, str) and incident and not _sees(house, actor, incident):
        faults.append(FieldError("incident", f"There is no incident {incident!r:.200}."))
    earlier = sent.body.get("earlier", ())
    for place, case_id in enumerate(earlier if isinstance(earlier, list | tuple) else ()):
        try:
            visible_case(house, actor, case_id)
        except NotFound:
            faults.append(FieldError(f"earlier.{place}", f"There is no case {case_id!r:.200}."))
    if faults:
        raise Malformed(
            faults[0].sentence, "Correct it; nothing was changed.", fields=tuple(faults)
        )


def _sees(house: House, actor: Actor, incident_id: str) -> bool:
    try:
        reading.visible(house, actor, incident_id)
    except NotFound:
        return False
    return True


def _under(
    sent: Sent, opening_command: str, content: str, repeated: Callable[[], bool]
) -> vaulting.Under:
    """Say how a case's private texts are sealed: all under the key of the case's one subject."""
    return vaulting.Under(
        command_id=sent.command_id,
        content=content,
        subject=vaulting.new_subject("case", opening_command),
        access=usual_access(Stage.CASE),
        repeated=repeated,
    )


def _sealed(house: House, spec: CommandSpec, sent: Sent, under: vaulting.Under) -> Sent:
    return replace(sent, body=vaulting.seal_body(house, spec, sent.body, under))


# ---------------------------------------------------------------- acting


async def act_on_case(house: House, actor: Actor, case_id: str, sent: Sent) -> Answer:
    """Bring one act to its case and wait until it is recorded.

    Raises Refused or NotAllowed when the plan or the state forbids it (that is an entry too),
    Malformed or KeyReused when it never reached the case, NotConfirmed after 8 s of silence.
    """
    prepared = await asyncio.to_thread(_prepare, house, actor, case_id, sent)
    if prepared.known is not None:
        return accepted(prepared.known)
    spec, body = spec_of(sent.command, CASE_COMMANDS), prepared.envelope.command["body"]
    return accepted(await vaulting.answered(house, spec, body, _send(house, prepared)))


@dataclass
class _Prepared:
    row: cases.CaseRow
    envelope: Envelope
    known: Answer | None


def _prepare(house: House, actor: Actor, case_id: str, sent: Sent) -> _Prepared:
    row = visible_case(house, actor, case_id)
    spec = spec_of(sent.command, CASE_COMMANDS)
    check_body(house, spec, sent)
    _check_numbers(house, actor, sent)
    repeated = lambda: is_recorded(house, case_id, sent)  # noqa: E731
    under = _under(sent, row.command_id, content_of(house, actor, spec, sent), repeated)
    own = vaulting.new_subject(case_id, sent.command_id)
    under = replace(under, subject=vaulting.living(house, under.subject, own))
    sealed = _sealed(house, spec, sent, under)
    envelope = envelope_of(house, case_id, actor, spec, sealed)
    with vaulting.unless_reused(house, spec, sealed.body):
        return _Prepared(row, envelope, answer_known(house, envelope))


async def _send(house: House, prepared: _Prepared) -> Answer:
    closed = Refused("This case is closed.", "Open a new one and name this one in it.",
                     code="closed")  # fmt: skip
    return await send(
        house,
        case_workflow(prepared.row.id),
        prepared.envelope,
        closed=None if prepared.row.is_open else closed,
    )


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class SeenCase:
    """A case as somebody may see it: its row, and its state (None: being recorded)."""

    row: cases.CaseRow
    state: ServiceCase | None
    version: int
    root: str


def visible_case(house: House, actor: Actor, case_id: str) -> cases.CaseRow:
    """Give a case's row to who may see it. Raises NotFound alike for all others."""
    row = cases.case(house.engine, case_id)
    mine = row.opened_by == (actor.on_behalf_of or actor.id) and not actor.is_from_outside
    if actor.holds(SEES_INCIDENTS) or mine:
        return row
    raise incidents.no_such(case_id)


def see_case(house: House, actor: Actor, case_id: str) -> SeenCase:
    """Give a case with its state now. Raises NotFound."""
    row = visible_case(house, actor, case_id)
    stored = streams.stream_state(house.engine, case_id)
    if stored is None:
        return SeenCase(row, None, row.version, "")
    state = read_case_text(stored.state, house.rules(stored.rules_hash))
    return SeenCase(row, state, stored.version, stored.root)


def case_at_entry(house: House, actor: Actor, case_id: str, seq: int) -> ServiceCase:
    """Give the state after entry `seq`: the same fold. Raises NotFound."""
    row = visible_case(house, actor, case_id)
    if not 0 <= seq <= row.size:
        raise NotFound(f"{case_id} has entries 1 to {row.size}.", "Choose one of them.")
    return _folded(house, row, seq)


def case_at_instant(house: House, actor: Actor, case_id: str, at: datetime) -> ServiceCase:
    """Give the state at an instant, by recorded time: all entries with `recorded_at <= at`."""
    row = visible_case(house, actor, case_id)
    return _folded(house, row, streams.size_at(house.engine, case_id, at))


def _folded(house: House, row: cases.CaseRow, size: int) -> ServiceCase:
    leaves = streams.read_contents(house.engine, row.id, 1, size) if size else []
    rules = house.rules(streams.first_rules(house.engine, row.id))
    return fold(new_case(row.id, rules, drill=row.drill), leaves)


def list_cases(house: House, actor: Actor, incident: str | None = None) -> list[cases.CaseRow]:
    """List cases the actor may see: the open ones, or all of an incident. Raises NotFound."""
    if incident is not None:
        reading.visible(house, actor, incident)
    if actor.holds(SEES_INCIDENTS):
        return cases.list_cases(house.engine, incident=incident)
    if actor.is_from_outside:
        return []
    mine = cases.opened_by(house.engine, actor.on_behalf_of or actor.id)
    return [row for row in mine if incident in (None, row.incident)]


def case_page(
    house: House, actor: Actor, case_id: str, *, after: int, limit: int
) -> ledgers.LedgerPage:
    """Give the entries of a case after a number. Raises NotFound."""
    visible_case(house, actor, case_id)
    return ledgers.page_of(house, case_id, after=after, limit=limit)


def case_bytes(house: House, actor: Actor, case_id: str, after: int) -> Iterator[bytes]:
    """Give the entries of a case as the bytes they are, one a line. Raises NotFound."""
    visible_case(house, actor, case_id)
    return ledgers.bytes_of(house, case_id, after)


def texts_of(house: House, actor: Actor, case: ServiceCase) -> dict[str, str]:
    """Give the words of the customer file that the actor may read, by reference."""
    file = case.file
    kept = (file.customer, file.purchase, file.use, *file.words)
    read = Read(what="case", incident=case.id)
    return vaulting.open_texts(house, actor, [text for text in kept if text is not None], read)


def row_document(row: cases.CaseRow) -> dict[str, Any]:
    """Give a case's row as plain JSON; `recorded` False: received, being recorded."""
    return {
        "id": row.id,
        "title": row.title,
        "recorded": row.size > 0,
        "open": row.is_open,
        "status": row.status,
        "level": row.level or None,
        "product": row.product,
        "lot": row.lot,
        "incident": row.incident,
        "opened_by": row.opened_by,
        "created_at": row.created_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat() if row.recorded_at else None,
        "next_due_at": row.next_due_at.isoformat() if row.next_due_at else None,
        "drill": row.drill,
        "size": row.size,
        "version": row.version,
    }
