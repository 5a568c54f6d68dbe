"""People of the company, their sessions and their tokens, as rows.

What belongs here: keeping and finding them; a session or token is found only while it is good.
What never does: hashing, passwords in the clear, cookies, or who may do what (domain/people.py).

Session ids and tokens are kept as hashes: who reads the database cannot sign in with it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from domain.errors import NotFound, Refused
from storage.engine import read, write
from storage.inserting import put
from storage.schema import people, sessions, tokens

SEEN_EVERY = timedelta(minutes=1)
"""A session notes at most this often that it was used: reading a page is no reason to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the company. `password_hash` None: cannot sign in by password."""

    id: str
    name_zh: str
    name_en: str
    roles: tuple[str, ...]
    email: str | None = None
    deputy_for: tuple[str, ...] = ()
    language: str = "zh"
    password_hash: str | None = None
    active: bool = True
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser: hash of its id, whose it is, its CSRF secret, how long it is good."""

    id_hash: str
    person: str
    csrf: str
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's credential: hash, whose it is, what it is called, how long it is good."""

    hash: str
    person: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


# --- people ------------------------------------------------------------------------------------


def save_person(engine: Engine, person: Person) -> None:
    """Add a person, or change the one with this id.

    Raises:
        Refused: the e-mail address is another person's.
    """
    email = person.email.strip().lower() if person.email else None
    row = {**asdict(person), "email": email}
    with write(engine) as connection:
        if email is not None:
            holder = connection.execute(
                sa.select(people.c.id).where(people.c.email == email, people.c.id != person.id)
            ).scalar()
            if holder is not None:
                raise Refused(f"{email} is the address of {holder}.", "Use another address.")
        put(connection, people, [row])


def person(engine: Engine, person_id: str) -> Person:
    """Give a person, active or not.

    Raises:
        NotFound: there is no such person.
    """
    with read(engine) as connection:
        row = connection.execute(sa.select(*_PERSON).where(people.c.id == person_id)).first()
    if row is None:
        raise NotFound(f"There is nobody called {person_id}.", "See `andon user list`.")
    return _person(row)


def person_who_signs_in(engine: Engine, name: str) -> Person | None:
    """Find an active person by id or e-mail address."""
    named = sa.or_(people.c.id == name, people.c.email == name.strip().lower())
    with read(engine) as connection:
        row = connection.execute(
            sa.select(*_PERSON).where(named, people.c.active.is_(True)).order_by(people.c.id)
        ).first()
    return None if row is None else _person(row)


def list_people(engine: Engine, *, active_only: bool = True) -> list[Person]:
    """List people by id."""
    statement = sa.select(*_PERSON).order_by(people.c.id)
    if active_only:
        statement = statement.where(people.c.active.is_(True))
    with read(engine) as connection:
        return [_person(row) for row in connection.execute(statement)]


def set_password_hash(engine: Engine, person_id: str, password_hash: str | None) -> None:
    """Change how a person signs in, and end all sessions begun the old way.

    Raises:
        NotFound: there is no such person.
    """
    with write(engine) as connection:
        _change_person(connection, person_id, {"password_hash": password_hash})
        connection.execute(sa.delete(sessions).where(sessions.c.person == person_id))


def deactivate(engine: Engine, person_id: str, at: datetime) -> None:
    """Let a person in no more: sessions end and tokens are revoked; the record keeps the name.

    Raises:
        NotFound: there is no such person.
    """
    with write(engine) as connection:
        _change_person(connection, person_id, {"active": False})
        connection.execute(sa.delete(sessions).where(sessions.c.person == person_id))
        connection.execute(
            sa.update(tokens)
            .where(tokens.c.person == person_id, tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )


# --- sessions ----------------------------------------------------------------------------------


def open_session(engine: Engine, session: Session) -> None:
    """Keep a new session, and forget those that ran out."""
    with write(engine) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= session.created_at))
        connection.execute(sa.insert(sessions).values(asdict(session)))


def session(engine: Engine, id_hash: str, now: datetime) -> tuple[Session, Person] | None:
    """Give a session and its person while it has not run out and the person is active."""
    columns = [sessions.c[name].label(f"session_{name}") for name in Session.__dataclass_fields__]
    with read(engine) as connection:
        row = connection.execute(
            sa.select(*_PERSON, *columns)
            .join_from(sessions, people)
            .where(
                sessions.c.id_hash == id_hash,
                sessions.c.expires_at > now,
                people.c.active.is_(True),
            )
        ).first()
    if row is None:
        return None
    found = row._asdict()
    names = Session.__dataclass_fields__
    return Session(**{name: found[f"session_{name}"] for name in names}), _person(row)


def note_seen(engine: Engine, session: Session, now: datetime) -> None:
    """Note that a session was used, at most once a minute."""
    if now - session.last_seen_at < SEEN_EVERY:
        return
    with write(engine) as connection:
        connection.execute(
            sa.update(sessions)
            .where(sessions.c.id_hash == session.id_hash)
            .values(last_seen_at=now)
        )


def close_session(engine: Engine, id_hash: str) -> None:
    """Forget a session; one that is gone already is no error."""
    with write(engine) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.id_hash == id_hash))


# --- tokens ------------------------------------------------------------------------------------


def save_token(engine: Engine, token: Token) -> None:
    """Keep a new token."""
    with write(engine) as connection:
        connection.execute(sa.insert(tokens).values(asdict(token)))


def person_of_token(engine: Engine, token_hash: str, now: datetime) -> Person | None:
    """Give whose token it is while it is good and the person is active."""
    with read(engine) as connection:
        row = connection.execute(_OF_TOKEN, {"token": token_hash, "now": now}).first()
    return None if row is None else _person(row)


def tokens_of(engine: Engine, person_id: str) -> list[Token]:
    """List a person's tokens, oldest first."""
    columns = [tokens.c[name] for name in Token.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .where(tokens.c.person == person_id)
        .order_by(tokens.c.created_at, tokens.c.hash)
    )
    with read(engine) as connection:
        return [Token(**row._asdict()) for row in connection.execute(statement)]


def revoke_token(engine: Engine, token_hash: str, at: datetime) -> None:
    """Revoke a token; the first time counts."""
    with write(engine) as connection:
        connection.execute(
            sa.update(tokens)
            .where(tokens.c.hash == token_hash, tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )


_PERSON: Sequence[sa.Column[Any]] = [people.c[name] for name in Person.__dataclass_fields__]
_OF_TOKEN = (
    sa.select(*_PERSON)
    .join_from(tokens, people)
    .where(
        tokens.c.hash == sa.bindparam("token"),
        tokens.c.revoked_at.is_(None),
        sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > sa.bindparam("now")),
        people.c.active.is_(True),
    )
)
"""Made once: a program asks it with every request."""


def _person(row: Row[Any]) -> Person:
    whole = row._asdict()
    found = {name: whole[name] for name in Person.__dataclass_fields__}
    for name in ("roles", "deputy_for"):
        found[name] = tuple(found[name])
    return Person(**found)


def _change_person(connection: Connection, person_id: str, change: dict[str, object]) -> None:
    changed = connection.execute(
        sa.update(people).where(people.c.id == person_id).values(change)
    ).rowcount
    if not changed:
        raise NotFound(f"There is nobody called {person_id}.", "See `andon user list`.")
