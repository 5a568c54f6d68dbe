"""Rooms for inspectors: the address that nobody can guess, its code, who is in, and what they read.

What belongs here: making address and code, finding the room behind an address, what was read in it,
and bringing a question. What never does: who opens a room and for how long (domain/rooms.py), or
what its parts show (api/pages/room_parts.py).

Neither address nor code stands in a database, an entry or a log of ours: both are made anew from
the key of links whenever they are needed. The code is told by another way than the address, by
phone. Who gave it once has a pass, kept by their browser for that address alone; it proves that the
code was known, and opens nothing once the room is closed.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.canonical import canonical
from domain.envelope import Answer
from domain.people import PERFORMER, inspector_actor
from domain.rooms import LONGEST, NotLetIn, find_room
from domain.state import Incident
from domain.state.rooms import Room, RoomQuestion
from domain.values import PrivateText
from services import acting, read_log, vaulting
from services.house import House
from services.link_marks import current_key, every_key, mark, same
from services.read_log import ROOM_READ
from services.reading import kept_state
from services.sending import Sent
from storage import company, incidents

ROOMS: Final = "/rooms/"
CODE_DIGITS: Final = 8
ENTERED: Final = "entered"
"""In a line of the read log: the right code was given."""

READS_SHOWN: Final = 500
"""Lines of one room that its page lists; the log has all of them."""

_KEY_OF: Final = b"andon/room-link/1"
_ADDRESS: Final = re.compile(r"([A-Z]{1,16}-[0-9]{4}-[0-9]{1,9})-(R[1-9][0-9]{0,4})-([0-9a-f]{32})")
_NOBODY: Final = ("", "", "0" * 32)
"""What an address that is none of ours is looked at as: all wrong ones take the same work."""

_PASS: Final = re.compile(r"([0-9]{1,12})-([0-9a-f]{32})")
PASS_LASTS: Final = LONGEST


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room that is open now, with its incident; `inspector` is the name that its pages carry."""

    row: incidents.IncidentRow
    incident: Incident
    version: int
    room: Room
    inspector: str
    address: str

    @property
    def questions(self) -> tuple[RoomQuestion, ...]:
        """Give what was asked in this room, the newest last."""
        asked = self.incident.people.room_questions
        return tuple(one for one in asked if one.room == self.room.id)


@dataclass(frozen=True, slots=True)
class EndedRoom:
    """A room to which an address led once, and why nobody is let in any more."""

    incident: str
    room: str
    why: NotLetIn


# ---------------------------------------------------------------- address and code


def path_of(house: House, incident: str, room: str) -> str:
    """Give the path of a room; with the code as well, whoever has it may read."""
    key = current_key(house.ring, _KEY_OF)
    return f"{ROOMS}{incident}-{room}-{mark(key, 'room', incident, room)}"


def code_of(house: House, incident: str, room: str) -> str:
    """Give the code of a room: eight digits, to be told by another way than its address."""
    return _code(current_key(house.ring, _KEY_OF), incident, room)


def _code(key: bytes, incident: str, room: str) -> str:
    number = int(mark(key, "code", incident, room), 16)
    return str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def find(house: House, address: str) -> OpenRoom | None:
    """Give the open room behind an address; None alike for whatever leads to none now."""
    found = behind(house, address)
    return found if isinstance(found, OpenRoom) else None


