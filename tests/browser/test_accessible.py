"""Every kind of page, in light, in dark and on a phone, holds no violation that axe-core can find.

At reduced counts each page is looked at once, in the way whose turn it is; one in four by all rules,
the others by all but that of colours, which takes twice as long as all else together. In full each is
looked at in every way; in dark and on a phone by those rules alone whose answer can differ there.
"""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Company
from tests.browser.people import PHONE, Device
from tests.browser.play import Play
from tests.figures import FULL
from tests.turns import turn_of

Scheme = Literal["light", "dark"]
Options = dict[str, Any]

ALL: Options = {"resultTypes": ["violations"]}
COLOURS: Options = {"runOnly": ["color-contrast"], **ALL}
"""What dark can change: the rest of a page is the same in both. Its colours are the same few
everywhere, and each pair is held against WCAG in tests/api/test_contrast.py."""
NO_COLOURS: Options = {"rules": {"color-contrast": {"enabled": False}}, **ALL}
TARGETS: Options = {"runOnly": ["target-size"], **ALL}
"""What a thumb has to hit: axe leaves this rule of WCAG 2.2 out unless it is asked for."""
ALL_AND_TARGETS: Options = {"rules": {"target-size": {"enabled": True}}, **ALL}
TARGETS_NO_COLOURS: Options = {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}, **ALL
}  # fmt: skip

OF_THE_HOUSE = (
    "/ /report /audit /search?q=recall /texts /outbox /components /demo-shop /recalls".split()
)
OF_AN_INCIDENT = (
    " /report /investigation /halt /recall /statement /notice /review /people /ledger /ledger/20"
    " /at /at?at=60 /difference?from=40&to=60 /at/0 /at/60 /at/60/halt /audit /statement/texts/S1"
    " /audit/questions/1 /audit/questions/6 /audit/questions/7 /audit/questions/8"
    " /recall/sign_recall_plan /recall/set_scope /notice/record_authority_act /report/register_case"
    " /report/assess_severity /investigation/evaluate_hazard /investigation/sign_finding"
    " /halt/order_halt /statement/draft_statement /review/assign_action /review/close_incident"
    " /people/hold_meeting"
).split(" ")
NOWHERE = "/no-such-page"
HELD_IN_A_HAND = ("/", "/report", "/outbox")
"""Pages of the house that are looked at on a phone, with all of an incident."""


def violations(page: Page, scheme: Scheme = "light", options: Options = ALL) -> list[str]:
    """Run axe over the open page."""
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page, options=options)
    return [
        f"{page.url} ({scheme}) {violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def looks(page: str, *, is_held: bool = True) -> tuple[str, ...]:
    """Tell in which ways a page is looked at: in all, or in the one whose turn it is."""
    ways = ("light", "dark", "phone") if is_held else ("light", "dark")
    return ways if FULL else (turn_of(page, ways),)


def by(page: str, rules: Options, without_colours: Options) -> Options:
    """Tell by which rules a page is looked at: by all, or where it is no turn of colours, without."""
    return rules if FULL or turn_of(f"colours of {page}", range(4)) == 0 else without_colours


def answered(page: Page, address: str) -> int:
    """Open an address and say how it was answered."""
    answer = page.goto(address)
    return answer.status if answer else 0


def test_no_page_violates_what_axe_knows(company: Company, half_played: Play) -> None:
    people = company()
    reader = people("gao.yuan").page
    incident = half_played.people.incident
    pages = [
        (one, looks(one, is_held=one in HELD_IN_A_HAND), by(one, ALL, NO_COLOURS))
        for one in OF_THE_HOUSE
    ]
    pages += [
        (incident + rest, looks(f"{{incident}}{rest}"), by(rest, ALL, NO_COLOURS))
        for rest in OF_AN_INCIDENT
    ]
    found: list[str] = []
    for address, ways, rules in pages:
        if "light" in ways or "dark" in ways:
            assert answered(reader, address) == 200, address
        if "light" in ways:
            found += violations(reader, options=rules)
        if "dark" in ways:
            found += violations(reader, "dark", COLOURS if FULL else rules)
    assert answered(reader, NOWHERE) == 404
    found += violations(reader)
    for list_of, one in (("/outbox", "table a, main li a"), ("/recalls", "main li a")):
        reader.goto(list_of)
        with reader.expect_navigation():  # what is looked at must stand there whole
            reader.locator(one).first.click()
        found += violations(reader)
    assert found == []


def test_a_thumb_hits_everything_on_a_phone(company: Company, half_played: Play) -> None:
    phone = company(Device(PHONE))("gao.yuan").page
    incident = half_played.people.incident
    pages = [(one, one) for one in HELD_IN_A_HAND if "phone" in looks(one)]
    pages += [
        (incident + rest, rest)
        for rest in OF_AN_INCIDENT
        if "phone" in looks(f"{{incident}}{rest}")
    ]
    found: list[str] = []
    for address, name in pages:
        assert answered(phone, address) == 200, address
        rules = TARGETS if FULL else by(name, ALL_AND_TARGETS, TARGETS_NO_COLOURS)
        found += violations(phone, options=rules)
    assert len(pages) > len(OF_AN_INCIDENT) // 5
    assert found == []
