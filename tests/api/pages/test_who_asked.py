"""Who asked from outside: opened to those who answer; others see that somebody asked."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

WHO = "Wang Lei, Evening News, +86 138 1234 5678"
ASKED = {"medium": "press", "topic": "Burns after use", "asked_by": WHO}


@pytest.fixture(scope="module")
def number(served: Served) -> str:
    """Give an incident about which a service agent logged a journalist's question."""
    number = accepted(served)
    done(served.person("an.qi"), number, "statement/log_enquiry", **ASKED)
    return number


@pytest.mark.parametrize(
    ("reader", "sees"),
    [("su.ran", True), ("ye.fan", True), ("xia.zhi", True), ("fang.zheng", True),
     ("an.qi", True), ("gao.yuan", False), ("lei.gang", False), ("ren.jia", False)],
    ids=["PR lead", "PR officer", "spokesperson", "legal",
         "service agent", "commander", "plant", "auditor"],
)  # fmt: skip
def test_who_asked_is_opened_to_those_who_answer_alone(
    reader: str, sees: bool, number: str, at: SignedIn, served: Served
) -> None:
    page = at(reader).open(f"/incidents/{number}/statement")
    assert "E1 · Burns after use" in page.text
    assert (WHO in page.text) is sees
    assert ("[not shown to your role]" in page.text) is not sees
    ledger = at(reader).open(f"/incidents/{number}/ledger?kind=person")
    assert sees or "Wang Lei" not in ledger.text
    told = served.person(reader).get(f"/api/incidents/{number}").text
    assert "Wang Lei" not in told
