"""Without a mouse: the report form and a decision, by Tab, letters, arrows and Enter."""

from datetime import datetime, timedelta

from tests.browser.conftest import Company
from tests.browser.keyboard import Keyboard
from tests.browser.person import BEIJING


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
    people.incident = agent.page.url.partition("?")[0]

    chief = people("gao.yuan")
    chief.opens_the_incident()
    keys = Keyboard(chief)
    keys.goes_to("Accept as an incident").strikes("Enter")
    chief.page.wait_for_url("**/accept*")
    keys.goes_to("Accept as an incident").strikes("Enter")
    chief.sees("Recorded: this happened")
