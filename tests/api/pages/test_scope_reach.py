"""A scope by name: which markets it begins with, whom it forgets, what it moves."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_standing import plain
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("api")

SCOPE = {
    "products": ["dew-cream"],
    "lots": [{"lot": "DC2603A", "product": "dew-cream"}],
    "markets": ["CN", "DE"],
    "consignees": ["hemu", "kornblume"],
    "reason": "The lot of the first case.",
}


def test_a_first_scope_begins_with_the_markets_of_its_receivers(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served, lots=["DC2603A"])
    page = at("gao.yuan").open(f"/incidents/{number}/recall/set_scope")
    form = page.form("/set_scope")
    # First known in China, and received in France, the United Kingdom and the United States.
    assert {"CN", "FR", "GB", "US"} <= set(form.values["markets"])
    assert "_seen" not in form.values
    assert "Look at this before you sign" not in page.text


def test_a_scope_that_forgets_a_market_of_its_receivers_is_looked_at_once(
    served: Served, at: SignedIn
) -> None:
    number, chief = accepted(served, lots=["DC2603A"]), at("gao.yuan")
    page = chief.open(f"/incidents/{number}/recall/set_scope")
    form = page.form("/set_scope")
    fewer = [one for one in form.values["markets"] if one != "GB"]
    typed = {"markets": fewer, "reason": "The lot of the first case."}
    asked = chief.send(page, form, markets=fewer, reason=typed["reason"])
    assert asked.status == 409
    told = plain(asked)
    assert "Not signed yet: look at this first" in told
    assert "United Kingdom: not among the markets of this scope" in told
    assert "Thistledown Chemists Ltd" in told
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert state["recall"]["scope"] is None
    again = asked.form("/set_scope")
    assert set(again.values["markets"]) == set(fewer)
    assert chief.send(asked, again).status == 200
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    assert set(state["recall"]["scope"]["markets"]) == set(fewer)


def test_whoever_signs_a_scope_sees_what_it_moves_by_name(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), served.person("gao.yuan")
    kept = served.person("an.qi").client.post("/api/blobs", content=b"%PDF-1.7 a report")
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    narrower = {
        **SCOPE,
        "markets": ["CN"],
        "consignees": ["hemu", "maple-vine"],
        "evidence": [kept.json()["id"]],
    }
    done(chief, number, "recall/narrow_scope", **narrower)
    sign = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    assert "Moved since version 1, signed by Qiu Ning" in sign
    assert "Markets let go: Germany" in sign
    assert "Consignees added: Maple & Vine Beauty Inc." in sign
    assert "Consignees let go: Kornblume Drogerie GmbH" in sign
    assert "United States: not among the markets of this scope" in sign
    done(served.person("lin.wei"), number, "people/A1/sign_act")
    stage = plain(at("gao.yuan").open(f"/incidents/{number}/recall"))
    assert "Markets let go: Germany · Consignees added: Maple" in stage


def test_a_form_shows_what_would_move_before_it_is_pressed(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    page = chief.open(f"/incidents/{number}/recall/widen_scope")
    form = page.form("/widen_scope")
    typed = {"markets": ["CN", "DE", "FR"], "reason": "It went to France too."}
    seen = plain(chief.send(page, form, "Show what would follow", **typed))
    assert "Moved since version 1, signed by Qiu Ning" in seen
    assert "Markets added: France" in seen


def test_a_market_without_a_duty_is_named_and_not_passed_over(served: Served, at: SignedIn) -> None:
    number, chief = accepted(served), at("gao.yuan")
    scope = {**SCOPE, "markets": ["CN", "GB", "JP"], "consignees": ["hemu"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    told = plain(chief.open(f"/incidents/{number}/notice"))
    assert "Markets where no duty stands here" in told
    assert "Japan No rule of this market is known to Andon." in told
    known = "United Kingdom Andon knows these rules, and nothing recorded here meets one yet: "
    assert f"{known}Notification of a serious undesirable effect" in told
    assert "That does not mean that there is none" in told
    assert "Ask legal, today" in told
    form = plain(chief.open(f"/incidents/{number}/recall/widen_scope"))
    assert "No duty to report is known to Andon in" not in form  # nothing moves yet
    page = chief.open(f"/incidents/{number}/recall/widen_scope")
    typed = {"markets": ["CN", "GB", "JP", "DE"], "reason": "It went to Germany too."}
    seen = chief.send(page, page.form("/widen_scope"), "Show what would follow", **typed)
    assert "No duty to report is known to Andon in Japan: that does not mean" in plain(seen)
