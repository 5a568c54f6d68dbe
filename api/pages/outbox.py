"""The outbox: every message that would leave, shown instead of sent on the embedded default.

What belongs here: listing messages and showing one as it would arrive. What never does: sending.
"""

from collections.abc import Iterable
from typing import Annotated, Final
from urllib.parse import urlencode

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
    to: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """List messages, the newest first, of one incident or of all, to one receiver or to all."""
    incident, to = incident.strip(), to.strip()
    if incident:
        visible(guest.house, guest.who.actor, incident)
    sees = bool(incident) or guest.who.actor.holds(SEES_INCIDENTS)
    found = _found(guest, incident, to, page) if sees else []
    named = {name: value for name, value in (("incident", incident), ("to", to)) if value}
    return guest.show(
        "outbox.html",
        messages=_together(guest, found[:PAGE]),
        empty=_nothing(guest, sees=sees, is_narrowed=bool(named)),
        fields=_fields(guest, incident, to) if sees else [],
        narrowed=bool(named),
        is_demo=company.is_demo(guest.house.engine),
        newer=_address(named, page - 1) if page else "",
        older=_address(named, page + 1) if len(found) > PAGE else "",
    )


def _found(guest: Visit, incident: str, to: str, page: int) -> list[Message]:
    """Find the messages of a page, and one more where there are more."""
    bulk = guest.house.bulk
    recipients = _meant(guest, outbox.recipients_of(bulk, incident or None), to) if to else None
    return outbox.list_messages(
        bulk,
        incident=incident or None,
        recipients=recipients,
        limit=PAGE + 1,
        offset=page * PAGE,
    )


def _meant(guest: Visit, recipients: Iterable[str], to: str) -> list[str]:
    """Give the receivers whose name or address holds what was typed."""
    wanted = to.casefold()
    return [one for one in recipients if wanted in f"{_name(guest, one)} {one}".casefold()]


def _address(named: dict[str, str], page: int) -> str:
    return f"/outbox?{urlencode({'page': page, **named})}"


def _fields(guest: Visit, incident: str, to: str) -> list[Drawn]:
    """Give the fields that narrow the list: the incident by its number, the receiver by a word."""
    lens = guest.lens
    return [
        {
            "kind": "text",
            "name": "incident",
            "label": lens("Incident"),
            "value": incident,
            "maxlength": 40,
        },
        {
            "kind": "text",
            "name": "to",
            "label": lens("To"),
            "help": lens("A part of the name or of the address."),
            "value": to,
            "maxlength": 100,
        },
    ]


def _nothing(guest: Visit, *, sees: bool, is_narrowed: bool) -> str:
    """Say why no message is shown: there is none, or they are not this reader's to see."""
    if sees and is_narrowed:
        return guest.lens("No message is of this incident and to this receiver.")
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


def _name(guest: Visit, recipient: str) -> str:
    """Name who a message is for: a person, a channel, or the kind of reader it is brought to."""
    lens = guest.lens
    people = lens.names.people
    found = next((p for p in people.values() if recipient in (p.id, p.email)), None)
    if found is not None:
        return lens.person(found.id)
    if recipient in LISTS["message_channel"]:
        return lens.words.of("message_channel", recipient)
    channels = lens.names.items("channel")
    if recipient in channels:
        return lens.named("channel", recipient)
    there = (k for k, item in channels.items() if item.document.get("address") == recipient)
    channel = next(there, "")
    return lens.named("channel", channel) if channel else recipient


def _reader(guest: Visit, one: Message) -> str:
    """Name who a message is for in the list: a channel that has a letter box with its address."""
    name, to = _name(guest, one.recipient), one.recipient
    people = guest.lens.names.people.values()
    is_person = any(to in (person.id, person.email) for person in people)
    return f"{name} <{to}>" if "@" in to and name != to and not is_person else name


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
        "message.html",
        message={
            **_row(guest, found),
            "to": _name(guest, found.recipient),
            "body": found.body,
            "reason": found.reason,
        },
    )
