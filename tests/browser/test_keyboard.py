"""Without a mouse: the report form and a decision, by Tab, letters, arrows and Enter."""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Company
from tests.browser.keyboard import Keyboard
from tests.browser.person import BEIJING
from tests.browser.play import Play


def test_report_and_a_decision_need_only_the_keyboard(company: Company) -> None:
    people = company()
    agent = people("an.qi")
    keys = Keyboard(agent)
    keys.goes_to("Report a problem").strikes("Enter")
    agent.page.wait_for_url("**/report")
    keys.dates("When did the first person", datetime.now(BEIJING) - timedelta(minutes=20))
    keys.goes_to("In which country").types("China")
    keys.goes_to("How did the report reach us?").types("Telephone")
    keys.ticks("Petal Lipstick").ticks("The lots are not known yet")
    keys.chooses("What is the worst thing", "Nobody was hurt")
    keys.chooses("What is wrong", "Looks, feels or smells")
    keys.ticks("Other adults")
    keys.chooses("Where is the affected product", "All of it still with us")
    keys.goes_to("What happened, in the words").types("It smells sour.")
    keys.goes_to("Report this problem").strikes("Enter")
    agent.page.wait_for_url("**/incidents/*")
    agent.sees("Petal Lipstick")
    people.incident = agent.page.url.partition("?")[0]

    chief = people("gao.yuan")
    chief.opens_the_incident()
    keys = Keyboard(chief)
    keys.goes_to("Accept as an incident").strikes("Enter")
    chief.page.wait_for_url("**/accept*")
    keys.goes_to("Accept as an incident").strikes("Enter")
    chief.sees("Recorded: this happened")


def test_a_text_is_written_approved_and_published_by_keyboard(
    company: Company, half_played: Play
) -> None:
    people = company()
    people.incident = half_played.people.incident
    writer = people("ye.fan")
    writer.opens(f"{people.incident}/statement")
    keys = Keyboard(writer)
    keys.goes_to("Write a text").strikes("Enter")
    writer.page.wait_for_url("**/draft_statement*")
    keys.goes_to("Which kind of text?").types("Notice to staff")
    keys.goes_to("Fill in a first draft").strikes("Enter")
    beside = writer.page.locator("[data-asks-of]")
    expect(beside).to_contain_text("Dear colleagues")
    keys.ticks("Hand it in for approval at once")
    keys.goes_to("Text").strikes("Control+a").types("初步情况：月露润肤霜已停售，请勿销售。")
    keys.goes_to("Text").strikes("Control+a").types("There is no cause for concern.")
    expect(beside.locator(".findings")).to_contain_text("no cause for concern")
    keys.strikes("Control+a").types("Preliminary: please do not sell Moon Dew Face Cream.")
    expect(beside).to_contain_text("No rule objects")
    keys.ticks("The text itself says that this is preliminary")
    keys.goes_to("Write a text").strikes("Enter")
    writer.sees("handed in S")
    [text] = writer.page.get_by_role("link").filter(has_text="To all staff").all()
    number = text.inner_text().split()[0]

    for name in ("su.ran", "gao.yuan"):
        approver = people(name).opens(f"{people.incident}/statement/texts/{number}")
        keys = Keyboard(approver)
        keys.goes_to("Approve exactly this text").strikes("Enter")
        approver.page.wait_for_url("**/approve_statement*")
        keys.goes_to("Approve exactly this text").strikes("Enter")
        approver.sees(f"approved {number}")

    lead = people("su.ran").opens(f"{people.incident}/statement/texts/{number}")
    keys = Keyboard(lead)
    keys.goes_to("Publish exactly this text").strikes("Enter")
    lead.page.wait_for_url("**/publish_statement*")
    keys.ticks("No personal data is in it")
    keys.goes_to("Publish exactly this text").strikes("Enter")
    lead.sees("Recorded: this happened")
