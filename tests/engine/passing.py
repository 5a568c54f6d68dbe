"""Deadlines that passed, as the ledger records them and as people hear of them.

What belongs here: reading both, and the assertion that each deadline counts once. What never does:
how the time passed, or which deadlines should have (each test works that out).
"""

from collections import Counter
from collections.abc import Collection

from domain.duties import DutyOverdue
from domain.ledger import Entry, read_entry
from storage import outbox, streams
from storage.database import Database

EVERYTHING = 1_000_000
OVERDUE = ("3", "4", "5")
"""The rungs from which a letter says that a time is over."""


def entries_of(database: Database, incident: str) -> list[Entry]:
    """Read every entry of an incident back."""
    return [read_entry(row.content) for row in streams.read_entries(database.ledger, incident)]


def passed(database: Database, incident: str, mine: Collection[str]) -> list[DutyOverdue]:
    """Give what the ledger says of the passing of some duties, in its order."""
    events = [entry.event for entry in entries_of(database, incident)]
    return [event for event in events if isinstance(event, DutyOverdue) and event.duty in mine]


def letters(database: Database, incident: str, part: str) -> list[outbox.Message]:
    """Give the letters whose key has a part."""
    kept = outbox.list_messages(database.bulk, incident=incident, limit=EVERYTHING)
    return [one for one in kept if part in one.effect_key]


def told_overdue(database: Database, incident: str, duty: str) -> Counter[str]:
    """Count the letters that each person has about a duty whose time is over."""
    rungs = letters(database, incident, f"tell:duty:{duty}:")
    overdue = [one for one in rungs if one.effect_key.partition("@")[2][:1] in OVERDUE]
    return Counter(one.recipient for one in overdue)


def assert_told_once(database: Database, incident: str, mine: Collection[str]) -> None:
    """Each deadline is one entry, in order; each person has one letter about each duty."""
    found = passed(database, incident, mine)
    assert sorted(event.duty for event in found) == sorted(mine)
    assert [event.due_at for event in found] == sorted(event.due_at for event in found)
    for duty in mine:
        heard = told_overdue(database, incident, duty)
        assert heard, f"nobody was told that {duty} is overdue"
        assert set(heard.values()) == {1}, heard
