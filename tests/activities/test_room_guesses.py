"""Many wrong codes at a room are told to who may close it: once a day, and not before there are."""

from datetime import UTC, datetime, timedelta

import pytest

from activities import moment
from activities.room_guesses import MANY
from activities.watch import WatchActivities
from domain.rooms import REFUSED
from storage import company, outbox, people
from storage.database import Database
from tests.database import database, postgres

__all__ = ["database", "postgres"]

NOW = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
INCIDENT = "INC-2026-0001"


def tried(database: Database, tries: int, minutes: float, room: str = "R1", **more: str) -> None:
    """Write a line as the door does, so many minutes before now."""
    body = {"incident": INCIDENT, "room": room, "why": "wrong_code", "from": "10.0.0.0/24", **more}
    at = NOW - timedelta(minutes=minutes)
    company.log(database.ledger, at, REFUSED, body | {"tries": tries})


def told(database: Database, now: datetime = NOW) -> list[outbox.Message]:
    """Let a new worker's round look; give the letters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moment, "now", lambda: now)
        WatchActivities(database.ledger, database.bulk, "http://console.test").sweep_overdue()
    return outbox.list_messages(database.bulk)


@pytest.fixture(autouse=True)
def _staff(database: Database) -> None:
    for name, role in (("fang", "legal"), ("gao", "incident_commander"), ("mei", "service_agent")):
        person = people.Person(id=name, name_zh="值", name_en=name, roles=(role,), language="en")
        people.save_person(database.ledger, person)


def test_ten_within_an_hour_are_told_once_a_day(database: Database) -> None:
    for tries in (1, 2, 5):
        tried(database, tries, 50)
    tried(database, 2, 20, **{"from": "10.9.9.0/24"})
    tried(database, 2, 5, **{"from": "10.8.8.0/24"})
    tried(database, 40, 3, why="door_shut")
    assert told(database) == [], "nine are none too many, and the right code is not a wrong one"
    tried(database, 1, 1)
    letters = told(database)
    assert sorted(one.recipient for one in letters) == ["fang", "gao"]
    assert letters[0].subject == f"{INCIDENT} · Wrong codes at room R1"
    assert f"http://console.test/incidents/{INCIDENT}/rooms/R1\n" in letters[0].body
    assert f"At least {MANY} wrong codes" in letters[0].body
    assert "10.0.0.0" not in letters[0].body
    tried(database, 50, 0)
    assert len(told(database, NOW + timedelta(minutes=9))) == 2
    assert len(told(database, NOW + timedelta(hours=12))) == 2, "a new day, and nothing new"


@pytest.mark.parametrize(
    ("minutes", "room", "why"),
    [(61.0, "R1", "wrong_code"), (1.0, "R2", "wrong_code"), (1.0, "R1", "closed")],
    ids=["longer ago", "another room", "a link that is over"],
)
def test_what_is_not_counted_together(
    minutes: float, room: str, why: str, database: Database
) -> None:
    tried(database, MANY - 1, 2)
    tried(database, MANY - 1, minutes, room, why=why)
    assert told(database) == []
