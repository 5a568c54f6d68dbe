"""Who somebody is: passwords, sessions, tokens, and a scribe who records for another.

What belongs here: proving a person and giving the `Actor` that acts. What never does: who may do
what (domain/people.py, decided by `decide`), cookies and headers (api/access.py).

A wrong name costs the same work as a wrong password, so that nobody learns who is here. Guesses are
counted per name and address and per address, in this process; a name alone is never locked, or
anybody could lock the commander out at three in the morning.
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import Malformed, NotAllowed, NotFound, NotSignedIn, TooMany
from domain.people import SYSTEM_ROLES, Actor, Role
from domain.wire import ID_LIMIT, text_fault
from services.house import House
from storage import company
from storage import people as rows

SESSION_LASTS: Final = timedelta(hours=12)
IDLE_ENDS: Final = timedelta(hours=2)
TOKEN_PREFIX: Final = "andon_"  # noqa: S105 - a prefix
PASSWORD_MIN: Final = 12
"""Fewest characters of a password that a person chooses (NIST SP 800-63B asks for 8 or more)."""

PASSWORD_MAX: Final = 500
GUESSES_IN: Final = 300.0
"""Seconds in which guesses are counted together."""

GUESSES_PER_NAME: Final = 10
GUESSES_PER_ADDRESS: Final = 100
GUESSES_PER_ACCOUNT: Final = 50
"""From all addresses together: more than a person mistypes, far fewer than a guesser needs."""

ROOMS_REMEMBERED: Final = 10_000
HASHES_AT_ONCE: Final = 2
"""Each hash takes 19 MB and a core: more at once would let a flood of guesses stop the halt."""

_PERSON_ID_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_WRONG = "Name and password do not belong together."
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
# 19 MiB, two passes, one lane: the least that the OWASP password sheet names for Argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A person who proved who they are: names for pages, the actor for acts.

    `csrf` and `session` are empty for a token; `session` is the hash under which it is kept.
    """

    id: str
    name_en: str
    name_zh: str
    language: str
    actor: Actor
    csrf: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session just opened: `secret` goes into the cookie and is kept nowhere."""

    secret: str
    signed: Signed
    expires_at: datetime


@dataclass
class Attempts:
    """Guesses of the last minutes in this process, per key; a full house forgets the oldest."""

    _told: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, limit: int, now: float) -> None:
        """Count one guess before it is tried. Raises TooMany when there were too many."""
        with self._lock:
            told = self._told.setdefault(key, deque())
            self._told.move_to_end(key)
            while told and told[0] <= now - GUESSES_IN:
                told.popleft()
            if len(told) >= limit:
                wait_min = int((told[0] + GUESSES_IN - now) // 60) + 1
                raise TooMany(
                    "Too many wrong passwords were tried.",
                    f"Try again in {wait_min} min, or ask an administrator for a new password.",
                )
            told.append(now)
            while len(self._told) > ROOMS_REMEMBERED:
                self._told.popitem(last=False)

    def full_until(self, key: str) -> float | None:
        """Say until when no further guess is taken, where one was refused just now."""
        with self._lock:
            told = self._told.get(key)
            return told[0] + GUESSES_IN if told else None

    def forget(self, key: str) -> None:
        """Forget the guesses under a key: somebody proved who they are."""
        with self._lock:
            self._told.pop(key, None)


# ---------------------------------------------------------------- passwords


def hash_password(password: str) -> str:
    """Hash a password with Argon2id (RFC 9106)."""
    with _hashing:
        return _hasher.hash(_bytes(password))


def check_password_rule(password: str) -> None:
    """Refuse a password that could be guessed. Raises Malformed."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Malformed(
            f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.",
            "Four words that nobody would put together are easy to keep in mind.",
        )


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe())


