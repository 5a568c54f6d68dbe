"""With script switched off: report, accept, decide and sign, by pages and forms alone."""

from tests.browser.conftest import Company
from tests.browser.people import PHONE, Device
from tests.browser.person import Answers, minutes_ago
from tests.browser.test_phone import fits


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


def test_grade_halt_and_scope_need_no_script_on_a_phone(company: Company) -> None:
    plain = company(Device(PHONE, script=False))
    agent = plain("an.qi").opens("/report")
    agent.answers(
        {
            "When did the first person": minutes_ago(30),
            "In which country": "China",
            "How did the report reach us?": "Telephone",
            "Products, and lots": ("Cloud Baby Lotion",),
            "The lots are not known yet": "yes",
            "What is the worst thing": ("Nobody was hurt",),
            "What is wrong": ("Looks, feels or smells",),
            "Who uses it": ("Other adults",),
            "Where is the affected product": ("People have it at home",),
            "What happened, in the words": "It smells sour.",
        }
    )
    chosen = agent.page.get_by_label("Choose files").first
    assert chosen.evaluate("field => getComputedStyle(field).opacity") == "1", "nobody sees a file"
    agent.presses("Report")
    agent.sees("Cloud Baby Lotion")
    fits(agent)
    plain.incident = agent.page.url.partition("?")[0]
    chief = plain("gao.yuan")
    chief.does("Accept as an incident")
    graded: Answers = {"How do we know?": ("Several reports",), "Has an authority acted?": ("No",)}
    chief.does("Answer the severity questions", graded, at="Report")
    fits(chief)

    chief.opens_the_incident("Halt").follows("Halt now")
    chief.presses("Show what would follow").sees("What would follow")
    fits(chief)
    chief.fills_in("Halt now", {})

    chief.opens_the_incident("Recall").follows("Set the scope").presses("Add a row")
    chief.answers(
        {
            "In which markets?": frozenset({"China"}),
            "Why these lots and no others?": "Nobody knows the lots yet.",
        }
    )
    chief.presses("Set the scope")
    chief.sees("Not signed yet: look at this first")
    fits(chief)
    chief.fills_in("Set the scope", {})


def test_what_follows_by_itself_says_how_to_load_it_again(company: Company) -> None:
    plain = company(Device(script=False))("cheng.bo").opens("/demo-shop")
    plain.follows("Load it again to see what has changed since.").sees("Spring Toner")
