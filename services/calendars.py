"""The calendar that a person subscribes to: its secret address, and the duties it holds.

What belongs here: making and voiding the secret, and finding whose it is. What never does: the file
itself (api/pages/calendar_feed.py), or who may see a duty (services/duties.py).

Whoever has the address reads it without a password, because calendar programs know none: it holds
no word in confidence, and shows what the person may see at that moment.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from domain.duties import DutyDue
from domain.errors import NotSignedIn
from domain.ledger import Entry, read_entry
from services import duties, people
from services.duties import Choice
from services.house import House
from services.people import Signed, hash_secret
from storage import calendar_secrets, company, streams
from storage.duties import ListedDuty

CALENDARS: Final = "/calendar/"
ENDING: Final = ".ics"
AT_MOST: Final = 1_000
"""Duties in one calendar: those that are due next."""


def make(house: House, person: str) -> str:
    """Make the secret of a person's calendar; it is shown once, and voids the one before."""
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    calendar_secrets.keep(house.engine, person, hash_secret(secret), now)
    company.log(house.engine, now, "CalendarMade", {"person": person})
    return secret


def revoke(house: House, person: str) -> None:
    """Void the secret of a person's calendar; where there is none, nothing is done."""
    if calendar_secrets.forget(house.engine, person):
        company.log(house.engine, datetime.now(UTC), "CalendarRevoked", {"person": person})


def made_at(house: House, person: str) -> datetime | None:
    """Say when a person's secret was made; None where there is none."""
    return calendar_secrets.made_at(house.engine, person)


def address_of(house: House, secret: str) -> str:
    """Give the address under which a calendar is read."""
    return f"{house.settings.console_url}{CALENDARS}{secret}{ENDING}"


def whose(house: House, secret: str) -> Signed | None:
    """Give whose calendar a secret opens; None alike for every other."""
    person = calendar_secrets.person_of(house.engine, hash_secret(secret))
    if person is None:
        return None
    try:
        return people.who_by_name(house, person, "calendar")
    except NotSignedIn:
        return None


def shown(house: House, who: Signed) -> list[ListedDuty]:
    """Give the duties of real incidents with a due time that the person may see now."""
    found = duties.find(house, who.actor, Choice(real=True), limit=AT_MOST)
    return [one for one in found.rows if one.duty.due_at is not None]


def derivations(house: House, rows: Iterable[ListedDuty]) -> dict[tuple[str, int], Entry]:
    """Give the entries by which duties became due, by incident and number."""
    places = [(one.incident, one.duty.due_seq) for one in rows if one.duty.due_seq]
    found = (read_entry(row.content) for row in streams.entries_at(house.engine, places))
    return {(one.incident, one.seq): one for one in found if isinstance(one.event, DutyDue)}
