"""One installation and one browser for the whole folder; people sign in when they are needed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.browser.installation import CHROMIUM, MISSING, Installation, browsing, installed
from tests.browser.people import Device, People
from tests.browser.play import Play

HERE = "tests/browser/"
Company = Callable[..., People]


@pytest.hookimpl(tryfirst=True)  # before the groups are read: one worker plays for all
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here; leave it out, and say why, where there is no browser."""
    for item in items:
        if item.nodeid.startswith(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(600))
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Give a fresh installation that is up."""
    with installed(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give the browser."""
    with browsing() as running:
        yield running


@pytest.fixture
def company(installation: Installation, browser: Browser) -> Iterator[Company]:
    """Give the people of the company, all with one kind of device; as often as it is asked."""
    with ExitStack() as stack:
        yield lambda device=None: stack.enter_context(
            People(installation, browser, device or Device())
        )


@pytest.fixture(scope="package")
def half_played(
    installation: Installation, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    """Give an incident that was reported, halted, investigated, recalled and told in public."""
    paper = tmp_path_factory.mktemp("papers") / "paper.txt"
    paper.write_text("A letter, invented for a test.", encoding="utf-8")
    with People(installation, browser) as people:
        play = Play(people, paper)
        play.is_reported()
        play.is_accepted()
        play.is_registered()
        play.is_half_played()
        yield play
