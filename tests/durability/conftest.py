"""What the proofs of durability share: importing everything takes seconds, forking it milliseconds."""

from collections.abc import Iterator

import pytest

from tests.durability.processes import Nursery, open_nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Give the process that forks workers and APIs."""
    with open_nursery() as kept:
        yield kept
