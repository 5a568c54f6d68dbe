"""The timeline of a dossier, opened from the disk: it fits a phone, in both lights and both words."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Company
from tests.browser.people import PHONE
from tests.browser.play import Play

NAME = "timeline.html"


@pytest.fixture
def timeline(half_played: Play, company: Company, tmp_path: Path) -> str:
    """Give the address of the page on the disk, taken from a dossier that was handed out."""
    asks = company()("ren.jia").page.context.request
    number = half_played.people.incident.rpartition("/")[2]
    answer = asks.get(f"/api/incidents/{number}/dossier")
    assert answer.ok
    with zipfile.ZipFile(io.BytesIO(answer.body())) as dossier:
        page = Path(dossier.extract(NAME, tmp_path))
    return page.as_uri()


@pytest.mark.in_turn("words")
@pytest.mark.parametrize("words", ["both", "only-en", "only-zh"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_the_timeline_fits_a_phone(browser: Browser, timeline: str, light: str, words: str) -> None:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        color_scheme="dark" if light == "dark" else "light",
    )
    with context, context.new_page() as page:
        page.goto(timeline)
        page.locator(f"#{words}").check()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
