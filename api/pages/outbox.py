"""The outbox: every message that would leave, shown instead of sent on the embedded default.

What belongs here: listing messages and showing one as it would arrive. What never does: sending.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages.frame import Guest, Visit
from api.pages.lens import Drawn
from api.word_lists import LISTS
from domain.errors import NotFound
from domain.people import SEES_INCIDENTS
from services.reading import visible
from storage import company, outbox
from storage.outbox import Message

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
PAGE: Final = 50
WHY: Final = frozenset({"later", "failed", "unsure", "bounced"})
"""States of which the list says the reason too; of what was sent the page of the message does."""


@router.get("/outbox")
def show(
    guest: Guest,
    incident: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """List messages, the newest first, of one incident or of all."""
    if incident:
        visible(guest.house, guest.who.actor, incident)
    sees = bool(incident) or guest.who.actor.holds(SEES_INCIDENTS)
    found = (
        outbox.list_messages(
            guest.house.bulk, incident=incident or None, limit=PAGE + 1, offset=page * PAGE
        )
        if sees
        else []
    )
    more = f"&incident={incident}" if incident else ""
    return guest.show(
        "outbox.html",
        messages=_together(guest, found[:PAGE]),
        empty=_nothing(guest, sees=sees),
        incident=incident,
        is_demo=company.is_demo(guest.house.engine),
        newer=f"/outbox?page={page - 1}{more}" if page else "",
        older=f"/outbox?page={page + 1}{more}" if len(found) > PAGE else "",
    )


def _nothing(guest: Visit, *, sees: bool) -> str:
    """Say why no message is shown: there is none, or they are not this reader's to see."""
    if sees:
        return guest.lens("No message would leave.")
    return guest.lens(
        "Messages are about incidents, and your roles do not show you all incidents: whether any "
        "would leave is not said here. Ask somebody of the team or an auditor."
    )


def _together(guest: Visit, messages: Iterable[Message]) -> list[Drawn]:
    """Give the messages, those of the same words and end to several people as one row."""
    rows: dict[tuple[str, ...], Drawn] = {}
    for one in messages:
        minute = one.created_at.strftime("%Y-%m-%d %H:%M")
        row = _row(guest, one)
        words, became = (one.subject, one.body), (one.state, one.reason)
        first = rows.setdefault((minute, one.incident, *words, one.channel, *became), row)
        if first is not row:
            first["readers"] += row["readers"]
    return list(rows.values())


def _reader(guest: Visit, one: Message) -> str:
    """Name who a message is for: a person, a channel, or the kind of reader it is brought to."""
    lens = guest.lens
    people = lens.names.people
    found = next((p for p in people.values() if one.recipient in (p.id, p.email)), None)
    if found is not None:
        return lens.person(found.id)
    if one.recipient in LISTS["message_channel"]:
        return lens.words.of("message_channel", one.recipient)
    channels = lens.names.items("channel")
    if one.recipient in channels:
        return lens.named("channel", one.recipient)
    there = (k for k, item in channels.items() if item.document.get("address") == one.recipient)
    channel = next(there, "")
    return f"{lens.named('channel', channel)} <{one.recipient}>" if channel else one.recipient


def _row(guest: Visit, one: Message) -> Drawn:
    lens = guest.lens
    return {
        "readers": [{"name": _reader(guest, one), "href": f"/outbox/{one.id}"}],
        "href": f"/outbox/{one.id}",
        "subject": one.subject or one.body.split("\n")[0][:80],
        "recipient": one.recipient,
        "audience": lens.words.of("audience", one.audience),
        "channel": lens.words.of("message_channel", one.channel),
        "language": lens.language(one.language),
        "lang": one.language.replace("_", "-"),
        "incident": one.incident,
        "state": lens.words.of("message_state", one.state),
        "reason": one.reason if one.state in WHY else "",
        "at": lens.moment(one.created_at),
    }


@router.get("/outbox/{message}")
def one(guest: Guest, message: str) -> Response:
    """Show one message, word for word."""
    found = outbox.message(guest.house.bulk, message)
    if not guest.who.actor.holds(SEES_INCIDENTS):
        raise NotFound(f"There is no message {message:.30}.", "Look at the Outbox page.")
    return guest.show(
        "message.html", message={**_row(guest, found), "body": found.body, "reason": found.reason}
    )
