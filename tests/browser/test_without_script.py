"""With script switched off: report, accept, decide and sign, by pages and forms alone."""

from tests.browser.conftest import Company
from tests.browser.people import Device
from tests.browser.person import minutes_ago


def test_report_accept_and_sign_need_no_script(company: Company) -> None:
    plain = company(Device(script=False))
    agent = plain("an.qi")
    agent.follows("Report a problem")
    agent.answers(
        {
            "When did the first person": minutes_ago(30),
            "In which country": "China",
            "How did the report reach us?": "Telephone",
            "Products, and lots": ("Brook Shampoo",),
            "The lots are not known yet": "yes",
            "What is the worst thing": ("Saw a doctor",),
            "People hurt": "1",
            "What is wrong": ("Burns the skin",),
            "Who uses it": ("Other adults",),
            "Where is the affected product": ("People have it at home",),
            "What happened, in the words": "Her scalp burned for a day; a doctor treated it.",
        }
    )
    agent.presses("Show the grade")
    agent.sees("The grade that follows").sees("Serious")
    agent.presses("Report")
    agent.sees("Brook Shampoo")
    plain.incident = agent.page.url.partition("?")[0]

    plain("zhou.mo").does("I have seen it and look into it")
    plain("gao.yuan").does("Accept as an incident")
    plain("bai.lu").does(
        "Determine: nothing to file", {"Why?": "It was reported with the recall."}, at="Notice"
    )
    plain("fang.zheng").signs("Determine: nothing to file")
