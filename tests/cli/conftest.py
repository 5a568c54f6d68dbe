"""What the tests of the command line share: ports that a test claimed are given back."""

from collections.abc import Iterator

import pytest

from cli import ports


@pytest.fixture(autouse=True)
def claims_given_back() -> Iterator[None]:
    """Let no test keep a port."""
    yield
    ports.release_all()
