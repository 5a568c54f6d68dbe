"""The authority's letter of termination: one act ends the recall and the reports about it."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import done, words_of
from tests.api.pages.test_standing import plain, plan_signed
from tests.api.serving import Served
from tests.api.test_evidence import PDF

pytestmark = pytest.mark.xdist_group("pages")


def told_and_completed(served: Served) -> str:
    """A recall in China and the US: the FDA is told of it, and we have completed it there."""
    number, regulatory = plan_signed(served), served.person("emily.carter")
    wider = {**SCOPE, "markets": ["CN", "US"]}
    done(served.person("gao.yuan"), number, "recall/widen_scope", **wider)
    state = regulatory.get(f"/api/incidents/{number}").json()["state"]
    duty = next(one for one in state["notice"]["duties"].values() if one["rule"] == "US-CFR-7-46")[
        "id"
    ]
    report = {"channel": "e-mail", "sent_at": state["last_at"], "text": "Nine items.",
              "late_reason": "It was known late."}  # fmt: skip
    done(regulatory, number, f"notice/{duty}/file_first", **report)
    done(served.person("fang.zheng"), number, "people/A3/sign_act")
    done(served.person("gao.yuan"), number, "recall/US/complete_recall", reason="Nothing more.")
    done(regulatory, number, "people/A4/sign_act")
    return number


def test_a_status_report_is_named_and_ends_with_the_letter(served: Served, at: SignedIn) -> None:
    number, regulatory = told_and_completed(served), at("emily.carter")
    address = f"/incidents/{number}"
    page = plain(regulatory.open(f"{address}/notice"))
    assert "Periodic status report of the recall" in page
    assert "21 CFR part 7 · 7.53(a)-(c)" in page
    assert "asked for by the rules; no limit of the law" in page
    assert "request of the authority" not in page
    assert "7.53(a)-(c) Prepare the report File the status report Determine" in page
    assert "The authority terminated" in words_of(regulatory.open(f"{address}/recall"))
    emily = served.person("emily.carter")
    told_at = emily.get(f"/api/incidents/{number}").json()
    letter = {
        "authority": "FDA",
        "market": "US",
        "kind": "termination",
        "received_at": told_at["state"]["last_at"],
        "words": "The recall is terminated.",
        "document": emily.client.post("/api/blobs", content=PDF).json()["id"],
        "dated_on": told_at["state"]["last_at"][:10],
    }
    done(emily, number, "notice/record_authority_act", **letter)
    page = plain(regulatory.open(f"{address}/notice"))
    assert "ended: the authority terminated the recall FDA, letter of" in page
    assert "The authority terminated" not in words_of(regulatory.open(f"{address}/recall"))


def test_a_letter_for_one_country_is_shown_and_the_european_union_stays_open(
    served: Served, at: SignedIn
) -> None:
    number, emily = plan_signed(served), served.person("emily.carter")
    done(served.person("gao.yuan"), number, "recall/widen_scope",
         **{**SCOPE, "markets": ["CN", "EU"]})  # fmt: skip
    told_at = emily.get(f"/api/incidents/{number}").json()["state"]["last_at"]
    letter = {
        "authority": "BVL",
        "market": "DE",
        "kind": "termination",
        "received_at": told_at,
        "words": "The recall is terminated.",
        "document": emily.client.post("/api/blobs", content=PDF).json()["id"],
        "dated_on": told_at[:10],
    }
    done(served.person("ning.ke"), number, "notice/record_authority_act", **letter)
    page = plain(at("emily.carter").open(f"/incidents/{number}/recall"))
    assert "A letter for Germany alone waits to be confirmed (BVL, " in page
    assert "Terminated in Germany" not in page
    told = plain(at("emily.carter").open(f"/incidents/{number}/ledger"))
    assert "The letter of BVL ends nothing in Germany yet" in told
    done(emily, number, "notice/record_authority_act", **letter)
    page = plain(at("emily.carter").open(f"/incidents/{number}/recall"))
    assert "waits to be confirmed" not in page
    assert "Terminated in Germany alone: BVL, letter of" in page
    assert "European Union stays open: once every country of it is terminated" in page
