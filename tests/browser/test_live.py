"""What one person does appears before another who has the page open, without reloading it."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Company
from tests.browser.person import Answers
from tests.browser.play import Play


def test_what_one_does_appears_before_another(company: Company, half_played: Play) -> None:
    here, there = company(), company()
    here.incident = there.incident = half_played.people.incident
    reader = here("gao.yuan").opens_the_incident()
    reader.does_not_see("Boxes in the shop window")
    reader.page.evaluate("window.stayed = true")
    fact: Answers = {"What is the fact called?": "Boxes in the shop window", "What is known?": "12"}
    there("qiu.ning").does("Record a fact", fact, at="Investigation")
    reader.sees("Boxes in the shop window")
    expect(reader.page.get_by_text("Connection lost")).not_to_be_visible()
    assert reader.page.evaluate("window.stayed")


def test_a_device_with_a_wrong_clock_shows_the_time_that_is_left(
    company: Company, half_played: Play
) -> None:
    people = company()
    people.incident = half_played.people.incident
    reader = people("gao.yuan")
    reader.opens_the_incident()
    due = reader.page.locator("time[data-relative=due]").first
    told = due.inner_text()
    assert "left" in told
    reader.page.clock.install(time=datetime.now(UTC) + timedelta(days=400))
    reader.opens_the_incident()
    assert reader.page.evaluate("new Date().getFullYear()") > datetime.now(UTC).year
    reader.page.clock.run_for(90_000)
    expect(due).to_contain_text("left")


def test_a_text_is_shown_as_it_will_read_while_it_is_typed(
    company: Company, half_played: Play
) -> None:
    people = company()
    people.incident = half_played.people.incident
    writer = people("su.ran")
    writer.page.goto(f"{people.incident}/statement/draft_statement?kind=update")
    body = writer.page.locator("textarea[name='texts-1-body']")
    body.fill("We are completely safe, there is no cause for concern.")
    expect(writer.page.locator("[data-asks-of]")).to_contain_text("no cause for concern")
    expect(writer.page.locator("[data-asks-of] .findings li").first).to_be_visible()
    expect(body).to_be_focused()


def test_two_open_pages_of_one_form_keep_their_own_words(
    company: Company, half_played: Play
) -> None:
    people = company()
    people.incident = half_played.people.incident
    writer = people("su.ran")
    address = f"{people.incident}/statement/draft_statement?kind=update"
    title = "input[name='texts-1-title'], textarea[name='texts-1-title']"
    writer.page.goto(address)
    writer.page.locator(title).fill("Typed in the first page")
    second = writer.page.context.new_page()
    second.goto(address)
    assert second.locator(title).input_value() != "Typed in the first page"
    second.get_by_role("button", name="Put it in here").click()
    assert second.locator(title).input_value() == "Typed in the first page"
    writer.page.close()
    second.goto(address)
    assert second.locator(title).input_value() == "Typed in the first page"
    second.close()
