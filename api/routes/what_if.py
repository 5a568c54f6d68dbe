"""What if, as JSON: the clocks of the law that a supposed act would start or move.

What belongs here: the route and the shape of its answer. What never does: recording anything, or a
rule (domain/what_if.py).
"""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.bodies import read_object
from api.errors import Json
from api.openapi import problems
from domain.errors import Malformed, NotFound
from domain.message import CommandSpec
from domain.state import Incident
from domain.state.notice import Duty
from domain.what_if import Change, Supposed, first_due
from domain.wire import instant_text
from services import reading
from services.acting import spec_of
from services.house import House
from services.people import Signed
from services.supposing import read_at, read_step, suppose

router = APIRouter(prefix="/api/incidents", tags=["notice"])

Plain = dict[str, Any]
FIELDS = frozenset({"type", "v", "body", "at"})
_BODY = {
    "type": "object",
    "required": ["type"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "A command, as its own route is called."},
        "v": {"type": "integer", "default": 1},
        "body": {"type": "object", "description": "As its own route takes it, with its item."},
        "at": {"type": "string", "format": "date-time", "description": "When; now if missing."},
    },
}


@router.post(
    "/{incident}/notice/what-if",
    responses=problems(401, 404, 413, 422),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}}
    },
)
async def what_if(request: Request, house: TheHouse, who: Reader, incident: str) -> Response:
    """Say which duties a command would open or move if it took effect at a time.

    Nothing is recorded. It is answered to whoever sees the incident, also where the act is others'.
    """
    told = await read_object(request)
    return Json(await asyncio.to_thread(_answer, house, who, incident, told))


def _answer(house: House, who: Signed, incident: str, told: Plain) -> Plain:
    state = reading.see(house, who.actor, incident).state
    if state is None:
        raise NotFound(f"{incident} is received and being recorded.", "Ask again in a moment.")
    spec, body, at = _read(told, house.now())
    step = read_step(house, who.actor, state, spec, (body, at))
    return document(state, suppose(state, [step]), spec.name, at)


def _read(told: Plain, now: datetime) -> tuple[CommandSpec, Plain, datetime]:
    """Read what is asked. Raises Malformed; NotFound for a command that there is not."""
    more = sorted(set(told) - FIELDS)
    if more:
        raise Malformed(f"There is no field {more[0]!r:.60} here.", "Give type, v, body and at.")
    name, body, at = told.get("type"), told.get("body", {}), told.get("at", "")
    if not (isinstance(name, str) and isinstance(body, dict) and isinstance(at, str)):
        raise Malformed("This question cannot be read.", "Give type, v, body and at.")
    spec = spec_of(name)
    if told.get("v", spec.version) != spec.version:
        raise Malformed(
            f"{spec.name} has version {spec.version} in this release.", "Give that one, or none."
        )
    return spec, body, read_at(at, now)


# ---------------------------------------------------------------- the answer


def document(state: Incident, supposed: Supposed, name: str, at: datetime) -> Plain:
    """Give what would be as plain JSON: each duty that changes, now beside then."""
    refused = supposed.refused
    return {
        "recorded": False,
        "supposed": {"type": name, "at": instant_text(at)},
        "refused": None
        if refused is None
        else {"code": refused.code, "sentence": refused.sentence, "hint": refused.hint},
        "changes": [_change(one) for one in supposed.changes],
        "next_due": {"now": _next(state), "then": _next(supposed.incident)},
    }


def _change(one: Change) -> Plain:
    duty = one.after
    return {
        "moves": [str(each) for each in one.moves],
        "duty": duty.id if one.before else None,
        "rule": duty.rule,
        "title": {"en": duty.title_en, "zh": duty.title_zh},
        "authority": {"en": duty.authority_en, "zh": duty.authority_zh},
        "place": duty.place,
        "subject": duty.subject,
        "now": _times(one.before) if one.before else None,
        "then": _times(duty),
        "derivation": None
        if one.due is None
        else {
            "calendar": one.due.calendar,
            "calendar_hash": one.due.calendar_hash,
            "steps": {"en": list(one.due.steps_en), "zh": list(one.due.steps_zh)},
        },
    }


def _times(duty: Duty) -> Plain:
    return {
        "status": str(duty.status),
        "possible": duty.possible,
        "verified": duty.verified,
        "start_fact": str(duty.start_fact),
        "start_at": instant_text(duty.start_at),
        "limit": duty.limit,
        "due_at": instant_text(duty.due_at) if duty.due_at else None,
        "phone_at": instant_text(duty.phone_at) if duty.phone_at else None,
        "basis": str(duty.due_basis) if duty.due_basis else None,
        "law": duty.law,
        "provisional": duty.provisional,
        "no_due_why": duty.no_due_why,
    }


def _next(state: Incident) -> Plain | None:
    """Give the open duty that is due first."""
    first = first_due(state)
    if first is None or first.due_at is None:
        return None
    return {"rule": first.rule, "subject": first.subject, "due_at": instant_text(first.due_at)}
