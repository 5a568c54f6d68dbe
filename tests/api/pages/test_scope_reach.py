"""A scope by name: which markets it begins with, whom it forgets, what it moves."""

from typing import Any

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import HOSPITAL, accepted, done
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")

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


WHY = "Sold there under another name; the firm there recalls it."


def test_a_reported_market_and_its_consignees_are_never_left_out_unseen(
    served: Served, at: SignedIn
) -> None:
    answers = {**HOSPITAL, "markets": ["CN", "GB"]}
    number = reported(served.person("an.qi"), answers=answers, lots=["DC2603A"])
    done(served.person("gao.yuan"), number, "report/accept_report")
    chief = at("gao.yuan")
    page = chief.open(f"/incidents/{number}/recall/set_scope")
    form = page.form("/set_scope")
    assert "left_out_why" not in form.values
    fewer: dict[str, Any] = {
        "markets": [one for one in form.values["markets"] if one != "GB"],
        "consignees": [one for one in form.values["consignees"] if one != "thistledown"],
        "reason": "The lot of the first case.",
    }
    asked = chief.send(page, form, **fewer)
    assert asked.status == 409
    told = plain(asked)
    assert "Not signed yet: look at this first" in told
    assert (
        "United Kingdom: reported, and left out of this scope; so are these consignees that "
        "received the goods: Thistledown Chemists Ltd"
    ) in told
    # Looked at, and still no reason: nothing is signed.
    again = chief.send(asked, asked.form("/set_scope"), left_out_why=" ")
    assert again.status == 409
    address = f"/api/incidents/{number}"
    state = served.person("gao.yuan").get(address).json()["state"]
    assert state["recall"]["scope"] is None
    assert chief.send(again, again.form("/set_scope"), left_out_why=WHY).status == 200
    scope = served.person("gao.yuan").get(address).json()["state"]["recall"]["scope"]
    assert scope["markets_left_out"] == ["GB"]
    assert scope["consignees_left_out"] == ["thistledown"]
    assert scope["left_out_why"] == WHY
    stage = plain(chief.open(f"/incidents/{number}/recall"))
    assert "Left out of the scope Reported markets United Kingdom" in stage
    assert f"Consignees Thistledown Chemists Ltd Why {WHY}" in stage
    # What was left out with a reason is not asked for again; something new is.
    page = chief.open(f"/incidents/{number}/recall/widen_scope")
    assert "Look at this before you sign" not in page.text


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        pytest.param(
            {"markets": ["CN", "DE", "US"], "consignees": ["hemu", "kornblume"]},
            "United States: these consignees received the goods and are left out: Maple",
            id="consignees of a market that is in",
        ),
        pytest.param(
            {"markets": ["DE"], "consignees": ["kornblume"], "left_out_why": WHY},
            "China: reported, and left out of this scope; so are these consignees",
            id="where it was first known",
        ),
    ],
)
def test_what_a_proposed_scope_leaves_out_is_told_to_whoever_signs(
    served: Served, at: SignedIn, changes: dict[str, list[str]], line: str
) -> None:
    number = accepted(served, lots=["DC2603A"])
    kept = served.person("an.qi").client.post("/api/blobs", content=b"%PDF-1.7 a report")
    wide = {**SCOPE, "markets": ["CN", "DE", "FR", "US", "GB"]}
    wide["consignees"] = ["hemu", "kornblume", "belle-aubepine", "maple-vine", "thistledown"]
    done(served.person("qiu.ning"), number, "recall/set_scope", **wide)
    narrower = {**SCOPE, **changes, "evidence": [kept.json()["id"]]}
    done(served.person("gao.yuan"), number, "recall/narrow_scope", **narrower)
    assert line in plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))


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
    scope = {**SCOPE, "markets": ["CN", "SG", "BR", "CA"], "consignees": ["hemu"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    told = plain(chief.open(f"/incidents/{number}/notice"))
    assert "Markets where no duty stands here" in told
    assert "Brazil No rule of this market is known to Andon." in told
    assert "Canada The rules of this market that Andon knows speak of other products" in told
    known = "Singapore Andon knows these rules, and nothing recorded here meets one yet: "
    assert f"{known}Notice before a recall begins" in told
    assert "That does not mean that there is none" in told
    assert "Ask legal, today" in told
    form = plain(chief.open(f"/incidents/{number}/recall/widen_scope"))
    assert "No duty to report is known to Andon in" not in form  # nothing moves yet
    page = chief.open(f"/incidents/{number}/recall/widen_scope")
    typed = {"markets": ["CN", "SG", "BR", "CA", "DE"], "reason": "It went to Germany too."}
    seen = chief.send(page, page.form("/widen_scope"), "Show what would follow", **typed)
    assert "No duty to report is known to Andon in Brazil, Canada: that does not" in plain(seen)


def test_what_does_not_apply_and_what_is_kept_stand_beside_the_duties(
    served: Served, at: SignedIn
) -> None:
    number, chief = accepted(served), at("gao.yuan")
    scope = {**SCOPE, "markets": ["CN", "US", "CA"], "consignees": ["hemu"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    told = plain(chief.open(f"/incidents/{number}/notice"))
    assert "Looked at, and does not apply here" in told
    assert "Cosmetics are no consumer product under the act" in told
    assert "Cosmetics are not subject to that act" in told
    kept = told.partition("What must be kept")[2]
    assert "records of reports of adverse events United States 72 months" in kept
    assert "the law names no number" in kept
    assert "supply: product" not in kept  # of Singapore, which nobody named
