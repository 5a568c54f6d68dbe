"""Who may sign, in words that help: the signers of this act by name, never "and 18 more roles"."""

import re

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.pages.test_standing import plain
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")


def scope_proposed(served: Served) -> str:
    """A narrower scope is proposed by the commander, and quality is to sign it."""
    number = accepted(served)
    kept = served.person("an.qi").client.post("/api/blobs", content=PDF)
    wide = {**SCOPE, "markets": ["CN", "US"], "consignees": ["hemu", "fenghe", "maple-vine"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **wide)
    narrower = {**SCOPE, "evidence": [kept.json()["id"]]}
    done(served.person("gao.yuan"), number, "recall/narrow_scope", **narrower)
    return number


def test_a_sign_page_names_those_who_can_sign(served: Served, at: SignedIn) -> None:
    number = scope_proposed(served)
    state = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]
    (act,) = state["pending"].values()
    address = f"/incidents/{number}/people/{act['id']}/sign_act"
    page = plain(at("lin.wei").open(address))
    who = page.split("Who may")[-1][:200]
    assert "more roles" not in page
    assert "Lin Wei" in who
    mine = plain(at("gao.yuan").open(address))
    assert "By the plan this belongs to:" in mine
    assert "Gao Yuan" not in mine.split("Who may")[-1][:200]


def test_many_roles_begin_with_the_readers_own_and_fold_the_rest(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    page = at("emily.carter").open(f"/incidents/{number}/investigation/record_fact")
    who = re.sub(r"\s+", " ", page.text.split("Who may")[-1])
    assert "Regulatory affairs" in who[:80]
    assert re.search(r"\d+ more roles", who)
