"""One installation for all tests of the API: starting it costs seconds, asking it milliseconds."""

from collections.abc import Iterator

import pytest

from tests.api.serving import Served, serving
from tests.database import postgres  # noqa: F401 - a fixture of this room


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a running installation with the demo company."""
    with serving(tmp_path_factory.mktemp("installation")) as running:
        yield running
