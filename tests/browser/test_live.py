"""What one person does appears before another who has the page open, without reloading it."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Company
from tests.browser.people import PATIENCE_MS
from tests.browser.person import Answers, minutes_ago
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


def test_the_demo_shop_changes_before_ones_eyes(company: Company) -> None:
    buyer, agent = company()("cheng.bo").opens("/demo-shop"), company()("an.qi").opens("/report")
    shelf = buyer.page.get_by_role("listitem").filter(has_text="Spring Toner")
    expect(shelf).not_to_contain_text("sale has stopped")
    buyer.page.evaluate("window.stayed = true")
    agent.answers(
        {
            "When did the first person": minutes_ago(30),
            "In which country": "China",
            "How did the report reach us?": "Telephone",
            "Products, and lots": ("Spring Toner",),
            "The lots are not known yet": "yes",
            "What is the worst thing": ("Clearly visible damage",),
            "People hurt": "1",
            "Of these, seriously": "1",
            "What is wrong": ("Burns the skin",),
            "Who uses it": ("Other adults",),
            "Where is the affected product": ("People have it at home",),
            "What happened, in the words": "Blisters after one evening.",
        }
    )
    agent.presses("Report, and stop")
    agent.sees("Spring Toner")
    chief = company()
    chief.incident = agent.page.url.partition("?")[0]
    chief("gao.yuan").does("Accept as an incident")
    expect(shelf).to_contain_text("sale has stopped", timeout=PATIENCE_MS)
    assert buyer.page.evaluate("window.stayed")


def test_the_halt_board_follows_and_what_was_opened_stays_open(
    company: Company, half_played: Play
) -> None:
    here, there = company(), company()
    here.incident = there.incident = half_played.people.incident
    reader = here("gao.yuan").opens_the_incident("Halt")
    reader.opens_part("In their time to answer")
    reader.does_not_see("By phone, at four")
    reader.page.evaluate("window.stayed = true")
    lead = there("cheng.bo").opens_the_incident("Halt")
    lead.opens_part("In their time to answer")  # where it stands, unless somebody asked it anew
    lead.follows("This channel has stopped", beside="Hemu Living Stores")
    lead.fills_in("This channel has stopped", {"How do you know?": "By phone, at four"})
    reader.sees("By phone, at four")
    expect(reader.page.get_by_role("listitem").filter(has_text="Thistledown").first).to_be_visible()
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
