"""Duties of all incidents: who sees which, whose they are, and rows that an earlier release lacked."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.open_duties import open_duties
from domain.people import Actor, Role
from domain.severity import Outcome
from domain.urgency import tier
from integrations.key_ring import KeyRing
from services import duties
from services.duties import Choice
from services.filling import FILLED, fill_rows
from services.house import House
from services.settings import Settings
from services.verifying import verify
from storage import company, people
from storage import duties as rows
from storage.database import Database
from storage.engine import write
from storage.schema import duties as table
from tests.database import database, database_url, postgres
from tests.domain.duties import Notified
from tests.domain.story import MILD, START, person
from tests.services.kept import Recorded, Tell, recorded

__all__ = ["database", "database_url", "postgres"]

AFFAIRS = Actor(id="bai", roles=(Role.REGULATORY_AFFAIRS,))
REPORTER = person(Role.SERVICE_AGENT).id
STAFF = Actor(id=REPORTER, roles=(Role.STAFF,))
OUTSIDE = Actor(id=REPORTER, roles=(Role.OUTSIDE_EXPERT,))


def hurt(*countries: str) -> Tell:
    def tell(story: Notified) -> None:
        story.reported(MILD)
        for country in countries:
            story.hurt(country, Outcome.HOSPITALISED)

    return tell


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """Give a house of two people of regulatory affairs: one for China, one for Germany."""
    ring = KeyRing.create(tmp_path / "ring.json")
    made = House(Settings(home=tmp_path), database.ledger, database.bulk, ring)
    made.now = lambda: START
    for name in ("bai", "jonas"):
        row = people.Person(id=name, name_zh=name, name_en=name, roles=("regulatory_affairs",))
        people.save_person(made.engine, row)
    text = '{"markets": {"bai": ["CN"], "jonas": ["DE"]}}'
    company.set_fact(made.engine, company.COMPANY, text)
    return made


@pytest.fixture
def story(house: House) -> Recorded:
    """Give an incident with a person hurt in China and one in Germany."""
    return recorded(house.engine, "one", hurt("CN", "DE"), by=REPORTER)


def found(house: House, actor: Actor, choice: Choice = Choice()) -> list[rows.ListedDuty]:  # noqa: B008 - frozen
    return duties.find(house, actor, choice, limit=None).rows


def test_the_list_is_what_the_states_come_to(house: House, story: Recorded) -> None:
    listed = {one.duty for one in found(house, AFFAIRS)}
    assert listed == set(open_duties(story.incident))
    assert verify(house, story.incident.id).faults == ()
    order = [(tier(one.duty), one.duty.by_at) for one in found(house, AFFAIRS)]
    assert order == sorted(order)
    assert {of for of, _ in order} == {0, 2}, "so that time alone would be another order"
    assert [at for _, at in order] != sorted(at for _, at in order)


@pytest.mark.parametrize(
    ("actor", "sees"), [(AFFAIRS, True), (STAFF, True), (replace(STAFF, id="x"), False),
                        (OUTSIDE, False)],
    ids=["a duty", "who reported it", "another of the staff", "from outside"],
)  # fmt: skip
def test_who_sees_them(house: House, story: Recorded, actor: Actor, sees: bool) -> None:
    assert bool(found(house, actor)) is sees
    assert bool(duties.offered(house, actor).incidents) is sees


def test_mine_are_those_of_my_roles_in_my_markets(house: House, story: Recorded) -> None:
    mine = Choice(mine=True)
    china, germany = found(house, AFFAIRS, mine), found(house, replace(AFFAIRS, id="jonas"), mine)
    assert {one.duty.place for one in china} == {"CN"}
    assert {one.duty.place for one in germany} == {"DE"}
    assert found(house, Actor(id="x", roles=(Role.FINANCE,)), mine) == []


def test_rows_of_an_earlier_release_are_made_once(house: House, story: Recorded) -> None:
    before = rows.of_incident(house.engine, story.incident.id)
    with write(house.engine) as connection:
        connection.execute(sa.delete(table))
    assert [one.kind for one in verify(house, story.incident.id).faults] == ["duties"]
    fill_rows(house)
    assert rows.of_incident(house.engine, story.incident.id) == before
    assert company.fact(house.engine, FILLED)
    with write(house.engine) as connection:
        connection.execute(sa.delete(table))
    fill_rows(house)
    assert found(house, AFFAIRS) == []


def test_rows_written_before_there_was_an_order_are_put_in_it(
    house: House, story: Recorded
) -> None:
    before = found(house, AFFAIRS)
    with write(house.engine) as connection:
        connection.execute(sa.update(table).values(tier=0))
    company.set_fact(house.engine, FILLED, "1")
    assert found(house, AFFAIRS) != before
    fill_rows(house)
    assert found(house, AFFAIRS) == before


def test_one_incident_is_told_with_every_step(house: House, story: Recorded) -> None:
    told = duties.told(house, AFFAIRS, story.incident.id)
    assert [one["id"] for one in told["duties"]] == list(story.incident.notice.duties)
    counted = [one for one in told["duties"] if one["due_at"]]
    assert counted
    for one in counted:
        assert one["steps"][0].keys() == {"en", "zh"}
        assert one["citation"]
        assert one["why"]
