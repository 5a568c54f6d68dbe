"""Every kind of page, in light and in dark, holds no violation that axe-core can find."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Company
from tests.browser.people import PHONE, Device
from tests.browser.play import Play
from tests.figures import FULL

COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
"""What dark can change: the rest of a page is the same in both."""
TARGETS = {"runOnly": ["target-size"], "resultTypes": ["violations"]}
"""What a thumb has to hit: axe leaves this rule of WCAG 2.2 out unless it is asked for."""

OF_THE_HOUSE = "/ /report /audit /texts /outbox /components /demo-shop /recalls".split()
OF_AN_INCIDENT = (
    " /report /investigation /halt /recall /statement /notice /review /people /ledger /ledger/20"
    " /at/0 /at/60 /at/60/halt /audit /statement/texts/S1"
    " /recall/sign_recall_plan /recall/set_scope /notice/record_authority_act /report/register_case"
    " /report/assess_severity /investigation/evaluate_hazard /investigation/sign_finding"
    " /halt/order_halt /statement/draft_statement /review/assign_action /review/close_incident"
    " /people/hold_meeting"
).split(" ")
NOWHERE = "/no-such-page"
DARK_TOO = 3
"""Every third page is looked at in dark too: its colours are the same few everywhere, and each pair
of them is held against WCAG in tests/api/test_contrast.py."""


def violations(page: Page, *, dark: bool = True) -> Iterator[str]:
    """Run axe over the open page in light, and what colours can change in dark."""
    for scheme, options in (("light", None), ("dark", COLOURS))[: 2 if dark else 1]:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=options) if options else Axe().run(page)
        for violation in found.response["violations"]:
            for node in violation["nodes"]:
                yield f"{page.url} ({scheme}) {violation['id']}: {node['html'][:160]}"


def answered(page: Page, address: str) -> int:
    """Open an address and say how it was answered."""
    answer = page.goto(address)
    return answer.status if answer else 0


def test_no_page_violates_what_axe_knows(company: Company, half_played: Play) -> None:
    people = company()
    reader = people("gao.yuan").page
    incident = half_played.people.incident
    found: list[str] = []
    addresses = [*OF_THE_HOUSE, *(incident + rest for rest in OF_AN_INCIDENT)]
    for number, address in enumerate(addresses):
        assert answered(reader, address) == 200, address
        found += violations(reader, dark=FULL or number % DARK_TOO == 0)
    assert answered(reader, NOWHERE) == 404
    found += violations(reader)
    for list_of, one in (("/outbox", "table a, main li a"), ("/recalls", "main li a")):
        reader.goto(list_of)
        reader.locator(one).first.click()
        found += violations(reader)
    assert found == []


def test_a_thumb_hits_everything_on_a_phone(company: Company, half_played: Play) -> None:
    phone = company(Device(PHONE))("gao.yuan").page
    incident = half_played.people.incident
    found: list[str] = []
    for address in ("/", "/report", "/outbox", *(incident + rest for rest in OF_AN_INCIDENT)):
        assert answered(phone, address) == 200, address
        for violation in Axe().run(phone, options=TARGETS).response["violations"]:
            found += [f"{phone.url}: {node['html'][:160]}" for node in violation["nodes"]]
    assert found == []
