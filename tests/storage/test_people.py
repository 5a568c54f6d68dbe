"""A session or token is found only while it is good and its person is active."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from domain.errors import NotFound, Refused
from storage.people import (
    Person,
    Session,
    Token,
    close_session,
    deactivate,
    list_people,
    note_seen,
    open_session,
    person,
    person_of_token,
    person_who_signs_in,
    revoke_token,
    save_person,
    save_token,
    session,
    set_password_hash,
    tokens_of,
)
from tests.storage.streams import NOON

LI = Person(
    id="li",
    name_zh="李梅",
    name_en="Li Mei",
    email="li@example.com",
    roles=("quality", "staff"),
    deputy_for=("quality_safety_responsible",),
    password_hash="$argon2id$…",
    demo=True,
)
SESSION = Session(
    id_hash="h1",
    person="li",
    csrf="secret",
    created_at=NOON,
    expires_at=NOON + timedelta(hours=8),
    last_seen_at=NOON,
)
TOKEN = Token(hash="t1", person="li", name="import", created_at=NOON)


@pytest.fixture
def li(engine: Engine) -> Person:
    save_person(engine, LI)
    return LI


def test_a_person_comes_back_as_saved_and_can_be_changed(engine: Engine, li: Person) -> None:
    assert person(engine, "li") == li
    save_person(engine, replace(li, roles=("legal",), email="  Li.Mei@Example.com "))
    changed = person(engine, "li")
    assert (changed.roles, changed.email) == (("legal",), "li.mei@example.com")
    with pytest.raises(NotFound):
        person(engine, "wang")


def test_people_sign_in_by_id_or_address(engine: Engine, li: Person) -> None:
    assert person_who_signs_in(engine, "li") == li
    assert person_who_signs_in(engine, " LI@example.com ") == li
    assert person_who_signs_in(engine, "wang") is None


def test_an_address_belongs_to_one_person(engine: Engine, li: Person) -> None:
    wang = Person(id="wang", name_zh="王", name_en="Wang", roles=())
    with pytest.raises(Refused, match="address of li"):
        save_person(engine, replace(wang, email="LI@example.com"))
    save_person(engine, wang)
    save_person(engine, replace(wang, id="zhao"))
    assert [each.id for each in list_people(engine)] == ["li", "wang", "zhao"]


def test_a_session_is_good_until_it_expires_to_the_microsecond(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    assert session(engine, "h1", NOON) == (SESSION, li)
    just_before = SESSION.expires_at - timedelta(microseconds=1)
    assert session(engine, "h1", just_before) == (SESSION, li)
    assert session(engine, "h1", SESSION.expires_at) is None
    assert session(engine, "h2", NOON) is None


def test_opening_a_session_forgets_those_that_ran_out(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    later = SESSION.expires_at
    open_session(
        engine,
        replace(SESSION, id_hash="h2", created_at=later, expires_at=later + timedelta(hours=1)),
    )
    assert session(engine, "h1", NOON) is None
    assert session(engine, "h2", later) is not None


def test_use_is_noted_at_most_once_a_minute(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    note_seen(engine, SESSION, NOON + timedelta(seconds=59))
    assert session(engine, "h1", NOON) == (SESSION, li)
    seen_at = NOON + timedelta(seconds=60)
    note_seen(engine, SESSION, seen_at)
    assert session(engine, "h1", NOON) == (replace(SESSION, last_seen_at=seen_at), li)


def test_a_closed_session_is_gone(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    close_session(engine, "h1")
    close_session(engine, "h1")
    assert session(engine, "h1", NOON) is None


def test_a_new_password_ends_the_sessions(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    set_password_hash(engine, "li", "$argon2id$new")
    assert session(engine, "h1", NOON) is None
    assert person(engine, "li").password_hash == "$argon2id$new"
    with pytest.raises(NotFound):
        set_password_hash(engine, "wang", None)


@pytest.mark.parametrize(
    ("token", "good"),
    [
        (TOKEN, True),
        (replace(TOKEN, expires_at=NOON + timedelta(microseconds=1)), True),
        (replace(TOKEN, expires_at=NOON), False),
        (replace(TOKEN, revoked_at=NOON), False),
    ],
    ids=["for ever", "not yet over", "over", "revoked"],
)
def test_a_token_tells_its_person_while_it_is_good(
    engine: Engine, li: Person, token: Token, good: bool
) -> None:
    save_token(engine, token)
    assert person_of_token(engine, "t1", NOON) == (li if good else None)
    assert person_of_token(engine, "t2", NOON) is None
    assert tokens_of(engine, "li") == [token]


def test_the_first_revocation_counts(engine: Engine, li: Person) -> None:
    save_token(engine, TOKEN)
    revoke_token(engine, "t1", NOON)
    revoke_token(engine, "t1", NOON + timedelta(days=1))
    assert tokens_of(engine, "li") == [replace(TOKEN, revoked_at=NOON)]


def test_who_left_is_let_in_by_nothing_and_keeps_the_name(engine: Engine, li: Person) -> None:
    open_session(engine, SESSION)
    save_token(engine, TOKEN)
    deactivate(engine, "li", NOON)
    assert session(engine, "h1", NOON) is None
    assert person_of_token(engine, "t1", NOON) is None
    assert person_who_signs_in(engine, "li") is None
    assert list_people(engine) == []
    assert [each.id for each in list_people(engine, active_only=False)] == ["li"]
    assert tokens_of(engine, "li") == [replace(TOKEN, revoked_at=NOON)]
    assert person(engine, "li").name_zh == "李梅"
