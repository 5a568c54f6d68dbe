"""Naming a whole team in one press: the company's own list, role by role, each a recorded act.

What belongs here: proposing who, as the company's list of people has it, and sending one act after
the other. What never does: a rule; each act is decided like any other, and the first refusal stops.
"""

import uuid
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api import bodies
from api.pages.frame import Guest, form_of, raw_texts, see_other
from api.pages.incident import require
from api.pages.looking import look
from api.pages.stage_people import ASSIGN, proposal
from api.typed import last
from services import acting
from services.sending import Sent

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.post("/incidents/{incident}/people/team")
async def name_team(guest: Guest, incident: str) -> Response:
    """Name everybody whom the page showed; pressing twice names nobody twice."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    view = await run_in_threadpool(lambda: require(look(guest, incident)))
    token = last(raw, "command_id") or uuid.uuid4().hex
    shown = await run_in_threadpool(proposal, view)
    wanted = set(raw.get("roles", ()))
    numbers: list[int] = []
    for one in (row for row in shown if row["role"] in wanted):
        body: dict[str, Any] = {"role": one["role"], "person": one["person"]}
        if one["deputy"]:
            body["deputy"] = one["deputy"]
        sent = Sent(
            command=ASSIGN,
            body=body,
            command_id=bodies.command_id(f"{token}-{one['role']}", guest.who.id),
        )
        answer = await acting.act(guest.house, guest.who.actor, incident, sent)
        numbers += [answer.first, answer.last]
    done = f"?done={min(numbers)}-{max(numbers)}" if numbers else ""
    return see_other(f"{view.address}/people{done}")
