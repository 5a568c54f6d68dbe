"""Passwords of people in tests: hashed as ever, with the least work that the algorithm takes.

What belongs here: how much work a hash is. What never does: who may come in.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type

from services import people

AS_INSTALLED = people._hasher
"""What an installation hashes with (tests/services/test_people.py holds it to its strength)."""


@contextmanager
def hashed_lightly() -> Iterator[None]:
    """Hash with little work for a while: a demo company has thirty people, who sign in all day."""
    before, people._hasher = (
        people._hasher,
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID),
    )
    try:
        yield
    finally:
        people._hasher = before
