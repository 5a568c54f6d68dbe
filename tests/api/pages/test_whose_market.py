"""Who is asked about a thing of one market: those who answer for it, others only where nobody does."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, words_of
from tests.api.pages.test_standing import plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("api")


def test_nobody_of_another_market_is_asked_about_a_rule(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    page = plain(at("fang.zheng").open(f"/incidents/{number}"))
    asked = page.split("Not verified: does Regulation (EC) No 1223/2009")[1]
    asked = asked.split("Others who can:")[1].split("To decide")[0]
    assert "Jonas Brandt" in asked
    assert "Emily Carter" not in asked
    assert "Bai Lu" not in asked
    american = at("emily.carter").open(f"/incidents/{number}")
    assert "Does this rule apply here?" not in words_of(american)


def test_a_form_about_a_duty_names_those_of_its_market(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    form = at("an.qi").open(f"/incidents/{number}/notice/D3/confirm_reportable")
    said = plain(form)
    assert "Jonas Brandt" in said
    assert "Emily Carter" not in said


def test_a_team_is_proposed_from_the_markets_of_the_incident(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    affairs = {
        **SCOPE,
        "markets": ["DE"],
        "consignees": [],
        "left_out_why": "The lot was sold elsewhere.",
    }
    before = plain(at("gao.yuan").open(f"/incidents/{number}/people"))
    assert "Regulatory affairs Bai Lu" in before
    done(served.person("gao.yuan"), number, "recall/set_scope", **affairs)
    after = plain(at("gao.yuan").open(f"/incidents/{number}/people"))
    assert "Regulatory affairs Jonas Brandt" in after
    assert "Bai Lu" not in after
