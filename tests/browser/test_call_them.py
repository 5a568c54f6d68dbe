"""The card of many channels leads to whom to call: a fold on the way there opens by itself."""

from playwright.sync_api import expect

from tests.browser.conftest import Company
from tests.browser.play import Play


def test_the_card_opens_the_list_to_call(company: Company, half_played: Play) -> None:
    people = company()
    people.incident = half_played.people.incident
    lead = people("cheng.bo")
    lead.opens_the_incident("Halt")
    lead.follows("Call them, one by one")
    number = lead.page.locator("#halt-in-time a[href^='tel:']").first
    expect(number).to_be_visible()
