"""Signing in: guesses, sessions that end, demo people kept out, tokens, scribes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import AndonError, Malformed, NotAllowed, NotSignedIn, TooMany
from domain.people import Role
from integrations.key_ring import KeyRing
from services import people
from services.house import House
from services.people import Attempts
from services.settings import Settings
from storage import people as rows
from storage.database import Database
from tests.database import database, database_url, postgres
from tests.passwords import AS_INSTALLED

__all__ = ["database", "database_url", "postgres"]

PASSWORD = "four words of mine"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """Give a house with one person, li.wei, a commander."""
    made = House(
        Settings(home=tmp_path),
        database.ledger,
        database.bulk,
        KeyRing.create(tmp_path / "ring.json"),
    )
    people.add_person(made, person(), PASSWORD)
    return made


def person(name: str = "li.wei", role: Role = Role.INCIDENT_COMMANDER) -> rows.Person:
    """Give a person's row."""
    return rows.Person(id=name, name_zh="李薇", name_en="Li Wei", roles=(str(role),))


def enter(house: House, password: str = PASSWORD, name: str = "li.wei") -> people.Opened:
    """Sign in from one address."""
    return people.sign_in(house, Attempts(), name, password, "10.0.0.1")


def test_a_session_gives_the_actor(house: House) -> None:
    opened = enter(house)
    who = people.who_by_session(house, opened.secret)
    assert (who.id, who.actor.roles, who.actor.method) == (
        "li.wei",
        (Role.INCIDENT_COMMANDER,),
        "password",
    )
    assert who.csrf == opened.signed.csrf
    people.sign_out(house, who)
    with pytest.raises(NotSignedIn):
        people.who_by_session(house, opened.secret)


@pytest.mark.parametrize(
    ("created", "seen", "good"),
    [(0, 0, True), (11, 1, True), (11, 2.1, False), (12.1, 0, False)],
    ids=["fresh", "long and busy", "idle for two hours", "twelve hours"],
)
def test_a_session_ends(house: House, created: float, seen: float, good: bool) -> None:
    now, secret = datetime.now(UTC), "a secret"
    rows.open_session(
        house.engine,
        rows.Session(
            id_hash=people.hash_secret(secret),
            person="li.wei",
            csrf="c",
            created_at=now - timedelta(hours=created),
            expires_at=now - timedelta(hours=created) + people.SESSION_LASTS,
            last_seen_at=now - timedelta(hours=seen),
        ),
    )
    if good:
        assert people.who_by_session(house, secret).id == "li.wei"
    else:
        with pytest.raises(NotSignedIn):
            people.who_by_session(house, secret)


def test_a_page_that_keeps_itself_fresh_prolongs_no_session(house: House) -> None:
    opened = enter(house)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    found = rows.session(house.engine, people.hash_secret(opened.secret), datetime.now(UTC))
    assert found is not None
    session = found[0]
    rows.close_session(house.engine, session.id_hash)
    idle = replace(session, last_seen_at=hour_ago)
    rows.open_session(house.engine, idle)
    people.who_by_session(house, opened.secret, by_hand=False)
    assert _seen_at(house, opened) == hour_ago
    people.who_by_session(house, opened.secret)
    assert _seen_at(house, opened) > hour_ago


def _seen_at(house: House, opened: people.Opened) -> datetime:
    found = rows.session(house.engine, people.hash_secret(opened.secret), datetime.now(UTC))
    assert found is not None
    return found[0].last_seen_at


def test_guesses_are_counted_where_they_come_from(house: House) -> None:
    attempts = Attempts()
    for _ in range(people.GUESSES_PER_NAME):
        with pytest.raises(NotSignedIn):
            people.sign_in(house, attempts, "li.wei", "guess", "10.0.0.9")
    with pytest.raises(TooMany):
        people.sign_in(house, attempts, "LI.WEI ", PASSWORD, "10.0.0.9")
    # The commander herself, elsewhere, still comes in.
    assert people.sign_in(house, attempts, "li.wei", PASSWORD, "10.0.0.1").signed.id == "li.wei"


