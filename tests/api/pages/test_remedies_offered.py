"""Remedies that forms offer: none that is refused for what it is, and each says what it takes."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.pages.test_standing import plain, plan_signed
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

CHOICES = {"refund", "exchange", "repair"}


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("gao.yuan", "recall/sign_recall_plan", "remedies"),
        ("mei.lin", "recall/settle_remedy", "offered"),
    ],
    ids=["the plan's promise", "what was offered"],
)
def test_only_what_a_person_may_choose_is_offered_as_a_choice(
    name: str, address: str, field: str, served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    page = at(name).open(f"/incidents/{number}/{address}")
    assert set(page.form(f"/{address.split('/')[1]}").choices[field]) == CHOICES


def test_medical_cost_can_be_given_from_the_page_beside_what_was_offered(
    served: Served, at: SignedIn
) -> None:
    number, lead = plan_signed(served), at("mei.lin")
    page = lead.open(f"/incidents/{number}/recall/settle_remedy")
    assert "Owed beside a refund, exchange or repair: name the amount." in page.text
    form = page.form("/settle_remedy")
    assert set(form.values["offered"]) == {"refund", "exchange"}
    given = {"taken": "medical_cost", "lot_shown": "pack", "claimed_at": "2026-11-20T09:00"}
    answer = lead.send(page, form, **given, amount_minor="120")
    assert answer.status == 200, plain(answer)
    assert "They took what was not offered" not in answer.text
