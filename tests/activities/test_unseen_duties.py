"""The sweep over duties: found without the incident's workflow, told once, to those who own them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from activities import moment
from activities.ledger import LedgerActivities
from activities.messages import MessageActivities
from activities.unseen_duties import key_of
from activities.watch import GRACE, WatchActivities
from domain.agenda import PassTime
from domain.determining import ReviewDetermination
from domain.duties import DutyOverdue
from domain.envelope import RecordBatch, Told
from domain.incident import effects
from domain.ledger import read_entry
from domain.people import CLOCK, Role
from domain.report import AcceptReport, CloseReport
from domain.rules import rules_text
from domain.severity import Outcome
from domain.values import PersonId
from storage import incidents, outbox, people, schema
from storage import rules as rule_store
from storage.database import Database, open_database
from storage.incidents import Reservation, reserve_number
from tests.domain.duties import COMMANDER, LEGAL, Notified, determined, utc, words
from tests.domain.recalls import QUALITY
from tests.domain.story import MILD, START, rules

INCIDENT = "INC-2026-0001"
HOLDERS = {
    "bai": (Role.REGULATORY_AFFAIRS,),
    "jonas": (Role.REGULATORY_AFFAIRS,),
    "fang": (Role.LEGAL,),
    "zhou": (Role.DUTY_OFFICER,),
    "gao": (Role.INCIDENT_COMMANDER,),
    "chief": (Role.INCIDENT_COMMANDER,),
    "mei": (Role.SERVICE_AGENT,),
}
ADR = "CN-ADR-SERIOUS"
DUE_AT = utc("2026-03-17 16:00") - timedelta(seconds=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    for name, roles in HOLDERS.items():
        one = people.Person(id=name, name_zh=name, name_en=name, roles=roles, language="en")
        people.save_person(database.ledger, one)
    yield database
    database.close()


def report_and_hurt() -> Notified:
    story = Notified()
    story.reported(MILD)
    story.did(COMMANDER, AcceptReport(commander=PersonId("gao")))
    story.hurt("CN", Outcome.HOSPITALISED)
    return story


@dataclass
class House:
    """A recorded story, the sweep, and letters as people get them; `now` is the sweep's time."""

    database: Database
    story: Notified
    patch: pytest.MonkeyPatch
    recorded: int = 0
    ledger: LedgerActivities = field(init=False)
    watch: WatchActivities = field(init=False)

    def __post_init__(self) -> None:
        engine, bulk = self.database.ledger, self.database.bulk
        text = rules_text(rules()).encode()
        hash_of = rule_store.keep_rules(engine, "incident", text, self.story.now)
        reserve_number(engine, 2026, reservation(hash_of))
        self.ledger = LedgerActivities(engine)
        self.watch = WatchActivities(engine, bulk, "http://console.test")
        self.records()

    def records(self) -> None:
        """Record what the story has that the ledger lacks."""
        leaves = [leaf.decode() for leaf in self.story.leaves[self.recorded :]]
        batch = RecordBatch(INCIDENT, self.recorded + 1, leaves, [])
        self.ledger.record(batch)
        self.recorded = len(self.story.leaves)

    def sweeps(self, at: datetime) -> list[str]:
        self.patch.setattr(moment, "now", lambda: at)
        return self.watch.sweep_overdue().found

    def heard(self, of: str = "") -> list[outbox.Message]:
        kept = outbox.list_messages(self.database.bulk, incident=INCIDENT, limit=500)
        return [one for one in kept if one.effect_key.startswith(of)]

    def tells(self, events: list[Any]) -> None:
        """Tell people what the newest entries cause, as the incident's workflow does."""
        told: list[Told] = []
        for leaf in self.story.leaves[-len(events) :]:
            entry = read_entry(leaf)
            for effect in effects(self.story.incident, entry.event, entry.mark()):
                if effect.name == "tell":
                    key = f"{INCIDENT}/1:{effect.seq}:tell:{effect.target}"
                    told.append(Told(key, INCIDENT, "", effect.body))
        engine, bulk = self.database.ledger, self.database.bulk
        MessageActivities(engine, bulk, "http://console.test").tell(told)


def reservation(rules_hash: str) -> Reservation:
    return Reservation(
        command_id="r", digest="d", created_at=START, reported_by="mei", title="cream",
        rules_hash=rules_hash,
    )  # fmt: skip


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(database, report_and_hurt(), monkeypatch)


def of_duty(house: House) -> str:
    return key_of(INCIDENT, house.story.duty(ADR).id, DUE_AT)


JUST_OVER = DUE_AT + GRACE + timedelta(seconds=1)


def test_a_duty_that_passed_unseen_is_told_once_to_those_who_own_it(house: House) -> None:
    """Nobody polls the incident's tasks: nothing was recorded since the person was registered."""
    house.sweeps(DUE_AT + GRACE - timedelta(seconds=1))
    assert not house.heard(of_duty(house))
    house.sweeps(JUST_OVER)
    letters = house.heard(of_duty(house))
    assert sorted(one.recipient for one in letters) == ["bai", "fang", "gao", "jonas", "zhou"]
    told = letters[0]
    assert "Overdue, and nothing moves: " in told.subject
    assert "end of Tue 17 Mar, Beijing time" in told.body
    assert "To: adverse reaction monitoring body" in told.body
    assert "/notice#duty-D" in told.body
    for minutes in range(1, 200, 20):
        house.sweeps(JUST_OVER + timedelta(minutes=minutes))
    assert len(house.heard(of_duty(house))) == len(letters)