def behind(house: House, address: str) -> OpenRoom | EndedRoom | None:
    """Give the room behind an address, open or over; None for what never led to one.

    Who asks is told the same of a room that is over and of none: only the log may tell them apart.
    """
    found = _ADDRESS.fullmatch(address)
    incident, room, told = found.groups() if found else _NOBODY
    # Every key is tried, so that the answer takes as long whichever made the mark.
    keys = [
        key
        for key in every_key(house.ring, _KEY_OF)
        if same(mark(key, "room", incident, room), told)
    ]
    stored = incidents.load_state(house.engine, incident) if keys else None
    if stored is None:
        return None
    row, state = incidents.incident(house.engine, incident), kept_state(house, incident, stored)
    kept = find_room(state, room)
    if kept is None:
        return None
    if not is_open(house, row, kept):
        closed = kept.closed_at is not None
        return EndedRoom(incident, room, NotLetIn.CLOSED if closed else NotLetIn.OVER)
    name = vaulting.open_texts(house, PERFORMER, [kept.inspector], None).get(kept.inspector.ref)
    # Without the name there is no mark to put on a page: then nothing is shown.
    if name is None or not vaulting.is_shown(name):
        return EndedRoom(incident, room, NotLetIn.OVER)
    return OpenRoom(row, state, stored.version, kept, name, address)


def is_open(house: House, row: incidents.IncidentRow, room: Room) -> bool:
    """Say whether a room may be entered now: it ends with its incident, if not before."""
    return row.is_open and room.is_open(house.now())


def is_code(house: House, found: OpenRoom, said: str) -> bool:
    """Say whether somebody gave the code of a room; spaces and full-width digits are no matter."""
    digits = "".join(str(int(sign)) for sign in said if sign.isdecimal())
    names = (found.incident.id, found.room.id)
    right = [same(_code(key, *names), digits) for key in every_key(house.ring, _KEY_OF)]
    return any(right)


def pass_of(house: House, found: OpenRoom) -> str:
    """Give the pass of somebody who gave the code: for this room alone, and for thirty days."""
    at = str(int(house.now().timestamp()))
    key = current_key(house.ring, _KEY_OF)
    return f"{at}-{mark(key, 'pass', found.incident.id, found.room.id, at)}"


def is_pass(house: House, found: OpenRoom, said: str) -> bool:
    """Say whether a pass is one of this room, and not too old."""
    given = _PASS.fullmatch(said)
    at, told = given.groups() if given else ("0", "0" * 32)
    names = (found.incident.id, found.room.id, at)
    right = [same(mark(key, "pass", *names), told) for key in every_key(house.ring, _KEY_OF)]
    age = house.now().timestamp() - int(at)
    return any(right) and 0 <= age < PASS_LASTS.total_seconds()


# ---------------------------------------------------------------- what is read


def open_words(house: House, texts: list[PrivateText]) -> dict[str, str]:
    """Give the words of questions and answers: whoever is in the room wrote or awaits them."""
    return vaulting.open_texts(house, PERFORMER, texts, None)


def note(house: House, found: OpenRoom, part: str, item: str = "") -> None:
    """Note what is looked at, before it is shown. Raises NotConfirmed, BrokenSetup."""
    body = {
        "incident": found.incident.id,
        "room": found.room.id,
        "part": part,
        "inspector": found.room.inspector.ref,
    }
    read_log.note_once(house, ROOM_READ, body | ({"item": item} if item else {}))


def reads_of(house: House, incident: str, room: str) -> list[company.LogLine]:
    """List what was looked at in a room, the newest first."""
    lines = company.lines_of(house.engine, [ROOM_READ], naming=incident)
    mine = [
        one for one in lines if (one.body.get("incident"), one.body.get("room")) == (incident, room)
    ]
    return mine[::-1][:READS_SHOWN]


# ---------------------------------------------------------------- what is asked


async def ask(
    house: House, found: OpenRoom, words: str, answer_by: datetime | None, key: str
) -> Answer:
    """Record a question; the same form sent again counts once. Raises as `acting.act` does."""
    body: Mapping[str, Any] = {
        "room": found.room.id,
        "words": words,
        "answer_by": answer_by.isoformat() if answer_by else None,
    }
    told = canonical({"address": found.address, "words": words, "key": key})
    once = f"room-{hashlib.sha256(told).hexdigest()[:40]}"
    sent = Sent(command="ask_in_room", body=dict(body), command_id=once)
    actor = inspector_actor(found.room.id)
    return await acting.answer_by_link(house, actor, found.incident.id, sent)
