"""Wrong codes at an inspector's room, when there are many: told to who opens and closes rooms.

What belongs here: counting the lines of the last hour, and the message. What never does: writing
such a line (services/room_doors.py), or closing a room: people do that.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.engine import Engine

from domain.envelope import Told, Wire
from domain.errors import NotFound
from domain.rooms import KEEPERS, REFUSED, NotLetIn
from storage import company, incidents

KIND: Final = "room_guessed"
MANY: Final = 10
"""Wrong codes within an hour from which on it is told: twice what closes the door for minutes."""

WITHIN: Final = timedelta(hours=1)


def guessed_rooms(engine: Engine, now: datetime) -> Iterator[Told]:
    """Give the message about each room at which many wrong codes were tried, one a day."""
    for (incident, room), tries in sorted(_tried(engine, now - WITHIN).items()):
        if tries >= MANY:
            yield _told(engine, incident, room, tries, now)


def _tried(engine: Engine, since: datetime) -> Counter[tuple[str, str]]:
    """Count the wrong codes tried at each room since an instant; a right one is none of them.

    A line says how many there were in its minute so far: of each minute the last one counts.
    """
    last: dict[tuple[str, ...], int] = {}
    for line in company.lines_of(engine, [REFUSED], since=since):
        body = line.body
        if body["why"] == NotLetIn.WRONG_CODE:
            minute = line.at.isoformat(timespec="minutes")
            key = (body["incident"], body["room"], body["why"], body["from"], minute)
            last[key] = max(last.get(key, 0), int(body["tries"]))
    found: Counter[tuple[str, str]] = Counter()
    for (incident, room, *_), tries in last.items():
        found[incident, room] += tries
    return found


def _told(engine: Engine, incident: str, room: str, tries: int, now: datetime) -> Told:
    try:
        drill = incidents.incident(engine, incident).drill
    except NotFound:
        drill = ""
    roles = [str(role) for role in KEEPERS]
    body: Wire = {"kind": KIND, "roles": roles, "room": room, "tries": tries}
    return Told(f"room:{incident}:{room}:guessed:{now:%Y-%m-%d}", incident, drill, body)