def test_of_a_rule_that_nobody_verified_nothing_passes_unseen(house: House) -> None:
    unverified = house.story.duty("CN-ADR-SELF-SERIOUS")
    assert not unverified.counts
    house.sweeps(JUST_OVER + timedelta(days=90))
    swept = [one.effect_key for one in house.heard(f"sweep:{INCIDENT}:")]
    assert of_duty(house) in {key[: len(of_duty(house))] for key in swept}
    assert not [key for key in swept if f":{unverified.id}:" in key]


def test_a_duty_that_opens_again_has_its_grace_from_then(house: House) -> None:
    house.story.now = JUST_OVER
    house.story.does(CLOCK, PassTime())
    determined(house.story, ADR)
    house.story.later(days=5)
    again = ReviewDetermination(duty=house.story.duty(ADR).id, stands=False, reason=words("Ours."))
    house.story.did(LEGAL, again)
    house.records()
    house.sweeps(house.story.now + timedelta(minutes=1))
    assert not house.heard(of_duty(house))
    house.sweeps(house.story.now + GRACE + timedelta(minutes=1))
    assert house.heard(of_duty(house))


def test_a_new_worker_tells_nobody_again(house: House) -> None:
    house.sweeps(JUST_OVER)
    before = len(house.heard(of_duty(house)))
    house.watch = WatchActivities(house.database.ledger, house.database.bulk, "http://console.test")
    house.sweeps(JUST_OVER + timedelta(minutes=1))
    assert len(house.heard(of_duty(house))) == before


def test_it_is_found_although_the_incident_lives_for_other_things(house: House) -> None:
    """Something else was overdue for days, and acts are recorded: only the passing never was."""
    house.story.now = DUE_AT + timedelta(hours=1)
    row = incidents.incident(house.database.ledger, INCIDENT)
    assert row.next_due_at is not None
    house.story.hurt("US", Outcome.MILD)
    house.records()
    row = incidents.incident(house.database.ledger, INCIDENT)
    assert row.recorded_at is not None
    assert row.next_due_at is not None
    assert row.recorded_at > row.next_due_at, "so that the old rule found nothing"
    assert house.sweeps(DUE_AT + timedelta(hours=2)) == [INCIDENT]
    assert house.heard(of_duty(house))


def test_it_is_found_although_the_calendar_never_answered(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Notified(calendar_is_away=True)
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    house = House(database, story, monkeypatch)
    assert story.duty(ADR).due_at is None
    house.sweeps(JUST_OVER)
    assert house.heard(of_duty(house))


def test_it_is_found_although_the_rules_of_the_incident_are_gone(house: House) -> None:
    with house.database.ledger.begin() as connection:
        connection.execute(sa.delete(schema.rules))
    assert INCIDENT in house.sweeps(JUST_OVER)
    assert house.heard(of_duty(house))


def test_it_is_found_in_a_report_that_was_closed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Notified()
    story.reported(MILD)
    story.hurt("CN", Outcome.MILD)
    story.did(COMMANDER, CloseReport(reason=words("Not ours.")))
    story.signed(QUALITY)
    house = House(database, story, monkeypatch)
    assert not incidents.incident(database.ledger, INCIDENT).is_open
    duty = story.duty("CN-ADR-GENERAL")
    assert duty.due_at is not None
    house.sweeps(duty.due_at + GRACE + timedelta(seconds=1))
    assert house.heard(key_of(INCIDENT, duty.id, duty.due_at))


def test_what_began_long_ago_is_given_its_grace_from_when_it_was_known(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Notified()
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED, knew_at=START - timedelta(days=40))
    house = House(database, story, monkeypatch)
    house.sweeps(START + timedelta(minutes=9))
    assert not house.heard("sweep:INC-2026-0001:D")
    house.sweeps(START + timedelta(minutes=11))
    assert house.heard("sweep:INC-2026-0001:D")


def test_when_the_incident_moves_again_nothing_is_said_twice(house: House) -> None:
    house.sweeps(JUST_OVER)
    aware = {one.recipient for one in house.heard(of_duty(house))}
    house.story.now = DUE_AT + timedelta(hours=5)
    events = house.story.does(CLOCK, PassTime())
    assert [e for e in events if isinstance(e, DutyOverdue)]
    house.records()
    house.tells(events)
    clock = f"duty:{house.story.duty(ADR).id}:"
    again = [one for one in house.heard(f"{INCIDENT}/1:") if clock in one.effect_key]
    assert not aware & {one.recipient for one in again}
    said = len(house.heard(of_duty(house)))
    house.sweeps(DUE_AT + timedelta(hours=6))
    assert len(house.heard(of_duty(house))) == said


def test_a_later_rung_is_told_all_the_same(house: House) -> None:
    house.sweeps(JUST_OVER)
    house.story.now = DUE_AT + timedelta(days=20)
    house.tells(house.story.does(CLOCK, PassTime()))
    clock = f"duty:{house.story.duty(ADR).id}:"
    again = [one.recipient for one in house.heard(f"{INCIDENT}/1:") if clock in one.effect_key]
    assert {"bai", "gao"} <= set(again)
