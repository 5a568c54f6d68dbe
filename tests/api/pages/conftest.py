"""People at the console, each at a browser of their own without script."""

from collections.abc import Callable, Iterator

import pytest

from tests.api.browsing import Browser, browser
from tests.api.serving import Served

SignedIn = Callable[..., Browser]
HERE = "tests/api/pages/"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Part the folder in two groups, by file: one alone takes longer than all else together."""
    here = [
        item
        for item in items
        if item.nodeid.startswith(HERE) and item.get_closest_marker("xdist_group")
    ]
    files = sorted({item.path for item in here})
    first = set(files[: len(files) // 2])
    for item in here:
        if item.path in first:
            item.add_marker(pytest.mark.xdist_group("first"))


@pytest.fixture(scope="session")
def at(served: Served) -> Iterator[SignedIn]:
    """Give a person's browser; signed in once for each language."""
    known: dict[tuple[str, str], Browser] = {}

    def signed_in(name: str, language: str = "en") -> Browser:
        if (name, language) not in known:
            one = known[name, language] = browser(served.url, language)
            one.client.headers["Origin"] = served.url
            assert one.sign_in(name, served.passwords[name]).status == 200
        return known[name, language]

    yield signed_in
    for one in known.values():
        one.client.close()
