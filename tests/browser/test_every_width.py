"""No page is wider than its screen where much is foreseen: a halt that reaches many channels."""

import pytest

from tests.browser.conftest import Company
from tests.browser.people import PHONE, Device
from tests.browser.play import Play

WIDTHS = (PHONE[0], 768, 1024, 1280, 1440, 1920)


def test_what_a_halt_would_lead_to_fits_every_screen(company: Company, half_played: Play) -> None:
    people = company()
    people.incident = half_played.people.incident
    chief = people("lei.gang")
    chief.opens_the_incident("Halt")
    chief.follows("Halt now")
    chief.presses("Show what would follow")
    chief.sees("What goes to whom")
    # As many names as a large company has: they wrap, beside what they are told.
    chief.page.locator(".leaves dt").first.evaluate(
        "(one) => { one.textContent = Array(12).fill('Harbour Gate Export Agency').join(', ') }"
    )
    for width in WIDTHS:
        chief.page.set_viewport_size({"width": width, "height": 900})
        wide = chief.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} wide at {width}"
        told = chief.page.locator(".leaves dd").first.bounding_box()
        assert told is not None
        assert told["width"] >= 150, f"one letter a line at {width}"


LONG_NAMES = ("claire.moreau", "jonas.brandt", "fang.zheng", "anna.keller")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_name_stands_whole_on_the_narrowest_phone(company: Company, language: str) -> None:
    people = company(Device(PHONE, language))
    for name in LONG_NAMES:
        page = people(name).opens("/").page
        wide, whole, shown, bar = page.evaluate(
            """() => {
              const name = document.querySelector(".menu-name");
              const bar = document.querySelector(".places .cord").getBoundingClientRect();
              return [document.documentElement.scrollWidth, name.scrollWidth, name.clientWidth,
                bar.height];
            }"""
        )
        assert wide <= PHONE[0], f"{name}: {wide} wide"
        assert whole <= shown, f"{name} is cut off"
        assert bar <= 60, "the way to a report takes more than two lines"