def _matches(password_hash: str | None, password: str) -> bool:
    """Try a password; without a hash the same work is done for nothing."""
    kept = password_hash or _hash_of_nobody()
    with _hashing:
        try:
            _hasher.verify(kept, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


# ---------------------------------------------------------------- sessions


def sign_in(house: House, attempts: Attempts, name: str, password: str, address: str) -> Opened:
    """Open a session for whoever proves a password; `address` is where the request came from.

    Raises NotSignedIn, alike for unknown names and wrong passwords; TooMany.
    """
    if len(password) > PASSWORD_MAX or text_fault(name, ID_LIMIT) is not None:
        raise NotSignedIn(_WRONG, "Check both and try again.")
    person, now = rows.person_who_signs_in(house.engine, name.strip()), time.monotonic()
    # Id and mail address of one person are one account.
    account = f"account {person.id if person else name.strip().lower()}"
    pair = f"{account} from {address}"
    attempts.note(address, GUESSES_PER_ADDRESS, now)
    attempts.note(pair, GUESSES_PER_NAME, now)
    attempts.note(account, GUESSES_PER_ACCOUNT, now)
    right = _matches(person.password_hash if person else None, password)
    if person is None or not right:
        raise NotSignedIn(_WRONG, "Check both and try again.")
    _require_entry(house, person)
    attempts.forget(pair)
    attempts.forget(account)
    return _open_session(house, person)


def _open_session(house: House, person: rows.Person) -> Opened:
    now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
    session = rows.Session(
        id_hash=hash_secret(secret),
        person=person.id,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        expires_at=now + SESSION_LASTS,
        last_seen_at=now,
    )
    rows.open_session(house.engine, session)
    company.log(house.engine, now, "SignedIn", {"person": person.id, "method": "password"})
    signed = _signed(person, "password", csrf=session.csrf, session=session.id_hash)
    return Opened(secret=secret, signed=signed, expires_at=session.expires_at)


def who_by_session(house: House, secret: str, *, by_hand: bool = True) -> Signed:
    """Give whose session a cookie names. Raises NotSignedIn when it is over.

    A session ends after 2 hours in which nobody did anything `by_hand`.
    """
    now = datetime.now(UTC)
    found = rows.session(house.engine, hash_secret(secret), now)
    if found is None:
        raise _signed_out()
    session, person = found
    if now - session.last_seen_at > IDLE_ENDS:
        rows.close_session(house.engine, session.id_hash)
        raise _signed_out()
    _require_entry(house, person)
    if by_hand:
        rows.note_seen(house.engine, session, now)
    return _signed(person, "password", csrf=session.csrf, session=session.id_hash)


def sign_out(house: House, signed: Signed) -> None:
    """End a session; a token has none and stays good."""
    if signed.session:
        rows.close_session(house.engine, signed.session)


def _signed_out() -> NotSignedIn:
    return NotSignedIn("You are not signed in, or the session is over.", "Sign in again.")


def _require_entry(house: House, person: rows.Person) -> None:
    """Keep invented people out of a house that others can reach. Raises NotSignedIn."""
    if person.demo and not house.settings.demo_allowed:
        raise NotSignedIn(
            "People of the demo company may not enter here: others can reach this address.",
            "Make your own people with `andon user add`, in a new home.",
            code="demo_refused",
        )


# ---------------------------------------------------------------- tokens


def issue_token(house: House, person_id: str, name: str, lasts: timedelta | None = None) -> str:
    """Make a token for a program of a person; it is shown once. Raises NotFound."""
    person, now = rows.person(house.engine, person_id), datetime.now(UTC)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    rows.save_token(
        house.engine,
        rows.Token(
            hash=hash_secret(secret),
            person=person.id,
            name=name,
            created_at=now,
            expires_at=now + lasts if lasts else None,
        ),
    )
    company.log(house.engine, now, "TokenIssued", {"person": person.id, "name": name})
    return secret


def who_by_token(house: House, secret: str) -> Signed:
    """Give whose token it is. Raises NotSignedIn."""
    person = None
    if secret.startswith(TOKEN_PREFIX):
        person = rows.person_of_token(house.engine, hash_secret(secret), datetime.now(UTC))
    if person is None:
        raise NotSignedIn("This token is not known, or no longer good.", "Ask for a new one.")
    _require_entry(house, person)
    return _signed(person, "token")


def hash_secret(secret: str) -> str:
    """Name a random secret by its hash: 256 random bits need no slow one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------- actors


def actor_named(house: House, person_id: str) -> Actor:
    """Give a person as actor to whoever holds the keys of the machine. Raises NotFound."""
    person = rows.person(house.engine, person_id)
    if not person.active:
        raise NotFound(f"{person_id} is not here any more.", "See `andon user list`.")
    return actor_of(person, "terminal")


def on_behalf_of(house: House, signed: Signed, principal: str) -> Signed:
    """Let a scribe record for somebody: with that person's roles, and saying so.

    Raises NotAllowed for anybody else, Malformed when the principal is not here.
    """
    if not signed.actor.holds((Role.SCRIBE,)):
        raise NotAllowed(
            "Only a scribe records for somebody else.",
            "Leave out Andon-On-Behalf-Of, or ask the scribe.",
            who_could=(str(Role.SCRIBE),),
        )
    try:
        person = rows.person(house.engine, principal)
    except NotFound:
        person = None
    if person is None or not person.active:
        raise Malformed(
            f"There is nobody called {principal!r:.200} to act for.",
            "Name a person of the company by their id.",
            code="unknown_principal",
        )
    acting = actor_of(person, "scribe")
    actor = replace(acting, id=signed.id, on_behalf_of=person.id)
    return replace(signed, actor=actor)


def who_by_name(house: House, person_id: str, method: str) -> Signed:
    """Give a person whom something else proved, a calendar's address. Raises NotSignedIn."""
    person = rows.person(house.engine, person_id)
    _require_entry(house, person)
    return _signed(person, method)


def _signed(person: rows.Person, method: str, *, csrf: str = "", session: str = "") -> Signed:
    return Signed(
        id=person.id,
        name_en=person.name_en,
        name_zh=person.name_zh,
        language=person.language,
        actor=actor_of(person, method),
        csrf=csrf,
        session=session,
    )


def actor_of(person: rows.Person, method: str) -> Actor:
    """Give who somebody of the company is to the plan."""
    return Actor(
        id=person.id,
        roles=tuple(Role(role) for role in person.roles),
        deputy_for=tuple(Role(role) for role in person.deputy_for),
        method=method,
    )


# ---------------------------------------------------------------- keeping people


def add_person(house: House, person: rows.Person, password: str | None = None) -> None:
    """Add or change a person of the company. Raises Malformed, Refused."""
    if not person.id or not set(person.id) <= _PERSON_ID_ALLOWED or len(person.id) > 60:
        raise Malformed(
            f"{person.id!r:.200} cannot be a person's id.",
            "Use small letters, digits, dots and dashes, such as li.wei.",
        )
    if person.id in {str(role) for role in SYSTEM_ROLES}:
        raise Malformed(f"{person.id!r} is the name of a machine.", "Choose another id.")
    if not person.roles:
        raise Malformed("Everybody holds a role.", "Name one; staff is one.")
    if password is not None:
        check_password_rule(password)
        person = replace(person, password_hash=hash_password(password))
    rows.save_person(house.engine, person)
    company.log(
        house.engine,
        datetime.now(UTC),
        "PersonSaved",
        {"person": person.id, "roles": list(person.roles)},
    )


def set_password(house: House, person_id: str, password: str) -> None:
    """Give a person another password; their sessions end. Raises Malformed, NotFound."""
    check_password_rule(password)
    rows.set_password_hash(house.engine, person_id, hash_password(password))
    company.log(house.engine, datetime.now(UTC), "PasswordSet", {"person": person_id})


def everybody(house: House) -> list[rows.Person]:
    """List the people of the company by id."""
    return rows.list_people(house.engine)
