"""Who did what, and when: every page says the same of the same entry."""

import pytest

from domain.halt import HaltOrdered
from services.questions.rows import who_did
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served
from tests.services.test_questions import CLUSTER, ask, entry, rows, story

pytestmark = pytest.mark.xdist_group("pages")

BY_PLAN = {"en": "by the plan, on an act of An Qi", "zh": "由预案下达，依据安琪的操作"}
ADOPTED = "adopted on Monday 2 November 2026 by Shen Anlan, Lin Wei"
IN_USE = "in use here since "


@pytest.fixture
def number(served: Served) -> str:
    return told_once(accepted, served)


def order_of(served: Served, number: str) -> int:
    """Give the number of the entry of the first order, which the plan gave by itself."""
    entries = served.person("ren.jia").get(f"/api/incidents/{number}/ledger?limit=50").json()
    return next(int(one["seq"]) for one in entries["entries"] if one["type"] == "HaltOrdered")


@pytest.mark.parametrize("language", BY_PLAN)
@pytest.mark.parametrize("page", ["ledger/{seq}", "ledger", "audit"])
def test_what_the_plan_ordered_is_the_plans_on_every_page(
    served: Served, at: SignedIn, number: str, page: str, language: str
) -> None:
    address = page.format(seq=order_of(served, number))
    shown = at("ren.jia", language).open(f"/incidents/{number}/{address}")
    assert BY_PLAN[language] in shown.text


def test_what_the_plan_ordered_is_the_plans_in_every_answer() -> None:
    first = next(row for row in rows(ask(CLUSTER, 5), "halt_orders") if row["how"][:4] == "plan")
    order = entry(story(CLUSTER), first["entries"][0])
    assert isinstance(order.event, HaltOrdered)
    assert order.actor.id != "plan"
    assert who_did(order) == first["who"] == order.event.by == "plan"
    step = next(row for row in rows(ask(CLUSTER, 1), "times") if row["what"] == "ordered")
    assert step["who"] == "plan"


def test_the_plan_was_adopted_on_one_day_by_the_same_people_everywhere(
    at: SignedIn, number: str
) -> None:
    told = []
    for address in (
        f"/incidents/{number}/people",
        f"/incidents/{number}/audit/questions/9",
        "/plan",
    ):
        text = at("ren.jia").open(address).text
        assert ADOPTED in text, address
        told.append(text.partition(IN_USE)[2][:40].partition(", by the first start")[0])
    assert len(set(told)) == 1, told
    assert told[0]
