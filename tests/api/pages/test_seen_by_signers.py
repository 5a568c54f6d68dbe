"""Whoever signs after the proposer sees what the proposer saw: what is open, left out, new."""

import re

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_beginnings import SCOPE
from tests.api.pages.test_offered import accepted, done
from tests.api.pages.test_recall_counts import CAME_IN
from tests.api.pages.test_standing import HAZARD, LABEL, WEIGHED, plain, plan_signed
from tests.api.serving import Served
from tests.api.test_evidence import PDF
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("pages")


def test_a_recall_decision_shows_what_its_scope_leaves_out_and_what_is_new(
    served: Served, at: SignedIn
) -> None:
    number, chief = accepted(served), served.person("gao.yuan")
    done(served.person("pan.shu"), number, "investigation/evaluate_hazard", **HAZARD)
    why = {"left_out": ["thistledown"], "left_out_why": "It never opened the parcels."}
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE, **why)
    form = plain(at("gao.yuan").open(f"/incidents/{number}/recall/decide_recall"))
    left = "Left out of the scope Consignees Thistledown Chemists Ltd Why It never opened"
    unknown = "What nobody knows yet DC2603A: not given: "
    assert left in form
    assert unknown in form
    assert "New since this was proposed" not in form
    decision = {"action": "recall", "depth": "consumer", **WEIGHED}
    done(chief, number, "recall/decide_recall", **decision)
    sign = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    assert left in sign
    assert unknown in sign
    assert "New since this was proposed" not in sign
    done(chief, number, "recall/widen_scope", **{**SCOPE, "markets": ["CN", "US"]})
    page = plain(at("lin.wei").open(f"/incidents/{number}"))
    assert "New since this was proposed The scope was set anew" in page


def test_a_completion_shows_what_is_open_in_its_market(served: Served, at: SignedIn) -> None:
    number = plan_signed(served)
    address = f"/incidents/{number}"
    done(served.person("gao.yuan"), number, "recall/CN/complete_recall", reason="Nothing more.")
    form = plain(at("gao.yuan").open(f"{address}/recall/CN/complete_recall"))
    told = r"What is still open China Consignees here: \d+\. .* Not every consignee was told\."
    for seen in (form, plain(at("bai.lu").open(f"{address}/people/A3/sign_act"))):
        assert re.search(told, seen)
        assert "Units nobody can account for, all markets together" in seen


def test_a_closing_shows_what_stays_open(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), answers=LABEL)
    done(served.person("gao.yuan"), number, "report/accept_report")
    fix = {"owner": "qiu.ning", "title": "Look at the printer", "kind": "corrective",
               "due_on": "2027-06-01", "test": "No label is crooked."}  # fmt: skip
    done(served.person("qiu.ning"), number, "review/assign_action", **fix)
    closing = {"summary": "A label was crooked.", "reason_for_open_items": "It is in hand."}
    done(served.person("gao.yuan"), number, "review/close_incident", **closing)
    sign = plain(at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act"))
    assert "May stay open, with a reason" in sign
    assert "(Look at the printer) is not verified" in sign
    clocks = sign.split("Clocks that stop with it")[1].split("Left open where")[0]
    assert "Close the incident" not in clocks


def test_a_closing_names_units_that_nobody_accounts_for_on_its_form_and_to_whoever_signs(
    served: Served, at: SignedIn
) -> None:
    number = plan_signed(served)
    row = {"lot": "DC2603A", "received": 60, "sold_on": 45}
    answer = {"lots": [row], "proof": "Told by telephone."}
    done(served.person("cheng.bo"), number, "recall/hemu/answer_as_consignee", **answer)
    page = plain(at("gao.yuan").open(f"/incidents/{number}/review/close_incident"))
    assert "received 60 units of lot DC2603A and does not say where 15 of them are" in page
    assert "hemu received" not in page


def test_a_corrected_disposal_shows_the_old_figure_beside_the_new(
    served: Served, at: SignedIn
) -> None:
    number, quality = plan_signed(served), served.person("lin.wei")
    done(served.person("cheng.bo"), number, "recall/receive_goods", **CAME_IN)
    paper = quality.client.post("/api/blobs", content=PDF).json()["id"]
    gone = {
        "lots": [{"lot": "DC2603A", "units": 20}],
        "method": "destroyed",
        "place": "Kiln 2",
        "witnesses": ["fang.zheng"],
        "certificate": paper,
        "samples_kept": True,
    }
    done(quality, number, "recall/dispose_goods", **gone)
    paper_of = at("fang.zheng").open(f"/incidents/{number}/people/A3/sign_act")
    assert ("Open: The certificate, as a file", f"/api/blobs/{paper}") in paper_of.links
    done(served.person("fang.zheng"), number, "people/A3/sign_act")
    wrong = {"lots": [{"lot": "DC2603A", "units": 2}], "reason": "A nought too many."}
    done(quality, number, "recall/1/correct_disposal", **wrong)
    sign = plain(at("fang.zheng").open(f"/incidents/{number}/people/A4/sign_act"))
    titles = "Lot number Units as they stand Units by this correction"
    assert f"{titles} DC2603A 20 2" in sign
    done(served.person("fang.zheng"), number, "people/A4/sign_act")
    again = {"lots": [{"lot": "DC2603A", "units": 5}], "reason": "Three stood behind the kiln."}
    done(quality, number, "recall/1/correct_disposal", **again)
    done(served.person("fang.zheng"), number, "people/A5/sign_act")
    page = plain(at("lin.wei").open(f"/incidents/{number}/recall"))
    order = ["First signed: DC2603A: 20 units", "A nought too many.", "Three stood behind"]
    told = page[page.index("Disposals") :]
    assert [told.index(one) for one in order] == sorted(told.index(one) for one in order)


def test_a_corrected_count_shows_whose_goods_where_and_both_numbers(
    served: Served, at: SignedIn
) -> None:
    number, supply = plan_signed(served), served.person("cheng.bo")
    done(supply, number, "recall/receive_goods", **CAME_IN)
    state = supply.get(f"/api/incidents/{number}").json()["state"]
    count = state["recall"]["counts"][0]["id"]
    again = {"counted_by": "cheng.bo", "counted_again_by": "qiu.ning"}
    wrong = {"units": 3, "reason": "A nought too many.", **again}
    done(supply, number, f"recall/{count}/correct_count", **wrong)
    sign = plain(at("qiu.ning").open(f"/incidents/{number}/people/A3/sign_act"))
    titles = "Lot number Where from? Place Units as they stand Units by this correction"
    assert re.search(f"{re.escape(titles)} DC2603A [^0-9]*Hall 3 30 3", sign)


def test_a_link_shows_what_the_other_incident_is_about(served: Served, at: SignedIn) -> None:
    goods = {"products": ["brook-shampoo"], "lots": ["BS2601A"]}
    target, number = (reported(served.person("an.qi"), answers=LABEL, **goods) for _ in range(2))
    done(served.person("gao.yuan"), target, "report/accept_report")
    done(served.person("gao.yuan"), target, "halt/order_halt", level="H1", reason="To be safe.")
    same = {"incident": target, "reason": "The same bottle, told by two people."}
    done(served.person("gao.yuan"), number, "report/link_report", **same)
    page = at("lin.wei").open(f"/incidents/{number}/people/A1/sign_act")
    text = plain(page)
    told = text[text.index("The incident it would belong to") :][:400]
    for said in (f"{target}: ", "lot BS2601A", "Grade: Minor", "Stopped there: "):
        assert said in told
    assert (f"Go to {target}", f"/incidents/{target}") in page.links