def test_many_addresses_together_guess_at_one_account_no_longer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "GUESSES_PER_ACCOUNT", 3)
    attempts = Attempts()
    for n in range(3):
        with pytest.raises(NotSignedIn):
            people.sign_in(house, attempts, "li.wei", "guess", f"10.0.1.{n}")
    with pytest.raises(TooMany):
        people.sign_in(house, attempts, "li.wei", "guess", "10.0.2.1")


def test_an_address_that_tries_many_names_is_stopped() -> None:
    attempts = Attempts()
    for _ in range(people.GUESSES_PER_ADDRESS):
        attempts.note("10.0.0.9", people.GUESSES_PER_ADDRESS, 0.0)
    with pytest.raises(TooMany):
        attempts.note("10.0.0.9", people.GUESSES_PER_ADDRESS, 1.0)
    attempts.note("10.0.0.9", people.GUESSES_PER_ADDRESS, people.GUESSES_IN + 1)


def test_demo_people_stay_out_where_others_come_in(house: House) -> None:
    demo = rows.Person(
        id="an.qi",
        name_zh="安琪",
        name_en="An Qi",
        roles=("service_agent",),
        password_hash=people.hash_password(PASSWORD),
        demo=True,
    )
    rows.save_person(house.engine, demo)
    opened = enter(house, name="an.qi")
    token = people.issue_token(house, "an.qi", "a program")
    house.settings = house.settings.model_copy(update={"host": "192.0.2.1"})
    for attempt in (
        lambda: enter(house, name="an.qi"),
        lambda: people.who_by_session(house, opened.secret),
        lambda: people.who_by_token(house, token),
    ):
        with pytest.raises(NotSignedIn) as refusal:
            attempt()
        assert refusal.value.code == "demo_refused"


def test_who_left_does_not_come_in_again(house: House) -> None:
    opened, token = enter(house), people.issue_token(house, "li.wei", "a program")
    rows.deactivate(house.engine, "li.wei", datetime.now(UTC))
    for attempt in (
        lambda: enter(house),
        lambda: people.who_by_session(house, opened.secret),
        lambda: people.who_by_token(house, token),
    ):
        with pytest.raises(NotSignedIn):
            attempt()


def test_another_password_ends_the_sessions(house: House) -> None:
    opened = enter(house)
    people.set_password(house, "li.wei", "another four words")
    with pytest.raises(NotSignedIn):
        people.who_by_session(house, opened.secret)
    with pytest.raises(NotSignedIn):
        enter(house)
    assert enter(house, "another four words").signed.id == "li.wei"


def test_a_password_is_hashed_with_the_work_that_owasp_names() -> None:
    kept = AS_INSTALLED.hash("four words that nobody joins")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("name", ["", "Li Wei", "a" * 61, "clock", "performer", "a/b", "李薇"])
def test_a_name_that_cannot_be_kept(house: House, name: str) -> None:
    with pytest.raises(Malformed):
        people.add_person(house, person(name), PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 501])
def test_a_password_that_is_none(house: House, password: str) -> None:
    with pytest.raises(Malformed):
        people.set_password(house, "li.wei", password)


def test_a_scribe_takes_on_the_principals_roles_and_no_name(house: House) -> None:
    people.add_person(house, person("ning.ke", Role.SCRIBE), PASSWORD)
    scribe = people.who_by_session(house, enter(house, name="ning.ke").secret)
    acting = people.on_behalf_of(house, scribe, "li.wei").actor
    assert (acting.id, acting.on_behalf_of, acting.method) == ("ning.ke", "li.wei", "scribe")
    assert acting.roles == (Role.INCIDENT_COMMANDER,)
    commander = people.who_by_session(house, enter(house).secret)
    with pytest.raises(NotAllowed):
        people.on_behalf_of(house, commander, "ning.ke")
    with pytest.raises(AndonError):
        people.on_behalf_of(house, scribe, "nobody")
