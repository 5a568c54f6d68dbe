"""One installation for many tests of the API: starting it costs seconds, asking it milliseconds.

Three groups of tests share it, each on a worker of its own at once: those that stand here, and two of
the folder `pages`. More groups would start more installations; fewer would leave a core idle, and an
installation that lives through all of them grows slow: every board lists what all have reported.
"""

from collections.abc import Iterator

import pytest

from tests.api.serving import Served, serving
from tests.database import postgres  # noqa: F401 - a fixture of this room

HERE = "tests/api/"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that would start an installation on whatever worker they happen to run."""
    alone = [
        item.nodeid
        for item in items
        if item.nodeid.startswith(HERE)
        and "served" in getattr(item, "fixturenames", ())
        and not item.get_closest_marker("xdist_group")
    ]
    if alone:
        told = "share the installation: mark them xdist_group, like their neighbours"
        raise pytest.UsageError(f"{', '.join(alone)}: {told}")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a running installation with the demo company."""
    with serving(tmp_path_factory.mktemp("installation")) as running:
        yield running
