"""The slider of a replay: by the keyboard, with every entry shown in its place and in the address."""

from playwright.sync_api import expect

from tests.browser.conftest import Company
from tests.browser.play import Play


def test_the_slider_shows_the_entry_it_stands_at(half_played: Play, company: Company) -> None:
    page = company()("xu.lan").page
    page.goto(f"{half_played.people.incident}/at?at=20")
    slider = page.get_by_label("Entry, from the first to the last")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    expect(page.locator(".asof-line")).to_contain_text("entry 17 of")
    assert page.url.endswith("/at?at=17")
    expect(page.get_by_label("Entry", exact=True)).to_have_value("17")
    told = page.locator("[data-at]").get_attribute("data-at")
    assert told
    expect(page.locator("#moment-when")).to_have_value(told)
    slider.press("Home")
    expect(page.locator(".asof-line")).to_contain_text("Before the first entry")
    assert page.locator("main form[method=post]").count() == 0
