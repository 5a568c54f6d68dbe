"""Confirming several channels in one press: one answer that holds for each, each a recorded act.

What belongs here: reading the form and sending one act after the other. What never does: a rule;
each act is decided like any other. What was confirmed before a refusal stays confirmed; the form
comes back with the others still ticked.
"""

import uuid
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api import bodies
from api.pages.frame import Guest, form_of, raw_texts, see_other
from api.pages.incident import Refilled, require, stage_response
from api.pages.looking import View, look
from api.pages.stopping import CONFIRM, LONGEST, stopped_form
from api.typed import Raw, last
from domain.errors import NotConfirmed, Refused
from domain.stages import Stage
from services import acting
from services.sending import Sent

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.post("/incidents/{incident}/halt/stopped")
async def confirm_channels(guest: Guest, incident: str) -> Response:
    """Confirm every channel that was ticked; pressing twice confirms none twice."""
    raw = raw_texts(await form_of(guest.request, guest.who))
    view = await run_in_threadpool(lambda: require(look(guest, incident)))
    errors = _errors(view, raw)
    if errors:
        return await run_in_threadpool(_again, view, raw, errors)
    token, numbers = last(raw, "command_id") or uuid.uuid4().hex, []
    for channel in dict.fromkeys(raw["channels"]):
        sent = Sent(
            command=CONFIRM,
            body={"channel": channel, "proof": last(raw, "proof")},
            command_id=bodies.command_id(f"{token}-{channel}", guest.who.id),
        )
        try:
            answer = await acting.act(guest.house, guest.who.actor, incident, sent)
        except (Refused, NotConfirmed) as error:
            return await run_in_threadpool(_stopped_short, view, raw, channel, error)
        numbers += [answer.first, answer.last]
    return see_other(f"{view.address}/halt?done={min(numbers)}-{max(numbers)}")


def _stopped_short(view: View, raw: Raw, channel: str, error: Refused | NotConfirmed) -> Response:
    """Show the form again from the channel that was not confirmed on."""
    lens, now = view.lens, require(look(view.visit, view.row.id))
    listed = view.state.halt.listed.get(channel)
    name = lens.words.pick(listed.name, listed.name_zh) if listed else channel
    told = lens.named_line(name, f"{lens.sentence(error.sentence)} {lens.sentence(error.hint)}")
    wanted = raw["channels"]
    rest = {**raw, "channels": wanted[wanted.index(channel) :]}
    status = 503 if isinstance(error, NotConfirmed) else 409
    return _again(now, rest, {"channels": told}, status)


def _errors(view: View, raw: Raw) -> dict[str, str]:
    lens, found = view.lens, {}
    known, proof = view.state.halt.channels, last(raw, "proof").strip()
    if not raw.get("channels") or any(one not in known for one in raw["channels"]):
        found["channels"] = lens("Tick the channels that have stopped.")
    if not proof:
        found["proof"] = lens("Say how you know, in a few words.")
    elif len(proof) > LONGEST:
        found["proof"] = lens("Say it in %(n)s characters at most.", n=LONGEST)
    return found


def _again(view: View, raw: Raw, errors: Mapping[str, str], status: int = 422) -> Response:
    fields = stopped_form(view, raw, errors)
    form = Refilled(fields, errors, last(raw, "command_id"), status)
    return stage_response(view, Stage.HALT, form)
