"""The read log: who read what is sensitive, as lines of the company's own log.

What belongs here: what a line says, and that the same thing read again within ten minutes is one
line. What never does: who may read (services/vaulting.py, domain/people.py).

Sensitive is what comes out of the vault (words of every class but the open one, sealed files),
what is taken away (reports to authorities), and what tells who did what: an audit, this log itself.
The line is written first. Where it cannot be written, what was asked for is not given.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.house import House
from storage import company

READ: Final = "SensitiveRead"
"""The line of a person of the company, or of an invited one."""

ROOM_READ: Final = "RoomRead"
"""The line of an inspector in their room."""

ONCE_IN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is read: its kind, the incident or case it stands in, and which one of its kind.

    `what` is one of `entry` and `entries` (of a ledger), `stage`, `text`, `packet`, `case`, `file`,
    `audit`, `company_log`, `room` (its page), `room_keys` (its link and code), `question` (of the
    auditor's ten), `dossier`, `privacy`. A `room` of an earlier release may mean its keys as well.
    """

    what: str
    incident: str = ""
    item: str = ""

    def body(self) -> dict[str, Any]:
        """Give it as a line holds it; an entry by its number, as lines always did."""
        told: dict[str, Any] = {"what": self.what}
        if self.incident:
            told["incident"] = self.incident
        if self.what == "entry":
            told["entry"] = int(self.item)
        elif self.item:
            told["item"] = self.item
        return told


def note(house: House, person: str, read: Read) -> None:
    """Note that a person reads something, before it is given. Raises NotConfirmed, BrokenSetup."""
    note_once(house, READ, {"person": person, **read.body()})


def note_once(house: House, kind: str, body: dict[str, Any]) -> None:
    """Write a line, unless the very same was written within ten minutes. Raises as `note`."""
    now = house.now()
    key = f"{kind} {json.dumps(body, sort_keys=True)}"
    if not house.reads.is_new(key, now, ONCE_IN):
        return
    try:
        company.log(house.engine, now, kind, body)
    except BaseException:
        house.reads.forget(key)
        raise
